//! The commands, one file each.

#[cfg(feature = "server")]
pub(crate) mod start;
