//! The OpenID Connect endpoints of a realm.

pub mod authorize;
pub mod certs;
pub mod client_auth;
pub mod cors;
pub mod discovery;
pub mod grants;
pub mod introspect;
pub mod logout;
pub(crate) mod redirect_uri;
pub mod revoke;
pub mod token;
pub mod userinfo;
pub(crate) mod web_origins;

use crate::route::Routes;

/// What clients ask, and where they send browsers.
pub fn routes() -> Routes {
    Routes::new()
        .merge(authorize::routes())
        .merge(certs::routes())
        .merge(discovery::routes())
        .merge(introspect::routes())
        .merge(logout::routes())
        .merge(revoke::routes())
        .merge(token::routes())
        .merge(userinfo::routes())
}
