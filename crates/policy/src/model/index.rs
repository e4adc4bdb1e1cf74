//! Where to find resources and permissions without walking through all of them.

use std::collections::HashMap;

use super::{Kind, PermissionKind, Policy, Resource};
use crate::uri::Paths;

#[derive(Debug, Default)]
pub(crate) struct Index {
    ids: HashMap<String, u32>,
    names: HashMap<String, Vec<u32>>,
    types: HashMap<String, Vec<u32>>,
    /// By type, the scopes of the resource server's own resources: users' resources of the type inherit them.
    scopes_of_type: HashMap<String, Vec<u32>>,
    /// Resources by scope.
    scopes: Vec<Vec<u32>>,
    paths: Paths<u32>,
    permissions_of_resource: Vec<Vec<u32>>,
    permissions_of_type: HashMap<String, Vec<u32>>,
    /// By type, the permissions on the resource server's own resources: they apply to users' resources of the type.
    inherited: HashMap<String, Vec<u32>>,
    /// Scope permissions that name neither a resource nor a type.
    permissions_of_scope: Vec<Vec<u32>>,
}

impl Index {
    /// Indexes resources; permissions follow when they are read, since they refer to these.
    pub(super) fn of_resources(resources: &[Resource], scopes: usize) -> Self {
        let mut index = Self {
            scopes: vec![Vec::new(); scopes],
            permissions_of_resource: vec![Vec::new(); resources.len()],
            permissions_of_scope: vec![Vec::new(); scopes],
            ..Self::default()
        };
        for (at, resource) in (0..).zip(resources) {
            let representation = &resource.representation;
            index.names.entry(resource.name().to_owned()).or_default().push(at);
            if let Some(id) = &representation.id {
                index.ids.insert(id.clone(), at);
            }
            if let Some(kind) = &representation.r#type {
                index.types.entry(kind.clone()).or_default().push(at);
                if resource.owner.is_none() {
                    index.scopes_of_type.entry(kind.clone()).or_default().extend(&resource.scopes);
                }
            }
            for &scope in &resource.scopes {
                index.scopes[scope as usize].push(at);
            }
            for uri in representation.uris.iter().flatten().chain(&representation.uri) {
                index.paths.add(uri, at);
            }
        }
        for scopes in index.scopes_of_type.values_mut() {
            scopes.sort_unstable();
            scopes.dedup();
        }
        index
    }

    pub(super) fn add_permissions(&mut self, policies: &[Policy], resources: &[Resource]) {
        for (at, policy) in (0..).zip(policies) {
            let Kind::Permission(permission) = &policy.kind else { continue };
            for &resource in &permission.resources {
                self.permissions_of_resource[resource as usize].push(at);
                let resource = &resources[resource as usize];
                if let (Some(kind), None) = (&resource.representation.r#type, &resource.owner) {
                    let inherited = self.inherited.entry(kind.clone()).or_default();
                    if inherited.last() != Some(&at) {
                        inherited.push(at);
                    }
                }
            }
            if let Some(kind) = &permission.resource_type {
                // without a policy Keycloak does not find it by its type, though it finds it by a resource
                if !permission.policies.is_empty() {
                    self.permissions_of_type.entry(kind.clone()).or_default().push(at);
                }
            } else if permission.kind == PermissionKind::Scope && permission.resources.is_empty() {
                for &scope in &permission.scopes {
                    self.permissions_of_scope[scope as usize].push(at);
                }
            }
        }
    }

    pub(crate) fn with_id(&self, id: &str) -> Option<u32> {
        self.ids.get(id).copied()
    }

    /// The resources with a name, of all owners.
    pub(crate) fn named(&self, name: &str) -> &[u32] {
        self.names.get(name).map_or(&[], Vec::as_slice)
    }

    /// The resources of a type, of all owners.
    pub(crate) fn of_type(&self, kind: &str) -> &[u32] {
        self.types.get(kind).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn scopes_of_type(&self, kind: &str) -> &[u32] {
        self.scopes_of_type.get(kind).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn with_scope(&self, scope: u32) -> &[u32] {
        &self.scopes[scope as usize]
    }

    pub(crate) fn paths(&self) -> &Paths<u32> {
        &self.paths
    }

    pub(crate) fn on_resource(&self, resource: u32) -> &[u32] {
        &self.permissions_of_resource[resource as usize]
    }

    pub(crate) fn on_type(&self, kind: &str) -> &[u32] {
        self.permissions_of_type.get(kind).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn inherited(&self, kind: &str) -> &[u32] {
        self.inherited.get(kind).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn on_scope(&self, scope: u32) -> &[u32] {
        &self.permissions_of_scope[scope as usize]
    }
}
