//! A shared secret: octets for HMAC.

use std::fmt;

use zeroize::Zeroizing;

use crate::{Error, Jwk, PrivateJwk, Result, base64, hash};

/// Octets that must stay secret. Wiped on drop, redacted in `Debug`, not comparable.
///
/// ```
/// use cloakroom_jose::{Algorithm, Secret, SigningKey};
/// # fn main() -> cloakroom_jose::Result<()> {
/// let secret = Secret::generate(64)?;
/// let key = SigningKey::from_secret(Algorithm::HS512, secret.as_bytes())?;
/// assert_eq!(Secret::from_base64url(&secret.to_base64url())?.as_bytes(), secret.as_bytes());
/// assert_eq!(format!("{secret:?}"), "Secret(64 bytes)");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Draws `len` random bytes. Keycloak's sizes: 64 for HS256 and HS384, 128 for HS512, 16 for AES.
    pub fn generate(len: usize) -> Result<Secret> {
        let mut bytes = Zeroizing::new(vec![0; len]);
        aws_lc_rs::rand::fill(&mut bytes)?;
        Ok(Secret(bytes))
    }

    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Secret {
        Secret(Zeroizing::new(bytes.into()))
    }

    /// Reads base64url without padding, the form of a JWK's `k` and of `secret` in Keycloak's key components.
    pub fn from_base64url(text: &str) -> Result<Secret> {
        base64::decode(text.as_bytes()).map(Secret::from_bytes).ok_or(Error::InvalidKey("not base64url"))
    }

    /// Reads an `oct` JWK.
    pub fn from_jwk(jwk: &PrivateJwk) -> Result<Secret> {
        if jwk.public.kty != "oct" {
            return Err(Error::InvalidKey("not a symmetric key"));
        }
        let k = jwk.k.as_ref().ok_or(Error::InvalidKey("the JWK lacks k"))?;
        Secret::from_base64url(k)
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn to_base64url(&self) -> Zeroizing<String> {
        Zeroizing::new(base64::encode(&self.0))
    }

    pub fn to_jwk(&self) -> PrivateJwk {
        PrivateJwk { public: Jwk::of("oct"), k: Some(self.to_base64url()), ..PrivateJwk::default() }
    }

    /// The RFC 7638 thumbprint. It lets a weak secret be guessed offline: give it to nobody outside.
    pub fn thumbprint(&self) -> String {
        let json = Zeroizing::new(format!(r#"{{"k":"{}","kty":"oct"}}"#, *self.to_base64url()));
        hash::sha256(json.as_bytes())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.0.len())
    }
}
