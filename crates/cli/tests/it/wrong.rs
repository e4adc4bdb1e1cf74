//! What goes wrong: one clear sentence that names the fix, and the documented exit code.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::site::Site;
use crate::support::CREATE_BOB;

/// The address of a listener that answers anything in the same way.
fn answering(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer);
        }
    });
    format!("{address}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_one() {
    let site = Site::new().await;
    let at = |url: &str| site.admin(&["get", "realms", "--server", url, "--timeout", "10"]);
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    at(&format!("http://{free}")).fails(5, &[&free.to_string(), "is the server running"]);
    at("http://no-such-host.invalid").fails(5, &["no-such-host.invalid"]);
    at("localhost:8080").fails(2, &["https://id.example.com"]);
    let html = answering(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<html></html>");
    at(&format!("http://{html}")).fails(4, &["HTML instead of JSON"]);
    let with_token = |url: &str| site.run(&["get", "realms", "--server", url, "--token", "x"]);
    with_token(&format!("http://{html}")).fails(2, &["HTML instead of JSON", "--server"]);
    let wrong = answering(b"HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n");
    with_token(&format!("http://{wrong}")).fails(3, &["HTML instead of JSON", "is the URL right"]);
    let other = answering(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
    at(&format!("http://{other}")).fails(4, &["404 Not Found", "Is --server right, with its port and its base path?"]);
    let database = answering(b"E\0\0\0\x20SFATAL\0C0A000\0");
    at(&format!("http://{database}")).fails(5, &[&database, "or another port?"]);
    let broken = answering(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n[{");
    with_token(&format!("http://{broken}")).fails(1, &["not the JSON it says it is"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_where_there_is_none_and_none_where_there_is() {
    let site = Site::new().await;
    let plain = answering(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
    site.admin(&["get", "realms", "--server", &format!("https://{plain}")]).fails(5, &["http in place of https"]);
    let tls = answering(b"\x15\x03\x01\x00\x02\x02\x46");
    site.admin(&["get", "realms", "--server", &format!("http://{tls}")]).fails(5, &["https in place of http"]);
    std::fs::write(site.home.join("store.jks"), [0xfe, 0xed, 0xfe, 0xed]).unwrap();
    site.admin(&["get", "realms", "--ca-file", "store.jks"]).fails(2, &["JKS", "keytool"]);
    site.admin(&["get", "realms", "--ca-file", "nothing.pem"]).fails(2, &["nothing.pem cannot be read"]);
    std::fs::write(site.home.join("text.pem"), "hello").unwrap();
    site.admin(&["get", "realms", "--ca-file", "text.pem"]).fails(2, &["neither PEM", "PKCS12"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_that_may_not() {
    let site = Site::with_realm().await;
    site.admin(&CREATE_BOB).ok();
    site.admin(&["set-password", "--user", "bob", "-p", "pw"]).ok();
    let bob = |words: &[&str]| {
        let login = [("KEYCLOAK_USERNAME", "bob"), ("KEYCLOAK_PASSWORD", "pw"), ("KEYCLOAK_AUTH_REALM", &site.realm)];
        site.run_with(words, &login, "")
    };
    let role = format!("It takes view-users of the realm \"{}\"", site.realm);
    bob(&["get", "users"]).fails(1, &["403", &role]);
    bob(&["create", "clients", "-s", "clientId=x"]).fails(1, &["manage-clients"]);
    bob(&["create", "realms", "-s", "realm=x"]).fails(1, &["create-realm"]);
    site.admin(&["add-roles", "--uusername", "bob", "--cclientid", "realm-management", "--rolename", "view-users"])
        .ok();
    bob(&["get", "users"]).ok();
    let wrong = [("KEYCLOAK_USERNAME", "admin"), ("KEYCLOAK_PASSWORD", "hunter2")];
    let ran = site.run_with(&["get", "realms"], &wrong, "");
    assert!(!ran.err.contains("hunter2"));
    ran.fails(4, &["Invalid user credentials", "Is the password right"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_nobody_knows() {
    let site = Site::with_realm().await;
    site.admin(&["create", "users", "-s", "userName=bob"])
        .fails(1, &["Unrecognized field \"userName\"", "Did you mean \"username\"?"]);
    site.admin(&["create", "clients", "-s", "clientId=a", "-s", "redirectUrls+=x"])
        .fails(1, &["Did you mean \"redirectUris\"?"]);
    site.admin(&["get", "users", "-r", "no such realm"]).fails(3, &["Realm not found", "cloakroom get realms"]);
    site.admin(&["get", "realms", "--login-realm", "no such realm"])
        .fails(4, &["Realm does not exist", "--login-realm names the realm to log in to"]);
    site.admin(&["get", "userz"]).fails(3, &["The server has no such path"]);
    site.admin(&["get", "users/../clients"]).fails(2, &["\"..\""]);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_be_read() {
    let site = Site::new().await;
    std::fs::write(site.home.join("broken.yaml"), "username: bob\nenabled: [true\nemail: x\n").unwrap();
    site.admin(&["create", "users", "-f", "broken.yaml"]).fails(2, &["broken.yaml cannot be read", "line 3 column 6"]);
    std::fs::write(site.home.join("broken.json"), "{\"username\": \"bob\",\n\"enabled\": }").unwrap();
    site.admin(&["create", "users", "-f", "broken.json"]).fails(2, &["broken.json cannot be read", "line 2 column 12"]);
    std::fs::write(site.home.join("flow.yaml"), "{username: [bob, enabled: true}\n").unwrap();
    site.admin(&["create", "users", "-f", "flow.yaml"]).fails(2, &["flow.yaml cannot be read", "line 1 column"]);
    site.admin(&["create", "users", "-b", "a: 1\na: 2"]).fails(2, &["--body: duplicate", "line 2 column 1"]);
    site.admin(&["create", "users", "-f", "nothing.json"]).fails(2, &["nothing.json cannot be read"]);
    site.admin(&["create", "users", "-s", "username"]).fails(2, &["-s username", "key=value"]);
    site.admin(&["update", "users/1", "-d", "a[b]"]).fails(2, &["-d a[b]", "not a number"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_with_spaces_and_of_any_script() {
    let site = Site::with_realm().await;
    for name in ["my realm", "größe", "日本 語"] {
        let realm = format!("{} {name}", site.realm);
        let made = site.admin(&["create", "realms", "-s", &format!("realm={realm}"), "-s", "enabled=true"]).ok();
        assert_eq!(made, realm, "and not as it is in an address");
        site.admin(&["create", "users", "-r", &realm, "-s", "username=zoë mit ü"]).fails(
            1,
            &["error-username-invalid-character", "a character that the realm's user profile does not allow"],
        );
        site.admin(&["create", "users", "-r", &realm, "-s", "username=zoë", "-s", "lastName=van der Ü"]).ok();
        site.admin(&["set-password", "-r", &realm, "--user", "zoë", "-p", "päss wörd"]).ok();
        assert_eq!(
            site.admin(&["get", &format!("realms/{realm}"), "--fields", "realm", "-c"]).ok(),
            format!("{{\"realm\":\"{realm}\"}}")
        );
        site.admin(&["create", "roles", "-r", &realm, "-s", "name=Rolle für alle"]).ok();
        let made = site.admin(&["create", "roles", "-r", &realm, "-s", "name=50% a/b", "-F", "name", "-c"]).ok();
        assert_eq!(made, "{\"name\":\"50% a/b\"}");
        site.admin(&["get", "roles/Rolle für alle", "-r", &realm]).ok();
        site.admin(&["delete", &format!("realms/{realm}")]).ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn session_files_that_cannot_be_read_or_written() {
    let site = Site::new().await;
    std::fs::write(site.session(), "{\"endpoints\": {\"http").unwrap();
    site.run(&["get", "realms"])
        .fails(1, &["session.json cannot be used", "line 1", "`cloakroom logout --all` removes it"]);
    site.run(&["login", "-u", "admin", "--password", "admin"]).fails(1, &["session.json"]);
    site.run(&["logout", "--all"]).ok();
    site.run(&["login", "-u", "admin", "--password", "admin"]).ok();
    let nowhere = site.home.join("file");
    std::fs::write(&nowhere, "").unwrap();
    let inside = nowhere.join("session.json");
    let env = [("CLOAKROOM_SESSION", inside.to_str().unwrap())];
    let login = ["login", "-u", "admin", "--password", "admin"];
    site.run_with(&login, &env, "").fails(1, &["cannot be", "session.json"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_cannot_be_kept_still_does_its_work() {
    let site = Site::new().await;
    site.run(&["login", "-u", "admin", "--password", "admin"]).ok();
    let mut kept: serde_json::Value = serde_json::from_slice(&std::fs::read(site.session()).unwrap()).unwrap();
    kept["endpoints"][&site.url]["master"]["expiresAt"] = 0.into();
    // a folder where the renewed file is written beside the old one, as on a disk that is read-only
    std::fs::write(site.session(), kept.to_string()).unwrap();
    #[cfg(target_os = "linux")]
    {
        let copy = std::path::Path::new("/proc/self/fd/0");
        let env = [("CLOAKROOM_SESSION", copy.to_str().unwrap())];
        let ran = site.run_with(&["get", "realms/master"], &env, &kept.to_string());
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.err.contains("the renewed session is not kept"), "{ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_several_servers_and_realms_are_told_apart() {
    let site = Site::with_realm().await;
    site.run(&["status"]).fails(4, &["nobody is logged in"]);
    site.run(&["login", "-u", "admin", "--password", "admin"]).ok();
    site.admin(&["create", "clients", "-s", "clientId=robot", "-s", "serviceAccountsEnabled=true", "-s", "secret=s"])
        .ok();
    let robot = ["--login-realm", &site.realm, "--client-id", "robot", "--client-secret", "s"];
    site.run(&[&["login"], &robot[..]].concat()).ok();
    let status = site.run(&["status"]).json();
    let realms: Vec<_> = status
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["realm"].as_str().unwrap(), row["current"].as_bool().unwrap()))
        .collect();
    assert_eq!(realms, [(site.realm.as_str(), true), ("master", false)]);
    assert_eq!(status[0]["client"], "robot");
    site.run(&["get", "users"]).fails(1, &["403", "view-users"]);
    site.run(&["get", "users", "--login-realm", "master", "-r", &site.realm]).ok();
    assert_eq!(site.run(&["logout"]).ok(), format!("Logged out of {} (realm {}).", site.url, site.realm));
    assert_eq!(site.run(&["status"]).json().as_array().unwrap().len(), 1);
    assert_eq!(site.run(&["logout", "--all"]).ok(), "Logged out of 1 session.");
    assert!(!site.session().exists());
}
