//! Passwords that an import brings in clear: hashed before anything is written.

use crate::{App, Result, error};
use argon2::{Algorithm, Argon2, Params, Version};
use cloakroom_api::admin::users::User;
use data_encoding::BASE64;

/// Keycloak's defaults for Argon2id.
const MEMORY: u32 = 7168;
const PASSES: u32 = 5;
const LENGTH: usize = 32;

/// Replaces plain passwords by their hashes, and notes those that are to be changed at the next login.
pub(super) fn hash(app: &App, user: &mut User) -> Result<()> {
    for credential in user.credentials.iter_mut().flatten() {
        let Some(plain) = credential.value.take() else { continue };
        let salt = app.random.bytes::<16>();
        let params = Params::new(MEMORY, PASSES, 1, Some(LENGTH)).map_err(|e| error::internal(e.to_string()))?;
        let hashed = app.hasher.run(|memory| {
            memory.resize(params.block_count(), argon2::Block::new());
            let mut out = [0; LENGTH];
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                .hash_password_into_with_memory(plain.expose().as_bytes(), &salt, &mut out, memory)
                .map_err(|e| error::internal(e.to_string()))?;
            Ok(out)
        })?;
        let secret = serde_json::json!({
            "value": BASE64.encode(&hashed), "salt": BASE64.encode(&salt), "additionalParameters": {},
        });
        let data = serde_json::json!({
            "hashIterations": PASSES, "algorithm": "argon2", "additionalParameters": {
                "hashLength": ["32"], "memory": ["7168"], "type": ["id"], "version": ["1.3"], "parallelism": ["1"],
            },
        });
        credential.secret_data = Some(secret.to_string().into());
        credential.credential_data = Some(data.to_string());
        if credential.temporary == Some(true) {
            let actions = user.required_actions.get_or_insert_default();
            if !actions.iter().any(|a| a == "UPDATE_PASSWORD") {
                actions.push("UPDATE_PASSWORD".to_owned());
            }
        }
    }
    Ok(())
}
