//! Cloakroom's storage: every SQL statement, once, for SQLite and PostgreSQL.
//!
//! A request is one blocking [`Work`]: it reads on a pooled connection, and opens at most one transaction when it first
//! writes. One file per table group holds plain functions on a [`Db`].

mod db;
mod error;
mod migrate;
mod pool;
mod postgres;
mod sqlite;
mod value;
mod work;

pub mod auth_sessions;
pub mod claims;
pub mod client_scopes;
pub mod clients;
pub mod components;
pub mod consents;
pub mod credentials;
pub mod export;
pub mod federated_identities;
pub mod groups;
pub mod import;
pub mod login_failures;
pub mod realms;
pub mod role_mappings;
pub mod roles;
pub mod scope_mappings;
pub mod sessions;
pub mod single_use;
pub mod user_search;
pub mod users;

pub use db::{Db, Row};
pub use error::{Error, Result};
pub use postgres::PostgresOptions;
pub use value::Value;
pub use work::{Store, Work};

/// The parameters of a statement: `params![id, name]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::Value::from($value)),*] };
}

/// What search columns hold and are compared with: lower case by Unicode's rules, which SQLite's own `lower` does not know.
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// A `LIKE` pattern's literal part: `%`, `_` and the escape itself lose their meaning. Statements say `ESCAPE '\'`.
pub fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// The `LIKE` pattern of folded text that contains this. Databases limit patterns, and no name is near this long.
pub(crate) fn contains(text: &str) -> String {
    let text: String = text.chars().take(1000).collect();
    format!("%{}%", escape_like(&fold(&text)))
}
