//! `get`, `create`, `update`, `delete`.

use serde_json::json;

use crate::support::Shell;

#[tokio::test(flavor = "multi_thread")]
async fn a_realm_and_a_user_come_and_go() {
    let shell = Shell::start().await;
    shell.admin(&["create", "realms", "-s", "realm=acme", "-s", "enabled=true"]).ok();
    let id = shell.admin(&["create", "users", "-r", "acme", "-s", "username=bob", "-s", "enabled=true"]).ok();
    assert_eq!(shell.admin(&["get", &format!("users/{id}"), "-r", "acme"]).json()["username"], "bob");
    let changed =
        ["update", &format!("users/{id}"), "-r", "acme", "-s", "email=Bob@Example.com", "-s", "firstName=Bob"];
    assert_eq!(shell.admin(&changed).ok(), "");
    let changed = ["update", &format!("users/{id}"), "-r", "acme", "-s", "lastName=Builder"];
    shell.admin(&changed).ok();
    let bob =
        shell.admin(&["get", &format!("users/{id}"), "-r", "acme", "--fields", "lastName,email,firstName"]).json();
    assert_eq!(bob, json!({ "lastName": "Builder", "email": "bob@example.com", "firstName": "Bob" }));
    shell.admin(&["delete", &format!("users/{id}"), "-r", "acme"]).ok();
    shell
        .admin(&["get", &format!("users/{id}"), "-r", "acme"])
        .fails(3, &["User not found", "/admin/realms/acme/users/"]);
    shell.admin(&["delete", "realms/acme"]).ok();
    shell.admin(&["get", "realms/acme"]).fails(3, &["Realm not found."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_in_the_servers_words() {
    let shell = Shell::start().await;
    let create = ["create", "users", "-r", "master", "-s", "username=bob"];
    shell.admin(&create).ok();
    shell.admin(&create).fails(1, &["409 Conflict: User exists with same username"]);
    shell.admin(&["create", "users", "-r", "master", "-s", "userName=eve"]).fails(1, &["Unrecognized field"]);
    shell.admin(&["get", "users", "-r", "nowhere"]).fails(3, &["Realm not found."]);
    shell.run(&["get", "users", "-r", "master", "--token", "x"]).fails(4, &["401", "cloakroom login"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_json_or_yaml_and_flags_come_on_top() {
    let shell = Shell::start().await;
    let yaml = "username: ann\nenabled: true\nattributes:\n  locale: [no]\n";
    let args = ["create", "users", "-r", "master", "-f", "-", "-s", "email=ann@example.com"];
    let admin = [("KEYCLOAK_USERNAME", "admin"), ("KEYCLOAK_PASSWORD", "admin")];
    let id = shell.run_with(&args, &admin, yaml).ok();
    let ann = shell.admin(&["get", &format!("users/{id}"), "-r", "master"]).json();
    assert_eq!((&ann["username"], &ann["email"]), (&json!("ann"), &json!("ann@example.com")));
    let file = shell.home.join("eve.json");
    std::fs::write(&file, r#"{"username": "eve"}"#).unwrap();
    shell.admin(&["create", "users", "-r", "master", "-f", file.to_str().unwrap()]).ok();
    shell.admin(&["create", "users", "-r", "master", "-f", "/no/such"]).fails(2, &["/no/such"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_with_any_character_reach_the_server() {
    let shell = Shell::start().await;
    for (name, typed) in
        [("my role", "my role"), ("a/b", "a%2Fb"), ("x;y=1+2", "x;y=1+2"), ("100%", "100%"), ("größe", "größe")]
    {
        let set = format!("name={name}");
        shell.admin(&["create", "roles", "-r", "master", "-s", &set]).ok();
        let role = shell.admin(&["get", &format!("roles/{typed}"), "-r", "master"]).json();
        assert_eq!(role["name"], name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_shown_as_asked_and_fetched_whole() {
    let shell = Shell::start().await;
    let realm = shell.server.realm("master");
    for n in 0..105 {
        let user = cloakroom::api::admin::users::User { username: Some(format!("user-{n:03}")), ..Default::default() };
        realm.users().create(&user).await.unwrap();
    }
    let admin = |args: &[&str]| shell.admin(args).ok();
    assert_eq!(shell.admin(&["get", "users", "-r", "master"]).json().as_array().unwrap().len(), 100);
    let all = shell.admin(&["get", "users", "-r", "master", "--all", "-q", "username=user-"]).json();
    assert_eq!(all.as_array().unwrap().len(), 105);
    let one = ["get", "users", "-r", "master", "-q", "username=user-007", "--fields", "username", "-o"];
    assert!(admin(&[&one[..], &["yaml"]].concat()).contains("username: user-007"));
    assert!(admin(&[&one[..], &["table"]].concat()).contains("user-007"));
    shell.admin(&["get", "users", "-r", "master", "--all", "-q", "max=1"]).fails(2, &["--all"]);
}
