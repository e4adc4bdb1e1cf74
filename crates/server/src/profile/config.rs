//! A realm's user profile: its configuration, what is wrong with one, and the default.

use super::{EMAIL, LOCALE, USERNAME, validator::Validator};
use cloakroom_api::admin::profile::{ProfileAttribute, ProfileConfig, ProfileGroup, UnmanagedAttributePolicy};
use cloakroom_store::components::ComponentRow;
use serde_json::Value;
use std::{collections::BTreeMap, sync::LazyLock};

/// The type of the component that holds a realm's own configuration.
pub const COMPONENT_TYPE: &str = "org.keycloak.userprofile.UserProfileProvider";
/// The component's provider.
pub const PROVIDER: &str = "declarative-user-profile";
/// The name of the component's one setting: the configuration as JSON.
pub const SETTING: &str = "kc.user.profile.config";

/// A configuration, ready for use.
#[derive(Debug)]
pub struct Profile {
    /// As the realm shows it.
    pub config: ProfileConfig,
    pub(super) attributes: Vec<Attribute>,
    pub(super) unmanaged_policy: Option<UnmanagedAttributePolicy>,
}

/// One attribute's configuration.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) display_name: String,
    /// The roles, and the scopes, that it is required for.
    pub(super) required: Option<(Vec<String>, Vec<String>)>,
    pub(super) view: Vec<String>,
    pub(super) edit: Vec<String>,
    pub(super) selector: Vec<String>,
    pub(super) validators: Vec<Check>,
    pub(super) multivalued: bool,
    pub(super) default_value: Option<String>,
    pub(super) group: Option<String>,
    pub(super) annotations: Option<BTreeMap<String, Value>>,
}

/// A validator as it was configured, and as it runs.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) name: String,
    pub(super) config: BTreeMap<String, Value>,
    pub(super) validator: Validator,
}

/// What Keycloak gives a realm that has no configuration of its own.
static DEFAULT: LazyLock<ProfileConfig> = LazyLock::new(|| {
    let person = |name: &str| {
        serde_json::json!({
            "name": name, "displayName": format!("${{{name}}}"),
            "validations": {"length": {"max": 255}, "person-name-prohibited-characters": {}},
            "required": {"roles": ["user"]},
            "permissions": {"view": ["admin", "user"], "edit": ["admin", "user"]}, "multivalued": false,
        })
    };
    let config = serde_json::json!({
        "attributes": [
            {
                "name": "username", "displayName": "${username}",
                "validations": {
                    "length": {"min": 3, "max": 255},
                    "username-prohibited-characters": {}, "up-username-not-idn-homograph": {},
                },
                "permissions": {"view": ["admin", "user"], "edit": ["admin", "user"]}, "multivalued": false,
            },
            {
                "name": "email", "displayName": "${email}",
                "validations": {"email": {}, "length": {"max": 255}},
                "required": {"roles": ["user"]},
                "permissions": {"view": ["admin", "user"], "edit": ["admin", "user"]}, "multivalued": false,
            },
            person("firstName"),
            person("lastName"),
        ],
        "groups": [{
            "name": "user-metadata", "displayHeader": "User metadata",
            "displayDescription": "Attributes, which refer to user metadata",
        }],
    });
    serde_json::from_value(config).unwrap_or_default()
});

impl Default for Profile {
    fn default() -> Self {
        Profile::new(DEFAULT.clone())
    }
}

impl Profile {
    /// The profile that a realm's components configure.
    pub fn of(components: &[ComponentRow]) -> Self {
        let component = components.iter().find(|c| c.provider_type.as_deref() == Some(COMPONENT_TYPE));
        let Some(text) = component.and_then(|c| c.config.first(SETTING)) else { return Profile::default() };
        match serde_json::from_str(text) {
            Ok(config) => Profile::new(config),
            Err(error) => {
                tracing::warn!(%error, "a user profile cannot be read; the default one is used");
                Profile::default()
            }
        }
    }

    /// The same with the language of a person, which a realm with several languages keeps of everybody.
    pub fn with_locale(mut self) -> Self {
        let both = serde_json::json!({"view": ["admin", "user"], "edit": ["admin", "user"]});
        let locale = serde_json::json!({"name": LOCALE, "permissions": both});
        if !self.attributes.iter().any(|a| a.name == LOCALE) {
            let locale: Option<ProfileAttribute> = serde_json::from_value(locale).ok();
            self.attributes.extend(locale.as_ref().and_then(Attribute::new));
        }
        self
    }

    /// Prepares a configuration. What [`mistakes`] would have refused is passed over.
    pub fn new(config: ProfileConfig) -> Self {
        let mut attributes: Vec<_> = config.attributes.iter().flatten().filter_map(Attribute::new).collect();
        // every user has the two, whether or not they are configured
        for name in [EMAIL, USERNAME] {
            if !attributes.iter().any(|a| a.name == name) {
                let both = || vec!["admin".to_owned(), "user".to_owned()];
                attributes.insert(0, Attribute { view: both(), edit: both(), ..Attribute::bare(name) });
            }
        }
        let unmanaged_policy = config.unmanaged_attribute_policy;
        Profile { config, attributes, unmanaged_policy }
    }
}

impl Attribute {
    fn bare(name: &str) -> Self {
        // the two that Keycloak itself knows have their messages' names
        let display_name = if matches!(name, USERNAME | EMAIL) { format!("${{{name}}}") } else { name.to_owned() };
        Attribute {
            name: name.to_owned(),
            display_name,
            required: None,
            view: Vec::new(),
            edit: Vec::new(),
            selector: Vec::new(),
            validators: Vec::new(),
            multivalued: false,
            default_value: None,
            group: None,
            annotations: None,
        }
    }

    fn new(config: &ProfileAttribute) -> Option<Self> {
        let bare = Attribute::bare(config.name.as_deref().filter(|name| !name.is_empty())?);
        let permissions = config.permissions.clone().unwrap_or_default();
        let check = |(name, config): (&String, &BTreeMap<String, Value>)| {
            let validator = Validator::read(name, config)?.ok()?;
            Some(Check { name: name.clone(), config: config.clone(), validator })
        };
        let required = |r: cloakroom_api::admin::profile::ProfileRequired| {
            (r.roles.unwrap_or_default(), r.scopes.unwrap_or_default())
        };
        Some(Attribute {
            display_name: config.display_name.clone().filter(|n| !n.trim().is_empty()).unwrap_or(bare.display_name),
            required: config.required.clone().map(required),
            view: permissions.view.unwrap_or_default(),
            edit: permissions.edit.unwrap_or_default(),
            selector: config.selector.clone().and_then(|s| s.scopes).unwrap_or_default(),
            validators: config.validations.iter().flatten().filter_map(check).collect(),
            multivalued: config.multivalued == Some(true) && !matches!(bare.name.as_str(), USERNAME | EMAIL),
            default_value: config.default_value.clone().filter(|v| !v.trim().is_empty()),
            group: config.group.clone(),
            annotations: config.annotations.clone(),
            ..bare
        })
    }
}

/// A configuration as it is stored and shown: what is left out has its default.
pub fn normalized(mut config: ProfileConfig) -> ProfileConfig {
    for attribute in config.attributes.iter_mut().flatten() {
        attribute.multivalued.get_or_insert(false);
    }
    config.groups.get_or_insert_default();
    config
}

/// What is wrong with a configuration, in Keycloak's words. `scopes` are the names of the realm's client scopes.
pub fn mistakes(config: &ProfileConfig, scopes: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    let Some(attributes) = &config.attributes else { return wrong };
    for name in [USERNAME, EMAIL] {
        if !attributes.iter().any(|a| a.name.as_deref() == Some(name)) {
            wrong.push(format!("The attribute '{name}' can not be removed"));
        }
    }
    let groups = config.groups.as_deref().unwrap_or_default();
    let nameless = groups.iter().filter(|g| g.name.as_deref().is_none_or(|n| n.trim().is_empty())).count();
    if nameless > 0 {
        wrong.push(format!("Name is mandatory for groups, found {nameless} group(s) without name."));
    }
    let mut names: Vec<&str> = Vec::new();
    for attribute in attributes {
        let Some(name) = attribute.name.as_deref().filter(|n| !n.trim().is_empty()) else {
            wrong.push("Attribute configuration without 'name' is not allowed".to_owned());
            continue;
        };
        if names.contains(&name) {
            wrong.push(format!("Attribute configuration already exists with 'name':'{name}'"));
            continue;
        }
        names.push(name);
        attribute_mistakes(attribute, name, groups, scopes, &mut wrong);
    }
    wrong
}

fn attribute_mistakes(
    attribute: &ProfileAttribute,
    name: &str,
    groups: &[ProfileGroup],
    scopes: &[&str],
    wrong: &mut Vec<String>,
) {
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')) {
        let allowed = "only letters, numbers and '.' '_' '-' special characters allowed";
        wrong.push(format!("Invalid attribute name ({allowed}): {name}'"));
    }
    for (validator, config) in attribute.validations.iter().flatten() {
        match Validator::read(validator, config) {
            None => wrong.push(format!("Validator '{validator}' defined for attribute '{name}' doesn't exist")),
            Some(Err(errors)) => {
                let errors: String = errors.iter().map(|e| e.to_string() + ", ").collect();
                let what = format!("Validator '{validator}' defined for attribute '{name}'");
                wrong.push(format!("{what} has incorrect configuration: {errors}"));
            }
            Some(Ok(_)) => {}
        }
    }
    let mut unsupported = |setting: &str, kind: &str, values: Option<&Vec<String>>, known: &[&str]| {
        for value in values.into_iter().flatten().filter(|v| !known.contains(&v.as_str())) {
            let what = format!("'{setting}' configuration for attribute '{name}'");
            wrong.push(format!("{what} contains unsupported {kind} '{value}'"));
        }
    };
    let roles = ["admin", "user"];
    if let Some(permissions) = &attribute.permissions {
        unsupported("permissions.view", "role", permissions.view.as_ref(), &roles);
        unsupported("permissions.edit", "role", permissions.edit.as_ref(), &roles);
    }
    if let Some(required) = &attribute.required {
        unsupported("required.roles", "role", required.roles.as_ref(), &roles);
        unsupported("required.scopes", "scope", required.scopes.as_ref(), scopes);
    }
    unsupported("selector.scopes", "scope", attribute.selector.as_ref().and_then(|s| s.scopes.as_ref()), scopes);
    if let Some(group) = attribute.group.as_deref().filter(|g| !g.is_empty())
        && !groups.iter().any(|g| g.name.as_deref() == Some(group))
    {
        wrong.push(format!("Attribute '{name}' references unknown group '{group}'"));
    }
}
