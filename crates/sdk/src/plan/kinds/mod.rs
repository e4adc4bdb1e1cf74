//! The kinds of things, in the order in which they are made: each finds what it refers to.

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
    &roles::RealmRoles,
    &components::Components,
    &flows::Flows,
    &required_actions::RequiredActions,
    &idps::IdentityProviders,
    &idps::IdentityProviderMappers,
    &clients::Clients,
    &mappers::OF_CLIENT,
    &roles::ClientRoles,
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
