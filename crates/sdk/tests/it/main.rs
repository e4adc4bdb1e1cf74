//! What callers of the library see, against a server of canned answers.

#![expect(clippy::unwrap_used, reason = "a test ends where its world is not as it should be")]

mod bad_input;
mod blocking;
mod calls;
mod credentials;
mod dpop;
mod dpop_live;
mod enforcer;
mod enforcer_claims;
mod enforcer_live;
mod export;
mod flows;
mod guides;
mod helpers;
mod issuer;
mod jwt;
mod lists;
mod login;
mod logout;
mod management;
mod oidc;
mod plan;
mod server;
mod support;
mod tls;
mod uma;
