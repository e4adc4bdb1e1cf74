//! The Admin REST API: one file per resource, under the same name as in `cloakroom-api`.

pub mod access;
mod realms;
mod sessions;

use crate::route::Routes;

/// The Admin REST API.
pub fn routes() -> Routes {
    Routes::new().merge(realms::routes()).merge(sessions::routes())
}
