//! A realm as one document.

use cloakroom::api::admin::realms::Realm;
use cloakroom::{Error, Export, blocking};
use cloakroom_testkit::TestServer;
use serde_json::{Value, json};

async fn server() -> TestServer {
    let kc = TestServer::start().await;
    let realm = json!({ "realm": "acme", "enabled": true, "groups": [{ "name": "sales" }],
        "clients": [{ "clientId": "app", "secret": "s3cret" }],
        "users": [{ "username": "ann", "enabled": true, "groups": ["/sales"] }, { "username": "bob" }] });
    let realm: Realm = serde_json::from_value(realm).unwrap();
    kc.realms().create(&realm).await.unwrap();
    kc
}

#[tokio::test]
async fn a_realm_is_written_with_its_users_and_the_clients_secrets() {
    let kc = server().await;
    let (mut file, mut told) = (Vec::new(), Vec::new());
    let export = kc.realms().export("acme").users(true).pretty(true).at_once(1);
    let exported = export.write(&mut file, |users| told.push(users)).await.unwrap();
    assert_eq!((exported.users, exported.masked.len()), (2, 0));
    assert_eq!(told, [1, 2]);
    let realm: Value = serde_json::from_slice(&file).unwrap();
    assert_eq!(realm["users"][0]["groups"], json!(["/sales"]));
    let app = realm["clients"].as_array().unwrap().iter().find(|client| client["clientId"] == "app");
    assert_eq!(app.unwrap()["secret"], "s3cret");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_clients_write_the_same() {
    let kc = server().await;
    let (mut one, mut other) = (Vec::new(), Vec::new());
    kc.realms().export("acme").users(true).write(&mut one, |_| {}).await.unwrap();
    let blocking = blocking::Client::over(cloakroom::Client::clone(&kc)).unwrap();
    blocking.realms().export("acme").users(true).write(&mut other, |_| {}).unwrap();
    assert!(one == other);
}

#[tokio::test]
async fn what_cannot_be_written_is_told() {
    let kc = server().await;
    let mut full = [0; 16];
    let failed = kc.realms().export("acme").write(&mut &mut full[..], |_| {}).await.unwrap_err();
    assert!(matches!(failed, Error::Write(_)), "{failed}");
    let missing = kc.realms().export("nowhere").write(&mut Vec::new(), |_| {}).await.unwrap_err();
    assert!(missing.is_not_found(), "{missing}");
}
