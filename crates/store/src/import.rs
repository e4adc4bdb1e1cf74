//! Statements that only an import runs.

use crate::{Db, Result, params};

/// Lets a client's tokens carry a role.
pub fn map_client_scope(db: &mut Db, client: &str, role: &str) -> Result<()> {
    let sql = "INSERT INTO client_scope_mapping (client, role) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    db.execute(sql, params![client, role]).map(drop)
}

/// Lets tokens with a client scope carry a role.
pub fn map_scope(db: &mut Db, scope: &str, role: &str) -> Result<()> {
    let sql = "INSERT INTO scope_scope_mapping (scope, role) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    db.execute(sql, params![scope, role]).map(drop)
}

/// Links a user with an account at an identity provider.
pub fn link(db: &mut Db, user: &str, provider: &str, user_id: &str, username: Option<&str>) -> Result<()> {
    db.execute(
        "INSERT INTO federated_identity (user_account, provider, user_id, username) VALUES (?1, ?2, ?3, ?4)",
        params![user, provider, user_id, username],
    )?;
    Ok(())
}

/// Records what a user consented to for a client: ids of client scopes.
pub fn consent(db: &mut Db, user: &str, client: &str, scopes: &[String], created: i64, updated: i64) -> Result<()> {
    db.execute(
        "INSERT INTO user_consent (user_account, client, scopes, created, updated) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![user, client, serde_json::to_string(scopes)?, created, updated],
    )?;
    Ok(())
}
