//! What a new realm has, and what new things are, before anybody says anything: of Keycloak 26.7.

use std::sync::LazyLock;

use serde_json::Value;

static DEFAULTS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("defaults.json")).unwrap_or_default());

/// A new realm of this name, in file form.
pub(crate) fn realm(name: &str) -> Value {
    named(&DEFAULTS["realm"], name)
}

/// The fields that a new thing of a kind has by itself.
pub(crate) fn new(kind: &str) -> &'static Value {
    &DEFAULTS["new"][kind]
}

fn named(value: &Value, realm: &str) -> Value {
    match value {
        Value::String(text) => text.replace("{realm}", realm).into(),
        Value::Array(list) => list.iter().map(|value| named(value, realm)).collect(),
        Value::Object(map) => {
            map.iter().map(|(field, value)| (field.replace("{realm}", realm), named(value, realm))).collect()
        }
        other => other.clone(),
    }
}
