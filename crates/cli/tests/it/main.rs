//! The command as its users meet it.

#[cfg(feature = "server")]
mod durability;
#[cfg(feature = "server")]
mod health;
mod session;
mod shell;
#[cfg(feature = "server")]
mod start;
mod support;
mod token;
