//! Two answers in one shape: what was decided on each resource, by which permissions, and what is granted.

use cloakroom_policy::Decision;
use serde_json::{Map, Value, json};

pub(crate) fn ours(decision: &Decision<'_>) -> Value {
    let response = serde_json::to_value(decision.to_response()).unwrap();
    shape(&response, &serde_json::to_value(decision.permissions()).unwrap())
}

pub(crate) fn theirs(response: &Value) -> Value {
    shape(response, &response["rpt"]["authorization"]["permissions"])
}

fn shape(response: &Value, permissions: &Value) -> Value {
    let mut results = Map::new();
    for result in list(&response["results"]) {
        let name = result["resource"]["name"].as_str().unwrap().split(" with scopes").next().unwrap().to_owned();
        let mut said = Map::new();
        for permission in list(&result["policies"]) {
            let policies = list(&permission["associatedPolicies"]).iter();
            let policies: Map<String, Value> =
                policies.map(|p| (text(&p["policy"]["name"]), p["status"].clone())).collect();
            said.insert(text(&permission["policy"]["name"]), json!([permission["status"], policies]));
        }
        let one = json!({
            "status": result["status"], "scopes": names(&result["scopes"]),
            "allowed": names(&result["allowedScopes"]), "permissions": said,
        });
        results.insert(name, one);
    }
    let mut granted: Vec<Value> =
        list(permissions).iter().map(|p| json!([p["rsname"], sorted(&p["scopes"]), p["claims"]])).collect();
    granted.sort_by_key(Value::to_string);
    let mut whole = json!({ "status": response["status"], "results": results, "granted": granted });
    whole.sort_all_objects();
    whole
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn names(scopes: &Value) -> Vec<String> {
    let mut names: Vec<String> = list(scopes).iter().map(|scope| text(&scope["name"])).collect();
    names.sort();
    names
}

fn sorted(values: &Value) -> Vec<String> {
    let mut values: Vec<String> = list(values).iter().map(text).collect();
    values.sort();
    values
}
