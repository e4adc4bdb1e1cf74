//! What takes several calls.

use cloakroom::api::admin::clients::Client as App;
use cloakroom::api::admin::groups::Group;
use cloakroom::api::admin::mappers::ProtocolMapper;
use cloakroom::api::admin::realms::Realm;
use cloakroom::api::admin::roles::Role;
use cloakroom::api::admin::users::User;
use cloakroom::prelude::*;
use cloakroom::{Ensured, blocking, each};
use cloakroom_testkit::TestServer;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Clock, builder, received};

fn user(name: &str) -> User {
    User { username: Some(name.into()), ..User::default() }
}

fn role(name: &str) -> Role {
    Role { name: Some(name.into()), ..Role::default() }
}

#[tokio::test]
async fn what_is_there_is_not_made_again() {
    let kc = TestServer::start().await;
    let new = Realm { realm: Some("acme".into()), enabled: Some(true), ..Realm::default() };
    assert!(kc.realms().ensure(&new).await.unwrap().created);
    assert!(!kc.realms().ensure(&new).await.unwrap().created);
    let realm = kc.realm("acme");

    let first = realm.users().ensure(&user("Bob")).await.unwrap();
    let second = realm.users().ensure(&user("bob")).await.unwrap();
    assert_eq!((first.created, second.created, &first.value.id), (true, false, &second.value.id));

    for name in ["staff", "a/b c;d"] {
        let ensured = realm.roles().ensure(&role(name)).await.unwrap();
        assert_eq!((ensured.created, ensured.value.name.as_deref()), (true, Some(name)));
        assert!(!realm.roles().ensure(&role(name)).await.unwrap().created);
        let group = Group { name: Some(name.into()), ..Group::default() };
        assert!(realm.groups().ensure(&group).await.unwrap().created);
        assert!(!realm.groups().ensure(&group).await.unwrap().created);
    }

    let app = App { client_id: Some("app".into()), ..App::default() };
    let Ensured { value, created } = realm.clients().ensure(&app).await.unwrap();
    let id = value.id.unwrap();
    assert!(created && !realm.clients().ensure(&app).await.unwrap().created);
    let client = realm.client(&id);
    assert!(client.roles().ensure(&role("reader")).await.unwrap().created);
    assert!(!client.roles().ensure(&role("reader")).await.unwrap().created);
    let mapper = ProtocolMapper {
        name: Some("nick".into()),
        protocol: Some("openid-connect".into()),
        protocol_mapper: Some("oidc-hardcoded-claim-mapper".into()),
        ..ProtocolMapper::default()
    };
    assert!(client.mappers().ensure(&mapper).await.unwrap().created);
    assert!(!client.mappers().ensure(&mapper).await.unwrap().created);
}

#[tokio::test]
async fn things_are_found_by_the_whole_of_their_name() {
    let kc = TestServer::start().await;
    let realm = kc.realm("master");
    let bob = realm.users().create(&user("bob.builder")).await.unwrap();
    assert_eq!(realm.users().find("Bob.Builder").await.unwrap().unwrap().id.as_deref(), Some(bob.id()));
    assert_eq!(realm.users().find("bob").await.unwrap(), None);
    let cli = realm.clients().find("admin-cli").await.unwrap().unwrap().id.unwrap();
    assert_eq!(realm.clients().get(&cli).await.unwrap().client_id.as_deref(), Some("admin-cli"));
    assert_eq!(realm.clients().find("admin").await.unwrap(), None);
    let email = realm.client_scopes().find("email").await.unwrap().unwrap().id.unwrap();
    let scope = realm.client_scope(&email);
    assert!(scope.mappers().find("email verified").await.unwrap().is_some());
    assert_eq!(realm.client(&cli).mappers().find("email verified").await.unwrap(), None);
}

#[tokio::test]
async fn another_field_that_is_taken_stays_a_conflict() {
    let kc = TestServer::start().await;
    let users = kc.realm("master").users();
    let with_mail = |name: &str| User { email: Some("bob@example.com".into()), ..user(name) };
    users.ensure(&with_mail("bob")).await.unwrap();
    assert!(users.ensure(&with_mail("rob")).await.unwrap_err().is_conflict());
    assert!(users.ensure(&User::default()).await.unwrap_err().to_string().contains("username"));
}

#[tokio::test]
async fn two_that_ensure_the_same_get_the_same() {
    let kc = TestServer::start().await;
    let roles = kc.realm("master").roles();
    let outcomes = each(0..12, 12, async |_| roles.ensure(&role("shared")).await.unwrap()).await;
    assert_eq!(outcomes.iter().filter(|o| o.created).count(), 1);
    assert!(outcomes.iter().all(|o| o.value.id == outcomes[0].value.id));
}

#[tokio::test]
async fn a_change_keeps_what_it_does_not_touch() {
    let kc = TestServer::start().await;
    let users = kc.realm("master").users();
    let bob = User { first_name: Some("Bob".into()), email: Some("bob@example.com".into()), ..user("bob") };
    let id = users.create(&bob).await.unwrap().id().to_owned();
    let written = users.modify(&id, |user| user.last_name = Some("Stone".into())).await.unwrap();
    let read = users.get(&id, &Default::default()).await.unwrap();
    assert_eq!(read.last_name.as_deref(), Some("Stone"));
    assert_eq!((&read.first_name, &read.email), (&bob.first_name, &bob.email));
    assert_eq!(written.username, read.username);

    kc.realms().modify("master", |realm| realm.display_name = Some("Main".into())).await.unwrap();
    let realm = kc.realms().get("master").await.unwrap();
    assert_eq!(realm.display_name.as_deref(), Some("Main"));
    assert!(users.modify("nobody", |_| ()).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_change_keeps_what_this_library_does_not_know() {
    let server = MockServer::start().await;
    let bob = json!({ "id": "7", "username": "bob", "enabled": true, "inventedLater": { "a": [1] },
        "attributes": { "x": ["1"], "y": ["2"] } });
    let at = "/admin/realms/acme/users/7";
    Mock::given(method("GET"))
        .and(path(at))
        .respond_with(ResponseTemplate::new(200).set_body_json(&bob))
        .mount(&server)
        .await;
    Mock::given(method("PUT")).and(path(at)).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let kc = builder(&server, &Clock::new()).build().unwrap();
    let users = kc.realm("acme").users();

    users.modify("7", |user| user.username = Some("bob".into())).await.unwrap();
    assert_eq!(received(&server, at).await.len(), 1, "nothing changed, so nothing is written");

    let change = |user: &mut User| {
        user.enabled = Some(false);
        user.attributes.as_mut().unwrap().remove("x");
    };
    users.modify("7", change).await.unwrap();
    let calls = received(&server, at).await;
    let written: Value = serde_json::from_slice(&calls.last().unwrap().body).unwrap();
    let expected = json!({ "id": "7", "username": "bob", "enabled": false, "inventedLater": { "a": [1] },
        "attributes": { "y": ["2"] } });
    assert_eq!(written, expected);
}

#[tokio::test]
async fn a_clients_attribute_that_is_taken_out_is_gone() {
    let kc = TestServer::start().await;
    let clients = kc.realm("master").clients();
    let attributes = [("one", "1"), ("two", "2")].into();
    let app = App { client_id: Some("app".into()), attributes: Some(attributes), ..App::default() };
    let id = clients.ensure(&app).await.unwrap().value.id.unwrap();
    clients.modify(&id, |app| drop(app.attributes.as_mut().unwrap().remove("one"))).await.unwrap();
    let attributes = clients.get(&id).await.unwrap().attributes.unwrap();
    assert_eq!((attributes.get("one"), attributes.get("two")), (None, Some("2")));
}

#[tokio::test]
async fn groups_come_as_a_tree() {
    let kc = TestServer::start().await;
    let groups = kc.realm("master").groups();
    for names in [&["sales", "europe", "north/west"][..], &["sales", "asia"], &["tech"]] {
        let group = groups.ensure_path(names).await.unwrap();
        assert_eq!(group.name.as_deref(), names.last().copied());
        assert_eq!(groups.ensure_path(names).await.unwrap().id, group.id);
    }
    // more than a page of children holds
    let sales = groups.by_path("sales").await.unwrap().id.unwrap();
    for n in 0..12 {
        let child = Group { name: Some(format!("x{n:02}")), ..Group::default() };
        groups.create_child(&sales, &child).await.unwrap();
    }
    fn shape(groups: &[Group]) -> Value {
        let named = |g: &Group| (g.name.clone().unwrap(), shape(g.sub_groups.as_deref().unwrap_or_default()));
        Value::Object(groups.iter().map(named).collect())
    }
    let tree = shape(&groups.tree().await.unwrap());
    assert_eq!(tree["tech"], json!({}));
    assert_eq!(tree["sales"]["europe"], json!({ "north/west": {} }));
    assert_eq!(tree["sales"].as_object().unwrap().len(), 14);
}

#[tokio::test]
async fn one_that_is_refused_stops_none_of_the_others() {
    let kc = TestServer::start().await;
    let names = ["a-1", "a-2", "a-1", "", "a-3"];
    let made = kc.realm("master").users().create_many(names.map(user).to_vec(), 1).await;
    let statuses: Vec<u16> = made.iter().map(|m| m.as_ref().map_or_else(|e| e.status(), |_| 201)).collect();
    assert_eq!(statuses, [201, 201, 409, 400, 201]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_of_it_works_without_async() {
    let server = TestServer::start().await;
    let kc = blocking::Client::over(server.admin().clone()).unwrap();
    let task = move || {
        let realm = kc.realm("master");
        let id = realm.users().ensure(&user("bob")).unwrap().value.id.unwrap();
        realm.users().modify(&id, |user| user.enabled = Some(true)).unwrap();
        assert_eq!(realm.users().get(&id, &Default::default()).unwrap().enabled, Some(true));
        realm.groups().ensure_path(&["a", "b"]).unwrap();
        assert_eq!(realm.groups().tree().unwrap()[0].sub_groups.as_ref().unwrap().len(), 1);
        assert!(realm.roles().create_many(vec![role("x"), role("y")], 2).iter().all(Result::is_ok));
        assert_eq!(realm.roles().get("nothing").or_none().unwrap(), None);
    };
    tokio::task::spawn_blocking(task).await.unwrap();
}
