//! The Admin API: `/admin/realms/…`.

pub mod attack_detection;
pub mod authz;
pub mod caches;
pub mod client_policies;
pub mod client_scopes;
pub mod clients;
pub mod components;
pub mod credentials;
pub mod events;
pub mod flows;
pub mod groups;
pub mod idps;
pub mod initial_access;
pub mod keys;
pub mod legacy;
pub mod localization;
pub mod mappers;
pub mod orgs;
pub mod permissions;
pub mod profile;
pub mod query;
pub mod realms;
pub mod registration;
pub mod role_mappings;
pub mod roles;
pub mod scope_mappings;
pub mod server_info;
pub mod sessions;
pub mod tokens;
pub mod ui;
pub mod user_storage;
pub mod users;
pub mod workflows;

use crate::endpoint::Operation;

/// The operations of the Admin API, and what anybody may know of a realm, by group.
pub const ALL: &[&[Operation]] = &[
    attack_detection::ALL,
    authz::ALL,
    authz::policies::ALL,
    authz::policies::permissions::ALL,
    authz::resources::ALL,
    authz::scopes::ALL,
    authz::typed::aggregate::ALL,
    authz::typed::client::ALL,
    authz::typed::client_scope::ALL,
    authz::typed::group::ALL,
    authz::typed::js::ALL,
    authz::typed::regex::ALL,
    authz::typed::resource::ALL,
    authz::typed::role::ALL,
    authz::typed::scope::ALL,
    authz::typed::time::ALL,
    authz::typed::user::ALL,
    caches::ALL,
    client_policies::ALL,
    client_policies::types::ALL,
    client_scopes::ALL,
    client_scopes::default_of_client::ALL,
    client_scopes::default_of_realm::ALL,
    client_scopes::optional_of_client::ALL,
    client_scopes::optional_of_realm::ALL,
    client_scopes::templates::ALL,
    clients::ALL,
    clients::certificates::ALL,
    clients::evaluate::ALL,
    components::ALL,
    credentials::ALL,
    events::ALL,
    events::admin::ALL,
    flows::ALL,
    flows::configs::ALL,
    flows::execution::ALL,
    flows::providers::ALL,
    flows::required_actions::ALL,
    groups::ALL,
    idps::ALL,
    idps::mappers::ALL,
    initial_access::ALL,
    keys::ALL,
    localization::ALL,
    mappers::of_client::ALL,
    mappers::of_client_scope::ALL,
    mappers::of_client_template::ALL,
    orgs::ALL,
    orgs::groups::ALL,
    orgs::idps::ALL,
    orgs::invitations::ALL,
    orgs::members::ALL,
    profile::ALL,
    realms::ALL,
    realms::public::ALL,
    registration::ALL,
    role_mappings::of_group::ALL,
    role_mappings::of_group::client::ALL,
    role_mappings::of_group::realm::ALL,
    role_mappings::of_user::ALL,
    role_mappings::of_user::client::ALL,
    role_mappings::of_user::realm::ALL,
    roles::ALL,
    roles::by_id::ALL,
    roles::of_client::ALL,
    scope_mappings::of_client::ALL,
    scope_mappings::of_client::client::ALL,
    scope_mappings::of_client::realm::ALL,
    scope_mappings::of_client_scope::ALL,
    scope_mappings::of_client_scope::client::ALL,
    scope_mappings::of_client_scope::realm::ALL,
    scope_mappings::of_client_template::ALL,
    scope_mappings::of_client_template::client::ALL,
    scope_mappings::of_client_template::realm::ALL,
    server_info::ALL,
    ui::ALL,
    user_storage::ALL,
    users::ALL,
    workflows::ALL,
];
