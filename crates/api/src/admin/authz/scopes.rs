//! The actions that can be done on a client's resources.

use super::{Policy, Resource, Scope, resources::NameQuery};
use crate::{
    endpoint::{CreatedJson, Json, JsonOrNone},
    endpoints,
    representation::representations,
};

representations! {
    /// Which scopes to list.
    pub struct ScopeQuery {
        pub scope_id: Option<String>,
        /// Part of the name.
        pub name: Option<String>,
        pub first: Option<i32>,
        /// 100 by default.
        pub max: Option<i32>,
    }
}

endpoints! {
    /// The actions that can be done on a client's resources.
    AuthzScopes(realm, client)

    /// Creates a scope.
    POST "/admin/realms/{realm}/clients/{client}/authz/resource-server/scope"
    fn create(body: Scope) -> CreatedJson<Scope>, cache: "no-cache";

    /// Lists the scopes that match the query.
    GET "/admin/realms/{realm}/clients/{client}/authz/resource-server/scope"
    fn list(query: ScopeQuery) -> Json<Vec<Scope>>, pages: list_all;

    /// The scope of a name, if there is one.
    GET "/admin/realms/{realm}/clients/{client}/authz/resource-server/scope/search"
    fn find(query: NameQuery) -> JsonOrNone<Scope>;

    /// Gets one scope.
    GET "/admin/realms/{realm}/clients/{client}/authz/resource-server/scope/{id}"
    fn get(id) -> Json<Scope>;

    /// Replaces name, display name and icon.
    PUT "/admin/realms/{realm}/clients/{client}/authz/resource-server/scope/{id}"
    fn update(id, body: Scope);

    /// Deletes a scope that no resource has.
    DELETE "/admin/realms/{realm}/clients/{client}/authz/resource-server/scope/{id}"
    fn delete(id);

    /// The permissions that are about a scope.
    GET "/admin/realms/{realm}/clients/{client}/authz/resource-server/scope/{id}/permissions"
    fn permissions(id) -> Json<Vec<Policy>>;

    /// The resources that have a scope.
    GET "/admin/realms/{realm}/clients/{client}/authz/resource-server/scope/{id}/resources"
    fn resources(id) -> Json<Vec<Resource>>;
}
