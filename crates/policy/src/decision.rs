//! What was decided, and why.

use std::collections::{BTreeMap, HashMap};

use cloakroom_api::admin::authz::{
    self, DecisionEffect, EvaluationResult, Logic, Permission, PolicyEvaluationResponse,
};

/// The answer to a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision<'m> {
    pub(crate) results: Vec<ResourceResult<'m>>,
    pub(crate) permissions: Vec<Permission>,
    /// The scopes handed out, by resource.
    pub(crate) handed_out: HashMap<Option<&'m str>, Vec<Vec<String>>>,
}

/// What was decided on one resource, or on a scope that no resource has.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceResult<'m> {
    /// The resource; none for a scope by itself.
    pub resource: Option<&'m authz::Resource>,
    /// The scopes that are granted; when denied, those that were asked for.
    pub scopes: Vec<&'m authz::Scope>,
    /// Whether it is granted, with whichever scopes.
    pub status: DecisionEffect,
    /// The permissions that applied. None when it was granted without asking: enforcement is off, the mode is
    /// PERMISSIVE and nothing applied, or the owner shared it.
    pub permissions: Vec<PermissionResult<'m>>,
}

/// What one permission came to.
#[derive(Debug, Clone, PartialEq)]
pub struct PermissionResult<'m> {
    /// The permission.
    pub permission: &'m authz::Policy,
    /// Whether enough of its policies permit, by its decision strategy.
    pub status: DecisionEffect,
    /// What its policies said.
    pub policies: Vec<PolicyResult<'m>>,
}

/// What one policy said, its logic applied.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyResult<'m> {
    /// The policy.
    pub policy: &'m authz::Policy,
    /// What it said; a policy that cannot be decided denies.
    pub status: DecisionEffect,
    /// It could not be decided: see [`Model::undecidable`](crate::Model::undecidable).
    pub undecided: bool,
}

impl<'m> Decision<'m> {
    /// Whether anything is granted. When not, Keycloak's UMA grant answers 403 `access_denied`.
    pub fn is_granted(&self) -> bool {
        !self.permissions.is_empty()
    }

    /// What is granted, as it stands in a token: each resource with its scopes, and the claims pushed.
    pub fn permissions(&self) -> &[Permission] {
        &self.permissions
    }

    /// Whether a scope of a resource is granted; the resource by id or name.
    pub fn allows(&self, resource: &str, scope: &str) -> bool {
        let is = |text: &Option<String>| text.as_deref() == Some(resource);
        self.permissions.iter().any(|granted| {
            (is(&granted.rsid) || is(&granted.rsname))
                && granted.scopes.iter().flatten().any(|granted| granted == scope)
        })
    }

    /// What was decided on each resource. Resources that no permission applies to are missing.
    pub fn results(&self) -> &[ResourceResult<'m>] {
        &self.results
    }

    /// DENY when anything that was asked for is denied.
    pub fn status(&self) -> DecisionEffect {
        let denied = self.results.iter().any(|result| result.status == DecisionEffect::Deny);
        if denied { DecisionEffect::Deny } else { DecisionEffect::Permit }
    }

    /// Adds what is granted. Of a resource that was asked for twice, the second is left out if it has a scope of the first.
    pub(crate) fn grant(
        &mut self,
        resource: Option<&'m authz::Resource>,
        scopes: Vec<&authz::Scope>,
        claims: &BTreeMap<String, Vec<String>>,
    ) {
        let names: Vec<String> = scopes.into_iter().filter_map(|scope| scope.name.clone()).collect();
        let before = self.handed_out.entry(key(resource)).or_default();
        if before.iter().any(|before| (before.is_empty() && names.is_empty()) || overlap(before, &names)) {
            return;
        }
        before.push(names.clone());
        self.permissions.push(Permission {
            rsid: resource.and_then(|resource| resource.id.clone()),
            rsname: resource.and_then(|resource| resource.name.clone()),
            scopes: Some(names).filter(|names| !names.is_empty()),
            claims: Some(claims.clone()).filter(|claims| !claims.is_empty()),
        });
    }

    /// The answer of the Admin API's evaluation, without the token (`rpt`): sorted by the resources' names, each once.
    pub fn to_response(&self) -> PolicyEvaluationResponse {
        let mut sorted: Vec<&ResourceResult<'_>> = self.results.iter().collect();
        sorted.sort_by_cached_key(|result| result.name());
        let mut results: Vec<EvaluationResult> = Vec::new();
        let mut at: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        for result in sorted {
            let one = result.to_representation();
            match at.get(&key(result.resource)) {
                None => {
                    at.insert(key(result.resource), results.len());
                    results.push(one);
                }
                Some(&before) => merge(&mut results[before], one),
            }
        }
        PolicyEvaluationResponse {
            results: Some(results),
            entitlements: Some(false),
            status: Some(self.status()),
            rpt: None,
        }
    }
}

/// What tells resources apart; exports have no ids.
fn key(resource: Option<&authz::Resource>) -> Option<&str> {
    resource.map(|resource| resource.id.as_deref().or(resource.name.as_deref()).unwrap_or_default())
}

fn overlap(some: &[String], others: &[String]) -> bool {
    some.iter().any(|one| others.contains(one))
}

/// A resource that was asked for twice: permitted when one of the two is, with the policies of both.
fn merge(before: &mut EvaluationResult, again: EvaluationResult) {
    if again.status == Some(DecisionEffect::Permit) {
        before.status = again.status;
        before.allowed_scopes.clone_from(&before.scopes);
    }
    let known = before.policies.get_or_insert_default();
    for policy in again.policies.into_iter().flatten() {
        if !known.contains(&policy) {
            known.push(policy);
        }
    }
}

impl ResourceResult<'_> {
    fn scope_names(&self) -> String {
        let names: Vec<&str> = self.scopes.iter().filter_map(|scope| scope.name.as_deref()).collect();
        format!("[{}]", names.join(", "))
    }

    fn name(&self) -> String {
        let name = self.resource.map(|resource| resource.name.clone().unwrap_or_default());
        name.unwrap_or_else(|| format!("Any Resource with Scopes {}", self.scope_names()))
    }

    fn shown_name(&self) -> String {
        match self.name() {
            name if self.scopes.is_empty() || self.resource.is_none() => name,
            name => format!("{name} with scopes {}", self.scope_names()),
        }
    }

    fn to_representation(&self) -> EvaluationResult {
        let scopes = self.scopes.iter().map(|&scope| authz::Scope {
            id: scope.id.clone(),
            name: scope.name.clone(),
            ..authz::Scope::default()
        });
        let scopes: Vec<_> = scopes.collect();
        let of_resource = || {
            let scopes = self.resource.iter().flat_map(|resource| resource.scopes.iter().flatten());
            scopes.filter_map(|scope| scope.name.clone()).collect()
        };
        let policies = self.permissions.iter().map(|result| {
            let mut shown = shown(result.permission, result.status);
            if let Some(policy) = shown.policy.as_mut().filter(|policy| policy.r#type.as_deref() == Some("resource")) {
                policy.scopes = Some(of_resource());
            }
            let associated = result.policies.iter().map(|policy| shown_policy(policy.policy, policy.status));
            shown.associated_policies = Some(associated.collect());
            shown
        });
        EvaluationResult {
            resource: Some(authz::Resource {
                id: self.resource.and_then(|resource| resource.id.clone()),
                name: Some(self.shown_name()),
                ..authz::Resource::default()
            }),
            policies: Some(policies.collect()),
            status: Some(self.status),
            allowed_scopes: Some(if self.status == DecisionEffect::Permit { scopes.clone() } else { Vec::new() }),
            denied_scopes: Some(Vec::new()),
            scopes: Some(scopes),
        }
    }
}

fn shown_policy(policy: &authz::Policy, status: DecisionEffect) -> authz::PolicyResult {
    authz::PolicyResult { associated_policies: Some(Vec::new()), ..shown(policy, status) }
}

/// A policy as the evaluation shows it: its configuration is left out, and the logic is always POSITIVE.
fn shown(policy: &authz::Policy, status: DecisionEffect) -> authz::PolicyResult {
    let listed = |name: &str, field: &Option<Vec<String>>| -> Vec<String> {
        let json = policy.config.as_ref().and_then(|config| config.get(name));
        let listed = json.and_then(|json| serde_json::from_str::<Vec<String>>(json).ok());
        listed.into_iter().chain(field.clone()).flatten().collect()
    };
    let scopes = listed("scopes", &policy.scopes);
    authz::PolicyResult {
        status: Some(status),
        scopes: Some(if status == DecisionEffect::Deny { scopes.clone() } else { Vec::new() }),
        policy: Some(authz::Policy {
            id: policy.id.clone(),
            name: policy.name.clone(),
            description: policy.description.clone(),
            r#type: policy.r#type.clone(),
            logic: Some(Logic::Positive),
            decision_strategy: Some(policy.decision_strategy.unwrap_or(authz::DecisionStrategy::Unanimous)),
            resources: Some(listed("resources", &policy.resources)),
            scopes: Some(scopes),
            config: Some(Default::default()),
            ..authz::Policy::default()
        }),
        ..authz::PolicyResult::default()
    }
}
