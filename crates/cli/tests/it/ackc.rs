//! ackc's tools under their own names: scripts that call them go on.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{Ran, Shell};

/// A server with a service account, and a folder with the four names linked to the command.
struct Ackc {
    shell: Shell,
    bin: PathBuf,
}

const ROBOT: [(&str, &str); 3] =
    [("KEYCLOAK_CLIENT_ID", "robot"), ("KEYCLOAK_CLIENT_SECRET", "s3cret"), ("KEYCLOAK_REALM", "master")];

impl Ackc {
    async fn start() -> Self {
        let shell = Shell::start().await;
        let robot = json!({ "clientId": "robot", "secret": "s3cret", "serviceAccountsEnabled": true,
            "directAccessGrantsEnabled": true });
        let file = shell.home.join("robot.json");
        std::fs::write(&file, robot.to_string()).unwrap();
        let id = shell.admin(&["create", "clients", "-r", "master", "-f", file.to_str().unwrap()]).ok();
        let account = shell.admin(&["get", &format!("clients/{id}/service-account-user"), "-r", "master"]).json();
        let admin = shell.admin(&["get", "roles/admin", "-r", "master"]).json();
        std::fs::write(&file, json!([admin]).to_string()).unwrap();
        let path = format!("users/{}/role-mappings/realm", account["id"].as_str().unwrap());
        shell.admin(&["create", &path, "-r", "master", "-f", file.to_str().unwrap()]).ok();
        let bin = shell.home.join("bin");
        std::fs::create_dir_all(&bin).unwrap();
        for name in ["auth-token", "auth-realm-export", "auth-mc", "ackc-init"] {
            std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_cloakroom"), bin.join(name)).unwrap();
        }
        Ackc { shell, bin }
    }

    /// Runs a script of a shell, as it was written for ackc.
    fn script(&self, script: &str, env: &[(&str, &str)]) -> Ran {
        self.script_in(&self.shell.home, script, env)
    }

    fn script_in(&self, folder: &Path, script: &str, env: &[(&str, &str)]) -> Ran {
        let path = format!("{}:{}", self.bin.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command.args(["-euc", script]).env_clear().env("PATH", path).current_dir(folder);
        command.env("BROWSER", "true").env("KEYCLOAK_URL", self.shell.server.url()).envs(env.iter().copied());
        Ran::of(command.output().unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_token_gives_the_clients_token_unless_told_otherwise() {
    let ackc = Ackc::start().await;
    let whole = ackc.script("auth-token", &ROBOT).json();
    assert_eq!((&whole["token_type"], whole.get("claims")), (&json!("Bearer"), None));
    assert_eq!(ackc.script("auth-token -q client --scopes openid,email", &ROBOT).ok().split('.').count(), 3);
    let decoded = ackc.script("auth-token --decode client --scopes 'openid email'", &ROBOT).json();
    assert_eq!(decoded["claims"]["azp"], "robot");
    assert!(decoded["scope"].as_str().unwrap().contains("openid") && decoded["id_token"].is_string());
    let flags = "auth-token --server $KEYCLOAK_URL --auth-realm master --client-id robot --client-secret s3cret -q";
    assert_eq!(ackc.script(flags, &[]).ok().split('.').count(), 3);
    let script = r#"curl() { printf '%s' "$2"; }; curl -H "Authorization: Bearer $(auth-token -q)""#;
    assert!(ackc.script(script, &ROBOT).ok().starts_with("Authorization: Bearer ey"));
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_token_takes_a_password_and_a_refresh_token() {
    let ackc = Ackc::start().await;
    let script = "echo admin | auth-token --quiet password -u admin --scopes openid > token; cat token";
    assert_eq!(ackc.script(script, &ROBOT).ok().split('.').count(), 3);
    let script = "printf 'admin\\nadmin\\n' | auth-token password --otp-code 123456";
    let whole = ackc.script(script, &ROBOT).json();
    let refresh = whole["refresh_token"].as_str().unwrap();
    let again = ackc.script(&format!("auth-token refresh {refresh}"), &ROBOT).json();
    assert!(again["access_token"].is_string() && again["issued_at"].is_u64());
    ackc.script("auth-token refresh nonsense", &ROBOT)
        .fails(1, &["Authentication error: Refresh token has expired or is invalid"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_token_says_why_not_and_ends_with_its_own_codes() {
    let ackc = Ackc::start().await;
    ackc.script("auth-token", &[]).fails(1, &["Authentication error: Client credentials required."]);
    let wrong = "auth-token --client-secret wrong";
    ackc.script(wrong, &ROBOT).fails(1, &["Authentication error: Authentication failed: 401 - {\"error\""]);
    ackc.script("echo no | auth-token password -u admin", &ROBOT)
        .fails(1, &["Authentication error: Password authentication failed: 40", "invalid_grant"]);
    ackc.script("auth-token -q --decode", &ROBOT).fails(2, &["--decode"]);
    ackc.script("auth-token nonsense", &ROBOT).fails(2, &["nonsense"]);
    assert!(ackc.script("auth-token --help", &[]).ok().contains("--server-url"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_may_have_a_prefix() {
    let ackc = Ackc::start().await;
    let env = [
        ("KEYCLOAK_ENV_PREFIX", "AUTH"),
        ("AUTH_KEYCLOAK_CLIENT_ID", "robot"),
        ("KEYCLOAK_CLIENT_ID", "other"),
        ("KEYCLOAK_CLIENT_SECRET", "s3cret"),
    ];
    assert_eq!(ackc.script("auth-token --decode", &env).json()["claims"]["azp"], "robot");
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_token_waits_for_a_device() {
    let ackc = Ackc::start().await;
    let refused = ackc.script("auth-token device --scopes openid", &ROBOT);
    refused.fails(1, &["Authentication error: "]);
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_realm_export_gives_the_realm_on_stdout() {
    let ackc = Ackc::start().await;
    let ran = ackc.script("auth-realm-export master", &ROBOT);
    assert_eq!(ran.err, "Exporting realm: master\n");
    assert_eq!(ran.out.lines().count(), 1, "one line unless told otherwise");
    let script = "auth-realm-export --pretty --include-users master > backup.json; cat backup.json";
    let ran = ackc.script(script, &ROBOT);
    assert!(ran.out.starts_with("{\n  \"id\""), "{}", &ran.out[..80]);
    let users = ran.json()["users"].clone();
    assert!(users.as_array().unwrap().iter().any(|user| user["username"] == "admin"));
    let script = "auth-realm-export nowhere 2> errors || code=$?; cat errors; exit $code";
    let ran = ackc.script(script, &ROBOT);
    assert!(ran.code == 1 && ran.out.contains("Error: "), "{ran:?}");
    ackc.script("auth-realm-export master --client-id x --client-secret y", &ROBOT).fails(1, &["Error: "]);
    ackc.script("auth-realm-export", &ROBOT).fails(2, &["REALM"]);
}

#[cfg(feature = "server")]
#[tokio::test(flavor = "multi_thread")]
async fn auth_mc_asks_the_management_interface() {
    let ackc = Ackc::start().await;
    let server = crate::start::Server::start(&[]);
    let url = format!("http://localhost:{}", server.management);
    let env = [("KEYCLOAK_MANAGEMENT_URL", url.as_str())];
    assert!(ackc.script("auth-mc health", &env).ok().starts_with("[OVERALL] Status: UP"));
    for probe in ["live", "ready", "started"] {
        let said = ackc.script(&format!("auth-mc health {probe}"), &env).ok();
        assert!(said.starts_with(&format!("[{}] Status: UP", probe.to_uppercase())), "{said}");
    }
    let health = ackc.script(&format!("auth-mc --url {url} --json health ready"), &[]).json();
    assert_eq!((&health["status"], &health["probe"]), (&json!("UP"), &json!("ready")));
    let script = "auth-mc metrics | grep -c '^# TYPE'";
    assert!(ackc.script(script, &env).ok().parse::<u32>().unwrap() > 3);
    let metrics: Value = ackc.script("auth-mc --json metrics", &env).json();
    let first = metrics.as_object().unwrap().values().next().unwrap();
    assert!(first["values"].is_array() && first["type"].is_string());
    ackc.script("auth-mc health", &[]).fails(1, &["Error: Management URL required."]);
    ackc.script("auth-mc", &env).fails(2, &["Usage"]);
    ackc.script("auth-mc --url http://localhost:1 health", &[]).fails(1, &["Error: "]);
}

#[tokio::test(flavor = "multi_thread")]
async fn ackc_init_writes_its_files_once() {
    let ackc = Ackc::start().await;
    let folder = ackc.shell.home.join("new");
    std::fs::create_dir_all(&folder).unwrap();
    let said = ackc.script_in(&folder, "ackc-init", &[]).ok();
    assert!(said.starts_with("compose.yaml: Created\n.env: Created from .env.example\n\nNext: Edit .env"), "{said}");
    let compose = std::fs::read_to_string(folder.join("compose.yaml")).unwrap();
    assert!(compose.contains("quay.io/keycloak/keycloak"));
    ackc.script_in(&folder, "ackc-init", &[]).fails(1, &["Error: compose.yaml already exists"]);
    std::fs::remove_file(folder.join("compose.yaml")).unwrap();
    std::fs::write(folder.join(".env"), "MINE=1\n").unwrap();
    let said = ackc.script_in(&folder, "ackc-init", &[]).ok();
    assert!(said.contains(".env: Appended environment variables"), "{said}");
    assert!(std::fs::read_to_string(folder.join(".env")).unwrap().starts_with("MINE=1\n"));
}
