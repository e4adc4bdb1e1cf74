//! The command as its users meet it.

#![expect(clippy::unwrap_used, reason = "a test ends where its world is not as it should be")]

#[cfg(unix)]
mod ackc;
mod browser;
mod doctor;
#[cfg(feature = "server")]
mod durability;
#[cfg(all(unix, feature = "server"))]
mod from_ackc;
mod from_kcadm;
#[cfg(feature = "server")]
mod health;
mod init;
mod kcadm;
mod keys;
mod live;
#[cfg(feature = "server")]
mod metrics;
#[cfg(feature = "server")]
mod plan;
mod realm_export;
mod rest;
mod roles;
#[cfg(unix)]
mod scripts;
mod session;
mod shell;
mod site;
#[cfg(all(unix, feature = "server"))]
mod stage;
#[cfg(feature = "server")]
mod start;
mod support;
mod tls;
mod token;
#[cfg(all(unix, feature = "server"))]
mod tour;
mod verbs;
mod wrong;
