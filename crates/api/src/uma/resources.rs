//! The resources of a resource server (Federated Authorization for UMA 2.0, 3).

use serde::{Deserialize, Serialize};

use crate::{
    admin::authz::{ResourceOwner, Scope},
    endpoint::{CreatedJson, Json},
    endpoints,
    fields::Attributes,
    representation::representations,
};

representations! {
    /// A protected resource.
    pub struct UmaResource = "UmaResourceRepresentation" {
        #[serde(rename = "_id")]
        pub id: Option<String>,
        pub name: Option<String>,
        pub display_name: Option<String>,
        pub r#type: Option<String>,
        #[serde(rename = "icon_uri")]
        pub icon_uri: Option<String>,
        pub uris: Option<Vec<String>>,
        /// What can be done with it.
        #[serde(rename = "resource_scopes")]
        pub resource_scopes: Option<Vec<ScopeName>>,
        /// The same again, in answers.
        pub scopes: Option<Vec<Scope>>,
        /// The caller, whatever a request says.
        pub owner: Option<Owner>,
        /// Whether its owner may share it.
        pub owner_managed_access: Option<bool>,
        /// Kept by an update that leaves them out.
        pub attributes: Option<Attributes>,
    }

    /// Which resources to list. Conditions are ANDed.
    pub struct UmaResourceQuery {
        #[serde(rename = "_id")]
        pub id: Option<String>,
        /// Part of the name, or all of it with `exactName`.
        pub name: Option<String>,
        pub exact_name: Option<bool>,
        pub uri: Option<String>,
        /// Whether `uri` may be matched by a pattern of the resource.
        pub matching_uri: Option<bool>,
        /// A user's name or id.
        pub owner: Option<String>,
        pub r#type: Option<String>,
        pub scope: Option<String>,
        /// Whether to list resources rather than their ids.
        pub deep: Option<bool>,
        pub first: Option<i32>,
        pub max: Option<i32>,
    }
}

/// A scope, by name in requests, with its id in some answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ScopeName {
    /// By name.
    Name(String),
    /// As the server has it.
    Scope(Box<Scope>),
}

impl ScopeName {
    /// The name.
    pub fn name(&self) -> &str {
        match self {
            ScopeName::Name(name) => name,
            ScopeName::Scope(scope) => scope.name.as_deref().unwrap_or_default(),
        }
    }
}

impl From<&str> for ScopeName {
    fn from(name: &str) -> Self {
        ScopeName::Name(name.to_owned())
    }
}

/// The owner of a resource, by name or id in requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Owner {
    /// By name or id.
    Name(String),
    /// As the server has it.
    Owner(ResourceOwner),
}

/// A resource in a list: its id, unless the query asked for `deep`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Listed {
    /// Its id.
    Id(String),
    /// All of it.
    Resource(Box<UmaResource>),
}

impl Listed {
    /// The id.
    pub fn id(&self) -> &str {
        match self {
            Listed::Id(id) => id,
            Listed::Resource(resource) => resource.id.as_deref().unwrap_or_default(),
        }
    }

    /// The resource, where the query asked for `deep`.
    pub fn resource(self) -> Option<UmaResource> {
        match self {
            Listed::Id(_) => None,
            Listed::Resource(resource) => Some(*resource),
        }
    }
}

endpoints! {
    /// The resources of a resource server.
    UmaResources(realm)

    /// Registers a resource. Its name must be new among its owner's.
    POST "/realms/{realm}/authz/protection/resource_set"
    fn create(body: UmaResource) -> CreatedJson<UmaResource>;

    /// Lists the resources that match the query: their ids, or all of them with `deep`.
    GET "/realms/{realm}/authz/protection/resource_set"
    fn list(query: UmaResourceQuery) -> Json<Vec<Listed>>, pages: list_all;

    /// Gets one resource.
    GET "/realms/{realm}/authz/protection/resource_set/{id}"
    fn get(id) -> Json<UmaResource>, cache: "";

    /// Replaces a resource, but for attributes that are left out.
    PUT "/realms/{realm}/authz/protection/resource_set/{id}"
    fn update(id, body: UmaResource);

    /// Deletes a resource.
    DELETE "/realms/{realm}/authz/protection/resource_set/{id}"
    fn delete(id);
}
