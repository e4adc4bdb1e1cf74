//! `doctor`.

use serde_json::{Value, json};

use crate::support::Shell;

/// A realm that asks for trouble.
fn careless() -> Value {
    json!({
        "realm": "acme", "enabled": true, "sslRequired": "none", "registrationAllowed": true,
        "clients": [
            { "clientId": "spa", "publicClient": true, "implicitFlowEnabled": true, "redirectUris": ["*"], "webOrigins": ["*"] },
            { "clientId": "robot", "secret": "short", "serviceAccountsEnabled": true, "standardFlowEnabled": false },
        ],
    })
}

async fn shell() -> (Shell, String) {
    let shell = Shell::start().await;
    let file = shell.home.join("realm.json");
    std::fs::write(&file, careless().to_string()).unwrap();
    let file = file.to_str().unwrap().to_owned();
    shell.admin(&["create", "realms", "-f", &file]).ok();
    (shell, file)
}

fn codes(report: &Value) -> Vec<String> {
    let finding = |f: &Value| format!("{} {}", f["code"].as_str().unwrap(), f["object"].as_str().unwrap());
    report["findings"].as_array().unwrap().iter().map(finding).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_have_a_severity_a_reason_and_a_fix() {
    let (shell, _) = shell().await;
    let ran = shell.admin(&["doctor", "acme", "--json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let codes = codes(&report);
    for code in [
        "redirect-anywhere client spa",
        "implicit-flow client spa",
        "pkce-public client spa",
        "secret-short client robot",
        "tls-not-required realm",
        "brute-force realm",
        "events-off realm",
        "refresh-rotation realm",
    ] {
        assert!(codes.iter().any(|known| known == code), "{code} is not in {codes:?}");
    }
    let severities: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|f| f["severity"].as_str().unwrap()).collect();
    assert!(severities.is_sorted_by_key(|s| ["high", "medium", "low"].iter().position(|k| k == s)), "the worst first");
    for finding in report["findings"].as_array().unwrap() {
        assert!(["found", "why", "fix"].iter().all(|field| !finding[field].as_str().unwrap().is_empty()), "{finding}");
    }
    assert!(!ran.out.contains("\"short\""), "secrets are not told");
    let told = shell.admin(&["doctor", "acme"]);
    assert!(
        told.out.contains("high    redirect-anywhere  acme: client spa") && told.out.contains("fix: cloakroom update")
    );
    assert!(told.out.trim_end().ends_with("low.") && told.err.contains("--fail-on"), "{told:?}");
}

/// Each fix that is a command is one that works.
#[tokio::test(flavor = "multi_thread")]
async fn fixes_can_be_pasted_until_nothing_is_left() {
    let (shell, _) = shell().await;
    let bin = shell.home.join("bin");
    std::fs::create_dir_all(&bin).unwrap();
    std::fs::copy(env!("CARGO_BIN_EXE_cloakroom"), bin.join("cloakroom")).unwrap();
    let report: Value = serde_json::from_str(&shell.admin(&["doctor", "acme", "--json"]).out).unwrap();
    let mut tried = 0;
    for finding in report["findings"].as_array().unwrap() {
        let fix = finding["fix"].as_str().unwrap();
        if !fix.starts_with("cloakroom ") {
            continue;
        }
        let mut command = std::process::Command::new("sh");
        command.args(["-c", fix]).env_clear().env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
        command.env("KEYCLOAK_URL", shell.server.url()).env("CLOAKROOM_SESSION", shell.session());
        let output = command.env("KEYCLOAK_USERNAME", "admin").env("KEYCLOAK_PASSWORD", "admin").output().unwrap();
        assert!(output.status.success(), "{fix}: {}", String::from_utf8_lossy(&output.stderr));
        tried += 1;
    }
    assert!(tried > 10, "{tried}");
    let ran = shell.admin(&["doctor", "acme", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let left: Value = serde_json::from_str(&ran.out).unwrap();
    let commands: Vec<&Value> = left["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["fix"].as_str().unwrap().starts_with("cloakroom "))
        .collect();
    assert!(
        commands.iter().all(|f| matches!(f["code"].as_str(), Some("events-forever" | "admin-events-forever"))),
        "{commands:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_are_left_out_and_the_exit_code_follows() {
    let (shell, file) = shell().await;
    let doctor = |more: &[&str]| shell.run(&[&["doctor", "-f", &file], more].concat());
    assert_eq!(doctor(&[]).code, 1);
    assert_eq!(doctor(&["--fail-on", "never"]).code, 0);
    let quiet =
        doctor(&["--severity", "high", "--json", "--ignore", "secret-short", "--ignore", "redirect-anywhere:spa"]);
    let codes = codes(&serde_json::from_str(&quiet.out).unwrap());
    assert!(codes.contains(&"implicit-flow client spa".to_owned()), "{codes:?}");
    assert!(!codes.iter().any(|c| c.starts_with("secret-short") || c.starts_with("redirect-anywhere")), "{codes:?}");
    doctor(&["--ignore", "nonsense"]).fails(2, &["--list"]);
    doctor(&["acme"]).fails(2, &["--file"]);
    let listed = shell.run(&["doctor", "--list", "--json"]).json();
    assert!(listed.as_array().unwrap().iter().any(|check| check["code"] == "pkce-public" && check["source"] != ""));
    shell.admin(&["doctor", "nowhere"]).fails(3, &["\"nowhere\""]);
    std::fs::write(&file, "{\"realm\": [").unwrap();
    doctor(&[]).fails(2, &["line 1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_realm_is_looked_at_unless_some_are_named() {
    let (shell, _) = shell().await;
    let ran = shell.admin(&["doctor", "--json", "--fail-on", "never"]);
    let report: Value = ran.json();
    assert_eq!(report["realms"].as_array().unwrap().len(), 2);
    let admins = codes(&report);
    assert!(admins.contains(&"admin-one-factor user admin".to_owned()), "{admins:?}");
}
