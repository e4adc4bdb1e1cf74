//! Policies and permissions of any type. Those of one type have groups of their own: [`typed`](super::typed).

use super::{Policy, PolicyEvaluationRequest, PolicyEvaluationResponse, PolicyProvider, Resource, Scope};
use crate::{
    endpoint::{CreatedEmpty, CreatedJson, Json, JsonOrNone},
    endpoints,
    representation::representations,
};

representations! {
    /// Which policies or permissions to list. Conditions are ANDed.
    pub struct PolicyQuery {
        pub policy_id: Option<String>,
        /// Part of the name.
        pub name: Option<String>,
        /// `role`, `user`, …, or `resource` and `scope` for permissions.
        pub r#type: Option<String>,
        /// Id or name of a resource that it is about.
        pub resource: Option<String>,
        pub resource_type: Option<String>,
        /// Id or name of a scope that it is about.
        pub scope: Option<String>,
        /// Whether to list permissions only, or policies only; both when absent.
        pub permission: Option<bool>,
        /// The owner's id, of policies that users made.
        pub owner: Option<String>,
        /// Names of fields to return, divided by commas; all by default.
        pub fields: Option<String>,
        pub first: Option<i32>,
        /// 100 by default.
        pub max: Option<i32>,
    }

    /// The one that has a name.
    pub struct PolicySearch {
        pub name: Option<String>,
        /// Names of fields to return, divided by commas; all by default.
        pub fields: Option<String>,
    }
}

macro_rules! policies {
    ($(#[doc = $doc:literal])* $Group:ident at $path:literal) => {
        endpoints! {
            $(#[doc = $doc])*
            $Group(realm, client)

            /// Creates one; `type` says of which type, `config` holds what is special to it.
            POST ($path)
            fn create(body: Policy) -> CreatedJson<Policy>, cache: "no-cache";

            /// Lists those that match the query, by name.
            GET ($path)
            fn list(query: PolicyQuery) -> Json<Vec<Policy>>, pages: list_all;

            /// The one of a name, if there is one.
            GET ($path "/search")
            fn find(query: PolicySearch) -> JsonOrNone<Policy>;

            /// The types that can be used.
            GET ($path "/providers")
            fn providers() -> Json<Vec<PolicyProvider>>;

            /// What a user would be granted, and why; nothing is stored.
            POST ($path "/evaluate")
            fn evaluate(body: PolicyEvaluationRequest) -> Json<PolicyEvaluationResponse>;

            /// Gets one, of whichever type.
            GET ($path "/{id}")
            fn get(id) -> Json<Policy>;

            /// Replaces one. The type stays.
            PUT ($path "/{id}")
            fn update(id, body: Policy) -> CreatedEmpty, cache: "no-cache";

            /// Deletes one.
            DELETE ($path "/{id}")
            fn delete(id);

            /// The policies that it is decided by.
            GET ($path "/{id}/associatedPolicies")
            fn associated(id) -> Json<Vec<Policy>>;

            /// The policies and permissions that are decided by it.
            GET ($path "/{id}/dependentPolicies")
            fn dependent(id) -> Json<Vec<Policy>>;

            /// The resources that it is about.
            GET ($path "/{id}/resources")
            fn resources(id) -> Json<Vec<Resource>>;

            /// The scopes that it is about.
            GET ($path "/{id}/scopes")
            fn scopes(id) -> Json<Vec<Scope>>;
        }
    };
}

policies! {
    /// The policies of a client; lists hold its permissions too, unless the query says otherwise.
    AuthzPolicies at "/admin/realms/{realm}/clients/{client}/authz/resource-server/policy"
}

/// The permissions of a client: which policies decide about which resources and scopes.
pub mod permissions {
    use super::*;
    policies! {
        /// The permissions of a client.
        AuthzPermissions at "/admin/realms/{realm}/clients/{client}/authz/resource-server/permission"
    }
}
