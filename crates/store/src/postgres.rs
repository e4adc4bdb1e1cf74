//! PostgreSQL: a pool of connections, each with its prepared statements.

use crate::{Error, Result, Value, pool::Pool};
use postgres::{Client, Config, NoTls, Row, Statement, config::SslMode, types::ToSql};
use std::{collections::HashMap, str::FromStr, sync::Arc, time::Duration};

/// How to reach PostgreSQL.
#[derive(Clone, Default)]
pub struct PostgresOptions {
    /// `postgres://…` or `jdbc:postgresql://…`, or `key=value` pairs.
    pub url: String,
    /// The user, where the address does not name one.
    pub username: Option<String>,
    /// Its password.
    pub password: Option<String>,
    /// The schema to work in, made if it is not there; `public` by default.
    pub schema: Option<String>,
    /// The most connections at a time; 0 stands for the default, 20.
    pub connections: usize,
}

impl std::fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // the address can carry a password
        f.debug_struct("PostgresOptions")
            .field("schema", &self.schema)
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}

pub(crate) struct PgConnection {
    client: Option<Client>,
    statements: HashMap<Box<str>, Statement>,
}

/// Statements that are built at run time are few in kind; the bound is for the unforeseen.
const STATEMENTS: usize = 512;

pub(crate) fn pool(options: &PostgresOptions) -> Result<Arc<Pool<Box<PgConnection>>>> {
    let url = options.url.strip_prefix("jdbc:").unwrap_or(&options.url);
    let mut config =
        Config::from_str(url).map_err(|_| Error::Setting("db-url is not an address of PostgreSQL".to_owned()))?;
    if let Some(user) = &options.username {
        config.user(user);
    }
    if let Some(password) = &options.password {
        config.password(password);
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(10));
    }
    config.application_name("cloakroom");
    let schema = options.schema.clone();
    if schema.as_deref().is_some_and(|s| s.is_empty() || !s.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')) {
        return Err(Error::Setting("db-schema takes letters, digits and _".to_owned()));
    }
    let most = if options.connections == 0 { 20 } else { options.connections };
    Ok(Pool::new(most, move || connect(&config, schema.as_deref())))
}

fn connect(config: &Config, schema: Option<&str>) -> Result<Box<PgConnection>> {
    let mut client = match config.get_ssl_mode() {
        SslMode::Disable => config.connect(NoTls)?,
        _ => {
            let roots = rustls_roots()?;
            config.connect(tokio_postgres_rustls::MakeRustlsConnect::new(roots))?
        }
    };
    if let Some(schema) = schema {
        client.batch_execute(&format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\"; SET search_path TO \"{schema}\""))?;
    }
    Ok(Box::new(PgConnection { client: Some(client), statements: HashMap::new() }))
}

/// Saying goodbye waits for the server. The last owner of a store can be an async thread (a request whose caller went away),
/// which may not wait like that, so a thread of its own does.
impl Drop for PgConnection {
    fn drop(&mut self) {
        let client = self.client.take();
        if let Ok(closing) = std::thread::Builder::new().spawn(move || drop(client)) {
            closing.join().ok();
        }
    }
}

impl PgConnection {
    #[expect(clippy::expect_used, reason = "the client leaves only when this is dropped")]
    fn client(&mut self) -> &mut Client {
        self.client.as_mut().expect("a connection has a client until it is dropped")
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client().prepare(&sql.replace('?', "$"))?;
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.into(), statement.clone());
        Ok(statement)
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64> {
        let statement = self.prepared(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        Ok(self.client().execute(&statement, &params)?)
    }

    pub(crate) fn query(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>> {
        let statement = self.prepared(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        Ok(self.client().query(&statement, &params)?)
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        Ok(self.client().batch_execute(sql)?)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.client.as_ref().is_none_or(Client::is_closed)
    }
}

fn rustls_roots() -> Result<rustls::ClientConfig> {
    use std::sync::Arc as StdArc;
    let provider = StdArc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::Setting(e.to_string()))?;
    let mut roots = rustls::RootCertStore::empty();
    for cert in rustls_native_certs::load_native_certs().certs {
        roots.add(cert).map_err(|e| Error::Setting(e.to_string()))?;
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
