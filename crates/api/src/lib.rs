//! Keycloak's APIs as data: representations, errors, and one table of operations that client and server both read.
//!
//! Nothing here does IO. A client gives a [`Transport`](endpoint::Transport) and gets a method per row; the server gives a
//! handler per row's `Request`.

pub mod admin;
pub mod endpoint;
pub mod error;
pub mod fields;
pub mod lenient;
mod representation;

#[doc(hidden)]
pub use http;
