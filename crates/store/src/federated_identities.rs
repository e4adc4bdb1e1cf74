//! Links between users and their accounts at identity providers.

use crate::{Db, Result, params};
use cloakroom_api::admin::users::FederatedIdentity;

/// A user's links, by the alias of the provider.
pub fn list(db: &mut Db, user: &str) -> Result<Vec<FederatedIdentity>> {
    db.query(
        "SELECT provider, user_id, username FROM federated_identity WHERE user_account = ?1 ORDER BY provider",
        params![user],
        |row| {
            Ok(FederatedIdentity {
                identity_provider: Some(row.text(0)?),
                user_id: Some(row.text(1)?),
                user_name: row.opt_text(2)?,
            })
        },
    )
}

/// Links a user. A conflict means that the user has a link with this provider.
pub fn insert(db: &mut Db, user: &str, provider: &str, user_id: &str, username: Option<&str>) -> Result<()> {
    db.execute(
        "INSERT INTO federated_identity (user_account, provider, user_id, username) VALUES (?1, ?2, ?3, ?4)",
        params![user, provider, user_id, username],
    )?;
    Ok(())
}

/// Removes a link.
pub fn delete(db: &mut Db, user: &str, provider: &str) -> Result<bool> {
    let sql = "DELETE FROM federated_identity WHERE user_account = ?1 AND provider = ?2";
    Ok(db.execute(sql, params![user, provider])? == 1)
}
