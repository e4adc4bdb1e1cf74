//! The server as its callers see it. One binary; one file per part of the server.

mod browser;
mod login;
