//! Roles of a realm and of its clients, and what they are composed of.

use std::collections::BTreeMap;

use crate::{fields::Attributes, representation::representations};

representations! {
    /// A role, of the realm or of one client.
    pub struct Role = "RoleRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub description: Option<String>,
        pub scope_param_required: Option<bool>,
        pub composite: Option<bool>,
        pub composites: Option<Composites>,
        pub client_role: Option<bool>,
        /// The id of the realm or of the client it belongs to.
        pub container_id: Option<String>,
        pub attributes: Option<Attributes>,
    }

    /// All roles of a realm, in import and export; those of clients under their `clientId`.
    pub struct Roles = "RolesRepresentation" {
        pub realm: Option<Vec<Role>>,
        pub client: Option<BTreeMap<String, Vec<Role>>>,
        pub application: Option<BTreeMap<String, Vec<Role>>>,
    }

    /// The roles that a composite role implies, by name; those of clients under their `clientId`.
    pub struct Composites = "Composites" {
        pub realm: Option<Vec<String>>,
        pub client: Option<BTreeMap<String, Vec<String>>>,
        pub application: Option<BTreeMap<String, Vec<String>>>,
    }
}
