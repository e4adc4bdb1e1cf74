//! The commands, one file each.

pub(crate) mod export;
pub(crate) mod health;
pub(crate) mod init;
pub(crate) mod metrics;
pub(crate) mod plan;
pub(crate) mod realm;
pub(crate) mod rest;
pub(crate) mod roles;
pub(crate) mod session;
pub(crate) mod shell;
#[cfg(feature = "server")]
pub(crate) mod start;
pub(crate) mod token;
