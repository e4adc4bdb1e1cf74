//! OpenID Connect for applications: what one of a realm's clients can do there.

mod auth;
mod authorize;
mod cache;
mod token;

use std::sync::Arc;

use cloakroom_api::endpoint::{Call, Form, Reply, Transport};
use cloakroom_api::oidc::{
    introspect::Introspect, logout::Logout, revoke::Revoke, token::Token, userinfo::UserinfoEndpoint,
};
use http::{HeaderValue, header};
use url::Url;

pub use auth::ClientAuth;
pub use authorize::{Authorization, AuthorizationUrl, Pkce};
pub use cloakroom_api::oidc::discovery::Discovery;
pub use cloakroom_api::oidc::introspect::Introspection;
pub use cloakroom_api::oidc::token::TokenAnswer;
pub use cloakroom_api::oidc::userinfo::Userinfo;
pub use token::TokenRequest;

pub(crate) use cache::{Caches, RealmCache};

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
}

impl OidcClient {
    pub(crate) fn new(client: Client, realm: &str, id: &str, auth: ClientAuth) -> Self {
        let cache = client.caches().realm(realm);
        OidcClient { client, realm: realm.to_owned(), id: id.to_owned(), auth, cache }
    }

    /// Asks for tokens.
    ///
    /// Errors: [`Error::Status`] with a [`code`](Error::code) of RFC 6749, 5.2: `invalid_grant` for a wrong password, a used
    /// code or an ended session, `unauthorized_client` for a wrong client secret.
    pub async fn token(&self, request: TokenRequest) -> Result<TokenAnswer> {
        let (via, form) = self.prove(request.0).await?;
        Token::new(&via, &self.realm).request(&form).await
    }

    /// Where to send a browser so that its user logs in and comes back to `redirect_uri` with a code.
    ///
    /// ```
    /// use cloakroom::{OidcClient, Result, oidc::{Authorization, TokenAnswer, TokenRequest}};
    ///
    /// async fn send_off(app: &OidcClient) -> Result<Authorization> {
    ///     app.authorize("https://app.example.com/back").await?.scope("openid email").build() // keep it, redirect to its `url`
    /// }
    ///
    /// async fn come_back(app: &OidcClient, sent: &Authorization, state: &str, code: &str) -> Result<Option<TokenAnswer>> {
    ///     if state != sent.state.expose() {
    ///         return Ok(None); // not the browser that was sent off
    ///     }
    ///     app.token(TokenRequest::code(code, sent)).await.map(Some)
    /// }
    /// ```
    pub async fn authorize(&self, redirect_uri: &str) -> Result<AuthorizationUrl> {
        let discovery = self.discovery().await?;
        let endpoint = self.endpoint("authorization_endpoint", &discovery.authorization_endpoint)?;
        Ok(AuthorizationUrl::new(endpoint, &self.id, redirect_uri))
    }

    /// Where to send a browser so that its user is logged out (OpenID Connect RP-Initiated Logout 1.0): `id_token_hint`
    /// spares the question whether to, and `redirect_uri`, where to go then, needs it.
    pub async fn end_session(&self, id_token_hint: Option<&str>, redirect_uri: Option<&str>) -> Result<Url> {
        let discovery = self.discovery().await?;
        let mut url = self.endpoint("end_session_endpoint", &discovery.end_session_endpoint)?;
        let hints = [("id_token_hint", id_token_hint), ("post_logout_redirect_uri", redirect_uri)];
        url.query_pairs_mut()
            .append_pair("client_id", &self.id)
            .extend_pairs(hints.into_iter().filter_map(|(name, value)| Some((name, value?))));
        Ok(url)
    }

    /// The claims about the user of an access token that has the scope `openid`.
    pub async fn userinfo(&self, access_token: &str) -> Result<Userinfo> {
        let bearer = HeaderValue::try_from(format!("Bearer {access_token}"));
        let via = self.with_header(Some(bearer.map_err(|_| Error::Config("not an access token".to_owned()))?));
        UserinfoEndpoint::new(&via, &self.realm).get().await
    }

    /// Asks what a token is worth now, ended sessions included. Keycloak answers `active: false` also where this client is
    /// not in the token's `aud`, and for a refresh token without the hint `refresh_token`.
    pub async fn introspect(&self, token: &str, hint: Option<&str>) -> Result<Introspection> {
        let form = Form::default().with("token", token);
        let form = hint.into_iter().fold(form, |form, hint| form.with("token_type_hint", hint));
        let (via, form) = self.prove(form).await?;
        Introspect::new(&via, &self.realm).request(&form).await
    }

    /// Revokes a token; with a refresh token its session ends. True where it was good until now.
    pub async fn revoke(&self, token: &str) -> Result<bool> {
        let (via, form) = self.prove(Form::default().with("token", token)).await?;
        Ok(Revoke::new(&via, &self.realm).request(&form).await?.is_none())
    }

    /// Ends the session of a refresh token.
    pub async fn logout(&self, refresh_token: &str) -> Result<()> {
        let (via, form) = self.prove(Form::default().with("refresh_token", refresh_token)).await?;
        Logout::new(&via, &self.realm).request(&form).await
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

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn realm(&self) -> &str {
        &self.realm
    }

    pub(crate) fn cache(&self) -> &RealmCache {
        &self.cache
    }

    fn endpoint(&self, name: &str, url: &Option<String>) -> Result<Url> {
        let url = url.as_deref().and_then(|url| Url::parse(url).ok());
        url.ok_or_else(|| self.undiscovered(name))
    }

    fn undiscovered(&self, name: &str) -> Error {
        Error::Config(format!(
            "the discovery of realm \"{}\" has no {name}: is the URL that of a Keycloak?",
            self.realm
        ))
    }

    async fn prove(&self, form: Form) -> Result<(Via<'_>, Form)> {
        let issuer = if self.auth.signs() { self.issuer().await? } else { String::new() };
        let (form, header) = self.auth.prove(&self.id, form, &issuer, self.client.clock().seconds())?;
        Ok((self.with_header(header), form))
    }

    fn with_header(&self, authorization: Option<HeaderValue>) -> Via<'_> {
        Via { client: &self.client, authorization }
    }
}

/// A client that adds an `Authorization` of its own.
struct Via<'c> {
    client: &'c Client,
    authorization: Option<HeaderValue>,
}

impl Transport for Via<'_> {
    type Out<'a, R: Reply>
        = <Client as Transport>::Out<'a, R>
    where
        Self: 'a;

    fn send<R: Reply>(&self, call: Call) -> Self::Out<'_, R> {
        let call = self.authorization.iter().cloned().fold(call, |call, mut value| {
            value.set_sensitive(true);
            call.header(header::AUTHORIZATION, value)
        });
        self.client.send::<R>(call)
    }
}
