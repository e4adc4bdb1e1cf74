//! Keycloak's APIs as data: representations, errors, and one table of operations that client and server both read.
//!
//! Nothing here does IO. A client gives a [`Transport`](endpoint::Transport) and gets a method per row; the server gives a
//! handler per row's `Request`.

pub mod admin;
pub mod endpoint;
pub mod error;
pub mod fields;
pub mod lenient;
pub mod names;
pub mod oidc;
mod representation;
pub mod secrets;
pub mod tree;
pub mod uma;

#[doc(hidden)]
pub use http;

/// Every operation, by group: what the spec check and the routing test walk.
pub fn operations() -> impl Iterator<Item = &'static endpoint::Operation> {
    admin::ALL.iter().chain(oidc::ALL).chain(uma::ALL).copied().flatten()
}
