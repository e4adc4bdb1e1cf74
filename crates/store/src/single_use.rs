//! What works once: codes, used assertions, revoked tokens. Each is bound to a kind and a realm, so that none can be
//! redeemed as another.

use crate::{Db, Result, params};
use serde::{Serialize, de::DeserializeOwned};

/// Keeps something until `expires` (milliseconds). False where the key was there already.
pub fn put(db: &mut Db, kind: &str, realm: &str, key: &str, expires: i64, doc: &impl Serialize) -> Result<bool> {
    let added = db.execute(
        "INSERT INTO single_use (kind, key, realm, expires, doc) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        params![kind, key, realm, expires, serde_json::to_string(doc)?],
    )?;
    Ok(added == 1)
}

/// Takes it: of several that try, one gets it. None where it is not there, was taken or expired.
pub fn take<T: DeserializeOwned>(db: &mut Db, kind: &str, realm: &str, key: &str, now: i64) -> Result<Option<T>> {
    let taken = db.query_opt(
        "DELETE FROM single_use WHERE kind = ?1 AND key = ?2 AND realm = ?3 RETURNING expires, doc",
        params![kind, key, realm],
        |row| Ok((row.int(0)?, row.json(1)?)),
    )?;
    Ok(taken.filter(|(expires, _)| *expires > now).map(|(_, doc)| doc))
}

/// Whether it is there.
pub fn exists(db: &mut Db, kind: &str, realm: &str, key: &str, now: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM single_use WHERE kind = ?1 AND key = ?2 AND realm = ?3 AND expires > ?4";
    db.exists(sql, params![kind, key, realm, now])
}

/// Deletes what is over.
pub fn sweep(db: &mut Db, now: i64) -> Result<u64> {
    db.execute("DELETE FROM single_use WHERE expires <= ?1", params![now])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    #[test]
    fn a_thing_is_taken_once_and_only_as_what_it_is() {
        let store = Store::memory().unwrap();
        let mut work = store.work();
        let db = work.write().unwrap();
        for realm in ["r", "s"] {
            db.execute("INSERT INTO realm (id, name, doc) VALUES (?1, ?1, '{}')", params![realm]).unwrap();
        }
        let take = |db: &mut Db, kind: &str, realm: &str| take::<String>(db, kind, realm, "k", 5).unwrap();
        assert_eq!(take(db, "code", "r"), None);
        assert!(put(db, "code", "r", "k", 10, &"doc").unwrap());
        assert!(!put(db, "code", "r", "k", 10, &"again").unwrap());
        assert_eq!((take(db, "ticket", "r"), take(db, "code", "s")), (None, None));
        assert_eq!(take(db, "code", "r").as_deref(), Some("doc"));
        assert_eq!(take(db, "code", "r"), None);
        assert!(put(db, "code", "r", "k", 10, &"doc").unwrap());
        assert!(exists(db, "code", "r", "k", 9).unwrap() && !exists(db, "code", "r", "k", 10).unwrap());
        assert_eq!(super::take::<String>(db, "code", "r", "k", 10).unwrap(), None);
        assert!(put(db, "code", "r", "k", 10, &"doc").unwrap());
        assert_eq!(sweep(db, 10).unwrap(), 1);
    }
}
