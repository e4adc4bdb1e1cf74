//! Realms for the checks' tests.

use cloakroom::api::admin::clients::Client;
use cloakroom::api::admin::realms::Realm;
use serde_json::{Value, json};

use crate::doctor::check::Check;
use crate::doctor::facts::Facts;

pub(super) fn client(more: Value) -> Client {
    let mut client = json!({ "id": "1", "clientId": "app", "enabled": true });
    for (name, value) in more.as_object().unwrap() {
        client[name] = value.clone();
    }
    serde_json::from_value(client).unwrap()
}

pub(super) fn of_client(more: Value) -> Facts {
    Facts { clients: vec![client(more)], ..of_realm(json!({})) }
}

pub(super) fn of_realm(more: Value) -> Facts {
    let realm: Realm = serde_json::from_value(more).unwrap();
    Facts { realm: Realm { realm: Some("acme".to_owned()), ..realm }, ..Facts::default() }
}

/// Whether a check finds something.
pub(super) fn fires(checks: &[Check], code: &str, facts: &Facts) -> bool {
    !(checks.iter().find(|check| check.code == code).unwrap().look)(facts).is_empty()
}
