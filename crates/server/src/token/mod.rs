//! Tokens: reading those that come in, making new ones, and the sessions behind both.

pub mod bearer;
pub mod claims;
pub mod context;
pub mod mappers;
pub mod mint;
pub mod refresh;
pub mod revoked;
pub mod roles;
pub mod rotation;
pub mod scope;
pub mod service_account;
pub mod sessions;
pub mod set_up;
pub mod settings;
pub mod signed;
pub mod subject;
pub mod sweep;
