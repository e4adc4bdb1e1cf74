//! The client for code without `async`.

use std::future::Future;
use std::sync::Arc;

use cloakroom_api::endpoint::{Call, List, Pages, Reply, Transport};
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::config::ClientBuilder;
use crate::error::{Error, Result};
use crate::steps::Steps;
use cloakroom_api::admin::{realms::Realms, server_info::Server};
use cloakroom_api::tree::Realm;

/// [`crate::Client`] driven to the end of each call on the calling thread. Cheap to clone and to share between threads.
///
/// Every operation of the async client is here under the same name, without `.await`; what is not one operation is reached
/// through [`run`](Client::run).
///
/// Within an async runtime it works too, but blocks the thread it is called on, as any blocking code does: use
/// [`crate::Client`] there. It never panics for it.
///
/// ```
/// use cloakroom::{Login, Result, blocking, api::admin::users::User};
///
/// fn hire(name: &str) -> Result<String> {
///     let kc = blocking::Client::builder("https://id.example.com")
///         .login(Login::password("admin", "secret"))
///         .build_blocking()?;
///     let user = User { username: Some(name.to_owned()), enabled: Some(true), ..User::default() };
///     Ok(kc.realm("acme").users().create(&user)?.id().to_owned())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    inner: crate::Client,
    driver: Arc<Driver>,
}

/// A runtime on a thread of its own, which ends when this is dropped. Calls run on the thread that makes them; connections
/// and logins go on between them.
#[derive(Debug)]
struct Driver {
    handle: Handle,
    _alive: oneshot::Sender<()>,
}

impl Driver {
    fn start() -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (handle, (alive, gone)) = (runtime.handle().clone(), oneshot::channel::<()>());
        std::thread::Builder::new().name("cloakroom".to_owned()).spawn(move || runtime.block_on(gone).is_ok())?;
        Ok(Driver { handle, _alive: alive })
    }
}

impl Client {
    /// Begins with the server's address; end with [`build_blocking`](ClientBuilder::build_blocking).
    pub fn builder(url: &str) -> ClientBuilder {
        crate::Client::builder(url)
    }

    /// A blocking view of an async client, with the same login.
    ///
    /// Errors: [`Error::Config`] where the system gives no runtime.
    pub fn over(inner: crate::Client) -> Result<Self> {
        let driver = Driver::start().map_err(|e| Error::Config(format!("no runtime for blocking calls: {e}")))?;
        Ok(Client { inner, driver: Arc::new(driver) })
    }

    /// The realms of the server.
    pub fn realms(&self) -> Realms<'_, Self> {
        Realms::new(self)
    }

    /// The server itself: what it is made of.
    pub fn server(&self) -> Server<'_, Self> {
        Server::new(self)
    }

    /// A realm, for this call: the login's realm may be another.
    pub fn realm<'a>(&'a self, name: &'a str) -> Realm<'a, Self> {
        Realm::new(self, name)
    }

    /// Runs anything the async client can do to its end.
    ///
    /// ```
    /// use cloakroom::{ClientAuth, Result, blocking, oidc::{TokenAnswer, TokenRequest}};
    ///
    /// fn log_in(kc: &blocking::Client) -> Result<TokenAnswer> {
    ///     kc.run(|kc| {
    ///         let app = kc.oidc("acme", "app", ClientAuth::basic("secret"));
    ///         async move { app.token(TokenRequest::password("bob", "hunter2")).await }
    ///     })
    /// }
    /// ```
    pub fn run<'a, F>(&'a self, work: impl FnOnce(&'a crate::Client) -> F) -> F::Output
    where
        F: Future<Output: Send> + Send,
    {
        self.drive(work(&self.inner))
    }

    fn drive<F: Future<Output: Send> + Send>(&self, work: F) -> F::Output {
        let handle = &self.driver.handle;
        if Handle::try_current().is_err() {
            return handle.block_on(work);
        }
        // a runtime may not be entered from within another, but from a thread of its own it may
        let outcome = std::thread::scope(|scope| scope.spawn(|| handle.block_on(work)).join());
        outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl Transport for Client {
    type Out<'a, R: Reply> = Result<R::Value>;

    fn send<R: Reply>(&self, call: Call) -> Result<R::Value> {
        self.drive(Transport::send::<R>(&self.inner, call))
    }
}

impl Pages for Client {
    type All<T: Send + 'static> = All<T>;

    fn all<R: List>(&self, call: Call) -> All<R::Item> {
        All { entries: self.inner.all::<R>(call), client: self.clone() }
    }
}

impl Steps for Client {
    type Run<'a, T: Send + 'a> = T;

    fn calls(&self) -> &crate::Client {
        &self.inner
    }

    fn steps<'a, T: Send + 'a>(&'a self, work: impl Future<Output = T> + Send + 'a) -> T {
        self.drive(work)
    }
}

/// The entries of a list, however many there are: [`crate::All`] as an iterator.
///
/// ```
/// use cloakroom::{Result, api::admin::users::UserQuery, blocking};
///
/// fn emails(kc: &blocking::Client) -> Result<Vec<String>> {
///     let mut emails = Vec::new();
///     for user in kc.realm("acme").users().list_all(&UserQuery::default()).page_size(500) {
///         emails.extend(user?.email);
///     }
///     Ok(emails)
/// }
/// ```
#[derive(Debug)]
#[must_use = "nothing is asked for until entries are taken"]
pub struct All<T> {
    entries: crate::All<T>,
    client: Client,
}

impl<T: Send + 'static> All<T> {
    /// How many entries are asked for at a time. Default: 100.
    pub fn page_size(self, entries: usize) -> Self {
        All { entries: self.entries.page_size(entries), ..self }
    }

    /// How many pages are asked for before they are needed. Default: 1; 0 asks for a page when the last one is used up.
    pub fn read_ahead(self, pages: usize) -> Self {
        All { entries: self.entries.read_ahead(pages), ..self }
    }

    /// All that is left, in memory.
    pub fn into_vec(self) -> Result<Vec<T>> {
        self.client.drive(self.entries.into_vec())
    }
}

impl<T: Send + 'static> Iterator for All<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        // what has arrived needs no runtime
        if let Some(entry) = self.entries.at_hand() {
            return Some(Ok(entry));
        }
        self.client.drive(self.entries.try_next()).transpose()
    }
}
