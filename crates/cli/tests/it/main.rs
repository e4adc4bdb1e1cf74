//! The command as its users meet it.

#![expect(clippy::unwrap_used, reason = "a test ends where its world is not as it should be")]

#[cfg(feature = "server")]
mod durability;
#[cfg(feature = "server")]
mod health;
mod rest;
mod session;
mod shell;
#[cfg(feature = "server")]
mod start;
mod support;
mod token;
