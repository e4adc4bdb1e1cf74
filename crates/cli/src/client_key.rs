//! The key that a client signs with to prove who it is (`private_key_jwt`).

use std::path::PathBuf;

use cloakroom::jose::{Algorithm, PrivateKey, SigningKey};
use cloakroom::{ClientAuth, Secret};
use serde::{Deserialize, Serialize};

use crate::ask::ask;
use crate::failure::{Failure, Result};
use crate::keystore;

/// Where the key is, and how it signs. This is kept in a session; the key and its password are not.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClientKey {
    pub(crate) file: PathBuf,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) alias: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) kid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) algorithm: Option<String>,
    #[serde(skip)]
    pub(crate) password: Option<Secret>,
}

/// Those that a key signs by unless it is told otherwise: RSA, then each curve.
const USUAL: [Algorithm; 5] =
    [Algorithm::RS256, Algorithm::ES256, Algorithm::ES384, Algorithm::ES512, Algorithm::EdDSA];

impl ClientKey {
    pub(crate) fn auth(&self) -> Result<ClientAuth> {
        Ok(ClientAuth::private_key_jwt(self.signing_key()?))
    }

    /// Asks for the file's password where it needs one that is not known.
    pub(crate) fn signing_key(&self) -> Result<SigningKey> {
        let asked;
        let password = match &self.password {
            None if keystore::is_locked(&self.file)? => {
                asked = match std::env::var("KEYCLOAK_CLIENT_KEY_PASSWORD") {
                    Ok(password) => password.into(),
                    Err(_) => ask(&format!("Password of {}: ", self.file.display()), "--client-key-password")?,
                };
                Some(&asked)
            }
            known => known.as_ref(),
        };
        let key = keystore::private_key(&self.file, password, self.alias.as_deref())?;
        let key = self.bound(&key)?;
        Ok(self.kid.iter().fold(key, SigningKey::with_kid))
    }

    fn bound(&self, key: &PrivateKey) -> Result<SigningKey> {
        let shown = self.file.display();
        let Some(name) = &self.algorithm else {
            let found = USUAL.into_iter().find_map(|alg| SigningKey::new(alg, key).ok());
            return found.ok_or_else(|| Failure::Usage(format!("{shown}: no algorithm signs with such a key")));
        };
        let alg: Algorithm =
            name.parse().map_err(|_| Failure::Usage(format!("--client-key-alg {name}: try RS256, PS256 or ES256")))?;
        SigningKey::new(alg, key).map_err(|e| Failure::Usage(format!("{shown} does not suit {name}: {e}")))
    }
}
