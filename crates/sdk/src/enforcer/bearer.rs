//! Bearer tokens verified before a request goes on (RFC 6750).

use std::sync::Arc;

use cloakroom_api::fields::Secret;
use http::header::AUTHORIZATION;
use http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tower_layer::Layer;

use super::layer::{Gate, Guarded};
use super::refusal::Refusal;
use crate::api::admin::authz::Permission;
use crate::error::Error;
use crate::jwt::Verifier;

/// A verified access token and its claims; among the extensions of a request that came through [`BearerLayer`] or an
/// [`Enforcer`](super::Enforcer).
#[derive(Debug, Clone)]
pub struct Bearer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    token: Secret,
    claims: Value,
}

impl Bearer {
    /// The token as it was sent, for calls on its owner's behalf: [`Client::token`](crate::Client::token).
    pub fn token(&self) -> &Secret {
        &self.0.token
    }

    /// The claims. An index that is not there gives null.
    pub fn claims(&self) -> &Value {
        &self.0.claims
    }

    /// The claims as a type of your own; `None` where they do not fit.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(&self.0.claims).ok()
    }

    pub(super) fn pointer(&self, pointer: &str) -> Option<&Value> {
        self.0.claims.pointer(pointer)
    }

    /// The permissions that the token brings along, if it was made for this resource server.
    pub(super) fn permissions(&self, client_id: &str) -> Vec<Permission> {
        let for_us = match &self.0.claims["aud"] {
            Value::String(audience) => audience == client_id,
            Value::Array(audiences) => audiences.iter().any(|audience| audience == client_id),
            _ => false,
        };
        let permissions = self.pointer("/authorization/permissions").filter(|_| for_us);
        permissions.and_then(|permissions| Vec::deserialize(permissions).ok()).unwrap_or_default()
    }
}

/// Verifies the token of each request. `Bearer` goes into the request's extensions; 401 without a good token (RFC 6750, 3).
///
/// ```
/// use cloakroom::enforcer::{Bearer, BearerLayer};
/// use cloakroom::{Client, ClientAuth};
///
/// fn app(kc: &Client) -> axum::Router {
///     let api = kc.oidc("acme", "shop-api", ClientAuth::none());
///     async fn hello(bearer: axum::Extension<Bearer>) -> String {
///         format!("hello {}", bearer.claims()["preferred_username"])
///     }
///     let routes = axum::Router::new().route("/hello", axum::routing::get(hello));
///     routes.layer(BearerLayer::new("acme", api.verifier().audience("shop-api")))
/// }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct BearerLayer {
    guard: Guard,
    optional: bool,
}

impl BearerLayer {
    /// Demands a token that the verifier accepts. The realm is named in the answers.
    pub fn new(realm: impl Into<String>, verifier: Verifier) -> Self {
        Self { guard: Guard { realm: realm.into(), verifier }, optional: false }
    }

    /// Lets requests without a token through, too; a bad one is still refused.
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

impl<S> Layer<S> for BearerLayer {
    type Service = Guarded<S, Self>;

    fn layer(&self, inner: S) -> Guarded<S, Self> {
        Guarded::new(self.clone(), inner)
    }
}

impl<B: Send + 'static> Gate<B> for BearerLayer {
    async fn admit(&self, parts: &mut Parts, body: B) -> Result<B, Refusal> {
        match self.guard.check(parts).await {
            Err(Refusal::Anonymous { .. }) if self.optional => Ok(body),
            checked => checked.map(|_| body),
        }
    }
}

/// Verifies tokens, once a request.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    pub(super) realm: String,
    pub(super) verifier: Verifier,
}

impl Guard {
    /// The token of a request, verified by us or by a layer further out.
    pub(super) async fn check(&self, parts: &mut Parts) -> Result<Bearer, Refusal> {
        if let Some(bearer) = parts.extensions.get::<Bearer>() {
            return Ok(bearer.clone());
        }
        let mut sent = parts.headers.get_all(AUTHORIZATION).iter();
        let Some(header) = sent.next() else { return Err(Refusal::anonymous(&self.realm)) };
        let invalid = || Refusal::invalid_token(&self.realm);
        if sent.next().is_some() {
            return Err(invalid()); // which of the two would count?
        }
        let (scheme, token) = header.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(invalid)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Refusal::anonymous(&self.realm));
        }
        let claims: Map<String, Value> = self.verifier.verify(token.trim()).await.map_err(|error| match error {
            Error::Token(_) => invalid(),
            error => {
                tracing::warn!(%error, "a token cannot be verified now");
                Refusal::Unavailable
            }
        })?;
        let bearer = Bearer(Arc::new(Inner { token: token.trim().into(), claims: Value::Object(claims) }));
        parts.extensions.insert(bearer.clone());
        Ok(bearer)
    }
}
