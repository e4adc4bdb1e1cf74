//! Policies as a real Keycloak 26.7.4 writes them, from the recordings of its Admin API: each is read as it stands there, and
//! decides by what it says.

use cloakroom_policy::{Context, Identity};
use serde_json::{Value, json};

use crate::golden::recording;
use crate::world::{NOW, holds, read, resource, settings};

/// The policies of a scenario, in their general form. A recording keeps JSON within text as `{"json": …}`, and no time of the
/// day that it was made on.
fn recorded(scenario: &str) -> Vec<Value> {
    let steps = recording("policies", scenario).unwrap_or_default();
    let bodies = steps.into_iter().map(|step| step["body"].clone());
    let mut policies: Vec<Value> =
        bodies.filter(|body| body["type"].is_string() && body["config"].is_object()).collect();
    for policy in &mut policies {
        for value in policy["config"].as_object_mut().unwrap().values_mut() {
            match value.get("json") {
                Some(json) => *value = json!(json.to_string()),
                None if value == "<time>" => *value = json!("2001-02-03 04:05:06"),
                None => {}
            }
        }
    }
    policies
}

/// The one of this name, ready to guard something.
fn one(scenario: &str, name: &str) -> Option<Value> {
    recorded(scenario).into_iter().find(|policy| policy["name"] == name)
}

#[test]
fn every_recorded_policy_can_be_read() {
    for scenario in ["aggregate", "client", "client-scope", "group", "list", "regex", "role", "time", "untyped", "user"]
    {
        // what permissions guard is not recorded with them
        let is_policy = |policy: &Value| policy["type"] != "resource" && policy["type"] != "scope";
        for policy in recorded(scenario).into_iter().filter(is_policy) {
            read(settings(vec![resource("R", &[])], vec![policy]));
        }
    }
}

#[test]
fn a_recorded_policy_holds_for_those_it_names() {
    let who = || Identity::new("somebody");
    for (scenario, name, yes, no) in [
        ("user", "p", Identity::new("<id:2>"), who()),
        ("client", "p", who().client("<id:3>"), who().client("<id:9>")),
        ("client-scope", "p", who().client_scope("<id:2>"), who().client_scope("<id:1>")),
        ("group", "p", who().groups(["<id:2>/below"]), who().groups(["<id:1>/below"])),
        ("regex", "p", who().claim("email", "a@example.org"), who().claim("email", "a@example.com")),
        // recorded as negative: a required role is what must not be there
        ("role", "p", who().realm_role("<id:2>"), who().realm_role("<id:2>").realm_role("<id:3>")),
    ] {
        let Some(policy) = one(scenario, name) else { return };
        let at = Context::at(NOW);
        assert!(holds(policy.clone(), &yes, &at), "{scenario}: {policy}");
        assert!(!holds(policy.clone(), &no, &at), "{scenario}: {policy}");
    }
}

/// Hours that run over midnight are none, as Keycloak decides.
#[test]
fn a_recorded_night_from_ten_to_six_never_comes() {
    let Some(night) = one("list", "night") else { return };
    let midnight = NOW - NOW % 86_400;
    for hour in [21, 22, 23, 0, 6, 7, 12] {
        let at = Context::at(midnight + hour * 3600);
        assert!(!holds(night.clone(), &Identity::new("x"), &at), "{hour} o'clock");
    }
}

#[test]
fn a_recorded_time_is_within_all_of_its_bounds() {
    let Some(time) = one("time", "p") else { return };
    // 2024 to 2050, and before 2034-01-02 03:04:05
    for (at, within) in [(NOW, false), (1_750_000_000, true), (2_019_000_000, true), (2_020_000_000, false)] {
        assert_eq!(holds(time.clone(), &Identity::new("x"), &Context::at(at)), within, "{at}");
    }
}
