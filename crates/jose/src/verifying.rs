//! Keys that verify.

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    hmac,
    signature::{ED25519, ParsedPublicKey},
};

use crate::{Algorithm, Error, Jwk, PublicKey, Result, algorithm::Scheme, signing::hmac_key};

/// A public key or secret bound to one algorithm, parsed once. A token that names another algorithm is refused
/// before its signature is looked at. Cloning is cheap; `Debug` shows `alg` and `kid` only.
///
/// ```
/// use cloakroom_jose::{Algorithm, Error, SigningKey, VerifyingKey, verify};
/// # fn main() -> cloakroom_jose::Result<()> {
/// let secret = b"a secret of thirty-two octets...";
/// let token = SigningKey::from_secret(Algorithm::HS256, secret)?.sign(&serde_json::json!({}))?;
/// assert!(verify(&token, &VerifyingKey::from_secret(Algorithm::HS256, secret)?).is_ok());
/// let other = VerifyingKey::from_secret(Algorithm::HS512, secret)?;
/// assert_eq!(verify(&token, &other).err(), Some(Error::AlgorithmMismatch));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct VerifyingKey {
    alg: Algorithm,
    kid: Option<String>,
    verifier: Verifier,
}

#[derive(Clone)]
pub(crate) enum Verifier {
    Public(ParsedPublicKey),
    Secret(Arc<hmac::Key>),
}

impl VerifyingKey {
    /// Binds a public key to an algorithm of its kind (and, for ECDSA, of its curve).
    pub fn new(alg: Algorithm, key: &PublicKey) -> Result<VerifyingKey> {
        key.suits(alg)?;
        let parsed = match alg.scheme() {
            Scheme::Rsa(_, parameters) => ParsedPublicKey::new(parameters, key.spki_der()),
            Scheme::Ecdsa(curve) => ParsedPublicKey::new(curve.verification(), key.spki_der()),
            Scheme::Ed25519 => ParsedPublicKey::new(&ED25519, key.spki_der()),
            Scheme::Hmac(_) => return Err(Error::InvalidKey("of another kind than the algorithm needs")),
        };
        let parsed = parsed.map_err(|_| Error::InvalidKey("not a public key"))?;
        Ok(VerifyingKey::of(alg, Verifier::Public(parsed)))
    }

    /// Binds a secret to HS256, HS384 or HS512.
    ///
    /// RFC 7518 (3.2) wants as many bytes as the hash has: 32, 48 or 64. Client secrets, with which a
    /// `client_secret_jwt` is made, are chosen freely in Keycloak and often shorter, so that only an empty one is
    /// refused here. Make own keys with [`crate::Secret::generate`].
    pub fn from_secret(alg: Algorithm, secret: &[u8]) -> Result<VerifyingKey> {
        Ok(VerifyingKey::of(alg, Verifier::Secret(hmac_key(alg, secret)?)))
    }

    /// Binds a JWK to the algorithm it names in `alg`. One without `alg` is bound to the only algorithm of its kind,
    /// which RSA does not have: use [`PublicKey::from_jwk`] and say which. Keeps the `kid`. A key that is not for
    /// verifying (`use`, `key_ops`) is refused.
    pub fn from_jwk(jwk: &Jwk) -> Result<VerifyingKey> {
        let mut keys = VerifyingKey::all_of_jwk(jwk)?;
        match (keys.pop(), keys.is_empty()) {
            (Some(key), true) => Ok(key),
            _ => Err(Error::InvalidKey("the JWK does not say its algorithm")),
        }
    }

    /// One key for each algorithm that a JWK allows: the one it names, else all of its kind.
    pub(crate) fn all_of_jwk(jwk: &Jwk) -> Result<Vec<VerifyingKey>> {
        if !jwk.may_verify() {
            return Err(Error::InvalidKey("the JWK is not for verifying"));
        }
        let public = PublicKey::from_jwk(jwk)?;
        let algorithms = match &jwk.alg {
            Some(name) => vec![name.parse()?],
            None => public.algorithms().collect(),
        };
        let keys = algorithms.into_iter().map(|alg| {
            let key = VerifyingKey::new(alg, &public)?;
            Ok(VerifyingKey { kid: jwk.kid.clone(), ..key })
        });
        keys.collect()
    }

    pub(crate) fn of(alg: Algorithm, verifier: Verifier) -> VerifyingKey {
        VerifyingKey { alg, kid: None, verifier }
    }

    /// Sets the `kid` by which a [`crate::KeySet`] finds it.
    pub fn with_kid(mut self, kid: impl Into<String>) -> VerifyingKey {
        self.kid = Some(kid.into());
        self
    }

    pub fn algorithm(&self) -> Algorithm {
        self.alg
    }

    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    pub(crate) fn check(&self, message: &[u8], signature: &[u8]) -> Result<()> {
        match &self.verifier {
            Verifier::Public(key) => key.verify_sig(message, signature),
            Verifier::Secret(key) => hmac::verify(key, message, signature),
        }
        .map_err(|_| Error::Signature)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey").field("alg", &self.alg).field("kid", &self.kid).finish_non_exhaustive()
    }
}
