//! What brute-force detection counts of a user's wrong passwords, on every node the same.

use crate::{Db, Result, Row, params};

/// What is counted of one user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FailureRow {
    /// Wrong passwords since the last right one.
    pub failures: i64,
    /// How often the user was locked out for a time.
    pub temporary_lockouts: i64,
    /// When the last wrong password came, in milliseconds; 0 for never.
    pub last_failure: i64,
    /// Where it came from.
    pub last_address: String,
    /// The user is locked out until then, in milliseconds.
    pub locked_until: i64,
}

/// How long a check is thought to go on, in milliseconds: one whose node died is forgotten after that.
const PENDING: i64 = 60_000;

fn row(row: &Row<'_>) -> Result<FailureRow> {
    Ok(FailureRow {
        failures: row.int(0)?,
        temporary_lockouts: row.int(1)?,
        last_failure: row.int(2)?,
        last_address: row.text(3)?,
        locked_until: row.int(4)?,
    })
}

/// What was counted of a user.
pub fn get(db: &mut Db, realm: &str, user: &str) -> Result<Option<FailureRow>> {
    db.query_opt(
        "SELECT failures, temporary_lockouts, last_failure, last_address, locked_until FROM login_failure
         WHERE realm = ?1 AND user_account = ?2",
        params![realm, user],
        row,
    )
}

/// Claims the right to check one password. Refused while the user is locked out, and while as many checks are under way
/// as may still fail: `allowed` in all, of which failures since `counted_from` (milliseconds) are taken; one at least.
pub fn reserve(db: &mut Db, realm: &str, user: &str, now: i64, allowed: i64, counted_from: i64) -> Result<bool> {
    db.exists(
        "INSERT INTO login_failure (user_account, realm, failures, temporary_lockouts, last_failure, last_address,
            locked_until, pending, pending_since)
         VALUES (?2, ?1, 0, 0, 0, '', 0, 1, ?3)
         ON CONFLICT (user_account) DO UPDATE SET
            pending = CASE WHEN login_failure.pending_since < ?6 THEN 1 ELSE login_failure.pending + 1 END,
            pending_since = excluded.pending_since
         WHERE login_failure.locked_until <= ?3 AND (
            login_failure.pending = 0 OR login_failure.pending_since < ?6 OR login_failure.pending <
                ?4 - CASE WHEN login_failure.last_failure < ?5 THEN 0 ELSE login_failure.failures END)
         RETURNING pending",
        params![realm, user, now, allowed, counted_from, now - PENDING],
    )
}

/// Gives the right back, and what is counted, locked until the transaction ends.
pub fn release(db: &mut Db, realm: &str, user: &str) -> Result<Option<FailureRow>> {
    db.query_opt(
        "UPDATE login_failure SET pending = CASE WHEN pending > 0 THEN pending - 1 ELSE 0 END
         WHERE realm = ?1 AND user_account = ?2
         RETURNING failures, temporary_lockouts, last_failure, last_address, locked_until",
        params![realm, user],
        row,
    )
}

/// Writes what is counted, in the transaction that released the check.
pub fn put(db: &mut Db, realm: &str, user: &str, counted: &FailureRow) -> Result<()> {
    db.execute(
        "INSERT INTO login_failure (user_account, realm, failures, temporary_lockouts, last_failure, last_address,
            locked_until, pending, pending_since)
         VALUES (?2, ?1, ?3, ?4, ?5, ?6, ?7, 0, 0)
         ON CONFLICT (user_account) DO UPDATE SET failures = excluded.failures,
            temporary_lockouts = excluded.temporary_lockouts, last_failure = excluded.last_failure,
            last_address = excluded.last_address, locked_until = excluded.locked_until",
        params![
            realm,
            user,
            counted.failures,
            counted.temporary_lockouts,
            counted.last_failure,
            &counted.last_address,
            counted.locked_until
        ],
    )?;
    Ok(())
}

/// Forgets a user's failures after a right password, but not the other checks under way.
pub fn forgive(db: &mut Db, realm: &str, user: &str) -> Result<()> {
    db.execute(
        "UPDATE login_failure SET failures = 0, temporary_lockouts = 0, last_failure = 0, last_address = '',
            locked_until = 0, pending = CASE WHEN pending > 0 THEN pending - 1 ELSE 0 END
         WHERE realm = ?1 AND user_account = ?2",
        params![realm, user],
    )?;
    Ok(())
}

/// Forgets a user's failures.
pub fn clear(db: &mut Db, realm: &str, user: &str) -> Result<()> {
    let sql = "DELETE FROM login_failure WHERE realm = ?1 AND user_account = ?2";
    db.execute(sql, params![realm, user]).map(drop)
}

/// Forgets the failures of all users of a realm.
pub fn clear_all(db: &mut Db, realm: &str) -> Result<()> {
    db.execute("DELETE FROM login_failure WHERE realm = ?1", params![realm]).map(drop)
}
