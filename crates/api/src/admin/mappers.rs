//! Protocol mappers: what goes into tokens and assertions.

use crate::{fields::StringMap, representation::representations};

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
