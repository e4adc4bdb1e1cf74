//! The command as its users meet it.

#[cfg(feature = "server")]
mod durability;
#[cfg(feature = "server")]
mod start;
