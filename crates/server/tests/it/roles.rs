//! Roles: of the realm, of clients and by id; what they contain, and who has them.

use crate::admins::{acme, by, refused, user};
use cloakroom_api::{
    admin::{
        groups::Group,
        query::BriefPage,
        roles::{CompositeQuery, Composites, Role, RoleQuery},
    },
    fields::Attributes,
};
use cloakroom_testkit::TestServer;
use serde_json::{Value, json};

async fn world() -> TestServer {
    acme(json!({
        "clients": [{"id": "app-id", "clientId": "app"}, {"id": "other-id", "clientId": "other"}],
        "roles": {
            "realm": [
                {"name": "worker", "description": "Does things", "attributes": {"level": ["1"]}},
                {"name": "boss", "composites": {"client": {"realm-management": ["manage-realm"]}}},
            ],
            "client": {"app": [{"name": "tool"}], "other": [{"name": "gear"}]},
        },
        "groups": [{"name": "crew", "realmRoles": ["worker"]}],
        "users": [
            user("viewer", &["view-realm"]), user("settings", &["manage-realm"]), user("clients", &["manage-clients"]),
            user("both", &["manage-realm", "manage-clients"]), user("nobody", &[]),
            json!({"username": "worker", "enabled": true, "realmRoles": ["worker"]}),
        ],
    }))
    .await
}

fn named(name: &str) -> Role {
    Role { name: Some(name.to_owned()), ..Role::default() }
}

fn names(roles: &[Role]) -> String {
    roles.iter().filter_map(|r| r.name.as_deref()).collect::<Vec<_>>().join(" ")
}

fn query(fields: Value) -> RoleQuery {
    serde_json::from_value(fields).unwrap()
}

/// The id of the realm's administration.
async fn management(kc: &TestServer) -> String {
    let realm = kc.realm("acme");
    let boss = realm.roles().composites("boss").await.unwrap();
    boss[0].container_id.clone().unwrap()
}

#[tokio::test]
async fn a_name_may_have_any_character() {
    let kc = world().await;
    let acme = kc.realm("acme");
    for name in ["/ ; = + % ü", " lead", "a/b", "c%2Fd", "..."] {
        let made = acme.roles().create(&named(name)).await.unwrap();
        assert!(made.location.is_ascii(), "{}", made.location);
        assert_eq!(acme.roles().get(name).await.unwrap().name.as_deref(), Some(name));
        acme.roles().update(name, &Role { description: Some("d".to_owned()), ..named(name) }).await.unwrap();
        acme.client("app-id").roles().create(&named(name)).await.unwrap();
        acme.client("app-id").roles().delete(name).await.unwrap();
        acme.roles().delete(name).await.unwrap();
        assert_eq!(refused(acme.roles().get(name).await), (404, "Could not find role".to_owned()));
    }
}

#[tokio::test]
async fn a_name_is_needed_and_unique_in_its_container() {
    let kc = world().await;
    let acme = kc.realm("acme");
    let taken = (409, "Role with name worker already exists".to_owned());
    assert_eq!(refused(acme.roles().create(&named("worker")).await), taken);
    acme.client("app-id").roles().create(&named("worker")).await.unwrap();
    assert_eq!(refused(acme.client("app-id").roles().create(&named("worker")).await), taken);
    assert_eq!(
        refused(acme.roles().update("boss", &named("worker")).await),
        (409, "Duplicate resource error".to_owned())
    );
    for bad in [Role::default(), named(""), named(&"x".repeat(256))] {
        assert_eq!(refused(acme.roles().create(&bad).await).0, 400);
        assert_eq!(refused(acme.roles().update("boss", &bad).await).0, 400);
    }
}

#[tokio::test]
async fn an_update_without_a_description_clears_it_and_without_attributes_keeps_them() {
    let kc = world().await;
    let acme = kc.realm("acme");
    acme.roles().update("worker", &named("author")).await.unwrap();
    let author = acme.roles().get("author").await.unwrap();
    assert_eq!((author.description, author.attributes.unwrap()["level"].len()), (None, 1));
    acme.roles().update("author", &Role { attributes: Some(Attributes::default()), ..named("author") }).await.unwrap();
    assert!(acme.roles().get("author").await.unwrap().attributes.unwrap().is_empty());
}

#[tokio::test]
async fn a_page_of_roles_takes_both_its_first_and_its_length() {
    let kc = world().await;
    let roles = kc.realm("acme");
    let roles = roles.client("app-id");
    for i in 0..4 {
        let description = Some(format!("Does {i}"));
        roles.roles().create(&Role { description, ..named(&format!("task-{i}")) }).await.unwrap();
    }
    for (fields, expected) in [
        (json!({"first": 1, "max": 2}), "task-1 task-2"),
        (json!({"first": 1}), "task-0 task-1 task-2 task-3 tool"),
        (json!({"max": 1}), "task-0 task-1 task-2 task-3 tool"),
        (json!({"search": "TASK", "first": 2, "max": 100}), "task-2 task-3"),
        (json!({"search": "does 3"}), "task-3"),
        (json!({"search": "t%3"}), "task-3"),
        (json!({"search": "t__l"}), "tool"),
        (json!({"search": "t\\__l"}), ""),
        (json!({"search": "none"}), ""),
    ] {
        assert_eq!(names(&roles.roles().list(&query(fields.clone())).await.unwrap()), expected, "{fields}");
    }
    let whole = roles.roles().list(&query(json!({"search": "tool", "briefRepresentation": false}))).await.unwrap();
    assert!(whole[0].attributes.is_some());
}

#[tokio::test]
async fn a_role_contains_roles_of_the_realm_and_of_clients() {
    let kc = world().await;
    let acme = kc.realm("acme");
    let (worker, tool) =
        (acme.roles().get("worker").await.unwrap(), acme.client("app-id").roles().get("tool").await.unwrap());
    acme.roles().create(&named("top")).await.unwrap();
    let top = acme.roles().get("top").await.unwrap();
    acme.roles().add_composites("top", &vec![tool.clone(), worker.clone()]).await.unwrap();
    acme.roles().add_composites("top", &vec![worker.clone()]).await.unwrap();
    assert_eq!(acme.roles().get("top").await.unwrap().composite, Some(true));
    assert_eq!(names(&acme.roles().composites("top").await.unwrap()), "tool worker");
    assert_eq!(names(&acme.roles().realm_composites("top").await.unwrap()), "worker");
    assert_eq!(names(&acme.roles().client_composites("top", "app-id").await.unwrap()), "tool");
    assert_eq!(names(&acme.roles().client_composites("top", "other-id").await.unwrap()), "");
    let id = top.id.clone().unwrap();
    let by_id = acme.roles_by_id();
    let page = CompositeQuery { first: Some(1), ..CompositeQuery::default() };
    assert_eq!(names(&by_id.composites(&id, &page).await.unwrap()), "worker");
    acme.roles().add_composites("worker", &vec![top]).await.unwrap();
    assert_eq!(names(&acme.roles().composites("worker").await.unwrap()), "top", "a circle is no harm");
    by_id.remove_composites(&id, &vec![tool]).await.unwrap();
    assert_eq!(names(&acme.roles().composites("top").await.unwrap()), "worker");
    let nothing = (404, "Could not find composite role".to_owned());
    assert_eq!(refused(acme.roles().add_composites("top", &vec![named("worker")]).await), nothing);
    assert_eq!(refused(acme.roles().remove_composites("top", &vec![named("worker")]).await), nothing);
}

#[tokio::test]
async fn a_new_role_names_what_it_contains() {
    let kc = world().await;
    let acme = kc.realm("acme");
    let containing = |composites: Value| Role {
        composite: Some(true),
        composites: Some(serde_json::from_value::<Composites>(composites).unwrap()),
        ..named("made")
    };
    let unknown = refused(acme.roles().create(&containing(json!({"realm": ["none"]}))).await);
    assert_eq!(unknown, (404, "Realm Role with name none does not exist".to_owned()));
    let unknown = refused(acme.roles().create(&containing(json!({"client": {"app": ["none"]}}))).await);
    assert_eq!(unknown, (404, "Client Role with name none does not exist".to_owned()));
    assert!(acme.roles().get("made").await.unwrap_err().is_not_found());
    let known = json!({"realm": ["worker"], "client": {"app": ["tool"], "none": ["x"]}});
    acme.roles().create(&containing(known)).await.unwrap();
    assert_eq!(names(&acme.roles().composites("made").await.unwrap()), "tool worker");
}

#[tokio::test]
async fn the_default_role_is_renamed_but_never_deleted() {
    let kc = world().await;
    let acme = kc.realm("acme");
    let default = acme.roles().get("default-roles-acme").await.unwrap();
    let words = "default-roles-acme is default role of the realm and cannot be removed.".to_owned();
    assert_eq!(refused(acme.roles().delete("default-roles-acme").await), (400, words.clone()));
    assert_eq!(refused(acme.roles_by_id().delete(&default.id.clone().unwrap()).await), (400, words));
    acme.roles().update("default-roles-acme", &named("all")).await.unwrap();
    assert_eq!(refused(acme.roles().delete("all").await).0, 400);
}

#[tokio::test]
async fn the_roles_of_the_administration_are_changed_by_nobody() {
    let kc = world().await;
    let acme = kc.realm("acme");
    let management = management(&kc).await;
    let roles = acme.client(&management);
    let worker = vec![acme.roles().get("worker").await.unwrap()];
    assert_eq!(refused(roles.roles().create(&named("custom")).await).0, 403);
    assert_eq!(refused(roles.roles().update("view-users", &named("view-users")).await).0, 403);
    assert_eq!(refused(roles.roles().delete("query-users").await).0, 403);
    assert_eq!(refused(roles.roles().add_composites("view-users", &worker).await).0, 403);
    assert_eq!(refused(roles.roles().remove_composites("view-users", &worker).await).0, 403);
    let id = roles.roles().get("view-users").await.unwrap().id.unwrap();
    assert_eq!(refused(acme.roles_by_id().delete(&id).await).0, 403);
    assert_eq!(refused(kc.realm("master").roles().delete("create-realm").await).0, 403);
    assert_eq!(refused(kc.realm("master").roles().update("admin", &named("root")).await).0, 403);
}

#[tokio::test]
async fn masters_admin_contains_the_administration_of_every_realm() {
    let kc = world().await;
    let master = kc.realm("master");
    let all = master.roles().composites("admin").await.unwrap();
    assert_eq!(all.len(), 1 + 2 * 21, "create-realm, and the roles of master-realm and acme-realm");
    let of = |role: &Role| role.container_id.clone().unwrap();
    let own = of(all.iter().find(|r| r.name.as_deref() == Some("create-realm")).unwrap());
    let mut clients: Vec<_> = all.iter().map(of).filter(|id| *id != own).collect();
    clients.sort();
    clients.dedup();
    for client in &clients {
        assert_eq!(master.roles().client_composites("admin", client).await.unwrap().len(), 21);
        assert_eq!(refused(master.client(client).roles().create(&named("custom")).await).0, 403);
    }
    assert_eq!(names(&master.roles().realm_composites("admin").await.unwrap()), "create-realm");
    kc.realms().delete("acme").await.unwrap();
    assert_eq!(master.roles().composites("admin").await.unwrap().len(), 1 + 21);
}

#[tokio::test]
async fn those_who_have_a_role_directly_are_listed() {
    let kc = world().await;
    let acme = kc.realm("acme");
    let users = acme.roles().users("worker", &BriefPage::default()).await.unwrap();
    assert_eq!(users.len(), 1);
    assert_eq!(users[0].username.as_deref(), Some("worker"));
    assert!(users[0].access.as_ref().unwrap()["manage"]);
    let groups: Vec<Group> = acme.roles().groups("worker", &BriefPage::default()).await.unwrap();
    assert_eq!(groups[0].path.as_deref(), Some("/crew"));
    let none = BriefPage { max: Some(0), ..BriefPage::default() };
    assert!(acme.roles().users("worker", &none).await.unwrap().is_empty());
    acme.roles().delete("worker").await.unwrap();
    assert!(acme.groups().by_path("crew").await.unwrap().realm_roles.unwrap().is_empty());
}

#[tokio::test]
async fn each_container_has_its_own_administrators() {
    let kc = world().await;
    for (who, sees, changes, sees_clients, changes_clients) in [
        ("viewer", true, false, false, false),
        ("settings", true, true, false, false),
        ("clients", false, false, true, true),
        ("both", true, true, true, true),
        ("nobody", false, false, false, false),
    ] {
        let client = by(&kc, who);
        let acme = client.realm("acme");
        assert_eq!(acme.roles().list(&RoleQuery::default()).await.is_ok(), sees, "{who}");
        assert_eq!(acme.roles().get("worker").await.is_ok(), sees, "{who}");
        assert_eq!(acme.roles().create(&named(who)).await.is_ok(), changes, "{who}");
        assert_eq!(acme.roles().update("worker", &named("worker")).await.is_ok(), changes, "{who}");
        let app = acme.client("app-id");
        assert_eq!(app.roles().list(&RoleQuery::default()).await.is_ok(), sees_clients, "{who}");
        assert_eq!(app.roles().create(&named(who)).await.is_ok(), changes_clients, "{who}");
        let unknown = refused(acme.client("none").roles().list(&RoleQuery::default()).await).0;
        assert_eq!(
            unknown,
            if sees_clients { 404 } else { 403 },
            "only who may look for clients learns that there is none"
        );
        assert_eq!(refused(acme.roles_by_id().get("none").await).0, 404, "{who}");
    }
}

#[tokio::test]
async fn nobody_puts_into_a_role_what_they_may_not_hand_out() {
    let kc = world().await;
    let all = kc.realm("acme");
    let management = management(&kc).await;
    let of_management = |name: &'static str| {
        let management = management.clone();
        let all = kc.realm("acme");
        async move { vec![all.client(&management).roles().get(name).await.unwrap()] }
    };
    let (worker, tool, boss) = (
        vec![all.roles().get("worker").await.unwrap()],
        vec![all.client("app-id").roles().get("tool").await.unwrap()],
        vec![all.roles().get("boss").await.unwrap()],
    );
    let (settings, clients, both) = (by(&kc, "settings"), by(&kc, "clients"), by(&kc, "both"));
    let (settings, clients, both) = (settings.realm("acme"), clients.realm("acme"), both.realm("acme"));
    assert_eq!(refused(settings.roles().add_composites("worker", &tool).await).0, 403, "another's container");
    assert_eq!(refused(clients.client("app-id").roles().add_composites("tool", &worker).await).0, 403);
    both.roles().add_composites("worker", &tool).await.unwrap();
    settings.roles().add_composites("worker", &boss).await.unwrap();
    for withheld in ["manage-users", "view-users", "realm-admin", "impersonation"] {
        assert_eq!(refused(both.roles().add_composites("worker", &of_management(withheld).await).await).0, 403);
    }
    both.roles().add_composites("worker", &of_management("view-clients").await).await.unwrap();
    let sly = Role {
        composite: Some(true),
        composites: Some(serde_json::from_value(json!({"client": {"realm-management": ["manage-users"]}})).unwrap()),
        ..named("sly")
    };
    assert_eq!(refused(both.roles().create(&sly).await).0, 403);
    // inside another role it is the same
    all.roles().create(&named("shell")).await.unwrap();
    all.roles().add_composites("shell", &of_management("manage-users").await).await.unwrap();
    let shell = vec![all.roles().get("shell").await.unwrap()];
    assert_eq!(refused(both.roles().add_composites("worker", &shell).await).0, 403);
}

#[tokio::test]
async fn the_roles_of_another_realm_are_not_there() {
    let kc = world().await;
    let (acme, master) = (kc.realm("acme"), kc.realm("master"));
    let worker = acme.roles().get("worker").await.unwrap();
    let id = worker.id.clone().unwrap();
    let by_id = master.roles_by_id();
    assert!(by_id.get(&id).await.unwrap_err().is_not_found());
    assert!(by_id.update(&id, &named("x")).await.unwrap_err().is_not_found());
    assert!(by_id.delete(&id).await.unwrap_err().is_not_found());
    assert!(by_id.add_composites(&id, &vec![]).await.unwrap_err().is_not_found());
    assert!(by_id.composites(&id, &CompositeQuery::default()).await.unwrap_err().is_not_found());
    assert!(master.client("app-id").roles().get("tool").await.unwrap_err().is_not_found());
    assert!(master.client("app-id").roles().create(&named("x")).await.unwrap_err().is_not_found());
    master.roles().create(&named("plain")).await.unwrap();
    assert!(master.roles().add_composites("plain", &vec![worker]).await.unwrap_err().is_not_found());
    assert!(master.roles().client_composites("plain", "app-id").await.unwrap_err().is_not_found());
}
