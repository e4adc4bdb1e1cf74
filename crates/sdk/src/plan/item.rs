//! One thing of a realm: a client, a role, a group, each under its name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::tree::without;

/// What a thing is called: the names from the outermost to its own, such as client and role.
pub(crate) type Key = Vec<String>;

/// A thing as a file or a server describes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    /// The server's id, where it comes from a server.
    pub(crate) id: Option<String>,
    pub(crate) value: Value,
}

/// The things of one kind in a tree.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) items: BTreeMap<Key, Item>,
    /// The names of those whose list of such things the tree has, be it an empty one.
    pub(crate) lists: BTreeSet<Key>,
}

/// The fields that hold an id.
const IDS: [&str; 4] = ["id", "_id", "internalId", "containerId"];

impl Found {
    /// Takes the entries of a list, named by a field, without the fields that are another kind's.
    pub(crate) fn list(&mut self, above: &[String], list: Option<&Value>, name: &str, without: &[&str]) {
        let Some(Value::Array(list)) = list else { return };
        self.lists.insert(above.to_vec());
        for entry in list {
            let Some(own) = entry.get(name).and_then(Value::as_str) else { continue };
            self.add([above, &[own.to_owned()]].concat(), entry, without);
        }
    }

    /// Takes one thing.
    pub(crate) fn add(&mut self, key: Key, value: &Value, fields: &[&str]) {
        let id = IDS.iter().find_map(|id| value.get(id)?.as_str()).map(str::to_owned);
        let value = without(&without(value, fields), &IDS);
        self.items.insert(key, Item { id, value });
    }
}

/// The object at the end of a way through a tree, made where it is not there.
pub(crate) fn at<'a>(tree: &'a mut Value, way: &[&str]) -> &'a mut Value {
    way.iter().fold(tree, |tree, field| {
        if !tree.is_object() {
            *tree = Value::Object(serde_json::Map::new());
        }
        &mut tree[*field]
    })
}

/// The entry of this name in a list, made where it is not there.
pub(crate) fn entry<'a>(list: &'a mut Value, field: &str, name: &str) -> &'a mut Value {
    if !list.is_array() {
        *list = Value::Array(Vec::new());
    }
    let Value::Array(entries) = list else { return list };
    let at = entries.iter().position(|entry| entry.get(field).and_then(Value::as_str) == Some(name));
    let at = at.unwrap_or_else(|| {
        entries.push(serde_json::json!({ field: name }));
        entries.len() - 1
    });
    &mut entries[at]
}

/// Lays an item's fields into an entry.
pub(crate) fn fill(entry: &mut Value, value: &Value) {
    if entry.is_null() {
        *entry = Value::Object(serde_json::Map::new());
    }
    let (Value::Object(entry), Value::Object(fields)) = (entry, value) else { return };
    entry.extend(fields.iter().map(|(field, value)| (field.clone(), value.clone())));
}
