//! What is over is deleted, a few rows at a time, so that nobody waits for it.

use crate::Result;
use cloakroom_store::{Store, auth_sessions, sessions, single_use};

/// How many sessions go in one transaction.
const BATCH: i64 = 500;

/// Deletes sessions, logins in progress and things that work once, as far as they are over at `now` (milliseconds).
pub fn sweep(store: &Store, now: i64) -> Result<()> {
    loop {
        let mut work = store.work();
        let swept = sessions::sweep(work.write()?, now, BATCH)?;
        work.commit()?;
        if swept < BATCH.unsigned_abs() {
            break;
        }
    }
    let mut work = store.work();
    auth_sessions::sweep(work.write()?, now)?;
    single_use::sweep(work.write()?, now)?;
    Ok(work.commit()?)
}
