//! The configuration of Keycloak's Java adapters, read for those who have one.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::builder::EnforcerBuilder;
use super::claim_service::ClaimService;
use super::claims::{ClaimSource, Claims};
use super::path_rule::{Mode, PathRule, ScopeMode};
use crate::error::{Error, Result};

/// `policy-enforcer` of `keycloak.json`, or the whole of `policy-enforcer.json`.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct Settings {
    enforcement_mode: Option<ModeName>,
    paths: Vec<PathSettings>,
    path_cache: Option<CacheSettings>,
    lazy_load_paths: Option<bool>,
    http_method_as_scope: Option<bool>,
    on_deny_redirect_to: Option<String>,
    user_managed_access: Option<Value>,
    claim_information_point: InformationPoints,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct PathSettings {
    name: Option<String>,
    path: Option<String>,
    methods: Vec<MethodSettings>,
    scopes: Vec<String>,
    enforcement_mode: Option<ModeName>,
    claim_information_point: InformationPoints,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct MethodSettings {
    method: String,
    #[serde(default)]
    scopes: Vec<String>,
    scopes_enforcement_mode: Option<ScopeModeName>,
}

/// Milliseconds and a number.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct CacheSettings {
    lifespan: Option<u64>,
    max_entries: Option<usize>,
}

/// Where claims come from, by the kind of source.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct InformationPoints {
    claims: BTreeMap<String, OneOrMore>,
    http: Option<HttpSettings>,
}

/// A service that knows claims.
#[derive(Deserialize)]
struct HttpSettings {
    url: String,
    method: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, OneOrMore>,
    #[serde(default)]
    parameters: BTreeMap<String, OneOrMore>,
    #[serde(default)]
    claims: BTreeMap<String, OneOrMore>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    More(Vec<Value>),
    One(Value),
}

impl OneOrMore {
    fn texts(self) -> impl Iterator<Item = String> {
        let values = match self {
            OneOrMore::More(values) => values,
            OneOrMore::One(value) => vec![value],
        };
        values.into_iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ModeName {
    Enforcing,
    Permissive,
    Disabled,
}

#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum ScopeModeName {
    All,
    Any,
    Disabled,
}

impl From<ModeName> for Mode {
    fn from(name: ModeName) -> Self {
        match name {
            ModeName::Enforcing => Mode::Enforcing,
            ModeName::Permissive => Mode::Permissive,
            ModeName::Disabled => Mode::Disabled,
        }
    }
}

impl From<ScopeModeName> for ScopeMode {
    fn from(name: ScopeModeName) -> Self {
        match name {
            ScopeModeName::All => ScopeMode::All,
            ScopeModeName::Any => ScopeMode::Any,
            ScopeModeName::Disabled => ScopeMode::Disabled,
        }
    }
}

impl EnforcerBuilder {
    /// Takes over what the Java adapters' configuration says: the object `policy-enforcer` of a `keycloak.json`, or the text
    /// of a `policy-enforcer.json`. Where the server is and who we are was said before; those fields are not read.
    ///
    /// Errors: [`Error::Config`] for text that is no such configuration, and for a claim that is taken from where this
    /// library cannot (the sender's address, a provider of your own): [`ClaimSource::ask`] can stand in.
    pub fn settings(mut self, json: &str) -> Result<Self> {
        let whole: Value = serde_json::from_str(json).map_err(wrong)?;
        if !whole.is_object() {
            return Err(wrong("it is no JSON object")); // serde takes a list for a struct
        }
        let settings = whole.get("policy-enforcer").unwrap_or(&whole);
        let settings = Settings::deserialize(settings).map_err(wrong)?;
        if let Some(mode) = settings.enforcement_mode {
            self.mode = mode.into();
        }
        if let Some(cache) = settings.path_cache {
            self.cache.0 = cache.lifespan.map_or(self.cache.0, Duration::from_millis);
            self.cache.1 = cache.max_entries.unwrap_or(self.cache.1);
        }
        self.find_resources = settings.lazy_load_paths.unwrap_or(settings.paths.is_empty());
        self.method_as_scope = settings.http_method_as_scope.unwrap_or(self.method_as_scope);
        self.on_deny = settings.on_deny_redirect_to.or(self.on_deny);
        self.user_managed |= settings.user_managed_access.is_some_and(|access| !access.is_null());
        add_claims(&mut self.claims, settings.claim_information_point)?;
        for path in settings.paths {
            self.rules.push(rule(path)?);
        }
        Ok(self)
    }
}

fn rule(from: PathSettings) -> Result<PathRule> {
    let pattern = from.path.ok_or_else(|| Error::Config("a path of the policy enforcer has no path".to_owned()))?;
    let mut rule = PathRule::new(pattern).scopes(from.scopes);
    rule.resource = from.name;
    rule.mode = from.enforcement_mode.map_or(Mode::Enforcing, Mode::from);
    for method in from.methods {
        let mode = method.scopes_enforcement_mode.map_or(ScopeMode::All, ScopeMode::from);
        rule = rule.method_with(&method.method, method.scopes, mode);
    }
    add_claims(&mut rule.claims, from.claim_information_point)?;
    Ok(rule)
}

fn add_claims(claims: &mut Claims, points: InformationPoints) -> Result<()> {
    for (name, templates) in points.claims {
        for template in templates.texts() {
            claims.add(name.clone(), ClaimSource::template(&template)?);
        }
    }
    if let Some(http) = points.http {
        claims.add_service(service(http)?);
    }
    Ok(())
}

fn service(from: HttpSettings) -> Result<ClaimService> {
    let mut service = match from.method.as_deref() {
        None | Some("GET") => ClaimService::get(&from.url)?,
        Some("POST") => ClaimService::post(&from.url)?,
        Some(other) => return Err(wrong(format!("claims are asked for by GET or POST, not by {other}"))),
    };
    for (name, templates) in from.headers {
        for template in templates.texts() {
            service = service.header(&name, ClaimSource::template(&template)?)?;
        }
    }
    for (name, templates) in from.parameters {
        for template in templates.texts() {
            service = service.parameter(name.clone(), ClaimSource::template(&template)?);
        }
    }
    for (name, pointers) in from.claims {
        service = pointers.texts().fold(service, |service, pointer| service.claim(name.clone(), pointer));
    }
    Ok(service)
}

fn wrong(error: impl std::fmt::Display) -> Error {
    Error::Config(format!("not the configuration of a policy enforcer: {error}"))
}
