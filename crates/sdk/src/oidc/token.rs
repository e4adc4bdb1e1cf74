//! The token endpoint: a request per grant, and the answer.

use cloakroom_api::endpoint::Form;

use crate::oidc::Authorization;
use cloakroom_api::fields::Secret;

/// A request for tokens: one of the grants, and what it is asked with.
///
/// ```
/// use cloakroom::oidc::{TokenRequest, TokenType};
///
/// let login = TokenRequest::password("bob", "hunter2").totp("123456").scope("openid email");
/// let renewed = TokenRequest::refresh("eyJ…");
/// let narrowed = TokenRequest::exchange("eyJ…").audience("billing").requested(TokenType::AccessToken);
/// let other = TokenRequest::grant("urn:example:grant").with("secret_word", "xyz");
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct TokenRequest(pub(crate) Form);

/// The kinds of tokens that an exchange takes and gives (RFC 8693, 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenType {
    AccessToken,
    RefreshToken,
    IdToken,
    /// Any JWT: one of an identity provider.
    Jwt,
    Saml2,
}

impl TokenType {
    /// Its URN.
    pub const fn urn(self) -> &'static str {
        match self {
            TokenType::AccessToken => "urn:ietf:params:oauth:token-type:access_token",
            TokenType::RefreshToken => "urn:ietf:params:oauth:token-type:refresh_token",
            TokenType::IdToken => "urn:ietf:params:oauth:token-type:id_token",
            TokenType::Jwt => "urn:ietf:params:oauth:token-type:jwt",
            TokenType::Saml2 => "urn:ietf:params:oauth:token-type:saml2",
        }
    }
}

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
    /// [`OidcClient::callback`](crate::OidcClient::callback) does this, and checks what came with the code.
    pub fn code(code: &str, sent: &Authorization) -> Self {
        let request = Self::plain_code(code, &sent.redirect_uri);
        request.with("code_verifier", sent.pkce.verifier().clone())
    }

    /// The code of a request without PKCE, made elsewhere.
    pub fn plain_code(code: &str, redirect_uri: &str) -> Self {
        Self::grant("authorization_code").with("code", code).with("redirect_uri", redirect_uri)
    }

    /// The code of a device whose user may have agreed (RFC 8628, 3.4).
    /// [`DeviceLogin::wait`](crate::oidc::DeviceLogin::wait) asks until that is so.
    pub fn device(device_code: impl Into<Secret>) -> Self {
        Self::grant("urn:ietf:params:oauth:grant-type:device_code").with("device_code", device_code)
    }

    /// The request of a user who may have agreed elsewhere (OpenID Connect CIBA, 10.1).
    /// [`BackchannelLogin::wait`](crate::oidc::BackchannelLogin::wait) asks until that is so.
    pub fn backchannel(auth_req_id: impl Into<Secret>) -> Self {
        Self::grant("urn:openid:params:grant-type:ciba").with("auth_req_id", auth_req_id)
    }

    /// A JWT that another issuer vouches for a user with (RFC 7523, 2.1).
    pub fn jwt_bearer(assertion: impl Into<Secret>) -> Self {
        Self::grant("urn:ietf:params:oauth:grant-type:jwt-bearer").with("assertion", assertion)
    }

    /// Another token for this access token (RFC 8693): for other audiences or fewer scopes, of another issuer, for another
    /// user. [`subject_type`](Self::subject_type) says where the token is not an access token.
    pub fn exchange(subject_token: impl Into<Secret>) -> Self {
        Self::impersonation().with("subject_token", subject_token).subject_type(TokenType::AccessToken)
    }

    /// A token for another user, by the client's own right: an exchange without a subject. Say for whom with
    /// [`requested_subject`](Self::requested_subject).
    pub fn impersonation() -> Self {
        Self::grant("urn:ietf:params:oauth:grant-type:token-exchange")
    }

    /// What kind of token is exchanged. Default: an access token.
    pub fn subject_type(mut self, kind: TokenType) -> Self {
        self.0.0.retain(|(name, _)| name != "subject_token_type");
        self.with("subject_token_type", kind.urn())
    }

    /// The alias of the identity provider that issued the token to be exchanged.
    pub fn subject_issuer(self, alias: &str) -> Self {
        self.with("subject_issuer", alias)
    }

    /// What kind of token to get. Keycloak gives an access token unless it is asked for another.
    pub fn requested(self, kind: TokenType) -> Self {
        self.with("requested_token_type", kind.urn())
    }

    /// The alias of the identity provider whose token of the user to get.
    pub fn requested_issuer(self, alias: &str) -> Self {
        self.with("requested_issuer", alias)
    }

    /// The id or name of the user to get a token for.
    pub fn requested_subject(self, user: &str) -> Self {
        self.with("requested_subject", user)
    }

    /// A client that the token is to be for. Called again, for each of them.
    pub fn audience(self, client_id: &str) -> Self {
        self.with("audience", client_id)
    }

    /// Where the token is to be used (RFC 8707).
    pub fn resource(self, uri: &str) -> Self {
        self.with("resource", uri)
    }

    /// The scopes to ask for, separated by spaces.
    pub fn scope(self, scope: &str) -> Self {
        self.with("scope", scope)
    }

    /// The one-time code that goes with a password.
    pub fn totp(self, code: impl Into<Secret>) -> Self {
        self.with("totp", code)
    }

    /// Any further parameter. Keycloak refuses most where they are there twice.
    pub fn with(self, name: &str, value: impl Into<Secret>) -> Self {
        TokenRequest(self.0.with(name, value.into().expose()))
    }
}
