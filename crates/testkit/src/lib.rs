//! A whole Cloakroom server in memory, for tests: a clock that stands still, seeded ids, key pairs made once.
//!
//! ```
//! # use cloakroom_testkit::TestServer;
//! # #[tokio::main]
//! # async fn main() -> cloakroom::Result<()> {
//! let kc = TestServer::start().await;
//! assert_eq!(kc.realms().get("master").await?.realm.as_deref(), Some("master"));
//! # Ok(()) }
//! ```
//!
//! With `CLOAKROOM_TEST_DB=postgres://…` each server has a schema of its own in that database.

pub mod tls;

use cloakroom::{Client, Login};
use cloakroom_server::{
    App,
    clock::Clock,
    config::{Command, Config, Sources},
    keys::KeyMaker,
    listen::Listener,
    random::Random,
};
use cloakroom_store::{Db, PostgresOptions, Store};
use std::{
    collections::BTreeMap,
    ops::Deref,
    sync::{Arc, OnceLock},
    time::{Duration, UNIX_EPOCH},
};

/// When the clock of every test stands: 2026-01-02, 03:04:05 UTC, in milliseconds since 1970.
pub const START: i64 = 1_767_323_045_000;

/// A running server. It derefs to a client that is logged in as its administrator, `admin` with the password `admin`.
pub struct TestServer {
    app: Arc<App>,
    admin: Client,
}

impl TestServer {
    /// A new server with an empty `master` realm.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// A new server that is started with these flags, as after `start-dev`.
    #[expect(clippy::expect_used, reason = "a test without a server cannot go on")]
    pub async fn with(flags: &[&str]) -> Self {
        let flags: Vec<String> = flags.iter().map(|f| (*f).to_owned()).collect();
        let env = BTreeMap::from([
            ("KC_BOOTSTRAP_ADMIN_USERNAME".to_owned(), "admin".to_owned()),
            ("KC_BOOTSTRAP_ADMIN_PASSWORD".to_owned(), "admin".to_owned()),
        ]);
        let nothing = |_: &std::path::Path| Err(std::io::ErrorKind::NotFound.into());
        let sources = Sources { args: &flags, env: &env, read: &nothing };
        let config = Config::from(Command::StartDev, &sources).expect("flags that the server knows");

        let app = tokio::task::spawn_blocking(move || {
            let mut app = App::new(store(), config);
            app.clock = Clock::fixed(START);
            app.random = Random::seeded(1);
            app.key_maker = keys();
            let app = Arc::new(app);
            cloakroom_server::realm::bootstrap::run(&app).expect("an empty database becomes a server");
            app
        });
        let app = app.await.expect("bootstrapping does not panic");

        let listener = Listener::bind(([127, 0, 0, 1], 0).into(), None).await.expect("a free port");
        let url = format!("http://localhost:{}", listener.address().port());
        let router = cloakroom_server::routes().into_router(app.clone());
        tokio::spawn(listener.serve(router, std::future::pending(), Duration::ZERO));

        let base = format!("{url}{}", app.config.relative_path);
        let clock = app.clock.clone();
        let now = move || UNIX_EPOCH + Duration::from_millis(clock.now().unsigned_abs());
        let login = Login::password("admin", "admin");
        let admin = Client::builder(&base).clock(now).login(login).build().expect("a client of the server");
        TestServer { app, admin }
    }

    /// The server's clock, to be moved.
    pub fn clock(&self) -> &Clock {
        &self.app.clock
    }

    /// The server itself, for what no caller sees.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Asks the database, for what no caller sees.
    #[expect(clippy::expect_used, reason = "a test without a database cannot go on")]
    pub async fn db<T: Send + 'static>(&self, ask: impl FnOnce(&mut Db) -> T + Send + 'static) -> T {
        let store = self.app.store.clone();
        let asked = tokio::task::spawn_blocking(move || ask(store.work().read().expect("a connection")));
        asked.await.expect("asking does not panic")
    }

    /// The administrator's client.
    pub fn admin(&self) -> &Client {
        &self.admin
    }
}

impl Deref for TestServer {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.admin
    }
}

/// One set of key pairs for all servers of a test run.
fn keys() -> KeyMaker {
    static KEYS: OnceLock<KeyMaker> = OnceLock::new();
    KEYS.get_or_init(KeyMaker::shared).clone()
}

/// In memory, or in a schema of its own where `CLOAKROOM_TEST_DB` names a PostgreSQL.
#[expect(clippy::expect_used, reason = "a test without a database cannot go on")]
pub fn store() -> Store {
    let Ok(url) = std::env::var("CLOAKROOM_TEST_DB") else { return Store::memory().expect("memory for a database") };
    let schema = format!("t{}", Random::System.uuid().replace('-', ""));
    let options = PostgresOptions { url, schema: Some(schema), connections: 4, ..PostgresOptions::default() };
    Store::postgres(&options).expect("the database that CLOAKROOM_TEST_DB names")
}
