//! The command as its users meet it.

#![expect(clippy::unwrap_used, reason = "a test ends where its world is not as it should be")]

#[cfg(unix)]
mod ackc;
mod doctor;
#[cfg(feature = "server")]
mod durability;
#[cfg(feature = "server")]
mod health;
mod init;
#[cfg(feature = "server")]
mod metrics;
mod realm_export;
mod rest;
mod session;
mod shell;
#[cfg(feature = "server")]
mod start;
mod support;
mod token;
