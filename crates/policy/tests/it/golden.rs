//! What a real Keycloak 26.7.4 answered to evaluations. The recordings hold the answers; the settings that they were given
//! stand here.

use std::path::PathBuf;

use cloakroom_policy::api::admin::authz::{DecisionEffect, PolicyEvaluationRequest, PolicyEvaluationResponse};
use cloakroom_policy::{Context, Identity, Model, Request};
use serde_json::{Map, Value, json};

use crate::world::{
    NOW, alice, bob, by, model, not, on, on_type, policy, read, resource, scoped, settings, with, yes_no,
};

/// The steps of a scenario; `None` without the recordings, which fails where `CI` is set.
pub(crate) fn recording(area: &str, scenario: &str) -> Option<Vec<Value>> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden");
    let folder = std::env::var_os("CLOAKROOM_GOLDEN").map_or(beside, PathBuf::from);
    let file = folder.join("expected").join(format!("{area}__{scenario}.json"));
    let Ok(text) = std::fs::read_to_string(&file) else {
        assert!(std::env::var_os("CI").is_none(), "{} is not there", file.display());
        eprintln!(
            "NOT TESTED: {area}/{scenario} was not compared. Set CLOAKROOM_GOLDEN to the folder of the recordings."
        );
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

/// The answers of one scenario's evaluations, in order.
fn recorded(scenario: &str) -> Option<Vec<Value>> {
    let evaluated = |step: &Value| step["step"].as_str().is_some_and(|at| at.ends_with("/policy/evaluate"));
    let steps = recording("evaluate", scenario)?.into_iter();
    Some(steps.filter(evaluated).map(|step| step["body"].clone()).collect())
}

/// An answer as the recordings shorten it.
fn brief(response: &PolicyEvaluationResponse) -> Value {
    let names = |scopes: &Option<Vec<cloakroom_policy::api::admin::authz::Scope>>| {
        let mut names: Vec<&str> = scopes.iter().flatten().filter_map(|scope| scope.name.as_deref()).collect();
        names.sort_unstable();
        json!(names)
    };
    let mut results = Map::new();
    for result in response.results.iter().flatten() {
        let name = result.resource.as_ref().unwrap().name.as_deref().unwrap();
        let mut permissions = Map::new();
        for permission in result.policies.iter().flatten() {
            let policies = permission.associated_policies.iter().flatten();
            let policies: Map<String, Value> = policies.map(|p| (name_of(p), json!(p.status))).collect();
            permissions.insert(name_of(permission), json!([policies, permission.status]));
        }
        let one = json!({ "status": result.status, "scopes": names(&result.scopes), "allowed": names(&result.allowed_scopes), "permissions": permissions });
        results.insert(name.split(" with scopes").next().unwrap().to_owned(), one);
    }
    json!({ "status": response.status, "entitlements": response.entitlements, "results": results })
}

fn name_of(result: &cloakroom_policy::api::admin::authz::PolicyResult) -> String {
    result.policy.as_ref().unwrap().name.clone().unwrap()
}

fn evaluate(model: &Model, identity: &Identity, resources: Value) -> PolicyEvaluationResponse {
    evaluate_at(model, identity, &Context::at(NOW), json!({ "resources": resources }))
}

fn evaluate_at(model: &Model, identity: &Identity, context: &Context, request: Value) -> PolicyEvaluationResponse {
    let request: PolicyEvaluationRequest = serde_json::from_value(request).unwrap();
    model.decide(identity, context, &Request::from(&request)).unwrap().to_response()
}

fn names(names: &[&str]) -> Value {
    names.iter().map(|name| json!({ "name": name })).collect()
}

fn same(scenario: &str, ours: &[PolicyEvaluationResponse]) {
    let Some(recorded) = recorded(scenario) else { return };
    assert_eq!(ours.len(), recorded.len(), "evaluations in {scenario}");
    for (at, (ours, recorded)) in ours.iter().zip(recorded).enumerate() {
        assert_eq!(brief(ours), recorded, "evaluation {at} of {scenario}");
    }
}

/// Each policy guards a resource of its own.
fn guarded(policies: Vec<Value>) -> (Model, Value) {
    let names: Vec<String> = policies.iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect();
    guarded_only(policies, &names.iter().map(String::as_str).collect::<Vec<_>>())
}

fn guarded_only(mut policies: Vec<Value>, guards: &[&str]) -> (Model, Value) {
    let mut resources = Vec::new();
    for guard in guards {
        resources.push(resource(&format!("R {guard}"), &[]));
        policies.push(on(&format!("perm {guard}"), &[&format!("R {guard}")], &[guard]));
    }
    let asked = guards.iter().map(|guard| json!({ "name": format!("R {guard}") })).collect();
    (model(resources, policies), asked)
}

#[test]
fn users_and_roles_decide_as_recorded() {
    let role = |name: &str, roles: Value| policy("role", name, json!({ "roles": roles }));
    let (model, all) = guarded(vec![
        policy("user", "user", json!({ "users": ["alice"] })),
        role("staff", json!([{ "id": "staff" }])),
        role("either", json!([{ "id": "staff" }, { "id": "boss" }])),
        role("both", json!([{ "id": "staff", "required": true }, { "id": "boss", "required": true }])),
        role("needs boss", json!([{ "id": "staff" }, { "id": "boss", "required": true }])),
        not(role("not staff", json!([{ "id": "staff" }]))),
    ]);
    let staff = alice().realm_role("staff");
    let carol = Identity::new("id of carol").username("carol").realm_role("staff");
    let two = names(&["R user", "R staff"]);
    let others = names(&["R staff", "R not staff"]);
    same(
        "user-and-role",
        &[
            evaluate(&model, &staff, all.clone()),
            evaluate(&model, &bob(), all.clone()),
            evaluate(&model, &staff.clone().realm_role("boss"), all.clone()),
            evaluate(&model, &staff.realm_role("boss"), all),
            evaluate(&model, &bob(), two),
            evaluate(&model, &carol, others.clone()),
            evaluate(&model, &carol, others),
        ],
    );
}

#[test]
fn groups_decide_as_recorded() {
    let group = |name: &str, path: &str, extend: bool| {
        policy("group", name, json!({ "groups": [{ "path": path, "extendChildren": extend }] }))
    };
    let (model, all) = guarded(vec![
        group("top only", "/top", false),
        group("top and below", "/top", true),
        group("sub", "/top/sub", false),
        not(group("not sub", "/top/sub", false)),
    ]);
    let carol = Identity::new("id of carol").groups(Vec::<String>::new());
    same(
        "groups",
        &[
            evaluate(&model, &alice().group("/top"), all.clone()),
            evaluate(&model, &bob().group("/top/sub"), all.clone()),
            evaluate(&model, &carol, all),
        ],
    );
}

#[test]
fn clients_and_client_scopes_decide_as_recorded() {
    let (model, all) = guarded(vec![
        policy("client", "app only", json!({ "clients": ["app"] })),
        not(policy("client", "not app", json!({ "clients": ["app"] }))),
        policy("client-scope", "email scope", json!({ "clientScopes": [{ "id": "email" }] })),
        policy("client-scope", "special scope", json!({ "clientScopes": [{ "id": "special", "required": true }] })),
    ]);
    let with = |client: &str| alice().client(client).client_scope("email").client_scope("profile");
    let answers = ["app", "other", "rs"].map(|client| evaluate(&model, &with(client), all.clone()));
    same("client-and-client-scope", &answers);
}

#[test]
fn times_decide_as_recorded() {
    let time = |name: &str, config: Value| policy("time", name, config);
    let (model, all) = guarded(vec![
        time("from long ago", json!({ "nbf": "2000-01-01 00:00:00" })),
        time("not yet", json!({ "nbf": "2999-01-01 00:00:00" })),
        time("over", json!({ "noa": "2000-01-01 00:00:00" })),
        time("not over", json!({ "noa": "2999-01-01 00:00:00" })),
        time("this century", json!({ "year": "2000", "yearEnd": "2099" })),
        time("last century", json!({ "year": "1900", "yearEnd": "1999" })),
        time("any month", json!({ "month": "1", "monthEnd": "12" })),
        time("any day", json!({ "dayMonth": "1", "dayMonthEnd": "31" })),
        time("any hour", json!({ "hour": "0", "hourEnd": "23" })),
        time("any minute", json!({ "minute": "0", "minuteEnd": "59" })),
    ]);
    let long_ago = json!({
        "resources": names(&["R from long ago", "R not yet"]),
        "context": { "attributes": { "kc.time.date_time": "1999-01-01 10:00:00" } },
    });
    let now = Context::at(NOW);
    same("time", &[evaluate(&model, &alice(), all), evaluate_at(&model, &alice(), &now, long_ago)]);
}

#[test]
fn patterns_decide_as_recorded() {
    let regex = |name: &str, claim: &str, pattern: &str| {
        policy("regex", name, json!({ "targetClaim": claim, "pattern": pattern }))
    };
    let (model, all) = guarded(vec![
        regex("corp", "email", r"^.+@corp\.test$"),
        regex("part", "email", "corp"),
        regex("no claim", "shoe_size", ".*"),
        not(regex("username", "preferred_username", "al.*")),
    ]);
    let alice = alice().claim("email", "alice@corp.test");
    let bob = bob().claim("email", "bob@other.test");
    same("regex", &[evaluate(&model, &alice, all.clone()), evaluate(&model, &bob, all)]);
}

#[test]
fn aggregates_decide_as_recorded() {
    let mut policies = yes_no();
    policies.push(policy("user", "also yes", json!({ "users": ["alice"] })));
    let mut guards = Vec::new();
    for strategy in ["UNANIMOUS", "AFFIRMATIVE", "CONSENSUS"] {
        for (label, parts) in [
            ("2 of 2", vec!["yes", "also yes"]),
            ("1 of 2", vec!["yes", "no"]),
            ("2 of 3", vec!["yes", "also yes", "no"]),
        ] {
            let name = format!("{strategy} {label}");
            policies.push(by(strategy, policy("aggregate", &name, json!({ "applyPolicies": parts }))));
            guards.push(name);
        }
    }
    policies.push(not(policy("aggregate", "negated", json!({ "applyPolicies": ["no"] }))));
    guards.push("negated".to_owned());
    let (model, all) = guarded_only(policies, &guards.iter().map(String::as_str).collect::<Vec<_>>());
    same("aggregate", &[evaluate(&model, &alice(), all)]);
}

#[test]
fn the_strategies_of_permissions_decide_as_recorded() {
    let mut policies = yes_no();
    policies.push(policy("user", "also yes", json!({ "users": ["alice"] })));
    let (mut resources, mut asked) = (Vec::new(), Vec::new());
    for strategy in ["UNANIMOUS", "AFFIRMATIVE", "CONSENSUS"] {
        for (label, parts) in [
            ("1 of 1", &["yes"][..]),
            ("1 of 2", &["yes", "no"]),
            ("2 of 3", &["yes", "also yes", "no"]),
            ("0 of 1", &["no"]),
            ("none", &[]),
        ] {
            let name = format!("{strategy} {label}");
            resources.push(resource(&name, &[]));
            policies.push(by(strategy, on(&format!("perm {name}"), &[&name], parts)));
            asked.push(json!({ "name": name }));
        }
    }
    let model = model(resources, policies);
    let answers: Vec<_> = asked.chunks(5).map(|some| evaluate(&model, &alice(), json!(some))).collect();
    same("permission-strategies", &answers);
}

#[test]
fn the_server_s_strategy_decides_as_recorded() {
    let mut policies = yes_no();
    policies.extend([on("grants", &["A"], &["yes"]), on("denies", &["A"], &["no"])]);
    let unanimous = settings(vec![resource("A", &["read"])], policies);
    let affirmative = read(with(unanimous.clone(), json!({ "decisionStrategy": "AFFIRMATIVE" })));
    let a = names(&["A"]);
    same(
        "server-strategy",
        &[
            evaluate(&read(unanimous), &alice(), a.clone()),
            evaluate(&affirmative, &alice(), a.clone()),
            evaluate(&affirmative, &bob(), a),
        ],
    );
}

#[test]
fn enforcement_modes_decide_as_recorded() {
    let mut policies = yes_no();
    policies.push(on("perm", &["Guarded"], &["yes"]));
    let settings = settings(vec![resource("Guarded", &["read"]), resource("Bare", &["read"])], policies);
    let mut answers = Vec::new();
    for mode in ["ENFORCING", "PERMISSIVE", "DISABLED"] {
        let model = read(with(settings.clone(), json!({ "policyEnforcementMode": mode })));
        for who in [alice(), bob()] {
            answers.push(evaluate(&model, &who, names(&["Guarded", "Bare"])));
        }
    }
    same("enforcement-mode", &answers);
}

#[test]
fn scopes_and_types_decide_as_recorded() {
    let kinds = [("A", "t"), ("B", "t"), ("C", "u")];
    let three = |(name, kind): (&str, &str)| with(resource(name, &["read", "write", "drop"]), json!({ "type": kind }));
    let resources: Vec<Value> = kinds.map(three).into();
    let mut policies = yes_no();
    policies.extend([
        scoped("read anything", &[], &["read"], &["yes"]),
        scoped("write A", &["A"], &["write"], &["yes"]),
        scoped("no drop", &[], &["drop"], &["no"]),
    ]);
    let first = model(resources.clone(), policies.clone());
    policies.push(on_type("all t", "t", &["yes"]));
    let second = model(resources.clone(), policies.clone());
    policies.push(on("only A denied", &["A"], &["no"]));
    let third = model(resources, policies);
    let of_a = |scopes: &[&str]| json!([{ "name": "A", "scopes": names(scopes) }]);
    same(
        "scopes-and-types",
        &[
            evaluate(&first, &alice(), names(&["A", "B", "C"])),
            evaluate(&second, &alice(), names(&["A", "B", "C"])),
            evaluate(&second, &alice(), of_a(&["write"])),
            evaluate(&second, &alice(), of_a(&["read", "drop"])),
            evaluate(&second, &alice(), json!([{ "scopes": names(&["read"]) }])),
            evaluate(&second, &alice(), json!([{ "type": "u" }])),
            evaluate(&second, &alice(), json!([{ "_id": "id of C" }])),
            evaluate(&second, &alice(), of_a(&["unknown"])),
            evaluate(&third, &alice(), names(&["A", "B"])),
            evaluate(&third, &alice(), json!([])),
        ],
    );
}

#[test]
fn entitlements_are_granted_as_recorded() {
    let mut policies = yes_no();
    policies.extend([on("perm A", &["A"], &["yes"]), on("perm B", &["B"], &["no"])]);
    let model = model(vec![resource("A", &["read"]), resource("B", &["read"])], policies);
    let Some(recorded) = recorded("entitlements") else { return };
    for (at, who) in [(0, alice()), (1, bob()), (3, alice())] {
        assert_eq!(brief(&evaluate(&model, &who, json!([]))), recorded[at], "{at}");
    }
    let decision = model.decide(&alice(), &Context::at(NOW), &Request::new()).unwrap();
    let mut granted = json!(decision.permissions());
    granted[0]["rsid"] = json!("<id:2>");
    assert_eq!(json!({ "permissions": granted }), recorded[2]);
}

#[test]
fn a_whole_answer_is_shaped_as_recorded() {
    let mut policies = yes_no();
    policies.push(with(scoped("perm", &["A"], &["read"], &["yes"]), json!({ "id": "<id:3>" })));
    policies[0]["id"] = json!("<id:2>");
    let a = json!({ "_id": "<id:4>", "name": "A", "type": "t", "uris": ["/a"], "scopes": [{ "name": "read" }] });
    let settings = with(settings(vec![a], policies), json!({ "scopes": [{ "id": "<id:1>", "name": "read" }] }));
    let model = read(settings);
    let Some(recorded) = recorded("full-answer") else { return };
    for (at, resources) in [names(&["A"]), json!([])].into_iter().enumerate() {
        let mut ours = serde_json::to_value(evaluate(&model, &alice(), resources)).unwrap();
        ours.sort_all_objects();
        assert_eq!(ours, recorded[at]);
    }
}

#[test]
fn what_is_unknown_is_passed_over_as_recorded() {
    let model = model(vec![resource("A", &[])], vec![]);
    let Some(recorded) = recorded("errors") else { return };
    let answer = evaluate(&model, &alice(), names(&["Unknown"]));
    assert_eq!((brief(&answer), answer.status), (recorded[1].clone(), Some(DecisionEffect::Permit)));
}
