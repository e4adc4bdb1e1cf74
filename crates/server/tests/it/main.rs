//! The server as its callers see it. One binary; one file per part of the server.

#![allow(clippy::unwrap_used, reason = "what the tests share is part of the tests")]

mod acme;
mod browser;
mod client_auth;
mod login;
mod mappers;
mod token;
