//! Client policies and profiles, and client types.

use std::collections::BTreeMap;

use crate::{endpoint::Json, endpoints, representation::representations};
use serde_json::{Map, Value};

representations! {
    /// The client policies of a realm; `globalPolicies` are built in and read-only.
    pub struct ClientPolicies = "ClientPoliciesRepresentation" {
        pub policies: Option<Vec<ClientPolicy>>,
        pub global_policies: Option<Vec<ClientPolicy>>,
    }

    /// Applies profiles to the clients that its conditions select.
    pub struct ClientPolicy = "ClientPolicyRepresentation" {
        pub name: Option<String>,
        pub description: Option<String>,
        pub enabled: Option<bool>,
        pub conditions: Option<Vec<ClientPolicyCondition>>,
        pub profiles: Option<Vec<String>>,
    }

    /// Selects clients or requests.
    pub struct ClientPolicyCondition = "ClientPolicyConditionRepresentation" {
        pub condition: Option<String>,
        pub configuration: Option<Map<String, Value>>,
    }

    /// Enforces or sets something.
    pub struct ClientPolicyExecutor = "ClientPolicyExecutorRepresentation" {
        pub executor: Option<String>,
        pub configuration: Option<Map<String, Value>>,
    }

    /// The client profiles of a realm; `globalProfiles` are built in and read-only.
    pub struct ClientProfiles = "ClientProfilesRepresentation" {
        pub profiles: Option<Vec<ClientProfile>>,
        pub global_profiles: Option<Vec<ClientProfile>>,
    }

    /// A named list of executors.
    pub struct ClientProfile = "ClientProfileRepresentation" {
        pub name: Option<String>,
        pub description: Option<String>,
        pub executors: Option<Vec<ClientPolicyExecutor>>,
    }

    /// The client types of a realm.
    pub struct ClientTypes = "ClientTypesRepresentation" {
        #[serde(rename = "client-types")]
        pub client_types: Option<Vec<ClientType>>,
        #[serde(rename = "global-client-types")]
        pub global_client_types: Option<Vec<ClientType>>,
    }

    /// A kind of client: which properties it has and which are fixed.
    pub struct ClientType = "ClientTypeRepresentation" {
        pub name: Option<String>,
        pub provider: Option<String>,
        pub parent: Option<String>,
        pub config: Option<BTreeMap<String, PropertyConfig>>,
    }

    /// Whether a client type has a property, and its value where it is fixed.
    pub struct PropertyConfig = "PropertyConfig" {
        pub applicable: Option<bool>,
        pub value: Option<Value>,
    }

    /// Whether to return the built-in policies too.
    pub struct PoliciesQuery {
        #[serde(rename = "include-global-policies")]
        pub include_global_policies: Option<bool>,
    }

    /// Whether to return the built-in profiles too.
    pub struct ProfilesQuery {
        #[serde(rename = "include-global-profiles")]
        pub include_global_profiles: Option<bool>,
    }
}

endpoints! {
    /// The client policies of a realm and the profiles that they apply.
    RealmClientPolicies(realm)

    /// The policies.
    GET "/admin/realms/{realm}/client-policies/policies"
    fn policies(query: PoliciesQuery) -> Json<ClientPolicies>;

    /// Replaces the policies, all of them.
    PUT "/admin/realms/{realm}/client-policies/policies"
    fn set_policies(body: ClientPolicies);

    /// The profiles.
    GET "/admin/realms/{realm}/client-policies/profiles"
    fn profiles(query: ProfilesQuery) -> Json<ClientProfiles>;

    /// Replaces the profiles, all of them.
    PUT "/admin/realms/{realm}/client-policies/profiles"
    fn set_profiles(body: ClientProfiles);
}

/// The client types of a realm. 404 on a server that has them switched off.
pub mod types {
    use super::*;

    endpoints! {
        /// The client types of a realm. 404 on a server that has them switched off.
        RealmClientTypes(realm)

        /// The client types, and the built-in ones.
        GET "/admin/realms/{realm}/client-types"
        fn get() -> Json<ClientTypes>;

        /// Replaces the realm's client types, all of them.
        PUT "/admin/realms/{realm}/client-types"
        fn set(body: ClientTypes);
    }
}
