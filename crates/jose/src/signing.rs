//! Keys that sign.

use std::{fmt, sync::Arc};

use aws_lc_rs::{hmac, rand::SystemRandom};
use serde::Serialize;

use crate::{
    Algorithm, Error, Header, Jwk, PrivateKey, Result, VerifyingKey, algorithm::Scheme, jws, private_key::Pair,
    verifying::Verifier,
};

/// A key pair or secret bound to one algorithm, parsed once. Cloning is cheap; `Debug` shows `alg` and `kid` only.
///
/// ```
/// use cloakroom_jose::{Algorithm, KeySpec, PrivateKey, SigningKey};
/// # fn main() -> cloakroom_jose::Result<()> {
/// let private = PrivateKey::generate(KeySpec::Rsa2048)?;
/// let key = SigningKey::new(Algorithm::PS256, &private)?.with_kid(private.public().key_id());
/// let token = key.sign(&serde_json::json!({ "sub": "alice" }))?;
/// assert!(SigningKey::new(Algorithm::ES256, &private).is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SigningKey {
    alg: Algorithm,
    kid: Option<String>,
    signer: Signer,
}

#[derive(Clone)]
enum Signer {
    Private(PrivateKey),
    Secret(Arc<hmac::Key>),
}

impl SigningKey {
    /// Binds a key pair to an algorithm of its kind (and, for ECDSA, of its curve).
    pub fn new(alg: Algorithm, key: &PrivateKey) -> Result<SigningKey> {
        key.public().suits(alg)?;
        Ok(SigningKey { alg, kid: None, signer: Signer::Private(key.clone()) })
    }

    /// Binds a secret to HS256, HS384 or HS512. See [`VerifyingKey::from_secret`] about its length.
    pub fn from_secret(alg: Algorithm, secret: &[u8]) -> Result<SigningKey> {
        Ok(SigningKey { alg, kid: None, signer: Signer::Secret(hmac_key(alg, secret)?) })
    }

    /// Sets the `kid` that tokens will carry.
    pub fn with_kid(mut self, kid: impl Into<String>) -> SigningKey {
        self.kid = Some(kid.into());
        self
    }

    pub fn algorithm(&self) -> Algorithm {
        self.alg
    }

    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// A header for this key: its `alg` and `kid`, and `typ` `JWT`.
    pub fn header(&self) -> Header {
        Header { kid: self.kid.clone(), typ: Some("JWT".to_owned()), ..Header::new(self.alg) }
    }

    /// Signs claims under [`SigningKey::header`]. For another header, see [`crate::sign`].
    pub fn sign(&self, claims: &impl Serialize) -> Result<String> {
        jws::sign(&self.header(), claims, self)
    }

    /// The key that verifies what this one signs, with the same `kid`.
    pub fn verifying_key(&self) -> Result<VerifyingKey> {
        let key = match &self.signer {
            Signer::Private(key) => VerifyingKey::new(self.alg, key.public())?,
            Signer::Secret(key) => VerifyingKey::of(self.alg, Verifier::Secret(key.clone())),
        };
        Ok(match &self.kid {
            Some(kid) => key.with_kid(kid),
            None => key,
        })
    }

    /// The public JWK to publish, with `kid`, `alg` and `use`; `None` for a secret.
    pub fn public_jwk(&self) -> Option<Jwk> {
        let Signer::Private(key) = &self.signer else { return None };
        Some(Jwk {
            kid: self.kid.clone(),
            alg: Some(self.alg.name().to_owned()),
            use_: Some("sig".to_owned()),
            ..key.public().to_jwk()
        })
    }

    pub(crate) fn signature(&self, message: &[u8]) -> Result<Vec<u8>> {
        let private = match &self.signer {
            Signer::Secret(key) => return Ok(hmac::sign(key, message).as_ref().to_vec()),
            Signer::Private(key) => &key.pair,
        };
        match (private, self.alg.scheme()) {
            (Pair::Rsa(pair), Scheme::Rsa(padding, _)) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &SystemRandom::new(), message, &mut signature)?;
                Ok(signature)
            }
            (Pair::Ec(_, pair), Scheme::Ecdsa(_)) => Ok(pair.sign(&SystemRandom::new(), message)?.as_ref().to_vec()),
            (Pair::Ed25519(pair), Scheme::Ed25519) => Ok(pair.try_sign(message)?.as_ref().to_vec()),
            _ => Err(Error::AlgorithmMismatch),
        }
    }
}

pub(crate) fn hmac_key(alg: Algorithm, secret: &[u8]) -> Result<Arc<hmac::Key>> {
    let Scheme::Hmac(hash) = alg.scheme() else {
        return Err(Error::InvalidKey("of another kind than the algorithm needs"));
    };
    if secret.is_empty() {
        return Err(Error::WeakKey("the secret is empty"));
    }
    Ok(Arc::new(hmac::Key::new(hash, secret)))
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("alg", &self.alg).field("kid", &self.kid).finish_non_exhaustive()
    }
}
