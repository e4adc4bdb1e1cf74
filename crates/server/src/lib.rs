//! (being built)

mod login;
mod oidc;
