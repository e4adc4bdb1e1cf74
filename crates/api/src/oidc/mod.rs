//! OpenID Connect and OAuth 2.0: `/realms/{realm}/protocol/openid-connect/…`.

pub mod certs;
pub mod discovery;
pub mod introspect;
pub mod logout;
pub mod revoke;
pub mod token;
pub mod userinfo;

use crate::endpoint::Operation;

/// The operations of OpenID Connect, by group.
pub const ALL: &[&[Operation]] =
    &[certs::ALL, discovery::ALL, introspect::ALL, logout::ALL, revoke::ALL, token::ALL, userinfo::ALL];
