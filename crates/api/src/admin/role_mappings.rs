//! Which roles a user or a group has, and which a client or client scope may put into tokens.

use std::collections::BTreeMap;

use crate::{admin::roles::Role, representation::representations};

representations! {
    /// The roles that something is mapped to directly.
    pub struct Mappings = "MappingsRepresentation" {
        pub realm_mappings: Option<Vec<Role>>,
        pub client_mappings: Option<BTreeMap<String, ClientMappings>>,
    }

    /// The mapped roles of one client.
    pub struct ClientMappings = "ClientMappingsRepresentation" {
        pub id: Option<String>,
        pub client: Option<String>,
        pub mappings: Option<Vec<Role>>,
    }

    /// Roles that a client or a client scope may put into tokens, in import and export.
    pub struct ScopeMapping = "ScopeMappingRepresentation" {
        #[serde(rename = "self")]
        pub self_link: Option<String>,
        pub client: Option<String>,
        pub client_template: Option<String>,
        pub client_scope: Option<String>,
        pub roles: Option<Vec<String>>,
    }
}
