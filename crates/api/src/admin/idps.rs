//! Identity providers and their mappers.

use crate::{admin::components::ConfigProperty, fields::StringMap, representation::representations};

representations! {
    /// An identity provider. Its `clientSecret` is masked when read.
    pub struct IdentityProvider = "IdentityProviderRepresentation" {
        pub alias: Option<String>,
        pub display_name: Option<String>,
        /// The id; URLs use the alias.
        pub internal_id: Option<String>,
        pub provider_id: Option<String>,
        pub enabled: Option<bool>,
        pub update_profile_first_login_mode: Option<String>,
        pub trust_email: Option<bool>,
        pub store_token: Option<bool>,
        pub add_read_token_role_on_create: Option<bool>,
        pub authenticate_by_default: Option<bool>,
        pub link_only: Option<bool>,
        pub hide_on_login: Option<bool>,
        pub first_broker_login_flow_alias: Option<String>,
        pub post_broker_login_flow_alias: Option<String>,
        pub organization_id: Option<String>,
        pub config: Option<StringMap>,
        pub types: Option<Vec<String>>,
        pub update_profile_first_login: Option<bool>,
    }

    /// Maps what an identity provider says of a user.
    pub struct IdentityProviderMapper = "IdentityProviderMapperRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub identity_provider_alias: Option<String>,
        pub identity_provider_mapper: Option<String>,
        pub config: Option<StringMap>,
    }

    /// A kind of mapper that an identity provider can have.
    pub struct IdentityProviderMapperType = "IdentityProviderMapperTypeRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub category: Option<String>,
        pub help_text: Option<String>,
        pub properties: Option<Vec<ConfigProperty>>,
    }
}
