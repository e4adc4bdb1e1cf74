//! User-Managed Access: what owners share.

use cloakroom_policy::{Context, Identity, Model, Request, Ticket};
use serde_json::{Value, json};

use crate::world::{NOW, alice, bob, model, on, policy, resource, with};

fn album() -> Value {
    let owned = json!({ "owner": { "id": "id of alice", "name": "alice" }, "ownerManagedAccess": true });
    with(resource("Hers", &["read", "write"]), owned)
}

fn to_bob(scope: Option<&str>) -> Ticket {
    Ticket { resource: "id of Hers".into(), scope: scope.map(str::to_owned), requester: "id of bob".into() }
}

fn scopes(model: &Model, who: &Identity, request: Request) -> Vec<String> {
    let decision = model.decide(who, &Context::at(NOW), &request).unwrap();
    decision.permissions().iter().flat_map(|permission| permission.scopes.clone().unwrap_or_default()).collect()
}

#[test]
fn a_ticket_grants_its_scope_to_the_requester_and_the_owner() {
    let model = model(vec![album()], vec![]);
    let ask = |what: &str| Request::new().permission(what).ticket(to_bob(Some("read")));
    assert_eq!(scopes(&model, &bob(), ask("id of Hers#read")), ["read"]);
    assert_eq!(scopes(&model, &bob(), ask("Hers")), ["read"], "by name, since it is shared with him");
    assert!(scopes(&model, &bob(), ask("id of Hers#write")).is_empty());
    assert_eq!(scopes(&model, &alice(), ask("Hers")), ["read"]);
    let carol = Identity::new("id of carol").username("carol");
    assert!(scopes(&model, &carol, ask("id of Hers")).is_empty());
}

#[test]
fn what_is_shared_is_among_everything() {
    let model = model(vec![album()], vec![]);
    assert_eq!(scopes(&model, &bob(), Request::new().ticket(to_bob(Some("write")))), ["write"]);
    assert!(scopes(&model, &bob(), Request::new()).is_empty());
}

#[test]
fn without_owner_managed_access_nothing_is_shared() {
    let model = model(vec![with(album(), json!({ "ownerManagedAccess": false }))], vec![]);
    let ask = Request::new().permission("id of Hers").ticket(to_bob(Some("read")));
    assert!(scopes(&model, &bob(), ask).is_empty());
}

#[test]
fn an_owners_own_policy_grants() {
    let policies = vec![
        policy("user", "bob only", json!({ "users": ["bob"] })),
        policy("uma", "share", json!({ "resources": ["Hers"], "scopes": ["read"], "applyPolicies": ["bob only"] })),
    ];
    let model = model(vec![album()], policies);
    assert_eq!(scopes(&model, &bob(), Request::new().permission("id of Hers")), ["read"]);
    assert!(scopes(&model, &alice(), Request::new().permission("Hers")).is_empty());
}

#[test]
fn what_an_owner_shares_goes_before_a_denial() {
    let policies = vec![policy("user", "nobody", json!({ "users": [] })), on("closed", &["Hers"], &["nobody"])];
    let model = model(vec![album()], policies);
    let ask = Request::new().permission("id of Hers").ticket(to_bob(Some("read")));
    assert_eq!(scopes(&model, &bob(), ask), ["read"]);
}
