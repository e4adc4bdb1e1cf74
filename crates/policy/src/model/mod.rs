//! The authorization settings of a client, read and indexed.

mod index;
mod read;

use std::collections::HashMap;

use cloakroom_api::admin::authz;
use cloakroom_api::admin::authz::{DecisionStrategy, Logic, PolicyEnforcementMode};

use crate::{
    error::{Error, Result},
    rules::Rule,
};

/// A resource server: its resources, scopes, policies and permissions, ready to decide.
///
/// Built from what Keycloak exports (Admin console: client, Authorization, Export; or
/// `GET /admin/realms/{realm}/clients/{id}/authz/resource-server/settings`), where policies refer to users, roles, groups,
/// clients and client scopes by name. Reading it checks it: the error names the policy. What is found by name, type,
/// scope or URI is indexed, so that a decision looks at the permissions that matter only.
#[derive(Debug)]
pub struct Model {
    /// The settings but for the three lists, which are below.
    server: authz::ResourceServer,
    pub(crate) mode: PolicyEnforcementMode,
    pub(crate) strategy: DecisionStrategy,
    pub(crate) resources: Vec<Resource>,
    pub(crate) scopes: Vec<authz::Scope>,
    /// How many of `scopes` the settings list; resources brought in the rest.
    listed_scopes: usize,
    pub(crate) policies: Vec<Policy>,
    pub(crate) index: index::Index,
    names: Names,
}

#[derive(Debug, Default)]
struct Names {
    scopes: HashMap<String, u32>,
    policies: HashMap<String, u32>,
}

#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) representation: authz::Resource,
    pub(crate) owner: Option<Owner>,
    /// Its own scopes, sorted.
    pub(crate) scopes: Vec<u32>,
    pub(crate) owner_managed: bool,
}

/// A user who owns a resource; resources without one belong to the resource server.
#[derive(Debug, Default)]
pub(crate) struct Owner {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Policy {
    pub(crate) representation: authz::Policy,
    pub(crate) name: String,
    pub(crate) logic: Logic,
    pub(crate) strategy: DecisionStrategy,
    pub(crate) kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Policy(Rule),
    Permission(Permission),
}

#[derive(Debug)]
pub(crate) struct Permission {
    pub(crate) kind: PermissionKind,
    /// The resources, scopes and policies that it names: numbers, sorted but for the policies.
    pub(crate) resources: Vec<u32>,
    pub(crate) scopes: Vec<u32>,
    pub(crate) policies: Vec<u32>,
    pub(crate) resource_type: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PermissionKind {
    Resource,
    Scope,
    /// An owner's own rule on a resource that they manage.
    UserManaged,
}

impl Model {
    /// Reads the JSON text of exported settings.
    pub fn from_json(text: &str) -> Result<Self> {
        if !text.trim_start().starts_with('{') {
            return Err(Error::Json("it is no JSON object".to_owned())); // serde takes a list for a struct
        }
        Self::new(serde_json::from_str(text).map_err(|e| Error::Json(e.to_string()))?)
    }

    /// Reads exported settings.
    pub fn new(settings: authz::ResourceServer) -> Result<Self> {
        read::model(settings)
    }

    /// The settings again, with everything that was read.
    pub fn settings(&self) -> authz::ResourceServer {
        let kept = |empty: &Option<Vec<_>>, list: Vec<_>| if list.is_empty() { empty.clone() } else { Some(list) };
        authz::ResourceServer {
            resources: kept(&self.server.resources, self.resources.iter().map(|r| r.representation.clone()).collect()),
            scopes: match &self.scopes[..self.listed_scopes] {
                [] => self.server.scopes.clone(),
                listed => Some(listed.to_vec()),
            },
            policies: match &self.policies[..] {
                [] => self.server.policies.clone(),
                policies => Some(policies.iter().map(|policy| policy.representation.clone()).collect()),
            },
            ..self.server.clone()
        }
    }

    /// The resources, in the order of the settings.
    pub fn resources(&self) -> impl Iterator<Item = &authz::Resource> {
        self.resources.iter().map(|resource| &resource.representation)
    }

    /// The policies that cannot be decided here, by name, and why: JavaScript, types that are not known, patterns that
    /// need look-around. They never permit anything, whatever their logic.
    pub fn undecidable(&self) -> impl Iterator<Item = (&str, &str)> {
        self.policies.iter().filter_map(|policy| match &policy.kind {
            Kind::Policy(Rule::Undecidable(why)) => Some((policy.name.as_str(), why.as_str())),
            _ => None,
        })
    }

    pub(crate) fn scope(&self, name: &str) -> Option<u32> {
        self.names.scopes.get(name).copied()
    }

    pub(crate) fn resource_at(&self, at: u32) -> &Resource {
        &self.resources[at as usize]
    }

    pub(crate) fn policy_at(&self, at: u32) -> &Policy {
        &self.policies[at as usize]
    }

    /// The scopes that can be asked of a resource: its own, and for a user's resource those of the resource server's
    /// resources of the same type.
    pub(crate) fn askable(&self, at: u32) -> Vec<u32> {
        let resource = self.resource_at(at);
        let mut scopes = resource.scopes.clone();
        if let (Some(kind), Some(_)) = (&resource.representation.r#type, &resource.owner) {
            scopes.extend(self.index.scopes_of_type(kind));
            scopes.sort_unstable();
            scopes.dedup();
        }
        scopes
    }
}

impl Resource {
    pub(crate) fn name(&self) -> &str {
        self.representation.name.as_deref().unwrap_or_default()
    }

    pub(crate) fn owned_by(&self, identity: &crate::Identity) -> bool {
        self.owner.as_ref().is_some_and(|owner| match &owner.id {
            Some(id) => id == identity.subject(),
            None => owner.name.as_deref().is_some_and(|name| identity.is(name)),
        })
    }
}
