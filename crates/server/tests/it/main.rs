//! The server as its callers see it. One binary; one file per part of the server.

#![allow(clippy::unwrap_used, reason = "what the tests share is part of the tests")]

mod acme;
mod admins;
mod bad_input;
mod browser;
mod client_auth;
mod client_scopes;
mod clients;
mod groups;
mod login;
mod login_actions;
mod login_security;
mod login_sessions;
mod login_site;
mod logout;
mod mappers;
mod profile;
mod protocol_answers;
mod realms;
mod refresh;
mod role_mappings;
mod roles;
mod routes;
mod sessions;
mod token;
mod users;
