//! Policies and permissions of one type each, with fields where the general representation has text in `config`.

use super::{
    DecisionStrategy, Logic,
    policies::{PolicyQuery, PolicySearch},
};
use crate::{
    endpoint::{CreatedEmpty, CreatedJson, Json, JsonOrNone},
    endpoints,
    representation::representations,
};

representations! {
    /// A role that a policy asks for.
    pub struct PolicyRole = "RoleDefinition" {
        /// The role's id; in requests also its name, `clientId/name` for a client's.
        pub id: Option<String>,
        /// Whether a user without it is denied; else one of the roles that are not required is enough.
        pub required: Option<bool>,
    }

    /// A client scope that a policy asks for.
    pub struct PolicyClientScope = "ClientScopeDefinition" {
        /// The scope's id; in requests also its name.
        pub id: Option<String>,
        /// Whether a token without it is denied; else one of the scopes that are not required is enough.
        pub required: Option<bool>,
    }

    /// A group whose members a policy permits.
    pub struct PolicyGroup = "GroupDefinition" {
        pub id: Option<String>,
        /// In requests it may take the place of the id.
        pub path: Option<String>,
        /// Whether members of the groups below count.
        pub extend_children: Option<bool>,
    }
}

/// One type: its representation and its operations. `policies`, `resources` and `scopes` hold ids or names in requests, and
/// answers leave them out: they are asked for by `AuthzPolicies::associated` and its like.
macro_rules! typed {
    ($(
        $module:ident $Group:ident at $path:literal;
        $(#[doc = $doc:literal])*
        pub struct $Policy:ident = $java:literal { $( $(#[doc = $field_doc:literal])* pub $field:ident: $kind:ty, )* }
    )+) => { $(
        $(#[doc = $doc])*
        pub mod $module {
            use super::*;

            representations! {
                $(#[doc = $doc])*
                pub struct $Policy = $java {
                    pub id: Option<String>,
                    pub name: Option<String>,
                    pub description: Option<String>,
                    pub r#type: Option<String>,
                    pub logic: Option<Logic>,
                    pub decision_strategy: Option<DecisionStrategy>,
                    /// The user who made it, where users make policies.
                    pub owner: Option<String>,
                    $( $(#[doc = $field_doc])* pub $field: $kind, )*
                }
            }

            endpoints! {
                $(#[doc = $doc])*
                $Group(realm, client)

                /// Creates one. Its name must be new among policies and permissions.
                POST ("/admin/realms/{realm}/clients/{client}/authz/resource-server/" $path)
                fn create(body: $Policy) -> CreatedJson<$Policy>, cache: "no-cache";

                /// Lists those that match the query, by name.
                GET ("/admin/realms/{realm}/clients/{client}/authz/resource-server/" $path)
                fn list(query: PolicyQuery) -> Json<Vec<$Policy>>, pages: list_all;

                /// The one of a name, if there is one.
                GET ("/admin/realms/{realm}/clients/{client}/authz/resource-server/" $path "/search")
                fn find(query: PolicySearch) -> JsonOrNone<$Policy>;

                /// Gets one.
                GET ("/admin/realms/{realm}/clients/{client}/authz/resource-server/" $path "/{id}")
                fn get(id) -> Json<$Policy>;

                /// Replaces one.
                PUT ("/admin/realms/{realm}/clients/{client}/authz/resource-server/" $path "/{id}")
                fn update(id, body: $Policy) -> CreatedEmpty, cache: "no-cache";

                /// Deletes one.
                DELETE ("/admin/realms/{realm}/clients/{client}/authz/resource-server/" $path "/{id}")
                fn delete(id);
            }
        }
        pub use $module::$Policy;
    )+ };
}

typed! {
    aggregate AggregatePolicies at "policy/aggregate";
    /// Decides by other policies.
    pub struct AggregatePolicy = "AggregatePolicyRepresentation" {
        /// Ids or names.
        pub policies: Option<Vec<String>>,
    }

    client ClientPolicies at "policy/client";
    /// Permits clients.
    pub struct ClientPolicy = "ClientPolicyRepresentation" {
        /// Ids or `clientId`s; answers hold ids.
        pub clients: Option<Vec<String>>,
    }

    client_scope ClientScopePolicies at "policy/client-scope";
    /// Permits tokens with client scopes.
    pub struct ClientScopePolicy = "ClientScopePolicyRepresentation" {
        pub client_scopes: Option<Vec<PolicyClientScope>>,
    }

    group GroupPolicies at "policy/group";
    /// Permits members of groups.
    pub struct GroupPolicy = "GroupPolicyRepresentation" {
        /// The claim of the token that holds the groups; when absent, they are looked up.
        pub groups_claim: Option<String>,
        pub groups: Option<Vec<PolicyGroup>>,
    }

    js JsPolicies at "policy/js";
    /// Decides by a script. Keycloak takes scripts only from deployments, not by this operation.
    pub struct JsPolicy = "JSPolicyRepresentation" {
        pub code: Option<String>,
    }

    regex RegexPolicies at "policy/regex";
    /// Permits tokens with a claim of a certain form.
    pub struct RegexPolicy = "RegexPolicyRepresentation" {
        /// `email`, or a path in JSON: `address.country`.
        pub target_claim: Option<String>,
        /// A regular expression that the whole value must match.
        pub pattern: Option<String>,
        /// Whether the claim is looked for among the attributes of the request's context.
        pub target_context_attributes: Option<bool>,
    }

    role RolePolicies at "policy/role";
    /// Permits users with roles.
    pub struct RolePolicy = "RolePolicyRepresentation" {
        pub roles: Option<Vec<PolicyRole>>,
        /// Whether roles are looked up; else those of the token count.
        pub fetch_roles: Option<bool>,
    }

    time TimePolicies at "policy/time";
    /// Permits at certain times. Numbers are text; from a smaller one to a greater, both included.
    pub struct TimePolicy = "TimePolicyRepresentation" {
        /// `2026-01-31 23:59:59`
        pub not_before: Option<String>,
        /// `2026-01-31 23:59:59`
        pub not_on_or_after: Option<String>,
        /// 1 to 31.
        pub day_month: Option<String>,
        /// 1 to 31.
        pub day_month_end: Option<String>,
        /// 1 to 12.
        pub month: Option<String>,
        /// 1 to 12.
        pub month_end: Option<String>,
        pub year: Option<String>,
        pub year_end: Option<String>,
        /// 0 to 23.
        pub hour: Option<String>,
        /// 0 to 23.
        pub hour_end: Option<String>,
        /// 0 to 59.
        pub minute: Option<String>,
        /// 0 to 59.
        pub minute_end: Option<String>,
    }

    user UserPolicies at "policy/user";
    /// Permits users.
    pub struct UserPolicy = "UserPolicyRepresentation" {
        /// Ids or usernames; answers hold ids.
        pub users: Option<Vec<String>>,
    }

    resource ResourcePermissions at "permission/resource";
    /// Policies decide about resources, or about all of a type.
    pub struct ResourcePermission = "ResourcePermissionRepresentation" {
        /// Ids or names.
        pub resources: Option<Vec<String>>,
        /// In the place of `resources`: a type.
        pub resource_type: Option<String>,
        /// Ids or names.
        pub policies: Option<Vec<String>>,
    }

    scope ScopePermissions at "permission/scope";
    /// Policies decide about scopes, on all resources or on some.
    pub struct ScopePermission = "ScopePermissionRepresentation" {
        /// Ids or names.
        pub resources: Option<Vec<String>>,
        /// In the place of `resources`: a type.
        pub resource_type: Option<String>,
        /// Ids or names.
        pub scopes: Option<Vec<String>>,
        /// Ids or names.
        pub policies: Option<Vec<String>>,
    }
}
