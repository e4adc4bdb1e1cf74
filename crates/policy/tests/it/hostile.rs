//! Settings that are large, deep or circular: an answer or an error, soon, and never a panic.

use std::time::{Duration, Instant};

use cloakroom_policy::{Context, Model, Request};
use serde_json::{Value, json};

use crate::world::{NOW, alice, decide, holds, model, on, policy, resource, scoped, settings};

/// Far above what it takes, also on a slow machine; a quadratic walk takes minutes.
const SOON: Duration = Duration::from_secs(20);

#[test]
fn circles_of_aggregates_are_refused() {
    let aggregate = |name: &str, of: &str| policy("aggregate", name, json!({ "applyPolicies": [of] }));
    let circle = vec![aggregate("a", "b"), aggregate("b", "c"), aggregate("c", "a")];
    let refused = Model::from_json(&settings(vec![], circle).to_string()).unwrap_err();
    assert!(refused.to_string().ends_with("it contains itself"), "{refused}");
}

#[test]
fn aggregates_may_be_fifty_thousand_deep() {
    let mut policies = vec![policy("user", "0", json!({ "users": ["alice"] }))];
    for depth in 1..50_000 {
        policies.push(policy("aggregate", &depth.to_string(), json!({ "applyPolicies": [(depth - 1).to_string()] })));
    }
    policies.push(on("perm", &["R"], &["49999"]));
    policies.reverse();
    assert!(decide(&model(vec![resource("R", &[])], policies), &alice(), &["R"]).is_granted());
}

#[test]
fn ten_thousand_policies_on_ten_thousand_resources_are_decided_soon() {
    let many = 10_000;
    let name = |at: usize| format!("R{at}");
    let resources: Vec<Value> = (0..many).map(|at| resource(&name(at), &["read"])).collect();
    let every: Vec<String> = (0..many).map(name).collect();
    let every: Vec<&str> = every.iter().map(String::as_str).collect();
    let mut policies: Vec<Value> =
        (0..many).map(|at| policy("user", &format!("p{at}"), json!({ "users": ["alice"] }))).collect();
    let all_policies: Vec<String> = (0..many).map(|at| format!("p{at}")).collect();
    let all_policies: Vec<&str> = all_policies.iter().map(String::as_str).collect();
    policies.extend((0..many).map(|at| on(&format!("on {at}"), &[every[at]], &[all_policies[at]])));
    policies.push(policy("aggregate", "all", json!({ "applyPolicies": all_policies })));
    policies.push(on("on every one", &every, &["all"]));
    policies.push(scoped("read", &[], &["read"], &["all"]));

    let start = Instant::now();
    let model = model(resources, policies);
    let decision = model.decide(&alice(), &Context::at(NOW), &Request::new()).unwrap();
    assert_eq!(decision.permissions().len(), many);
    let (one, tries) = (Request::new().permission("R7#read"), 100);
    for _ in 0..tries {
        assert!(model.decide(&alice(), &Context::at(NOW), &one).unwrap().is_granted());
    }
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}

#[test]
fn a_pattern_takes_no_longer_than_its_text() {
    let evil = policy("regex", "p", json!({ "targetClaim": "c", "pattern": "(a+)+$|(a|aa)+b" }));
    let start = Instant::now();
    assert!(!holds(evil, &alice().claim("c", format!("{}!", "a".repeat(100_000))), &Context::at(NOW)));
    assert!(start.elapsed() < SOON);
    for huge in ["(a{1000}){1000}", &"(".repeat(10_000), &format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000))] {
        let guard = policy("regex", "p", json!({ "targetClaim": "c", "pattern": huge }));
        assert!(!holds(guard, &alice().claim("c", "a"), &Context::at(NOW)));
    }
}

#[test]
fn json_that_is_deep_or_huge_is_an_error_or_read() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(Model::from_json(&deep).is_err());
    let users = policy("user", "p", json!({ "users": deep }));
    assert!(Model::from_json(&settings(vec![], vec![users]).to_string()).is_err());
    let claim = policy("regex", "p", json!({ "targetClaim": "c.d", "pattern": ".*" }));
    assert!(!holds(claim, &alice().claim("c", deep), &Context::at(NOW)));
    let many: Vec<String> = (0..200_000).map(|at| format!("user {at}")).collect();
    assert!(!holds(policy("user", "p", json!({ "users": many })), &alice(), &Context::at(NOW)));
}

#[test]
fn times_out_of_range_are_no_panic() {
    let guard = || policy("time", "p", json!({ "year": "2000", "yearEnd": "2147483647" }));
    for context in [
        Context::at(i64::MAX),
        Context::at(i64::MIN),
        Context::at(0).utc_offset(i32::MAX),
        Context::at(253_402_300_799).utc_offset(50_000),
    ] {
        assert!(!holds(guard(), &alice(), &context));
    }
    for odd in ["99999999999-01-01 00:00:00", "2000-00-00 00:00:00", "2000-1-1 24:00:00", "", "-", "2000-01-01"] {
        assert!(!holds(guard(), &alice(), &Context::at(NOW).attribute("kc.time.date_time", [odd])), "{odd}");
    }
}
