//! Protocol mappers: what goes into tokens and assertions.

use crate::{
    endpoint::{Created, Json},
    endpoints,
    fields::StringMap,
    representation::representations,
};

representations! {
    /// A protocol mapper of a client or a client scope. `config` is replaced whole on update.
    pub struct ProtocolMapper = "ProtocolMapperRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub protocol: Option<String>,
        pub protocol_mapper: Option<String>,
        pub consent_required: Option<bool>,
        pub consent_text: Option<String>,
        pub config: Option<StringMap>,
    }

    /// A mapper that takes part in a client's tokens for a given `scope`, and where it comes from.
    pub struct ProtocolMapperEvaluation = "ProtocolMapperEvaluationRepresentation" {
        pub mapper_id: Option<String>,
        pub mapper_name: Option<String>,
        pub container_id: Option<String>,
        pub container_name: Option<String>,
        pub container_type: Option<String>,
        pub protocol_mapper: Option<String>,
    }
}

macro_rules! mappers {
    ($(#[doc = $doc:literal])* $Group:ident ($($param:ident),*) at $prefix:literal) => {
        endpoints! {
            $(#[doc = $doc])*
            $Group($($param),*)

            /// Creates a mapper. Its name must be new here.
            POST ($prefix "/protocol-mappers/models")
            fn create(body: ProtocolMapper) -> Created, cache: "no-cache";

            /// Creates several mappers, all or none.
            POST ($prefix "/protocol-mappers/add-models")
            fn create_all(body: Vec<ProtocolMapper>), cache: "no-cache";

            /// Lists the mappers.
            GET ($prefix "/protocol-mappers/models")
            fn list() -> Json<Vec<ProtocolMapper>>;

            /// Lists the mappers of one protocol.
            GET ($prefix "/protocol-mappers/protocol/{protocol}")
            fn of_protocol(protocol) -> Json<Vec<ProtocolMapper>>;

            /// Gets one mapper.
            GET ($prefix "/protocol-mappers/models/{id}")
            fn get(id) -> Json<ProtocolMapper>;

            /// Replaces a mapper's configuration, whole. The name stays.
            PUT ($prefix "/protocol-mappers/models/{id}")
            fn update(id, body: ProtocolMapper), cache: "no-cache";

            /// Deletes a mapper.
            DELETE ($prefix "/protocol-mappers/models/{id}")
            fn delete(id), cache: "no-cache";
        }
    };
}

/// The protocol mappers of a client.
pub mod of_client {
    use super::*;
    mappers! {
        /// The protocol mappers of a client.
        ClientMappers(realm, client) at "/admin/realms/{realm}/clients/{client}"
    }
}

/// The protocol mappers of a client scope.
pub mod of_client_scope {
    use super::*;
    mappers! {
        /// The protocol mappers of a client scope.
        ScopeMappers(realm, scope) at "/admin/realms/{realm}/client-scopes/{scope}"
    }
}

/// The protocol mappers of a client scope, on the path it had as a client template.
pub mod of_client_template {
    use super::*;
    mappers! {
        /// The protocol mappers of a client scope, by its old path.
        TemplateMappers(realm, scope) at "/admin/realms/{realm}/client-templates/{scope}"
    }
}
