//! User-Managed Access: the protection API of a realm, `/realms/{realm}/authz/protection/…` (Federated Authorization for
//! UMA 2.0, and Keycloak's additions).
//!
//! The access token is a protection API token: of a resource server's service account, or of a user who owns resources, got
//! through that resource server's client.

pub mod discovery;
pub mod policies;
pub mod resources;
pub mod tickets;

use crate::endpoint::Operation;

/// The operations of User-Managed Access, by group.
pub const ALL: &[&[Operation]] = &[discovery::ALL, policies::ALL, resources::ALL, tickets::ALL, tickets::requests::ALL];
