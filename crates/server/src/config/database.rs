//! Which database, and how it is reached.

use super::{Problem, Secret};
use std::path::PathBuf;
use url::Url;

/// Where data is kept.
#[derive(Debug, Clone)]
pub enum Database {
    /// SQLite in this file.
    File(PathBuf),
    /// SQLite in memory: gone when the server stops.
    Memory,
    Postgres(Postgres),
}

/// A PostgreSQL database, or one that speaks its protocol.
#[derive(Debug, Clone)]
pub struct Postgres {
    /// `postgres://host:port/name?parameters`, without user and password.
    pub url: String,
    pub username: Option<String>,
    pub password: Option<Secret>,
    /// Schema that holds the tables.
    pub schema: String,
    /// Most connections open at a time.
    pub pool_max_size: u32,
}

impl Postgres {
    /// Reads `jdbc:postgresql://…`, `postgresql://…` or `postgres://…`. User and password may stand in the address as
    /// `user:password@` or, as JDBC has it, as `?user=…&password=…`; they count unless `username` and `password` are given.
    pub(crate) fn parse(
        address: &str,
        username: Option<String>,
        password: Option<Secret>,
        schema: String,
        pool_max_size: u32,
    ) -> Result<Self, Problem> {
        // the address may hold a password: it is not repeated in the message
        let bad =
            || Problem::usage("Option '--db-url' is not an address such as jdbc:postgresql://host:5432/keycloak.");
        let plain = address.strip_prefix("jdbc:").unwrap_or(address);
        let mut url = Url::parse(plain).map_err(|_| bad())?;
        if !matches!(url.scheme(), "postgresql" | "postgres") {
            return Err(bad());
        }
        let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        let mut username = username.or_else(|| (!url.username().is_empty()).then(|| decoded(url.username())));
        let mut password = password.or_else(|| url.password().map(|p| Secret::new(decoded(p))));
        let mut schema = schema;
        let mut kept = Vec::new();
        for (key, value) in url.query_pairs() {
            match key.as_ref() {
                "user" => username = username.or_else(|| Some(value.into_owned())),
                "password" => password = password.or_else(|| Some(Secret::new(value))),
                "currentSchema" => schema = value.into_owned(),
                "ssl" if value == "true" => kept.push(("sslmode".to_owned(), "require".to_owned())),
                "ApplicationName" => kept.push(("application_name".to_owned(), value.into_owned())),
                "connectTimeout" => kept.push(("connect_timeout".to_owned(), value.into_owned())),
                "sslmode"
                | "application_name"
                | "connect_timeout"
                | "keepalives"
                | "options"
                | "target_session_attrs" => {
                    kept.push((key.into_owned(), value.into_owned()));
                }
                // the JDBC driver's own settings mean nothing to ours
                _ => {}
            }
        }
        url.set_username("").and_then(|()| url.set_password(None)).map_err(|()| bad())?;
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
        let rest = url.as_str().split_once("://").map(|(_, rest)| rest.to_owned()).ok_or_else(bad)?;
        Ok(Self { url: format!("postgres://{rest}"), username, password, schema, pool_max_size })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(address: &str) -> Result<Postgres, Problem> {
        Postgres::parse(address, None, None, "public".into(), 10)
    }

    #[test]
    fn a_jdbc_address_is_understood() {
        let db =
            parse("jdbc:postgresql://db.example:5433/kc?user=me&password=p%26w&ssl=true&reWriteBatchedInserts=true")
                .unwrap();
        assert_eq!(db.url, "postgres://db.example:5433/kc?sslmode=require");
        assert_eq!(db.username.as_deref(), Some("me"));
        assert_eq!(db.password.unwrap().expose(), "p&w");
    }

    #[test]
    fn a_user_in_the_address_is_taken_out_of_it() {
        let db = parse("postgres://me:p%40w@db.example/kc").unwrap();
        assert_eq!(db.url, "postgres://db.example/kc");
        assert_eq!(db.password.unwrap().expose(), "p@w");
    }

    #[test]
    fn another_database_is_refused_without_repeating_the_address() {
        let problem = parse("jdbc:mysql://root:hunter2@h/kc").unwrap_err();
        assert!(!problem.to_string().contains("hunter2"), "{problem}");
    }
}
