//! Making the changes: in an order in which everything finds what it refers to, some at a time.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures_util::{StreamExt, stream};
use serde_json::{Map, Value};

use super::cx::Cx;
use super::diff::{Action, Change};
use super::kind::Link;
use super::kinds::KINDS;
use super::tree::unmasked;
use crate::error::{Error, OrNone, Result};

/// What to do with one change.
#[derive(Clone, Copy)]
enum Step<'a> {
    /// Creates it, or changes what its own call writes.
    Write(&'a Change),
    /// Writes the fields that have calls of their own.
    Link(&'a Change),
    Delete(&'a Change),
}

/// How far an apply is: called after each step with the number of steps done, of all, and the name of the thing.
pub type Progress<'a> = &'a (dyn Fn(usize, usize, &str) + Send + Sync);

/// What an apply did.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The steps that were taken: things created, changed, linked and deleted.
    pub done: usize,
    /// All steps there were.
    pub steps: usize,
    /// What went wrong, and with which thing. After the first, no further step is begun.
    pub failed: Vec<(String, Error)>,
    /// It was told to stop before all was done.
    pub stopped: bool,
}

impl Outcome {
    /// Whether all was done.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.done == self.steps
    }
}

/// The steps, in stages: those of a stage do not need each other.
fn stages(changes: &[Change]) -> Vec<Vec<Step<'_>>> {
    let mut stages: Vec<Vec<Step<'_>>> = Vec::new();
    let of_kind =
        |name: &'static str| changes.iter().filter(move |change| change.kind.name() == name && change.is_step());
    for kind in KINDS {
        let writes = of_kind(kind.name()).filter(|c| c.action != Action::Delete && c.changes_body()).collect();
        stages.extend(by_depth(writes).into_values().map(|writes| writes.into_iter().map(Step::Write).collect()));
    }
    for kind in KINDS {
        let links = of_kind(kind.name()).filter(|c| c.action != Action::Delete && !c.changed_links().is_empty());
        stages.push(links.map(Step::Link).collect());
    }
    for kind in KINDS.iter().rev() {
        let deletes = of_kind(kind.name()).filter(|c| c.action == Action::Delete).collect();
        stages.extend(by_depth(deletes).into_values().rev().map(|list| list.into_iter().map(Step::Delete).collect()));
    }
    stages.retain(|stage| !stage.is_empty());
    stages
}

/// By the number of names: what belongs to another comes after it.
fn by_depth(changes: Vec<&Change>) -> BTreeMap<usize, Vec<&Change>> {
    let mut depths: BTreeMap<usize, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        depths.entry(change.key.len()).or_default().push(change);
    }
    depths
}

/// The number of steps that the changes take.
pub(crate) fn count(changes: &[Change]) -> usize {
    stages(changes).iter().map(Vec::len).sum()
}

/// Takes the steps.
pub(crate) async fn run(cx: &Cx<'_>, changes: &[Change], stop: &AtomicBool, progress: Progress<'_>) -> Outcome {
    let stages = stages(changes);
    let mut outcome = Outcome { steps: stages.iter().map(Vec::len).sum(), ..Outcome::default() };
    let parts = parts(changes);
    let (done, broken) = (AtomicUsize::new(0), AtomicBool::new(false));
    let steps = outcome.steps;
    for stage in stages {
        let one = |step| -> Taking<'_> {
            let (done, broken, parts) = (&done, &broken, &parts);
            Box::pin(async move {
                if broken.load(Ordering::Relaxed) || stop.load(Ordering::Relaxed) {
                    return None;
                }
                let (Step::Write(change) | Step::Link(change) | Step::Delete(change)) = step;
                let name = title(change);
                if let Err(e) = take(cx, step, parts).await {
                    broken.store(true, Ordering::Relaxed);
                    return Some((name, e));
                }
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, steps, &name);
                None
            })
        };
        let begun: Vec<_> = stage.into_iter().map(one).collect();
        let failed: Vec<_> = stream::iter(begun).buffer_unordered(cx.at_once).collect().await;
        outcome.failed.extend(failed.into_iter().flatten());
        if broken.load(Ordering::Relaxed) || stop.load(Ordering::Relaxed) {
            break;
        }
    }
    outcome.done = done.into_inner();
    outcome.stopped = stop.load(Ordering::Relaxed) && outcome.failed.is_empty() && outcome.done < outcome.steps;
    outcome
}

/// What a thing is called in messages.
pub(crate) fn title(change: &Change) -> String {
    [change.kind.name(), &change.key.join("/")].join(" ").trim_end().to_owned()
}

/// A step under way; gives what went wrong, and with which thing.
type Taking<'a> = Pin<Box<dyn Future<Output = Option<(String, Error)>> + Send + 'a>>;

/// What is made together with something else: by its kind and name, the field and the entries.
type Parts<'a> = BTreeMap<(&'static str, &'a [String]), Map<String, Value>>;

fn parts(changes: &[Change]) -> Parts<'_> {
    let mut parts = Parts::new();
    for change in changes.iter().filter(|c| c.within && c.action == Action::Create) {
        let (Some(parent), Some(field)) = (change.kind.parent(), change.kind.within()) else { continue };
        let above = change.kind.above(&change.key);
        let list = parts.entry((parent, above)).or_default().entry(field).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = list {
            list.push(change.body.clone());
        }
    }
    parts
}

async fn take(cx: &Cx<'_>, step: Step<'_>, parts: &Parts<'_>) -> Result<()> {
    match step {
        Step::Write(change) if change.action == Action::Create => {
            let later = if change.kind.links_at_creation() { &[] } else { change.kind.links() };
            let mut body = super::tree::without(&change.body, later);
            if let (Value::Object(body), Some(more)) =
                (&mut body, parts.get(&(change.kind.name(), change.key.as_slice())))
            {
                body.extend(more.clone());
            }
            let made = change.kind.create(cx, &change.key, body).await?;
            if let Some(id) = made {
                cx.note(change.kind.name(), &change.key, id);
            }
            Ok(())
        }
        Step::Write(change) => {
            let body = super::tree::without(&change.body, change.kind.links());
            let body = if change.kind.keeps_masks() { body } else { unmasked(&body) };
            change.kind.update(cx, &change.key, body, &change.old).await
        }
        Step::Link(change) => {
            let changed = change.changed_links().into_iter();
            let links = changed.map(|field| {
                let of = |side: &'_ Value| side.get(field).is_some();
                let old = if of(&change.old) { &change.old[field] } else { &Value::Null };
                Link { field, old, new: &change.body[field] }
            });
            change.kind.link(cx, &change.key, links.collect()).await
        }
        // what is gone already was to go
        Step::Delete(change) => change.kind.delete(cx, &change.key, &change.old).await.or_none().map(drop),
    }
}
