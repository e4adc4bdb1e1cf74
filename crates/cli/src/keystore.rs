//! Files that hold certificates and private keys: PEM, and PKCS12, in which Java keeps them.

use std::path::Path;

use cloakroom::Secret;
use cloakroom::jose::PrivateKey;
use data_encoding::BASE64;
use p12_keystore::Pkcs12Archive;

use crate::failure::{Failure, Result};
use crate::input;

enum Kept {
    Pem(String),
    Pkcs12(Vec<u8>),
}

fn read(file: &Path) -> Result<Kept> {
    let shown = file.display();
    let bytes = std::fs::read(file).map_err(|e| input::unreadable(file, &e))?;
    match bytes.first_chunk() {
        // told by what the file holds: keytool has written PKCS12 into files called `.jks` for years
        Some([0xfe, 0xed, 0xfe, 0xed] | [0xce, 0xce, 0xce, 0xce]) => Err(Failure::Usage(format!(
            "{shown} is a JKS keystore, which only Java reads: convert it with `keytool -importkeystore -srckeystore {shown} \
             -destkeystore store.p12 -deststoretype PKCS12`"
        ))),
        Some([0x30, ..]) => Ok(Kept::Pkcs12(bytes)),
        _ => String::from_utf8(bytes)
            .ok()
            .filter(|text| text.contains("-----BEGIN "))
            .map(Kept::Pem)
            .ok_or_else(|| Failure::Usage(format!("{shown} is neither PEM (\"-----BEGIN …\") nor PKCS12"))),
    }
}

/// Whether a file needs a password to be read.
pub(crate) fn is_locked(file: &Path) -> Result<bool> {
    Ok(matches!(read(file)?, Kept::Pkcs12(_)))
}

fn open(file: &Path, bytes: &[u8], password: Option<&Secret>) -> Result<Pkcs12Archive> {
    let password = password.map_or("", Secret::expose);
    Pkcs12Archive::from_pkcs12(bytes, password)
        .map_err(|e| Failure::Usage(format!("{} cannot be opened: is its password right? ({e})", file.display())))
}

/// The certificates in a file, as PEM.
pub(crate) fn certificates(file: &Path, password: Option<&Secret>) -> Result<String> {
    let archive = match read(file)? {
        Kept::Pem(text) => return Ok(text),
        Kept::Pkcs12(bytes) => open(file, &bytes, password)?,
    };
    let certificates: String = archive.certs.iter().map(|bag| pem("CERTIFICATE", bag.cert.as_der())).collect();
    if certificates.is_empty() {
        return Err(Failure::Usage(format!("{} holds no certificate", file.display())));
    }
    Ok(certificates)
}

/// The private key in a file; of several, that of the alias.
pub(crate) fn private_key(file: &Path, password: Option<&Secret>, alias: Option<&str>) -> Result<PrivateKey> {
    let shown = file.display();
    let bad = |e| Failure::Usage(format!("the private key in {shown} cannot be used: {e}"));
    let archive = match read(file)? {
        Kept::Pem(text) => return PrivateKey::from_pem(&text).map_err(bad),
        Kept::Pkcs12(bytes) => open(file, &bytes, password)?,
    };
    let named = |name: &Option<String>| match (name, alias) {
        // Java's aliases do not know case
        (Some(name), Some(alias)) => name.eq_ignore_ascii_case(alias),
        _ => false,
    };
    let found = archive.keys.iter().find(|bag| named(&bag.friendly_name));
    match (found, archive.keys.as_slice(), alias) {
        (Some(bag), ..) | (None, [bag], None) => PrivateKey::from_der(bag.key.as_der()).map_err(bad),
        (None, [], _) => Err(Failure::Usage(format!("{shown} holds no private key"))),
        (None, keys, _) => {
            let known: Vec<&str> = keys.iter().filter_map(|bag| bag.friendly_name.as_deref()).collect();
            let asked = alias.map(|alias| format!(" \"{alias}\"")).unwrap_or_default();
            Err(Failure::Usage(format!("{shown} holds no key{asked}: it has {}", known.join(", "))))
        }
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64.encode(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey as Pkcs8, PrivateKeyChain};

    fn store(name: &str) -> (std::path::PathBuf, String) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let mut store = KeyStore::new();
        let key = Pkcs8::from_der(&made.signing_key.serialize_der()).unwrap();
        let certificate = Certificate::from_der(made.cert.der()).unwrap();
        let chain = PrivateKeyChain::new("1", key, [certificate.clone()]);
        store.add_entry("robot", KeyStoreEntry::PrivateKeyChain(chain));
        let file = std::env::temp_dir().join(format!("cloakroom-keystore-{name}-{}", std::process::id()));
        std::fs::write(&file, store.writer("changeit").write().unwrap()).unwrap();
        (file, pem("CERTIFICATE", certificate.as_der()))
    }

    #[test]
    fn pkcs12_gives_its_certificates_and_keys() {
        let (file, certificate) = store("whole");
        let password = Secret::from("changeit");
        assert!(is_locked(&file).unwrap());
        assert_eq!(certificates(&file, Some(&password)).unwrap(), certificate);
        assert!(private_key(&file, Some(&password), Some("Robot")).is_ok());
        assert!(private_key(&file, Some(&password), None).is_ok());
        let e = private_key(&file, Some(&password), Some("other")).unwrap_err().to_string();
        assert!(e.contains("no key \"other\": it has robot"), "{e}");
        let e = certificates(&file, Some(&"wrong".into())).unwrap_err().to_string();
        assert!(e.contains("is its password right"), "{e}");
        std::fs::remove_file(file).ok();
    }

    #[test]
    fn what_is_no_keystore_is_told_so() {
        let file = std::env::temp_dir().join(format!("cloakroom-keystore-jks-{}", std::process::id()));
        std::fs::write(&file, [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2]).unwrap();
        let e = certificates(&file, None).unwrap_err().to_string();
        assert!(e.contains("JKS") && e.contains("-deststoretype PKCS12"), "{e}");
        std::fs::write(&file, "text").unwrap();
        assert!(is_locked(&file).unwrap_err().to_string().contains("neither PEM"));
        std::fs::remove_file(&file).unwrap();
        assert!(is_locked(&file).unwrap_err().to_string().contains("cannot be read"));
    }
}
