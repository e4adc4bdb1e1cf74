//! The walk: which permissions apply to what is asked for, what their policies say, and what follows.

use std::collections::{BTreeMap, HashMap};

use cloakroom_api::admin::authz::{self, DecisionEffect, Logic, PolicyEnforcementMode};

use crate::{
    context::Context,
    decision::{Decision, PermissionResult, PolicyResult, ResourceResult},
    error::Result,
    identity::Identity,
    model::{Kind, Model, Permission, PermissionKind, Policy},
    request::Request,
    resolve::Wanted,
    rules::{Rule, Subject},
    settle::{Verdict, settle},
    strategy::enough,
    tickets::Shares,
};

impl Model {
    /// Decides a request, as Keycloak's UMA grant and the Admin API's evaluation do.
    ///
    /// Each policy is asked once a request at most, since none looks at the resource.
    ///
    /// # Errors
    /// [`Error::UnknownResource`](crate::Error::UnknownResource) and
    /// [`Error::UnknownScope`](crate::Error::UnknownScope), when what is asked for is not there. Being denied is no
    /// error.
    ///
    /// ```
    /// use cloakroom_policy::{Context, Identity, Model, Request};
    ///
    /// # fn main() -> cloakroom_policy::Result<()> {
    /// let model = Model::from_json(r#"{
    ///     "resources": [{ "name": "Album", "scopes": [{ "name": "view" }, { "name": "delete" }] }],
    ///     "policies": [
    ///         { "name": "staff", "type": "role", "config": { "roles": "[{\"id\":\"staff\"}]" } },
    ///         { "name": "staff may view", "type": "scope",
    ///           "config": { "resources": "[\"Album\"]", "scopes": "[\"view\"]", "applyPolicies": "[\"staff\"]" } }
    ///     ]
    /// }"#)?;
    /// let alice = Identity::new("f3a1").realm_role("staff");
    /// let decision = model.decide(&alice, &Context::at(1_700_000_000), &Request::new().permission("Album#view"))?;
    /// assert!(decision.allows("Album", "view"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn decide(&self, identity: &Identity, context: &Context, request: &Request) -> Result<Decision<'_>> {
        let shares = Shares::new(self, request.tickets());
        let wanted = request.resolve(self, identity, &shares)?;
        let subject = Subject { identity, context, claims: request.claims() };
        let mut run = Run {
            model: self,
            subject,
            shares,
            policies: vec![None; self.policies.len()],
            permissions: vec![None; self.policies.len()],
            seen: vec![0; self.policies.len()],
            round: 0,
        };
        let mut decision = Decision { results: Vec::new(), permissions: Vec::new(), handed_out: HashMap::new() };
        let none = BTreeMap::new();
        for wanted in wanted {
            let claims = if wanted.with_claims { request.claims() } else { &none };
            if let Some((result, granted)) = run.decide(wanted) {
                if let Some(scopes) = granted {
                    decision.grant(result.resource, scopes, claims);
                }
                decision.results.push(result);
            }
        }
        Ok(decision)
    }

    fn scope_at(&self, at: u32) -> &authz::Scope {
        &self.scopes[at as usize]
    }
}

/// What a policy says. Undecided is no permit, and stays none when it is turned around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Permit,
    Deny,
    Undecided,
}

/// One request being decided; remembers what policies and permissions said.
struct Run<'m, 's> {
    model: &'m Model,
    subject: Subject<'s>,
    shares: Shares<'s>,
    policies: Vec<Option<Outcome>>,
    permissions: Vec<Option<bool>>,
    /// The round in which a permission was last taken up, so that each is taken up once a resource.
    seen: Vec<u32>,
    round: u32,
}

type Granted<'m> = Option<Vec<&'m authz::Scope>>;

impl<'m> Run<'m, '_> {
    /// The result, and the scopes if the resource is granted. `None` when nothing applies to it, which is no result.
    fn decide(&mut self, wanted: Wanted) -> Option<(ResourceResult<'m>, Granted<'m>)> {
        let model = self.model;
        let resource = wanted.resource.map(|at| model.resource_at(at));
        if model.mode == PolicyEnforcementMode::Disabled || wanted.granted {
            return Some(self.outright(&wanted));
        }
        let found = self.applying(&wanted);
        let shares = wanted.resource.map(|at| self.shares.of(at, model, self.subject.identity)).unwrap_or_default();
        if found.is_empty() && shares.is_empty() {
            let owner_decides = resource.is_some_and(|resource| resource.owner_managed);
            let open = model.mode == PolicyEnforcementMode::Permissive && !owner_decides;
            return open.then(|| self.outright(&wanted));
        }

        let (mut verdicts, mut results) = (Vec::new(), Vec::new());
        for at in found {
            let (policy, permission) = self.permission(at)?;
            if permission.policies.is_empty() {
                continue; // says nothing, but the resource is not an open one
            }
            let granted = self.grants(at, policy, permission);
            verdicts.push(Verdict {
                kind: permission.kind,
                names_resource: wanted.resource.is_some_and(|at| permission.resources.binary_search(&at).is_ok()),
                names_any: !permission.resources.is_empty(),
                scopes: &permission.scopes,
                granted,
            });
            let policies = permission.policies.iter().map(|&at| self.result(at)).collect();
            results.push(PermissionResult { permission: &policy.representation, status: effect(granted), policies });
        }
        verdicts.extend(shares.iter().map(|share| Verdict {
            kind: PermissionKind::UserManaged,
            names_resource: true,
            names_any: true,
            scopes: &share.scopes,
            granted: share.granted,
        }));
        if verdicts.is_empty() {
            return None;
        }
        let granted = settle(&wanted, resource, model.strategy, &verdicts);
        let scopes = match &granted {
            Some(granted) => wanted.scopes.iter().filter(|scope| granted.contains(scope)).copied().collect(),
            None => wanted.scopes,
        };
        let named = |scopes: Vec<u32>| scopes.into_iter().map(|at| model.scope_at(at)).collect::<Vec<_>>();
        let result = ResourceResult {
            resource: resource.map(|resource| &resource.representation),
            scopes: named(scopes),
            status: effect(granted.is_some()),
            permissions: results,
        };
        Some((result, granted.map(named)))
    }

    /// Granted without asking anybody. A resource with scopes of which none is wanted is permitted, but not handed out.
    fn outright(&self, wanted: &Wanted) -> (ResourceResult<'m>, Granted<'m>) {
        let resource = wanted.resource.map(|at| self.model.resource_at(at));
        let scopes: Vec<_> = wanted.scopes.iter().map(|&at| self.model.scope_at(at)).collect();
        let handed_out = !scopes.is_empty() || resource.is_none_or(|resource| resource.scopes.is_empty());
        let granted = handed_out.then(|| scopes.clone());
        let resource = resource.map(|resource| &resource.representation);
        (ResourceResult { resource, scopes, status: DecisionEffect::Permit, permissions: Vec::new() }, granted)
    }

    /// The permissions that apply, those that name the resource first: then by its type, then by scope.
    fn applying(&mut self, wanted: &Wanted) -> Vec<u32> {
        let model = self.model;
        self.round += 1;
        let mut found = Vec::new();
        let mut take = |at: u32| {
            if std::mem::replace(&mut self.seen[at as usize], self.round) != self.round {
                found.push(at);
            }
        };
        if let Some(at) = wanted.resource {
            model.index.on_resource(at).iter().copied().for_each(&mut take);
            let resource = model.resource_at(at);
            if let Some(kind) = &resource.representation.r#type {
                model.index.on_type(kind).iter().copied().for_each(&mut take);
                if resource.owner.is_some() {
                    model.index.inherited(kind).iter().copied().for_each(&mut take);
                }
            }
        }
        for &scope in &wanted.scopes {
            model.index.on_scope(scope).iter().copied().for_each(&mut take);
        }
        found
    }

    fn permission(&self, at: u32) -> Option<(&'m Policy, &'m Permission)> {
        let policy = self.model.policy_at(at);
        match &policy.kind {
            Kind::Permission(permission) => Some((policy, permission)),
            Kind::Policy(_) => None,
        }
    }

    /// Whether a permission's policies are enough for its strategy. Its own logic does not count, as in Keycloak.
    fn grants(&mut self, at: u32, policy: &Policy, permission: &Permission) -> bool {
        if let Some(known) = self.permissions[at as usize] {
            return known;
        }
        let permits = permission.policies.iter().filter(|&&at| self.outcome(at) == Outcome::Permit).count();
        let granted = enough(policy.strategy, permits, permission.policies.len());
        self.permissions[at as usize] = Some(granted);
        granted
    }

    /// What a policy says. Aggregates are worked off without recursion: their depth comes from a file.
    fn outcome(&mut self, at: u32) -> Outcome {
        let mut open = vec![(at, 0)];
        while let Some((at, next)) = open.pop() {
            if self.policies[at as usize].is_some() {
                continue;
            }
            let policy = self.model.policy_at(at);
            match &policy.kind {
                Kind::Policy(Rule::Aggregate(children)) if next < children.len() => {
                    open.extend([(at, next + 1), (children[next], 0)]);
                }
                _ => self.policies[at as usize] = Some(self.ask(policy)),
            }
        }
        self.known(at)
    }

    fn known(&self, at: u32) -> Outcome {
        self.policies[at as usize].unwrap_or(Outcome::Undecided)
    }

    /// Asks one policy whose parts have been asked.
    fn ask(&self, policy: &Policy) -> Outcome {
        let holds = match &policy.kind {
            // a permission applied as if it were a policy says nothing
            Kind::Permission(_) => None,
            Kind::Policy(Rule::Aggregate(children)) => {
                let said: Vec<Outcome> = children.iter().map(|&child| self.known(child)).collect();
                let permits = said.iter().filter(|&&outcome| outcome == Outcome::Permit).count();
                // one of no policies holds for nobody
                (!said.contains(&Outcome::Undecided))
                    .then(|| !said.is_empty() && enough(policy.strategy, permits, said.len()))
            }
            Kind::Policy(rule) => rule.holds(self.subject),
        };
        match holds {
            None => Outcome::Undecided,
            Some(holds) if holds == (policy.logic == Logic::Positive) => Outcome::Permit,
            Some(_) => Outcome::Deny,
        }
    }

    fn result(&mut self, at: u32) -> PolicyResult<'m> {
        let outcome = self.outcome(at);
        let policy = self.model.policy_at(at);
        PolicyResult {
            policy: &policy.representation,
            status: effect(outcome == Outcome::Permit),
            undecided: outcome == Outcome::Undecided,
        }
    }
}

fn effect(permit: bool) -> DecisionEffect {
    if permit { DecisionEffect::Permit } else { DecisionEffect::Deny }
}
