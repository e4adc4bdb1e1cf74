//! OpenID Connect and OAuth 2.0: `/realms/{realm}/protocol/openid-connect/…`.

pub mod certs;
pub mod ciba;
pub mod device;
pub mod discovery;
pub mod introspect;
pub mod logout;
pub mod par;
pub mod register;
pub mod revoke;
pub mod token;
pub mod userinfo;

use crate::endpoint::Operation;

/// The operations of OpenID Connect, by group.
pub const ALL: &[&[Operation]] = &[
    certs::ALL,
    ciba::ALL,
    device::ALL,
    discovery::ALL,
    introspect::ALL,
    logout::ALL,
    par::ALL,
    register::ALL,
    register::native::ALL,
    revoke::ALL,
    token::ALL,
    userinfo::ALL,
];
