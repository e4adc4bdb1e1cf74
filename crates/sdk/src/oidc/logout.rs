//! Logging out, and hearing of it when a user logged out elsewhere.

use cloakroom_api::endpoint::Form;
use cloakroom_api::oidc::logout::Logout;
use cloakroom_jose::Unverified;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use crate::error::Result;
use crate::jwt::{TokenError, Verifier};
use crate::oidc::{AuthorizationError, OidcClient};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Whose session is over, as a logout token says it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogoutToken {
    /// The user: all sessions are over where `sid` is absent.
    pub sub: Option<String>,
    /// The session, as in ID tokens.
    pub sid: Option<String>,
    /// To be remembered until the token has expired: a second one with the same id is a replay.
    pub jti: String,
    /// Whether offline tokens are revoked too.
    pub revoke_offline_access: bool,
}

impl OidcClient {
    /// Ends the session of a refresh token.
    pub async fn logout(&self, refresh_token: &str) -> Result<()> {
        let (via, form) = self.prove(Form::default().with("refresh_token", refresh_token)).await?;
        Logout::new(&via, self.realm()).request(&form).await
    }

    /// Where to send a browser so that its user is logged out (OpenID Connect RP-Initiated Logout 1.0): `id_token_hint`
    /// spares the question whether to, and `redirect_uri`, where to go then, needs it.
    pub async fn end_session(&self, id_token_hint: Option<&str>, redirect_uri: Option<&str>) -> Result<Url> {
        let discovery = self.discovery().await?;
        let mut url = self.endpoint("end_session_endpoint", &discovery.end_session_endpoint)?;
        let hints = [("id_token_hint", id_token_hint), ("post_logout_redirect_uri", redirect_uri)];
        url.query_pairs_mut()
            .append_pair("client_id", self.id())
            .extend_pairs(hints.into_iter().filter_map(|(name, value)| Some((name, value?))));
        Ok(url)
    }

    /// Checks the `logout_token` that the server posts to the client's `backchannel_logout_uri` (OpenID Connect Back-Channel
    /// Logout 1.0, 2.6): signature, issuer, audience, times, and that it is a logout token and no ID token.
    ///
    /// ```
    /// use cloakroom::{OidcClient, Result};
    ///
    /// /// What the route does with its form's `logout_token`; answer 200, or 400 for an error.
    /// async fn backchannel(app: &OidcClient, logout_token: &str) -> Result<()> {
    ///     let over = app.logout_token(logout_token).await?;
    ///     println!("forget session {:?} of user {:?}", over.sid, over.sub);
    ///     Ok(())
    /// }
    /// ```
    ///
    /// Errors: [`Error::Token`](crate::Error::Token) for a token that is not accepted.
    pub async fn logout_token(&self, token: &str) -> Result<LogoutToken> {
        let claims: LogoutClaims = Verifier::new(self.clone()).audience(self.id()).typ("Logout").verify(token).await?;
        // a JWT of another kind says so in its header; older servers say only that it is one
        let header = Unverified::parse(token).map_err(TokenError::Signature)?.header().typ.clone();
        let is_logout = |typ: &str| typ.eq_ignore_ascii_case("logout+jwt") || typ.eq_ignore_ascii_case("jwt");
        if !header.as_deref().is_none_or(is_logout) || !claims.events.get(EVENT).is_some_and(Value::is_object) {
            return Err(TokenError::Logout("it tells of no logout").into());
        }
        if claims.nonce.is_some() {
            return Err(TokenError::Logout("a logout token has no nonce").into());
        }
        if claims.sub.is_none() && claims.sid.is_none() {
            return Err(TokenError::Logout("it names neither user nor session").into());
        }
        let jti = claims.jti.ok_or(TokenError::Logout("it has no jti"))?;
        let revoke_offline_access = claims.events.get("revoke_offline_access") == Some(&Value::Bool(true));
        Ok(LogoutToken { sub: claims.sub, sid: claims.sid, jti, revoke_offline_access })
    }

    /// The session that is over, of the query that a browser's frame calls the client's `frontchannel_logout_uri` with
    /// (OpenID Connect Front-Channel Logout 1.0): its `sid`. Nothing proves that the server sent the frame, so this must do
    /// no more than log this browser out.
    ///
    /// Errors: [`Error::Authorization`](crate::Error::Authorization) for another issuer, or without `sid`.
    pub async fn frontchannel_logout(&self, query: &str) -> Result<String> {
        let (mut iss, mut sid) = (None, None);
        for (name, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            match &*name {
                "iss" => iss = Some(value.into_owned()),
                "sid" => sid = Some(value.into_owned()),
                _ => {}
            }
        }
        if iss.as_deref() != Some(&self.issuer().await?) {
            return Err(AuthorizationError::Issuer.into());
        }
        Ok(sid.filter(|sid| !sid.is_empty()).ok_or(AuthorizationError::Missing("sid"))?)
    }
}

#[derive(Deserialize)]
struct LogoutClaims {
    sub: Option<String>,
    sid: Option<String>,
    jti: Option<String>,
    nonce: Option<Value>,
    #[serde(default)]
    events: Map<String, Value>,
}
