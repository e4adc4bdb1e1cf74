//! The token endpoint: a request per grant, and the answer.

use cloakroom_api::endpoint::Form;

use crate::oidc::Authorization;
use cloakroom_api::fields::Secret;

/// A request for tokens: one of the grants, and what it is asked with.
///
/// ```
/// use cloakroom::oidc::TokenRequest;
///
/// let login = TokenRequest::password("bob", "hunter2").totp("123456").scope("openid email");
/// let renewed = TokenRequest::refresh("eyJ…");
/// let other = TokenRequest::grant("urn:ietf:params:oauth:grant-type:device_code").with("device_code", "xyz");
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct TokenRequest(pub(crate) Form);

impl TokenRequest {
    /// Any grant by its name; the rest is added [`with`](Self::with).
    pub fn grant(grant_type: &str) -> Self {
        TokenRequest(Form::default().with("grant_type", grant_type))
    }

    /// The client's own service account (RFC 6749, 4.4).
    pub fn client_credentials() -> Self {
        Self::grant("client_credentials")
    }

    /// A user's name and password (RFC 6749, 4.3).
    pub fn password(username: &str, password: impl Into<Secret>) -> Self {
        Self::grant("password").with("username", username).with("password", password)
    }

    /// New tokens for a refresh token (RFC 6749, 6).
    pub fn refresh(refresh_token: impl Into<Secret>) -> Self {
        Self::grant("refresh_token").with("refresh_token", refresh_token)
    }

    /// The code that the browser brought back (RFC 6749, 4.1.3), with what was kept when it was sent off.
    pub fn code(code: &str, sent: &Authorization) -> Self {
        let request =
            Self::grant("authorization_code").with("code", code).with("redirect_uri", sent.redirect_uri.as_str());
        request.with("code_verifier", sent.pkce.verifier().clone())
    }

    /// The scopes to ask for, separated by spaces.
    pub fn scope(self, scope: &str) -> Self {
        self.with("scope", scope)
    }

    /// The one-time code that goes with a password.
    pub fn totp(self, code: impl Into<Secret>) -> Self {
        self.with("totp", code)
    }

    /// Any further parameter. Keycloak refuses one that is there twice.
    pub fn with(self, name: &str, value: impl Into<Secret>) -> Self {
        TokenRequest(self.0.with(name, value.into().expose()))
    }
}
