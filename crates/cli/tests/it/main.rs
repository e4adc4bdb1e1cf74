//! The command as its users meet it.

#[cfg(feature = "server")]
mod start;
