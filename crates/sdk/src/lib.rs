//! A client for Keycloak: the Admin API and OpenID Connect, async and blocking, from one table of operations.
//!
//! ```
//! use cloakroom::{Client, Login, OrNone, Result, api::admin::users::{User, UserQuery}};
//!
//! async fn tour() -> Result<()> {
//!     let kc = Client::builder("https://id.example.com").login(Login::password("admin", "secret")).build()?;
//!     let acme = kc.realm("acme");
//!
//!     let bob = User { username: Some("bob".into()), enabled: Some(true), ..User::default() };
//!     let id = match acme.users().create(&bob).await {
//!         Ok(made) => made.id().to_owned(),
//!         Err(e) if e.is_conflict() => return Ok(()), // there is a bob
//!         Err(e) => return Err(e),
//!     };
//!     let found = acme.users().list(&UserQuery { search: Some("bo".into()), ..UserQuery::default() }).await?;
//!     println!("{} users, {:?}", found.len(), acme.users().get(&id, &Default::default()).await.or_none()?);
//!     acme.users().delete(&id).await
//! }
//! ```
//!
//! # Where to find things
//! - [`Client`], and [`blocking::Client`] without `async`: settings, connections, logins. Every operation hangs off
//!   [`Client::realm`], by the words of Keycloak's paths; [`api`] has the representations.
//! - [`guide`]: an example for every resource.
//! - Lists of any length: `list_all` and its like give [`All`], a stream, or [`blocking::All`], an iterator.
//! - [`Find`]: what has an id, by its name. [`Ensure`]: create unless it is there. [`Modify`]: change some fields and lose
//!   none. [`CreateMany`] and [`each`]: many at once. [`GroupTree`]: groups with all below them. [`Export`]: a whole realm. [`OrNone`]: `None` for a
//!   404. The [`prelude`] has them all.
//! - [`Login`]: where access tokens come from. Calls log in by themselves and keep the token fresh.
//! - [`OidcClient`]: what an application does: tokens, codes with PKCE, userinfo, introspection, logout.
//! - [`jwt`]: tokens looked at and verified locally.
//! - [`uma`]: permissions asked of the server: requesting party tokens, decisions, tickets.
//! - `policy` (a feature of that name): authorization settings decided locally, without a server.
//! - `plan` (a feature of that name): configuration as code: a realm made as files say.
//! - [`management`]: health and metrics. [`Settings`]: who and where, from the environment or a file.
//! - `enforcer` (a feature of that name): layers for axum that verify tokens and enforce permissions.
//! - [`Error`]: what went wrong, in the server's words, and what to do about it.
//!
//! Each call is a `tracing` span named `keycloak`, with the operation and the status, and never a secret.

pub mod blocking;
mod bulk;
mod client;
mod clock;
mod config;
#[cfg(feature = "enforcer")]
pub mod enforcer;
mod ensure;
mod error;
mod export;
mod find;
mod group_tree;
pub mod guide;
pub mod jwt;
mod list;
mod login;
pub mod management;
mod modify;
pub mod oidc;
#[cfg(feature = "plan")]
pub mod plan;
#[cfg(feature = "policy")]
pub mod policy;
mod retry;
mod settings;
mod steps;
pub mod uma;
mod wire;

pub use bulk::{CreateMany, each};
pub use client::Client;
pub use cloakroom_api as api;
pub use cloakroom_api::fields::Secret;
pub use cloakroom_api::tree::Realm;
pub use cloakroom_jose as jose;
pub use config::ClientBuilder;
pub use ensure::{Ensure, Ensured};
pub use error::{Answer, Error, NetworkKind, OrNone, Result};
pub use export::{Export, Exported, RealmExport};
pub use find::Find;
pub use group_tree::GroupTree;
pub use list::All;
pub use login::{AccessToken, Login};
pub use modify::Modify;
pub use oidc::{ClientAuth, OidcClient};
pub use retry::Retry;
pub use settings::Settings;
pub use steps::Steps;

/// The traits whose methods the groups of operations have: `use cloakroom::prelude::*;`.
pub mod prelude {
    pub use crate::{CreateMany, Ensure, Export, Find, GroupTree, Modify, OrNone, Steps};
}
