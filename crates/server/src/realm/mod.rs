//! Realms as wholes: what a new one is, and how one is imported, exported and administrated from master.

pub mod bootstrap;
pub mod defaults;
pub mod export;
pub mod files;
pub mod import;
pub mod lists;
pub mod master;
pub mod new_client;
pub mod providers;
pub mod settings;
pub mod show;
