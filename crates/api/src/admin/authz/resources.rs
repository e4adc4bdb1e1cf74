//! The resources that a client protects.

use super::{Policy, Resource, Scope};
use crate::{
    endpoint::{CreatedJson, Json, JsonOrNone},
    endpoints,
    fields::Attributes,
    representation::representations,
};

representations! {
    /// Which resources to list. Conditions are ANDed.
    pub struct ResourceQuery {
        #[serde(rename = "_id")]
        pub id: Option<String>,
        /// Part of the name, or all of it with `exact_name`.
        pub name: Option<String>,
        pub exact_name: Option<bool>,
        /// A URI of the resource, or one that its URIs stand for with `matching_uri`.
        pub uri: Option<String>,
        pub matching_uri: Option<bool>,
        /// The owner's id, username or `clientId`.
        pub owner: Option<String>,
        pub r#type: Option<String>,
        /// Part of the name of one of its scopes.
        pub scope: Option<String>,
        /// Whether scopes, attributes and the like are returned too; true by default.
        pub deep: Option<bool>,
        pub first: Option<i32>,
        /// 100 by default.
        pub max: Option<i32>,
    }

    /// The one that has a name.
    pub struct NameQuery {
        pub name: Option<String>,
    }
}

endpoints! {
    /// The resources that a client protects.
    AuthzResources(realm, client)

    /// Creates a resource. Scopes that are not there yet are made with it. Without an owner it is the client's own.
    POST "/admin/realms/{realm}/clients/{client}/authz/resource-server/resource"
    fn create(body: Resource) -> CreatedJson<Resource>, cache: "no-cache";

    /// Lists the resources that match the query.
    GET "/admin/realms/{realm}/clients/{client}/authz/resource-server/resource"
    fn list(query: ResourceQuery) -> Json<Vec<Resource>>, pages: list_all;

    /// The client's own resource of a name, if there is one.
    GET "/admin/realms/{realm}/clients/{client}/authz/resource-server/resource/search"
    fn find(query: NameQuery) -> JsonOrNone<Resource>;

    /// Gets one resource.
    GET "/admin/realms/{realm}/clients/{client}/authz/resource-server/resource/{id}"
    fn get(id) -> Json<Resource>;

    /// Replaces a resource; lists that are absent become empty.
    PUT "/admin/realms/{realm}/clients/{client}/authz/resource-server/resource/{id}"
    fn update(id, body: Resource);

    /// Deletes a resource, and the permissions that are for nothing else.
    DELETE "/admin/realms/{realm}/clients/{client}/authz/resource-server/resource/{id}"
    fn delete(id);

    /// The attributes of a resource.
    GET "/admin/realms/{realm}/clients/{client}/authz/resource-server/resource/{id}/attributes"
    fn attributes(id) -> Json<Attributes>;

    /// The permissions that are about a resource, by itself, its type or its scopes.
    GET "/admin/realms/{realm}/clients/{client}/authz/resource-server/resource/{id}/permissions"
    fn permissions(id) -> Json<Vec<Policy>>;

    /// The scopes of a resource, those it has by its type included.
    GET "/admin/realms/{realm}/clients/{client}/authz/resource-server/resource/{id}/scopes"
    fn scopes(id) -> Json<Vec<Scope>>;
}
