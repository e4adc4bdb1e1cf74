//! Asking for permissions: the grant of requesting party tokens (UMA 2.0 Grant, 3.3.1, and Keycloak's additions).

use cloakroom_api::admin::authz::Permission;
use cloakroom_api::endpoint::{Form, Json, Reply, Transport};
use cloakroom_api::fields::Secret;
use cloakroom_api::oidc::token::Token;
use data_encoding::BASE64;
use http::HeaderValue;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::oidc::{OidcClient, TokenAnswer, TokenRequest};
use crate::steps::Unsent;
use crate::uma::PermissionExpr;

/// Who asks a resource server's policies for what.
///
/// ```
/// use cloakroom::{OidcClient, Result, uma::RptRequest};
///
/// async fn may_print(app: &OidcClient, access_token: &str) -> Result<bool> {
///     let asked = "Album#print".parse().expect("a resource and a scope");
///     app.decide(RptRequest::user(access_token).audience("photos").permission(asked)).await
/// }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct RptRequest {
    /// The token of who asks; the client itself where there is none.
    bearer: Option<Secret>,
    form: Form,
    asked: Vec<PermissionExpr>,
}

/// What a user may do of what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// All of it.
    Granted,
    /// All but these.
    Missing(Vec<PermissionExpr>),
    /// The token is not accepted: the user must log in.
    NotLoggedIn,
}

impl Access {
    /// Whether all of it is granted.
    pub fn is_granted(&self) -> bool {
        matches!(self, Access::Granted)
    }
}

impl RptRequest {
    fn new(bearer: Option<Secret>) -> Self {
        let form = TokenRequest::grant("urn:ietf:params:oauth:grant-type:uma-ticket").0;
        RptRequest { bearer, form, asked: Vec::new() }
    }

    /// The user of an access token asks.
    pub fn user(access_token: impl Into<Secret>) -> Self {
        Self::new(Some(access_token.into()))
    }

    /// The client asks, for its own service account.
    pub fn client() -> Self {
        Self::new(None)
    }

    /// The client asks for the user of an access token, which need not have been issued to it.
    pub fn subject(access_token: impl Into<Secret>) -> Self {
        Self::new(None).with("subject_token", access_token)
    }

    /// The `clientId` of the resource server. Needed without a ticket, which names it.
    pub fn audience(self, client_id: &str) -> Self {
        self.with("audience", client_id)
    }

    /// One permission. Called again, for each of them; without any, all that the resource server has is asked for.
    pub fn permission(mut self, permission: PermissionExpr) -> Self {
        self.form = self.form.with("permission", permission.to_string());
        self.asked.push(permission);
        self
    }

    /// Several permissions.
    pub fn permissions(self, permissions: impl IntoIterator<Item = PermissionExpr>) -> Self {
        permissions.into_iter().fold(self, Self::permission)
    }

    /// What a resource server noted that its caller lacked.
    pub fn ticket(self, ticket: impl Into<Secret>) -> Self {
        self.with("ticket", ticket)
    }

    /// A requesting party token whose permissions are to be in the new one too.
    pub fn rpt(self, rpt: impl Into<Secret>) -> Self {
        self.with("rpt", rpt)
    }

    /// What policies may know beyond the user: an object whose members are lists of text.
    ///
    /// Errors: [`Error::Config`] for what JSON cannot write.
    pub fn claims(self, claims: &impl Serialize) -> Result<Self> {
        let text =
            serde_json::to_vec(claims).map_err(|e| Error::Config(format!("the claims cannot be written: {e}")))?;
        Ok(self.claim_token(BASE64.encode(&text), "urn:ietf:params:oauth:token-type:jwt"))
    }

    /// The same as a token: base64 of JSON, or an ID token with the format
    /// `http://openid.net/specs/openid-connect-core-1_0.html#IDToken`.
    pub fn claim_token(self, token: impl Into<Secret>, format: &str) -> Self {
        self.with("claim_token", token).with("claim_token_format", format)
    }

    /// Whether the owner is asked where the user lacks a permission of a ticket.
    pub fn submit_request(self, submit: bool) -> Self {
        self.with("submit_request", submit.to_string())
    }

    /// Whether the answer has names of resources beside their ids. Default: true.
    pub fn resource_names(self, include: bool) -> Self {
        self.with("response_include_resource_name", include.to_string())
    }

    /// At most so many permissions.
    pub fn limit(self, permissions: u32) -> Self {
        self.with("response_permissions_limit", permissions.to_string())
    }

    /// Resources are named by URI; with `matching` also by what their patterns match.
    pub fn by_uri(self, matching: bool) -> Self {
        let by_uri = self.with("permission_resource_format", "uri");
        if matching { by_uri.with("permission_resource_matching_uri", "true") } else { by_uri }
    }

    /// Any further parameter.
    pub fn with(mut self, name: &str, value: impl Into<Secret>) -> Self {
        self.form = self.form.with(name, value.into().expose());
        self
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Decision {
    #[serde(default)]
    result: bool,
}

impl OidcClient {
    /// Asks for a requesting party token: an access token that says what it permits
    /// ([`TokenClaims::permissions`](crate::jwt::TokenClaims::permissions)).
    ///
    /// Errors: [`Error::Status`], 403 with the [`code`](Error::code) `access_denied` where nothing is permitted (or the owner
    /// was asked: `request_submitted`), 400 for what the resource server does not have.
    pub async fn rpt(&self, request: RptRequest) -> Result<TokenAnswer> {
        self.grant::<Json<TokenAnswer>>(request).await
    }

    /// Asks whether all of it is permitted.
    ///
    /// Errors: those of [`rpt`](Self::rpt), but for a denial.
    pub async fn decide(&self, request: RptRequest) -> Result<bool> {
        let decision = self.grant::<Json<Decision>>(request.with("response_mode", "decision")).await;
        or_denied(decision.map(|decision| decision.result))
    }

    /// Asks what of it is permitted, without a token; none of it is an empty list.
    ///
    /// Errors: those of [`rpt`](Self::rpt), but for a denial.
    pub async fn permissions(&self, request: RptRequest) -> Result<Vec<Permission>> {
        let granted = self.grant::<Json<Vec<Permission>>>(request.with("response_mode", "permissions")).await;
        or_denied(granted)
    }

    /// Asks what of it is lacking.
    ///
    /// ```
    /// use cloakroom::{OidcClient, Result, uma::{Access, PermissionExpr, RptRequest}};
    ///
    /// async fn greet(app: &OidcClient, access_token: &str) -> Result<&'static str> {
    ///     let asked = RptRequest::user(access_token).audience("photos").permission(PermissionExpr::resource("Album"));
    ///     Ok(match app.access(asked).await? {
    ///         Access::Granted => "Here it is",
    ///         Access::Missing(_) => "It is not yours",
    ///         Access::NotLoggedIn => "Please log in",
    ///     })
    /// }
    /// ```
    ///
    /// Errors: those of [`rpt`](Self::rpt), but for a denial and for a token that is not accepted.
    pub async fn access(&self, request: RptRequest) -> Result<Access> {
        let asked = request.asked.clone();
        let granted = match self.permissions(request).await {
            Ok(granted) => granted,
            Err(e) if e.is_unauthorized() || e.code() == Some("invalid_grant") => return Ok(Access::NotLoggedIn),
            Err(e) => return Err(e),
        };
        let missing: Vec<PermissionExpr> = asked.into_iter().filter(|p| !p.granted_by(&granted)).collect();
        Ok(if missing.is_empty() && !granted.is_empty() { Access::Granted } else { Access::Missing(missing) })
    }

    async fn grant<R: Reply>(&self, request: RptRequest) -> Result<R::Value> {
        let (mut via, form) = match &request.bearer {
            Some(token) => {
                let header = HeaderValue::try_from(format!("Bearer {}", token.expose()));
                (self.via(Some(header.map_err(|_| Error::Config("not an access token".to_owned()))?)), request.form)
            }
            None => self.prove(request.form).await?,
        };
        via.proof = self.proof(None);
        let call = Token::new(&Unsent, self.realm()).request(&form);
        via.send::<R>(call).await
    }
}

/// A denial is an answer.
fn or_denied<T: Default>(outcome: Result<T>) -> Result<T> {
    match outcome {
        Err(e) if e.is_forbidden() && e.code() == Some("access_denied") => Ok(T::default()),
        outcome => outcome,
    }
}
