//! Trees of JSON: what a file asks for laid over what is there, and what that changes.

use cloakroom_api::secrets::{MASK, is_secret};
use serde_json::{Map, Value};

/// The fields by which the entries of a list are told apart, most telling first.
const NAMES: [&str; 7] = ["clientId", "username", "alias", "name", "credentialType", "locale", "identityProvider"];

/// The fields that belong to a name: two mappers of one name are two where they are of two providers.
const BESIDE: [&str; 3] = ["identityProviderAlias", "subType", "providerType"];

/// What an entry of a list is called, if it has a name.
pub(crate) fn name(entry: &Value) -> Option<String> {
    let text = |field: &str| entry.get(field)?.as_str();
    let mut name = NAMES.iter().find_map(|field| text(field))?.to_owned();
    for beside in BESIDE.iter().filter_map(|field| text(field)) {
        name = format!("{name} ({beside})");
    }
    Some(name)
}

/// Whether all entries have names, and no two the same.
fn named(list: &[Value]) -> bool {
    let mut names: Vec<_> = list.iter().map(name).collect();
    names.sort();
    !list.is_empty() && names.iter().all(Option::is_some) && names.windows(2).all(|pair| pair[0] != pair[1])
}

/// What is there with what is wanted laid over it. Fields that are not wanted stay, lists of named things are merged by
/// name, other lists are replaced as a whole; what says the same in other words (`"5"` and `5`, another order) stays as it is.
/// Null takes a field out: it stays in the outcome, for the server to see.
pub(crate) fn merged(current: &Value, wanted: &Value) -> Value {
    if same(current, wanted) {
        return current.clone();
    }
    match (current, wanted) {
        (Value::Object(current), Value::Object(wanted)) => {
            let mut all = current.clone();
            for (field, wanted) in wanted {
                let now = current.get(field).unwrap_or(&Value::Null);
                if !(now.is_null() && empty(wanted)) {
                    all.insert(field.clone(), merged(now, wanted));
                }
            }
            Value::Object(all)
        }
        (Value::Array(current), Value::Array(wanted)) if named(current) && named(wanted) => {
            let find = |list: &[Value], entry: &Value| list.iter().find(|other| name(other) == name(entry)).cloned();
            let mut all: Vec<Value> = current
                .iter()
                .map(|now| find(wanted, now).map_or_else(|| now.clone(), |wanted| merged(now, &wanted)))
                .collect();
            all.extend(wanted.iter().filter(|wanted| find(current, wanted).is_none()).cloned());
            Value::Array(all)
        }
        (Value::Array(current), Value::Array(wanted))
            if current.len() == wanted.len() && wanted.iter().all(Value::is_object) =>
        {
            current.iter().zip(wanted).map(|(current, wanted)| merged(current, wanted)).collect()
        }
        (_, wanted) if masked(wanted) => current.clone(),
        _ => wanted.clone(),
    }
}

/// Nothing said: null, and the empty text, list and object, which servers leave out.
pub(crate) fn empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.values().all(empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether two values say the same.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    if a == b || (empty(a) && empty(b)) {
        return true;
    }
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => {
            let mut left: Vec<&Value> = b.iter().collect();
            a.len() == b.len()
                && a.iter().all(|value| {
                    let at = left.iter().position(|other| same(value, other));
                    at.map(|at| left.swap_remove(at)).is_some()
                })
        }
        (Value::Object(a), Value::Object(b)) => {
            let fields = a.keys().chain(b.keys().filter(|field| !a.contains_key(*field)));
            let of = |map: &Map<String, Value>, field: &str| map.get(field).cloned().unwrap_or_default();
            fields.into_iter().all(|field| same(&of(a, field), &of(b, field)))
        }
        (Value::Array(_) | Value::Object(_), _) | (_, Value::Array(_) | Value::Object(_)) => false,
        _ => match (text(a), text(b)) {
            (Some(a), Some(b)) => a == b || same_json(&a, &b),
            _ => false,
        },
    }
}

/// A scalar in the words of a map of texts.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Settings that are JSON within a text, as those of policies, in whatever order.
fn same_json(a: &str, b: &str) -> bool {
    let read = |text: &str| text.starts_with(['[', '{']).then(|| serde_json::from_str::<Value>(text).ok()).flatten();
    matches!((read(a), read(b)), (Some(a), Some(b)) if same(&a, &b))
}

/// One attribute that changes: the way to it, and both values; `None` where there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// As in `attributes.department` or `executions[otp].requirement`.
    pub path: String,
    /// What is there, with secrets hidden.
    pub old: Option<Value>,
    /// What will be there, with secrets hidden.
    pub new: Option<Value>,
}

/// The attributes in which two values differ. A secret that the server does not show cannot be compared, and counts as equal.
pub(crate) fn changes(old: &Value, new: &Value) -> Vec<Attribute> {
    let mut found = Vec::new();
    walk("", old, new, &mut found);
    found
}

fn walk(path: &str, old: &Value, new: &Value, found: &mut Vec<Attribute>) {
    if same(old, new) || masked(old) {
        return;
    }
    match (old, new) {
        (Value::Object(_), Value::Object(_)) | (Value::Null, Value::Object(_)) | (Value::Object(_), Value::Null) => {
            let none = Map::new();
            let (old, new) = (old.as_object().unwrap_or(&none), new.as_object().unwrap_or(&none));
            for field in old.keys().chain(new.keys().filter(|field| !old.contains_key(*field))) {
                let path = if path.is_empty() { field.clone() } else { format!("{path}.{field}") };
                let of = |map: &Map<String, Value>| map.get(field).cloned().unwrap_or_default();
                walk(&path, &of(old), &of(new), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if (named(a) || a.is_empty()) && (named(b) || b.is_empty()) => {
            let find = |list: &[Value], entry: &Value| list.iter().find(|other| name(other) == name(entry)).cloned();
            for entry in a.iter().chain(b.iter().filter(|entry| find(a, entry).is_none())) {
                let path = format!("{path}[{}]", name(entry).unwrap_or_default());
                let of = |list: &[Value]| find(list, entry).unwrap_or_default();
                walk(&path, &of(a), &of(b), found);
            }
        }
        _ => {
            let shown = |value: &Value| Some(hidden(path, value)).filter(|value| !value.is_null());
            found.push(Attribute { path: path.to_owned(), old: shown(old), new: shown(new) });
        }
    }
}

/// What stands in the place of a secret in everything that is shown.
pub(crate) const HIDDEN: &str = "(hidden)";

/// The value as it may be shown: without secrets.
pub(crate) fn hidden(path: &str, value: &Value) -> Value {
    let credentials = path == "credentials" || path.starts_with("credentials[");
    match value {
        Value::Object(map) => {
            map.iter().map(|(field, value)| (field.clone(), hidden(&format!("{path}.{field}"), value))).collect()
        }
        Value::Array(list) => list.iter().map(|value| hidden(path, value)).collect(),
        Value::String(text) if text.is_empty() => value.clone(),
        Value::String(_) => {
            let field = path.rsplit('.').next().unwrap_or(path);
            let of_credential = path.starts_with("credentials") && field == "value";
            let hide = is_secret(path) || is_secret(field) || credentials || of_credential;
            if hide { HIDDEN.into() } else { value.clone() }
        }
        other => other.clone(),
    }
}

/// Takes fields out of an object.
pub(crate) fn without(value: &Value, fields: &[&str]) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(field, _)| !fields.contains(&field.as_str()));
            Value::Object(kept.map(|(field, value)| (field.clone(), value.clone())).collect())
        }
        other => other.clone(),
    }
}

/// Takes masked secrets out: they are no values.
pub(crate) fn unmasked(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, value)| !masked(value));
            Value::Object(kept.map(|(field, value)| (field.clone(), unmasked(value))).collect())
        }
        Value::Array(list) => list.iter().map(unmasked).collect(),
        other => other.clone(),
    }
}

fn masked(value: &Value) -> bool {
    match value {
        Value::String(text) => text == MASK,
        Value::Array(list) => !list.is_empty() && list.iter().all(masked),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_file_does_not_say_is_left_alone() {
        let now = json!({ "a": 1, "b": { "c": "x", "d": "y" }, "list": ["x", "y"] });
        let all = merged(&now, &json!({ "b": { "d": "z" } }));
        assert_eq!(all, json!({ "a": 1, "b": { "c": "x", "d": "z" }, "list": ["x", "y"] }));
        let changed = changes(&now, &all);
        assert_eq!(changed, [Attribute { path: "b.d".into(), old: Some("y".into()), new: Some("z".into()) }]);
    }

    #[test]
    fn named_things_are_matched_by_name() {
        let now = json!([{ "name": "a", "x": 1 }, { "name": "b", "x": 1 }]);
        let all = merged(&now, &json!([{ "name": "c" }, { "name": "a", "x": 2 }]));
        assert_eq!(all, json!([{ "name": "a", "x": 2 }, { "name": "b", "x": 1 }, { "name": "c" }]));
        let paths: Vec<String> = changes(&now, &all).into_iter().map(|c| c.path).collect();
        assert_eq!(paths, ["[a].x", "[c].name"]);
    }

    #[test]
    fn other_words_for_the_same_are_no_change() {
        let now = json!({ "a": "true", "n": "5", "l": ["x", "y"], "j": "[\"a\",\"b\"]" });
        let wanted = json!({ "a": true, "n": 5, "l": ["y", "x"], "j": "[ \"b\", \"a\" ]", "none": "", "empty": [] });
        assert_eq!(merged(&now, &wanted), now);
    }

    #[test]
    fn null_takes_a_field_out() {
        let now = json!({ "attributes": { "a": "1", "b": "2" } });
        let all = merged(&now, &json!({ "attributes": { "a": null, "c": null } }));
        assert_eq!(all, json!({ "attributes": { "a": null, "b": "2" } }));
        assert_eq!(changes(&now, &all)[0].new, None);
    }

    #[test]
    fn secrets_are_not_shown_and_masks_not_compared() {
        let changed = changes(&json!({ "secret": "a" }), &json!({ "secret": "b" }));
        assert_eq!(changed[0].new, Some(HIDDEN.into()));
        assert!(changes(&json!({ "clientSecret": MASK }), &json!({ "clientSecret": "b" })).is_empty());
        assert_eq!(merged(&json!({ "secret": "a" }), &json!({ "secret": MASK })), json!({ "secret": "a" }));
        let shown = hidden("", &json!({ "config": { "bindCredential": ["x"] }, "passwordPolicy": "length(8)" }));
        assert_eq!(shown, json!({ "config": { "bindCredential": [HIDDEN] }, "passwordPolicy": "length(8)" }));
    }
}
