//! How an enforcer is set up.

use std::sync::Arc;
use std::time::Duration;

use super::bearer::Guard;
use super::claim_service::ClaimService;
use super::claims::{ClaimSource, Claims};
use super::path_cache::PathCache;
use super::path_rule::{Mode, PathRule};
use super::{Enforcer, Inner};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::jwt::Verifier;
use crate::login::Login;
use crate::oidc::{ClientAuth, OidcClient};
use crate::policy::Paths;

/// Sets up an [`Enforcer`]; the defaults are those of Keycloak's Java adapters.
#[derive(Debug)]
#[must_use]
pub struct EnforcerBuilder {
    client: Client,
    oidc: OidcClient,
    realm: String,
    client_id: String,
    verifier: Verifier,
    pub(super) mode: Mode,
    pub(super) rules: Vec<PathRule>,
    pub(super) claims: Claims,
    pub(super) method_as_scope: bool,
    pub(super) find_resources: bool,
    pub(super) user_managed: bool,
    pub(super) on_deny: Option<String>,
    max_body: usize,
    pub(super) cache: (Duration, usize),
}

impl Enforcer {
    /// Begins with the resource server: the client with Authorization Services whose resources are to be protected, and how
    /// it authenticates. Its service account looks up resources, so it needs one; connections are those of `client`.
    pub fn builder(client: &Client, realm: &str, client_id: &str, auth: ClientAuth) -> EnforcerBuilder {
        let oidc = client.oidc(realm, client_id, auth.clone());
        EnforcerBuilder {
            client: client.login(Login::client_credentials(client_id, auth).realm(realm)),
            realm: realm.to_owned(),
            client_id: client_id.to_owned(),
            verifier: oidc.verifier(),
            oidc,
            mode: Mode::Enforcing,
            rules: Vec::new(),
            claims: Claims::default(),
            method_as_scope: false,
            find_resources: true,
            user_managed: false,
            on_deny: None,
            max_body: 1024 * 1024,
            cache: (Duration::from_secs(30), 1000),
        }
    }
}

impl EnforcerBuilder {
    /// How strictly paths without a rule are enforced. Default: [`Mode::Enforcing`]; [`Mode::Disabled`] switches all off.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Adds a rule.
    pub fn path(mut self, rule: PathRule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Asks for the request's method as the scope (`GET`, `POST`, …) where a rule says nothing of the method. Off by
    /// default: then any scope of the resource will do.
    pub fn method_as_scope(mut self, on: bool) -> Self {
        self.method_as_scope = on;
        self
    }

    /// Whether paths without a rule may belong to a resource by its URIs. Default: yes; without, rules say everything.
    pub fn find_resources(mut self, on: bool) -> Self {
        self.find_resources = on;
        self
    }

    /// Answers with permission tickets instead of asking for permissions (UMA 2.0): the client gets an RPT for the ticket,
    /// and comes back with it. Off by default.
    pub fn user_managed_access(mut self, on: bool) -> Self {
        self.user_managed = on;
        self
    }

    /// Where people are sent who may not, instead of 403. The path itself is open to all.
    pub fn on_deny_redirect_to(mut self, path: impl Into<String>) -> Self {
        self.on_deny = Some(path.into());
        self
    }

    /// How long it is believed which resource a path belongs to, and of how many paths. Default: 30 s, 1000. Decisions are
    /// never remembered.
    pub fn path_cache(mut self, life: Duration, entries: usize) -> Self {
        self.cache = (life, entries);
        self
    }

    /// A claim to push for every path.
    pub fn claim(mut self, name: impl Into<String>, source: ClaimSource) -> Self {
        self.claims.add(name.into(), source);
        self
    }

    /// Claims that a service knows, for every path.
    pub fn claims_from(mut self, service: ClaimService) -> Self {
        self.claims.add_service(service);
        self
    }

    /// The longest body that is read for a claim, in bytes; a longer one is refused with 413. Default: 1 MiB. Bodies of paths
    /// that no claim is taken from are not read.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// What tokens must be like. Default: any access token of the realm; to demand an audience, give
    /// `oidc.verifier().audience(..)`.
    pub fn verifier(mut self, verifier: Verifier) -> Self {
        self.verifier = verifier;
        self
    }

    /// The enforcer.
    ///
    /// Errors: [`Error::Config`] for a pattern that does not begin with a slash, and for two rules of one pattern.
    pub fn build(self) -> Result<Enforcer> {
        let mut rules = Paths::default();
        for rule in self.rules {
            if !rule.pattern.starts_with('/') && !rule.pattern.starts_with("*.") {
                return Err(Error::Config(format!("the path \"{}\" does not begin with a slash", rule.pattern)));
            }
            if !rules.exact(&rule.pattern).is_empty() {
                return Err(Error::Config(format!("there are two rules for the path \"{}\"", rule.pattern)));
            }
            let pattern = rule.pattern.clone();
            rules.add(&pattern, rule);
        }
        let guard = Guard { realm: self.realm.clone(), verifier: self.verifier };
        Ok(Enforcer(Arc::new(Inner {
            client: self.client,
            oidc: self.oidc,
            realm: self.realm,
            client_id: self.client_id,
            guard,
            mode: self.mode,
            rules,
            claims: self.claims,
            method_as_scope: self.method_as_scope,
            find_resources: self.find_resources,
            user_managed: self.user_managed,
            on_deny: self.on_deny,
            max_body: self.max_body,
            cache: PathCache::new(self.cache.0, self.cache.1),
        })))
    }
}
