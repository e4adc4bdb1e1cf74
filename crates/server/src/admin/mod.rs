//! The Admin REST API: one file per resource, under the same name as in `cloakroom-api`.

pub mod access;
mod attack_detection;
mod attribute_query;
mod client_scopes;
pub(crate) mod clients;
mod components;
mod composites;
mod consents;
mod credentials;
mod default_groups;
mod federated_identities;
mod group_by_path;
pub(crate) mod group_page;
mod groups;
mod handing_out;
mod keys;
mod localization;
mod mappers;
mod multipart;
mod paging;
mod profile;
mod realm_scopes;
mod realms;
mod role_holders;
mod role_mappings;
mod roles;
mod scope_mappings;
mod sessions;
mod user_groups;
pub(crate) mod user_page;
pub(crate) mod users;

use crate::route::Routes;

/// The Admin REST API.
pub fn routes() -> Routes {
    Routes::new()
        .merge(attack_detection::routes())
        .merge(client_scopes::routes())
        .merge(clients::routes())
        .merge(components::routes())
        .merge(consents::routes())
        .merge(credentials::routes())
        .merge(default_groups::routes())
        .merge(federated_identities::routes())
        .merge(group_by_path::routes())
        .merge(groups::routes())
        .merge(keys::routes())
        .merge(localization::routes())
        .merge(mappers::routes())
        .merge(profile::routes())
        .merge(realm_scopes::routes())
        .merge(realms::routes())
        .merge(role_mappings::routes())
        .merge(roles::routes())
        .merge(scope_mappings::routes())
        .merge(sessions::routes())
        .merge(user_groups::routes())
        .merge(users::routes())
}
