//! A policy enforcement point: a layer that lets a request through where Keycloak's Authorization Services permit it.
//! Feature `enforcer`.
//!
//! The counterpart of Keycloak's policy enforcer for Java. Put it around an axum router, or any tower service of `http`
//! requests:
//!
//! ```
//! use cloakroom::enforcer::{Bearer, Enforcer, Granted, Mode, PathRule};
//! use cloakroom::{Client, ClientAuth, Result};
//!
//! fn app(kc: &Client) -> Result<axum::Router> {
//!     let enforcer = Enforcer::builder(kc, "acme", "shop-api", ClientAuth::basic("secret"))
//!         .path(PathRule::new("/health").mode(Mode::Disabled))
//!         .path(PathRule::new("/albums/{id}").method("GET", ["view"]).method("DELETE", ["delete"]))
//!         .build()?;
//!     async fn album(bearer: axum::Extension<Bearer>, granted: axum::Extension<Granted>) -> String {
//!         format!("{} may {:?}", bearer.claims()["preferred_username"], granted.permissions())
//!     }
//!     let routes = axum::Router::new().route("/albums/{id}", axum::routing::get(album));
//!     Ok(routes.layer(enforcer.layer()))
//! }
//! ```
//!
//! # What happens to a request
//! 1. The path is decoded; one that can be read in two ways (`/a/../b`, `/a%2Fb`, `//a`, `/a;b`) is refused with 400.
//! 2. The [`PathRule`] that fits best says how: a rule that is [`Mode::Disabled`] lets everybody through.
//! 3. The access token is verified as by [`BearerLayer`]: 401 without one or with a bad one.
//! 4. The resource that the path belongs to is found among those of the resource server, by its URIs or by the rule, and
//!    remembered for a while ([`EnforcerBuilder::path_cache`]). No resource: refused, or let through when
//!    [`Mode::Permissive`].
//! 5. Permissions that the token brings (an RPT of this resource server) are believed. Otherwise Keycloak is asked, each
//!    time, so what changes there counts at once: the resource, with the scopes that the method needs, and the claims
//!    pushed ([`ClaimSource`], [`ClaimService`]).
//! 6. Granted: the request goes on, with a [`Bearer`] and [`Granted`] among its extensions. Denied: 403, or a redirect; with
//!    [`EnforcerBuilder::user_managed_access`] 401 with a permission ticket (UMA 2.0 Grant, 3.2). Where Keycloak cannot be
//!    asked: 503.
//!
//! Layer the whole router: inside a nested one axum has cut the path short.

mod ask;
mod bearer;
mod body;
mod builder;
mod claim_service;
mod claims;
mod layer;
mod path_cache;
mod path_rule;
mod paths;
mod refusal;
mod settings;
mod template;

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;

use crate::api::admin::authz::Permission;
use crate::client::Client;
use crate::login::BoxError;
use crate::oidc::OidcClient;

pub use bearer::{Bearer, BearerLayer};
pub use builder::EnforcerBuilder;
pub use claim_service::ClaimService;
pub use claims::ClaimSource;
pub use layer::{EnforcerLayer, Guarded};
pub use path_rule::{Mode, PathRule, ScopeMode};

use ask::Answer;
use bearer::Guard;
use claims::{Claims, Seen};
use path_cache::{PathCache, Protected};
use path_rule::Needs;
use refusal::Refusal;

use crate::policy::Paths;

/// Decides which requests go through. Cheap to clone; clones share what they remember. Begin with
/// [`Enforcer::builder`].
#[derive(Debug, Clone)]
pub struct Enforcer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// With the resource server's own login, for the protection API.
    client: Client,
    /// The resource server as a client, to ask on others' behalf.
    oidc: OidcClient,
    realm: String,
    client_id: String,
    guard: Guard,
    mode: Mode,
    rules: Paths<PathRule>,
    claims: Claims,
    method_as_scope: bool,
    find_resources: bool,
    user_managed: bool,
    on_deny: Option<String>,
    max_body: usize,
    cache: PathCache,
}

/// What was granted to a request; among its extensions.
#[derive(Debug, Clone, Default)]
pub struct Granted(Arc<[Permission]>);

impl Granted {
    /// The permissions: resources with scopes. Empty where nothing was asked, as by a rule that is disabled.
    pub fn permissions(&self) -> &[Permission] {
        &self.0
    }

    /// Whether a scope of a resource is among them; the resource by id or name.
    pub fn allows(&self, resource: &str, scope: &str) -> bool {
        self.0.iter().any(|granted| {
            [&granted.rsid, &granted.rsname].iter().any(|name| name.as_deref() == Some(resource))
                && granted.scopes.iter().flatten().any(|granted| granted == scope)
        })
    }
}

impl Enforcer {
    /// The layer for a router.
    pub fn layer(&self) -> EnforcerLayer {
        EnforcerLayer::new(self.clone())
    }

    /// Lets a request through, with what was found put into its extensions, or says how to refuse it.
    async fn enforce<B>(&self, parts: &mut Parts, mut body: B) -> Result<B, Refusal>
    where
        B: http_body::Body<Error: Into<BoxError>> + From<Bytes>,
    {
        let inner = &*self.0;
        let Some((path, rule)) = self.place(parts)? else {
            parts.extensions.insert(Granted::default());
            return Ok(body);
        };
        let bearer = match inner.guard.check(parts).await {
            Ok(bearer) => Some(bearer),
            Err(Refusal::Anonymous { .. }) if inner.user_managed => None,
            Err(refusal) => return Err(refusal),
        };
        let mut read = Bytes::new();
        if inner.claims.read_body() || rule.is_some_and(|rule| rule.claims.read_body()) {
            read = body::read(body, inner.max_body).await?;
            body = B::from(read.clone());
        }
        let claims = inner.claims_of(Seen { parts, body: &read, bearer: bearer.as_ref() }, rule).await?;
        let method = parts.method.clone();
        let needs = match rule {
            Some(rule) => rule.needs(&method, inner.method_as_scope),
            None => Needs::without_rule(&method, inner.method_as_scope),
        };
        let granted = match bearer {
            Some(bearer) => self.decide(&bearer, rule, &path, &needs, &claims).await?,
            None => return Err(self.challenge(rule, &path, &needs, &claims).await?),
        };
        parts.extensions.insert(granted);
        Ok(body)
    }

    /// The path of a request and the rule that it falls under; `None` where everybody is let through.
    fn place(&self, parts: &Parts) -> Result<Option<(String, Option<&PathRule>)>, Refusal> {
        let inner = &*self.0;
        if inner.mode == Mode::Disabled {
            return Ok(None);
        }
        let path = paths::plain(parts.uri.path()).ok_or(Refusal::Ambiguous)?;
        let rule = inner.rule(&path);
        let disabled = rule.is_some_and(|rule| rule.mode == Mode::Disabled);
        let open = disabled || inner.on_deny.as_deref() == Some(&*path);
        Ok((!open).then_some((path, rule)))
    }

    async fn decide(
        &self,
        bearer: &Bearer,
        rule: Option<&PathRule>,
        path: &str,
        needs: &Needs<'_>,
        claims: &claims::Pushed,
    ) -> Result<Granted, Refusal> {
        let inner = &*self.0;
        // a resource that was deleted a moment ago may still be remembered: then look again, once
        for attempt in 0..2 {
            let Some(resource) = inner.resource(rule, path).await? else {
                let mode = rule.map_or(inner.mode, |rule| rule.mode);
                return if mode == Mode::Permissive { Ok(Granted::default()) } else { Err(Refusal::Forbidden) };
            };
            if needs.scope_mode == ScopeMode::Disabled {
                return Ok(Granted::default());
            }
            let brought = bearer.permissions(&inner.client_id);
            if needs.met_by(&brought, &resource, claims) {
                return Ok(Granted(brought.into()));
            }
            if inner.user_managed {
                return Err(inner.ticket(&resource, needs, claims).await?);
            }
            match inner.ask(bearer, &resource, needs, claims).await? {
                Answer::Granted(granted) if needs.met_by(&granted, &resource, claims) => {
                    return Ok(Granted(granted.into()));
                }
                Answer::Gone if attempt == 0 => inner.cache.forget(&resource),
                Answer::Granted(_) | Answer::Gone => break,
            }
        }
        Err(self.denied())
    }

    /// How somebody without a token is told to get one.
    async fn challenge(
        &self,
        rule: Option<&PathRule>,
        path: &str,
        needs: &Needs<'_>,
        claims: &claims::Pushed,
    ) -> Result<Refusal, Refusal> {
        match self.0.resource(rule, path).await? {
            Some(resource) => self.0.ticket(&resource, needs, claims).await,
            None => Ok(Refusal::anonymous(&self.0.realm)),
        }
    }

    fn denied(&self) -> Refusal {
        match &self.0.on_deny {
            Some(path) => Refusal::Redirect(path.clone()),
            None => Refusal::Forbidden,
        }
    }
}

impl Inner {
    async fn claims_of(&self, seen: Seen<'_>, rule: Option<&PathRule>) -> Result<claims::Pushed, Refusal> {
        let mut pushed = self.claims.resolve(seen).await?;
        if let Some(rule) = rule {
            pushed.extend(rule.claims.resolve(seen).await?);
        }
        Ok(pushed)
    }

    /// The rule for a path. A slash at its end makes it no other path, some routers think: without a rule of its own, what
    /// is enforced without the slash is enforced with it. Nothing is opened that way.
    fn rule(&self, path: &str) -> Option<&PathRule> {
        let shorter = || self.rules.best(path.strip_suffix('/')?).first().filter(|rule| rule.mode != Mode::Disabled);
        self.rules.best(path).first().or_else(shorter)
    }

    /// The resource that a path belongs to.
    async fn resource(&self, rule: Option<&PathRule>, path: &str) -> Result<Option<Arc<Protected>>, Refusal> {
        if rule.is_none() && !self.find_resources {
            return Ok(None);
        }
        let key = rule.and_then(|rule| rule.resource.as_deref()).unwrap_or(path);
        let now = self.client.clock().now();
        if let Some(known) = self.cache.get(key, now) {
            return Ok(known);
        }
        let found = self.find(rule, path).await?.map(|found| Arc::new(Protected { key: key.to_owned(), ..found }));
        self.cache.put(key, found.clone(), now);
        Ok(found)
    }
}
