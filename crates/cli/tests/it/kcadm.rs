//! kcadm's command line beyond what the scripts show: its file, its parser, its help.

use serde_json::Value;

use crate::site::Site;

fn config(site: &Site) -> Value {
    serde_json::from_slice(&std::fs::read(site.home.join(".keycloak/kcadm.config")).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_sessions_is_kcadms_own() {
    let site = Site::with_realm().await;
    site.kcadm_login();
    let kept = config(&site);
    assert_eq!((kept["serverUrl"].as_str(), kept["realm"].as_str()), (Some(site.url.as_str()), Some("master")));
    let session = &kept["endpoints"][&site.url]["master"];
    assert_eq!(
        (session["clientId"].as_str(), session["grantTypeForAuthentication"].as_str()),
        (Some("admin-cli"), Some("password"))
    );
    assert!(session["token"].is_string() && session["refreshToken"].is_string());
    assert!(
        session["expiresAt"].as_u64() > Some(1_600_000_000_000)
            && session["refreshExpiresAt"].as_u64() > session["expiresAt"].as_u64()
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(site.home.join(".keycloak/kcadm.config")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    // one that kcadm wrote, with what only kcadm's sister knows, is read, renewed and kept
    let mut old = kept.clone();
    old["endpoints"][&site.url]["master"]["expiresAt"] = 0.into();
    old["endpoints"][&site.url]["master"]["initialToken"] = "x".into();
    let elsewhere = site.home.join("other.config");
    std::fs::write(&elsewhere, old.to_string()).unwrap();
    let elsewhere = elsewhere.to_str().unwrap();
    site.kcadm(&["get", "realms", "--config", elsewhere]).ok();
    let new: Value = serde_json::from_slice(&std::fs::read(elsewhere).unwrap()).unwrap();
    let session = &new["endpoints"][&site.url]["master"];
    assert!(session["expiresAt"].as_u64() > Some(0) && session["initialToken"] == "x", "{new}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_several_realms_are_kept_and_the_last_is_the_current_one() {
    let site = Site::with_realm().await;
    site.admin(&["create", "clients", "-s", "clientId=robot", "-s", "serviceAccountsEnabled=true", "-s", "secret=s3"])
        .ok();
    site.kcadm_login();
    let robot = ["config", "credentials", "--server", &site.url, "--realm", &site.realm, "--client", "robot"];
    assert_eq!(
        site.kcadm(&[&robot[..], &["--secret", "s3"]].concat()).err,
        format!("Logging into {} as service-account-robot of realm {}\n", site.url, site.realm)
    );
    let status = site.kcadm(&["config", "credentials", "--status"]).ok();
    assert!(
        status.starts_with(&format!(
            "Logged in (server: {}, realm: {}, expired: false, timeToExpiry: ",
            site.url, site.realm
        )),
        "{status}"
    );
    site.kcadm(&["get", "realms"]).fails(1, &["403"]);
    site.kcadm(&[&["config", "credentials"], &site.as_admin()[..4]].concat()).ok();
    assert!(site.kcadm(&["get", "realms", "--fields", "realm", "--format", "csv"]).ok().contains(&site.realm));
    // its session has no refresh token: the secret renews it
    let mut kept = config(&site);
    kept["endpoints"][&site.url][&site.realm]["expiresAt"] = 0.into();
    std::fs::write(site.home.join(".keycloak/kcadm.config"), kept.to_string()).unwrap();
    site.kcadm(&["get", "users/count", "--realm", &site.realm]).fails(1, &["403"]);
    kept["endpoints"][&site.url]["master"]["expiresAt"] = 0.into();
    kept["endpoints"][&site.url]["master"]["refreshExpiresAt"] = 0.into();
    std::fs::write(site.home.join(".keycloak/kcadm.config"), kept.to_string()).unwrap();
    site.kcadm(&["get", "realms"]).fails(1, &["Session has expired. Login again with 'kcadm.sh config credentials'"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truststore_is_kept_and_forgotten() {
    let site = Site::new().await;
    let pem = site.home.join("ca.pem");
    std::fs::write(&pem, "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n").unwrap();
    site.kcadm(&["config", "truststore", "ca.pem", "--trustpass", "x"]).ok();
    let kept = config(&site);
    assert_eq!((kept["truststore"].as_str().unwrap(), &kept["trustpass"]), (pem.to_str().unwrap(), &"x".into()));
    site.kcadm(&["config", "truststore", "-d"]).ok();
    assert_eq!(config(&site).get("truststore"), None);
    site.kcadm(&["config", "truststore"]).fails(2, &[]);
    std::fs::write(&pem, [0xfe, 0xed, 0xfe, 0xed, 0, 0]).unwrap();
    site.kcadm(&["config", "truststore", "ca.pem"]).fails(1, &["JKS", "keytool -importkeystore"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_comes_from_its_option_the_environment_or_the_standard_input() {
    let site = Site::new().await;
    let login = "kcadm.sh config credentials --server $SERVER --realm master --user admin";
    #[cfg(unix)]
    for script in
        [format!("{login} --password admin"), format!("KC_CLI_PASSWORD=admin {login}"), format!("echo admin | {login}")]
    {
        site.script(&script).ok();
    }
    let without = &site.as_admin()[..6];
    site.kcadm(&[&["config", "credentials"], without].concat()).fails(1, &["--password"]);
    site.kcadm(&["get", "realms", "--no-config"]).fails(1, &["No server specified"]);
    let once = ["get", "realms/master", "--no-config", "--fields", "realm"];
    let ran = site.kcadm(&[&once[..], &site.as_admin()].concat());
    assert_eq!((ran.code, ran.out.as_str()), (0, "{\n  \"realm\" : \"master\"\n}"), "{ran:?}");
}

#[test]
fn help_explains_every_command() {
    let run = |words: &[&str]| {
        let output =
            std::process::Command::new(env!("CARGO_BIN_EXE_cloakroom")).arg("kcadm.sh").args(words).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, general) = run(&["help"]);
    assert_eq!(code, 0);
    for command in ["create", "get", "update", "delete", "get-roles", "add-roles", "remove-roles", "set-password"] {
        let (code, help) = run(&["help", command]);
        assert!(code == 0 && help.contains(&format!("Usage: kcadm.sh {command}")), "{help}");
        assert_eq!(run(&[command, "--help"]), (0, help.clone()));
        assert!(general.contains(command));
        if command != "get-roles" {
            assert_eq!(run(&[command]), (2, help + "\n"));
        }
    }
    assert_eq!(run(&[]).0, 2);
    assert!(run(&["help", "config", "credentials"]).1.contains("--status"));
    assert!(run(&["config", "--help"]).1.contains("truststore"));
}
