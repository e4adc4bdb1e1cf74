//! User profile: which attributes users have, who sees and edits them, how they are validated.

use std::collections::BTreeMap;

use crate::{endpoint::Json, endpoints, representation::representations};
use serde::{Deserialize, Serialize};
use serde_json::Value;

representations! {
    /// The user profile of a realm.
    pub struct ProfileConfig = "UPConfig" {
        pub attributes: Option<Vec<ProfileAttribute>>,
        pub groups: Option<Vec<ProfileGroup>>,
        pub unmanaged_attribute_policy: Option<UnmanagedAttributePolicy>,
    }

    /// An attribute that users have.
    pub struct ProfileAttribute = "UPAttribute" {
        pub name: Option<String>,
        pub display_name: Option<String>,
        pub validations: Option<BTreeMap<String, BTreeMap<String, Value>>>,
        pub annotations: Option<BTreeMap<String, Value>>,
        pub required: Option<ProfileRequired>,
        pub permissions: Option<ProfilePermissions>,
        pub selector: Option<ProfileSelector>,
        pub group: Option<String>,
        pub multivalued: Option<bool>,
        pub default_value: Option<String>,
    }

    /// Who may see and edit an attribute: `admin`, `user`.
    pub struct ProfilePermissions = "UPAttributePermissions" {
        pub view: Option<Vec<String>>,
        pub edit: Option<Vec<String>>,
    }

    /// For whom, and with which scopes, an attribute is required; required always when both are empty.
    pub struct ProfileRequired = "UPAttributeRequired" {
        pub roles: Option<Vec<String>>,
        pub scopes: Option<Vec<String>>,
    }

    /// With which scopes an attribute is asked for.
    pub struct ProfileSelector = "UPAttributeSelector" {
        pub scopes: Option<Vec<String>>,
    }

    /// A group of attributes on forms.
    pub struct ProfileGroup = "UPGroup" {
        pub name: Option<String>,
        pub display_header: Option<String>,
        pub display_description: Option<String>,
        pub annotations: Option<BTreeMap<String, Value>>,
    }

    /// What a form needs to know to show a user's attributes.
    pub struct ProfileMetadata = "UserProfileMetadata" {
        pub attributes: Option<Vec<ProfileAttributeMetadata>>,
        pub groups: Option<Vec<ProfileGroupMetadata>>,
    }

    /// How a form shows one attribute.
    pub struct ProfileAttributeMetadata = "UserProfileAttributeMetadata" {
        pub name: Option<String>,
        pub display_name: Option<String>,
        pub required: Option<bool>,
        pub read_only: Option<bool>,
        pub annotations: Option<BTreeMap<String, Value>>,
        pub validators: Option<BTreeMap<String, BTreeMap<String, Value>>>,
        pub group: Option<String>,
        pub multivalued: Option<bool>,
        pub default_value: Option<String>,
    }

    /// How a form shows one group of attributes.
    pub struct ProfileGroupMetadata = "UserProfileAttributeGroupMetadata" {
        pub name: Option<String>,
        pub display_header: Option<String>,
        pub display_description: Option<String>,
        pub annotations: Option<BTreeMap<String, Value>>,
    }
}

/// Who may use attributes that the profile does not declare; nobody when absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UnmanagedAttributePolicy {
    Enabled,
    AdminView,
    AdminEdit,
}

endpoints! {
    /// The user profile of a realm.
    Profile(realm)

    /// The realm's configuration, or the default one.
    GET "/admin/realms/{realm}/users/profile"
    fn get() -> Json<ProfileConfig>, cache: "";

    /// The configuration as forms need it, from the point of view of an administrator.
    GET "/admin/realms/{realm}/users/profile/metadata"
    fn metadata() -> Json<ProfileMetadata>, cache: "";

    /// Replaces the configuration; without a body the default one takes its place. Answers with the new one.
    PUT "/admin/realms/{realm}/users/profile"
    fn update(optional: Option<ProfileConfig>) -> Json<ProfileConfig>;
}
