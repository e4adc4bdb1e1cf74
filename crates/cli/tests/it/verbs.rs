//! Every flag of `get`, `create`, `update` and `delete`, on our server and on a real Keycloak.

use serde_json::json;

use crate::site::Site;

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_set_added_to_deleted_from_and_merged() {
    let site = Site::with_realm().await;
    let id = site
        .admin(&[
            "create",
            "clients",
            "-s",
            "clientId=app",
            "-s",
            "redirectUris+=https://a/*",
            "-s",
            "redirectUris+=https://b/*",
            "-s",
            "attributes.\"my.key\"=1",
            "-s",
            "name='true'",
        ])
        .ok();
    let at = format!("clients/{id}");
    let fields = "clientId,name,redirectUris,attributes(my.key)";
    let client = site.admin(&["get", &at, "-F", fields]).json();
    assert_eq!(
        client,
        json!({ "clientId": "app", "name": "true", "redirectUris": client["redirectUris"],
        "attributes": { "my.key": "1" } })
    );
    assert_eq!(client["redirectUris"].as_array().unwrap().len(), 2);
    site.admin(&[
        "update",
        &at,
        "-s",
        "redirectUris-=https://a/*",
        "-s",
        "description=x",
        "-d",
        "attributes.\"my.key\"",
    ])
    .ok();
    let client = site.admin(&["get", &at]).json();
    assert_eq!((&client["redirectUris"], &client["description"]), (&json!(["https://b/*"]), &json!("x")));
    // Keycloak keeps what is left out; that it was is seen in the request
    let shown = site.admin(&["update", &at, "--dry-run", "-d", "name", "-d", "redirectUris[0]"]).ok();
    assert!(!shown.contains("\"name\": \"true\"") && shown.contains("\"redirectUris\": []"), "{shown}");
    site.admin(&["update", &at, "-m", "-b", r#"{"name":"New"}"#]).ok();
    let client = site.admin(&["get", &at]).json();
    assert_eq!((&client["name"], &client["description"]), (&json!("New"), &json!("x")));
    let file = site.home.join("client.yaml");
    std::fs::write(&file, "description: y\n").unwrap();
    site.admin(&["update", &at, "--merge", "-f", file.to_str().unwrap(), "-s", "name=Newer"]).ok();
    assert_eq!(
        site.admin(&["get", &at, "--fields", "name,description"]).json(),
        json!({ "name": "Newer", "description": "y" })
    );
    site.admin(&["update", &at, "-n", "-s", "enabled=false"]).ok();
    assert_eq!(site.admin(&["get", &at, "--fields", "enabled"]).json(), json!({ "enabled": false }));
    site.admin(&["update", &at, "-n", "-m", "-s", "a=b"]).fails(2, &["--no-merge"]);
    site.admin(&["update", &at, "-f", "x", "-b", "{}"]).fails(2, &["--body"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_or_changed_is_printed_as_asked() {
    let site = Site::with_realm().await;
    let id = site.admin(&["create", "users", "-i", "-s", "username=bob"]).ok();
    assert_eq!(id.len(), 36);
    let made =
        site.admin(&["create", "users", "-s", "username=ann", "-o", "json", "--fields", "username,enabled"]).json();
    assert_eq!(made, json!({ "username": "ann", "enabled": false }));
    let changed = site
        .admin(&["update", &format!("users/{id}"), "-s", "enabled=true", "-o", "csv", "-F", "enabled,username"])
        .ok();
    assert_eq!(changed, "true,\"bob\"");
    site.admin(&["create", "users", "-s", "username=eve", "-i", "-o", "json"]).fails(2, &["--id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_cut_filtered_and_printed_in_every_format() {
    let site = Site::with_realm().await;
    for name in ["ann", "bob", "carl"] {
        site.admin(&["create", "users", "-s", &format!("username={name}"), "-s", &format!("email={name}@x.org")]).ok();
    }
    let users = |more: &[&str]| site.admin(&[&["get", "users"], more].concat()).ok();
    assert_eq!(
        users(&["--offset", "1", "--limit", "1", "--fields", "username", "--format", "csv", "--noquotes"]),
        "bob"
    );
    assert_eq!(users(&["-q", "username=ann", "-F", "username,missing,email", "-o", "csv"]), "\"ann\",,\"ann@x.org\"");
    assert_eq!(users(&["-l", "1", "--fields", "username", "-c"]), r#"[{"username":"ann"}]"#);
    assert_eq!(
        users(&["-q", "username=bob", "--fields", "username,access(manage)", "-c"]),
        r#"[{"username":"bob","access":{"manage":true}}]"#
    );
    assert!(!users(&["-l", "1", "--fields", "*,-access", "-c"]).contains("access"));
    assert_eq!(users(&["-q", "username=nobody"]), "[]");
    assert_eq!(users(&["-q", "username=nobody", "-o", "table"]), "(none)");
    assert_eq!(users(&["-q", "username=nobody", "-o", "csv"]), "");
    assert!(users(&["-o", "table"]).contains("carl@x.org"));
    assert!(users(&["-o", "yaml", "--fields", "username"]).contains("- username: ann"));
    let head = users(&["-H", "-l", "1"]);
    assert!(
        head.starts_with("HTTP/1.1 200 OK\n") && head.to_lowercase().contains("content-type: application/json"),
        "{head}"
    );
    site.admin(&["get", "users", "--fields", "a("]).fails(2, &["position 2"]);
    site.admin(&["get", "users", "-o", "xml"]).fails(2, &["table, json, yaml, csv"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_may_be_a_whole_address_and_the_api_elsewhere() {
    let site = Site::with_realm().await;
    let realm = format!("realms/{}", site.realm);
    let whole = format!("{}/admin/{realm}", site.url);
    assert_eq!(site.admin(&["get", &whole, "--fields", "realm"]).json(), json!({ "realm": site.realm }));
    let root = format!("{}/admin/", site.url);
    assert_eq!(site.admin(&["get", &realm, "--fields", "realm", "-a", &root]).json(), json!({ "realm": site.realm }));
    // the same server by another name: the token goes along
    let elsewhere = whole.replace("127.0.0.1", "localhost");
    let ran = site.admin(&["get", &elsewhere, "--fields", "realm"]);
    assert!(ran.code == 0 || ran.code == 4, "{ran:?}");
    let info = site.admin(&["get", &format!("/realms/{}/.well-known/openid-configuration", site.realm)]).json();
    assert!(info["issuer"].as_str().unwrap().ends_with(&site.realm));
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_and_bodies_that_are_not_json_are_sent_as_they_are() {
    let site = Site::with_realm().await;
    let text = ["update", "localization/en/hello", "--header", "Content-Type: text/plain", "-b", "Hello, you"];
    site.admin(&text).ok();
    assert_eq!(site.admin(&["get", "localization/en", "-c"]).ok(), r#"{"hello":"Hello, you"}"#);
    site.admin(&[&text[..], &["-s", "a=b"]].concat()).fails(2, &["--header"]);
    let forbidden = site.admin(&["get", "users", "--header", "Authorization=Bearer x"]);
    forbidden.fails(4, &["401"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_shows_the_request_and_changes_nothing() {
    let site = Site::with_realm().await;
    let made = [
        "create",
        "users",
        "--dry-run",
        "-s",
        "username=bob",
        "-s",
        "credentials[0].type=password",
        "-s",
        "credentials[0].value=hunter2",
    ];
    let shown = site.admin(&made).ok();
    let url = format!("POST {}/admin/realms/{}/users\n", site.url, site.realm);
    assert!(shown.starts_with(&url) && shown.contains("\"value\": \"***\"") && !shown.contains("hunter2"), "{shown}");
    assert_eq!(site.admin(&["get", "users/count"]).ok(), "0");
    let realm = format!("realms/{}", site.realm);
    let shown = site.admin(&["update", &realm, "--dry-run", "-s", "displayName=Acme"]).ok();
    assert!(
        shown.starts_with("PUT ") && shown.contains("\"displayName\": \"Acme\"") && shown.contains("\"realm\""),
        "{shown}"
    );
    let shown = site.admin(&["delete", &realm, "--dry-run"]).ok();
    assert_eq!(shown, format!("DELETE {}/admin/{realm}", site.url));
    assert_eq!(site.admin(&["get", &realm, "--fields", "displayName"]).json(), json!({}));
    // what is not sent needs no login
    assert!(site.run(&["create", "roles", "-r", "acme", "--dry-run", "-s", "name=x"]).ok().starts_with("POST "));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_realm_is_that_of_the_login_unless_another_is_named() {
    let site = Site::with_realm().await;
    site.run(&["login", "-u", "admin", "--password", "admin"]).ok();
    let realms = |path: &str| site.run(&["get", path, "--dry-run"]).code;
    assert_eq!(realms("users"), 0);
    assert_eq!(
        site.run(&["get", "roles/default-roles-master", "--fields", "name"]).json(),
        json!({ "name": "default-roles-master" })
    );
    site.run(&["get", "users", "-r", &site.realm]).ok();
    site.run(&["get", "users", "--target-realm", &site.realm]).ok();
}
