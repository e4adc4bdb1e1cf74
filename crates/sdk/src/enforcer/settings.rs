//! The configuration of Keycloak's Java adapters, read for those who have one.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::builder::EnforcerBuilder;
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

type InformationPoints = BTreeMap<String, BTreeMap<String, Value>>;

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
    /// library cannot (the body, an HTTP service): [`ClaimSource::ask`] can stand in.
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
    for (point, named) in points {
        if point != "claims" {
            return Err(Error::Config(format!("the claim information point \"{point}\" is not known")));
        }
        for (name, templates) in named {
            let templates = match templates {
                Value::Array(templates) => templates,
                one => vec![one],
            };
            for template in templates {
                let text = template.as_str().map_or_else(|| template.to_string(), str::to_owned);
                claims.add(name.clone(), ClaimSource::template(&text)?);
            }
        }
    }
    Ok(())
}

fn wrong(error: impl std::fmt::Display) -> Error {
    Error::Config(format!("not the configuration of a policy enforcer: {error}"))
}
