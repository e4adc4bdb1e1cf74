//! What a real Keycloak 26.7.4 granted to requests for permissions (the grant `uma-ticket`).

use cloakroom_policy::{Context, Error, Identity, Model, Request, Ticket};
use serde_json::{Value, json};

use crate::golden::recording;
use crate::world::{NOW, alice, bob, on, policy, read, resource, scoped, settings, with};

/// An answer in short: the error, or what is granted by name.
fn brief(permissions: &Value, error: &Value) -> Value {
    let Some(permissions) = permissions.as_array() else { return error.clone() };
    let mut granted: Vec<Value> = permissions
        .iter()
        .map(|permission| {
            let mut scopes: Vec<&str> =
                permission["scopes"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            scopes.sort_unstable();
            json!([permission["rsname"], scopes, permission["claims"]])
        })
        .collect();
    granted.sort_by_key(Value::to_string);
    json!(granted)
}

fn ours(model: &Model, who: &Identity, request: Request) -> Value {
    match model.decide(who, &Context::at(NOW), &request) {
        Err(Error::UnknownResource(_)) => json!("invalid_resource"),
        Err(Error::UnknownScope(_)) => json!("invalid_scope"),
        Err(other) => panic!("{other}"),
        Ok(decision) if !decision.is_granted() => json!("access_denied"),
        Ok(decision) => brief(&json!(decision.permissions()), &Value::Null),
    }
}

/// Holds answers against those recorded for the first steps of a scenario.
fn same(scenario: &str, ours: Vec<Value>) {
    let Some(steps) = recording("uma", scenario) else { return };
    assert!(steps.len() >= ours.len(), "steps of {scenario}");
    for (at, (ours, step)) in ours.into_iter().zip(steps).enumerate() {
        let body = &step["body"];
        let permissions = if body.is_array() { body } else { &body["permissions"] };
        assert_eq!(ours, brief(permissions, &body["error"]), "step {at} of {scenario}");
    }
}

fn only(name: &str, users: &[&str]) -> Value {
    policy("user", name, json!({ "users": users }))
}

fn all(permissions: &[&str]) -> Request {
    permissions.iter().fold(Request::new(), |request, permission| request.permission(permission))
}

#[test]
fn permissions_in_their_forms_are_granted_as_recorded() {
    let resources = vec![resource("A", &["read", "write"]), resource("B", &["read"]), resource("C", &["drop"])];
    let policies = vec![
        only("for A", &["alice"]),
        only("for all", &["alice", "bob"]),
        on("perm A", &["A"], &["for A"]),
        scoped("read all", &[], &["read"], &["for all"]),
    ];
    let model = read(settings(resources, policies));
    let forms = [
        &[][..],
        &["A"],
        &["id of A"],
        &["A#read"],
        &["A#read,write"],
        &["#read"],
        &["A#unknown"],
        &["unknown"],
        &["unknown#read"],
        &["C"],
        &["#drop"],
        &["B#write"],
        &["#unknown"],
        &["A#"],
        &["A#read", "B"],
        &["A#write", "C"],
    ];
    let mut answers: Vec<Value> = forms.iter().map(|form| ours(&model, &alice(), all(form))).collect();
    for form in [&[][..], &["A"], &["A#write"], &["A#read", "A#write"]] {
        answers.push(ours(&model, &bob(), all(form)));
    }
    same("grant-permissions", answers);
}

#[test]
fn permissions_by_uri_are_granted_as_recorded() {
    let one = with(resource("One", &["read"]), json!({ "uris": ["/albums/1"] }));
    let many = with(resource("All", &["read", "write"]), json!({ "uris": ["/albums/*", "/all"] }));
    let model =
        read(settings(vec![one, many], vec![only("alice", &["alice"]), on("perm", &["One", "All"], &["alice"])]));
    let asked = [
        ("/albums/1", false),
        ("/albums/1#read", false),
        ("/all#write", false),
        ("/albums/7", false),
        ("/albums/7", true),
        ("/albums/1", true),
        ("/none", true),
        ("/all#unknown", false),
        ("#read", false),
        ("/albums/7#write", true),
    ];
    let mut answers: Vec<Value> =
        asked.into_iter().map(|(uri, matching)| ours(&model, &alice(), Request::new().uri(uri, matching))).collect();
    answers.extend([(); 2].map(|()| ours(&model, &alice(), all(&["/albums/1"]))));
    same("grant-uri", answers);
}

#[test]
fn enforcement_modes_grant_as_recorded() {
    let resources = vec![resource("Guarded", &["read"]), resource("Bare", &["read"])];
    let settings = settings(resources, vec![only("alice", &["alice"]), on("perm", &["Guarded"], &["alice"])]);
    let mut answers = Vec::new();
    for mode in ["ENFORCING", "PERMISSIVE", "DISABLED"] {
        let model = read(with(settings.clone(), json!({ "policyEnforcementMode": mode })));
        for who in [alice(), bob()] {
            for form in [&[][..], &["Guarded#read"], &["Bare"]] {
                answers.push(ours(&model, &who, all(form)));
            }
        }
    }
    same("grant-enforcement", answers);
}

#[test]
fn pushed_claims_grant_as_recorded() {
    let mut acme = policy("regex", "acme", json!({ "targetClaim": "organization", "pattern": "acme" }));
    acme["config"]["targetContextAttributes"] = json!("true");
    let model = read(settings(vec![resource("A", &["read"])], vec![acme, on("perm", &["A"], &["acme"])]));
    let with = |organization: &str| all(&["A"]).claim("organization", [organization]);
    let answers = [all(&["A"]), with("acme"), with("other")].map(|request| ours(&model, &alice(), request));
    same("grant-claims", answers.into());
}

#[test]
fn limits_grant_as_recorded() {
    let resources = ["A", "B", "C"].map(|name| resource(name, &["read", "write"]));
    let model =
        read(settings(resources.into(), vec![only("alice", &["alice"]), on("perm", &["A", "B", "C"], &["alice"])]));
    let Some(steps) = recording("uma", "grant-response-modes") else { return };
    assert_eq!(ours(&model, &alice(), Request::new()), brief(&steps[4]["body"], &Value::Null));
    assert_eq!(ours(&model, &alice(), all(&["B#write"])), brief(&steps[5]["body"], &Value::Null));
    assert_eq!(ours(&model, &alice(), all(&["C", "B", "A"]).limit(1)), brief(&steps[8]["body"], &Value::Null));
}

#[test]
fn what_an_owner_approved_is_granted_as_recorded() {
    let owned = json!({ "owner": { "id": "id of alice" }, "ownerManagedAccess": true });
    let model = read(settings(vec![with(resource("Hers", &["read", "write"]), owned)], vec![]));
    let ticket = || Ticket {
        resource: "id of Hers".to_owned(),
        scope: Some("read".to_owned()),
        requester: "id of bob".to_owned(),
    };
    let Some(steps) = recording("uma", "request-and-approve") else { return };
    let recorded = |at: usize| brief(&steps[at]["body"]["permissions"], &steps[at]["body"]["error"]);
    for (at, who, asked) in [
        (10, bob(), "id of Hers#read"),
        (11, bob(), "id of Hers#write"),
        (12, bob(), "Hers#read"),
        (13, alice(), "Hers#read"),
        (14, alice(), "id of Hers"),
    ] {
        assert_eq!(ours(&model, &who, all(&[asked]).ticket(ticket())), recorded(at), "step {at}");
    }
    assert_eq!(ours(&model, &bob(), all(&["id of Hers#read"])), recorded(18), "the ticket was deleted");
}

#[test]
fn settings_are_read_whole_as_recorded() {
    for (scenario, at) in [("export", 0), ("import", 6)] {
        let Some(recorded) = recording("authz", scenario) else { return };
        let mut exported = recorded[at]["body"].clone();
        assert!(exported["policies"].as_array().is_some_and(|policies| policies.len() > 5), "{scenario} {at}");
        for policy in exported["policies"].as_array_mut().into_iter().flatten() {
            for value in policy["config"].as_object_mut().into_iter().flat_map(|config| config.values_mut()) {
                // recordings take the JSON out of the text
                if let Some(list) = value.get("json").cloned() {
                    *value = Value::String(list.to_string());
                }
            }
        }
        let mut again = serde_json::to_value(read(exported.clone()).settings()).unwrap();
        again.sort_all_objects();
        exported.sort_all_objects();
        assert_eq!(again, exported, "{scenario} {at}");
    }
}
