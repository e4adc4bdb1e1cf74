//! How settings decide, as sentences of behaviour, and against recordings of a real Keycloak.
#![expect(clippy::unwrap_used, reason = "a test ends where its world is not as it should be")]

mod golden;
mod golden_policies;
mod grants;
mod hostile;
mod permissions;
mod policies;
mod properties;
mod settings;
mod shared;
mod world;
