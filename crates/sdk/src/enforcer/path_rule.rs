//! What applies to a path: whether it is enforced, which resource it is, which scopes a method needs.

use http::Method;

use super::claim_service::ClaimService;
use super::claims::{ClaimSource, Claims, Pushed};
use super::path_cache::Protected;
use crate::api::admin::authz::Permission;

/// How strictly permissions are enforced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// What is not granted is refused; so is a path that belongs to no resource.
    #[default]
    Enforcing,
    /// A path that belongs to no resource is let through; what a policy denies is refused.
    Permissive,
    /// Everybody is let through, also without a token.
    Disabled,
}

/// How many of the scopes that a method needs must be granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ScopeMode {
    /// All of them.
    #[default]
    All,
    /// One of them.
    Any,
    /// None is asked for: a valid token is enough.
    Disabled,
}

/// What applies to the paths of one pattern.
///
/// Patterns are `/albums/7`, `/albums/{id}`, `/albums/*` and `/*.html`; see [`Paths`](crate::policy::Paths) for which one
/// wins. Without a method the rule's scopes are asked for, and one of them is enough.
///
/// ```
/// use cloakroom::enforcer::{ClaimSource, Mode, PathRule, ScopeMode};
///
/// let public = PathRule::new("/public/*").mode(Mode::Disabled);
/// let album = PathRule::new("/albums/{id}")
///     .method("GET", ["view"])
///     .method_with("PUT", ["view", "edit"], ScopeMode::Any)
///     .claim("country", ClaimSource::header("x-country"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct PathRule {
    pub(super) pattern: String,
    pub(super) mode: Mode,
    pub(super) resource: Option<String>,
    pub(super) scopes: Vec<String>,
    methods: Vec<MethodRule>,
    pub(super) claims: Claims,
}

#[derive(Debug, Clone)]
struct MethodRule {
    method: String,
    scopes: Vec<String>,
    mode: ScopeMode,
}

/// The scopes that a request needs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Needs<'a> {
    pub(super) scopes: Vec<&'a str>,
    pub(super) scope_mode: ScopeMode,
}

impl PathRule {
    /// A rule for a pattern: enforced, for the resource that has the path among its URIs.
    pub fn new(pattern: impl Into<String>) -> Self {
        Self {
            pattern: pattern.into(),
            mode: Mode::Enforcing,
            resource: None,
            scopes: Vec::new(),
            methods: Vec::new(),
            claims: Claims::default(),
        }
    }

    /// How strictly. Default: [`Mode::Enforcing`].
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// The resource that the paths belong to, by name, whatever its URIs.
    pub fn resource(mut self, name: impl Into<String>) -> Self {
        self.resource = Some(name.into());
        self
    }

    /// The scopes that methods without a word of their own need: one of them is enough.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The scopes that a method needs, all of them.
    pub fn method(self, method: &str, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.method_with(method, scopes, ScopeMode::All)
    }

    /// The scopes that a method needs.
    pub fn method_with(
        mut self,
        method: &str,
        scopes: impl IntoIterator<Item = impl Into<String>>,
        mode: ScopeMode,
    ) -> Self {
        let scopes = scopes.into_iter().map(Into::into).collect();
        self.methods.push(MethodRule { method: method.to_owned(), scopes, mode });
        self
    }

    /// A claim to push for these paths, beside those of the whole enforcer.
    pub fn claim(mut self, name: impl Into<String>, source: ClaimSource) -> Self {
        self.claims.add(name.into(), source);
        self
    }

    /// Claims that a service knows, beside those of the whole enforcer.
    pub fn claims_from(mut self, service: ClaimService) -> Self {
        self.claims.add_service(service);
        self
    }

    pub(super) fn needs<'a>(&'a self, method: &'a Method, method_as_scope: bool) -> Needs<'a> {
        match self.methods.iter().find(|rule| rule.method == method.as_str()) {
            Some(rule) => Needs { scopes: texts(&rule.scopes), scope_mode: rule.mode },
            None if method_as_scope => Needs::without_rule(method, true),
            None => Needs { scopes: texts(&self.scopes), scope_mode: ScopeMode::Any },
        }
    }
}

impl<'a> Needs<'a> {
    pub(super) fn without_rule(method: &'a Method, method_as_scope: bool) -> Self {
        let scopes = if method_as_scope { vec![method.as_str()] } else { Vec::new() };
        Needs { scopes, scope_mode: ScopeMode::Any }
    }

    /// Whether permissions are enough. One that was granted for certain claims counts only with these.
    pub(super) fn met_by(&self, permissions: &[Permission], resource: &Protected, claims: &Pushed) -> bool {
        permissions.iter().any(|permission| {
            let of_resource = permission.rsid.as_deref().is_none_or(|id| id == resource.id);
            let has = |scope: &&str| permission.scopes.iter().flatten().any(|granted| granted == scope);
            let scopes = match self.scope_mode {
                _ if self.scopes.is_empty() => permission.rsid.is_some(),
                ScopeMode::All => self.scopes.iter().all(has),
                ScopeMode::Any => self.scopes.iter().any(has),
                ScopeMode::Disabled => true,
            };
            of_resource && scopes && claims_match(permission, claims)
        })
    }
}

fn claims_match(permission: &Permission, pushed: &Pushed) -> bool {
    permission.claims.iter().flatten().all(|(name, granted)| {
        let pushed = pushed.get(name).filter(|values| !values.is_empty());
        pushed.is_some_and(|values| values.iter().all(|value| granted.contains(value)))
    })
}

fn texts(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}
