//! PEM armour (RFC 7468), and the bare base64 that Keycloak keeps in its component configuration.

use zeroize::Zeroizing;

use crate::{Error, Result, base64};

const MAX_TEXT: usize = 64 * 1024;

/// Key text, taken out of its armour. `label` is `None` for bare base64: the DER itself must tell what it is.
pub(crate) struct Block {
    pub(crate) label: Option<String>,
    pub(crate) der: Zeroizing<Vec<u8>>,
}

/// Reads the first block that is a key (`EC PARAMETERS` may stand before it), or bare base64. Line breaks are free:
/// values pasted into one line are common.
pub(crate) fn parse(text: &str) -> Result<Block> {
    if text.len() > MAX_TEXT {
        return Err(Error::TooLarge);
    }
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let (label, after) = after.split_once("-----").ok_or(Error::InvalidKey("broken PEM armour"))?;
        let (body, after) =
            after.split_once(&format!("-----END {label}-----")).ok_or(Error::InvalidKey("broken PEM armour"))?;
        if label == "EC PARAMETERS" {
            rest = after;
            continue;
        }
        if label == "ENCRYPTED PRIVATE KEY" || body.contains("Proc-Type") {
            return Err(Error::InvalidKey("the key is encrypted"));
        }
        return Ok(Block { label: Some(label.to_owned()), der: decode(body)? });
    }
    if text.contains("-----") {
        return Err(Error::InvalidKey("broken PEM armour"));
    }
    Ok(Block { label: None, der: decode(text)? })
}

fn decode(body: &str) -> Result<Zeroizing<Vec<u8>>> {
    let der = base64::decode_pasted(body).ok_or(Error::InvalidKey("not base64"))?;
    if der.is_empty() { Err(Error::InvalidKey("empty")) } else { Ok(Zeroizing::new(der)) }
}

/// Puts DER into armour, 64 characters a line.
pub(crate) fn encode(label: &str, der: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(data_encoding::BASE64.encode(der));
    let mut pem = Zeroizing::new(String::with_capacity(body.len() + body.len() / 64 + 2 * label.len() + 40));
    pem.push_str("-----BEGIN ");
    pem.push_str(label);
    pem.push_str("-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END ");
    pem.push_str(label);
    pem.push_str("-----\n");
    pem
}
