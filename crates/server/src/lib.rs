//! A Keycloak-compatible identity server.
//!
//! A request goes straight: [`route`] reads it, a handler under `admin`, `oidc` or `login` decides, `cloakroom-store`
//! runs the statements, and [`cx::Cx`] carries the one transaction.

pub mod admin;
pub mod app;
pub mod caches;
pub mod clock;
pub mod config;
pub mod cx;
pub mod error;
pub mod hasher;
pub mod keys;
pub mod listen;
pub mod log;
mod login;
pub mod management;
pub mod oidc;
pub mod outgoing;
pub mod password;
pub mod profile;
mod properties;
pub mod random;
pub mod realm;
pub mod realm_view;
pub mod route;
pub mod run;
pub mod token;

pub use app::App;
pub use error::{Error, Result};

use route::Routes;

/// Everything that is served on the main port.
pub fn routes() -> Routes {
    Routes::new().merge(admin::routes()).merge(oidc::routes()).merge(login::routes())
}
