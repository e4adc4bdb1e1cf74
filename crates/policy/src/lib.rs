//! Keycloak's Authorization Services, decided without Keycloak: from the settings that it exports, who may do what.
//!
//! A [`Model`] holds a client's resources, scopes, policies and permissions (the terms are those of Keycloak's Authorization
//! Services Guide). Given an [`Identity`], a [`Context`] and a [`Request`], [`Model::decide`] gives a [`Decision`]: what
//! is granted, and what each permission and policy said. Nothing is read, sent or waited for, and the time is a
//! parameter.
//!
//! ```
//! use cloakroom_policy::{Context, Identity, Model, Request};
//!
//! # fn main() -> cloakroom_policy::Result<()> {
//! let settings = r#"{
//!     "decisionStrategy": "UNANIMOUS",
//!     "resources": [{ "name": "Album", "type": "album", "uris": ["/albums/*"], "scopes": [{ "name": "view" }] }],
//!     "policies": [
//!         { "name": "office hours", "type": "time", "config": { "hour": "8", "hourEnd": "17" } },
//!         { "name": "albums", "type": "resource",
//!           "config": { "defaultResourceType": "album", "applyPolicies": "[\"office hours\"]" } }
//!     ]
//! }"#;
//! let model = Model::from_json(settings)?;
//! let noon = Context::at(1_700_049_600);
//! let decision = model.decide(&Identity::new("f3a1"), &noon, &Request::new().uri("/albums/7#view", true))?;
//! assert!(decision.is_granted());
//! assert_eq!(decision.permissions()[0].rsname.as_deref(), Some("Album"));
//! # Ok(())
//! # }
//! ```
//!
//! # How it decides
//! As Keycloak 26.7 does, which recordings and a comparison over generated models check:
//! - A **policy** holds or not; NEGATIVE logic turns it around. Regex policies match the whole text, with `\d`, `\w` and `\s` for
//!   ASCII, in linear time; ranges of time policies that run over the end (22 to 6) are empty.
//! - A **permission** asks its policies; its decision strategy says how many must permit. One without policies says
//!   nothing, but a resource that it names is no longer an open one. A permission's own logic does not count.
//! - Permissions apply to resources that they name, to those of their type, and scope permissions that name neither to
//!   every resource with one of their scopes. The resource server's decision strategy joins them.
//! - A resource that nothing applies to is denied (ENFORCING), or granted (PERMISSIVE, unless its owner manages it). With
//!   DISABLED everything is granted.
//!
//! # What it does not decide
//! Policies in JavaScript, policies of unknown types and patterns with look-around or back-references are *undecidable*:
//! they deny, negated or not, and so does an aggregate that contains one ([`Model::undecidable`] lists them).
//! Keycloak fails the whole request instead.

mod config;
mod context;
mod decision;
mod error;
mod evaluate;
mod identity;
mod model;
mod moment;
mod request;
mod resolve;
mod rules;
mod settle;
mod strategy;
mod tickets;
mod uri;

pub use cloakroom_api as api;
pub use context::{CLIENT_ID, Context, DATE_TIME, HOST, IP_ADDRESS, REALM, USER_AGENT};
pub use decision::{Decision, PermissionResult, PolicyResult, ResourceResult};
pub use error::{Error, Result};
pub use identity::{Identity, Roles};
pub use model::Model;
pub use request::Request;
pub use tickets::Ticket;
pub use uri::Paths;
