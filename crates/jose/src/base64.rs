//! base64url without padding (RFC 7515, 2), and the forgiving base64 of PEM.

use data_encoding::{BASE64, BASE64URL_NOPAD};

pub(crate) fn encode(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// Strict: no padding, no white space, no stray bits at the end. A value has exactly one encoding, so a token
/// cannot be varied without breaking it.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text).ok()
}

/// The standard alphabet, with any white space and with or without padding, as people paste it.
pub(crate) fn decode_pasted(text: &str) -> Option<Vec<u8>> {
    let mut packed: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    while packed.last() == Some(&b'=') {
        packed.pop();
    }
    let padding = packed.len().next_multiple_of(4) - packed.len();
    packed.extend(std::iter::repeat_n(b'=', padding));
    let decoded = BASE64.decode(&packed).ok();
    zeroize::Zeroize::zeroize(&mut packed);
    decoded
}
