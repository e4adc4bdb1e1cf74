//! Groups: the tree, its search, paths, members, and who may do what with them.

use crate::admins::{acme, by, refused, user, user_id};
use cloakroom_api::admin::{
    groups::{ChildQuery, Group, GroupCount, GroupQuery},
    query::BriefPage,
    users::{UserGroupCount, UserGroupQuery},
};
use cloakroom_testkit::TestServer;
use serde_json::{Value, json};

/// europe/(france/(paris, lyon), germany), asia/japan, empty, and some users.
async fn world() -> TestServer {
    acme(json!({
        "groups": [
            {"name": "europe", "subGroups": [
                {"name": "france", "attributes": {"cheese": ["brie", "comté"]}, "subGroups": [
                    {"name": "paris", "attributes": {"size": ["big"], "river": ["seine"]}}, {"name": "lyon"}]},
                {"name": "germany"}]},
            {"name": "asia", "attributes": {"size": ["big"]}, "subGroups": [{"name": "japan"}]},
            {"name": "empty"},
        ],
        "users": [
            user("viewer", &["view-users"]), user("seeker", &["query-groups"]), user("manager", &["manage-users"]),
            user("settings", &["manage-realm"]), user("nobody", &[]),
        ],
    }))
    .await
}

/// The names of groups with those below them: `europe(france(paris))`.
fn tree(groups: &[Group]) -> String {
    let one = |group: &Group| {
        let below = tree(group.sub_groups.as_deref().unwrap_or_default());
        let name = group.name.as_deref().unwrap_or_default();
        if below.is_empty() { name.to_owned() } else { format!("{name}({below})") }
    };
    groups.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn query(fields: Value) -> GroupQuery {
    serde_json::from_value(fields).unwrap()
}

fn named(name: &str) -> Group {
    Group { name: Some(name.to_owned()), ..Group::default() }
}

async fn at(kc: &TestServer, path: &str) -> String {
    kc.realm("acme").groups().by_path(path).await.unwrap().id.unwrap()
}

#[tokio::test]
async fn a_search_shows_what_matches_under_what_is_above_it() {
    let kc = world().await;
    for (fields, expected) in [
        (json!({}), "asia empty europe"),
        (json!({"search": ""}), "asia empty europe"),
        (json!({"search": "PARIS"}), "europe(france(paris))"),
        (json!({"search": "an"}), "asia(japan) europe(france germany)"),
        (json!({"search": "p*s"}), "europe(france(paris))"),
        (json!({"search": "%"}), ""),
        (json!({"search": "fran", "exact": true}), ""),
        (json!({"search": "france", "exact": true}), "europe(france)"),
        (json!({"search": "France", "exact": true}), ""),
        (json!({"search": "lyon", "populateHierarchy": false}), "lyon"),
        (json!({"q": "size:big"}), "asia europe(france(paris))"),
        (json!({"q": "size:big river:seine"}), "europe(france(paris))"),
        (json!({"q": "size:BIG"}), ""),
        (json!({"q": "size:big", "search": "lyon"}), "asia europe(france(paris))"),
    ] {
        let found = kc.realm("acme").groups().list(&query(fields.clone())).await.unwrap();
        assert_eq!(tree(&found), expected, "{fields}");
    }
}

#[tokio::test]
async fn a_page_counts_matches_and_not_what_is_above_them() {
    let kc = world().await;
    let groups = kc.realm("acme");
    let page = |first, max| query(json!({"search": "e", "first": first, "max": max}));
    assert_eq!(tree(&groups.groups().list(&page(0, 1)).await.unwrap()), "empty");
    assert_eq!(tree(&groups.groups().list(&page(2, 2)).await.unwrap()), "europe(france germany)");
    assert_eq!(tree(&groups.groups().list(&page(-5, -1)).await.unwrap()), "empty europe(france germany)");
    assert_eq!(tree(&groups.groups().list(&page(0, 0)).await.unwrap()), "");
    for (fields, expected) in [
        (json!({}), 8),
        (json!({"top": true}), 3),
        (json!({"search": "AN"}), 3),
        (json!({"search": "an", "top": true}), 3),
    ] {
        let wanted: GroupCount = serde_json::from_value(fields).unwrap();
        assert_eq!(groups.groups().count(&wanted).await.unwrap().count, Some(expected));
    }
}

#[tokio::test]
async fn children_come_ten_at_a_time_with_everything_that_is_known_of_them() {
    let kc = world().await;
    let acme = kc.realm("acme");
    let europe = at(&kc, "europe").await;
    let children = acme.groups().children(&europe, &ChildQuery::default()).await.unwrap();
    let france = &children[0];
    assert_eq!(france.path.as_deref(), Some("/europe/france"));
    assert_eq!((france.sub_group_count, france.parent_id.as_deref()), (Some(2), Some(europe.as_str())));
    assert_eq!(france.attributes.as_ref().unwrap()["cheese"], ["brie", "comté"]);
    let empty = at(&kc, "empty").await;
    for i in 0..12 {
        acme.groups().create_child(&empty, &named(&format!("child {i:02}"))).await.unwrap();
    }
    assert_eq!(acme.groups().children(&empty, &ChildQuery::default()).await.unwrap().len(), 10);
    let all = ChildQuery { max: Some(-1), brief_representation: Some(true), ..ChildQuery::default() };
    let all = acme.groups().children(&empty, &all).await.unwrap();
    assert_eq!((all.len(), all[11].name.as_deref(), all[0].attributes.is_some()), (12, Some("child 11"), false));
}

#[tokio::test]
async fn a_name_is_unique_among_siblings_only() {
    let kc = world().await;
    let groups = kc.realm("acme");
    let groups = groups.groups();
    let europe = at(&kc, "europe").await;
    let top = refused(groups.create(&named("europe")).await);
    assert_eq!(top, (409, "Top level group named 'europe' already exists.".to_owned()));
    let below = refused(groups.create_child(&europe, &named("france")).await);
    assert_eq!(below, (409, "Sibling group named 'france' already exists.".to_owned()));
    groups.create_child(&europe, &named("europe")).await.unwrap();
    groups.create(&named("Europe")).await.unwrap();
    assert_eq!(refused(groups.update(&europe, &named("asia")).await).0, 409);
    for bad in ["", "   ", &"x".repeat(256)] {
        assert_eq!(refused(groups.create(&named(bad)).await).0, 400);
    }
    let other = Group { id: Some("other".to_owned()), ..named("europe") };
    assert_eq!(refused(groups.update(&europe, &other).await), (400, "Invalid group id".to_owned()));
}

#[tokio::test]
async fn an_update_without_a_description_clears_it_and_without_attributes_keeps_them() {
    let kc = world().await;
    let acme = kc.realm("acme");
    let id = at(&kc, "europe/france").await;
    acme.groups().update(&id, &Group { description: Some("d".to_owned()), ..named("gaul") }).await.unwrap();
    acme.groups().update(&id, &named("gaul")).await.unwrap();
    let gaul = acme.groups().get(&id).await.unwrap();
    assert_eq!((gaul.path.as_deref(), gaul.description), (Some("/europe/gaul"), None));
    assert_eq!(gaul.attributes.unwrap()["cheese"].len(), 2);
    acme.groups().update(&id, &Group { attributes: Some(Default::default()), ..named("gaul") }).await.unwrap();
    assert!(acme.groups().get(&id).await.unwrap().attributes.unwrap().is_empty());
}

#[tokio::test]
async fn a_group_moves_with_all_below_it_but_never_below_itself() {
    let kc = world().await;
    let groups = kc.realm("acme");
    let groups = groups.groups();
    let (europe, france, asia) = (at(&kc, "europe").await, at(&kc, "europe/france").await, at(&kc, "asia").await);
    let moved = |id: &str| Group { id: Some(id.to_owned()), ..named("any name") };
    assert!(groups.create_child(&asia, &moved(&france)).await.unwrap().is_none());
    at(&kc, "asia/france/paris").await;
    assert!(groups.create(&moved(&france)).await.unwrap().is_none());
    assert_eq!(at(&kc, "france").await, france);
    groups.create_child(&europe, &moved(&france)).await.unwrap();
    let paris = at(&kc, "europe/france/paris").await;
    assert_eq!(refused(groups.create_child(&paris, &moved(&europe)).await).0, 400);
    groups.create_child(&europe, &moved(&europe)).await.unwrap();
    assert_eq!(at(&kc, "europe").await, europe, "below itself is where it was");
    let nothing = refused(groups.create(&moved("none")).await);
    assert_eq!(nothing, (404, "Could not find child by id".to_owned()));
    groups.create_child(&asia, &named("france")).await.unwrap();
    assert_eq!(refused(groups.create_child(&asia, &moved(&france)).await).0, 409);
}

#[tokio::test]
async fn with_a_group_goes_all_below_it() {
    let kc = world().await;
    let groups = kc.realm("acme");
    let groups = groups.groups();
    let (europe, paris) = (at(&kc, "europe").await, at(&kc, "europe/france/paris").await);
    groups.delete(&europe).await.unwrap();
    assert_eq!(refused(groups.get(&paris).await), (404, "Could not find group by id".to_owned()));
    assert_eq!(groups.count(&GroupCount::default()).await.unwrap().count, Some(3));
}

#[tokio::test]
async fn a_path_is_names_with_slashes_even_where_a_name_has_some() {
    let kc = world().await;
    let groups = kc.realm("acme");
    let groups = groups.groups();
    let odd = groups.create(&named("a/b ü;%")).await.unwrap().unwrap();
    groups.create_child(odd.id(), &named("c")).await.unwrap();
    assert_eq!(groups.by_path("a/b ü;%/c").await.unwrap().path.as_deref(), Some("/a/b ü;%/c"));
    for nowhere in ["a", "a/b ü;%/d", "EUROPE", "europe/paris"] {
        assert_eq!(refused(groups.by_path(nowhere).await), (404, "Group path does not exist".to_owned()));
    }
}

#[tokio::test]
async fn members_are_those_of_the_group_itself_by_username() {
    let kc = world().await;
    let acme = kc.realm("acme");
    let france = at(&kc, "europe/france").await;
    for name in ["viewer", "nobody", "manager"] {
        let id = user_id(&kc, name).await;
        acme.users().join_group(&id, &france).await.unwrap();
        acme.users().join_group(&id, &france).await.unwrap();
    }
    let nobody = user_id(&kc, "nobody").await;
    let names = |users: Vec<cloakroom_api::admin::users::User>| {
        users.into_iter().filter_map(|u| u.username).collect::<Vec<_>>()
    };
    let page = |first, max| BriefPage { first, max, brief_representation: Some(true) };
    let members = acme.groups().members(&france, &page(None, None)).await.unwrap();
    assert_eq!(names(members), ["manager", "nobody", "viewer"]);
    assert_eq!(names(acme.groups().members(&france, &page(Some(1), Some(1))).await.unwrap()), ["nobody"]);
    assert!(acme.groups().members(&at(&kc, "europe").await, &page(None, None)).await.unwrap().is_empty());

    acme.users().join_group(&nobody, &at(&kc, "asia").await).await.unwrap();
    let search = |text: &str| UserGroupQuery { search: Some(text.to_owned()), ..UserGroupQuery::default() };
    assert_eq!(tree(&acme.users().groups(&nobody, &search("")).await.unwrap()), "asia france");
    assert_eq!(tree(&acme.users().groups(&nobody, &search("FR")).await.unwrap()), "france");
    let count = acme.users().count_groups(&nobody, &UserGroupCount::default()).await.unwrap();
    assert_eq!(count.count, Some(2));
    acme.users().leave_group(&nobody, &france).await.unwrap();
    acme.users().leave_group(&nobody, &france).await.unwrap();
    assert_eq!(tree(&acme.users().groups(&nobody, &search("")).await.unwrap()), "asia");
    assert_eq!(refused(acme.users().join_group(&nobody, "none").await), (404, "Group not found".to_owned()));
    assert_eq!(refused(acme.users().join_group("none", &france).await), (404, "User not found".to_owned()));
}

#[tokio::test]
async fn viewers_see_seekers_count_and_managers_change() {
    let kc = world().await;
    let france = at(&kc, "europe/france").await;
    let forbidden = (403, "HTTP 403 Forbidden".to_owned());
    for (who, sees, counts, changes) in [
        ("viewer", true, true, false),
        ("seeker", false, true, false),
        ("manager", true, true, true),
        ("settings", false, false, false),
        ("nobody", false, false, false),
    ] {
        let client = by(&kc, who);
        let groups = client.realm("acme");
        let groups = groups.groups();
        let list = groups.list(&GroupQuery::default()).await;
        match (sees, counts) {
            (true, _) => assert_eq!(list.unwrap()[0].access.as_ref().unwrap()["manage"], changes, "{who}"),
            (false, true) => assert!(list.unwrap().is_empty(), "{who}"),
            (false, false) => assert_eq!(refused(list), forbidden, "{who}"),
        }
        assert_eq!(groups.get(&france).await.is_ok(), sees, "{who}");
        assert_eq!(groups.children(&france, &ChildQuery::default()).await.is_ok(), sees, "{who}");
        assert_eq!(groups.members(&france, &BriefPage::default()).await.is_ok(), sees, "{who}");
        assert_eq!(groups.by_path("europe").await.is_ok(), sees, "{who}");
        assert_eq!(groups.count(&GroupCount::default()).await.is_ok(), counts, "{who}");
        assert_eq!(groups.create(&named(who)).await.is_ok(), changes, "{who}");
        assert_eq!(groups.create_child(&france, &named(who)).await.is_ok(), changes, "{who}");
        assert_eq!(groups.update(&france, &named("france")).await.is_ok(), changes, "{who}");
        assert_eq!(refused(groups.delete("none").await).0, 404, "an unknown group comes before the rights of {who}");
        let defaults = client.realms().default_groups("acme").await;
        assert_eq!(defaults.is_ok(), who == "settings", "{who}");
    }
}

#[tokio::test]
async fn the_groups_of_another_realm_are_not_there() {
    let kc = world().await;
    let france = at(&kc, "europe/france").await;
    let master = kc.realm("master");
    let groups = master.groups();
    let own = groups.create(&named("own")).await.unwrap().unwrap();
    assert!(groups.get(&france).await.unwrap_err().is_not_found());
    assert!(groups.update(&france, &named("taken")).await.unwrap_err().is_not_found());
    assert!(groups.delete(&france).await.unwrap_err().is_not_found());
    assert!(groups.children(&france, &ChildQuery::default()).await.unwrap_err().is_not_found());
    assert!(groups.members(&france, &BriefPage::default()).await.unwrap_err().is_not_found());
    assert!(groups.create_child(&france, &named("child")).await.unwrap_err().is_not_found());
    let moved = Group { id: Some(france.clone()), ..named("moved") };
    assert!(groups.create(&moved).await.unwrap_err().is_not_found());
    assert!(groups.create_child(own.id(), &moved).await.unwrap_err().is_not_found());
    assert!(groups.by_path("europe").await.unwrap_err().is_not_found());
    assert!(kc.realms().add_default_group("master", &france).await.unwrap_err().is_not_found());
    let viewer = user_id(&kc, "viewer").await;
    assert!(kc.realm("acme").users().join_group(&viewer, own.id()).await.unwrap_err().is_not_found());
    assert!(master.users().join_group(&viewer, own.id()).await.unwrap_err().is_not_found());
    assert_eq!(at(&kc, "europe/france").await, france);
}

#[tokio::test]
async fn default_groups_are_added_once_and_go_with_the_group() {
    let kc = world().await;
    let (europe, paris) = (at(&kc, "europe").await, at(&kc, "europe/france/paris").await);
    let realms = kc.realms();
    for group in [&paris, &paris, &europe] {
        realms.add_default_group("acme", group).await.unwrap();
    }
    let list = realms.default_groups("acme").await.unwrap();
    let paths: Vec<_> = list.iter().filter_map(|g| g.path.as_deref()).collect();
    assert_eq!(paths, ["/europe", "/europe/france/paris"]);
    realms.remove_default_group("acme", &europe).await.unwrap();
    realms.remove_default_group("acme", &europe).await.unwrap();
    assert_eq!(refused(realms.remove_default_group("acme", "none").await), (404, "Group not found".to_owned()));
    kc.realm("acme").groups().delete(&europe).await.unwrap();
    assert!(realms.default_groups("acme").await.unwrap().is_empty());
}
