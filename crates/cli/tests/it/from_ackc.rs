//! The command lines of `docs/from-ackc.md`: each is run, on both sides.

use serde_json::{Value, json};

use crate::stage::Stage;

const GUIDE: &str = include_str!("../../../../docs/from-ackc.md");

/// Options, ackc's line and ours.
fn rows() -> impl Iterator<Item = (&'static str, String, String)> {
    let (_, section) = GUIDE.split_once("\n## Command line").unwrap();
    section.lines().filter(|line| line.starts_with("| `")).map(|row| {
        let mut cells = row.trim_matches('|').split(" | ").map(str::trim);
        let line = |cell: &str| cell.trim_matches('`').replace("\\|", "|");
        (cells.next().unwrap(), line(cells.next().unwrap()), line(cells.next().unwrap()))
    })
}

fn realm() -> Value {
    json!({
        "realm": "acme", "enabled": true,
        "clients": [{ "clientId": "robot", "secret": "s3cret", "serviceAccountsEnabled": true, "directAccessGrantsEnabled": true }],
        "users": [
            { "username": "bob", "enabled": true, "email": "bob@example.com", "firstName": "Bob", "lastName": "O",
                "credentials": [{ "type": "password", "value": "hunter22" }] },
            { "username": "service-account-robot", "enabled": true, "serviceAccountClientId": "robot",
                "clientRoles": { "realm-management": ["realm-admin"] } },
        ],
    })
}

/// What both sides print, as far as it does not change from run to run.
fn shape(out: &str) -> Vec<String> {
    match serde_json::from_str::<Value>(out) {
        Ok(Value::Object(fields)) => {
            let more = ["probe", "issued_at"]; // ackc's own
            fields.keys().filter(|name| !more.contains(&name.as_str())).cloned().collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn each_line_does_what_its_neighbour_does() {
    let names = ["auth-token", "auth-realm-export", "auth-mc", "ackc-init"];
    let stage = Stage::new("from-ackc", &names);
    std::fs::write(stage.home.join("acme.json"), realm().to_string()).unwrap();
    let admin = [("KEYCLOAK_USERNAME", "admin"), ("KEYCLOAK_PASSWORD", "admin")];
    stage.sh("cloakroom create realms -f acme.json", &admin).ok();
    let robot = [
        ("KEYCLOAK_REALM", "acme"),
        ("KEYCLOAK_AUTH_REALM", "acme"),
        ("KEYCLOAK_CLIENT_ID", "robot"),
        ("KEYCLOAK_CLIENT_SECRET", "s3cret"),
    ];
    let mut seen = 0;
    for (options, theirs, ours) in rows() {
        let session = stage.sh("echo hunter22 | auth-token password -u bob", &robot).json();
        let env = [&robot[..], &[("TOKEN", session["refresh_token"].as_str().unwrap())]].concat();
        let (left, right) = (stage.sh(&theirs, &env), stage.sh(&ours, &env));
        if options.contains("device") {
            // nobody is there to agree: refused by the server, not for the words
            assert_eq!((left.code, right.code), (1, 4), "{options}: {left:?} {right:?}");
        } else {
            assert_eq!((left.code, right.code), (0, 0), "{options}: {left:?} {right:?}");
            assert!(!left.out.is_empty() && !right.out.is_empty(), "{options}");
            let (left, right) = (shape(&left.out), shape(&right.out));
            assert!(left.is_empty() || left == right, "{options}: {left:?} {right:?}");
        }
        seen += 1;
    }
    assert!(seen >= 30, "{seen}");
}

#[test]
fn the_first_word_does_as_well_as_the_name() {
    let stage = Stage::new("ackc-word", &[]);
    assert!(stage.sh("cloakroom auth-mc health ready", &[]).ok().starts_with("[READY] Status: UP"));
    stage.sh("cloakroom auth-token", &[]).fails(1, &["Authentication error: "]);
}
