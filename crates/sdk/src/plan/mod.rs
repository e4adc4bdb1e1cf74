//! Configuration as code: a realm is described in files, and made as they say.
//!
//! Files have the form of realm exports, in JSON or YAML, and say as little as they like: what they leave out stays as it is.
//! [`Desired`] is what they ask for, [`Plan`] what has to change for it, attribute by attribute, and [`Plan::apply`] changes
//! it. Applying twice is applying once.
//!
//! ```no_run
//! use cloakroom::{Client, Result, plan::{Desired, Options, Plan}};
//!
//! async fn converge(kc: &Client, desired: Desired) -> Result<()> {
//!     let plan = Plan::make(kc, desired, &Options::default()).await?;
//!     println!("{plan}");
//!     let outcome = plan.apply(kc, &Default::default()).await?;
//!     println!("{} of {} steps", outcome.done, outcome.steps);
//!     Ok(())
//! }
//! ```
//!
//! # How things are found again
//! By name: clients by `clientId`, users by username, groups by path, flows and identity providers by alias, all else by
//! name. Ids in files are passed over.
//!
//! # What is deleted
//! Nothing, unless [`Prune`] says so. What was made by applying is noted in attributes of the realm that begin with
//! `cloakroom.managed.`, so that [`Prune::Own`] deletes that and no more.

mod apply;
mod cx;
mod defaults;
mod desired;
mod diff;
mod export;
pub mod files;
mod item;
mod kind;
mod kinds;
mod managed;
mod run;
mod show;
mod tree;

pub use apply::{Apply, Options, Plan};
pub use desired::{Desired, Wrong};
pub use diff::{Action, Change, Prune};
pub use export::{ExportOptions, Secrets, export};
pub use run::{Outcome, Progress};
pub use tree::Attribute;
