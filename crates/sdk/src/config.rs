//! Settings of a client.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::login::Login;
use crate::retry::Retry;
use crate::wire::{Base, Wire};
use crate::{Client, blocking};
use cloakroom_api::fields::Secret;

/// Settings of a [`Client`]; begin with [`Client::builder`].
///
/// ```
/// use std::time::Duration;
/// use cloakroom::{Client, Login, Retry};
///
/// # fn main() -> cloakroom::Result<()> {
/// let kc = Client::builder("https://id.example.com/auth")
///     .login(Login::password("admin", "secret"))
///     .timeout(Duration::from_secs(10))
///     .retry(Retry::DEFAULT.times(5))
///     .header("CF-Access-Client-Id", "abc")?
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct ClientBuilder {
    url: String,
    login: Option<Login>,
    timeout: Duration,
    connect_timeout: Duration,
    idle_connections: usize,
    idle_timeout: Duration,
    retry: Retry,
    max_answer: usize,
    ca: Vec<u8>,
    identity: Option<Secret>,
    accept_invalid_certs: bool,
    proxy: Proxy,
    headers: HeaderMap,
    user_agent: String,
    refresh_margin: Duration,
    clock: Clock,
}

#[derive(Debug)]
enum Proxy {
    Environment,
    None,
    Url(Secret),
}

impl ClientBuilder {
    pub(crate) fn new(url: &str) -> Self {
        ClientBuilder {
            url: url.to_owned(),
            login: None,
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            idle_connections: 32,
            idle_timeout: Duration::from_secs(90),
            retry: Retry::DEFAULT,
            max_answer: 256 * 1024 * 1024,
            ca: Vec::new(),
            identity: None,
            accept_invalid_certs: false,
            proxy: Proxy::Environment,
            headers: HeaderMap::new(),
            user_agent: concat!("cloakroom/", env!("CARGO_PKG_VERSION")).to_owned(),
            refresh_margin: Duration::from_secs(30),
            clock: Clock::system(),
        }
    }

    /// Where access tokens come from. Without one, calls are sent without a token.
    pub fn login(mut self, login: Login) -> Self {
        self.login = Some(login);
        self
    }

    /// The time limit of one attempt, answer included. Default: 60 s.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// The time limit of connecting. Default: 10 s.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How many unused connections are kept, and for how long. Default: 32, for 90 s; 0 keeps none.
    pub fn pool(mut self, idle_connections: usize, idle_timeout: Duration) -> Self {
        (self.idle_connections, self.idle_timeout) = (idle_connections, idle_timeout);
        self
    }

    /// When calls are sent again. Default: [`Retry::DEFAULT`].
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// The longest answer, in bytes. Default: 256 MiB.
    pub fn max_answer(mut self, bytes: usize) -> Self {
        self.max_answer = bytes;
        self
    }

    /// Trusts these certificates and no others: one or more in PEM, the content of a CA file. Default: the system's.
    pub fn ca_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca = pem.into();
        self
    }

    /// Presents a certificate (mutual TLS): certificate, chain and private key in PEM, one after the other.
    pub fn client_certificate_pem(mut self, pem: impl Into<Secret>) -> Self {
        self.identity = Some(pem.into());
        self
    }

    /// Trusts every certificate. Anyone on the way can then read passwords and tokens.
    pub fn danger_accept_invalid_certs(mut self, accept: bool) -> Self {
        self.accept_invalid_certs = accept;
        self
    }

    /// Goes through a proxy, with or without `user:password@`. Default: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = Proxy::Url(url.into());
        self
    }

    /// Goes through no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::None;
        self
    }

    /// Sends a header with every request. Its value is not shown in logs.
    ///
    /// Errors: [`Error::Config`] for a name or value that HTTP does not allow.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self> {
        let bad =
            |what: &str| Error::Config(format!("header \"{name}\": {what} has characters that HTTP does not allow"));
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad("the name"))?;
        let mut value = HeaderValue::from_str(value).map_err(|_| bad("the value"))?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(self)
    }

    /// Passes Cloudflare Access with a service token.
    ///
    /// Errors: [`Error::Config`] for characters that HTTP does not allow.
    pub fn cloudflare_access(self, client_id: &str, secret: impl Into<Secret>) -> Result<Self> {
        let with_id = self.header("CF-Access-Client-Id", client_id)?;
        with_id.header("CF-Access-Client-Secret", secret.into().expose())
    }

    /// What the client calls itself. Default: `cloakroom/` and the version.
    pub fn user_agent(mut self, name: &str) -> Self {
        self.user_agent = name.to_owned();
        self
    }

    /// How long before its expiry an access token is renewed, at most; never more than a fifth of its life. Default: 30 s.
    pub fn refresh_margin(mut self, margin: Duration) -> Self {
        self.refresh_margin = margin;
        self
    }

    /// Takes the time from elsewhere than the system: for the expiry of tokens, and for the assertions and tokens that are
    /// signed and verified. Pauses and time limits stay real.
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(now);
        self
    }

    /// The client. Nothing is sent yet: the first call logs in.
    ///
    /// Errors: [`Error::Config`] for a URL, certificate or proxy that cannot be read, and where the system has no CA
    /// certificates.
    pub fn build(self) -> Result<Client> {
        let base = Base::parse(&self.url)?;
        let http = self.http(&base)?;
        let wire = Wire { http, base, retry: self.retry, max_answer: self.max_answer };
        Ok(Client::assemble(wire, self.clock, self.login, self.refresh_margin))
    }

    /// The same for code without `async`.
    ///
    /// Errors: those of [`build`](Self::build), and [`Error::Config`] where the system gives no runtime.
    pub fn build_blocking(self) -> Result<blocking::Client> {
        blocking::Client::over(self.build()?)
    }

    fn http(&self, base: &Base) -> Result<reqwest::Client> {
        let unreadable =
            |what: &'static str| move |e: reqwest::Error| Error::Config(format!("{what} cannot be read: {e}"));
        let mut http = reqwest::Client::builder()
            .timeout(self.timeout)
            .connect_timeout(self.connect_timeout)
            .pool_max_idle_per_host(self.idle_connections)
            .pool_idle_timeout(self.idle_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .user_agent(&self.user_agent)
            .default_headers(self.headers.clone());
        if !self.ca.is_empty() {
            let certificates = reqwest::Certificate::from_pem_bundle(&self.ca).map_err(unreadable("the CA file"))?;
            if certificates.is_empty() {
                return Err(Error::Config("the CA file holds no certificate in PEM".to_owned()));
            }
            http = http.tls_certs_only(certificates);
        } else if base.is_plain() {
            // no certificates are needed, so a system that has none is good enough
            http = http.tls_certs_only([]);
        }
        if let Some(pem) = &self.identity {
            let identity = reqwest::Identity::from_pem(pem.expose().as_bytes());
            http = http.identity(identity.map_err(unreadable("the client certificate"))?);
        }
        if self.accept_invalid_certs {
            http = http.tls_danger_accept_invalid_certs(true);
        }
        match &self.proxy {
            Proxy::Environment => {}
            Proxy::None => http = http.no_proxy(),
            Proxy::Url(url) => {
                // the parser's own error would repeat the URL, which may hold a password
                let proxy = reqwest::Proxy::all(url.expose()).map_err(|_| {
                    Error::Config("the proxy's URL cannot be read: write it like http://proxy.example.com:3128".into())
                })?;
                http = http.proxy(proxy);
            }
        }
        http.build().map_err(|e| Error::Config(format!("the HTTP client cannot be made: {}", root(&e))))
    }
}

fn root(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    last.to_string()
}
