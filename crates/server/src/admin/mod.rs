//! The Admin REST API: one file per resource, under the same name as in `cloakroom-api`.

pub mod access;
