//! `realm export`.

use cloakroom::CreateMany;
use cloakroom::api::admin::users::User;
use serde_json::{Value, json};

use crate::support::Shell;

/// A realm with something of each kind.
fn realm() -> Value {
    json!({
        "realm": "ac me", "enabled": true, "passwordPolicy": "length(8)",
        "roles": { "realm": [{ "name": "editor" }], "client": { "app": [{ "name": "reader" }] } },
        "groups": [{ "name": "sales", "attributes": { "floor": ["3"] }, "realmRoles": ["editor"],
            "subGroups": [{ "name": "europe" }] }],
        "clients": [{ "clientId": "app", "secret": "s3cret-of-app", "serviceAccountsEnabled": true },
            { "clientId": "asks", "publicClient": true, "consentRequired": true, "redirectUris": ["https://x/*"] }],
        "users": [{ "username": "bob", "enabled": true, "email": "bob@example.com", "firstName": "B", "lastName": "O",
            "requiredActions": ["UPDATE_PASSWORD"], "realmRoles": ["editor"], "clientRoles": { "app": ["reader"] },
            "groups": ["/sales/europe"], "credentials": [{ "type": "password", "value": "hunter22" }] }],
    })
}

async fn shell() -> Shell {
    let shell = Shell::start().await;
    let file = shell.home.join("realm.json");
    std::fs::write(&file, realm().to_string()).unwrap();
    shell.admin(&["create", "realms", "-f", file.to_str().unwrap()]).ok();
    shell
}

/// What is the same after an import elsewhere.
fn comparable(mut realm: Value) -> Value {
    fn walk(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for name in ["id", "containerId", "parentId", "createdTimestamp", "createdDate", "internalId"] {
                    fields.remove(name);
                }
                fields.values_mut().for_each(walk);
            }
            Value::Array(items) => {
                items.iter_mut().for_each(walk);
                items.sort_by_key(|item| item.to_string());
            }
            _ => {}
        }
    }
    walk(&mut realm);
    realm
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_what_the_partial_export_leaves_out() {
    let shell = shell().await;
    let exported = shell.admin(&["realm", "export", "ac me", "--include-users"]).json();
    let find = |list: &str, field: &str, name: &str| {
        exported[list].as_array().unwrap().iter().find(|item| item[field] == name).unwrap().clone()
    };
    assert_eq!(find("clients", "clientId", "app")["secret"], "s3cret-of-app");
    assert_eq!(find("groups", "name", "sales")["subGroups"][0]["name"], "europe");
    let bob = find("users", "username", "bob");
    assert_eq!(bob["groups"], json!(["/sales/europe"]));
    assert_eq!(bob["clientRoles"], json!({ "app": ["reader"] }));
    assert!(bob["realmRoles"].as_array().unwrap().contains(&json!("editor")));
    assert_eq!((&bob["requiredActions"], &bob["email"]), (&json!(["UPDATE_PASSWORD"]), &json!("bob@example.com")));
    assert!(bob.get("access").is_none());
    assert_eq!(find("users", "username", "service-account-app")["serviceAccountClientId"], "app");
    let without = shell.admin(&["realm", "export", "ac me"]).json();
    assert!(without["users"].as_array().unwrap().iter().all(|user| user["username"] != "bob"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_can_be_imported_elsewhere() {
    let (here, there) = (shell().await, Shell::start().await);
    let file = here.home.join("export.json");
    let file = file.to_str().unwrap();
    here.admin(&["realm", "export", "ac me", "--include-users", "--pretty", "-o", file]).ok();
    there.admin(&["create", "realms", "-f", file]).ok();
    let exported: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let again = there.admin(&["realm", "export", "ac me", "--include-users"]).json();
    let (exported, again) = (comparable(exported), comparable(again));
    for (name, value) in exported.as_object().unwrap() {
        assert_eq!(&again[name], value, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_users_are_exported_however_many() {
    let shell = shell().await;
    let users = (0..230).map(|n| User { username: Some(format!("user-{n:03}")), ..User::default() }).collect();
    assert!(shell.server.realm("ac me").users().create_many(users, 4).await.iter().all(Result::is_ok));
    let exported = shell.admin(&["realm", "export", "ac me", "--include-users"]).json();
    let names = exported["users"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap());
    assert_eq!(names.filter(|name| name.starts_with("user-")).count(), 230);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_for_their_owner_and_not_replaced_by_chance() {
    let shell = shell().await;
    let file = shell.home.join("export.json");
    let export = ["realm", "export", "ac me", "-o", file.to_str().unwrap()];
    shell.admin(&export).ok();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    shell.admin(&export).fails(2, &["--force"]);
    shell.admin(&[&export[..], &["--force"]].concat()).ok();
    let nowhere = shell.home.join("no/such/folder.json");
    shell.admin(&["realm", "export", "ac me", "-o", nowhere.to_str().unwrap()]).fails(1, &["cannot be written"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_realm_that_is_not_there_is_named_and_leaves_no_file() {
    let shell = Shell::start().await;
    let file = shell.home.join("export.json");
    shell.admin(&["realm", "export", "nowhere", "-o", file.to_str().unwrap()]).fails(3, &["\"nowhere\""]);
    assert!(std::fs::read_dir(&shell.home).unwrap().all(|e| !e.unwrap().path().to_string_lossy().contains("export")));
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_that_the_server_keeps_are_named() {
    let shell = shell().await;
    let set = ["-s", "smtpServer.host=mail", "-s", "smtpServer.from=a@example.com", "-s", "smtpServer.password=pw"];
    let more = ["-s", "smtpServer.auth=true", "-s", "smtpServer.user=u"];
    shell.admin(&[&["update", "realms/ac me"], &set[..], &more[..]].concat()).ok();
    let ran = shell.admin(&["realm", "export", "ac me"]);
    assert!(ran.code == 0 && ran.err.contains("  smtpServer.password\n"), "{ran:?}");
}
