//! What was made by applying files: kept with the realm, so that whoever applies next knows it.
//!
//! One attribute of the realm a kind, `cloakroom.managed.client`, holds the names as a JSON list. It is written before
//! anything is made, so that nothing is made and forgotten when the way is cut short.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::item::Key;

/// How the names of the attributes begin.
pub(crate) const PREFIX: &str = "cloakroom.managed.";

/// The names of what was made, by kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Managed(BTreeMap<String, BTreeSet<Key>>);

impl Managed {
    /// Reads them out of a realm's settings. What cannot be read counts as not ours.
    pub(crate) fn of(realm: &Value) -> Self {
        let attributes = realm.get("attributes").and_then(Value::as_object);
        let entry = |(name, value): (&String, &Value)| {
            let kind = name.strip_prefix(PREFIX)?.replace('-', " ");
            let keys: Vec<Value> = serde_json::from_str(value.as_str()?).ok()?;
            let key = |value: Value| match value {
                Value::String(name) => Some(vec![name]),
                list => serde_json::from_value(list).ok(),
            };
            Some((kind, keys.into_iter().filter_map(key).collect()))
        };
        Managed(attributes.into_iter().flatten().filter_map(entry).collect())
    }

    pub(crate) fn has(&self, kind: &str, key: &[String]) -> bool {
        self.0.get(kind).is_some_and(|keys| keys.contains(key))
    }

    /// The outermost names of a kind.
    pub(crate) fn names(&self, kind: &str) -> Vec<String> {
        self.0.get(kind).into_iter().flatten().filter_map(|key| key.first().cloned()).collect()
    }

    pub(crate) fn add(&mut self, kind: &str, key: &[String]) {
        self.0.entry(kind.to_owned()).or_default().insert(key.to_vec());
    }

    pub(crate) fn remove(&mut self, kind: &str, key: &[String]) {
        if let Some(keys) = self.0.get_mut(kind) {
            keys.remove(key);
        }
    }

    /// The attributes to write so that `before` becomes this: null for one that goes.
    pub(crate) fn changes(&self, before: &Self) -> Map<String, Value> {
        let none = BTreeSet::new();
        let kinds: BTreeSet<&String> = self.0.keys().chain(before.0.keys()).collect();
        let changed = kinds.into_iter().filter_map(|kind| {
            let (now, before) = (self.0.get(kind).unwrap_or(&none), before.0.get(kind).unwrap_or(&none));
            let short = |key: &Key| if let [name] = key.as_slice() { json!(name) } else { json!(key) };
            let list: Value = now.iter().map(short).collect();
            let text = if now.is_empty() { Value::Null } else { list.to_string().into() };
            (now != before).then(|| (format!("{PREFIX}{}", kind.replace(' ', "-")), text))
        });
        changed.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_the_realms_attributes() {
        let mut managed = Managed::default();
        managed.add("client", &["app".into()]);
        managed.add("client role", &["app".into(), "a \"b\"/c".into()]);
        let attributes = managed.changes(&Managed::default());
        let realm = json!({ "attributes": attributes });
        assert_eq!(Managed::of(&realm), managed);
        let mut fewer = managed.clone();
        fewer.remove("client", &["app".into()]);
        assert_eq!(fewer.changes(&managed).get("cloakroom.managed.client"), Some(&Value::Null));
        assert_eq!(managed.changes(&managed), Map::new());
    }
}
