//! Which permissions apply, and how their decisions become one.

use cloakroom_policy::{Context, Error, Identity, Request};
use serde_json::{Value, json};

use crate::world::{
    NOW, alice, bob, by, decide, granted, model, on, on_type, read, resource, scoped, settings, with, yes_no,
};

fn plus(permissions: impl IntoIterator<Item = Value>) -> Vec<Value> {
    yes_no().into_iter().chain(permissions).collect()
}

#[test]
fn a_resource_permission_grants_every_scope() {
    let model = model(vec![resource("A", &["read", "write"])], plus([on("p", &["A"], &["yes"])]));
    assert_eq!(granted(&model, &alice(), &["A"]), ["A#read,write"]);
    assert_eq!(granted(&model, &alice(), &["A#write"]), ["A#write"]);
    assert!(granted(&model, &bob(), &["A"]).is_empty());
    assert!(decide(&model, &alice(), &["A"]).allows("id of A", "read"));
}

#[test]
fn a_scope_permission_grants_its_scopes_only() {
    let resources = vec![resource("A", &["read", "write"]), resource("B", &["read"])];
    let model = model(resources, plus([scoped("p", &["A"], &["read"], &["yes"])]));
    assert_eq!(granted(&model, &alice(), &["A"]), ["A#read"]);
    assert!(granted(&model, &alice(), &["A#write"]).is_empty());
    assert!(granted(&model, &alice(), &["B"]).is_empty());
}

#[test]
fn a_scope_permission_without_resources_covers_all_that_have_the_scope() {
    let resources = vec![resource("A", &["read"]), resource("B", &["read", "write"]), resource("C", &["write"])];
    let model = model(resources, plus([scoped("p", &[], &["read"], &["yes"])]));
    assert_eq!(granted(&model, &alice(), &[]), ["A#read", "B#read"]);
    assert_eq!(granted(&model, &alice(), &["#read"]), ["A#read", "B#read"]);
}

#[test]
fn a_scope_of_no_resource_can_be_granted_by_itself() {
    let policies = plus([scoped("p", &[], &["sing"], &["yes"])]);
    let model = read(with(settings(vec![], policies), json!({ "scopes": [{ "name": "sing" }] })));
    assert_eq!(granted(&model, &alice(), &["#sing"]), ["#sing"]);
    assert!(granted(&model, &bob(), &["#sing"]).is_empty());
}

#[test]
fn a_typed_permission_covers_the_resources_of_its_type() {
    let typed = |name: &str, kind: &str| with(resource(name, &["read"]), json!({ "type": kind }));
    let model = model(vec![typed("A", "t"), typed("B", "u")], plus([on_type("p", "t", &["yes"])]));
    assert_eq!(granted(&model, &alice(), &["resource-type:t"]), ["A#read"]);
    assert!(granted(&model, &alice(), &["B"]).is_empty());
}

#[test]
fn a_users_resource_inherits_scopes_and_permissions_of_its_type() {
    let shared = with(resource("All albums", &["view", "delete"]), json!({ "type": "album" }));
    let own = with(resource("Hers", &[]), json!({ "type": "album", "owner": { "name": "alice" } }));
    let policies = plus([scoped("view albums", &["All albums"], &["view"], &["yes"])]);
    let model = model(vec![shared, own], policies);
    assert_eq!(granted(&model, &alice(), &["Hers"]), ["Hers#view"]);
    assert_eq!(granted(&model, &alice(), &["resource-type-owner:album"]), ["Hers#view"]);
    assert_eq!(granted(&model, &alice(), &["resource-type-instance:album"]), ["Hers#view"]);
    assert_eq!(granted(&model, &alice(), &["resource-type-any:album"]).len(), 2);
}

#[test]
fn somebody_elses_resource_is_not_found_by_name() {
    let hers = with(resource("Diary", &["read"]), json!({ "owner": { "id": "id of alice" } }));
    let model = model(vec![hers], plus([on("p", &["Diary"], &["yes"])]));
    let ask = Request::new().permission("Diary");
    assert!(model.decide(&alice(), &Context::at(NOW), &ask).unwrap().is_granted());
    let refused = model.decide(&bob(), &Context::at(NOW), &ask).unwrap_err();
    assert_eq!(refused, Error::UnknownResource("Diary".into()));
}

#[test]
fn a_denied_resource_denies_what_a_scope_permission_grants() {
    let policies = plus([on("denies", &["A"], &["no"]), scoped("grants", &["A"], &["read"], &["yes"])]);
    let unanimous = settings(vec![resource("A", &["read"])], policies);
    let affirmative = with(unanimous.clone(), json!({ "decisionStrategy": "AFFIRMATIVE" }));
    assert!(granted(&read(unanimous), &alice(), &["A"]).is_empty());
    assert_eq!(granted(&read(affirmative), &alice(), &["A"]), ["A#read"]);
}

#[test]
fn a_permission_on_the_resource_goes_before_one_on_its_type() {
    let a = with(resource("A", &["read"]), json!({ "type": "t" }));
    let model = model(vec![a], plus([on_type("type", "t", &["no"]), on("own", &["A"], &["yes"])]));
    assert_eq!(granted(&model, &alice(), &["A"]), ["A#read"]);
}

#[test]
fn strategies_count_the_policies_of_a_permission() {
    for (strategy, policies, expected) in [
        ("UNANIMOUS", &["yes", "no"][..], false),
        ("AFFIRMATIVE", &["yes", "no"], true),
        ("CONSENSUS", &["yes", "no"], false),
        ("CONSENSUS", &["yes"], true),
        ("UNANIMOUS", &["yes", "yes"], true),
    ] {
        let model = model(vec![resource("A", &[])], plus([by(strategy, on("p", &["A"], policies))]));
        assert_eq!(decide(&model, &alice(), &["A"]).is_granted(), expected, "{strategy} {policies:?}");
    }
}

#[test]
fn a_permission_without_policies_grants_nothing() {
    for mode in ["ENFORCING", "PERMISSIVE"] {
        let settings = settings(vec![resource("A", &["read"])], plus([on("p", &["A"], &[])]));
        let model = read(with(settings, json!({ "policyEnforcementMode": mode })));
        assert!(decide(&model, &alice(), &["A"]).results().is_empty(), "{mode}");
    }
}

#[test]
fn a_permission_without_policies_closes_what_it_names_but_not_a_type() {
    let of_type = with(resource("A", &["read"]), json!({ "type": "t" }));
    let settings =
        settings(vec![of_type, resource("B", &["read"])], vec![on_type("p", "t", &[]), on("q", &["B"], &[])]);
    let model = read(with(settings, json!({ "policyEnforcementMode": "PERMISSIVE" })));
    assert_eq!(granted(&model, &alice(), &[]), ["A#read"]);
}

#[test]
fn what_its_owner_manages_is_not_open_when_the_mode_is_permissive() {
    let managed = with(resource("Hers", &[]), json!({ "owner": { "name": "alice" }, "ownerManagedAccess": true }));
    let settings = settings(vec![managed, resource("Open", &[])], vec![]);
    let model = read(with(settings, json!({ "policyEnforcementMode": "PERMISSIVE" })));
    assert_eq!(granted(&model, &alice(), &[]), ["Open"]);
}

#[test]
fn what_is_asked_for_is_resolved_or_refused() {
    let model = model(
        vec![with(resource("A", &["read"]), json!({ "uris": ["/a/*", "/all"] })), resource("B", &["write"])],
        plus([on("p", &["A", "B"], &["yes"])]),
    );
    let ask = |request: Request| model.decide(&alice(), &Context::at(NOW), &request);
    let is = |request: Request, error: Error| assert_eq!(ask(request).unwrap_err(), error);
    is(Request::new().permission("C"), Error::UnknownResource("C".into()));
    is(Request::new().permission("A#fly"), Error::UnknownScope("fly".into()));
    is(Request::new().permission("A#write"), Error::UnknownResource("A".into()));
    is(Request::new().uri("/a/1", false), Error::UnknownResource("/a/1".into()));
    for found in [
        Request::new().uri("/a/1#read", true),
        Request::new().uri("/all", false),
        Request::new().permission("id of A#read"),
        Request::new().resource("A", ["read", "fly"]),
    ] {
        assert!(ask(found).unwrap().allows("A", "read"));
    }
    let limited = ask(Request::new().permission("B").permission("A").limit(1)).unwrap();
    assert_eq!(limited.permissions()[0].rsname.as_deref(), Some("B"));
    let merged = ask(Request::new().permission("A#read").permission("A#read")).unwrap();
    assert_eq!(merged.permissions().len(), 1);
}

#[test]
fn a_decision_says_why() {
    let model = model(vec![resource("A", &["read"])], plus([by("AFFIRMATIVE", on("p", &["A"], &["yes", "no"]))]));
    let decision = decide(&model, &alice(), &["A"]);
    let [result] = decision.results() else { panic!("{decision:?}") };
    let said: Vec<_> =
        result.permissions[0].policies.iter().map(|p| (p.policy.name.as_deref(), json!(p.status))).collect();
    assert_eq!(said, [(Some("yes"), json!("PERMIT")), (Some("no"), json!("DENY"))]);
    assert_eq!((json!(result.status), json!(decision.status())), (json!("PERMIT"), json!("PERMIT")));
}

#[test]
fn nobody_in_particular_is_granted_nothing() {
    let model = model(vec![resource("A", &[]), resource("Bare", &[])], plus([on("p", &["A"], &["yes"])]));
    assert!(!decide(&model, &Identity::default(), &[]).is_granted());
}
