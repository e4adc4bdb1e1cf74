//! The kinds of things, in the order in which they are made: each finds what it refers to.

/// The calls that map and unmap roles of the realm, or of a client by its id, to what has these mappings.
macro_rules! role_calls {
    ($mappings:expr, $client:expr) => {
        match $client {
            None => ($mappings.realm().add(&Vec::new()), $mappings.realm().remove(&Some(Vec::new()))),
            Some(client) => {
                let of_client = $mappings.client(client);
                (of_client.add(&Vec::new()), of_client.remove(&Some(Vec::new())))
            }
        }
    };
}

mod authz;
mod client_scopes;
pub(super) mod clients;
mod components;
mod default_groups;
mod document;
mod flow_steps;
pub(super) mod flows;
mod groups;
mod idps;
mod localization;
mod mappers;
mod orgs;
mod realm;
mod required_actions;
mod roles;
mod scope_mappings;
mod users;

use super::kind::Kind;

/// All kinds. Deleting goes backwards.
pub(crate) static KINDS: &[&dyn Kind] = &[
    &realm::Settings,
    &localization::Texts,
    &document::ProfileSettings,
    &document::PROFILE_GROUPS,
    &document::PROFILE_ATTRIBUTES,
    &client_scopes::ClientScopes,
    &mappers::OF_CLIENT_SCOPE,
    &client_scopes::DefaultScopes,
    &roles::Roles::OfRealm,
    &components::Components,
    &flows::Flows,
    &required_actions::RequiredActions,
    &idps::IdentityProviders,
    &idps::IdentityProviderMappers,
    &clients::Clients,
    &mappers::OF_CLIENT,
    &roles::Roles::OfClients,
    &groups::Groups,
    &default_groups::DefaultGroups,
    &users::Users,
    &authz::Settings,
    &authz::SCOPES,
    &authz::RESOURCES,
    &authz::POLICIES,
    &authz::AGGREGATES,
    &authz::PERMISSIONS,
    &orgs::Organizations,
    &scope_mappings::ScopeMappings,
    &document::CLIENT_PROFILES,
    &document::CLIENT_POLICIES,
];
