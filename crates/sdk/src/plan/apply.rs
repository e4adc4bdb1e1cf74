//! Planning and applying: reading the realm, comparing, and taking the steps.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use cloakroom_api::admin::clients::ClientQuery;
use cloakroom_api::admin::realms::{PartialExport, Realms};
use serde_json::{Map, Value, json};

use super::cx::Cx;
use super::defaults;
use super::desired::Desired;
use super::diff::{Action, Change, Difference, Prune, State, changes};
use super::kinds::{KINDS, flows};
use super::managed::Managed;
use super::run::{self, Outcome, Progress};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::steps::Unsent;

/// How to plan.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// What is deleted. Default: nothing.
    pub prune: Prune,
    /// How many calls are under way at once, at most. Default: 8.
    pub at_once: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options { prune: Prune::Nothing, at_once: 8 }
    }
}

impl Options {
    /// Deletes what is not wanted.
    pub fn prune(mut self, prune: Prune) -> Self {
        self.prune = prune;
        self
    }

    /// How many calls are under way at once, at most.
    pub fn at_once(mut self, calls: usize) -> Self {
        self.at_once = calls.max(1);
        self
    }
}

/// How to apply.
#[derive(Default)]
pub struct Apply<'a> {
    /// Set it, from another task or a signal, and no further step is begun; those under way end.
    pub stop: Option<Arc<AtomicBool>>,
    /// Called after each step.
    pub progress: Option<Progress<'a>>,
}

/// What has to change for a realm to be as it is wanted.
pub struct Plan {
    pub(crate) desired: Desired,
    pub(crate) options: Options,
    /// Whether the realm is there; where it is not, the changes are those to a new one.
    pub(crate) exists: bool,
    pub(crate) changes: Vec<Change>,
    pub(crate) kept: Vec<Change>,
    managed: Managed,
    ids: Vec<(&'static str, super::item::Key, String)>,
}

/// A realm as the server has it, in file form; `None` where there is none. Of what takes calls of its own only what is wanted is
/// read, or all.
pub(crate) async fn read(cx: &mut Cx<'_>, wanted: Option<&Value>) -> Result<Option<Value>> {
    let realms = Realms::new(&Unsent);
    if cx.find(realms.get(cx.realm)).await?.is_none() {
        return Ok(None);
    }
    // an export of all is one call, but takes Keycloak minutes where there is much: then each kind reads its own
    cx.in_parts = is_large(cx).await?;
    let all = Some(!cx.in_parts);
    let what = PartialExport { export_clients: all, export_groups_and_roles: all };
    let mut tree = cx.get(realms.partial_export(cx.realm, &what)).await?;
    for kind in KINDS {
        kind.read(cx, wanted, &mut tree).await?;
    }
    Ok(Some(tree))
}

/// Whether a realm has so many clients or groups that it is read in parts.
async fn is_large(cx: &Cx<'_>) -> Result<bool> {
    const MANY: i32 = 200;
    let beyond = ClientQuery { first: Some(MANY), max: Some(1), ..ClientQuery::default() };
    let clients = cx.get(cx.calls().clients().list(&beyond)).await?;
    let groups = cx.get(cx.calls().groups().count(&Default::default())).await?;
    let groups = groups.get("count").and_then(Value::as_i64).unwrap_or_default();
    Ok(groups > i64::from(MANY) || clients.as_array().is_some_and(|list| !list.is_empty()))
}

impl Plan {
    /// Reads the realm and compares it with what is wanted. Nothing is changed.
    ///
    /// Errors: those of the calls; [`Error::Config`] where something wanted belongs to something that is nowhere.
    pub async fn make(client: &Client, desired: Desired, options: &Options) -> Result<Self> {
        let mut cx = Cx::new(client, &desired.realm, options.at_once);
        cx.everything = options.prune == Prune::All;
        let there = read(&mut cx, Some(&desired.tree)).await?;
        let exists = there.is_some();
        let tree = there.unwrap_or_else(|| defaults::realm(&desired.realm));
        let now = State::of(&tree);
        let managed = Managed::of(&tree);
        let wanted = State::of(&desired.tree);
        let Difference { changes, kept } =
            changes(&desired.realm, &now, &wanted, &managed, options.prune).map_err(Error::Config)?;
        let ids = KINDS.iter().zip(now.0).flat_map(|(kind, found)| {
            let with_id = |(key, item): (super::item::Key, super::item::Item)| Some((kind.name(), key, item.id?));
            found.items.into_iter().filter_map(with_id).collect::<Vec<_>>()
        });
        let ids = ids.collect();
        Ok(Plan { desired, options: options.clone(), exists, changes, kept, managed, ids })
    }

    /// The realm's name.
    pub fn realm(&self) -> &str {
        &self.desired.realm
    }

    /// Whether the realm has to be created.
    pub fn creates_realm(&self) -> bool {
        !self.exists
    }

    /// What changes, in the order in which it is shown.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// What is not as it is wanted, and stays so: servers let nobody change the client that holds a realm's administrative
    /// roles, `realm-management`, nor what is part of it.
    pub fn kept(&self) -> &[Change] {
        &self.kept
    }

    /// Whether nothing has to be done.
    pub fn is_empty(&self) -> bool {
        self.exists && self.changes.is_empty()
    }

    /// Makes the changes. What was begun is ended even where a step fails; the outcome says how far it came. Planning and
    /// applying again takes up where it ended.
    ///
    /// Errors: those of the calls before the first step. A step that fails is in the outcome.
    pub async fn apply(self, client: &Client, how: &Apply<'_>) -> Result<Outcome> {
        if self.is_empty() {
            return Ok(Outcome::default());
        }
        if self.exists {
            return self.carry_out(client, how).await;
        }
        let Plan { desired, options, .. } = self;
        let cx = Cx::new(client, &desired.realm, options.at_once);
        let enabled = desired.tree.get("enabled").cloned().unwrap_or(Value::Bool(true));
        let mut body = flows::at_creation(&desired.tree, &defaults::realm(&desired.realm));
        body.extend([("realm".to_owned(), desired.realm.clone().into()), ("enabled".to_owned(), enabled)]);
        cx.write(Realms::new(&Unsent).create(&Default::default()), &body.into()).await?;
        // a new realm has more in it than nothing, and of that only the server knows
        let plan = Plan::make(client, desired.clone(), &options).await?;
        let mut outcome = plan.carry_out(client, how).await?;
        (outcome.done, outcome.steps) = (outcome.done + 1, outcome.steps + 1);
        Ok(outcome)
    }

    /// Makes the changes to a realm that is there.
    async fn carry_out(&self, client: &Client, how: &Apply<'_>) -> Result<Outcome> {
        let cx = Cx::new(client, &self.desired.realm, self.options.at_once);
        for (kind, key, id) in &self.ids {
            cx.note(kind, key, id.clone());
        }
        let noted = self.note_new(&cx).await?;
        let never = AtomicBool::new(false);
        let stop = how.stop.as_deref().unwrap_or(&never);
        let silent = |_: usize, _: usize, _: &str| {};
        let outcome = run::run(&cx, &self.changes, stop, how.progress.unwrap_or(&silent)).await;
        if outcome.is_complete() {
            self.forget_gone(&cx, noted).await?;
        }
        Ok(outcome)
    }

    /// How many steps applying takes.
    pub fn steps(&self) -> usize {
        run::count(&self.changes) + usize::from(!self.exists)
    }

    /// Notes what will be made.
    async fn note_new(&self, cx: &Cx<'_>) -> Result<Managed> {
        let mut managed = self.managed.clone();
        for change in self.changes.iter().filter(|c| c.action == Action::Create && !c.kind.fixed()) {
            managed.add(change.kind.name(), &change.key);
        }
        write(cx, managed.changes(&self.managed)).await?;
        Ok(managed)
    }

    async fn forget_gone(&self, cx: &Cx<'_>, noted: Managed) -> Result<()> {
        let mut managed = noted.clone();
        for change in self.changes.iter().filter(|c| c.action == Action::Delete) {
            managed.remove(change.kind.name(), &change.key);
        }
        write(cx, managed.changes(&noted)).await
    }
}

async fn write(cx: &Cx<'_>, attributes: Map<String, Value>) -> Result<()> {
    if attributes.is_empty() {
        return Ok(());
    }
    cx.set_attributes(&attributes, json!({})).await
}
