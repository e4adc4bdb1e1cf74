//! The store on SQLite in memory, on an SQLite file, and on PostgreSQL where `CLOAKROOM_TEST_DB` names one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod groups;
mod users;

use cloakroom_api::{admin::realms::Realm, fields::Attributes};
use cloakroom_store::{
    Error, PostgresOptions, Store, components, components::ComponentRow, realms, realms::RealmRow, roles,
    roles::RoleRow,
};
use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

/// A file of its own in the system's folder for such things, deleted at the end.
struct TestFile(PathBuf);

impl TestFile {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("cloakroom-store-{}-{}.db", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        TestFile(std::env::temp_dir().join(name))
    }
}

impl Drop for TestFile {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(end);
            std::fs::remove_file(path).ok();
        }
    }
}

fn postgres() -> Option<PostgresOptions> {
    let url = std::env::var("CLOAKROOM_TEST_DB").ok()?;
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let schema = format!("store_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    Some(PostgresOptions { url, schema: Some(schema), connections: 4, ..PostgresOptions::default() })
}

/// Runs a test on every database there is.
fn everywhere(test: impl Fn(&Store)) {
    test(&Store::memory().unwrap());
    let file = TestFile::new();
    test(&Store::file(&file.0).unwrap());
    if let Some(options) = postgres() {
        test(&Store::postgres(&options).unwrap());
    }
}

fn realm(name: &str) -> RealmRow {
    RealmRow { id: format!("id-{name}"), name: name.to_owned(), settings: Realm::default(), default_role: None }
}

fn role(id: &str, name: &str) -> RoleRow {
    RoleRow {
        id: id.to_owned(),
        client: None,
        name: name.to_owned(),
        description: None,
        attributes: Attributes::default(),
        composite: false,
    }
}

#[test]
fn what_is_committed_is_read_and_what_is_dropped_is_not() {
    everywhere(|store| {
        let mut work = store.work();
        realms::insert(work.write().unwrap(), &realm("a")).unwrap();
        work.commit().unwrap();
        let mut work = store.work();
        realms::insert(work.write().unwrap(), &realm("b")).unwrap();
        assert!(realms::by_name(work.read().unwrap(), "b").unwrap().is_some(), "a transaction sees its own writes");
        drop(work);
        let mut work = store.work();
        assert!(realms::by_name(work.read().unwrap(), "a").unwrap().is_some());
        assert!(realms::by_name(work.read().unwrap(), "b").unwrap().is_none());
    });
}

#[test]
fn a_taken_name_is_a_conflict_and_the_connection_goes_on() {
    everywhere(|store| {
        let mut work = store.work();
        realms::insert(work.write().unwrap(), &realm("a")).unwrap();
        work.commit().unwrap();
        let again = RealmRow { id: "other".to_owned(), ..realm("a") };
        let mut work = store.work();
        assert!(realms::insert(work.write().unwrap(), &again).unwrap_err().is_conflict());
        drop(work);
        assert_eq!(realms::list(store.work().read().unwrap()).unwrap().len(), 1);
    });
}

#[test]
fn a_row_of_an_unknown_realm_is_refused() {
    everywhere(|store| {
        let error = roles::insert(store.work().write().unwrap(), "nowhere", &role("r", "r")).unwrap_err();
        assert!(matches!(error, Error::Reference(_)), "{error}");
    });
}

#[test]
fn names_are_ordered_by_their_bytes() {
    everywhere(|store| {
        let mut work = store.work();
        for name in ["b", "ä", "a", "B", "_"] {
            realms::insert(work.write().unwrap(), &realm(name)).unwrap();
        }
        let names: Vec<String> = realms::list(work.read().unwrap()).unwrap().into_iter().map(|r| r.name).collect();
        assert_eq!(names, ["B", "_", "a", "b", "ä"]);
    });
}

#[test]
fn nul_is_refused_before_a_statement_runs() {
    everywhere(|store| {
        assert!(matches!(realms::by_name(store.work().read().unwrap(), "a\0b"), Err(Error::Nul)));
    });
}

#[test]
fn composites_are_followed_to_their_end_even_in_a_circle() {
    everywhere(|store| {
        let mut work = store.work();
        let db = work.write().unwrap();
        realms::insert(db, &realm("a")).unwrap();
        for id in ["1", "2", "3", "4"] {
            roles::insert(db, "id-a", &role(id, &format!("role-{id}"))).unwrap();
        }
        for (parent, child) in [("1", "2"), ("2", "3"), ("3", "1")] {
            roles::add_composite(db, parent, child).unwrap();
        }
        let mut found: Vec<String> =
            roles::expanded(db, &["2".to_owned()]).unwrap().into_iter().map(|r| r.id).collect();
        found.sort();
        assert_eq!(found, ["1", "2", "3"]);
    });
}

#[test]
fn deleting_a_realm_deletes_what_is_in_it() {
    everywhere(|store| {
        let mut work = store.work();
        let db = work.write().unwrap();
        realms::insert(db, &realm("a")).unwrap();
        roles::insert(db, "id-a", &role("1", "one")).unwrap();
        let component = ComponentRow {
            id: "c".to_owned(),
            parent: None,
            name: None,
            provider_type: None,
            provider: None,
            sub_type: None,
            config: Default::default(),
        };
        components::insert(db, "id-a", &component, 0).unwrap();
        assert!(realms::delete(db, "id-a").unwrap());
        assert!(roles::by_id(db, "id-a", "1").unwrap().is_none());
        assert!(components::list(db, "id-a").unwrap().is_empty());
    });
}

#[test]
fn a_file_is_there_again_after_reopening() {
    let file = TestFile::new();
    let store = Store::file(&file.0).unwrap();
    let mut work = store.work();
    realms::insert(work.write().unwrap(), &realm("kept")).unwrap();
    work.commit().unwrap();
    drop((work, store));
    let again = Store::file(&file.0).unwrap();
    assert!(realms::by_name(again.work().read().unwrap(), "kept").unwrap().is_some());
}

#[test]
fn nodes_that_start_together_make_the_schema_once() {
    let file = TestFile::new();
    let starts: Vec<_> = (0..4)
        .map(|_| {
            let path = file.0.clone();
            std::thread::spawn(move || Store::file(&path).map(drop))
        })
        .collect();
    for start in starts {
        start.join().unwrap().unwrap();
    }
    let Some(options) = postgres() else { return };
    let starts: Vec<_> = (0..4)
        .map(|_| {
            let options = options.clone();
            std::thread::spawn(move || Store::postgres(&options).map(drop))
        })
        .collect();
    for start in starts {
        start.join().unwrap().unwrap();
    }
}

#[test]
fn writers_wait_for_each_other() {
    everywhere(|store| {
        let mut work = store.work();
        realms::insert(work.write().unwrap(), &realm("a")).unwrap();
        work.commit().unwrap();
        std::thread::scope(|scope| {
            for n in 0..8 {
                scope.spawn(move || {
                    let mut work = store.work();
                    roles::insert(work.write().unwrap(), "id-a", &role(&n.to_string(), &format!("r{n}"))).unwrap();
                    work.commit().unwrap();
                });
            }
        });
        let mut work = store.work();
        let db = work.read().unwrap();
        assert!((0..8).all(|n| roles::by_id(db, "id-a", &n.to_string()).unwrap().is_some()));
    });
}
