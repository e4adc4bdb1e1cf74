//! Small settings, written shortly.

use cloakroom_policy::{Context, Decision, Identity, Model, Request};
use serde_json::{Map, Value, json};

/// 2023-11-14 22:13:20 UTC, a Tuesday.
pub(crate) const NOW: i64 = 1_700_000_000;

/// A policy; what is not text in its configuration becomes JSON in text, as Keycloak keeps it.
pub(crate) fn policy(kind: &str, name: &str, config: Value) -> Value {
    let text = |value: Value| if value.is_string() { value } else { Value::String(value.to_string()) };
    let config: Map<String, Value> = match config {
        Value::Object(entries) => entries.into_iter().map(|(name, value)| (name, text(value))).collect(),
        _ => Map::new(),
    };
    json!({ "name": name, "type": kind, "config": config })
}

/// Turns a policy around.
pub(crate) fn not(mut policy: Value) -> Value {
    policy["logic"] = json!("NEGATIVE");
    policy
}

/// Gives a policy or permission a decision strategy.
pub(crate) fn by(strategy: &str, mut policy: Value) -> Value {
    policy["decisionStrategy"] = json!(strategy);
    policy
}

/// A permission on resources.
pub(crate) fn on(name: &str, resources: &[&str], policies: &[&str]) -> Value {
    policy("resource", name, json!({ "resources": resources, "applyPolicies": policies }))
}

/// A permission on a type of resources.
pub(crate) fn on_type(name: &str, kind: &str, policies: &[&str]) -> Value {
    policy("resource", name, json!({ "defaultResourceType": kind, "applyPolicies": policies }))
}

/// A permission on scopes, of some resources or of any.
pub(crate) fn scoped(name: &str, resources: &[&str], scopes: &[&str], policies: &[&str]) -> Value {
    policy("scope", name, json!({ "resources": resources, "scopes": scopes, "applyPolicies": policies }))
}

/// A resource with scopes.
pub(crate) fn resource(name: &str, scopes: &[&str]) -> Value {
    let scopes: Vec<Value> = scopes.iter().map(|scope| json!({ "name": scope })).collect();
    json!({ "name": name, "_id": format!("id of {name}"), "scopes": scopes })
}

/// The same with further fields.
pub(crate) fn with(mut value: Value, fields: Value) -> Value {
    for (name, field) in fields.as_object().into_iter().flatten() {
        value[name] = field.clone();
    }
    value
}

/// The policies "yes", which holds for alice, and "no", which holds for nobody.
pub(crate) fn yes_no() -> Vec<Value> {
    vec![policy("user", "yes", json!({ "users": ["alice"] })), policy("user", "no", json!({ "users": [] }))]
}

pub(crate) fn settings(resources: Vec<Value>, policies: Vec<Value>) -> Value {
    json!({ "clientId": "rs", "resources": resources, "policies": policies })
}

pub(crate) fn model(resources: Vec<Value>, policies: Vec<Value>) -> Model {
    read(settings(resources, policies))
}

pub(crate) fn read(settings: Value) -> Model {
    Model::new(serde_json::from_value(settings).unwrap()).unwrap()
}

pub(crate) fn alice() -> Identity {
    Identity::new("id of alice").username("alice").client("rs")
}

pub(crate) fn bob() -> Identity {
    Identity::new("id of bob").username("bob").client("rs")
}

pub(crate) fn decide<'m>(model: &'m Model, identity: &Identity, asked: &[&str]) -> Decision<'m> {
    let request = asked.iter().fold(Request::new(), |request, asked| request.permission(asked));
    model.decide(identity, &Context::at(NOW), &request).unwrap()
}

/// What is granted, as `resource#scope,scope`.
pub(crate) fn granted(model: &Model, identity: &Identity, asked: &[&str]) -> Vec<String> {
    let show = |permission: &cloakroom_policy::api::admin::authz::Permission| {
        let name = permission.rsname.clone().unwrap_or_default();
        match &permission.scopes {
            Some(scopes) => format!("{name}#{}", scopes.join(",")),
            None => name,
        }
    };
    decide(model, identity, asked).permissions().iter().map(show).collect()
}

/// Whether a policy holds for somebody: it guards a resource alone.
pub(crate) fn holds(guard: Value, identity: &Identity, context: &Context) -> bool {
    let name = guard["name"].as_str().unwrap().to_owned();
    let model = model(vec![resource("R", &[])], vec![guard, on("perm", &["R"], &[&name])]);
    model.decide(identity, context, &Request::new().permission("R")).unwrap().is_granted()
}
