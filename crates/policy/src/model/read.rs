//! Settings become a model: references are resolved, configurations parsed, circles refused.

use std::collections::HashMap;

use cloakroom_api::admin::authz::{self, DecisionStrategy, Logic, PolicyEnforcementMode};
use serde_json::Value;

use super::{Kind, Model, Names, Owner, Permission, PermissionKind, Policy, Resource, index::Index};
use crate::{
    config::Config,
    error::{Error, Result},
    rules::Rule,
};

pub(super) fn model(mut server: authz::ResourceServer) -> Result<Model> {
    let mut names = Names::default();
    let mut scopes = take(&mut server.scopes);
    let listed_scopes = scopes.len();
    for (at, scope) in (0..).zip(&scopes) {
        names.scopes.insert(scope.name.clone().unwrap_or_default(), at);
    }
    let resources = take(&mut server.resources);
    let resources =
        resources.into_iter().map(|r| resource(r, &server, &mut scopes, &mut names)).collect::<Result<Vec<_>>>()?;
    let mut index = Index::of_resources(&resources, scopes.len());
    unique(&resources)?;

    let policies = take(&mut server.policies);
    for (at, policy) in (0..).zip(&policies) {
        let name = policy.name.clone().unwrap_or_default();
        if names.policies.insert(name.clone(), at).is_some() {
            return Err(Error::policy(&name, "there are two of this name"));
        }
    }
    let scope_ids = ids(scopes.iter().map(|scope| &scope.id));
    let policy_ids = ids(policies.iter().map(|policy| &policy.id));
    let lookup = Lookup { resources: &resources, index: &index, names: &names, scope_ids, policy_ids };
    let policies = policies.into_iter().map(|p| policy(p, &lookup)).collect::<Result<Vec<_>>>()?;
    acyclic(&policies)?;
    index.add_permissions(&policies, &resources);

    Ok(Model {
        mode: server.policy_enforcement_mode.unwrap_or(PolicyEnforcementMode::Enforcing),
        strategy: server.decision_strategy.unwrap_or(DecisionStrategy::Unanimous),
        server,
        resources,
        scopes,
        listed_scopes,
        policies,
        index,
        names,
    })
}

/// What policies refer to.
struct Lookup<'a> {
    resources: &'a [Resource],
    index: &'a Index,
    names: &'a Names,
    scope_ids: HashMap<String, u32>,
    policy_ids: HashMap<String, u32>,
}

/// The list of a field, which stays there as an empty one.
fn take<T>(list: &mut Option<Vec<T>>) -> Vec<T> {
    list.as_mut().map(std::mem::take).unwrap_or_default()
}

fn ids<'a>(ids: impl Iterator<Item = &'a Option<String>>) -> HashMap<String, u32> {
    (0..).zip(ids).filter_map(|(at, id)| Some((id.clone()?, at))).collect()
}

fn resource(
    representation: authz::Resource,
    server: &authz::ResourceServer,
    scopes: &mut Vec<authz::Scope>,
    names: &mut Names,
) -> Result<Resource> {
    let name = representation.name.as_deref().unwrap_or_default();
    if name.is_empty() {
        return Err(Error::resource("", "it has no name"));
    }
    let owner = owner(&representation, server).map_err(|problem| Error::resource(name, problem))?;
    let mut own = Vec::new();
    for scope in representation.scopes.iter().chain(&representation.scopes_uma).flatten() {
        let name = scope.name.clone().unwrap_or_default();
        let at = *names.scopes.entry(name).or_insert_with(|| {
            scopes.push(scope.clone());
            number(scopes.len() - 1)
        });
        own.push(at);
    }
    own.sort_unstable();
    own.dedup();
    Ok(Resource {
        owner,
        scopes: own,
        owner_managed: representation.owner_managed_access == Some(true),
        representation,
    })
}

/// The owner: text or an object with id and name; none when it is the resource server itself.
fn owner(resource: &authz::Resource, server: &authz::ResourceServer) -> Result<Option<Owner>, &'static str> {
    let owner = match &resource.owner {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(either)) => Owner { id: None, name: Some(either.clone()) },
        Some(Value::Object(owner)) => {
            let text = |field: &str| owner.get(field).and_then(Value::as_str).map(str::to_owned);
            Owner { id: text("id"), name: text("name") }
        }
        Some(_) => return Err("its owner is neither text nor an object"),
    };
    let of_server = [&server.id, &server.client_id, &server.name];
    let is_server = |text: &Option<String>| text.is_some() && of_server.contains(&text);
    let server_itself = match &owner.id {
        Some(_) => is_server(&owner.id),
        None => owner.name.is_none() || is_server(&owner.name),
    };
    Ok((!server_itself).then_some(owner))
}

/// An owner has one resource of a name.
fn unique(resources: &[Resource]) -> Result<()> {
    let mut seen = std::collections::HashSet::new();
    for resource in resources {
        let owner = resource.owner.as_ref().map(|owner| (&owner.id, &owner.name));
        if !seen.insert((owner, resource.name())) {
            return Err(Error::resource(resource.name(), "its owner has two of this name"));
        }
    }
    Ok(())
}

fn policy(representation: authz::Policy, lookup: &Lookup<'_>) -> Result<Policy> {
    let name = representation.name.clone().unwrap_or_default();
    let config = Config::new(&name, representation.config.as_ref());
    let kind = match representation.r#type.as_deref() {
        Some("resource") => Kind::Permission(lookup.permission(PermissionKind::Resource, &representation, config)?),
        Some("scope") => Kind::Permission(lookup.permission(PermissionKind::Scope, &representation, config)?),
        Some("uma") => Kind::Permission(lookup.permission(PermissionKind::UserManaged, &representation, config)?),
        Some("aggregate") => Kind::Policy(Rule::Aggregate(lookup.policies(&representation, config)?)),
        Some(kind) => Kind::Policy(Rule::read(kind, config)?),
        None => return Err(config.wrong("it has no type")),
    };
    Ok(Policy {
        logic: representation.logic.unwrap_or(Logic::Positive),
        strategy: representation.decision_strategy.unwrap_or(DecisionStrategy::Unanimous),
        name,
        kind,
        representation,
    })
}

impl Lookup<'_> {
    /// What a permission names stands in its fields, or as JSON in its configuration.
    fn permission(&self, kind: PermissionKind, from: &authz::Policy, config: Config<'_>) -> Result<Permission> {
        let resources = config.list::<String>("resources")?;
        let resources = resources.iter().chain(from.resources.iter().flatten());
        let mut resources = resources.map(|name| self.resource(name, config)).collect::<Result<Vec<_>>>()?;
        let scopes = config.list::<String>("scopes")?;
        let scopes = scopes.iter().chain(from.scopes.iter().flatten());
        let mut scopes = scopes.map(|name| self.scope(name, config)).collect::<Result<Vec<_>>>()?;
        for list in [&mut resources, &mut scopes] {
            list.sort_unstable();
            list.dedup();
        }
        let kinds = config.text("defaultResourceType").or(from.resource_type.as_deref());
        let resource_type = kinds.filter(|kind| !kind.is_empty()).map(str::to_owned);
        Ok(Permission { kind, resources, scopes, policies: self.policies(from, config)?, resource_type })
    }

    fn resource(&self, name: &str, config: Config<'_>) -> Result<u32> {
        let named = self.index.named(name);
        let of_server = || named.iter().copied().find(|&at| self.resources[at as usize].owner.is_none());
        let found = self.index.with_id(name).or_else(of_server).or_else(|| named.first().copied());
        found.ok_or_else(|| config.wrong(format_args!("there is no resource \"{name}\"")))
    }

    fn scope(&self, name: &str, config: Config<'_>) -> Result<u32> {
        let found = self.names.scopes.get(name).or_else(|| self.scope_ids.get(name)).copied();
        found.ok_or_else(|| config.wrong(format_args!("there is no scope \"{name}\"")))
    }

    /// The policies that one applies, each once.
    fn policies(&self, from: &authz::Policy, config: Config<'_>) -> Result<Vec<u32>> {
        let applied = config.list::<String>("applyPolicies")?;
        let mut policies = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for name in applied.iter().chain(from.policies.iter().flatten()) {
            let found = self.names.policies.get(name).or_else(|| self.policy_ids.get(name)).copied();
            let at = found.ok_or_else(|| config.wrong(format_args!("there is no policy \"{name}\"")))?;
            if seen.insert(at) {
                policies.push(at);
            }
        }
        Ok(policies)
    }
}

/// Refuses aggregates that contain themselves, at any depth. Without recursion: depth comes from a file.
fn acyclic(policies: &[Policy]) -> Result<()> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Not,
        Open,
        Done,
    }
    let mut seen = vec![Seen::Not; policies.len()];
    for start in 0..policies.len() {
        let mut path = vec![(start, 0)];
        while let Some((at, next)) = path.pop() {
            if next == 0 {
                match seen[at] {
                    Seen::Done => continue,
                    Seen::Open => return Err(Error::policy(&policies[at].name, "it contains itself")),
                    Seen::Not => seen[at] = Seen::Open,
                }
            }
            match children(&policies[at]).get(next) {
                Some(&child) => path.extend([(at, next + 1), (child as usize, 0)]),
                None => seen[at] = Seen::Done,
            }
        }
    }
    Ok(())
}

fn children(policy: &Policy) -> &[u32] {
    match &policy.kind {
        Kind::Policy(Rule::Aggregate(children)) => children,
        _ => &[],
    }
}

/// Numbers count what a file lists; more than four thousand million do not fit in memory before.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
