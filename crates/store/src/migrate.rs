//! Bringing a database up to this release's schema: in one transaction a step, under a lock, so that nodes may start together.

use crate::{Error, Result, Store, params};

/// The steps, oldest first. A released step never changes.
const STEPS: &[&str] = &[include_str!("../migrations/0001_init.sql")];

/// The advisory lock's number on PostgreSQL: any, but always the same.
const LOCK: i64 = 0x0c10_a400;

pub(crate) fn run(store: &Store) -> Result<()> {
    let mut work = store.work();
    let db = work.write()?;
    if store.is_postgres() {
        db.query_opt("SELECT 1 FROM (SELECT pg_advisory_xact_lock(?1)) AS locked", params![LOCK], |_| Ok(()))?;
    }
    db.batch("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")?;
    let found = db.count("SELECT COALESCE(MAX(version), 0) FROM schema_version", &[])?;
    let known = STEPS.len() as i64;
    if found > known {
        return Err(Error::Newer { found, known });
    }
    for (version, step) in (1..).zip(STEPS).skip(found as usize) {
        // both databases shall order text by its bytes; SQLite does so by itself
        let step = if store.is_postgres() { step.replace(" TEXT", " TEXT COLLATE \"C\"") } else { (*step).to_owned() };
        db.batch(&step)?;
        db.execute("INSERT INTO schema_version (version) VALUES (?1)", params![version])?;
    }
    work.commit()
}
