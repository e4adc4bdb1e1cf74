//! What each type of policy looks at.

use cloakroom_policy::{CLIENT_ID, Context, DATE_TIME, Identity, Model, Request, Roles};
use serde_json::{Value, json};

use crate::world::{NOW, alice, bob, by, holds, not, on, policy, resource, settings};

fn now() -> Context {
    Context::at(NOW)
}

fn claims(claims: Value) -> Identity {
    Identity::from_claims(claims.as_object().unwrap().clone())
}

#[test]
fn a_user_policy_names_users_by_name_or_id() {
    for (user, who, expected) in [
        ("alice", alice(), true),
        ("id of alice", alice(), true),
        ("alice", bob(), false),
        ("alice", claims(json!({ "sub": "x", "preferred_username": "alice" })), true),
    ] {
        assert_eq!(holds(policy("user", "p", json!({ "users": [user] })), &who, &now()), expected, "{user}");
    }
}

#[test]
fn a_username_that_looks_like_an_id_is_not_that_user() {
    let id = "9f0c6a3e-1b1f-4f9e-8a59-1f6a2b3c4d5e";
    let guard = || policy("user", "p", json!({ "users": [id] }));
    assert!(holds(guard(), &Identity::new(id), &now()));
    assert!(!holds(guard(), &Identity::new("another").username(id), &now()));
}

#[test]
fn a_role_policy_looks_at_realm_and_client_roles() {
    let role = |id: &str| policy("role", "p", json!({ "roles": [{ "id": id }] }));
    assert!(holds(role("staff"), &alice().realm_role("staff"), &now()));
    assert!(holds(role("shop/buyer"), &alice().client_role("shop", "buyer"), &now()));
    assert!(!holds(role("buyer"), &alice().client_role("shop", "buyer"), &now()));
    assert!(!holds(role("shop/buyer"), &alice().realm_role("shop/buyer"), &now()));
    let token = claims(json!({
        "sub": "x", "realm_access": { "roles": ["staff"] }, "resource_access": { "shop": { "roles": ["buyer"] } },
    }));
    assert!(holds(role("staff"), &token, &now()) && holds(role("shop/buyer"), &token, &now()));
}

#[test]
fn a_role_policy_that_fetches_looks_at_the_roles_of_now() {
    let guard = |fetch: &str| policy("role", "p", json!({ "roles": [{ "id": "staff" }], "fetchRoles": fetch }));
    let mut live = Roles::default();
    live.add_realm("staff");
    let gained = alice().live_roles(live);
    let lost = alice().realm_role("staff").live_roles(Roles::default());
    assert!(holds(guard("true"), &gained, &now()) && !holds(guard("false"), &gained, &now()));
    assert!(!holds(guard("true"), &lost, &now()) && holds(guard("false"), &lost, &now()));
}

#[test]
fn a_group_policy_covers_groups_below_if_it_says_so() {
    let guard =
        |extend: bool| policy("group", "p", json!({ "groups": [{ "path": "/top", "extendChildren": extend }] }));
    for (path, direct, below) in [("/top", true, true), ("/top/sub", false, true), ("/topping", false, false)] {
        assert_eq!(holds(guard(false), &alice().group(path), &now()), direct, "{path}");
        assert_eq!(holds(guard(true), &alice().group(path), &now()), below, "{path} below");
    }
}

#[test]
fn a_group_policy_believes_a_claim_before_memberships() {
    let guard = |extend: bool| {
        let groups = json!([{ "path": "/top", "extendChildren": extend }]);
        policy("group", "p", json!({ "groupsClaim": "groups", "groups": groups }))
    };
    let says = |groups: Value| claims(json!({ "sub": "x", "groups": groups }));
    assert!(holds(guard(false), &says(json!(["/top"])), &now()));
    assert!(holds(guard(false), &says(json!(["top"])), &now()), "a name without its path");
    assert!(!holds(guard(false), &says(json!(["/top/sub"])), &now()));
    assert!(holds(guard(true), &says(json!(["/top/sub"])), &now()));
    assert!(!holds(guard(true), &says(json!(["/other"])), &now()));
    assert!(holds(guard(true), &says(json!(["/top"])).groups(["/other"]), &now()), "as the token was issued with it");
    assert!(!holds(guard(true), &says(json!(["/other"])).groups(["/top"]), &now()));
    assert!(holds(guard(true), &says(json!([])).groups(["/top"]), &now()), "a claim without a value says nothing");
    assert!(!holds(guard(true), &says(json!(["/topmost"])), &now()));
}

#[test]
fn a_client_policy_looks_at_who_asks() {
    let guard = || policy("client", "p", json!({ "clients": ["app", "web"] }));
    assert!(holds(guard(), &alice().client("web"), &now()));
    assert!(!holds(guard(), &alice(), &now()));
    assert!(holds(guard(), &alice(), &now().attribute(CLIENT_ID, ["app"])));
}

#[test]
fn a_client_scope_policy_needs_its_required_scopes_and_any_other() {
    let guard = |scopes: Value| policy("client-scope", "p", json!({ "clientScopes": scopes }));
    let token = claims(json!({ "sub": "x", "scope": "openid email" }));
    assert!(holds(guard(json!([{ "id": "email" }, { "id": "phone" }])), &token, &now()));
    assert!(!holds(guard(json!([{ "id": "email" }, { "id": "phone", "required": true }])), &token, &now()));
    assert!(!holds(guard(json!([])), &token, &now()));
}

#[test]
fn a_time_policy_looks_at_local_time() {
    let hour = |first: &str, last: &str| policy("time", "p", json!({ "hour": first, "hourEnd": last }));
    assert!(holds(hour("22", "22"), &alice(), &now()));
    assert!(holds(hour("23", "23"), &alice(), &now().utc_offset(3600)));
    assert!(!holds(hour("22", "22"), &alice(), &now().utc_offset(3600)));
    assert!(!holds(hour("20", "6"), &alice(), &now()), "a range over midnight is empty");
    let minute = policy("time", "p", json!({ "minute": "13" }));
    assert!(holds(minute, &alice(), &now()), "a start alone is that one minute");
    assert!(holds(policy("time", "p", json!({ "hourEnd": "3" })), &alice(), &now()), "an end alone says nothing");
    for (field, value) in [("dayMonth", "14"), ("month", "11"), ("year", "2023")] {
        assert!(holds(policy("time", "p", json!({ field: value })), &alice(), &now()), "{field}");
        assert!(!holds(policy("time", "p", json!({ field: "1" })), &alice(), &now()), "not {field}");
    }
}

#[test]
fn a_time_policy_has_a_first_and_a_last_second() {
    let guard = || policy("time", "p", json!({ "nbf": "2023-11-14 22:13:20", "noa": "2023-11-14 22:13:21" }));
    for (second, expected) in [(-1, false), (0, true), (1, true), (2, false)] {
        assert_eq!(holds(guard(), &alice(), &Context::at(NOW + second)), expected, "{second}");
    }
    assert!(holds(policy("time", "p", json!({ "nbf": "2023-11-14", "noa": "" })), &alice(), &now()), "a date alone");
}

#[test]
fn a_time_that_is_none_permits_nothing() {
    let guard = || policy("time", "p", json!({ "year": "1900", "yearEnd": "2999" }));
    let nonsense = now().attribute(DATE_TIME, ["yesterday"]);
    assert!(!holds(guard(), &alice(), &nonsense) && !holds(not(guard()), &alice(), &nonsense));
    assert!(holds(guard(), &alice(), &now().attribute(DATE_TIME, ["2001-02-03 04:05:06"])));
}

#[test]
fn a_pattern_matches_the_first_value_as_a_whole() {
    let guard = |claim: &str, pattern: &str| policy("regex", "p", json!({ "targetClaim": claim, "pattern": pattern }));
    let token = claims(json!({
        "sub": "x", "email": "a@corp.test", "n": 7, "yes": true, "empty": "", "list": ["one", "two"],
        "address": { "country": "NL", "lines": ["first"] },
    }));
    for (claim, pattern, expected) in [
        ("email", ".*@corp.test", true),
        ("email", "corp", false),
        ("email", "a|b", false),
        ("n", "[0-9]", true),
        ("yes", "true", true),
        ("empty", ".*", false),
        ("missing", ".*", false),
        ("list", "one", true),
        ("list", "two", false),
        ("address.country", "NL", true),
        ("address.town", ".*", false),
        ("address.lines[0]", "first", true),
        (r"address\.country", ".*", false),
    ] {
        assert_eq!(holds(guard(claim, pattern), &token, &now()), expected, "{claim} {pattern}");
    }
}

#[test]
fn a_pattern_may_look_at_the_context_and_at_pushed_claims() {
    let mut guard = policy("regex", "p", json!({ "targetClaim": "organization", "pattern": "acme" }));
    guard["config"]["targetContextAttributes"] = json!("true");
    assert!(holds(guard.clone(), &alice(), &now().attribute("organization", ["acme"])));
    assert!(!holds(guard.clone(), &alice().claim("organization", "acme"), &now()));
    let settings = settings(vec![resource("R", &[])], vec![guard, on("perm", &["R"], &["p"])]);
    let model = Model::from_json(&settings.to_string()).unwrap();
    let request = Request::new().permission("R").claim("organization", ["acme"]);
    let decision = model.decide(&alice(), &now(), &request).unwrap();
    assert_eq!(json!(decision.permissions()[0].claims), json!({ "organization": ["acme"] }));
}

#[test]
fn digits_and_letters_of_patterns_are_ascii() {
    let guard = |pattern: &str| policy("regex", "p", json!({ "targetClaim": "c", "pattern": pattern }));
    assert!(holds(guard(r"\d+"), &alice().claim("c", "42"), &now()));
    assert!(!holds(guard(r"\d+"), &alice().claim("c", "٤٢"), &now()));
    assert!(holds(guard(r"\Qa.b\E"), &alice().claim("c", "a.b"), &now()));
}

#[test]
fn negative_logic_turns_a_policy_around() {
    let guard = not(policy("user", "p", json!({ "users": ["alice"] })));
    assert!(!holds(guard.clone(), &alice(), &now()) && holds(guard, &bob(), &now()));
}

#[test]
fn an_aggregate_of_nothing_holds_for_nobody() {
    for strategy in ["UNANIMOUS", "AFFIRMATIVE", "CONSENSUS"] {
        assert!(!holds(by(strategy, policy("aggregate", "p", json!({ "applyPolicies": [] }))), &alice(), &now()));
    }
}

#[test]
fn what_cannot_be_decided_denies_negated_or_not() {
    let js = || policy("js", "p", json!({ "code": "$evaluation.grant();" }));
    let look_ahead = || policy("regex", "p", json!({ "targetClaim": "sub", "pattern": "(?=x).*" }));
    let unknown = || policy("moon-phase", "p", json!({}));
    for guard in [js(), look_ahead(), unknown()] {
        assert!(!holds(guard.clone(), &alice(), &now()), "{guard}");
        assert!(!holds(not(guard.clone()), &alice(), &now()), "not {guard}");
        let around = not(policy("aggregate", "around", json!({ "applyPolicies": ["p"] })));
        let settings = settings(vec![resource("R", &[])], vec![guard, around, on("perm", &["R"], &["around"])]);
        let model = Model::from_json(&settings.to_string()).unwrap();
        assert_eq!(model.undecidable().map(|(name, _)| name).collect::<Vec<_>>(), ["p"]);
        let decision = model.decide(&alice(), &now(), &Request::new().permission("R")).unwrap();
        assert!(!decision.is_granted() && decision.results()[0].permissions[0].policies[0].undecided);
    }
}
