//! What an application does at a realm, without `async`.

use std::future::Future;
use std::sync::Arc;

use cloakroom_api::admin::authz::Permission;
use serde::de::DeserializeOwned;
use url::Url;

use crate::blocking::Client;
use crate::error::Result;
use crate::oidc::{
    Authorization, AuthorizationUrl, BackchannelLogin, DeviceLogin, Discovery, DpopKey, Introspection, LoggedIn,
    LogoutToken, TokenAnswer, TokenRequest, Userinfo,
};
use crate::uma::{Access, RptRequest};

/// [`crate::OidcClient`] driven to the end of each call on the calling thread. Begin with [`Client::oidc`].
///
/// ```
/// use cloakroom::{ClientAuth, Result, blocking, jwt::TokenClaims, oidc::TokenRequest};
///
/// fn log_in(kc: &blocking::Client) -> Result<TokenClaims> {
///     let app = kc.oidc("acme", "app", ClientAuth::basic("secret"));
///     let tokens = app.token(TokenRequest::password("bob", "hunter2"))?;
///     app.run(app.inner().verifier().verify(tokens.access_token.unwrap_or_default().expose()))
/// }
///
/// fn on_a_television(kc: &blocking::Client) -> Result<()> {
///     let app = kc.oidc("acme", "tv", ClientAuth::none());
///     let login = app.device("openid")?;
///     println!("{}", login.answer.verification_uri_complete.as_deref().unwrap_or_default());
///     let tokens = app.run(login.wait())?;
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct OidcClient {
    app: crate::OidcClient,
    client: Client,
}

impl OidcClient {
    pub(crate) fn new(app: crate::OidcClient, client: Client) -> Self {
        OidcClient { app, client }
    }

    /// The async client, for what is not asynchronous, and for [`run`](Self::run).
    pub fn inner(&self) -> &crate::OidcClient {
        &self.app
    }

    /// Runs anything the async client can do to its end.
    pub fn run<F: Future<Output: Send> + Send>(&self, work: F) -> F::Output {
        self.client.drive(work)
    }

    /// [`with_dpop`](crate::OidcClient::with_dpop).
    pub fn with_dpop(&self, key: DpopKey) -> Self {
        OidcClient { app: self.app.with_dpop(key), client: self.client.clone() }
    }

    /// [`user`](crate::OidcClient::user), run to its end.
    pub fn user<T: DeserializeOwned + Send>(&self, access_token: &str) -> Result<T> {
        self.run(self.app.user(access_token))
    }

    /// [`push`](AuthorizationUrl::push), run to its end.
    pub fn push(&self, request: AuthorizationUrl) -> Result<Authorization> {
        self.run(request.push())
    }
}

macro_rules! run_to_their_end {
    ($( fn $name:ident($($arg:ident: $kind:ty),*) -> $out:ty; )+) => { impl OidcClient { $(
        #[doc = concat!("[`", stringify!($name), "`](crate::OidcClient::", stringify!($name), "), run to its end.")]
        pub fn $name(&self, $($arg: $kind),*) -> Result<$out> {
            self.run(self.app.$name($($arg),*))
        }
    )+ } };
}

run_to_their_end! {
    fn token(request: TokenRequest) -> TokenAnswer;
    fn authorize(redirect_uri: &str) -> AuthorizationUrl;
    fn register(redirect_uri: &str) -> AuthorizationUrl;
    fn callback(sent: &Authorization, query: &str) -> LoggedIn;
    fn device(scope: &str) -> DeviceLogin;
    fn backchannel(login_hint: &str, scope: &str, more: &[(&str, &str)]) -> BackchannelLogin;
    fn userinfo(access_token: &str) -> Userinfo;
    fn introspect(token: &str, hint: Option<&str>) -> Introspection;
    fn introspect_jwt(token: &str) -> Option<String>;
    fn revoke(token: &str) -> bool;
    fn logout(refresh_token: &str) -> ();
    fn end_session(id_token_hint: Option<&str>, redirect_uri: Option<&str>) -> Url;
    fn logout_token(token: &str) -> LogoutToken;
    fn frontchannel_logout(query: &str) -> String;
    fn discovery() -> Arc<Discovery>;
    fn rpt(request: RptRequest) -> TokenAnswer;
    fn decide(request: RptRequest) -> bool;
    fn permissions(request: RptRequest) -> Vec<Permission>;
    fn access(request: RptRequest) -> Access;
}
