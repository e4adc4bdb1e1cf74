//! OpenID Connect for applications: what one of a realm's clients can do there.

mod auth;
mod authorize;
mod cache;
mod dpop;
mod inspect;
mod logout;
mod mtls;
mod pkce;
mod poll;
mod token;
mod via;

use std::sync::Arc;

use cloakroom_api::endpoint::Form;
use cloakroom_api::oidc::{ciba::Ciba, device::Device, token::Token};
use http::HeaderValue;
use url::Url;

pub use auth::ClientAuth;
pub use authorize::{Authorization, AuthorizationError, AuthorizationUrl, LoggedIn};
pub use cloakroom_api::oidc::discovery::Discovery;
pub use cloakroom_api::oidc::introspect::Introspection;
pub use cloakroom_api::oidc::register::ClientMetadata;
pub use cloakroom_api::oidc::token::TokenAnswer;
pub use cloakroom_api::oidc::userinfo::Userinfo;
pub use dpop::DpopKey;
pub use logout::LogoutToken;
pub use pkce::Pkce;
pub use poll::{BackchannelLogin, DeviceLogin, PendingLogin};
pub use token::{TokenRequest, TokenType};

pub(crate) use cache::{Caches, RealmCache};
pub(crate) use via::{Proof, Via};

use crate::client::Client;
use crate::error::{Error, Result};
use crate::jwt::Verifier;

/// One of a realm's clients, and what it does as an application: get and renew tokens, ask about them, verify them, log
/// out. Cheap to clone. Begin with [`Client::oidc`].
///
/// ```
/// use cloakroom::{Client, ClientAuth, Result, oidc::TokenRequest};
///
/// async fn login(kc: &Client) -> Result<()> {
///     let app = kc.oidc("acme", "app", ClientAuth::basic("secret"));
///     let tokens = app.token(TokenRequest::password("bob", "hunter2").scope("openid")).await?;
///     let access = tokens.access_token.unwrap_or_default();
///     let claims: serde_json::Value = app.verifier().verify(access.expose()).await?;
///     println!("hello {}", claims["preferred_username"]);
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone)]
pub struct OidcClient {
    client: Client,
    realm: String,
    id: String,
    auth: ClientAuth,
    cache: Arc<RealmCache>,
    dpop: Option<DpopKey>,
}

impl OidcClient {
    pub(crate) fn new(client: Client, realm: &str, id: &str, auth: ClientAuth) -> Self {
        let cache = client.caches().realm(realm);
        OidcClient { client, realm: realm.to_owned(), id: id.to_owned(), auth, cache, dpop: None }
    }

    /// The same client with tokens that are bound to a key (RFC 9449): proofs go with its requests for tokens and for
    /// [`userinfo`](Self::userinfo).
    pub fn with_dpop(&self, key: DpopKey) -> Self {
        OidcClient { dpop: Some(key), ..self.clone() }
    }

    /// Asks for tokens.
    ///
    /// Errors: [`Error::Status`] with a [`code`](Error::code) of RFC 6749, 5.2: `invalid_grant` for a wrong password, a used
    /// code or an ended session, `unauthorized_client` for a wrong client secret.
    pub async fn token(&self, request: TokenRequest) -> Result<TokenAnswer> {
        let (mut via, form) = self.prove(request.0).await?;
        via.proof = self.proof(None);
        Token::new(&via, &self.realm).request(&form).await
    }

    /// Begins a login on another device (RFC 8628), for a machine without a browser: with the scopes to ask for, separated by
    /// spaces. The client must be allowed to (its setting "OAuth 2.0 Device Authorization Grant").
    pub async fn device(&self, scope: &str) -> Result<DeviceLogin> {
        let (via, form) = self.prove(Form::default().with("scope", scope)).await?;
        let answer = Device::new(&via, &self.realm).request(&form).await?;
        Ok(DeviceLogin::device(self.clone(), answer))
    }

    /// Asks a user to agree to a login elsewhere, on a phone say (OpenID Connect CIBA): `login_hint` names the user,
    /// `scope` must have `openid`, and `more` may have a `binding_message`, for the user to compare.
    pub async fn backchannel(&self, login_hint: &str, scope: &str, more: &[(&str, &str)]) -> Result<BackchannelLogin> {
        let form = Form::default().with("login_hint", login_hint).with("scope", scope);
        let form = more.iter().fold(form, |form, (name, value)| form.with(name, *value));
        let (via, form) = self.prove(form).await?;
        let answer = Ciba::new(&via, &self.realm).request(&form).await?;
        Ok(BackchannelLogin::backchannel(self.clone(), answer))
    }

    /// What the realm can do and where. Fetched once, and again after ten minutes.
    pub async fn discovery(&self) -> Result<Arc<Discovery>> {
        self.cache.discovery(&self.client, &self.realm).await
    }

    /// The realm's name as an issuer of tokens.
    pub(crate) async fn issuer(&self) -> Result<String> {
        let discovery = self.discovery().await?;
        discovery.issuer.clone().ok_or_else(|| self.undiscovered("issuer"))
    }

    /// Verifies access tokens of the realm, whichever client they were issued to.
    pub fn verifier(&self) -> Verifier {
        Verifier::new(self.clone()).typ("Bearer")
    }

    /// Verifies ID tokens issued to this client (OpenID Connect Core, 3.1.3.7), for [`Authorization::nonce`] if it is given.
    pub fn id_token_verifier(&self, nonce: Option<&str>) -> Verifier {
        let verifier = Verifier::new(self.clone()).typ("ID").audience(&self.id).azp(&self.id);
        nonce.into_iter().fold(verifier, Verifier::nonce)
    }

    /// Any JWT that the realm signed for this client.
    pub(crate) fn signed_by_realm(&self) -> Verifier {
        Verifier::new(self.clone()).audience(&self.id)
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn dpop(&self) -> Option<&DpopKey> {
        self.dpop.as_ref()
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn realm(&self) -> &str {
        &self.realm
    }

    pub(crate) fn cache(&self) -> &RealmCache {
        &self.cache
    }

    pub(crate) fn endpoint(&self, name: &str, url: &Option<String>) -> Result<Url> {
        let url = url.as_deref().and_then(|url| Url::parse(url).ok());
        url.ok_or_else(|| self.undiscovered(name))
    }

    fn undiscovered(&self, name: &str) -> Error {
        Error::Config(format!(
            "the discovery of realm \"{}\" has no {name}: is the URL that of a Keycloak?",
            self.realm
        ))
    }

    /// Adds the client's credentials to a form; some go into a header.
    pub(crate) async fn prove(&self, form: Form) -> Result<(Via<'_>, Form)> {
        let issuer = if self.auth.signs() { self.issuer().await? } else { String::new() };
        let (form, header) = self.auth.prove(&self.id, form, &issuer, self.client.clock().seconds())?;
        let form = match self.auth.asked().await? {
            Some(assertion) => auth::asserted(form, assertion.expose()),
            None => form,
        };
        Ok((self.via(header), form))
    }

    /// How a call is sent.
    pub(crate) fn via(&self, authorization: Option<HeaderValue>) -> Via<'_> {
        let certified = self.auth.is_tls().then_some(self);
        Via { client: &self.client, authorization, accept: None, proof: None, certified }
    }

    /// The proof that goes with a request and its access token, where there is a key.
    pub(crate) fn proof<'c>(&'c self, token: Option<&'c str>) -> Option<Proof<'c>> {
        self.dpop.as_ref().map(|key| Proof { key, token })
    }
}
