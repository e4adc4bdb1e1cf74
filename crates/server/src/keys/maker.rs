//! Where new key pairs come from: made fresh, or shared among the realms of a test, since an RSA key takes a tenth of a second.

use crate::Result;
use cloakroom_jose::{KeySpec, PrivateKey};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// The source of key pairs.
#[derive(Clone)]
pub enum KeyMaker {
    /// A new pair each time.
    Fresh,
    /// One pair a kind, for tests.
    Shared(Arc<Mutex<HashMap<&'static str, String>>>),
}

impl KeyMaker {
    /// A source that makes each kind once.
    pub fn shared() -> Self {
        KeyMaker::Shared(Arc::default())
    }

    /// A key pair. For RSA this takes a tenth of a second and more.
    pub fn pair(&self, spec: KeySpec) -> Result<PrivateKey> {
        let KeyMaker::Shared(made) = self else { return Ok(PrivateKey::generate(spec)?) };
        let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
        let name = match spec {
            KeySpec::Rsa2048 => "rsa2048",
            KeySpec::P256 => "p256",
            KeySpec::Ed25519 => "ed25519",
            _ => return Ok(PrivateKey::generate(spec)?),
        };
        if let Some(pem) = made.get(name) {
            return Ok(PrivateKey::from_pem(pem)?);
        }
        let key = PrivateKey::generate(spec)?;
        made.insert(name, key.to_pem()?.to_string());
        Ok(key)
    }
}
