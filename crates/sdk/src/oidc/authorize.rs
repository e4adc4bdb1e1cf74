//! Sending a browser to log in, and its coming back: the authorization request, with PKCE.

use cloakroom_api::endpoint::Form;
use cloakroom_api::oidc::par::Par;
use cloakroom_jose::SigningKey;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use crate::error::{Error, Result};
use crate::jwt::TokenClaims;
use crate::oidc::pkce::{Pkce, random};
use crate::oidc::{OidcClient, TokenAnswer, TokenRequest};
use cloakroom_api::fields::Secret;

/// What to keep while the browser is away, in the user's session: what it brings back is checked against it.
///
/// It can be written as JSON for that, secrets and all: into a session on the server or an encrypted cookie, no other.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Authorization {
    /// Where to send the browser.
    pub url: Url,
    /// The browser must bring this back as `state`.
    pub state: Secret,
    /// The ID token must have this as `nonce`.
    pub nonce: Secret,
    /// The code is redeemed with its verifier.
    pub pkce: Pkce,
    /// The code is redeemed with the same address.
    pub redirect_uri: String,
}

/// A user who came back logged in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LoggedIn {
    /// The tokens.
    pub tokens: TokenAnswer,
    /// What the verified ID token says of the user; `None` where the scope was without `openid`.
    pub user: Option<TokenClaims>,
}

/// Why a browser that came back is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorizationError {
    /// Not the browser that was sent off, or an old link.
    #[error("the state is not that of this login")]
    State,
    /// Another server's answer (RFC 9207).
    #[error("the answer is another issuer's")]
    Issuer,
    /// A parameter is absent.
    #[error("the answer has no {0}")]
    Missing(&'static str),
    /// The server refused, or the user did: `access_denied`, `login_required`, …
    #[error("{}", description.as_deref().unwrap_or(error))]
    Refused {
        /// The code (OpenID Connect Core, 3.1.2.6).
        error: String,
        /// The server's words.
        description: Option<String>,
    },
}

/// An authorization request (OpenID Connect Core, 3.1.2.1) for a code, with `state`, `nonce` and PKCE. Begin with
/// [`OidcClient::authorize`].
#[derive(Debug, Clone)]
#[must_use]
pub struct AuthorizationUrl {
    app: OidcClient,
    endpoint: Url,
    issuer: String,
    redirect_uri: String,
    scope: String,
    more: Vec<(String, String)>,
    key: Option<SigningKey>,
}

impl OidcClient {
    /// Where to send a browser so that its user logs in and comes back to `redirect_uri` with a code.
    ///
    /// ```
    /// use cloakroom::{OidcClient, Result, oidc::{Authorization, LoggedIn}};
    ///
    /// async fn send_off(app: &OidcClient) -> Result<Authorization> {
    ///     app.authorize("https://app.example.com/back").await?.scope("openid email").build() // keep it, redirect to its `url`
    /// }
    ///
    /// async fn come_back(app: &OidcClient, sent: &Authorization, query: &str) -> Result<LoggedIn> {
    ///     app.callback(sent, query).await
    /// }
    /// ```
    pub async fn authorize(&self, redirect_uri: &str) -> Result<AuthorizationUrl> {
        let discovery = self.discovery().await?;
        Ok(AuthorizationUrl {
            app: self.clone(),
            endpoint: self.endpoint("authorization_endpoint", &discovery.authorization_endpoint)?,
            issuer: self.issuer().await?,
            redirect_uri: redirect_uri.to_owned(),
            scope: "openid".to_owned(),
            more: Vec::new(),
            key: None,
        })
    }

    /// The same, but to Keycloak's registration page, where the realm lets users register.
    pub async fn register(&self, redirect_uri: &str) -> Result<AuthorizationUrl> {
        let mut url = self.authorize(redirect_uri).await?;
        if let Ok(mut segments) = url.endpoint.path_segments_mut() {
            segments.pop().push("registrations");
        }
        Ok(url)
    }

    /// Checks what the browser brought back (the query of the address it came back to, or the body of a `form_post`), redeems
    /// the code, and verifies the ID token: `state`, `iss` (RFC 9207), PKCE and `nonce` are those of the request.
    ///
    /// Errors: [`Error::Authorization`] for a browser that is not believed or was refused, [`Error::Status`] for a code that is
    /// not accepted, [`Error::Token`] for an ID token that is not.
    pub async fn callback(&self, sent: &Authorization, query: &str) -> Result<LoggedIn> {
        let code = answered(sent, query, &self.issuer().await?)?;
        let tokens = self.token(TokenRequest::code(&code, sent)).await?;
        let user = match &tokens.id_token {
            Some(token) => Some(self.id_token_verifier(Some(sent.nonce.expose())).verify(token.expose()).await?),
            None => None,
        };
        Ok(LoggedIn { tokens, user })
    }
}

/// The code of an answer that belongs to the request.
fn answered(sent: &Authorization, query: &str, issuer: &str) -> Result<String, AuthorizationError> {
    let query = query.split_once('?').map_or(query, |(_, query)| query);
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let value = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
    // the state first: nothing else is anybody's word before
    if value("state").map(Secret::from).as_ref() != Some(&sent.state) {
        return Err(AuthorizationError::State);
    }
    if value("iss").is_some_and(|iss| iss != issuer) {
        return Err(AuthorizationError::Issuer);
    }
    if let Some(error) = value("error") {
        return Err(AuthorizationError::Refused { error, description: value("error_description") });
    }
    value("code").ok_or(AuthorizationError::Missing("code"))
}

impl AuthorizationUrl {
    /// The scopes to ask for, separated by spaces. Default: `openid`.
    pub fn scope(mut self, scope: &str) -> Self {
        self.scope = scope.to_owned();
        self
    }

    /// Any further parameter: `prompt`, `login_hint`, `max_age`, `kc_idp_hint`, `kc_action`, `ui_locales`, …
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.more.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Signs the request (OpenID Connect Core, 6; RFC 9101), so that nobody can change it on the way.
    pub fn signed(mut self, key: SigningKey) -> Self {
        self.key = Some(key);
        self
    }

    /// The address, and what to keep.
    ///
    /// Errors: [`Error::Config`] where the system gives no random numbers.
    pub fn build(self) -> Result<Authorization> {
        let (parameters, mut sent) = self.draw()?;
        sent.url.query_pairs_mut().extend_pairs(&parameters);
        Ok(sent)
    }

    /// Sends the parameters to the server directly (RFC 9126): the address holds only a reference to them, good once and for
    /// about a minute.
    ///
    /// Errors: [`Error::Status`] for parameters that the server does not accept, `redirect_uri` foremost.
    pub async fn push(self) -> Result<Authorization> {
        let app = self.app.clone();
        let (parameters, mut sent) = self.draw()?;
        // the client's own id comes with its proof
        let form = Form(parameters.into_iter().filter(|(name, _)| name != "client_id").collect());
        let (via, form) = app.prove(form).await?;
        let pushed = Par::new(&via, app.realm()).push(&form).await?.body;
        let reference = pushed.request_uri.unwrap_or_default();
        sent.url.query_pairs_mut().append_pair("client_id", app.id()).append_pair("request_uri", reference.expose());
        Ok(sent)
    }

    /// The parameters, and what to keep of them; the address is without a query yet.
    fn draw(self) -> Result<(Vec<(String, String)>, Authorization)> {
        let sent = Authorization {
            url: self.endpoint,
            state: random(16)?,
            nonce: random(16)?,
            pkce: Pkce::generate()?,
            redirect_uri: self.redirect_uri,
        };
        let challenge = sent.pkce.challenge();
        let mut parameters: Vec<(String, String)> = [
            ("response_type", "code"),
            ("client_id", self.app.id()),
            ("redirect_uri", &sent.redirect_uri),
            ("scope", &self.scope),
            ("state", sent.state.expose()),
            ("nonce", sent.nonce.expose()),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        if let Some(key) = self.app.dpop() {
            parameters.push(("dpop_jkt".to_owned(), key.thumbprint().to_owned()));
        }
        parameters.extend(self.more);
        if let Some(key) = &self.key {
            let now = self.app.client().clock().seconds();
            let object = request_object(&parameters, self.app.id(), &self.issuer, now, key)?;
            // OpenID Connect wants these outside as well
            parameters.retain(|(name, _)| matches!(&**name, "client_id" | "response_type" | "scope"));
            parameters.push(("request".to_owned(), object));
        }
        Ok((parameters, sent))
    }
}

fn request_object(
    parameters: &[(String, String)],
    client_id: &str,
    issuer: &str,
    now: i64,
    key: &SigningKey,
) -> Result<String> {
    let own = [("iss", client_id.into()), ("aud", issuer.into()), ("iat", now.into()), ("nbf", now.into())];
    let exp = Some(("exp".to_owned(), Value::from(now + 300)));
    let jti = Some(("jti".to_owned(), Value::from(random(16)?.expose())));
    let claims: Map<String, Value> = parameters
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .chain(own.map(|(name, value): (&str, Value)| (name.to_owned(), value)))
        .chain(exp)
        .chain(jti)
        .collect();
    key.sign(&claims).map_err(|e| Error::Config(format!("the request cannot be signed: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent() -> Authorization {
        Authorization {
            url: Url::parse("https://id/auth").unwrap(),
            state: "s".into(),
            nonce: "n".into(),
            pkce: Pkce::from_verifier("v"),
            redirect_uri: "https://app/".into(),
        }
    }

    #[test]
    fn only_the_answer_to_the_request_is_believed() {
        let answer = |query| answered(&sent(), query, "https://id");
        assert_eq!(answer("https://app/?code=c&state=s&iss=https%3A%2F%2Fid"), Ok("c".into()));
        assert_eq!(answer("code=c&state=s"), Ok("c".into()));
        for (query, error) in [
            ("code=c", AuthorizationError::State),
            ("code=c&state=t", AuthorizationError::State),
            ("error=access_denied&state=t", AuthorizationError::State),
            ("code=c&state=s&iss=https%3A%2F%2Fother", AuthorizationError::Issuer),
            ("state=s", AuthorizationError::Missing("code")),
        ] {
            assert_eq!(answer(query), Err(error), "{query}");
        }
        let refused = answer("error=access_denied&error_description=No+way&state=s").unwrap_err();
        assert_eq!(refused.to_string(), "No way");
    }

    #[test]
    fn it_can_be_kept_as_json() {
        let kept = serde_json::to_string(&sent()).unwrap();
        let read: Authorization = serde_json::from_str(&kept).unwrap();
        assert_eq!((read.state, read.pkce.verifier()), (sent().state, sent().pkce.verifier()));
        assert!(!format!("{:?}", sent()).contains("\"v\""));
    }
}
