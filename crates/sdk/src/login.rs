//! Where access tokens come from, and how they are kept fresh.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http::HeaderValue;
use tracing::Instrument;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::oidc::{ClientAuth, DpopKey, OidcClient, Proof, TokenAnswer, TokenRequest};
use cloakroom_api::fields::Secret;

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;
pub(crate) type Ask<T> = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>> + Send + Sync>;

/// A source of access tokens: who logs in, to which realm, as which client.
///
/// The realm is `master` and the client the public `admin-cli`, unless it says otherwise. The realm of the login is not that
/// of the calls: an administrator of `master` may change every realm.
///
/// ```
/// use cloakroom::{ClientAuth, Login};
///
/// let admin = Login::password("admin", "secret").totp("123456");
/// let robot = Login::client_credentials("robot", ClientAuth::basic("secret")).realm("acme");
/// let known = Login::refresh_token("eyJ…").realm("acme").client("app", ClientAuth::none());
/// let other = Login::callback(async || Ok(cloakroom::AccessToken::new(std::fs::read_to_string("token")?)));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Login {
    realm: String,
    client: String,
    auth: ClientAuth,
    scope: Option<String>,
    dpop: Option<DpopKey>,
    source: Source,
}

#[derive(Clone)]
enum Source {
    Password { username: String, password: Secret, totp: Option<Ask<Secret>> },
    Client,
    Refresh(Secret),
    Fixed(Secret),
    Callback(Ask<AccessToken>),
}

impl Login {
    fn new(source: Source) -> Self {
        let (realm, client) = ("master".to_owned(), "admin-cli".to_owned());
        Login { realm, client, auth: ClientAuth::none(), scope: None, dpop: None, source }
    }

    /// A user's name and password (RFC 6749, 4.3). Renewed by the refresh token, and by a new login once that is over.
    pub fn password(username: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self::new(Source::Password { username: username.into(), password: password.into(), totp: None })
    }

    /// A client's service account (RFC 6749, 4.4).
    pub fn client_credentials(client_id: impl Into<String>, auth: ClientAuth) -> Self {
        Self::new(Source::Client).client(client_id, auth)
    }

    /// A refresh token from elsewhere, to be used with the client it was issued to. There is no way back once the server
    /// does not take it any more.
    pub fn refresh_token(token: impl Into<Secret>) -> Self {
        Self::new(Source::Refresh(token.into()))
    }

    /// An access token that somebody else keeps fresh.
    pub fn token(access_token: impl Into<Secret>) -> Self {
        Self::new(Source::Fixed(access_token.into()))
    }

    /// A function that gets a token. It is asked again shortly before the token expires, and after a 401.
    pub fn callback<F, Fut>(ask: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<AccessToken, BoxError>> + Send + 'static,
    {
        Self::new(Source::Callback(Arc::new(move || Box::pin(ask()))))
    }

    /// The realm to log in to. Default: `master`.
    pub fn realm(mut self, realm: impl Into<String>) -> Self {
        self.realm = realm.into();
        self
    }

    /// The client to log in as, and how it authenticates. Default: `admin-cli`, which does not.
    pub fn client(mut self, client_id: impl Into<String>, auth: ClientAuth) -> Self {
        (self.client, self.auth) = (client_id.into(), auth);
        self
    }

    /// The scopes to ask for, separated by spaces.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// Binds the tokens to a key (RFC 9449): a proof goes with each call, and a token that is stolen is worth nothing.
    pub fn dpop(mut self, key: DpopKey) -> Self {
        self.dpop = Some(key);
        self
    }

    /// The one-time code that goes with the password. Good for one login: for more, see [`totp_from`](Self::totp_from).
    pub fn totp(self, code: impl Into<Secret>) -> Self {
        let code = code.into();
        self.totp_from(move || std::future::ready(Ok(code.clone())))
    }

    /// A function that gives the one-time code, asked at each login.
    pub fn totp_from<F, Fut>(mut self, ask: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Secret, BoxError>> + Send + 'static,
    {
        if let Source::Password { totp, .. } = &mut self.source {
            *totp = Some(Arc::new(move || Box::pin(ask())));
        }
        self
    }

    fn oidc(&self, client: &Client) -> OidcClient {
        let app = client.oidc(&self.realm, &self.client, self.auth.clone());
        self.dpop.iter().fold(app, |app, key| app.with_dpop(key.clone()))
    }

    /// Logs in anew.
    async fn obtain(&self, client: &Client) -> Result<AccessToken> {
        let request = match &self.source {
            Source::Fixed(token) => return Ok(AccessToken::new(token.clone())),
            Source::Callback(ask) => return ask().await.map_err(Error::TokenSource),
            Source::Refresh(token) => TokenRequest::refresh(token.clone()),
            Source::Client => TokenRequest::client_credentials(),
            Source::Password { username, password, totp } => {
                let request = TokenRequest::password(username, password.clone());
                match totp {
                    Some(ask) => request.totp(ask().await.map_err(Error::TokenSource)?),
                    None => request,
                }
            }
        };
        let request = self.scope.iter().fold(request, |request, scope| request.scope(scope));
        self.oidc(client).token(request).await?.try_into()
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Source::Password { .. } => "Password",
            Source::Client => "Client",
            Source::Refresh(_) => "Refresh",
            Source::Fixed(_) => "Fixed",
            Source::Callback(_) => "Callback",
        })
    }
}

/// What a token source gives: an access token, and what is known about its future.
#[derive(Debug, Clone)]
#[must_use]
pub struct AccessToken {
    access: Secret,
    expires_in: Option<Duration>,
    refresh: Option<Secret>,
    refresh_expires_in: Option<Duration>,
}

impl AccessToken {
    /// A token that is used until it is refused.
    pub fn new(token: impl Into<Secret>) -> Self {
        AccessToken { access: token.into(), expires_in: None, refresh: None, refresh_expires_in: None }
    }

    /// How long it is good for, from now.
    pub fn expires_in(mut self, life: Duration) -> Self {
        self.expires_in = Some(life);
        self
    }
}

impl TryFrom<TokenAnswer> for AccessToken {
    type Error = Error;

    fn try_from(answer: TokenAnswer) -> Result<Self> {
        let life = |seconds: Option<i64>| seconds.and_then(|s| u64::try_from(s).ok()).map(Duration::from_secs);
        let access = answer.access_token.ok_or_else(|| Error::TokenSource("the answer has no access token".into()))?;
        Ok(AccessToken {
            access,
            expires_in: life(answer.expires_in),
            refresh: answer.refresh_token,
            // 0 stands for "does not expire" (offline tokens)
            refresh_expires_in: life(answer.refresh_expires_in).filter(|life| !life.is_zero()),
        })
    }
}

/// A token in use.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) access: Secret,
    pub(crate) header: HeaderValue,
    /// Which of the session's tokens this is: who was refused one asks for another.
    pub(crate) number: u64,
    due: Option<SystemTime>,
    refresh: Option<Secret>,
    refresh_until: Option<SystemTime>,
}

/// A login and its current token, shared by all clones of a client.
#[derive(Debug)]
pub(crate) struct Session {
    login: Login,
    margin: Duration,
    /// Held by the one that renews; the rest wait for it.
    gate: Arc<tokio::sync::Mutex<()>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    current: Option<Arc<Held>>,
    /// How many renewals have ended.
    renewals: u64,
    /// Why the last of them failed, if it did.
    failure: Option<Arc<Error>>,
}

impl Session {
    pub(crate) fn new(login: Login, margin: Duration) -> Self {
        Session { login, margin, gate: Arc::default(), state: Mutex::default() }
    }

    /// Whether asking again after a 401 can give another token.
    pub(crate) fn renews(&self) -> bool {
        !matches!(self.login.source, Source::Fixed(_))
    }

    /// The current token, or a new one where it is about to expire or is the one that was `refused`.
    ///
    /// However many ask, one of them renews; those that waited share its outcome, also a failure: a wrong password is tried
    /// once. The renewal is a task of its own and ends even if the caller goes away, since a refresh token that the server
    /// has replaced must not be lost.
    pub(crate) async fn token(self: &Arc<Self>, client: &Client, refused: Option<u64>) -> Result<Arc<Held>> {
        let renewals = self.state().renewals;
        if let Some(held) = self.usable(client, refused) {
            return Ok(held);
        }
        let gate = self.gate.clone().lock_owned().await;
        if let Some(held) = self.usable(client, refused) {
            return Ok(held);
        }
        if let Some(failure) = self.failed_since(renewals) {
            return Err(self.error(failure));
        }
        let (session, client) = (self.clone(), client.anonymous());
        let renewal = async move {
            let outcome = session.renew(&client).await;
            drop(gate);
            outcome
        };
        match tokio::spawn(renewal.in_current_span()).await {
            Ok(outcome) => outcome.map_err(|failure| self.error(failure)),
            Err(_) => Err(self.error(Arc::new(Error::TokenSource("the login was interrupted".into())))),
        }
    }

    async fn renew(&self, client: &Client) -> Result<Arc<Held>, Arc<Error>> {
        let asked = client.clock().now();
        let outcome = self.next(client, asked).await;
        let mut state = self.state();
        state.renewals += 1;
        let held = outcome.and_then(|token| self.hold(token, asked, state.renewals)).map_err(Arc::new);
        state.failure = held.as_ref().err().cloned();
        if let Ok(held) = &held {
            state.current = Some(held.clone());
        }
        held
    }

    /// By the refresh token if there is one, else by the login. A refused refresh token means that its session is over; the
    /// words it is refused with vary, so they are not looked at.
    async fn next(&self, client: &Client, now: SystemTime) -> Result<AccessToken> {
        let current = self.state().current.clone();
        let unexpired = |held: &&Arc<Held>| held.refresh_until.is_none_or(|until| now < until);
        if let Some(refresh) = current.as_ref().filter(unexpired).and_then(|held| held.refresh.clone()) {
            match self.login.oidc(client).token(TokenRequest::refresh(refresh)).await {
                Err(e) if e.is_bad_request() || e.is_unauthorized() => {
                    tracing::debug!(error = %e, "the session is over")
                }
                outcome => return outcome?.try_into(),
            }
        }
        if current.is_some() && matches!(self.login.source, Source::Refresh(_)) {
            return Err(Error::TokenSource("the refresh token is not accepted any more: get a new one".into()));
        }
        self.login.obtain(client).await
    }

    fn hold(&self, token: AccessToken, asked: SystemTime, number: u64) -> Result<Arc<Held>> {
        let scheme = if self.login.dpop.is_some() { "DPoP" } else { "Bearer" };
        let header = HeaderValue::try_from(format!("{scheme} {}", token.access.expose().trim()));
        let mut header =
            header.map_err(|_| Error::TokenSource("the token has characters that HTTP does not allow".into()))?;
        header.set_sensitive(true);
        Ok(Arc::new(Held {
            header,
            number,
            due: token.expires_in.and_then(|life| asked.checked_add(life - self.margin.min(life / 5))),
            refresh_until: token.refresh_expires_in.and_then(|life| asked.checked_add(life)),
            refresh: token.refresh,
            access: token.access,
        }))
    }

    /// What a call with this token is proven with.
    pub(crate) fn proof<'c>(&'c self, held: &'c Held) -> Option<Proof<'c>> {
        self.login.dpop.as_ref().map(|key| Proof { key, token: Some(held.access.expose().trim()) })
    }

    fn usable(&self, client: &Client, refused: Option<u64>) -> Option<Arc<Held>> {
        let held = self.state().current.clone()?;
        let fresh = held.due.is_none_or(|due| client.clock().now() < due);
        (fresh && refused != Some(held.number)).then_some(held)
    }

    fn failed_since(&self, renewals: u64) -> Option<Arc<Error>> {
        let state = self.state();
        state.failure.clone().filter(|_| state.renewals > renewals)
    }

    /// Ends the session at the server, if the login made one.
    pub(crate) async fn end(&self, client: &Client) -> Result<()> {
        let held = self.state().current.take();
        match held.and_then(|held| held.refresh.clone()) {
            Some(refresh) => self.login.oidc(client).logout(refresh.expose()).await,
            None => Ok(()),
        }
    }

    fn error(&self, source: Arc<Error>) -> Error {
        Error::Login { realm: self.login.realm.as_str().into(), client: self.login.client.as_str().into(), source }
    }

    /// Nothing panics while it holds the lock, so a poisoned one is as good as new.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
