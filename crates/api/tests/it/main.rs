//! Representations against what a real Keycloak wrote.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod recordings;
mod round_trip;
