//! `docs/from-kcadm.md`: it names what kcadm's help lists, and each of its lines works.

use std::collections::BTreeSet;

use cloakroom::jose::{KeySpec, PrivateKey};
use serde_json::json;

use crate::site::Site;

const PAGE: &str = include_str!("../../../../docs/from-kcadm.md");

/// A line a command and option, as `kcadm.sh help COMMAND` lists them (26.7.4).
const LISTED: &str = include_str!("../kcadm-options.txt");

/// A row of a table: the command it is about, the options it names, and the line of either tool.
struct Row {
    command: &'static str,
    options: Vec<&'static str>,
    kcadm: &'static str,
    ours: &'static str,
}

fn rows() -> Vec<Row> {
    let mut command = "";
    let mut rows = Vec::new();
    for line in PAGE.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            command = title;
        } else if line.starts_with("| ") && !line.starts_with("| Option") {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let [options, kcadm, ours] = cells[..] else { panic!("{line}") };
            let code = |cell: &'static str| cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`')).unwrap();
            let options = options.split(", ").filter(|cell| !cell.is_empty()).map(code).collect();
            rows.push(Row { command, options, kcadm: code(kcadm), ours: code(ours) });
        }
    }
    rows
}

#[test]
fn every_option_that_kcadm_lists_has_its_line() {
    let named: BTreeSet<(&str, &str)> =
        rows().iter().flat_map(|row| row.options.iter().map(|option| (row.command, *option))).collect();
    let missing = |line: &&str| {
        let (command, option) = line.rsplit_once(' ').unwrap();
        !named.contains(&(command, option)) && !named.contains(&("Every command", option))
    };
    let missing: Vec<&str> = LISTED.lines().filter(missing).collect();
    assert!(LISTED.lines().count() > 150 && missing.is_empty(), "{missing:?}");
}

/// What the lines speak of: users, a group, roles and clients, and files beside.
fn furnish(site: &Site) -> Vec<(&'static str, String)> {
    let create = |what: &str, body: serde_json::Value| site.admin(&["create", what, "-b", &body.to_string()]).ok();
    let bob = create("users", json!({ "username": "bob", "enabled": true }));
    create("users", json!({ "username": "ann", "enabled": true }));
    let staff = create("groups", json!({ "name": "staff" }));
    let app = create("clients", json!({ "clientId": "app" }));
    create(&format!("clients/{app}/roles"), json!({ "name": "operator" }));
    for role in ["editor", "viewer"] {
        create("roles", json!({ "name": role }));
    }
    let editor = site.admin(&["get", "roles/editor"]).json()["id"].as_str().unwrap().to_owned();
    let key = PrivateKey::generate(KeySpec::rsa(2048).unwrap()).unwrap();
    std::fs::write(site.home.join("key.pem"), key.to_pem().unwrap().as_bytes()).unwrap();
    let public: String = key.public().to_pem().lines().filter(|line| !line.starts_with("---")).collect();
    let robots = [
        json!({ "clientId": "robot", "serviceAccountsEnabled": true, "secret": "s3cret" }),
        json!({ "clientId": "signer", "serviceAccountsEnabled": true, "clientAuthenticatorType": "client-jwt",
            "attributes": { "jwt.credential.public.key": public } }),
    ];
    for robot in robots {
        let account = format!("service-account-{}", robot["clientId"].as_str().unwrap());
        create("clients", robot);
        site.admin(&[
            "add-roles",
            "--uusername",
            &account,
            "--cclientid",
            "realm-management",
            "--rolename",
            "view-realm",
        ])
        .ok();
    }
    let keys = site.admin(&["get", "keys"]).json();
    let certificate = keys["keys"].as_array().unwrap().iter().find_map(|key| key["certificate"].as_str()).unwrap();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----\n");
    std::fs::write(site.home.join("ca.pem"), pem).unwrap();
    std::fs::write(site.home.join("user.json"), r#"{"firstName": "Bo", "lastName": "B", "enabled": true}"#).unwrap();
    let token = site.admin(&["token", "-q", "-r", "master"]).ok();
    vec![("BOB", bob), ("STAFF", staff), ("APP", app), ("EDITOR", editor), ("TOKEN", token)]
}

#[cfg(unix)]
async fn every_line_works(login: &str, line: impl Fn(&Row) -> &'static str) {
    let site = Site::with_realm().await;
    let known: String = furnish(&site).iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    site.script(login).ok();
    for row in rows() {
        let line = line(&row).replace("acme", &site.realm);
        let ran = site.script(&format!("{known}{line}"));
        assert_eq!(ran.code, 0, "{line}\n{ran:?}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn every_line_for_kcadm_works() {
    let login = "kcadm.sh config credentials --server $SERVER --realm master --user admin --password admin";
    every_line_works(login, |row| row.kcadm).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn every_line_of_ours_works() {
    every_line_works("cloakroom login --server $SERVER -u admin --password admin", |row| row.ours).await;
}
