//! Authorization services: resources, scopes, policies, permissions, and their evaluation.

mod evaluation;
pub mod policies;
pub mod resources;
pub mod scopes;
pub mod typed;

use std::collections::BTreeMap;

use crate::{
    endpoint::Json,
    endpoints,
    fields::{Attributes, StringMap},
    representation::representations,
};
pub use evaluation::{
    DecisionEffect, EvaluationResult, PolicyEvaluationRequest, PolicyEvaluationResponse, PolicyResult,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

representations! {
    /// The authorization settings of a client; with resources, scopes and policies in import and export.
    pub struct ResourceServer = "ResourceServerRepresentation" {
        pub id: Option<String>,
        pub client_id: Option<String>,
        pub name: Option<String>,
        pub allow_remote_resource_management: Option<bool>,
        pub policy_enforcement_mode: Option<PolicyEnforcementMode>,
        pub resources: Option<Vec<Resource>>,
        pub policies: Option<Vec<Policy>>,
        pub scopes: Option<Vec<Scope>>,
        pub decision_strategy: Option<DecisionStrategy>,
        pub authorization_schema: Option<AuthorizationSchema>,
    }

    /// A protected resource.
    pub struct Resource = "ResourceRepresentation" {
        #[serde(rename = "_id")]
        pub id: Option<String>,
        pub name: Option<String>,
        pub uris: Option<Vec<String>>,
        pub r#type: Option<String>,
        pub scopes: Option<Vec<Scope>>,
        #[serde(rename = "icon_uri")]
        pub icon_uri: Option<String>,
        pub owner: Option<Value>,
        pub owner_managed_access: Option<bool>,
        pub display_name: Option<String>,
        pub attributes: Option<Attributes>,
        /// Deprecated: one of `uris`.
        pub uri: Option<String>,
        pub scopes_uma: Option<Vec<Scope>>,
    }

    /// The owner of a resource.
    pub struct ResourceOwner = "ResourceOwnerRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
    }

    /// An action that can be done on resources.
    pub struct Scope = "ScopeRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub icon_uri: Option<String>,
        pub policies: Option<Vec<Policy>>,
        pub resources: Option<Vec<Resource>>,
        pub display_name: Option<String>,
    }

    /// A policy or a permission. What is special to its type lies in `config`: names and ids as JSON in a string.
    pub struct Policy = "PolicyRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub description: Option<String>,
        pub r#type: Option<String>,
        pub policies: Option<Vec<String>>,
        pub resources: Option<Vec<String>>,
        pub scopes: Option<Vec<String>>,
        pub logic: Option<Logic>,
        pub decision_strategy: Option<DecisionStrategy>,
        pub owner: Option<String>,
        pub resource_type: Option<String>,
        pub resources_data: Option<Vec<Resource>>,
        pub scopes_data: Option<Vec<Scope>>,
        pub config: Option<StringMap>,
    }

    /// The resource types of fine-grained admin permissions, second kind.
    pub struct AuthorizationSchema = "AuthorizationSchema" {
        pub resource_types: Option<BTreeMap<String, AuthorizedResourceType>>,
    }

    /// A resource type of the admin permissions, with its scopes.
    pub struct AuthorizedResourceType = "ResourceType" {
        pub r#type: Option<String>,
        pub scopes: Option<Vec<String>>,
        pub scope_aliases: Option<BTreeMap<String, Vec<String>>>,
        pub group_type: Option<String>,
    }

    /// A policy type that can be used.
    pub struct PolicyProvider = "PolicyProviderRepresentation" {
        pub r#type: Option<String>,
        pub name: Option<String>,
        pub group: Option<String>,
        pub description: Option<String>,
        pub code: Option<String>,
    }

    /// A permission as it stands in a token.
    pub struct Permission = "Permission" {
        pub rsid: Option<String>,
        pub rsname: Option<String>,
        pub scopes: Option<Vec<String>>,
        pub claims: Option<BTreeMap<String, Vec<String>>>,
    }

    /// One entry of `authorization_details` (RFC 9396).
    pub struct AuthorizationDetails = "AuthorizationDetailsJSONRepresentation" {
        pub r#type: Option<String>,
        pub locations: Option<Vec<String>>,
        pub actions: Option<Vec<String>>,
        pub datatypes: Option<Vec<String>>,
        pub identifier: Option<String>,
        pub privileges: Option<Vec<String>>,
        pub custom_data: Option<BTreeMap<String, Value>>,
    }
}

/// Whether a policy's decision counts as it is or reversed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Logic {
    Positive,
    Negative,
}

/// How several decisions become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DecisionStrategy {
    Affirmative,
    Unanimous,
    Consensus,
}

/// What holds for resources without a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PolicyEnforcementMode {
    Enforcing,
    Permissive,
    Disabled,
}

endpoints! {
    /// The authorization services of a client as a whole: settings, import and export. 404 for a client without them.
    AuthzSettings(realm, client)

    /// The settings.
    GET "/admin/realms/{realm}/clients/{client}/authz/resource-server"
    fn get() -> Json<ResourceServer>, cache: "";

    /// Replaces enforcement mode, decision strategy and whether resources are managed from outside.
    PUT "/admin/realms/{realm}/clients/{client}/authz/resource-server"
    fn update(body: ResourceServer);

    /// The settings with all resources, scopes and policies, names in the place of ids.
    GET "/admin/realms/{realm}/clients/{client}/authz/resource-server/settings"
    fn export() -> Json<ResourceServer>, cache: "";

    /// Takes an export: what has a known name is replaced, what is not in it stays.
    POST "/admin/realms/{realm}/clients/{client}/authz/resource-server/import"
    fn import(body: ResourceServer);
}
