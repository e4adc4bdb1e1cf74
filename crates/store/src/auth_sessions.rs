//! Logins in progress: one row per browser, which holds its tabs.

use crate::{Db, Result, params};
use serde::{Serialize, de::DeserializeOwned};

/// The login of this id that is still open at `now` (milliseconds).
pub fn get<T: DeserializeOwned>(db: &mut Db, realm: &str, id: &str, now: i64) -> Result<Option<T>> {
    let sql = "SELECT doc FROM auth_session WHERE realm = ?1 AND id = ?2 AND expires > ?3";
    db.query_opt(sql, params![realm, id, now], |row| row.json(0))
}

/// Takes the login to change it: the row is locked until the transaction ends, so that of two answers to one form only
/// the first finds what it expects.
pub fn lock<T: DeserializeOwned>(db: &mut Db, realm: &str, id: &str, now: i64) -> Result<Option<T>> {
    let sql = "UPDATE auth_session SET expires = expires WHERE realm = ?1 AND id = ?2 AND expires > ?3 RETURNING doc";
    db.query_opt(sql, params![realm, id, now], |row| row.json(0))
}

/// Adds or replaces a login.
pub fn put(db: &mut Db, realm: &str, id: &str, expires: i64, doc: &impl Serialize) -> Result<()> {
    db.execute(
        "INSERT INTO auth_session (id, realm, expires, doc) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET expires = excluded.expires, doc = excluded.doc",
        params![id, realm, expires, serde_json::to_string(doc)?],
    )?;
    Ok(())
}

/// Forgets a login.
pub fn delete(db: &mut Db, realm: &str, id: &str) -> Result<bool> {
    Ok(db.execute("DELETE FROM auth_session WHERE realm = ?1 AND id = ?2", params![realm, id])? == 1)
}

/// Deletes what is over.
pub fn sweep(db: &mut Db, now: i64) -> Result<u64> {
    db.execute("DELETE FROM auth_session WHERE expires <= ?1", params![now])
}
