//! The Admin API: `/admin/realms/…`.

pub mod authz;
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
pub mod mappers;
pub mod orgs;
pub mod permissions;
pub mod profile;
pub mod realms;
pub mod role_mappings;
pub mod roles;
pub mod sessions;
pub mod users;
pub mod workflows;
