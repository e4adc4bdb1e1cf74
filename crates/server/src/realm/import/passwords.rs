//! Passwords that an import brings in clear: hashed before anything is written.

use crate::{
    App, Result,
    password::{Policy, hash::Hash},
};
use cloakroom_api::admin::users::User;

/// Replaces plain passwords by their hashes, and notes those that are to be changed at the next login. What the policy
/// demands of new passwords is not asked: an import takes what there is.
pub(super) fn hash(app: &App, policy: &Policy, user: &mut User) -> Result<()> {
    for credential in user.credentials.iter_mut().flatten() {
        let Some(plain) = credential.value.take() else { continue };
        let salt = app.random.bytes();
        let hash = app.hasher.run(|memory| Hash::new(policy.algorithm(), salt, memory, plain.expose()))?;
        credential.secret_data = Some(hash.secret_data()?);
        credential.credential_data = Some(hash.credential_data()?);
        if credential.temporary == Some(true) {
            let actions = user.required_actions.get_or_insert_default();
            if !actions.iter().any(|a| a == "UPDATE_PASSWORD") {
                actions.push("UPDATE_PASSWORD".to_owned());
            }
        }
    }
    Ok(())
}
