//! Policies that owners keep on their resources.

use crate::{
    admin::authz::{DecisionStrategy, Logic},
    endpoint::{CreatedEmpty, Json},
    endpoints,
    representation::representations,
};

representations! {
    /// Who may do what with a resource, as its owner says. Whom it names are given access, all of them together.
    pub struct UmaPolicy = "UmaPermissionRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub description: Option<String>,
        /// `uma`.
        pub r#type: Option<String>,
        /// The owner's id.
        pub owner: Option<String>,
        pub scopes: Option<Vec<String>>,
        pub resources: Option<Vec<String>>,
        pub policies: Option<Vec<String>>,
        pub resource_type: Option<String>,
        /// Names of realm roles, or `client/role`.
        pub roles: Option<Vec<String>>,
        /// Paths.
        pub groups: Option<Vec<String>>,
        /// By `clientId`.
        pub clients: Option<Vec<String>>,
        /// By username.
        pub users: Option<Vec<String>>,
        /// JavaScript, where the server allows it.
        pub condition: Option<String>,
        pub logic: Option<Logic>,
        pub decision_strategy: Option<DecisionStrategy>,
    }

    /// Which policies to list. Conditions are ANDed.
    pub struct UmaPolicyQuery {
        /// Part of the name.
        pub name: Option<String>,
        /// The resource's id.
        pub resource: Option<String>,
        pub scope: Option<String>,
        pub first: Option<i32>,
        pub max: Option<i32>,
    }
}

endpoints! {
    /// The policies that owners keep on their resources. The access token is an owner's.
    UmaPolicies(realm)

    /// Adds a policy to a resource, by its id. Its owner must be allowed to share it.
    POST "/realms/{realm}/authz/protection/uma-policy/{resource}"
    fn create(resource, body: UmaPolicy) -> Json<UmaPolicy>;

    /// Lists the caller's policies that match the query.
    GET "/realms/{realm}/authz/protection/uma-policy"
    fn list(query: UmaPolicyQuery) -> Json<Vec<UmaPolicy>>, pages: list_all;

    /// Gets one policy.
    GET "/realms/{realm}/authz/protection/uma-policy/{id}"
    fn get(id) -> Json<UmaPolicy>, cache: "";

    /// Replaces a policy.
    PUT "/realms/{realm}/authz/protection/uma-policy/{id}"
    fn update(id, body: UmaPolicy) -> CreatedEmpty;

    /// Deletes a policy.
    DELETE "/realms/{realm}/authz/protection/uma-policy/{id}"
    fn delete(id);
}
