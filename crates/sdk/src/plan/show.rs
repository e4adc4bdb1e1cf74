//! A plan in words and as JSON. Secrets are hidden in both.

use std::fmt;

use serde_json::{Value, json};

use super::apply::Plan;
use super::diff::{Action, Change};
use super::run::title;

impl Plan {
    /// How many things are created, changed and deleted. What comes or goes with something else counts too.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |action| self.changes.iter().filter(|change| change.action == action).count();
        (count(Action::Create) + usize::from(!self.exists), count(Action::Update), count(Action::Delete))
    }

    /// The plan for programs: `realm`, `changes` with `action`, `kind`, `name`, `key` and `attributes`, `kept` of the same
    /// form, and `summary`.
    pub fn to_json(&self) -> Value {
        let change = |change: &Change| {
            let attributes = change.attributes.iter().map(|a| json!({ "path": a.path, "old": a.old, "new": a.new }));
            json!({
                "action": word(change.action),
                "kind": change.kind.name(),
                "name": change.key.join("/"),
                "key": change.key,
                "attributes": attributes.collect::<Value>(),
            })
        };
        let (create, update, delete) = self.counts();
        json!({
            "realm": self.realm(),
            "createsRealm": !self.exists,
            "changes": self.changes.iter().map(change).collect::<Value>(),
            "kept": self.kept.iter().map(change).collect::<Value>(),
            "summary": { "create": create, "update": update, "delete": delete },
        })
    }
}

fn word(action: Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Update => "update",
        Action::Delete => "delete",
    }
}

/// The plan for people: `+` for what is created, `~` for what changes, `-` for what goes, `=` for what cannot be changed.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            write!(f, "realm {}: nothing to do", self.realm())?;
            return self.kept.iter().try_for_each(|change| keep(f, change));
        }
        writeln!(f, "realm {}{}", self.realm(), if self.exists { "" } else { " (new)" })?;
        for change in &self.changes {
            let sign = match change.action {
                Action::Create => '+',
                Action::Update => '~',
                Action::Delete => '-',
            };
            writeln!(f, "  {sign} {}", title(change))?;
            for attribute in &change.attributes {
                let text = |value: &Option<Value>| value.as_ref().map_or_else(|| "(none)".to_owned(), short);
                match change.action {
                    Action::Create => writeln!(f, "      {}: {}", attribute.path, text(&attribute.new))?,
                    _ => writeln!(f, "      {}: {} -> {}", attribute.path, text(&attribute.old), text(&attribute.new))?,
                }
            }
        }
        let (create, update, delete) = self.counts();
        write!(f, "{create} to create, {update} to change, {delete} to delete")?;
        self.kept.iter().try_for_each(|change| keep(f, change))
    }
}

/// A note on what stays as it is, with the attributes in which it differs.
fn keep(f: &mut fmt::Formatter<'_>, change: &Change) -> fmt::Result {
    let paths: Vec<&str> = change.attributes.iter().map(|attribute| attribute.path.as_str()).collect();
    let differs = match change.action {
        Action::Create => "is not there".to_owned(),
        Action::Update => format!("differs in {}", paths.join(", ")),
        Action::Delete => "is there".to_owned(),
    };
    write!(f, "\n  = {} {differs}: the server lets nobody change that", title(change))
}

/// A value on one line, cut where it is long.
fn short(value: &Value) -> String {
    const LONGEST: usize = 160;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
