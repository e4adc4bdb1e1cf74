//! What has to change for a realm to be as it is wanted: a function of what is there and what is wanted.

use std::collections::BTreeSet;

use serde_json::Value;

use super::defaults;
use super::item::{Found, Item, Key};
use super::kind::Kind;
use super::kinds::KINDS;
use super::kinds::clients::is_locked;
use super::managed::Managed;
use super::tree::{self, Attribute};

/// Which of the things that are there, but not wanted, are deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Prune {
    /// None.
    #[default]
    Nothing,
    /// Those that were made by applying files before.
    Own,
    /// All but the built-in ones, in the lists that the files have: a file without `users` deletes no users.
    All,
}

/// What becomes of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It is made.
    Create,
    /// Some of its attributes change.
    Update,
    /// It goes.
    Delete,
}

/// One thing that changes.
pub struct Change {
    pub(crate) kind: &'static dyn Kind,
    pub(crate) key: Key,
    pub(crate) action: Action,
    pub(crate) attributes: Vec<Attribute>,
    /// All of it as it will be.
    pub(crate) body: Value,
    /// As it is.
    pub(crate) old: Value,
    /// It is made or deleted together with what it belongs to.
    pub(crate) within: bool,
}

impl Change {
    /// What becomes of it.
    pub fn action(&self) -> Action {
        self.action
    }

    /// What kind of thing it is, such as `client scope`.
    pub fn kind(&self) -> &'static str {
        self.kind.name()
    }

    /// Its name, below the names of what it belongs to: a client's role is `["app", "reader"]`.
    pub fn key(&self) -> &[String] {
        &self.key
    }

    /// What changes of it. Secrets are hidden.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// Whether this, or what it belongs to, is written by a call of its own: what a client is created with is not.
    pub(crate) fn is_step(&self) -> bool {
        !self.within
    }

    /// The fields with calls of their own that change.
    pub(crate) fn changed_links(&self) -> Vec<&'static str> {
        let differs = |field: &&&str| {
            let of = |side: &Value| side.get(**field).cloned().unwrap_or_default();
            !tree::same(&of(&self.old), &of(&self.body)) && self.body.get(**field).is_some()
        };
        let written = self.action == Action::Create && self.kind.links_at_creation();
        self.kind.links().iter().filter(|_| !written).filter(differs).copied().collect()
    }

    /// Whether anything changes that the thing's own call writes.
    pub(crate) fn changes_body(&self) -> bool {
        let links = self.kind.links();
        let of_link = |path: &str| {
            links
                .iter()
                .any(|link| path.strip_prefix(link).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '['])))
        };
        self.action == Action::Create || self.attributes.iter().any(|attribute| !of_link(&attribute.path))
    }
}

/// All things of a realm, by kind.
pub(crate) struct State(pub(crate) Vec<Found>);

impl State {
    pub(crate) fn of(tree: &Value) -> Self {
        let take = |kind: &&dyn Kind| {
            let mut found = Found::default();
            kind.take(tree, &mut found);
            for item in found.items.values_mut() {
                item.value = tree::without(&item.value, kind.server_made());
            }
            found
        };
        State(KINDS.iter().map(take).collect())
    }

    pub(crate) fn kind(&self, name: &str) -> Option<&Found> {
        KINDS.iter().zip(&self.0).find(|(kind, _)| kind.name() == name).map(|(_, found)| found)
    }

    /// Whether a thing is part of what the server lets nobody change.
    fn locks(&self, change: &Change) -> bool {
        let name = change.kind.client(&change.key);
        let client = name.and_then(|name| Some((name, self.kind("client")?.items.get([name.to_owned()].as_slice())?)));
        client.is_some_and(|(name, client)| is_locked(name, &client.value))
    }

    fn has(&self, kind: &str, key: &[String]) -> bool {
        self.kind(kind).is_some_and(|found| found.items.contains_key(key))
    }
}

/// What comparing comes to.
pub(crate) struct Difference {
    /// What has to change.
    pub(crate) changes: Vec<Change>,
    /// What would have to, but that the server lets nobody change.
    pub(crate) kept: Vec<Change>,
}

/// Compares what is there in a realm with what is wanted of it.
///
/// Errors: something wanted belongs to something that is neither there nor wanted.
pub(crate) fn changes(
    realm: &str,
    now: &State,
    wanted: &State,
    managed: &Managed,
    prune: Prune,
) -> Result<Difference, String> {
    let built_in = State::of(&defaults::realm(realm));
    let (mut changes, mut deleted) = (Vec::new(), BTreeSet::new());
    for (at, kind) in KINDS.iter().enumerate() {
        let (now_here, wanted_here) = (&now.0[at], &wanted.0[at]);
        for (key, item) in &wanted_here.items {
            match now_here.items.get(key) {
                Some(there) => changes.extend(update(*kind, key, there, item)),
                None => {
                    let within = belongs(*kind, key, now, wanted)?;
                    changes.push(create(*kind, key, item, within));
                }
            }
        }
        for (key, there) in now_here.items.iter().filter(|(key, _)| !wanted_here.items.contains_key(*key)) {
            let above = kind.above(key);
            let list = &key[..key.len().saturating_sub(1)];
            let goes = match prune {
                Prune::Nothing => false,
                Prune::Own => managed.has(kind.name(), key),
                Prune::All => {
                    let ours = managed.has(kind.name(), key);
                    let built_in = built_in.0[at].items.contains_key(key) || kind.built_in(realm, key, &there.value);
                    ours || (wanted_here.lists.contains(list) && !built_in)
                }
            };
            let within = kind.parent().is_some_and(|parent| deleted.contains(&(parent, above)));
            if (goes && !kind.fixed()) || within {
                deleted.insert((kind.name(), key.as_slice()));
                let (key, old) = (key.clone(), there.value.clone());
                let (attributes, body) = (Vec::new(), Value::Null);
                changes.push(Change { kind: *kind, key, action: Action::Delete, attributes, body, old, within });
            }
        }
    }
    let (kept, changes) = changes.into_iter().partition(|change| now.locks(change));
    Ok(Difference { changes, kept })
}

fn update(kind: &'static dyn Kind, key: &Key, there: &Item, wanted: &Item) -> Option<Change> {
    let wanted = tree::without(&wanted.value, kind.at_creation());
    let mut body = tree::merged(&there.value, &wanted);
    for field in kind.whole() {
        let (now, wanted) = (there.value.get(*field), wanted.get(*field));
        if let Some(wanted) = wanted.filter(|wanted| !now.is_some_and(|now| tree::same(now, wanted))) {
            body[*field] = wanted.clone();
        }
    }
    let attributes = tree::changes(&there.value, &body);
    let (key, old) = (key.clone(), there.value.clone());
    let change = Change { kind, key, action: Action::Update, attributes, body, old, within: false };
    (!change.attributes.is_empty()).then_some(change)
}

fn create(kind: &'static dyn Kind, key: &Key, wanted: &Item, within: bool) -> Change {
    let body = tree::unmasked(&wanted.value);
    let attributes = tree::changes(&Value::Null, &body);
    Change { kind, key: key.clone(), action: Action::Create, attributes, body, old: Value::Null, within }
}

/// Whether a new thing is made together with what it belongs to.
fn belongs(kind: &dyn Kind, key: &Key, now: &State, wanted: &State) -> Result<bool, String> {
    let Some(parent) = kind.parent() else { return Ok(false) };
    let above = kind.above(key);
    if above.is_empty() || now.has(parent, above) {
        return Ok(false);
    }
    if !wanted.has(parent, above) {
        let (kind, name, above) = (kind.name(), key.join("/"), above.join("/"));
        return Err(format!("{kind} {name}: there is no {parent} {above}, neither at the server nor in the files"));
    }
    Ok(kind.within().is_some())
}
