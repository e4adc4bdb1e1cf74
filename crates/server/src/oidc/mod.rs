//! The OpenID Connect endpoints of a realm.

pub mod authorize;
pub mod logout;
pub(crate) mod redirect_uri;
pub(crate) mod web_origins;
