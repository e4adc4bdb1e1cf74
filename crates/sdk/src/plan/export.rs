//! Exporting: a realm as a file that says no more than it has to.

use std::collections::BTreeMap;

use cloakroom_api::secrets::{MASK, is_secret};
use serde_json::{Map, Value};

use super::apply::read;
use super::cx::Cx;
use super::defaults;
use super::diff::State;
use super::kinds::KINDS;
use super::tree;
use crate::client::Client;
use crate::error::{Error, Result};

/// What an export writes for secrets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Secrets {
    /// `$(env:NAME)`, with a name made of what the secret belongs to.
    #[default]
    Variables,
    /// Ten stars: applying leaves secrets as they are, and new things get none.
    Masked,
    /// The secrets themselves, where the server shows them.
    Plain,
}

/// What to export.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ExportOptions {
    /// Whether users are exported, without their passwords, which no server shows. Service accounts always are.
    pub users: bool,
    /// What is written for secrets.
    pub secrets: Secrets,
}

impl ExportOptions {
    /// Exports users too.
    pub fn users(mut self, users: bool) -> Self {
        self.users = users;
        self
    }

    /// What is written for secrets.
    pub fn secrets(mut self, secrets: Secrets) -> Self {
        self.secrets = secrets;
        self
    }
}

/// Reads a realm into a tree that [`Desired`](super::Desired) takes, without what a new realm has by itself and without
/// ids.
///
/// Errors: those of the calls; [`Error::Config`] for a realm that is not there.
pub async fn export(client: &Client, realm: &str, options: &ExportOptions) -> Result<Value> {
    let mut cx = Cx::new(client, realm, 8);
    cx.users = options.users;
    let there = read(&mut cx, None).await?;
    let there = there.ok_or_else(|| Error::Config(format!("there is no realm {realm}")))?;
    let (now, fresh) = (State::of(&there), State::of(&defaults::realm(realm)));
    let mut tree = Map::from_iter([("realm".to_owned(), Value::from(realm))]).into();
    for (at, kind) in KINDS.iter().enumerate() {
        for (key, item) in &now.0[at].items {
            let there = fresh.0[at].items.get(key);
            let base = there.map_or_else(|| defaults::new(kind.name()), |item| &item.value);
            let mut value = beyond(&item.value, base);
            if let Some(Value::Object(attributes)) = value.get_mut("attributes") {
                attributes.remove("client.secret.creation.time");
            }
            if tree::empty(&value) && there.is_some() {
                continue;
            }
            if !kind.whole().is_empty() {
                // a part of what is one whole says nothing
                value = item.value.clone();
            }
            let mut names = vec![key.join("_")];
            value = secrets(value, options.secrets, &mut names);
            kind.put(&mut tree, key, &value);
        }
    }
    Ok(tidy(tree))
}

/// What a value has beyond a base: nothing that is the same there.
fn beyond(value: &Value, base: &Value) -> Value {
    match (value, base) {
        (value, base) if tree::same(value, base) => Value::Null,
        (Value::Object(value), Value::Object(base)) => {
            let none = Value::Null;
            let fields = value.iter().map(|(field, value)| (field, beyond(value, base.get(field).unwrap_or(&none))));
            let kept = fields.filter(|(_, value)| !value.is_null()).map(|(field, value)| (field.clone(), value));
            let mut kept: Map<String, Value> = kept.collect();
            // what the base has and the value has not is taken out
            for field in base.keys().filter(|field| !value.contains_key(*field) && !tree::empty(&base[*field])) {
                kept.insert(field.clone(), Value::Null);
            }
            Value::Object(kept)
        }
        (Value::Object(value), _) => {
            let kept = value.iter().filter(|(_, value)| !tree::empty(value));
            Value::Object(kept.map(|(field, value)| (field.clone(), value.clone())).collect())
        }
        _ => value.clone(),
    }
}

/// Writes secrets as asked; `names` is the way to them.
fn secrets(value: Value, how: Secrets, names: &mut Vec<String>) -> Value {
    match value {
        Value::Object(map) => {
            let replaced = map.into_iter().map(|(field, value)| {
                names.push(field.clone());
                let value = match value {
                    Value::String(text) if is_secret(&field) || text == MASK => written(&text, how, names),
                    other => secrets(other, how, names),
                };
                names.pop();
                (field, value)
            });
            Value::Object(replaced.collect())
        }
        Value::Array(list) => list
            .into_iter()
            .map(|value| match value {
                Value::String(text) if text == MASK => written(&text, how, names),
                Value::String(text) if names.last().is_some_and(|field| is_secret(field)) => written(&text, how, names),
                other => secrets(other, how, names),
            })
            .collect(),
        Value::String(text) => Value::String(text.replace("$(", "$$(")),
        other => other,
    }
}

fn written(text: &str, how: Secrets, names: &[String]) -> Value {
    let masked = || Value::from(MASK);
    match how {
        Secrets::Plain => text.into(),
        Secrets::Masked => masked(),
        Secrets::Variables => {
            let shown = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
            let name: String = names.join("_").chars().map(shown).collect();
            // applying without the variable leaves the secret as it is
            format!("$(env:{name}:-{MASK})").into()
        }
    }
}

/// Fields in an order for people: names first, scalars before lists, and nothing that is empty.
fn tidy(value: Value) -> Value {
    const FIRST: [&str; 8] =
        ["realm", "clientId", "username", "alias", "name", "displayName", "description", "enabled"];
    match value {
        Value::Object(map) => {
            let rank = |field: &str, value: &Value| {
                let first = FIRST.iter().position(|first| *first == field).unwrap_or(FIRST.len());
                (first, value.is_array() || value.is_object(), field.to_owned())
            };
            let sorted: BTreeMap<_, (String, Value)> =
                map.into_iter().map(|(field, value)| (rank(&field, &value), (field, value))).collect();
            sorted.into_values().map(|(field, value)| (field, tidy(value))).collect()
        }
        Value::Array(list) => list.into_iter().map(tidy).collect(),
        other => other,
    }
}
