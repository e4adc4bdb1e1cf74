//! The OpenID Connect endpoints of a realm.

pub(crate) mod redirect_uri;
pub(crate) mod web_origins;
