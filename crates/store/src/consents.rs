//! What users agreed to let clients know.

use crate::{Db, Result, Row, params};
use std::collections::BTreeSet;

/// A user's consent to a client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConsentRow {
    /// The client's id.
    pub client: String,
    /// Ids of the client scopes.
    pub scopes: BTreeSet<String>,
    /// When it was first given, in milliseconds.
    pub created: i64,
    /// When it was last extended, in milliseconds.
    pub updated: i64,
}

const COLUMNS: &str = "SELECT client, scopes, created, updated FROM user_consent";

fn row(row: &Row<'_>) -> Result<ConsentRow> {
    Ok(ConsentRow { client: row.text(0)?, scopes: row.json(1)?, created: row.int(2)?, updated: row.int(3)? })
}

/// A user's consent to a client.
pub fn get(db: &mut Db, user: &str, client: &str) -> Result<Option<ConsentRow>> {
    db.query_opt(&format!("{COLUMNS} WHERE user_account = ?1 AND client = ?2"), params![user, client], row)
}

/// All consents of a user, oldest first.
pub fn list(db: &mut Db, user: &str) -> Result<Vec<ConsentRow>> {
    db.query(&format!("{COLUMNS} WHERE user_account = ?1 ORDER BY created, client"), params![user], row)
}

/// Adds or replaces a consent.
pub fn put(db: &mut Db, user: &str, consent: &ConsentRow) -> Result<()> {
    db.execute(
        "INSERT INTO user_consent (user_account, client, scopes, created, updated) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (user_account, client) DO UPDATE SET scopes = excluded.scopes, updated = excluded.updated",
        params![user, &consent.client, serde_json::to_string(&consent.scopes)?, consent.created, consent.updated],
    )?;
    Ok(())
}

/// Takes a consent back.
pub fn delete(db: &mut Db, user: &str, client: &str) -> Result<bool> {
    let sql = "DELETE FROM user_consent WHERE user_account = ?1 AND client = ?2";
    Ok(db.execute(sql, params![user, client])? == 1)
}
