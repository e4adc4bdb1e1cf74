//! Realms: what a new one is, imports and exports, deleting, and who may do what.

use crate::admins::{acme, by, refused, user};
use cloakroom::{Client, ClientAuth, Login};
use cloakroom_api::{
    admin::{
        localization::LocalizationQuery,
        realms::{PartialExport, PartialImport, PartialImportResults, Realm},
    },
    fields::StringMap,
};
use cloakroom_store::Db;
use cloakroom_testkit::TestServer;
use http::{Method, Request, header};
use serde_json::{Value, json};
use std::{collections::BTreeSet, path::Path};

fn realm(fields: Value) -> Realm {
    serde_json::from_value(fields).unwrap()
}

async fn export(kc: &Client, name: &str) -> Value {
    let all = PartialExport { export_clients: Some(true), export_groups_and_roles: Some(true) };
    serde_json::to_value(kc.realms().partial_export(name, &all).await.unwrap()).unwrap()
}

async fn import(kc: &Client, body: Value) -> cloakroom::Result<PartialImportResults> {
    let body: PartialImport = serde_json::from_value(body).unwrap();
    kc.realms().partial_import("acme", &body).await
}

/// What was done to what, as `ADDED USER alice`.
fn done(results: &PartialImportResults) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let all = results.results.iter().flatten();
    all.map(|r| format!("{} {} {}", text(&r.action), text(&r.resource_type), text(&r.resource_name))).collect()
}

/// The names in a list of an export.
fn names(list: &Value, key: &str) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|entry| entry[key].as_str().unwrap().to_owned()).collect()
}

/// An export of a new realm by Keycloak, with `acme` for the realm's name; none, said loudly, where there is no such file.
fn keycloaks_new_realm() -> Option<Value> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/keycloak");
    let folder = std::env::var_os("CLOAKROOM_KEYCLOAK").map_or(beside, Into::into);
    let Ok(text) = std::fs::read_to_string(folder.join("default-realm.json")) else {
        let message = format!("NOT TESTED: no default-realm.json in {}", folder.display());
        assert!(std::env::var_os("CI").is_none(), "{message}");
        eprintln!("{message}");
        return None;
    };
    let name = serde_json::from_str::<Value>(&text).unwrap()["realm"].as_str().unwrap().to_owned();
    Some(serde_json::from_str(&text.replace(&name, "acme")).unwrap())
}

/// Without ids, generated keys and what else differs from realm to realm; lists in one order.
fn comparable(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for name in ["id", "containerId", "internalId", "parentId", "privateKey", "certificate", "secret", "kid"] {
                fields.remove(name);
            }
            fields.values_mut().for_each(comparable);
            fields.sort_keys();
        }
        Value::Array(list) => {
            list.iter_mut().for_each(comparable);
            list.sort_by_key(Value::to_string);
        }
        _ => {}
    }
}

#[tokio::test]
async fn a_new_realm_has_what_every_realm_has() {
    let kc = TestServer::start().await;
    kc.realms().create(&realm(json!({"realm": "acme"}))).await.unwrap();
    let mut ours = export(&kc, "acme").await;
    assert_eq!(ours["enabled"], false);
    let clients = names(&ours["clients"], "clientId");
    let usual = ["account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console"];
    assert_eq!(clients.iter().map(String::as_str).collect::<Vec<_>>(), usual);
    assert!(names(&ours["roles"]["realm"], "name").contains("default-roles-acme"));
    assert_eq!(ours["components"]["org.keycloak.keys.KeyProvider"].as_array().unwrap().len(), 4);
    if let Some(mut keycloaks) = keycloaks_new_realm() {
        comparable(&mut ours);
        comparable(&mut keycloaks);
        let fields = |realm: &Value| realm.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
        let both: Vec<_> = fields(&ours).intersection(&fields(&keycloaks)).cloned().collect();
        assert!(both.len() > 100, "{both:?}");
        for field in both.iter().filter(|f| !["enabled", "users", "components"].contains(&f.as_str())) {
            assert_eq!(ours[field], keycloaks[field], "{field}");
        }
    }
}

#[tokio::test]
async fn an_import_keeps_ids_and_an_export_gives_back_what_went_in() {
    let given = json!({
        "id": "realm-id", "realm": "other", "enabled": true, "attributes": {"frontendUrl": "", "own": "1"},
        "clients": [
            {"id": "app-id", "clientId": "app", "secret": "s3cret", "serviceAccountsEnabled": true},
            {"id": "spa-id", "clientId": "spa", "publicClient": true, "defaultClientScopes": ["profile"]},
        ],
        "roles": {
            "realm": [{"id": "boss-id", "name": "boss", "composites": {"client": {"app": ["tool"]}}}],
            "client": {"app": [{"id": "tool-id", "name": "tool"}]},
        },
        "groups": [{"id": "crew-id", "name": "crew", "attributes": {"floor": ["2"]}, "subGroups": [
            {"id": "night-id", "name": "night", "realmRoles": ["boss"], "clientRoles": {"app": ["tool"]}},
        ]}],
        "defaultGroups": ["/crew/night"],
        "users": [
            {"id": "alice-id", "username": "Alice", "enabled": true},
            {"id": "robot-id", "username": "service-account-app", "enabled": true, "serviceAccountClientId": "app",
             "groups": ["/crew"], "realmRoles": ["boss"], "attributes": {"made": ["here"]}},
        ],
        "scopeMappings": [{"client": "spa", "roles": ["boss"]}, {"clientScope": "profile", "roles": ["boss"]}],
        "clientScopeMappings": {"app": [{"client": "spa", "roles": ["tool"]}]},
        "smtpServer": {"host": "mail", "password": "hidden"},
        "identityProviders": [{"alias": "up", "providerId": "oidc", "config": {"clientId": "x", "clientSecret": "hidden"}}],
    });
    let kc = TestServer::start().await;
    kc.realms().create(&realm(given)).await.unwrap();
    let all = export(&kc, "other").await;
    let named = |list: &Value, key: &str, name: &str| {
        list.as_array().unwrap().iter().find(|e| e[key] == name).cloned().unwrap()
    };
    assert_eq!((&all["id"], &all["keycloakVersion"]), (&json!("realm-id"), &json!("26.7.4")));
    assert_eq!((&all["attributes"]["own"], &all["attributes"]["frontendUrl"]), (&json!("1"), &json!("")));
    let app = named(&all["clients"], "clientId", "app");
    assert_eq!((&app["id"], &app["secret"]), (&json!("app-id"), &json!("**********")));
    assert_eq!(named(&all["clients"], "clientId", "spa")["defaultClientScopes"], json!(["profile"]));
    let boss = named(&all["roles"]["realm"], "name", "boss");
    assert_eq!((&boss["id"], &boss["composites"]["client"]["app"]), (&json!("boss-id"), &json!(["tool"])));
    assert_eq!(all["roles"]["client"]["app"][0]["id"], "tool-id");
    let night = &all["groups"][0]["subGroups"][0];
    assert_eq!((&night["id"], &night["path"]), (&json!("night-id"), &json!("/crew/night")));
    assert_eq!((&night["parentId"], &night["clientRoles"]), (&json!("crew-id"), &json!({"app": ["tool"]})));
    assert_eq!(all["defaultGroups"], json!(["/crew/night"]));
    let robots = all["users"].as_array().unwrap();
    assert_eq!(robots.len(), 1, "people are not exported");
    assert_eq!((&robots[0]["id"], &robots[0]["groups"]), (&json!("robot-id"), &json!(["/crew"])));
    assert_eq!((&robots[0]["realmRoles"], &robots[0]["attributes"]), (&json!(["boss"]), &json!({"made": ["here"]})));
    assert!(all["scopeMappings"].as_array().unwrap().contains(&json!({"client": "spa", "roles": ["boss"]})));
    assert!(all["scopeMappings"].as_array().unwrap().contains(&json!({"clientScope": "profile", "roles": ["boss"]})));
    assert_eq!(all["clientScopeMappings"]["app"], json!([{"client": "spa", "roles": ["tool"]}]));
    assert_eq!(all["smtpServer"]["password"], "**********");
    assert_eq!(all["identityProviders"][0]["config"]["clientSecret"], "**********");
    assert!(!all.to_string().contains("hidden") && !all.to_string().contains("s3cret"));

    let alone = kc.realms().partial_export("other", &PartialExport::default()).await.unwrap();
    assert!(alone.clients.is_none() && alone.groups.is_none() && alone.roles.is_none() && alone.users.is_none());
    let settings = PartialExport { export_groups_and_roles: Some(true), ..PartialExport::default() };
    let roles = kc.realms().partial_export("other", &settings).await.unwrap().roles.unwrap();
    assert!(roles.realm.is_some() && roles.client.is_none(), "roles of clients come with the clients");
}

#[tokio::test]
async fn an_export_can_be_imported_again() {
    let kc = TestServer::start().await;
    kc.realms().create(&realm(json!({"realm": "first", "enabled": true, "groups": [{"name": "crew"}]}))).await.unwrap();
    let mut first = export(&kc, "first").await;
    kc.realms().delete("first").await.unwrap();
    kc.realms().create(&realm(first.clone())).await.unwrap();
    let mut second = export(&kc, "first").await;
    for side in [&mut first, &mut second] {
        comparable(side);
    }
    assert_eq!(first, second);
}

#[tokio::test]
async fn an_old_export_is_brought_forward() {
    let kc = TestServer::start().await;
    let old = json!({
        "realm": "old", "enabled": true, "keycloakVersion": "25.0.1", "clients": [{"clientId": "admin-cli", "publicClient": true}],
        "clientScopes": [{"name": "basic", "protocol": "openid-connect"}],
        "requiredActions": [
            {"alias": "VERIFY_EMAIL", "providerId": "VERIFY_EMAIL", "priority": 50},
            {"alias": "UPDATE_PASSWORD", "providerId": "UPDATE_PASSWORD", "priority": 30},
        ],
    });
    kc.realms().create(&realm(old)).await.unwrap();
    let all = export(&kc, "old").await;
    let scopes = names(&all["clientScopes"], "name");
    let wanted = ["AuthnContextClassRef", "basic", "offline_access", "service_account"];
    assert_eq!(scopes.iter().map(String::as_str).collect::<Vec<_>>(), wanted);
    let actions = names(&all["requiredActions"], "alias");
    assert!(actions.contains("idp_link") && actions.contains("delete_account"));
    let actions = all["requiredActions"].as_array().unwrap();
    assert!(actions.iter().any(|a| a["alias"] == "UPDATE_PASSWORD" && a["priority"] == 57));
    let console = all["clients"].as_array().unwrap().iter().find(|c| c["clientId"] == "admin-cli").unwrap();
    assert_eq!(console["attributes"]["client.use.lightweight.access.token.enabled"], "true");
}

#[tokio::test]
async fn a_realm_that_brings_flows_has_no_others_but_those_that_it_binds() {
    let kc = TestServer::start().await;
    let flow = |alias: &str| json!({"alias": alias, "providerId": "basic-flow", "topLevel": true});
    let given = json!({
        "realm": "flows", "browserFlow": "mine", "directGrantFlow": "mine", "registrationFlow": "mine",
        "resetCredentialsFlow": "mine", "dockerAuthenticationFlow": "mine", "firstBrokerLoginFlow": "mine",
        "authenticationFlows": [flow("mine"), flow("spare")],
    });
    kc.realms().create(&realm(given)).await.unwrap();
    let flows = names(&export(&kc, "flows").await["authenticationFlows"], "alias");
    assert_eq!(flows.iter().map(String::as_str).collect::<Vec<_>>(), ["clients", "mine", "spare"]);
}

#[tokio::test]
async fn users_of_a_keycloak_log_in_with_the_passwords_they_had() {
    let kc = TestServer::start().await;
    let exported: Value = serde_json::from_str(include_str!("../fixtures/hashes.json")).unwrap();
    kc.realms().create(&realm(exported)).await.unwrap();
    let hashes = kc.realm("hashes");
    for (name, password) in
        [("argon", "correct horse Argon2"), ("pbkdf", "correct horse PBKDF2"), ("older", "correct horse SHA-256")]
    {
        let login = |password: &str| {
            let login = Login::password(name, password).realm("hashes").client("admin-cli", ClientAuth::none());
            kc.login(login)
        };
        assert!(login("wrong").realms().get("hashes").await.is_err());
        let id = hashes.users().list(&serde_json::from_value(json!({"username": name})).unwrap()).await.unwrap();
        let id = id[0].id.clone().unwrap();
        let stored = async || {
            let list = hashes.user(&id).credentials().list().await.unwrap();
            (list[0].id.clone().unwrap(), list[0].credential_data.clone().unwrap())
        };
        let before = stored().await;
        // the password is right; what is refused afterwards is the administration of the realm
        assert_eq!(refused(login(password).realms().get("hashes").await).0, 403, "{name}");
        let after = stored().await;
        assert_eq!(before.0, after.0, "the credential stays the same one");
        assert!(after.1.contains("\"argon2\""), "hashed anew as the realm's policy asks: {}", after.1);
        assert_eq!(before.1 == after.1, name == "argon");
        assert_eq!(refused(login(password).realms().get("hashes").await).0, 403, "{name} logs in again");
    }
}

#[tokio::test]
async fn a_partial_import_adds_all_or_nothing() {
    let kc = acme(json!({})).await;
    let all = json!({
        "users": [{"username": "ann", "email": "ann@example.org", "enabled": true, "groups": ["/staff"], "realmRoles": ["boss"]}],
        "groups": [{"name": "staff", "subGroups": [{"name": "sales"}]}],
        "clients": [{"clientId": "shop", "serviceAccountsEnabled": true}],
        "roles": {"realm": [{"name": "boss", "composites": {"client": {"shop": ["buyer"]}}}], "client": {"shop": [{"name": "buyer"}]}},
        "identityProviders": [{"alias": "up", "providerId": "oidc", "config": {"clientId": "x"}}],
        "identityProviderMappers": [{"name": "m", "identityProviderAlias": "up", "identityProviderMapper": "hardcoded-attribute-idp-mapper"}],
    });
    let results = import(&kc, all.clone()).await.unwrap();
    assert_eq!((results.added, results.overwritten, results.skipped), (Some(7), Some(0), Some(0)));
    assert_eq!(
        done(&results),
        [
            "ADDED CLIENT shop",
            "ADDED REALM_ROLE boss",
            "ADDED CLIENT_ROLE shop-->buyer",
            "ADDED IDP up",
            "ADDED IDP_MAPPER m",
            "ADDED GROUP staff",
            "ADDED USER ann",
        ]
    );
    let exported = export(&kc, "acme").await;
    assert_eq!(exported["identityProviders"][0]["alias"], "up");
    assert_eq!(exported["users"][0]["username"], "service-account-shop");

    for (part, words) in [
        (json!({"clients": all["clients"]}), "Client id 'shop' already exists"),
        (json!({"users": [{"username": "new"}, {"username": "Ann"}]}), "User with user name Ann already exists."),
        (
            json!({"users": [{"username": "new"}, {"username": "x", "email": "ann@example.org"}]}),
            "User with user name x already exists.",
        ),
        (json!({"roles": {"realm": [{"name": "new"}, {"name": "boss"}]}}), "Realm role 'boss' already exists."),
        (json!({"groups": [{"name": "new"}, {"name": "staff"}]}), "Group '/staff' already exists"),
        (json!({"identityProviders": [{"alias": "new"}, {"alias": "up"}]}), "Identity Provider 'up' already exists."),
    ] {
        assert_eq!(refused(import(&kc, part).await), (409, words.to_owned()));
    }
    let exported = export(&kc, "acme").await.to_string();
    assert!(!exported.contains("\"new\""), "nothing is half written");
    let nobody = json!({"roles": {"client": {"none": [{"name": "x"}]}}});
    assert_eq!(refused(import(&kc, nobody).await).0, 412);
    assert_eq!(refused(import(&kc, json!({"ifResourceExists": "PERHAPS"})).await).0, 400);
    assert_eq!(refused(import(&kc, json!({"users": [{"username": "x", "groups": ["/none"]}]})).await).0, 400);
}

#[tokio::test]
async fn a_partial_import_skips_or_overwrites_what_is_there() {
    let kc = acme(json!({
        "users": [user("ann", &[])], "roles": {"realm": [{"name": "boss", "description": "old"}]}, "groups": [{"name": "staff"}],
        "clients": [{"id": "shop-id", "clientId": "shop", "name": "Old"}],
    }))
    .await;
    let parts = json!({
        "users": [{"username": "ann", "firstName": "New"}], "roles": {"realm": [{"name": "boss", "description": "new"}]},
        "groups": [{"name": "staff", "description": "new"}], "clients": [{"clientId": "shop", "name": "New"}, {"clientId": "account"}],
    });
    let with = |how: &str| {
        let mut body = parts.clone();
        body["ifResourceExists"] = how.into();
        body
    };
    let skipped = import(&kc, with("SKIP")).await.unwrap();
    assert_eq!((skipped.skipped, skipped.overwritten), (Some(4), Some(0)));
    let acme = kc.realm("acme");
    assert_eq!(acme.clients().get("shop-id").await.unwrap().name.as_deref(), Some("Old"));
    assert_eq!(acme.roles().get("boss").await.unwrap().description.as_deref(), Some("old"));

    let written = import(&kc, with("OVERWRITE")).await.unwrap();
    assert_eq!((written.skipped, written.overwritten), (Some(0), Some(4)), "clients of every realm are let alone");
    assert_eq!(refused(acme.clients().get("shop-id").await).0, 404);
    assert_eq!(acme.roles().get("boss").await.unwrap().description.as_deref(), Some("new"));
    let default = json!({"ifResourceExists": "OVERWRITE", "roles": {"realm": [{"name": "default-roles-acme", "description": "d"}]}});
    import(&kc, default).await.unwrap();
    let role = kc.realms().get("acme").await.unwrap().default_role.unwrap();
    assert_eq!(role.description.as_deref(), Some("d"), "the default role is changed, not replaced");
}

#[tokio::test]
async fn deleting_a_realm_leaves_nothing_of_it() {
    let kc = TestServer::start().await;
    let count = async || {
        let tables = [
            "realm",
            "component",
            "client",
            "client_scope",
            "realm_client_scope",
            "client_client_scope",
            "role",
            "role_composite",
            "client_scope_mapping",
            "scope_scope_mapping",
            "user_group",
            "group_attribute",
            "group_role",
            "realm_default_group",
            "user_account",
            "user_attribute",
            "user_role",
            "group_member",
            "credential",
            "federated_identity",
            "user_consent",
            "user_session",
            "client_session",
            "auth_session",
            "login_failure",
        ];
        let count = |db: &mut Db, table| db.count(&format!("SELECT count(*) FROM {table}"), &[]).unwrap();
        kc.db(move |db| tables.map(|table| (table, count(db, table)))).await
    };
    // the administrator's own session stays
    kc.realms().list(&Default::default()).await.unwrap();
    let before = count().await;
    kc.realms()
        .create(&realm(json!({
            "realm": "acme", "enabled": true, "bruteForceProtected": true,
            "passwordPolicy": "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)",
            "roles": {"realm": [{"name": "boss", "composites": {"realm": ["offline_access"]}}]},
            "groups": [{"name": "crew", "attributes": {"a": ["1"]}, "realmRoles": ["boss"]}], "defaultGroups": ["/crew"],
            "clients": [{"clientId": "app", "secret": "s", "directAccessGrantsEnabled": true, "fullScopeAllowed": false}],
            "scopeMappings": [{"client": "app", "roles": ["boss"]}],
            "users": [{
                "username": "alice", "enabled": true, "email": "a@example.org", "firstName": "A", "lastName": "A",
                "attributes": {"k": ["v"]}, "groups": ["/crew"], "credentials": [{"type": "password", "value": "pw"}],
                "federatedIdentities": [{"identityProvider": "up", "userId": "1"}],
                "clientConsents": [{"clientId": "app", "grantedClientScopes": ["profile"]}],
            }],
        })))
        .await
        .unwrap();
    for (password, works) in [("wrong", false), ("pw", true)] {
        let login = Login::password("alice", password).realm("acme").client("app", ClientAuth::basic("s"));
        assert_eq!(refused(kc.login(login).realms().get("acme").await).0 == 403, works);
    }
    assert!(count().await.iter().zip(&before).filter(|(now, then)| now.1 > then.1).count() > 20);
    kc.realms().delete("acme").await.unwrap();
    assert_eq!(count().await, before);
    assert_eq!(refused(kc.realms().get("acme").await), (404, "Realm not found.".to_owned()));
}

#[tokio::test]
async fn a_name_is_taken_once() {
    let kc = acme(json!({})).await;
    let taken = kc.realms().create(&realm(json!({"realm": "acme"}))).await;
    assert_eq!(refused(taken), (409, "Realm acme already exists".to_owned()));
    let id = kc.realms().get("acme").await.unwrap().id;
    let same_id = kc.realms().create(&realm(json!({"realm": "other", "id": id}))).await;
    assert_eq!(refused(same_id).0, 409);
    kc.realms().create(&realm(json!({"realm": "other"}))).await.unwrap();
    let renamed = kc.realms().update("other", &realm(json!({"realm": "acme"}))).await;
    assert_eq!(refused(renamed), (409, "Realm with same name exists".to_owned()));
    for name in ["", " ", "a/b", "a?b"] {
        assert_eq!(refused(kc.realms().create(&realm(json!({"realm": name}))).await).0, 400, "{name:?}");
    }
    let long = "x".repeat(256);
    assert_eq!(refused(kc.realms().create(&realm(json!({"realm": long}))).await).0, 400);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let kc = acme(json!({})).await;
    let send = async |method: Method, path: &str, body: &'static str| {
        let request = Request::builder().method(method).uri(format!("/admin/realms{path}"));
        let request = request.header(header::CONTENT_TYPE, "application/json").body(body.into()).unwrap();
        let answer = kc.admin().request(request).await.unwrap();
        (answer.status().as_u16(), serde_json::from_slice::<Value>(answer.body()).unwrap())
    };
    let unreadable = json!({"errorMessage": "unable to read contents from stream"});
    for body in ["[]", "{", "", "\"text\"", "{\"realm\": \"x\", \"nonsense\": 1}"] {
        assert_eq!(send(Method::POST, "", body).await, (400, unreadable.clone()), "{body}");
    }
    let wrong_type = send(Method::PUT, "/acme", "{\"accessTokenLifespan\": \"soon\"}").await;
    assert_eq!((wrong_type.0, &wrong_type.1["error"]), (400, &json!("unknown_error")));
    for path in ["/acme/partialImport", "/acme/localization/en"] {
        assert_eq!(send(Method::POST, path, "[1]").await.0, 400, "{path}");
    }
    let unknown_field = send(Method::POST, "/acme/partialImport", "{\"nonsense\": 1}").await;
    assert_eq!((unknown_field.0, &unknown_field.1["added"]), (200, &json!(0)), "as Keycloak, which passes it over");
}

#[tokio::test]
async fn a_realms_administrators_see_their_realm_alone() {
    let kc =
        acme(json!({"users": [user("boss", &["manage-realm"]), user("viewer", &["view-realm"]), user("nobody", &[])]}))
            .await;
    kc.realms().create(&realm(json!({"realm": "other", "enabled": true}))).await.unwrap();
    let (boss, viewer, nobody) = (by(&kc, "boss"), by(&kc, "viewer"), by(&kc, "nobody"));
    assert_eq!(refused(boss.realms().get("other").await).0, 403);
    assert_eq!(refused(boss.realms().partial_export("other", &PartialExport::default()).await).0, 403);
    assert_eq!(refused(boss.realms().create(&realm(json!({"realm": "third"}))).await).0, 403);
    assert_eq!(boss.realms().list(&Default::default()).await.unwrap().len(), 1);
    assert_eq!(refused(nobody.realms().get("acme").await).0, 403);

    assert!(viewer.realms().get("acme").await.unwrap().access_token_lifespan.is_some());
    assert_eq!(refused(viewer.realms().partial_export("acme", &PartialExport::default()).await).0, 403);
    assert_eq!(refused(import(&viewer, json!({"users": []})).await).0, 403);
    assert_eq!(refused(viewer.realms().push_revocation("acme").await).0, 403);
    assert_eq!(refused(viewer.realms().update("acme", &Realm::default()).await).0, 403);
    assert_eq!(refused(viewer.realms().delete("acme").await).0, 403);
    let texts = StringMap::from([("a", "b")]);
    assert_eq!(refused(viewer.realm("acme").localization().add("en", &texts).await).0, 403);
    assert!(boss.realms().partial_export("acme", &PartialExport::default()).await.is_ok());
    boss.realms().delete("acme").await.unwrap();
}

#[tokio::test]
async fn texts_are_kept_by_locale_and_key() {
    let kc =
        acme(json!({"internationalizationEnabled": true, "supportedLocales": ["de", "en"], "defaultLocale": "de"}))
            .await;
    let acme = kc.realm("acme");
    let texts = acme.localization();
    texts.add("de", &StringMap::from([("hello", "Hallo"), ("bye", "Tschüss")])).await.unwrap();
    texts.add("de", &StringMap::from([("bye", "Ade")])).await.unwrap();
    texts.set("en", "hello", "Hello").await.unwrap();
    assert_eq!(texts.locales().await.unwrap(), ["de", "en"]);
    assert_eq!(texts.get("de", "bye").await.unwrap(), "Ade");
    let with = |fall_back: bool| LocalizationQuery { use_realm_default_locale_fallback: Some(fall_back) };
    assert_eq!(texts.list("en", &with(true)).await.unwrap(), StringMap::from([("bye", "Ade"), ("hello", "Hello")]));
    assert!(texts.list("fr", &with(false)).await.unwrap().is_empty());
    texts.remove("de", "bye").await.unwrap();
    assert_eq!(refused(texts.remove("de", "bye").await), (404, "Localization text not found".to_owned()));
    texts.delete("de").await.unwrap();
    assert_eq!(refused(texts.delete("de").await), (404, "No localization texts for locale de found.".to_owned()));
}
