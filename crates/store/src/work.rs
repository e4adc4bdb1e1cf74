//! A request's unit of work: reads on one connection, and at most one transaction.

use crate::{
    Db, Error, PostgresOptions, Result,
    db::Kind,
    migrate,
    pool::Pool,
    postgres::{self, PgConnection},
    sqlite::Sqlite,
};
use std::{path::Path, sync::Arc};

/// A database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
}

#[derive(Clone)]
enum Engine {
    Sqlite(Sqlite),
    Postgres(Arc<Pool<Box<PgConnection>>>),
}

impl Store {
    /// An SQLite file, made if it is not there, brought up to this release's schema.
    pub fn file(path: &Path) -> Result<Self> {
        Self::migrated(Engine::Sqlite(Sqlite::file(path)))
    }

    /// A database in memory, gone with the last clone of the store.
    pub fn memory() -> Result<Self> {
        Self::migrated(Engine::Sqlite(Sqlite::memory()?))
    }

    /// A PostgreSQL database, brought up to this release's schema.
    pub fn postgres(options: &PostgresOptions) -> Result<Self> {
        Self::migrated(Engine::Postgres(postgres::pool(options)?))
    }

    fn migrated(engine: Engine) -> Result<Self> {
        let store = Store { engine };
        migrate::run(&store)?;
        Ok(store)
    }

    /// A unit of work; nothing is opened until it reads or writes.
    pub fn work(&self) -> Work {
        Work { store: self.clone(), state: State::Closed }
    }

    /// Whether the database answers.
    pub fn ping(&self) -> Result<()> {
        self.work().read()?.count("SELECT CAST(1 AS BIGINT)", &[]).map(drop)
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    fn reader(&self) -> Result<Db> {
        Ok(Db(match &self.engine {
            Engine::Sqlite(sqlite) => Kind::Sqlite(sqlite.readers.take()?),
            Engine::Postgres(pool) => Kind::Postgres(live(pool)?),
        }))
    }

    fn writer(&self) -> Result<Db> {
        Ok(Db(match &self.engine {
            Engine::Sqlite(sqlite) => Kind::Sqlite(sqlite.writer.take()?),
            Engine::Postgres(pool) => Kind::Postgres(live(pool)?),
        }))
    }

    /// Whether reads and writes share the only connection.
    fn is_memory(&self) -> bool {
        matches!(&self.engine, Engine::Sqlite(sqlite) if sqlite.single)
    }
}

/// A pooled connection that the server has not closed meanwhile.
fn live(pool: &Arc<Pool<Box<PgConnection>>>) -> Result<crate::pool::Pooled<Box<PgConnection>>> {
    loop {
        let connection = pool.take()?;
        if !connection.is_closed() {
            return Ok(connection);
        }
        connection.discard();
    }
}

enum State {
    Closed,
    Reading(Db),
    Writing(Db),
}

/// One request's reads and its transaction. Dropped without [`Work::commit`], it rolls back.
pub struct Work {
    store: Store,
    state: State,
}

impl Work {
    /// A connection to read on: the transaction's, once there is one, so that it sees its own writes.
    pub fn read(&mut self) -> Result<&mut Db> {
        if let State::Closed = self.state {
            let mut db = self.store.reader()?;
            if !self.store.is_postgres() {
                // the file is locked once a request instead of once a statement, and all reads see the same state of it
                db.transaction("BEGIN")?;
            }
            self.state = State::Reading(db);
        }
        match &mut self.state {
            State::Reading(db) | State::Writing(db) => Ok(db),
            State::Closed => Err(Error::Busy(0)),
        }
    }

    /// The transaction, begun by the first call. On SQLite it is the only writer until it ends, so decide first, then write.
    pub fn write(&mut self) -> Result<&mut Db> {
        if !self.is_writing() {
            let db = match std::mem::replace(&mut self.state, State::Closed) {
                State::Reading(db) if self.store.is_memory() => db,
                State::Reading(mut db) if self.store.is_postgres() => {
                    db.transaction("BEGIN")?;
                    db
                }
                reading => {
                    end(reading, "COMMIT")?;
                    let mut db = self.store.writer()?;
                    db.transaction(if self.store.is_postgres() { "BEGIN" } else { "BEGIN IMMEDIATE" })?;
                    db
                }
            };
            self.state = State::Writing(db);
        }
        self.read()
    }

    /// Whether the transaction has begun.
    pub fn is_writing(&self) -> bool {
        matches!(self.state, State::Writing(_))
    }

    /// Gives the connection back while nothing is read: before hashing a password or calling out. A transaction stays open.
    pub fn rest(&mut self) {
        if !self.is_writing() {
            self.roll_back();
        }
    }

    /// Makes the writes durable. Without a transaction there is nothing to do.
    pub fn commit(&mut self) -> Result<()> {
        end(std::mem::replace(&mut self.state, State::Closed), "COMMIT")
    }

    /// Forgets the writes.
    pub fn roll_back(&mut self) {
        if let Err(error) = end(std::mem::replace(&mut self.state, State::Closed), "ROLLBACK") {
            tracing::warn!(%error, "rolling back failed; the connection is dropped");
        }
    }
}

/// Ends what was begun on a connection; one where that fails is thrown away.
fn end(state: State, how: &'static str) -> Result<()> {
    let mut db = match state {
        State::Reading(db) if db.is_postgres() => return Ok(()),
        State::Closed => return Ok(()),
        State::Reading(db) | State::Writing(db) => db,
    };
    let ended = db.transaction(how);
    if ended.is_err() && (how == "ROLLBACK" || db.transaction("ROLLBACK").is_err()) {
        db.discard();
    }
    ended
}

impl Drop for Work {
    fn drop(&mut self) {
        self.roll_back();
    }
}
