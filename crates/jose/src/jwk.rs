//! JSON Web Keys as data (RFC 7517): the public members apart from the private ones, so that a set that is
//! published cannot hold a secret.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

/// The public members of a JWK. Reading a private JWK into this drops its secrets.
///
/// Every member is text as it came; [`crate::PublicKey::from_jwk`] judges it.
///
/// ```
/// use cloakroom_jose::{Jwk, PublicKey};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let jwk: Jwk = serde_json::from_str(
///     r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","use":"sig"}"#,
/// )?;
/// assert_eq!(PublicKey::from_jwk(&jwk)?.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// `RSA`, `EC`, `OKP` or `oct`.
    pub kty: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// `sig` or `enc`.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub use_: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_ops: Option<Vec<String>>,
    /// The certificate chain, each in base64 (not base64url) of DER. Never used to verify.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x5c: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x5t: Option<String>,
    #[serde(rename = "x5t#S256", skip_serializing_if = "Option::is_none")]
    pub x5t_s256: Option<String>,
    /// RSA modulus.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// RSA public exponent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e: Option<String>,
    /// `P-256`, `P-384`, `P-521` or `Ed25519`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
}

impl Jwk {
    pub(crate) fn of(kty: &str) -> Jwk {
        Jwk { kty: kty.to_owned(), ..Jwk::default() }
    }

    /// Whether the key's owner allows it for verifying signatures: by `use` and `key_ops`, where they are given.
    pub fn may_verify(&self) -> bool {
        self.use_.as_deref().is_none_or(|u| u == "sig")
            && self.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"))
    }
}

/// A whole JWK with its secret members. `Debug` shows the public ones only; the rest is wiped on drop.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct PrivateJwk {
    #[serde(flatten)]
    pub public: Jwk,
    /// The private exponent (RSA), scalar (EC) or seed (OKP).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub d: Option<Zeroizing<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p: Option<Zeroizing<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<Zeroizing<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dp: Option<Zeroizing<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dq: Option<Zeroizing<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qi: Option<Zeroizing<String>>,
    /// The octets of a symmetric key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub k: Option<Zeroizing<String>>,
}

impl fmt::Debug for PrivateJwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateJwk").field("public", &self.public).finish_non_exhaustive()
    }
}

/// A JWK set (RFC 7517, 5) as served at `/protocol/openid-connect/certs`. To verify with it, make a
/// [`crate::KeySet`].
///
/// Entries that cannot be read as a JWK are left out, as the RFC asks; a `keys` that is no list is an error.
///
/// ```
/// use cloakroom_jose::JwkSet;
/// let set: JwkSet = serde_json::from_str(r#"{"keys":[{"kty":"future","a":1},{"no":"kty"},7]}"#).unwrap();
/// assert_eq!(set.keys.len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwkSet {
    #[serde(deserialize_with = "readable")]
    pub keys: Vec<Jwk>,
}

fn readable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Jwk>, D::Error> {
    let entries = Vec::<Value>::deserialize(deserializer)?;
    Ok(entries.into_iter().filter_map(|entry| serde_json::from_value(entry).ok()).collect())
}
