//! Client scopes: their life, which clients have them, which roles they and clients may put into tokens, and what tokens
//! would hold.

use crate::{
    acme::Acme,
    admins::{acme, by, refused, user},
};
use cloakroom_api::admin::{
    client_scopes::ClientScope,
    clients::{EvaluationQuery, ScopeQuery},
    query::Brief,
    roles::Role,
};
use cloakroom_testkit::TestServer;
use serde_json::{Value, json};

fn scope(fields: Value) -> ClientScope {
    serde_json::from_value(fields).unwrap()
}

fn named(name: &str) -> ClientScope {
    scope(json!({"name": name, "protocol": "openid-connect"}))
}

fn names(scopes: &[ClientScope]) -> String {
    let mut names: Vec<&str> = scopes.iter().filter_map(|s| s.name.as_deref()).collect();
    names.sort_unstable();
    names.join(" ")
}

fn role_names(roles: &[Role]) -> String {
    let mut names: Vec<&str> = roles.iter().filter_map(|r| r.name.as_deref()).collect();
    names.sort_unstable();
    names.join(" ")
}

async fn create(kc: &TestServer, name: &str) -> String {
    kc.realm("acme").client_scopes().create(&named(name)).await.unwrap().id().to_owned()
}

/// A realm with the roles worker ⊃ helper and the client's tool; the client `app` carries no roles but what is mapped.
async fn world() -> TestServer {
    acme(json!({
        "clients": [{"id": "app-id", "clientId": "app", "fullScopeAllowed": false}, {"id": "other-id", "clientId": "other"}],
        "roles": {
            "realm": [{"name": "worker", "composites": {"realm": ["helper"]}}, {"name": "helper"}, {"name": "boss"}],
            "client": {"other": [{"name": "tool"}], "app": [{"name": "own"}]},
        },
        "users": [user("viewer", &["view-clients"]), user("seeker", &["query-clients"]),
            user("manager", &["manage-clients"]), user("realm", &["manage-realm"])],
    }))
    .await
}

#[tokio::test]
async fn a_scope_is_made_changed_and_deleted() {
    let kc = acme(json!({})).await;
    let scopes = kc.realm("acme");
    let scopes = scopes.client_scopes();
    let before = scopes.list().await.unwrap().len();
    let given = json!({"name": "team", "protocol": "openid-connect", "description": "Teams",
        "attributes": {"include.in.token.scope": "true", "gui.order": "1"}});
    let made = scopes.create(&scope(given)).await.unwrap();
    assert_eq!(refused(scopes.create(&named("team")).await), (409, "Client Scope team already exists".to_owned()));
    let change = json!({"attributes": {"gui.order": "2", "consent.screen.text": "Teams"}});
    scopes.update(made.id(), &scope(change)).await.unwrap();
    let team = serde_json::to_value(scopes.get(made.id()).await.unwrap()).unwrap();
    assert_eq!((&team["name"], &team["description"]), (&json!("team"), &json!("Teams")));
    assert_eq!(
        team["attributes"],
        json!({"include.in.token.scope": "true", "gui.order": "2", "consent.screen.text": "Teams"})
    );
    assert_eq!(scopes.list().await.unwrap().len(), before + 1);
    let other = create(&kc, "other").await;
    assert_eq!(refused(scopes.update(&other, &named("team")).await).0, 409);
    scopes.delete(made.id()).await.unwrap();
    assert_eq!(refused(scopes.delete(made.id()).await), (404, "Could not find client scope".to_owned()));
    assert_eq!(refused(scopes.get(made.id()).await), (404, "Could not find client scope".to_owned()));
}

#[tokio::test]
async fn a_name_is_a_word_of_the_scope_parameter() {
    let kc = acme(json!({})).await;
    let scopes = kc.realm("acme");
    let scopes = scopes.client_scopes();
    for name in ["*", "a'b", "<x>", "a/b&c", "organization:x"] {
        let made = scopes.create(&named(name)).await.unwrap();
        assert_eq!(scopes.get(made.id()).await.unwrap().name.as_deref(), Some(name));
    }
    for name in ["two words", "a\"b", "a\\b", "ü", ""] {
        let words = format!("Unexpected name \"{name}\" for ClientScope");
        assert_eq!(refused(scopes.create(&named(name)).await), (400, words));
    }
    assert_eq!(refused(scopes.create(&scope(json!({"name": "x"}))).await), (400, "Unexpected protocol".to_owned()));
}

#[tokio::test]
async fn a_scope_is_the_same_by_its_old_path() {
    let kc = acme(json!({})).await;
    let realm = kc.realm("acme");
    let made = realm.client_templates().create(&named("old")).await.unwrap();
    assert!(made.location.contains("/client-templates/"));
    assert_eq!(realm.client_scopes().get(made.id()).await.unwrap().name.as_deref(), Some("old"));
    realm.client_templates().delete(made.id()).await.unwrap();
    assert!(realm.client_scopes().get(made.id()).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_client_has_a_scope_always_or_on_request_but_not_both() {
    let kc = world().await;
    let team = create(&kc, "team").await;
    let realm = kc.realm("acme");
    let app = realm.client("app-id");
    let (always, on_request) = (app.default_client_scopes(), app.optional_client_scopes());
    always.add(&team).await.unwrap();
    always.add(&team).await.unwrap();
    on_request.add(&team).await.unwrap();
    assert!(names(&always.list().await.unwrap()).contains("team"));
    assert!(!names(&on_request.list().await.unwrap()).contains("team"), "it is there already");
    on_request.remove(&team).await.unwrap();
    assert!(!names(&always.list().await.unwrap()).contains("team"), "either path removes it");
    on_request.add(&team).await.unwrap();
    assert!(names(&on_request.list().await.unwrap()).contains("team"));
    assert_eq!(refused(always.add("none").await).0, 404);
    realm.client_scopes().delete(&team).await.unwrap();
    assert!(!names(&on_request.list().await.unwrap()).contains("team"), "what is gone nobody has");
}

#[tokio::test]
async fn new_clients_get_what_the_realm_gives_them() {
    let kc = world().await;
    let (team, site) = (create(&kc, "team").await, create(&kc, "site").await);
    let realm = kc.realm("acme");
    realm.default_client_scopes().add(&team).await.unwrap();
    realm.optional_client_scopes().add(&site).await.unwrap();
    assert_eq!(refused(realm.default_client_scopes().add(&team).await).0, 409);
    assert_eq!(refused(realm.optional_client_scopes().add(&team).await).0, 409);
    let made = realm.clients().create(&serde_json::from_value(json!({"clientId": "new"})).unwrap()).await.unwrap();
    let new = realm.client(made.id());
    assert!(names(&new.default_client_scopes().list().await.unwrap()).contains("team"));
    assert!(names(&new.optional_client_scopes().list().await.unwrap()).contains("site"));
    assert!(!names(&realm.client("app-id").default_client_scopes().list().await.unwrap()).contains("team"));
    realm.default_client_scopes().remove(&team).await.unwrap();
    assert!(!names(&realm.default_client_scopes().list().await.unwrap()).contains("team"));
}

#[tokio::test]
async fn roles_are_mapped_to_a_client_and_to_a_scope() {
    let kc = world().await;
    let realm = kc.realm("acme");
    let team = create(&kc, "team").await;
    let worker = realm.roles().get("worker").await.unwrap();
    let tool = realm.client("other-id").roles().get("tool").await.unwrap();
    // the two have the same operations under types of their own
    macro_rules! check {
        ($mappings:expr) => {{
            let mappings = $mappings;
            mappings.realm().add(&vec![worker.clone()]).await.unwrap();
            mappings.client("other-id").add(&vec![tool.clone()]).await.unwrap();
            assert_eq!(role_names(&mappings.realm().list().await.unwrap()), "worker");
            assert_eq!(role_names(&mappings.realm().effective(&Brief::default()).await.unwrap()), "helper worker");
            assert!(!role_names(&mappings.realm().available().await.unwrap()).contains("worker"));
            assert!(role_names(&mappings.realm().available().await.unwrap()).contains("boss"));
            let all = mappings.all().list().await.unwrap();
            assert_eq!(role_names(&all.realm_mappings.unwrap()), "worker");
            assert_eq!(role_names(all.client_mappings.unwrap()["other"].mappings.as_deref().unwrap()), "tool");
            let unknown = Role { id: Some("none".to_owned()), name: Some("none".to_owned()), ..Role::default() };
            assert_eq!(refused(mappings.realm().add(&vec![unknown]).await), (404, "Role not found".to_owned()));
            assert_eq!(refused(mappings.client("none").list().await).0, 404);
            mappings.realm().remove(&Some(vec![worker.clone()])).await.unwrap();
            mappings.client("other-id").remove(&None).await.unwrap();
            let all = mappings.all().list().await.unwrap();
            assert!(all.realm_mappings.is_none() && all.client_mappings.is_none());
        }};
    }
    check!(realm.client("app-id").scope_mappings());
    check!(realm.client_scope(&team).scope_mappings());
    let own = realm.client("app-id").scope_mappings();
    assert_eq!(
        role_names(&own.client("app-id").effective(&Brief::default()).await.unwrap()),
        "own",
        "its own it has anyway"
    );
    let full = realm.client("other-id").scope_mappings();
    assert!(role_names(&full.realm().effective(&Brief::default()).await.unwrap()).contains("boss"));
}

#[tokio::test]
async fn what_tokens_would_hold_is_shown_before_any_is_issued() {
    let acme = Acme::start(json!({})).await;
    let (app, alice) = (acme.id("/clients?clientId=app").await, acme.id("/users?username=alice").await);
    let realm = acme.kc.realm("acme");
    let evaluate = realm.client(&app);
    let evaluate = evaluate.evaluate_scopes();
    let query = |scope: &str, user: Option<&String>| EvaluationQuery {
        scope: Some(scope.to_owned()),
        user_id: user.cloned(),
        ..EvaluationQuery::default()
    };
    let access = evaluate.access_token(&query("openid phone", Some(&alice))).await.unwrap();
    assert_eq!(
        (&access["preferred_username"], &access["azp"], &access["sub"]),
        (&json!("alice"), &json!("app"), &json!(alice))
    );
    assert!(access["scope"].as_str().unwrap().contains("phone"));
    let id = evaluate.id_token(&query("openid", Some(&alice))).await.unwrap();
    assert_eq!((&id["aud"], &id["typ"]), (&json!("app"), &json!("ID")));
    assert_eq!(evaluate.userinfo(&query("openid", Some(&alice))).await.unwrap()["email"], json!("alice@example.org"));
    assert_eq!(refused(evaluate.access_token(&query("openid", None)).await), (404, "No userId provided".to_owned()));
    let nobody = "none".to_owned();
    assert_eq!(
        refused(evaluate.access_token(&query("openid", Some(&nobody))).await),
        (404, "No user found".to_owned())
    );

    let of = |scope: &str| ScopeQuery { scope: Some(scope.to_owned()) };
    let mappers = evaluate.protocol_mappers(&of("openid")).await.unwrap();
    let has = |list: &[cloakroom_api::admin::mappers::ProtocolMapperEvaluation], name: &str| {
        list.iter().any(|m| m.mapper_name.as_deref() == Some(name))
    };
    assert!(has(&mappers, "username") && !has(&mappers, "phone number"));
    assert!(has(&evaluate.protocol_mappers(&of("openid phone")).await.unwrap(), "phone number"));
}

#[tokio::test]
async fn the_roles_that_tokens_may_carry_are_those_mapped_unless_all_are_allowed() {
    let kc = world().await;
    let realm = kc.realm("acme");
    let worker = realm.roles().get("worker").await.unwrap();
    realm.client("app-id").scope_mappings().realm().add(&vec![worker]).await.unwrap();
    let (app, other) = (realm.client("app-id"), realm.client("other-id"));
    let any = ScopeQuery::default();
    assert_eq!(role_names(&app.evaluate_scopes().granted("acme", &any).await.unwrap()), "helper worker");
    assert!(role_names(&app.evaluate_scopes().not_granted("acme", &any).await.unwrap()).contains("boss"));
    assert_eq!(role_names(&app.evaluate_scopes().granted("app-id", &any).await.unwrap()), "own");
    assert_eq!(role_names(&app.evaluate_scopes().not_granted("other-id", &any).await.unwrap()), "tool");
    assert!(role_names(&other.evaluate_scopes().granted("acme", &any).await.unwrap()).contains("boss"));
    assert!(other.evaluate_scopes().not_granted("acme", &any).await.unwrap().is_empty());
    assert_eq!(
        refused(app.evaluate_scopes().granted("none", &any).await),
        (404, "Role Container not found".to_owned())
    );
}

#[tokio::test]
async fn viewers_of_clients_see_scopes_and_managers_of_clients_change_them() {
    let kc = world().await;
    let team = create(&kc, "team").await;
    for (who, lists, sees, changes) in [
        ("viewer", true, true, false),
        ("seeker", true, false, false),
        ("manager", true, true, true),
        ("realm", false, false, false),
    ] {
        let client = by(&kc, who);
        let realm = client.realm("acme");
        let scopes = realm.client_scopes();
        match scopes.list().await {
            Ok(list) => assert_eq!((lists, list.is_empty()), (true, !sees), "{who}"),
            error => assert_eq!((lists, refused(error).0), (false, 403), "{who}"),
        }
        assert_eq!(scopes.get(&team).await.is_ok(), sees, "{who}");
        assert_eq!(refused(scopes.get("none").await).0, if lists { 404 } else { 403 }, "{who}");
        assert_eq!(realm.default_client_scopes().list().await.is_ok(), sees, "{who}");
        assert_eq!(realm.client_scope(&team).mappers().list().await.is_ok(), sees, "{who}");
        assert_eq!(realm.client_scope(&team).scope_mappings().all().list().await.is_ok(), sees, "{who}");
        assert_eq!(scopes.create(&named(&format!("by-{who}"))).await.is_ok(), changes, "{who}");
        assert_eq!(scopes.update(&team, &named("team")).await.is_ok(), changes, "{who}");
        assert_eq!(realm.client("app-id").default_client_scopes().add(&team).await.is_ok(), changes, "{who}");
        if !changes {
            assert_eq!(refused(scopes.delete(&team).await).0, 403, "{who}");
        }
    }
}
