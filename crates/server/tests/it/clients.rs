//! Clients: what a new one is like, how it changes, what goes with it; secrets, service accounts, mappers and rights.

use crate::{
    acme::Acme,
    admins::{acme, by, refused, user},
};
use cloakroom_api::admin::{
    clients::{Client, ClientQuery},
    mappers::ProtocolMapper,
    users::{UserDetail, UserQuery},
};
use cloakroom_testkit::TestServer;
use serde_json::{Value, json};

fn client(fields: Value) -> Client {
    serde_json::from_value(fields).unwrap()
}

async fn create(kc: &TestServer, fields: Value) -> String {
    kc.realm("acme").clients().create(&client(fields)).await.unwrap().id().to_owned()
}

async fn get(kc: &TestServer, id: &str) -> Value {
    serde_json::to_value(kc.realm("acme").clients().get(id).await.unwrap()).unwrap()
}

/// The `clientId`s that a query finds, in their order, without those that every realm has.
async fn found(kc: &TestServer, fields: Value) -> String {
    let query: ClientQuery = serde_json::from_value(fields).unwrap();
    let list = kc.realm("acme").clients().list(&query).await.unwrap();
    let own = ["account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console"];
    let ids = list.into_iter().filter_map(|c| c.client_id).filter(|id| !own.contains(&id.as_str()));
    ids.collect::<Vec<_>>().join(" ")
}

fn mapper(name: &str, value: &str) -> ProtocolMapper {
    let config =
        json!({"claim.name": name, "claim.value": value, "access.token.claim": "true", "jsonType.label": "String"});
    serde_json::from_value(json!({"name": name, "protocol": "openid-connect",
        "protocolMapper": "oidc-hardcoded-claim-mapper", "config": config}))
    .unwrap()
}

#[tokio::test]
async fn a_new_client_is_confidential_and_has_the_defaults_of_its_realm() {
    let kc = acme(json!({})).await;
    let plain = get(&kc, &create(&kc, json!({"clientId": "plain"})).await).await;
    for (field, value) in [
        ("enabled", json!(true)),
        ("protocol", json!("openid-connect")),
        ("publicClient", json!(false)),
        ("bearerOnly", json!(false)),
        ("standardFlowEnabled", json!(true)),
        ("implicitFlowEnabled", json!(false)),
        ("directAccessGrantsEnabled", json!(false)),
        ("serviceAccountsEnabled", json!(false)),
        ("fullScopeAllowed", json!(true)),
        ("consentRequired", json!(false)),
        ("clientAuthenticatorType", json!("client-secret")),
        ("nodeReRegistrationTimeout", json!(-1)),
        ("redirectUris", json!([])),
        ("access", json!({"configure": true, "manage": true, "view": true})),
    ] {
        assert_eq!(plain[field], value, "{field}");
    }
    assert_eq!(plain["secret"].as_str().map(str::len), Some(86));
    let sorted = |list: &Value| {
        let mut names: Vec<&str> = list.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        names.sort_unstable();
        names.join(" ")
    };
    assert_eq!(sorted(&plain["defaultClientScopes"]), "acr basic email profile roles web-origins");
    assert_eq!(sorted(&plain["optionalClientScopes"]), "address microprofile-jwt offline_access organization phone");
    let public = get(&kc, &create(&kc, json!({"clientId": "public", "publicClient": true})).await).await;
    assert!(public.get("secret").is_none());
    // one without a name gets its id as one
    let nameless = get(&kc, &create(&kc, json!({})).await).await;
    assert_eq!(nameless["clientId"], nameless["id"]);
}

#[tokio::test]
async fn a_client_id_is_unique_and_a_url_leads_nowhere_odd() {
    let kc = acme(json!({})).await;
    let id = create(&kc, json!({"clientId": "app"})).await;
    create(&kc, json!({"clientId": "App"})).await;
    let clients = kc.realm("acme");
    let clients = clients.clients();
    let again = clients.create(&client(json!({"clientId": "app"}))).await;
    assert_eq!(refused(again), (409, "Client app already exists".to_owned()));
    let same_id = clients.create(&client(json!({"clientId": "new", "id": id}))).await;
    assert_eq!(refused(same_id).0, 409);
    let renamed = clients.update(&id, &client(json!({"clientId": "App"}))).await.unwrap_err();
    assert_eq!((renamed.status(), renamed.code()), (409, Some("conflict")));
    for (fields, words) in [
        (json!({"clientId": " "}), "Client ID cannot be blank"),
        (json!({"clientId": "x", "redirectUris": ["javascript:alert(1)"]}), "A redirect URI uses an illegal scheme"),
        (json!({"clientId": "x", "redirectUris": ["data:text/html,x"]}), "A redirect URI uses an illegal scheme"),
        (json!({"clientId": "x", "redirectUris": ["http://a/#f"]}), "A redirect URI must not contain an URL fragment"),
    ] {
        let error = clients.create(&client(fields.clone())).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (400, Some("invalid_input")), "{fields}");
        assert_eq!(error.message(), words, "{fields}");
    }
    assert_eq!(found(&kc, json!({})).await, "App app");
}

#[tokio::test]
async fn clients_are_found_by_their_id_or_a_part_of_it_and_paged() {
    let kc = acme(
        json!({"clients": [{"clientId": "Zeta"}, {"clientId": "app-1"}, {"clientId": "app-2"}, {"clientId": "other"}]}),
    )
    .await;
    for (query, expected) in [
        (json!({}), "Zeta app-1 app-2 other"),
        (json!({"clientId": "app-1"}), "app-1"),
        (json!({"clientId": "app"}), ""),
        (json!({"clientId": "APP", "search": true}), "app-1 app-2"),
        (json!({"clientId": "zeta", "search": true}), "Zeta"),
        (json!({"clientId": "app", "search": true, "first": 1, "max": 1}), "app-2"),
        (json!({"max": 0}), ""),
        (json!({"max": -1}), "Zeta app-1 app-2 other"),
        (json!({"q": "jwt.credential.issuer:none"}), ""),
    ] {
        assert_eq!(found(&kc, query.clone()).await, expected, "{query}");
    }
    let odd = ClientQuery { q: Some("colour:blue".to_owned()), ..ClientQuery::default() };
    let odd = kc.realm("acme").clients().list(&odd).await.unwrap_err();
    assert_eq!((odd.status(), odd.message()), (400, "Attributes [colour] not allowed for search"));
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_merges_attributes() {
    let kc = acme(json!({})).await;
    let id = create(
        &kc,
        json!({"clientId": "app", "name": "App", "redirectUris": ["http://a/*"], "attributes": {"a": "1", "b": "2"}}),
    )
    .await;
    let clients = kc.realm("acme");
    let clients = clients.clients();
    let change =
        json!({"description": "New", "attributes": {"a": "9", "b": "", "c": "3"}, "defaultClientScopes": ["email"]});
    clients.update(&id, &client(change)).await.unwrap();
    let app = get(&kc, &id).await;
    assert_eq!(
        (&app["name"], &app["description"], &app["redirectUris"]),
        (&json!("App"), &json!("New"), &json!(["http://a/*"]))
    );
    assert_eq!(
        (&app["attributes"]["a"], app["attributes"].get("b"), &app["attributes"]["c"]),
        (&json!("9"), None, &json!("3"))
    );
    assert_eq!(app["defaultClientScopes"].as_array().unwrap().len(), 6, "they have operations of their own");
    clients.update(&id, &client(json!({"redirectUris": []}))).await.unwrap();
    assert_eq!(get(&kc, &id).await["redirectUris"], json!([]));
    assert!(clients.update("none", &client(json!({}))).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_secret_is_replaced_by_a_generated_one_at_once() {
    let acme = Acme::start(json!({})).await;
    let id = acme.id("/clients?clientId=app").await;
    let clients = acme.kc.realm("acme");
    let clients = clients.clients();
    let secret =
        |credential: cloakroom_api::admin::credentials::Credential| credential.value.unwrap().expose().to_owned();
    assert_eq!(secret(clients.secret(&id).await.unwrap()), "secret");
    let new = secret(clients.regenerate_secret(&id).await.unwrap());
    assert_eq!((new.len(), secret(clients.secret(&id).await.unwrap()) == new), (86, true));
    for (given, status) in [("secret", 401), (new.as_str(), 200)] {
        let form = [("grant_type", "client_credentials"), ("client_id", "app"), ("client_secret", given)];
        assert_eq!(acme.post("token", &form).await.status.as_u16(), status);
    }
    assert_eq!(refused(clients.rotated_secret(&id).await).0, 404);
    assert_eq!(refused(clients.secret("none").await), (404, "Could not find client".to_owned()));
}

#[tokio::test]
async fn a_service_account_lives_as_long_as_its_client_wants_one() {
    let kc = acme(json!({})).await;
    let id = create(&kc, json!({"clientId": "app"})).await;
    let realm = kc.realm("acme");
    let off = refused(realm.clients().service_account_user(&id).await);
    assert_eq!(off, (400, "Service account not enabled for the client 'app'".to_owned()));
    realm.clients().update(&id, &client(json!({"serviceAccountsEnabled": true}))).await.unwrap();
    let account = realm.clients().service_account_user(&id).await.unwrap();
    assert_eq!(account.username.as_deref(), Some("service-account-app"));
    let scopes = realm.client(&id).default_client_scopes().list().await.unwrap();
    assert!(scopes.iter().any(|s| s.name.as_deref() == Some("service_account")));
    assert_eq!(realm.users().count(&UserQuery::default()).await.unwrap(), 0, "it is nobody");

    realm.clients().update(&id, &client(json!({"clientId": "renamed"}))).await.unwrap();
    let renamed = realm.clients().service_account_user(&id).await.unwrap();
    assert_eq!((renamed.id, renamed.username.as_deref()), (account.id.clone(), Some("service-account-renamed")));
    realm.clients().update(&id, &client(json!({"serviceAccountsEnabled": false}))).await.unwrap();
    let gone = realm.users().get(account.id.as_deref().unwrap(), &UserDetail::default()).await;
    assert!(gone.unwrap_err().is_not_found());
}

#[tokio::test]
async fn mappers_are_made_one_by_one_or_all_together() {
    let kc = acme(json!({})).await;
    let id = create(&kc, json!({"clientId": "app"})).await;
    let realm = kc.realm("acme");
    let app = realm.client(&id);
    let mappers = app.mappers();
    let made = mappers.create(&mapper("one", "1")).await.unwrap();
    assert_eq!(refused(mappers.create(&mapper("one", "1")).await).0, 409);
    assert_eq!(refused(mappers.create_all(&vec![mapper("two", "2"), mapper("one", "1")]).await).0, 409);
    let names = || async {
        let mut names: Vec<String> = mappers.list().await.unwrap().into_iter().filter_map(|m| m.name).collect();
        names.sort();
        names.join(" ")
    };
    assert_eq!(names().await, "one", "all or none");
    mappers.create_all(&vec![mapper("two", "2"), mapper("three", "3")]).await.unwrap();
    assert_eq!(names().await, "one three two");
    assert_eq!(mappers.of_protocol("openid-connect").await.unwrap().len(), 3);
    assert!(mappers.of_protocol("saml").await.unwrap().is_empty());

    let short: ProtocolMapper =
        serde_json::from_value(json!({"id": made.id(), "name": "renamed", "protocol": "openid-connect",
        "protocolMapper": "oidc-hardcoded-claim-mapper", "config": {"claim.name": "x"}}))
        .unwrap();
    mappers.update(made.id(), &short).await.unwrap();
    let one = serde_json::to_value(mappers.get(made.id()).await.unwrap()).unwrap();
    assert_eq!(
        (&one["name"], &one["config"]),
        (&json!("one"), &json!({"claim.name": "x"})),
        "the configuration is replaced whole"
    );
    let unknown = ProtocolMapper { protocol_mapper: Some("no-such-mapper".to_owned()), ..mapper("odd", "") };
    assert_eq!(refused(mappers.create(&unknown).await), (404, "ProtocolMapper provider not found".to_owned()));
    mappers.delete(made.id()).await.unwrap();
    assert!(mappers.delete(made.id()).await.unwrap_err().is_not_found());
    assert_eq!(names().await, "three two");
}

#[tokio::test]
async fn with_a_client_go_its_roles_its_sessions_and_its_service_account() {
    let acme = Acme::start(json!({})).await;
    let (id, other) = (acme.id("/clients?clientId=app").await, acme.id("/clients?clientId=other").await);
    let alice = acme.id("/users?username=alice").await;
    let realm = acme.kc.realm("acme");
    let role = serde_json::from_value(json!({"name": "tool"})).unwrap();
    realm.client(&id).roles().create(&role).await.unwrap();
    let role = realm.client(&id).roles().get("tool").await.unwrap();
    realm.user(&alice).role_mappings().client(&id).add(&vec![role.clone()]).await.unwrap();
    realm.client(&other).scope_mappings().client(&id).add(&vec![role.clone()]).await.unwrap();
    let tokens = acme.login("openid").await;

    realm.clients().delete(&id).await.unwrap();
    assert_eq!(refused(realm.clients().delete(&id).await), (404, "Could not find client".to_owned()));
    assert!(realm.roles_by_id().get(role.id.as_deref().unwrap()).await.unwrap_err().is_not_found());
    assert!(realm.user(&alice).role_mappings().all().list().await.unwrap().client_mappings.is_none());
    assert!(realm.client(&other).scope_mappings().all().list().await.unwrap().client_mappings.is_none());
    let account = UserQuery { username: Some("service-account-app".to_owned()), ..UserQuery::default() };
    assert!(realm.users().list(&account).await.unwrap().is_empty());
    assert_eq!(acme.userinfo(tokens.text("access_token")).await.status, 401);
    realm.clients().create(&client(json!({"clientId": "app"}))).await.unwrap();
}

#[tokio::test]
async fn what_a_realm_is_run_with_is_not_deleted() {
    let kc = acme(json!({})).await;
    let clients = kc.realm("acme");
    let clients = clients.clients();
    for (name, status) in [("realm-management", 403), ("account", 400), ("admin-cli", 400), ("broker", 400)] {
        let query = ClientQuery { client_id: Some(name.to_owned()), ..ClientQuery::default() };
        let id = clients.list(&query).await.unwrap()[0].id.clone().unwrap();
        assert_eq!(refused(clients.delete(&id).await).0, status, "{name}");
    }
}

#[tokio::test]
async fn viewers_see_seekers_see_nothing_and_managers_change() {
    let kc = acme(json!({
        "clients": [{"id": "app-id", "clientId": "app", "secret": "s3cret"}],
        "users": [user("viewer", &["view-clients"]), user("seeker", &["query-clients"]),
            user("manager", &["manage-clients"]), user("users", &["manage-users"]), user("nobody", &[])],
    }))
    .await;
    for (who, seeks, sees, changes) in [
        ("viewer", true, true, false),
        ("seeker", true, false, false),
        ("manager", true, true, true),
        ("users", false, false, false),
        ("nobody", false, false, false),
    ] {
        let session = by(&kc, who);
        let realm = session.realm("acme");
        let clients = realm.clients();
        match clients.list(&ClientQuery::default()).await {
            Ok(list) => assert_eq!((seeks, list.is_empty()), (true, !sees), "{who}"),
            error => assert_eq!((seeks, refused(error).0), (false, 403), "{who}"),
        }
        let one = clients.get("app-id").await;
        assert_eq!(one.is_ok(), sees, "{who}");
        if let Ok(one) = one {
            assert_eq!(one.access.unwrap()["manage"], changes, "{who}");
        }
        assert_eq!(refused(clients.get("none").await).0, if seeks { 404 } else { 403 }, "{who}");
        assert_eq!(clients.secret("app-id").await.is_ok(), sees, "{who}");
        let app = realm.client("app-id");
        assert_eq!(app.mappers().list().await.is_ok(), sees, "{who}");
        assert_eq!(app.default_client_scopes().list().await.is_ok(), sees, "{who}");
        assert_eq!(app.scope_mappings().all().list().await.is_ok(), sees, "{who}");
        assert_eq!(clients.regenerate_secret("app-id").await.is_ok(), changes, "{who}");
        assert_eq!(app.mappers().create(&mapper(who, "1")).await.is_ok(), changes, "{who}");
        assert_eq!(clients.update("app-id", &client(json!({"name": who}))).await.is_ok(), changes, "{who}");
        assert_eq!(clients.create(&client(json!({"clientId": format!("by-{who}")}))).await.is_ok(), changes, "{who}");
        if !changes {
            assert_eq!(refused(clients.delete("app-id").await).0, 403, "{who}");
        }
    }
}
