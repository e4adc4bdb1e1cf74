//! Tokens: reading those that come in, making new ones, and the sessions behind both.

pub mod bearer;
pub mod sessions;
