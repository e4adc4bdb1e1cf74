//! Finding in the settings what a request asks for.

use std::collections::HashMap;

use crate::{
    error::{Error, Result},
    identity::Identity,
    model::Model,
    request::{Ask, Request},
    tickets::Shares,
};

/// One thing to decide: a resource with scopes, or scopes of any resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) resource: Option<u32>,
    pub(crate) scopes: Vec<u32>,
    /// An owner granted it: nothing else is asked.
    pub(crate) granted: bool,
    /// What is granted comes with the claims that were pushed.
    pub(crate) with_claims: bool,
}

impl Request {
    /// Finds what is asked for.
    pub(crate) fn resolve(&self, model: &Model, identity: &Identity, shares: &Shares<'_>) -> Result<Vec<Wanted>> {
        let mut found = Found { model, identity, shares, wanted: Vec::new(), at: HashMap::new() };
        for ask in &self.asks {
            match ask {
                Ask::Named { resource, scopes } => found.named(resource.as_deref(), scopes)?,
                Ask::Uri { uri, matching, scopes } => found.by_uri(uri, *matching, scopes)?,
                Ask::Described { id, name, kind, scopes } => {
                    found.described(id.as_deref(), name.as_deref(), kind.as_deref(), scopes);
                }
            }
        }
        let described = self.asks.iter().all(|ask| matches!(ask, Ask::Described { .. }));
        if found.wanted.is_empty() && described {
            found.everything();
        }
        found.wanted.truncate(self.limit.unwrap_or(usize::MAX));
        Ok(found.wanted)
    }
}

/// What was found so far; a resource that is asked for twice is decided once, with the scopes of both.
struct Found<'a> {
    model: &'a Model,
    identity: &'a Identity,
    shares: &'a Shares<'a>,
    wanted: Vec<Wanted>,
    at: HashMap<u32, usize>,
}

impl Found<'_> {
    fn named(&mut self, resource: Option<&str>, names: &[String]) -> Result<()> {
        let resources = resource.map(|resource| self.resources(resource)).unwrap_or_default();
        if let (Some(resource), true) = (resource, resources.is_empty()) {
            return Err(Error::UnknownResource(resource.to_owned()));
        }
        let scopes = self.scopes(names)?;
        if resource.is_some() { self.on(&resources, &scopes, resource) } else { self.anywhere(&scopes) }
    }

    fn by_uri(&mut self, uri: &str, matching: bool, names: &[String]) -> Result<()> {
        let paths = self.model.index.paths();
        let resources = match paths.exact(uri) {
            [] if matching => paths.best(uri),
            found => found,
        };
        if resources.is_empty() {
            return Err(Error::UnknownResource(uri.to_owned()));
        }
        let scopes = self.scopes(names)?;
        self.on(resources, &scopes, Some(uri))
    }

    /// The known ones of the scopes; at least one must be.
    fn scopes(&self, names: &[String]) -> Result<Vec<u32>> {
        let scopes: Vec<u32> = names.iter().filter_map(|name| self.model.scope(name)).collect();
        if scopes.is_empty() && !names.is_empty() {
            return Err(Error::UnknownScope(names.join(", ")));
        }
        Ok(scopes)
    }

    /// The resources that a name means to this identity: their own, those shared with them, the resource server's.
    fn resources(&self, name: &str) -> Vec<u32> {
        let index = &self.model.index;
        if let Some(at) = index.with_id(name) {
            return vec![at];
        }
        let own = |at: &u32| self.model.resource_at(*at).owned_by(self.identity);
        let of_server = |at: &u32| self.model.resource_at(*at).owner.is_none();
        let of_type = |kind: &str, keep: &dyn Fn(&u32) -> bool| -> Vec<u32> {
            index.of_type(kind).iter().copied().filter(|at| keep(at)).collect()
        };
        if let Some((prefix, kind)) = name.split_once(':') {
            match prefix {
                "resource-type" => return of_type(kind, &of_server),
                "resource-type-any" => return of_type(kind, &|_| true),
                "resource-type-owner" => return of_type(kind, &own),
                "resource-type-instance" => return of_type(kind, &|at| !of_server(at)),
                _ => {}
            }
        }
        let shared = |at: &u32| self.shares.with(*at, self.identity).next().is_some();
        let named = index.named(name).iter().copied();
        named.filter(|at| own(at) || of_server(at) || shared(at)).collect()
    }

    /// The Admin API's way: unknown things are passed over.
    fn described(&mut self, id: Option<&str>, name: Option<&str>, kind: Option<&str>, names: &[String]) {
        let (model, index) = (self.model, &self.model.index);
        let scopes: Vec<u32> = names.iter().filter_map(|name| model.scope(name)).collect();
        let of_server = |at: &&u32| model.resource_at(**at).owner.is_none();
        let found: Vec<u32> = match (id, name, kind) {
            (Some(id), _, _) => match index.with_id(id) {
                Some(at) => vec![at],
                None => return,
            },
            (None, Some(name), _) => index.named(name).iter().find(of_server).copied().into_iter().collect(),
            (None, None, Some(kind)) => {
                for &at in index.of_type(kind).iter().filter(of_server) {
                    self.push(at, names, &scopes);
                }
                return;
            }
            (None, None, None) => Vec::new(),
        };
        for &at in &found {
            self.push(at, names, &scopes);
        }
        if found.is_empty() && !scopes.is_empty() {
            match self.with_any(&scopes) {
                resources if resources.is_empty() => {
                    self.wanted.extend(scopes.iter().map(|&scope| Wanted::of_scope(scope, false)));
                }
                resources => resources.into_iter().for_each(|at| self.push(at, names, &scopes)),
            }
        }
    }

    /// Adds without looking whether it was asked for before.
    fn push(&mut self, at: u32, names: &[String], scopes: &[u32]) {
        let mut askable = self.model.askable(at);
        if !names.is_empty() {
            askable.retain(|scope| scopes.contains(scope));
        }
        self.wanted.push(Wanted { resource: Some(at), scopes: askable, granted: false, with_claims: true });
    }

    fn on(&mut self, resources: &[u32], scopes: &[u32], asked: Option<&str>) -> Result<()> {
        let mut any = false;
        for &at in resources {
            let mut askable = self.model.askable(at);
            if !scopes.is_empty() {
                askable.retain(|scope| scopes.contains(scope));
                if askable.is_empty() {
                    continue;
                }
            }
            any = true;
            match self.at.get(&at) {
                Some(&before) => {
                    let known = &mut self.wanted[before].scopes;
                    known.extend(scopes.iter().filter(|scope| askable.contains(scope)));
                    known.sort_unstable();
                    known.dedup();
                }
                None => {
                    self.at.insert(at, self.wanted.len());
                    self.wanted.push(Wanted { resource: Some(at), scopes: askable, granted: false, with_claims: true });
                }
            }
        }
        if any { Ok(()) } else { Err(Error::UnknownResource(asked.unwrap_or_default().to_owned())) }
    }

    /// Scopes without a resource: on each resource that has one of them, or by themselves when none has.
    fn anywhere(&mut self, scopes: &[u32]) -> Result<()> {
        match self.with_any(scopes) {
            resources if resources.is_empty() => {
                self.wanted.extend(scopes.iter().map(|&scope| Wanted::of_scope(scope, true)));
                Ok(())
            }
            resources => self.on(&resources, scopes, None),
        }
    }

    fn with_any(&self, scopes: &[u32]) -> Vec<u32> {
        let mut resources: Vec<u32> =
            scopes.iter().flat_map(|&scope| self.model.index.with_scope(scope)).copied().collect();
        resources.sort_unstable();
        resources.dedup();
        resources
    }

    fn everything(&mut self) {
        let all = 0..u32::try_from(self.model.resources.len()).unwrap_or(u32::MAX);
        let (of_server, users): (Vec<u32>, Vec<u32>) = all.partition(|&at| self.model.resource_at(at).owner.is_none());
        let own = users.into_iter().filter(|&at| self.model.resource_at(at).owned_by(self.identity));
        for at in of_server.into_iter().chain(own) {
            // inherited scopes count for those only that have none of their own
            let scopes = match &self.model.resource_at(at).scopes {
                none if none.is_empty() => self.model.askable(at),
                own => own.clone(),
            };
            self.wanted.push(Wanted { resource: Some(at), scopes, granted: false, with_claims: true });
        }
        let mut shared: Vec<u32> = self.shares.resources().collect();
        shared.sort_unstable();
        for at in shared {
            let mut tickets = self.shares.with(at, self.identity).peekable();
            if tickets.peek().is_some() {
                let own = &self.model.resource_at(at).scopes;
                let scopes = tickets.filter_map(|ticket| self.model.scope(ticket.scope.as_deref()?));
                let scopes = scopes.filter(|scope| own.contains(scope)).collect();
                self.wanted.push(Wanted { resource: Some(at), scopes, granted: true, with_claims: true });
            }
        }
    }
}

impl Wanted {
    fn of_scope(scope: u32, with_claims: bool) -> Self {
        Self { resource: None, scopes: vec![scope], granted: false, with_claims }
    }
}
