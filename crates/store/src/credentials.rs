//! Credentials of users, in the order in which they are offered.

use crate::{Db, Result, Row, params};
use cloakroom_api::fields::Secret;

/// The type of a password.
pub const PASSWORD: &str = "password";
/// The type of a password that was replaced and must not come back yet.
pub const PASSWORD_HISTORY: &str = "password-history";

/// Between the priorities of neighbours, as Keycloak leaves it.
const STEP: i64 = 10;

/// A credential's row.
#[derive(Debug, Clone)]
pub struct CredentialRow {
    /// The id.
    pub id: String,
    /// `password`, `otp`, …
    pub kind: String,
    /// What the user calls it.
    pub label: Option<String>,
    /// When it was made or last changed by its user, in milliseconds.
    pub created: Option<i64>,
    /// JSON: a hash and its salt, or a shared secret.
    pub secret_data: Secret,
    /// JSON: how the hash was made, or what the device is.
    pub credential_data: String,
}

const COLUMNS: &str = "SELECT id, type, label, created, secret_data, credential_data FROM credential";

fn row(row: &Row<'_>) -> Result<CredentialRow> {
    Ok(CredentialRow {
        id: row.text(0)?,
        kind: row.text(1)?,
        label: row.opt_text(2)?,
        created: row.opt_int(3)?,
        secret_data: row.text(4)?.into(),
        credential_data: row.text(5)?,
    })
}

/// A user's credentials, the first one offered first.
pub fn list(db: &mut Db, user: &str) -> Result<Vec<CredentialRow>> {
    db.query(&format!("{COLUMNS} WHERE user_account = ?1 ORDER BY priority, id"), params![user], row)
}

/// A user's credentials of one type.
pub fn of_type(db: &mut Db, user: &str, kind: &str) -> Result<Vec<CredentialRow>> {
    let sql = format!("{COLUMNS} WHERE user_account = ?1 AND type = ?2 ORDER BY priority, id");
    db.query(&sql, params![user, kind], row)
}

/// A user's password.
pub fn password(db: &mut Db, user: &str) -> Result<Option<CredentialRow>> {
    let sql = format!("{COLUMNS} WHERE user_account = ?1 AND type = ?2 ORDER BY priority, id LIMIT 1");
    db.query_opt(&sql, params![user, PASSWORD], row)
}

/// A credential of this user.
pub fn get(db: &mut Db, user: &str, id: &str) -> Result<Option<CredentialRow>> {
    db.query_opt(&format!("{COLUMNS} WHERE user_account = ?1 AND id = ?2"), params![user, id], row)
}

/// Adds a credential behind the others. A conflict means that its id is taken.
pub fn insert(db: &mut Db, user: &str, credential: &CredentialRow) -> Result<()> {
    db.execute(
        "INSERT INTO credential (id, user_account, type, label, created, priority, secret_data, credential_data)
         SELECT ?1, ?2, ?3, ?4, CAST(?5 AS BIGINT), COALESCE(MAX(priority), 0) + 10, ?6, ?7
         FROM credential WHERE user_account = ?2",
        params![
            &credential.id,
            user,
            &credential.kind,
            &credential.label,
            credential.created,
            credential.secret_data.expose(),
            &credential.credential_data
        ],
    )?;
    Ok(())
}

/// Replaces what a credential is, in its place.
pub fn update(db: &mut Db, user: &str, credential: &CredentialRow) -> Result<bool> {
    let changed = db.execute(
        "UPDATE credential SET label = ?3, created = ?4, secret_data = ?5, credential_data = ?6
         WHERE user_account = ?1 AND id = ?2",
        params![
            user,
            &credential.id,
            &credential.label,
            credential.created,
            credential.secret_data.expose(),
            &credential.credential_data
        ],
    )?;
    Ok(changed == 1)
}

/// Replaces a hash by another one of the same secret, unless the secret was changed meanwhile.
pub fn rehash(db: &mut Db, user: &str, old: &CredentialRow, new: &CredentialRow) -> Result<()> {
    db.execute(
        "UPDATE credential SET secret_data = ?4, credential_data = ?5
         WHERE user_account = ?1 AND id = ?2 AND secret_data = ?3",
        params![user, &old.id, old.secret_data.expose(), new.secret_data.expose(), &new.credential_data],
    )?;
    Ok(())
}

/// Deletes a credential of this user.
pub fn delete(db: &mut Db, user: &str, id: &str) -> Result<bool> {
    Ok(db.execute("DELETE FROM credential WHERE user_account = ?1 AND id = ?2", params![user, id])? == 1)
}

/// Orders a user's credentials.
pub fn arrange<'a>(db: &mut Db, user: &str, ids: impl IntoIterator<Item = &'a str>) -> Result<()> {
    for (place, id) in (1i64..).zip(ids) {
        let sql = "UPDATE credential SET priority = ?3 WHERE user_account = ?1 AND id = ?2";
        db.execute(sql, params![user, id, place * STEP])?;
    }
    Ok(())
}
