//! Mappers of identity providers: what becomes of what they say of a user.

use std::collections::BTreeMap;

use crate::{
    admin::components::ConfigProperty,
    endpoint::{Created, Json},
    endpoints,
    fields::StringMap,
    representation::representations,
};

representations! {
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

endpoints! {
    /// The mappers of an identity provider.
    IdentityProviderMappers(realm, idp)

    /// Creates a mapper.
    POST "/admin/realms/{realm}/identity-provider/instances/{idp}/mappers"
    fn create(body: IdentityProviderMapper) -> Created;

    /// Lists the mappers.
    GET "/admin/realms/{realm}/identity-provider/instances/{idp}/mappers"
    fn list() -> Json<Vec<IdentityProviderMapper>>;

    /// Gets one mapper.
    GET "/admin/realms/{realm}/identity-provider/instances/{idp}/mappers/{id}"
    fn get(id) -> Json<IdentityProviderMapper>;

    /// Replaces a mapper.
    PUT "/admin/realms/{realm}/identity-provider/instances/{idp}/mappers/{id}"
    fn update(id, body: IdentityProviderMapper), cache: "no-cache";

    /// Deletes a mapper.
    DELETE "/admin/realms/{realm}/identity-provider/instances/{idp}/mappers/{id}"
    fn delete(id), cache: "no-cache";

    /// The kinds of mappers that it can have, by id.
    GET "/admin/realms/{realm}/identity-provider/instances/{idp}/mapper-types"
    fn types() -> Json<BTreeMap<String, IdentityProviderMapperType>>;
}
