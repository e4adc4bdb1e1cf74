//! The roles of users and groups, and who may hand them out.

use crate::admins::{acme, by, refused, user, user_id};
use cloakroom_api::admin::{query::Brief, roles::Role, users::UserGroupQuery};
use cloakroom_testkit::TestServer;
use serde_json::json;

async fn world() -> TestServer {
    acme(json!({
        "clients": [{"id": "app-id", "clientId": "app"}],
        "roles": {
            "realm": [
                {"id": "r1", "name": "outer", "composites": {"realm": ["inner"], "client": {"app": ["tool"]}}},
                {"id": "r2", "name": "inner"},
                {"id": "r3", "name": "plain", "attributes": {"k": ["v"]}},
                {"id": "r4", "name": "boss", "composites": {"client": {"realm-management": ["manage-realm"]}}},
                {"id": "r5", "name": "help", "composites": {"client": {"realm-management": ["view-users"]}}},
            ],
            "client": {"app": [{"id": "c1", "name": "tool"}, {"id": "c2", "name": "spare"}]},
        },
        "groups": [
            {"id": "g1", "name": "crew", "subGroups": [{"id": "g2", "name": "night"}]},
            {"id": "g3", "name": "rulers", "realmRoles": ["boss"], "subGroups": [{"id": "g4", "name": "heirs"}]},
        ],
        "users": [
            json!({"id": "alice", "username": "alice", "enabled": true, "groups": ["/crew/night"]}),
            user("helper", &["manage-users"]), user("viewer", &["view-users"]), user("nobody", &[]),
        ],
    }))
    .await
}

fn role(id: &str, name: &str) -> Role {
    Role { id: Some(id.to_owned()), name: Some(name.to_owned()), ..Role::default() }
}

fn names(roles: &[Role]) -> String {
    roles.iter().filter_map(|r| r.name.as_deref()).collect::<Vec<_>>().join(" ")
}

/// The id of a client role of the realm's administration, and that of the client.
async fn managing(kc: &TestServer, name: &str) -> (String, Vec<Role>) {
    let acme = kc.realm("acme");
    let management = acme.roles().composites("boss").await.unwrap()[0].container_id.clone().unwrap();
    let role = acme.client(&management).roles().get(name).await.unwrap();
    (management, vec![role])
}

#[tokio::test]
async fn roles_are_mapped_by_id_and_name_all_or_none() {
    let kc = world().await;
    let acme = kc.realm("acme");
    let alice = acme.user("alice");
    let mapped = alice.role_mappings();
    let nothing = (404, "Role not found".to_owned());
    for wrong in
        [role("r3", "other"), role("none", "plain"), role("c1", "tool"), Role { id: None, ..role("", "plain") }]
    {
        let list = vec![role("r2", "inner"), wrong];
        assert_eq!(refused(mapped.realm().add(&list).await), nothing);
        assert_eq!(refused(mapped.realm().remove(&Some(list)).await), nothing);
    }
    assert_eq!(refused(mapped.client("app-id").add(&vec![role("r3", "plain")]).await), nothing);
    assert_eq!(refused(mapped.client("none").list().await), (404, "Client not found".to_owned()));
    assert_eq!(names(&mapped.realm().list().await.unwrap()), "");
    mapped.realm().add(&vec![role("r2", "inner"), role("r3", "plain")]).await.unwrap();
    mapped.realm().add(&vec![role("r2", "inner")]).await.unwrap();
    mapped.realm().add(&vec![]).await.unwrap();
    assert_eq!(names(&mapped.realm().list().await.unwrap()), "inner plain");
}

#[tokio::test]
async fn a_removal_without_a_list_removes_all_of_the_container() {
    let kc = world().await;
    let acme = kc.realm("acme");
    let mapped = acme.user("alice");
    let mapped = mapped.role_mappings();
    mapped.realm().add(&vec![role("r2", "inner"), role("r3", "plain")]).await.unwrap();
    mapped.client("app-id").add(&vec![role("c2", "spare")]).await.unwrap();
    let all = mapped.all().list().await.unwrap();
    assert_eq!(names(&all.realm_mappings.unwrap()), "inner plain");
    let of_app = &all.client_mappings.unwrap()["app"];
    assert_eq!((of_app.id.as_deref(), names(of_app.mappings.as_ref().unwrap())), (Some("app-id"), "spare".to_owned()));
    mapped.realm().remove(&Some(vec![])).await.unwrap();
    assert_eq!(names(&mapped.realm().list().await.unwrap()), "inner plain", "an empty list is a list");
    mapped.realm().remove(&None).await.unwrap();
    assert_eq!(names(&mapped.realm().list().await.unwrap()), "");
    assert_eq!(names(&mapped.client("app-id").list().await.unwrap()), "spare");
    mapped.client("app-id").remove(&None).await.unwrap();
    let none = mapped.all().list().await.unwrap();
    assert!(none.realm_mappings.is_none() && none.client_mappings.is_none());
}

#[tokio::test]
async fn roles_come_by_groups_above_and_within_other_roles() {
    let kc = world().await;
    let acme = kc.realm("acme");
    let (crew, night, alice) = (acme.group("g1"), acme.group("g2"), acme.user("alice"));
    crew.role_mappings().realm().add(&vec![role("r1", "outer")]).await.unwrap();
    let brief = Brief::default();
    for composite in
        [night.role_mappings().realm().effective(&brief).await, alice.role_mappings().realm().effective(&brief).await]
    {
        assert_eq!(names(&composite.unwrap()), "inner outer");
    }
    let of_app = alice.role_mappings().client("app-id").effective(&Brief { brief_representation: Some(false) }).await;
    let of_app = of_app.unwrap();
    assert_eq!((names(&of_app), of_app[0].attributes.is_some()), ("tool".to_owned(), true));
    assert_eq!(names(&night.role_mappings().realm().list().await.unwrap()), "");
    assert_eq!(names(&alice.role_mappings().client("app-id").available().await.unwrap()), "spare tool");
    let available = names(&crew.role_mappings().realm().available().await.unwrap());
    assert!(
        available.contains("inner") && !available.contains("outer"),
        "what comes by another way can still be mapped"
    );
}

#[tokio::test]
async fn nobody_hands_out_more_than_they_have() {
    let kc = world().await;
    let (management, manage_realm) = managing(&kc, "manage-realm").await;
    let helper = by(&kc, "helper");
    let acme = helper.realm("acme");
    let alice = acme.user("alice");
    let of_management = alice.role_mappings();
    let of_management = of_management.client(&management);
    assert_eq!(refused(of_management.add(&manage_realm).await).0, 403);
    assert_eq!(refused(of_management.remove(&Some(manage_realm.clone())).await).0, 403);
    for (name, may) in [
        ("view-users", true),
        ("manage-users", true),
        ("query-clients", true),
        ("view-clients", false),
        ("realm-admin", false),
        ("impersonation", false),
    ] {
        assert_eq!(of_management.add(&managing(&kc, name).await.1).await.is_ok(), may, "{name}");
    }
    let offered = names(&of_management.available().await.unwrap());
    assert_eq!(offered, "query-groups query-organizations query-realms query-users");

    // nor inside another role
    let realm = alice.role_mappings();
    assert_eq!(refused(realm.realm().add(&vec![role("r4", "boss")]).await).0, 403);
    realm.realm().add(&vec![role("r5", "help")]).await.unwrap();
    assert!(!names(&realm.realm().available().await.unwrap()).contains("boss"));
    assert_eq!(refused(acme.group("g1").role_mappings().realm().add(&vec![role("r4", "boss")]).await).0, 403);

    // nor by way of a group
    for group in ["g3", "g4"] {
        assert_eq!(refused(acme.users().join_group("alice", group).await).0, 403);
    }
    acme.users().join_group("alice", "g1").await.unwrap();

    // and removing all is removing each
    kc.realm("acme").user("alice").role_mappings().client(&management).add(&manage_realm).await.unwrap();
    assert_eq!(refused(of_management.remove(&None).await).0, 403);
    assert_eq!(names(&of_management.list().await.unwrap()), "manage-realm manage-users query-clients view-users");
}

#[tokio::test]
async fn a_new_role_counts_at_once() {
    let kc = world().await;
    let nobody = by(&kc, "nobody");
    let acme = nobody.realm("acme");
    assert_eq!(refused(acme.users().groups("alice", &UserGroupQuery::default()).await).0, 403);
    let id = user_id(&kc, "nobody").await;
    let (management, view) = managing(&kc, "view-users").await;
    let all = kc.realm("acme");
    all.user(&id).role_mappings().client(&management).add(&view).await.unwrap();
    acme.users().groups("alice", &UserGroupQuery::default()).await.unwrap();
    all.user(&id).role_mappings().client(&management).remove(&Some(view)).await.unwrap();
    assert_eq!(refused(acme.users().groups("alice", &UserGroupQuery::default()).await).0, 403);
}

#[tokio::test]
async fn viewers_see_mappings_and_are_offered_none() {
    let kc = world().await;
    let (viewer, nobody) = (by(&kc, "viewer"), by(&kc, "nobody"));
    let seen = viewer.realm("acme");
    let seen = seen.user("alice");
    seen.role_mappings().all().list().await.unwrap();
    assert!(seen.role_mappings().realm().available().await.unwrap().is_empty());
    assert_eq!(refused(seen.role_mappings().realm().add(&vec![role("r3", "plain")]).await).0, 403);
    assert_eq!(refused(seen.role_mappings().realm().remove(&None).await).0, 403);
    let unseen = nobody.realm("acme");
    assert_eq!(refused(unseen.user("alice").role_mappings().all().list().await).0, 403);
    let unknown = refused(unseen.user("none").role_mappings().all().list().await).0;
    assert_eq!(unknown, 403, "who may not look for users does not learn that there is none");
    assert_eq!(refused(unseen.group("none").role_mappings().all().list().await).0, 404);
}

#[tokio::test]
async fn ids_of_another_realm_are_not_there() {
    let kc = world().await;
    let master = kc.realm("master");
    assert!(master.user("alice").role_mappings().all().list().await.unwrap_err().is_not_found());
    assert!(master.group("g1").role_mappings().realm().list().await.unwrap_err().is_not_found());
    let acme = kc.realm("acme");
    let admin = master.roles().get("admin").await.unwrap();
    assert!(acme.user("alice").role_mappings().realm().add(&vec![admin.clone()]).await.unwrap_err().is_not_found());
    assert!(acme.group("g1").role_mappings().realm().add(&vec![admin]).await.unwrap_err().is_not_found());
    let foreign = master.roles().composites("admin").await.unwrap();
    let foreign = foreign.iter().find(|r| r.client_role == Some(true)).unwrap();
    let client = foreign.container_id.clone().unwrap();
    assert!(acme.user("alice").role_mappings().client(&client).list().await.unwrap_err().is_not_found());
    let through = acme.user("alice").role_mappings().client("app-id").add(&vec![foreign.clone()]).await;
    assert!(through.unwrap_err().is_not_found());
}
