//! Authentication flows, each with its sub-flows, executions and their configurations: files and exports have them in lists
//! that name each other, here they are a tree.
//!
//! A flow's `executions` are an object: by the provider or the sub-flow's alias, the second of a name with ` #2`. The field
//! `order` lists those names.

use std::collections::BTreeMap;

use cloakroom_api::endpoint::Call;
use serde_json::{Map, Value, json};

use super::super::cx::Cx;
use super::super::item::{Found, Item, Key, at};
use super::super::kind::{Doing, Kind, Operation};
use super::super::tree::{same, unmasked};
use super::flow_steps::sync;
use crate::error::Result;

pub(crate) struct Flows;

const LIST: &str = "authenticationFlows";
const CONFIGS: &str = "authenticatorConfig";
/// Deeper than any flow of sense; one that contains itself ends here.
const DEPTH: usize = 12;

/// The fields that a realm is created with where files give built-in flows other executions than a new realm has: nobody may
/// add executions to those, or take some away, once they are there.
pub(crate) fn at_creation(wanted: &Value, new: &Value) -> Map<String, Value> {
    let (wanted, new) = (taken(wanted), taken(new));
    let other = |key: &Key| wanted.get(key).filter(|flow| flow.value.get("executions").is_some());
    if !new.iter().any(|(key, flow)| other(key).is_some_and(|other| !alike(&other.value, &flow.value))) {
        return Map::new();
    }
    let mut tree = json!({});
    for (key, flow) in &new {
        unfold(&mut tree, &key[0], &other(key).unwrap_or(flow).value, true);
    }
    tree[LIST].as_array_mut().into_iter().flatten().for_each(|flow| flow["builtIn"] = true.into());
    if let Value::Object(fields) = tree { fields } else { Map::new() }
}

fn taken(tree: &Value) -> BTreeMap<Key, Item> {
    let mut found = Found::default();
    Flows.take(tree, &mut found);
    found.items
}

/// Whether two flows have executions of the same names, and their sub-flows too.
fn alike(a: &Value, b: &Value) -> bool {
    match (a.get("executions").and_then(Value::as_object), b.get("executions").and_then(Value::as_object)) {
        (Some(a), Some(b)) => a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| alike(a, b))),
        (a, b) => a.is_none() && b.is_none(),
    }
}

impl Kind for Flows {
    fn name(&self) -> &'static str {
        "flow"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        let Some(Value::Array(flows)) = tree.get(LIST) else { return };
        found.lists.insert(Key::new());
        let top = flows.iter().filter(|flow| flow.get("topLevel").and_then(Value::as_bool) != Some(false));
        for flow in top {
            let Some(alias) = flow.get("alias").and_then(Value::as_str) else { continue };
            let mut value = described(flow);
            value["alias"] = alias.into();
            if flow.get("authenticationExecutions").is_some() {
                fold(tree, flow, &mut value, 0);
            }
            let id = flow.get("id").and_then(Value::as_str).map(str::to_owned);
            found.items.insert(vec![alias.to_owned()], Item { id, value });
        }
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        unfold(tree, &key[0], value, true);
    }

    /// The executions of a flow are all of them.
    fn whole(&self) -> &'static [&'static str] {
        &["executions", "order"]
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, _: &[String], id: &str) -> Result<Call> {
        let flows = cx.calls().flows();
        Ok(match operation {
            Operation::Create => flows.create(&Default::default()),
            Operation::Update => flows.update(id, &Default::default()),
            Operation::Delete => flows.delete(id),
        })
    }

    fn create<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, Option<String>> {
        Box::pin(async move {
            let provider = body.get("providerId").cloned().unwrap_or_else(|| "basic-flow".into());
            let new = json!({ "alias": key[0], "description": body.get("description"), "providerId": provider,
                "topLevel": true, "builtIn": false });
            let id = cx.write(self.call(cx, Operation::Create, key, "")?, &new).await?;
            sync(cx, &key[0], &body).await?;
            Ok(id)
        })
    }

    fn update<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value, old: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move {
            let of = |side: &Value| side.get("description").cloned().unwrap_or_default();
            if !same(&of(old), &of(&body)) {
                let id = cx.id(self.name(), key)?;
                let mut flow = cx.get(cx.calls().flows().get(&id)).await?;
                flow["description"] = of(&body);
                cx.write(self.call(cx, Operation::Update, key, &id)?, &flow).await?;
            }
            sync(cx, &key[0], &body).await
        })
    }
}

fn described(flow: &Value) -> Value {
    let fields = ["description", "providerId"];
    fields
        .iter()
        .filter_map(|field| Some(((*field).to_owned(), flow.get(*field)?.clone())))
        .collect::<Map<_, _>>()
        .into()
}

/// What an execution is called in its flow, given those before it.
pub(super) fn label(name: &str, before: &Map<String, Value>) -> String {
    let mut label = name.to_owned();
    let mut number = 1;
    while before.contains_key(&label) {
        number += 1;
        label = format!("{name} #{number}");
    }
    label
}

/// Puts a flow's executions into the tree, with all below them.
fn fold(tree: &Value, flow: &Value, into: &mut Value, depth: usize) {
    let of = |list: &str, alias: &str| {
        let mut list = tree.get(list).and_then(Value::as_array).into_iter().flatten();
        list.rfind(|entry| entry.get("alias").and_then(Value::as_str) == Some(alias)).cloned()
    };
    let mut steps: Vec<&Value> =
        flow.get("authenticationExecutions").and_then(Value::as_array).into_iter().flatten().collect();
    steps.sort_by_key(|step| step.get("priority").and_then(Value::as_i64).unwrap_or_default());
    let mut executions = Map::new();
    for step in steps {
        let text = |field: &str| step.get(field).and_then(Value::as_str);
        let mut node = json!({ "requirement": text("requirement").unwrap_or("DISABLED") });
        let name = match text("flowAlias") {
            Some(alias) => {
                let flow = of(LIST, alias).unwrap_or_default();
                if let (Value::Object(node), Value::Object(about)) = (&mut node, described(&flow)) {
                    node.extend(about);
                }
                node["flow"] = alias.into();
                // the provider of a form's flow stands in the execution
                if let Some(form) = text("authenticator") {
                    node["form"] = form.into();
                }
                if depth < DEPTH {
                    fold(tree, &flow, &mut node, depth + 1);
                }
                alias
            }
            None => {
                let Some(provider) = text("authenticator") else { continue };
                node["authenticator"] = provider.into();
                if let Some(config) = text("authenticatorConfig").and_then(|alias| of(CONFIGS, alias)) {
                    node["config"] = json!({ "alias": config.get("alias"), "config": config.get("config") });
                }
                provider
            }
        };
        executions.insert(label(name, &executions), node);
    }
    into["order"] = executions.keys().cloned().collect::<Vec<_>>().join(", ").into();
    into["executions"] = Value::Object(executions);
}

/// Writes a flow, its sub-flows and configurations into the lists of a file.
fn unfold(tree: &mut Value, alias: &str, value: &Value, top: bool) {
    let field = |field: &str| value.get(field).cloned().unwrap_or_default();
    let mut steps = Vec::new();
    let (mut below, mut configs) = (Vec::new(), Vec::new());
    for (at, node) in value.get("executions").and_then(Value::as_object).into_iter().flat_map(Map::values).enumerate() {
        let is_flow = node.get("flow").is_some();
        let mut step =
            json!({ "requirement": node["requirement"], "priority": (at + 1) * 10, "authenticatorFlow": is_flow });
        if let Some(alias) = node.get("flow").and_then(Value::as_str) {
            step["flowAlias"] = alias.into();
            if let Some(form) = node.get("form") {
                step["authenticator"] = form.clone();
            }
            below.push((alias.to_owned(), node.clone()));
        } else {
            step["authenticator"] = node["authenticator"].clone();
        }
        if let Some(config) = node.get("config") {
            step["authenticatorConfig"] = config["alias"].clone();
            configs.push(unmasked(config));
        }
        steps.push(step);
    }
    let mut flow = json!({ "alias": alias, "providerId": field("providerId"), "topLevel": top, "builtIn": false,
        "authenticationExecutions": steps });
    if !super::super::tree::empty(&field("description")) {
        flow["description"] = field("description");
    }
    push(at(tree, &[LIST]), flow);
    for config in configs {
        push(at(tree, &[CONFIGS]), config);
    }
    for (alias, node) in below {
        unfold(tree, &alias, &node, false);
    }
}

/// Adds an entry, unless one of its alias is there.
fn push(list: &mut Value, entry: Value) {
    if !list.is_array() {
        *list = json!([]);
    }
    if let Value::Array(list) = list
        && !list.iter().any(|other| other.get("alias") == entry.get("alias"))
    {
        list.push(entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_is_a_tree_and_lists_again() {
        let tree = json!({
            "authenticationFlows": [
                { "alias": "top", "providerId": "basic-flow", "topLevel": true, "builtIn": false, "authenticationExecutions": [
                    { "authenticatorFlow": true, "flowAlias": "sub", "requirement": "REQUIRED", "priority": 20 },
                    { "authenticatorFlow": false, "authenticator": "auth-cookie", "requirement": "ALTERNATIVE", "priority": 10,
                      "authenticatorConfig": "cfg" } ] },
                { "alias": "sub", "providerId": "basic-flow", "topLevel": false, "builtIn": false, "authenticationExecutions": [
                    { "authenticatorFlow": false, "authenticator": "x", "requirement": "REQUIRED", "priority": 10 },
                    { "authenticatorFlow": false, "authenticator": "x", "requirement": "DISABLED", "priority": 20 } ] },
            ],
            "authenticatorConfig": [{ "alias": "cfg", "config": { "a": "b" } }],
        });
        let mut found = Found::default();
        Flows.take(&tree, &mut found);
        assert_eq!(found.items.len(), 1);
        let value = &found.items[&vec!["top".to_owned()]].value;
        assert_eq!(value["order"], "auth-cookie, sub");
        assert_eq!(value["executions"]["sub"]["executions"]["x #2"]["requirement"], "DISABLED");
        assert_eq!(value["executions"]["auth-cookie"]["config"]["config"]["a"], "b");

        let mut again = json!({});
        Flows.put(&mut again, &["top".to_owned()], value);
        let mut refound = Found::default();
        Flows.take(&again, &mut refound);
        assert_eq!(&refound.items[&vec!["top".to_owned()]].value, value);
    }

    #[test]
    fn a_realm_is_created_with_built_in_flows_only_where_files_have_other_executions() {
        let flow = |alias: &str, id: &str, provider: &str, requirement: &str| {
            let execution = json!({ "authenticator": provider, "requirement": requirement, "priority": 10 });
            json!({ "id": id, "alias": alias, "providerId": "basic-flow", "topLevel": true,
                "authenticationExecutions": [execution] })
        };
        let (browser, clients) = (flow("browser", "1", "cookie", "REQUIRED"), flow("clients", "2", "jwt", "REQUIRED"));
        let new = json!({ LIST: [browser, clients] });
        let own = flow("own", "3", "otp", "REQUIRED");
        let disabled = json!({ LIST: [flow("browser", "4", "cookie", "DISABLED"), { "alias": "clients" }, own] });
        assert_eq!(at_creation(&disabled, &new), Map::new());

        let other = json!({ LIST: [flow("browser", "4", "password", "REQUIRED"), own] });
        let created = at_creation(&other, &new);
        let flows = created[LIST].as_array().unwrap();
        let aliases: Vec<_> = flows.iter().map(|flow| (&flow["alias"], flow.get("id"), &flow["builtIn"])).collect();
        assert_eq!(aliases, [(&json!("browser"), None, &json!(true)), (&json!("clients"), None, &json!(true))]);
        assert_eq!(flows[0]["authenticationExecutions"][0]["authenticator"], "password");
    }
}
