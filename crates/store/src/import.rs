//! Statements of an import that other changes do not need, or need with checks of their own.

use crate::{Db, Result, fold, params};
use cloakroom_api::fields::Attributes;

/// Adds a group below a parent; `""` is the top. A conflict means that its id or its name there is taken.
pub fn add_group(
    db: &mut Db,
    realm: &str,
    id: &str,
    parent: &str,
    name: &str,
    description: Option<&str>,
    attributes: &Attributes,
) -> Result<()> {
    db.execute(
        "INSERT INTO user_group (id, realm, parent, name, name_folded, description) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![id, realm, parent, name, fold(name), description],
    )?;
    for (name, values) in attributes.iter() {
        for (position, value) in (0i64..).zip(values) {
            db.execute(
                "INSERT INTO group_attribute (user_group, name, position, value) VALUES (?1, ?2, ?3, ?4)",
                params![id, name, position, value],
            )?;
        }
    }
    Ok(())
}

/// Gives a group's members a role.
pub fn add_group_role(db: &mut Db, group: &str, role: &str) -> Result<()> {
    let sql = "INSERT INTO group_role (user_group, role) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    db.execute(sql, params![group, role]).map(drop)
}

/// Lets new users of the realm join a group.
pub fn add_default_group(db: &mut Db, realm: &str, group: &str) -> Result<()> {
    let sql = "INSERT INTO realm_default_group (realm, user_group) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    db.execute(sql, params![realm, group]).map(drop)
}

/// Lets a user join a group.
pub fn join(db: &mut Db, user: &str, group: &str) -> Result<()> {
    let sql = "INSERT INTO group_member (user_account, user_group) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    db.execute(sql, params![user, group]).map(drop)
}

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

/// A credential as an import brings it.
#[derive(Debug)]
pub struct Credential<'a> {
    /// The id.
    pub id: &'a str,
    /// `password`, `otp`, …
    pub kind: &'a str,
    /// What the user calls it.
    pub label: Option<&'a str>,
    /// In milliseconds.
    pub created: Option<i64>,
    /// The smallest is offered first.
    pub priority: i64,
    /// JSON with the secret.
    pub secret_data: &'a str,
    /// JSON with its parameters.
    pub credential_data: &'a str,
}

/// Adds a credential to a user.
pub fn add_credential(db: &mut Db, user: &str, credential: &Credential<'_>) -> Result<()> {
    db.execute(
        "INSERT INTO credential (id, user_account, type, label, created, priority, secret_data, credential_data)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            credential.id,
            user,
            credential.kind,
            credential.label,
            credential.created,
            credential.priority,
            credential.secret_data,
            credential.credential_data
        ],
    )?;
    Ok(())
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

/// The id of a group by its name below a parent; `""` is the top.
pub fn group_named(db: &mut Db, realm: &str, parent: &str, name: &str) -> Result<Option<String>> {
    let sql = "SELECT id FROM user_group WHERE realm = ?1 AND parent = ?2 AND name = ?3";
    db.query_opt(sql, params![realm, parent, name], |row| row.text(0))
}
