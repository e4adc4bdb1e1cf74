//! SHA-256, and the half hash that binds a token to another.

use aws_lc_rs::digest;

use crate::{Algorithm, base64};

/// base64url of SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    base64::encode(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// `at_hash`, `c_hash` or `s_hash`: the left half of the value's digest, in base64url (OpenID Connect Core, 3.1.3.6).
/// `alg` is that of the ID token; EdDSA takes SHA-512.
///
/// ```
/// use cloakroom_jose::{Algorithm, half_hash};
/// // the example of OpenID Connect Core, A.3
/// let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
/// assert_eq!(half_hash(Algorithm::RS256, access_token), "77QmUPtjPfzWtF2AnpK9RQ");
/// ```
pub fn half_hash(alg: Algorithm, value: &str) -> String {
    let hash = digest::digest(alg.digest(), value.as_bytes());
    let bytes = hash.as_ref();
    base64::encode(&bytes[..bytes.len() / 2])
}
