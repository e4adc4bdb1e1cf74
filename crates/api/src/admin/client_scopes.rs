//! Client scopes: protocol mappers and role scopes that clients share.

use crate::{admin::mappers::ProtocolMapper, fields::StringMap, representation::representations};

representations! {
    /// A client scope. Fields that Keycloak does not know are ignored here, not refused.
    pub struct ClientScope = "ClientScopeRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub description: Option<String>,
        pub protocol: Option<String>,
        pub attributes: Option<StringMap>,
        pub protocol_mappers: Option<Vec<ProtocolMapper>>,
    }
}
