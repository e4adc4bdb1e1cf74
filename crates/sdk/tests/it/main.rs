//! What callers of the library see, against a server of canned answers.

mod blocking;
mod calls;
mod jwt;
mod login;
mod oidc;
mod server;
mod support;
