//! Why a statement failed.

/// The result of a statement.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a statement failed. The text is for logs: it can name tables and columns, never values.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique key is taken.
    #[error("a unique key is taken: {0}")]
    Conflict(String),
    /// A row that another row refers to, or that should be there, is not.
    #[error("a reference leads nowhere: {0}")]
    Reference(String),
    /// The transaction lost against another one and may be tried again.
    #[error("the transaction should be tried again: {0}")]
    Retry(String),
    /// Text with U+0000, which no database shall hold.
    #[error("text with the character U+0000")]
    Nul,
    /// No connection came free in time.
    #[error("no database connection came free within {0} seconds")]
    Busy(u64),
    /// The database is of a newer release.
    #[error("the database has schema version {found}, this release knows {known}: start the newer release")]
    Newer {
        /// The version in the database.
        found: i64,
        /// The newest version that this release has.
        known: i64,
    },
    /// A stored document does not have its expected shape.
    #[error("a stored document cannot be read: {0}")]
    Document(#[from] serde_json::Error),
    /// SQLite's words.
    #[error("SQLite: {0}")]
    Sqlite(rusqlite::Error),
    /// PostgreSQL's words.
    #[error("PostgreSQL: {0}")]
    Postgres(Box<postgres::Error>),
    /// An address or setting that cannot be used.
    #[error("{0}")]
    Setting(String),
}

impl Error {
    /// Whether a unique key is taken.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Error::Conflict(_))
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ffi::{
            SQLITE_BUSY, SQLITE_CONSTRAINT_FOREIGNKEY, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE,
            SQLITE_LOCKED,
        };
        match error.sqlite_error() {
            Some(e) if matches!(e.extended_code, SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY) => {
                Error::Conflict(error.to_string())
            }
            Some(e) if e.extended_code == SQLITE_CONSTRAINT_FOREIGNKEY => Error::Reference(error.to_string()),
            Some(e) if matches!(e.extended_code & 0xff, SQLITE_BUSY | SQLITE_LOCKED) => Error::Retry(error.to_string()),
            _ => Error::Sqlite(error),
        }
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        use postgres::error::SqlState;
        let Some(db) = error.as_db_error() else { return Error::Postgres(Box::new(error)) };
        let what = || format!("{} {}", db.table().unwrap_or_default(), db.constraint().unwrap_or_default());
        match *db.code() {
            SqlState::UNIQUE_VIOLATION => Error::Conflict(what()),
            SqlState::FOREIGN_KEY_VIOLATION => Error::Reference(what()),
            SqlState::T_R_DEADLOCK_DETECTED | SqlState::T_R_SERIALIZATION_FAILURE => {
                Error::Retry(db.message().to_owned())
            }
            _ => Error::Postgres(Box::new(error)),
        }
    }
}
