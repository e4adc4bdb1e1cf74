//! The providers that components are made of: their settings, which of these are secret, and how both are shown.

use crate::keys::{self, providers};
use cloakroom_api::{
    admin::components::{Component, ComponentExport},
    fields::{Attributes, Config},
    secrets::MASK,
};
use cloakroom_store::components::ComponentRow;
use std::collections::BTreeMap;

/// Policies for clients that register themselves.
pub const REGISTRATION_POLICY: &str = "org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy";

/// The user profile.
pub const USER_PROFILE: &str = "org.keycloak.userprofile.UserProfileProvider";

/// Providers that are not keys: type, name, settings.
const OTHERS: [(&str, &str, &[&str]); 9] = [
    (REGISTRATION_POLICY, "allowed-client-templates", &["allowed-client-scopes", "allow-default-scopes"]),
    (REGISTRATION_POLICY, "allowed-protocol-mappers", &["allowed-protocol-mapper-types"]),
    (REGISTRATION_POLICY, "client-disabled", &[]),
    (REGISTRATION_POLICY, "consent-required", &[]),
    (REGISTRATION_POLICY, "max-clients", &["max-clients"]),
    (REGISTRATION_POLICY, "registration-web-origins", &["web-origins"]),
    (REGISTRATION_POLICY, "scope", &[]),
    (
        REGISTRATION_POLICY,
        "trusted-hosts",
        &["trusted-hosts", "host-sending-registration-request-must-match", "client-uris-must-match"],
    ),
    (USER_PROFILE, "declarative-user-profile", &["kc.user.profile.config"]),
];

/// Settings that are never shown.
const SECRETS: [&str; 3] = ["privateKey", "keystorePassword", "keyPassword"];

/// The settings of a provider; `None` for one that this server does not have.
pub fn settings(kind: &str, provider: &str) -> Option<Vec<&'static str>> {
    if kind == keys::PROVIDER_TYPE {
        let own = providers::PROVIDERS.iter().find(|(name, _)| *name == provider)?.1;
        return Some(providers::COMMON.iter().chain(own).copied().collect());
    }
    let found = OTHERS.iter().find(|(of, name, _)| *of == kind && *name == provider);
    found.map(|(.., settings)| settings.to_vec())
}

/// A configuration as administrators see it: the provider's settings, secrets as ten stars. Of a provider that came with an
/// import and is not known here, everything is shown whose name does not sound like a secret.
pub fn shown(kind: &str, provider: &str, config: &Attributes) -> Attributes {
    let known = settings(kind, provider);
    let visible = |name: &String| known.as_ref().is_none_or(|list| list.contains(&name.as_str()));
    let secret = |name: &str| match known {
        Some(_) => SECRETS.contains(&name),
        None => ["credential", "password", "secret", "private"].iter().any(|w| name.to_lowercase().contains(w)),
    };
    let masked = |(name, values): (&String, &Vec<String>)| {
        (name.clone(), if secret(name) { vec![MASK.to_owned()] } else { values.clone() })
    };
    config.iter().filter(|(name, _)| visible(name)).map(masked).collect()
}

/// The stored configuration changed by what was sent: ten stars keep a value, an empty one removes it, and what a provider
/// does not know is passed over.
pub fn changed(kind: &str, provider: &str, stored: &Attributes, sent: Attributes) -> Attributes {
    let known = settings(kind, provider);
    let mut config = stored.clone();
    for (name, values) in sent {
        if known.as_ref().is_some_and(|list| !list.contains(&name.as_str())) || values.iter().any(|v| v == MASK) {
            continue;
        }
        match values.first().is_none_or(|v| v.trim().is_empty()) {
            true => drop(config.remove(&name)),
            false => drop(config.insert(name, values)),
        }
    }
    config
}

/// A component as administrators see it.
pub fn component(row: &ComponentRow) -> Component {
    Component {
        id: Some(row.id.clone()),
        name: row.name.clone(),
        provider_id: row.provider.clone(),
        provider_type: row.provider_type.clone(),
        parent_id: row.parent.clone(),
        sub_type: row.sub_type.clone(),
        config: Some(Config(shown_of(row))),
    }
}

fn shown_of(row: &ComponentRow) -> Attributes {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    shown(&text(&row.provider_type), &text(&row.provider), &row.config)
}

/// The components below a parent as an export shows them, by type.
pub fn export(all: &[ComponentRow], parent: &str) -> BTreeMap<String, Vec<ComponentExport>> {
    let mut by_type: BTreeMap<String, Vec<ComponentExport>> = BTreeMap::new();
    for row in all.iter().filter(|c| c.parent.as_deref() == Some(parent)) {
        let below = if row.id == parent { BTreeMap::new() } else { export(all, &row.id) };
        let exported = ComponentExport {
            id: Some(row.id.clone()),
            name: row.name.clone(),
            provider_id: row.provider.clone(),
            sub_type: row.sub_type.clone(),
            sub_components: Some(below),
            config: Some(Config(shown_of(row))),
        };
        by_type.entry(row.provider_type.clone().unwrap_or_default()).or_default().push(exported);
    }
    by_type
}
