//! Users: who changes one knows what they read, and the ways to a role.

use crate::{everywhere, realm, role};
use cloakroom_store::{
    Db, Error, groups, groups::GroupRow, realms, role_mappings, role_mappings::Holder, roles, users, users::UserRow,
};

fn user(id: &str) -> UserRow {
    UserRow { id: id.to_owned(), username: id.to_owned(), enabled: true, ..UserRow::default() }
}

/// The realm `id-a` with the user `bob`.
fn people(db: &mut Db) {
    realms::insert(db, &realm("a")).unwrap();
    users::insert(db, "id-a", &user("bob"), false).unwrap();
}

#[test]
fn a_change_of_what_another_changed_meanwhile_is_to_be_tried_again() {
    everywhere(|store| {
        let mut work = store.work();
        let db = work.write().unwrap();
        people(db);
        let read = |db: &mut Db| users::by_id(db, "id-a", "bob").unwrap().unwrap();
        let (mut one, mut other) = (read(db), read(db));
        one.first_name = Some("Bob".to_owned());
        other.last_name = Some("Builder".to_owned());
        users::update(db, "id-a", &mut one, false).unwrap();
        let lost = users::update(db, "id-a", &mut other, false).unwrap_err();
        assert!(matches!(lost, Error::Retry(_)), "{lost}");
        one.last_name = Some("Bobson".to_owned());
        users::update(db, "id-a", &mut one, false).unwrap();
        users::set_attribute(db, "bob", "locale", "de").unwrap();
        assert!(users::update(db, "id-a", &mut one, false).is_err(), "attributes count as a change");
        let left = read(db);
        assert_eq!((left.first_name.as_deref(), left.last_name.as_deref()), (Some("Bob"), Some("Bobson")));
    });
}

#[test]
fn a_role_is_had_directly_by_a_group_above_or_inside_another_role() {
    everywhere(|store| {
        let mut work = store.work();
        let db = work.write().unwrap();
        people(db);
        for id in ["1", "2", "3"] {
            roles::insert(db, "id-a", &role(id, &format!("role-{id}"))).unwrap();
        }
        for (name, parent) in [("europe", None), ("france", Some("europe"))] {
            let parent = parent.map(str::to_owned);
            let group = GroupRow { id: name.to_owned(), parent, name: name.to_owned(), description: None };
            groups::insert(db, "id-a", &group).unwrap();
        }
        let has = |db: &mut Db, name| roles::has_realm_role(db, "id-a", "bob", name).unwrap();
        users::add_role(db, "bob", "1").unwrap();
        assert!(has(db, "role-1") && !has(db, "role-2") && !has(db, "role-3") && !has(db, "role-4"));
        roles::add_composite(db, "1", "2").unwrap();
        assert!(has(db, "role-2"));
        role_mappings::add(db, &Holder::Group("europe".to_owned()), "3").unwrap();
        groups::join(db, "bob", "france").unwrap();
        assert!(has(db, "role-3"));
        roles::remove_composite(db, "1", "2").unwrap();
        assert!(!has(db, "role-2"));
        assert!(!roles::has_realm_role(db, "id-b", "bob", "role-1").unwrap(), "another realm's role of that name");
    });
}
