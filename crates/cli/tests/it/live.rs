//! What our server does not serve, with a real Keycloak: `CLOAKROOM_TEST_KEYCLOAK=http://localhost:8180`, whose administrator is
//! `admin` with the password `admin`, and whose management interface is a thousand ports further.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::support::Ran;

struct Live {
    url: String,
    realm: String,
    home: PathBuf,
}

impl Drop for Live {
    fn drop(&mut self) {
        self.admin(&["delete", &format!("realms/{}", self.realm)]);
        std::fs::remove_dir_all(&self.home).ok();
    }
}

impl Live {
    fn new(name: &str) -> Option<Self> {
        let Ok(url) = std::env::var("CLOAKROOM_TEST_KEYCLOAK") else {
            eprintln!("NOT TESTED against a real Keycloak: CLOAKROOM_TEST_KEYCLOAK is not set");
            return None;
        };
        let realm = format!("ackc-{name}-{}", std::process::id());
        let home = std::env::temp_dir().join(&realm);
        std::fs::create_dir_all(&home).unwrap();
        Some(Live { url, realm, home })
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cloakroom"));
        command
            .args(args)
            .env_clear()
            .env("KEYCLOAK_URL", &self.url)
            .env("CLOAKROOM_SESSION", self.home.join("session"));
        command.stdin(Stdio::null());
        command
    }

    fn admin(&self, args: &[&str]) -> Ran {
        let mut command = self.command(args);
        Ran::of(command.env("KEYCLOAK_USERNAME", "admin").env("KEYCLOAK_PASSWORD", "admin").output().unwrap())
    }

    fn file(&self, name: &str, value: &Value) -> String {
        let file = self.home.join(name);
        std::fs::write(&file, value.to_string()).unwrap();
        file.to_str().unwrap().to_owned()
    }

    /// Makes the test's realm, with what is beyond its name.
    fn make(&self, mut realm: Value) {
        realm["realm"] = self.realm.as_str().into();
        realm["enabled"] = true.into();
        let file = self.file("realm.json", &realm);
        self.admin(&["create", "realms", "-f", &file]).ok();
    }
}

fn bob() -> Value {
    json!({ "username": "bob", "enabled": true, "email": "bob@example.com", "firstName": "B", "lastName": "O",
        "credentials": [{ "type": "password", "value": "hunter22" }], "realmRoles": ["editor"], "groups": ["/sales/europe"],
        "requiredActions": [], "federatedIdentities": [{ "identityProvider": "other", "userId": "7", "userName": "bobby" }] })
}

#[test]
fn an_export_is_imported_again() {
    let Some(live) = Live::new("export") else { return };
    live.make(json!({
        "organizationsEnabled": true,
        "roles": { "realm": [{ "name": "editor" }] },
        "groups": [{ "name": "sales", "realmRoles": ["editor"], "subGroups": [{ "name": "europe" }] }],
        "clients": [{ "clientId": "app", "secret": "s3cret-of-app", "serviceAccountsEnabled": true, "authorizationServicesEnabled": true }],
        "identityProviders": [{ "alias": "other", "providerId": "oidc", "config": { "clientId": "x", "clientSecret": "y",
            "tokenUrl": "https://other/t", "authorizationUrl": "https://other/a" } }],
        "users": [bob()],
    }));
    let org = json!({ "name": "corp", "alias": "corp", "domains": [{ "name": format!("{}.example", live.realm) }] });
    let org = live.file("org.json", &org);
    let id = live.admin(&["create", "organizations", "-r", &live.realm, "-f", &org]).ok();
    let user = live.admin(&["get", "users", "-r", &live.realm, "-q", "username=bob"]).json()[0]["id"].clone();
    let member = live.file("member.json", &user);
    live.admin(&["create", &format!("organizations/{id}/members"), "-r", &live.realm, "-f", &member]).ok();

    let file = live.home.join("export.json");
    let export = ["realm", "export", &live.realm, "--include-users", "--pretty", "-o", file.to_str().unwrap()];
    let ran = live.admin(&export);
    assert!(ran.err.contains("identityProviders[other].config.clientSecret"), "{ran:?}");
    ran.ok();
    live.admin(&["delete", &format!("realms/{}", live.realm)]).ok();
    live.admin(&["create", "realms", "-f", file.to_str().unwrap()]).ok();
    let first: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let second = live.admin(&["realm", "export", &live.realm, "--include-users"]).json();
    for field in ["groups", "roles", "organizations", "authenticationFlows", "components", "requiredActions"] {
        assert_eq!(sorted(&first[field]), sorted(&second[field]), "{field}");
    }
    let bob = |realm: &Value| {
        let users = realm["users"].as_array().unwrap();
        sorted(users.iter().find(|user| user["username"] == "bob").unwrap())
    };
    assert_eq!(bob(&first), bob(&second));
    assert_eq!(bob(&second)["federatedIdentities"][0]["userName"], "bobby");
    assert_eq!(second["organizations"][0]["members"][0]["username"], "bob");
    let app = second["clients"].as_array().unwrap().iter().find(|client| client["clientId"] == "app").unwrap();
    assert_eq!(app["secret"], "s3cret-of-app");
    assert!(app["authorizationSettings"]["resources"].is_array());
}

/// Without the order of lists, and the ids that an import gives anew.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let anew = ["id", "containerId", "parentId", "createdTimestamp"];
            fields
                .iter()
                .filter(|(name, _)| !anew.contains(&name.as_str()))
                .map(|(n, v)| (n.clone(), sorted(v)))
                .collect()
        }
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(sorted).collect();
            items.sort_by_key(Value::to_string);
            items.into()
        }
        other => other.clone(),
    }
}

#[test]
fn a_token_is_exchanged() {
    let Some(live) = Live::new("exchange") else { return };
    let front = json!({ "clientId": "front", "secret": "s3cret", "directAccessGrantsEnabled": true,
        "attributes": { "standard.token.exchange.enabled": "true" } });
    live.make(json!({ "clients": [front], "users": [{ "username": "bob", "enabled": true, "email": "b@example.com",
        "firstName": "B", "lastName": "O", "credentials": [{ "type": "password", "value": "hunter22" }] }] }));
    let client = ["-r", &live.realm, "--client-id", "front", "--client-secret", "s3cret"];
    let login = ["token", "password", "-q", "-u", "bob", "--password", "hunter22", "--scope", "openid"];
    let token = Ran::of(live.command(&[&login[..], &client].concat()).output().unwrap()).ok();
    let exchange = ["token", "exchange", &token, "--decode", "--requested-token-type", "access-token"];
    let answer = Ran::of(live.command(&[&exchange[..], &client].concat()).output().unwrap()).json();
    assert_eq!(answer["claims"]["azp"], "front");
    let nobody = ["token", "exchange", &token, "--audience", "nobody"];
    Ran::of(live.command(&[&nobody[..], &client].concat()).output().unwrap()).fails(4, &["Audience not found"]);
}

/// The command waits; the code that it shows is one that the server knows, and ends with it.
#[test]
fn a_device_login_shows_a_code_and_ends_with_it() {
    let Some(live) = Live::new("device") else { return };
    let tv = json!({ "clientId": "tv", "publicClient": true, "attributes": { "oauth2.device.authorization.grant.enabled": "true" } });
    live.make(json!({ "clients": [tv], "attributes": { "oauth2DeviceCodeLifespan": "2", "oauth2DevicePollingInterval": "1" } }));
    let args = ["token", "device", "-r", &live.realm, "--client-id", "tv", "--scope", "openid"];
    let mut child = live.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let shown: Vec<String> = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap).collect();
    assert!(shown[0].starts_with(&format!("Open {}/realms/{}/device?user_code=", live.url, live.realm)), "{shown:?}");
    assert!(shown.last().unwrap().contains("nobody agreed in time"), "{shown:?}");
    assert_eq!(child.wait().unwrap().code(), Some(4));
}

/// The address that is shown is opened elsewhere, somebody logs in and agrees, and the command has a token of that user.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_login_that_is_agreed_to_gives_a_token() {
    let Some(live) = Live::new("agreed") else { return };
    let tv = json!({ "clientId": "tv", "publicClient": true, "attributes": { "oauth2.device.authorization.grant.enabled": "true" } });
    live.make(
        json!({ "clients": [tv], "attributes": { "oauth2DevicePollingInterval": "1" }, "users": [{ "username": "bob",
        "enabled": true, "email": "b@example.com", "firstName": "B", "lastName": "O",
        "credentials": [{ "type": "password", "value": "hunter22" }] }] }),
    );
    let args = ["token", "device", "-r", &live.realm, "--client-id", "tv", "--scope", "openid", "--decode"];
    let mut child = live.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let first = BufReader::new(child.stderr.as_mut().unwrap()).lines().next().unwrap().unwrap();
    let address = first.split_whitespace().find(|word| word.starts_with("http")).expect("an address").to_owned();

    let mut browser = Browser::new();
    let login = browser.open(&address).await;
    let consent = browser.submit(&login, &[("username", "bob"), ("password", "hunter22")]).await;
    browser.submit(&consent, &[("accept", "Yes")]).await;

    let answer = Ran::of(child.wait_with_output().unwrap()).json();
    assert_eq!((&answer["claims"]["preferred_username"], &answer["claims"]["azp"]), (&json!("bob"), &json!("tv")));
}

#[test]
fn the_doctor_and_the_management_interface_know_keycloak() {
    let Some(live) = Live::new("doctor") else { return };
    live.make(json!({ "registrationAllowed": true, "sslRequired": "none", "clients": [{ "clientId": "spa", "publicClient": true, "redirectUris": ["*"] }],
        "identityProviders": [{ "alias": "other", "providerId": "oidc", "trustEmail": true, "config": { "clientId": "x",
            "tokenUrl": "http://other/t", "authorizationUrl": "https://other/a" } }] }));
    let report = live.admin(&["doctor", &live.realm, "--json", "--fail-on", "never"]).json();
    let findings = report["findings"].as_array().unwrap();
    for code in [
        "redirect-anywhere",
        "pkce-public",
        "registration-captcha",
        "idp-signature",
        "idp-http",
        "idp-trust-email",
        "brute-force",
    ] {
        assert!(findings.iter().any(|finding| finding["code"] == code), "{code}: {findings:?}");
    }
    assert_eq!(report["unseen"], json!([]));
    let master = live.admin(&["doctor", "master", "--json", "--fail-on", "never"]).json();
    assert!(master["findings"].as_array().unwrap().iter().any(|finding| finding["code"] == "temporary-admin"));

    let port: u16 = live.url.rsplit(':').next().unwrap().parse().unwrap();
    let management = format!("http://localhost:{}", port + 1000);
    for words in [&["health"][..], &["health", "ready"], &["health", "live"], &["health", "started"]] {
        let health = live.admin(&[words, &["--management-url", &management]].concat()).json();
        assert_eq!(health["status"], "UP");
    }
    let raw = live.admin(&["metrics", "-o", "raw", "--management-url", &management]).ok();
    let all = live.admin(&["metrics", "--management-url", &management]).json();
    let named = raw.lines().filter(|line| line.starts_with("# TYPE ")).count();
    assert!(named > 20 && all.as_array().unwrap().len() >= named, "{named}");
}
