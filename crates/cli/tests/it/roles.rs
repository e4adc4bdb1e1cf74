//! `get-roles`, `add-roles`, `remove-roles` and `set-password`, on our server and on a real Keycloak.

use crate::site::Site;
use crate::support::CREATE_BOB;

async fn site() -> Site {
    let site = Site::with_realm().await;
    for role in ["reader", "writer", "chief", "größer als/groß?"] {
        site.admin(&["create", "roles", "-s", &format!("name={role}")]).ok();
    }
    site.admin(&CREATE_BOB).ok();
    let group = site.admin(&["create", "groups", "-s", "name=Staff"]).ok();
    site.admin(&["create", &format!("groups/{group}/children"), "-s", "name=Night shift"]).ok();
    site
}

/// The names of the roles that are listed, sorted.
fn names(site: &Site, words: &[&str]) -> String {
    let look = ["--fields", "name", "--format", "csv", "--noquotes"];
    let listed = site.admin(&[&["get-roles"], words, &look].concat()).ok();
    let mut names: Vec<&str> = listed.lines().collect();
    names.sort_unstable();
    names.join(",")
}

#[tokio::test(flavor = "multi_thread")]
async fn users_groups_and_composites_have_roles_by_name_and_by_id() {
    let site = site().await;
    let id = |path: &str| site.admin(&["get", path]).json()["id"].as_str().unwrap().to_owned();
    let first = |path: &str| site.admin(&["get", path]).json()[0]["id"].as_str().unwrap().to_owned();
    let (bob, staff, chief) = (first("users?username=bob"), first("groups?search=Staff"), id("roles/chief"));
    let account = first("clients?clientId=account");
    let view = id(&format!("clients/{account}/roles/view-groups"));
    let add = |words: &[&str]| site.admin(&[&["add-roles"], words].concat()).ok();
    add(&["--uusername", "bob", "--rolename", "reader", "--rolename", "größer als/groß?"]);
    add(&["--uid", &bob, "--roleid", &id("roles/writer")]);
    assert_eq!(names(&site, &["--uid", &bob]), format!("default-roles-{},größer als/groß?,reader,writer", site.realm));
    add(&["--gname", "Staff", "--rolename", "reader"]);
    add(&["--gpath", "/Staff/Night shift", "--rolename", "writer"]);
    add(&["--gid", &staff, "--cclientid", "account", "--rolename", "view-groups"]);
    assert_eq!(names(&site, &["--gid", &staff]), "reader");
    assert_eq!(names(&site, &["--gpath", "/Staff/Night shift"]), "writer");
    assert_eq!(names(&site, &["--gname", "Night shift"]), "writer");
    assert_eq!(names(&site, &["--gname", "Staff", "--cid", &account]), "view-groups");
    add(&["--rname", "chief", "--rolename", "reader"]);
    add(&["--rid", &chief, "--cid", &account, "--roleid", &view]);
    assert_eq!(names(&site, &["--rname", "chief"]), "reader");
    assert_eq!(names(&site, &["--rid", &chief, "--cclientid", "account"]), "view-groups");
    assert_eq!(names(&site, &["--rid", &chief, "--all"]), "reader,view-groups");
    add(&["--uusername", "bob", "--rolename", "chief"]);
    assert!(names(&site, &["--uusername", "bob", "--cclientid", "account", "--effective"]).contains("view-groups"));
    let free = names(&site, &["--uusername", "bob", "--available"]);
    assert!(!free.contains("chief") && !free.contains("reader"), "{free}");
    let remove = |words: &[&str]| site.admin(&[&["remove-roles"], words].concat()).ok();
    remove(&["--rname", "chief", "--rolename", "reader"]);
    remove(&["--gid", &staff, "--cclientid", "account", "--rolename", "view-groups"]);
    remove(&["--uusername", "bob", "--rolename", "chief", "--roleid", &id("roles/writer")]);
    assert_eq!(names(&site, &["--rname", "chief"]), "");
    assert_eq!(names(&site, &["--gid", &staff, "--cclientid", "account"]), "");
    assert_eq!(names(&site, &["--uusername", "bob"]), format!("default-roles-{},größer als/groß?,reader", site.realm));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roles_that_there_are_are_listed_whole_or_one_by_one() {
    let site = site().await;
    assert!(names(&site, &[]).contains("chief,"));
    assert!(names(&site, &["--cclientid", "realm-management"]).contains("view-users"));
    assert_eq!(names(&site, &["--rolename", "größer als/groß?"]), "größer als/groß?");
    let chief = site.admin(&["get", "roles/chief"]).json()["id"].as_str().unwrap().to_owned();
    assert_eq!(names(&site, &["--roleid", &chief]), "chief");
    assert_eq!(names(&site, &["--cclientid", "account", "--rolename", "view-profile"]), "view-profile");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_named_and_nothing_is_done_by_half() {
    let site = site().await;
    let admin = |words: &[&str]| site.admin(words);
    admin(&["add-roles", "--uusername", "nobody", "--rolename", "reader"])
        .fails(3, &["User not found for username: nobody"]);
    admin(&["add-roles", "--gpath", "/Staff/Day", "--rolename", "reader"])
        .fails(3, &["Group not found for path: /Staff/Day"]);
    admin(&["add-roles", "--rname", "boss", "--rolename", "reader"]).fails(3, &["Role not found for name: boss"]);
    admin(&["add-roles", "--uusername", "bob", "--rolename", "reader", "--rolename", "x"])
        .fails(3, &["Role not found for name: x"]);
    assert_eq!(names(&site, &["--uusername", "bob"]), format!("default-roles-{}", site.realm));
    admin(&["get-roles", "--cclientid", "nope"]).fails(3, &["Client not found for clientId: nope"]);
    admin(&["add-roles", "--uusername", "bob"]).fails(2, &["--rolename or --roleid"]);
    admin(&["add-roles", "--rolename", "reader"]).fails(2, &["--uusername / --uid"]);
    admin(&["get-roles", "--uid", "1", "--gid", "2"]).fails(2, &["can't be used at the same time"]);
    admin(&["get-roles", "--rname", "chief", "--available"]).fails(2, &["composite roles"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_set_and_may_be_temporary() {
    let site = site().await;
    site.admin(&["set-password", "--user", "bob", "-p", "one"]).ok();
    let login = |password: &str| {
        let words = ["login", "-u", "bob", "--password", password, "--login-realm", &site.realm];
        site.run(&[&words[..], &["--no-config"]].concat())
    };
    login("one").ok();
    login("two").fails(4, &["Invalid user credentials"]);
    site.admin(&["set-password", "--userid", &id(&site), "--new-password", "two", "--temporary"]).ok();
    login("two").fails(4, &["Account is not fully set up"]);
    let asked = [("KEYCLOAK_USERNAME", "admin"), ("KEYCLOAK_PASSWORD", "admin"), ("KEYCLOAK_REALM", &site.realm)];
    site.run_with(&["set-password", "--user", "bob"], &asked, "three\n").ok();
    login("three").ok();
    let shown = site.admin(&["set-password", "--user", "bob", "-p", "hunter2", "--dry-run"]).ok();
    assert!(shown.contains("reset-password") && !shown.contains("hunter2"), "{shown}");
    site.admin(&["set-password", "-p", "x"]).fails(2, &["--user <NAME>"]);
}

fn id(site: &Site) -> String {
    site.admin(&["get", "users?username=bob"]).json()[0]["id"].as_str().unwrap().to_owned()
}
