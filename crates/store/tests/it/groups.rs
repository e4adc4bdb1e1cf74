//! Groups, and the roles that they and those below them have.

use crate::{everywhere, realm, role};
use cloakroom_store::{
    Db, Store, Work,
    groups::{
        Filter, GroupRow, attributes, by_path, child_counts, count, delete, insert, is_within, list, put_attributes,
        role_names, with_ancestors,
    },
    realms,
    realms::RealmRow,
    role_mappings,
    role_mappings::Holder,
    roles,
    roles::RoleRow,
};
use std::collections::HashMap;

/// A realm with `europe/france/paris`, `europe/germany` and `a/b` with the child `c`; ids are the names.
fn forest(store: &Store) -> Work {
    let mut work = store.work();
    let db = work.write().unwrap();
    for id in ["r", "s"] {
        realms::insert(db, &RealmRow { id: id.to_owned(), ..realm(id) }).unwrap();
    }
    let tree = [
        ("europe", None),
        ("france", Some("europe")),
        ("paris", Some("france")),
        ("germany", Some("europe")),
        ("a/b", None),
        ("c", Some("a/b")),
    ];
    for (name, parent) in tree {
        insert(db, "r", &group(name, parent)).unwrap();
    }
    work
}

fn group(name: &str, parent: Option<&str>) -> GroupRow {
    GroupRow { id: name.into(), parent: parent.map(str::to_owned), name: name.into(), description: None }
}

fn names(db: &mut Db, filter: &Filter<'_>) -> Vec<String> {
    list(db, "r", filter, 0, i64::MAX).unwrap().into_iter().map(|g| g.name).collect()
}

#[test]
fn filters_find_groups_anywhere_or_below_one() {
    everywhere(|store| {
        let mut work = forest(store);
        let db = work.read().unwrap();
        assert_eq!(names(db, &Filter::Below(None)), ["a/b", "europe"]);
        assert_eq!(names(db, &Filter::Below(Some("europe"))), ["france", "germany"]);
        assert_eq!(names(db, &Filter::Like(None, "AN")), ["france", "germany"]);
        assert_eq!(names(db, &Filter::Like(None, "p*s")), ["paris"]);
        assert!(names(db, &Filter::Like(None, "%")).is_empty());
        assert!(names(db, &Filter::Like(Some("europe"), "paris")).is_empty());
        assert_eq!(names(db, &Filter::Named(None, "paris")), ["paris"]);
        assert!(names(db, &Filter::Named(None, "PARIS")).is_empty());
        assert_eq!(count(db, "r", &Filter::Like(None, "")).unwrap(), 6);
        assert_eq!(count(db, "s", &Filter::Below(None)).unwrap(), 0);
    });
}

#[test]
fn attributes_are_matched_all_and_whole() {
    everywhere(|store| {
        let mut work = forest(store);
        let db = work.write().unwrap();
        put_attributes(db, "paris", &[("size", ["big", "vast"]), ("river", ["seine", "marne"])].into()).unwrap();
        let with = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        assert_eq!(names(db, &Filter::With(&with(&[("size", "vast"), ("river", "seine")]))), ["paris"]);
        assert!(names(db, &Filter::With(&with(&[("size", "vas")]))).is_empty());
        assert_eq!(names(db, &Filter::With(&with(&[]))).len(), 6);
        assert_eq!(attributes(db, &["paris", "c"]).unwrap()["paris"]["size"], ["big", "vast"]);
    });
}

#[test]
fn a_path_may_lead_through_names_with_slashes() {
    everywhere(|store| {
        let mut work = forest(store);
        let db = work.read().unwrap();
        let mut at = |path: &str| by_path(db, "r", path).unwrap().map(|g| g.id);
        assert_eq!(at("europe/france/paris").as_deref(), Some("paris"));
        assert_eq!(at("a/b/c").as_deref(), Some("c"));
        assert_eq!(at("a/b").as_deref(), Some("a/b"));
        for nowhere in ["", "a", "europe/paris", "Europe", "europe/", "europe//france"] {
            assert_eq!(at(nowhere), None, "{nowhere}");
        }
    });
}

#[test]
fn ancestors_children_and_descendants_follow_the_tree() {
    everywhere(|store| {
        let mut work = forest(store);
        let db = work.write().unwrap();
        let mut all: Vec<_> = with_ancestors(db, vec![group("paris", Some("france"))]).unwrap().into_keys().collect();
        all.sort();
        assert_eq!(all, ["europe", "france", "paris"]);
        assert_eq!(child_counts(db, &["europe", "paris"]).unwrap(), HashMap::from([("europe".to_owned(), 2)]));
        assert!(is_within(db, "paris", "europe").unwrap() && !is_within(db, "europe", "paris").unwrap());
        assert!(delete(db, "r", "europe").unwrap());
        assert_eq!(names(db, &Filter::Like(None, "")), ["a/b", "c"]);
        assert!(!delete(db, "s", "c").unwrap());
    });
}

#[test]
fn roles_reach_a_group_from_above_and_from_within_roles() {
    everywhere(|store| {
        let mut work = forest(store);
        let db = work.write().unwrap();
        for name in ["top", "inner", "free"] {
            roles::insert(db, "r", &role(name, name)).unwrap();
        }
        roles::add_composite(db, "top", "inner").unwrap();
        roles::add_composite(db, "inner", "top").unwrap();
        let (europe, paris) = (Holder::Group("europe".into()), Holder::Group("paris".into()));
        role_mappings::add(db, &europe, "top").unwrap();
        let names = |roles: Vec<RoleRow>| roles.into_iter().map(|r| r.name).collect::<Vec<_>>();
        assert_eq!(names(role_mappings::effective(db, &paris, None).unwrap()), ["inner", "top"]);
        assert!(role_mappings::direct(db, &paris, None).unwrap().is_empty());
        assert_eq!(names(role_mappings::all(db, &europe).unwrap()), ["top"]);
        assert_eq!(names(role_mappings::available(db, "r", &europe, None).unwrap()), ["free", "inner"]);
        assert_eq!(role_names(db, &["europe"]).unwrap()["europe"].realm, ["top"]);
        assert_eq!(roles::containing(db, &["inner".to_owned()]).unwrap().len(), 2);
        assert_eq!(roles::of_group(db, "paris").unwrap().len(), 2);
        assert_eq!(names(roles::list(db, "r", None, "t_p", 0, 10).unwrap()), ["top"]);
        assert_eq!(names(roles::composites(db, "top", "", 0, 10).unwrap()), ["inner"]);
        assert!(role_mappings::remove(db, &europe, "top").unwrap());
        assert!(role_mappings::clients(db, &europe).unwrap().is_empty());
    });
}
