//! The parts of a realm that have endpoints of their own: they are stored with its settings, but neither shown nor changed with them.

use cloakroom_api::{
    admin::{
        flows::{AuthenticationFlow, AuthenticatorConfig, RequiredAction},
        idps::{IdentityProvider, IdentityProviderMapper},
        realms::Realm,
    },
    fields::StringMap,
};
use std::collections::BTreeMap;

/// Flows, required actions, identity providers and texts of a realm.
#[derive(Debug, Default)]
pub struct Lists {
    /// Top-level flows and sub-flows alike.
    pub flows: Vec<AuthenticationFlow>,
    /// What executions are configured with, by alias.
    pub flow_configs: Vec<AuthenticatorConfig>,
    /// Those that are registered, switched on or not.
    pub required_actions: Vec<RequiredAction>,
    /// With their secrets.
    pub identity_providers: Vec<IdentityProvider>,
    /// Of all identity providers.
    pub identity_provider_mappers: Vec<IdentityProviderMapper>,
    /// The realm's own texts, by locale.
    pub texts: BTreeMap<String, StringMap>,
}

impl Lists {
    /// Takes them out of a realm's representation, where only the settings are left.
    pub fn take(realm: &mut Realm) -> Self {
        realm.organizations = None;
        Lists {
            flows: realm.authentication_flows.take().unwrap_or_default(),
            flow_configs: realm.authenticator_config.take().unwrap_or_default(),
            required_actions: realm.required_actions.take().unwrap_or_default(),
            identity_providers: realm.identity_providers.take().unwrap_or_default(),
            identity_provider_mappers: realm.identity_provider_mappers.take().unwrap_or_default(),
            texts: realm.localization_texts.take().unwrap_or_default(),
        }
    }
}
