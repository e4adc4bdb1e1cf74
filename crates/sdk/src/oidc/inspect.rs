//! Asking the server about tokens and their users.

use cloakroom_api::endpoint::Form;
use cloakroom_api::oidc::{introspect::Introspect, revoke::Revoke, userinfo::UserinfoEndpoint};
use http::HeaderValue;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::oidc::{Introspection, OidcClient, Userinfo};

impl OidcClient {
    /// The claims about the user of an access token that has the scope `openid`: plain, or signed where the client is set up
    /// so.
    pub async fn userinfo(&self, access_token: &str) -> Result<Userinfo> {
        let scheme = if self.dpop().is_some() { "DPoP" } else { "Bearer" };
        let header = HeaderValue::try_from(format!("{scheme} {access_token}"));
        let header = header.map_err(|_| Error::Config("not an access token".to_owned()))?;
        let mut via = self.via(Some(header));
        via.proof = self.proof(Some(access_token));
        UserinfoEndpoint::new(&via, self.realm()).get().await
    }

    /// The same as `T`, whichever way they come; signed ones are verified.
    ///
    /// ```
    /// use cloakroom::{OidcClient, Result};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Person {
    ///     sub: String,
    ///     email: Option<String>,
    /// }
    ///
    /// async fn who(app: &OidcClient, access_token: &str) -> Result<Person> {
    ///     app.user(access_token).await
    /// }
    /// ```
    ///
    /// Errors: [`Error::Token`] for a signature that is not the realm's; [`Error::Config`] for claims that are not a `T`.
    pub async fn user<T: DeserializeOwned>(&self, access_token: &str) -> Result<T> {
        let claims = match self.userinfo(access_token).await? {
            Userinfo::Claims(claims) => Value::Object(claims),
            // signed userinfo has neither `exp` nor `typ`
            Userinfo::Signed(token) => self.signed_by_realm().without_expiry().verify::<Value>(&token).await?,
        };
        serde_json::from_value(claims).map_err(|e| Error::Config(format!("the claims about the user: {e}")))
    }

    /// Asks what a token is worth now, ended sessions included. Keycloak answers `active: false` also where this client is
    /// not in the token's `aud`, and for a refresh token without the hint `refresh_token`. The hint `requesting_party_token`
    /// asks for an RPT's permissions.
    pub async fn introspect(&self, token: &str, hint: Option<&str>) -> Result<Introspection> {
        let form = Form::default().with("token", token);
        let form = hint.into_iter().fold(form, |form, hint| form.with("token_type_hint", hint));
        let (via, form) = self.prove(form).await?;
        Introspect::new(&via, self.realm()).request(&form).await
    }

    /// Asks for a whole token in place of a lightweight or opaque one: as a JWT, to hand on to who verifies it. `None` for a
    /// token that is not active, and where the client may not have it (its setting "support JWT claim in introspection
    /// response").
    pub async fn introspect_jwt(&self, token: &str) -> Result<Option<String>> {
        let (mut via, form) = self.prove(Form::default().with("token", token)).await?;
        via.accept = Some(HeaderValue::from_static("application/jwt"));
        let answer = Introspect::new(&via, self.realm()).request(&form).await?;
        Ok(answer.claims.get("jwt").and_then(Value::as_str).map(str::to_owned))
    }

    /// Revokes a token; with a refresh token its session ends. True where it was good until now.
    pub async fn revoke(&self, token: &str) -> Result<bool> {
        let (via, form) = self.prove(Form::default().with("token", token)).await?;
        Ok(Revoke::new(&via, self.realm()).request(&form).await?.is_none())
    }
}
