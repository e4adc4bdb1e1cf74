//! Reading exported settings: nothing is lost, and what is wrong is named.

use cloakroom_policy::Model;
use serde_json::{Value, json};

use crate::world::{on, policy, read, resource, settings, with, yes_no};

fn refused(settings: &Value) -> String {
    Model::from_json(&settings.to_string()).unwrap_err().to_string()
}

#[test]
fn nothing_is_lost() {
    let album = with(
        resource("Album", &["view"]),
        json!({ "displayName": "d", "icon_uri": "i", "attributes": { "k": ["v"] }, "owner": { "id": "o", "name": "alice" },
                "ownerManagedAccess": true, "uris": ["/a"], "type": "t" }),
    );
    let mut policies = yes_no();
    policies.push(with(on("p", &["Album"], &["yes"]), json!({ "description": "why", "logic": "POSITIVE" })));
    let whole = with(
        settings(vec![album], policies),
        json!({ "allowRemoteResourceManagement": true, "policyEnforcementMode": "PERMISSIVE",
                "decisionStrategy": "AFFIRMATIVE", "scopes": [{ "name": "view", "displayName": "View" }] }),
    );
    assert_eq!(serde_json::to_value(read(whole.clone()).settings()).unwrap().sorted(), whole.sorted());
    for small in [json!({}), json!({ "resources": [], "policies": [], "scopes": [] }), json!({ "clientId": "x" })] {
        assert_eq!(serde_json::to_value(read(small.clone()).settings()).unwrap(), small);
    }
}

#[test]
fn what_is_wrong_with_a_policy_is_said_with_its_name() {
    for (guard, problem) in [
        (policy("role", "p", json!({ "roles": "[" })), "roles: EOF while parsing"),
        (policy("user", "p", json!({ "users": { "a": 1 } })), "users: invalid type"),
        (policy("group", "p", json!({ "groups": [{}] })), "groups: an entry has no path"),
        (policy("time", "p", json!({ "nbf": "soon" })), "nbf: \"soon\" is no date and time"),
        (policy("time", "p", json!({ "hour": "noon" })), "hour: \"noon\" is no number"),
        (policy("regex", "p", json!({ "targetClaim": "c" })), "pattern is missing"),
        (policy("aggregate", "p", json!({ "applyPolicies": ["gone"] })), "there is no policy \"gone\""),
        (policy("aggregate", "p", json!({ "applyPolicies": ["p"] })), "it contains itself"),
        (on("p", &["gone"], &[]), "there is no resource \"gone\""),
        (policy("scope", "p", json!({ "scopes": ["gone"] })), "there is no scope \"gone\""),
        (json!({ "name": "p" }), "it has no type"),
    ] {
        let said = refused(&settings(vec![], vec![guard]));
        assert!(said.starts_with(&format!("policy \"p\": {problem}")), "{said}");
    }
    let twice = settings(vec![], vec![yes_no()[0].clone(), yes_no()[0].clone()]);
    assert_eq!(refused(&twice), "policy \"yes\": there are two of this name");
}

#[test]
fn what_is_wrong_with_a_resource_is_said_with_its_name() {
    let a = resource("A", &[]);
    assert_eq!(refused(&settings(vec![a.clone(), a], vec![])), "resource \"A\": its owner has two of this name");
    let odd = with(resource("A", &[]), json!({ "owner": 7 }));
    assert_eq!(refused(&settings(vec![odd], vec![])), "resource \"A\": its owner is neither text nor an object");
    assert!(refused(&json!([])).starts_with("not the settings of a resource server: "));
}

#[test]
fn ids_are_understood_where_exports_write_names() {
    let named = with(policy("user", "yes", json!({ "users": ["alice"] })), json!({ "id": "1" }));
    let model = settings(vec![resource("A", &[])], vec![named, on("p", &["id of A"], &["1"])]);
    assert!(crate::world::decide(&read(model), &crate::world::alice(), &["A"]).is_granted());
}

/// Objects by name, so that only what they hold is compared.
trait Sorted {
    fn sorted(self) -> Value;
}

impl Sorted for Value {
    fn sorted(mut self) -> Value {
        self.sort_all_objects();
        self
    }
}
