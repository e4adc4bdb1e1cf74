//! SQLite: a file in WAL mode with one writer and several readers, or a database in memory with one connection for all.

use crate::{Result, pool::Pool};
use rusqlite::{Connection, config::DbConfig};
use std::{path::Path, sync::Arc, time::Duration};

/// Readers work beside the writer in WAL mode; more than this wait for each other's processor anyway.
const READERS: usize = 8;
const STATEMENTS: usize = 256;

#[derive(Clone)]
pub(crate) struct Sqlite {
    pub(crate) readers: Arc<Pool<Box<Connection>>>,
    pub(crate) writer: Arc<Pool<Box<Connection>>>,
    /// In memory, one connection reads and writes.
    pub(crate) single: bool,
}

impl Sqlite {
    /// Opens or makes the file. A committed write is on the disk: WAL with `synchronous=FULL`.
    pub(crate) fn file(path: &Path) -> Self {
        let open = {
            let path = path.to_owned();
            move || {
                let c = Connection::open(&path)?;
                c.busy_timeout(Duration::from_secs(30))?;
                c.pragma_update(None, "journal_mode", "WAL")?;
                c.pragma_update(None, "synchronous", "FULL")?;
                c.pragma_update(None, "cache_size", -2000)?;
                prepared(c)
            }
        };
        Sqlite { readers: Pool::new(READERS, open.clone()), writer: Pool::new(1, open), single: false }
    }

    /// A database that is gone when the store is.
    pub(crate) fn memory() -> Result<Self> {
        let pool = Pool::new(1, || {
            let c = Connection::open_in_memory()?;
            prepared(c)
        });
        Ok(Sqlite { readers: pool.clone(), writer: pool, single: true })
    }
}

/// Settings of every connection.
fn prepared(c: Connection) -> Result<Box<Connection>> {
    c.pragma_update(None, "foreign_keys", true)?;
    // a statement keeps its plan: without this, each new value bound to it parses and plans it again
    c.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    c.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(Box::new(c))
}
