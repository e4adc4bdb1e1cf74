//! The client for code without `async`.

mod list;
mod oidc;

pub use list::All;
pub use oidc::OidcClient;

use std::future::Future;
use std::sync::{Arc, mpsc};

use cloakroom_api::endpoint::{Call, List, Pages, Reply, Transport};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;

use crate::config::ClientBuilder;
use crate::error::{Error, Result};
use crate::login::Login;
use crate::management::Management;
use crate::oidc::ClientAuth;
use crate::steps::Steps;
use cloakroom_api::admin::{realms::Realms, server_info::Server};
use cloakroom_api::fields::Secret;
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

/// The runtime that calls are driven by, on the threads that make them: nothing is handed from thread to thread for a call.
#[derive(Debug)]
struct Driver {
    runtime: Arc<Runtime>,
    /// Dropped after our share of the runtime.
    _kept: mpsc::Sender<()>,
}

impl Driver {
    fn start() -> std::io::Result<Self> {
        let runtime = Arc::new(Builder::new_current_thread().enable_all().build()?);
        // the last share is dropped by a thread that may wait for it; one of another runtime may not
        let ((kept, gone), last) = (mpsc::channel::<()>(), runtime.clone());
        let keep = move || {
            gone.recv().ok();
            drop(last);
        };
        std::thread::Builder::new().name("cloakroom".to_owned()).spawn(keep)?;
        Ok(Driver { runtime, _kept: kept })
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

    /// The same server and connections with another login.
    pub fn login(&self, login: Login) -> Self {
        self.like(self.inner.login(login))
    }

    /// The same server and connections with a token at hand: what a service does on behalf of its caller.
    pub fn token(&self, access_token: impl Into<Secret>) -> Self {
        self.like(self.inner.token(access_token))
    }

    fn like(&self, inner: crate::Client) -> Self {
        Client { inner, driver: self.driver.clone() }
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

    /// What an application does at a realm as one of its clients.
    pub fn oidc(&self, realm: &str, client_id: &str, auth: ClientAuth) -> OidcClient {
        OidcClient::new(self.inner.oidc(realm, client_id, auth), self.clone())
    }

    /// Health and metrics, of a client whose address is that of the management interface.
    pub fn management(&self) -> Management<'_, Self> {
        Management::new(self)
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
        let work = async {
            // connections that the server has closed since the last call are heard of in the first pause, and given up in
            // the second
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
            work.await
        };
        let runtime = &self.driver.runtime;
        if Handle::try_current().is_err() {
            return runtime.block_on(work);
        }
        // a runtime may not be entered from within another, but from a thread of its own it may
        let outcome = std::thread::scope(|scope| scope.spawn(|| runtime.block_on(work)).join());
        outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }

    /// Lets what was begun go on while no call is made, until what this gives is dropped.
    fn go_on(&self) -> Option<oneshot::Sender<()>> {
        let ((until, gone), driver) = (oneshot::channel(), self.driver.clone());
        let thread = std::thread::Builder::new().name("cloakroom pages".to_owned());
        thread.spawn(move || driver.runtime.block_on(gone).is_ok()).ok()?;
        Some(until)
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
        All::new(self.inner.all::<R>(call), self.clone())
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
