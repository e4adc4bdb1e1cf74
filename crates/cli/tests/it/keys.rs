//! Clients that log in by a key of their own, and servers that are trusted by a file.

use cloakroom::jose::{KeySpec, PrivateKey};
use serde_json::json;

use crate::site::Site;

/// A client of the test's realm that signs with a key, which is written beside.
fn signing_client(site: &Site) -> String {
    let key = PrivateKey::generate(KeySpec::rsa(2048).unwrap()).unwrap();
    std::fs::write(site.home.join("key.pem"), key.to_pem().unwrap().as_bytes()).unwrap();
    let public: String = key.public().to_pem().lines().filter(|line| !line.starts_with("---")).collect();
    let client = json!({ "clientId": "robot", "serviceAccountsEnabled": true, "clientAuthenticatorType": "client-jwt",
        "attributes": { "jwt.credential.public.key": public } });
    site.admin(&["create", "clients", "-b", &client.to_string()]).ok();
    site.home.join("key.pem").to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_logs_in_by_its_key_and_its_session_is_renewed_by_it() {
    let site = Site::with_realm().await;
    let key = signing_client(&site);
    let login = ["login", "--login-realm", &site.realm, "--client-id", "robot", "--client-key", "key.pem"];
    site.run(&login).ok();
    let text = std::fs::read_to_string(site.session()).unwrap();
    assert!(text.contains(&key) && !text.contains("PRIVATE KEY"), "{text}");
    let mut kept: serde_json::Value = serde_json::from_str(&text).unwrap();
    let old = kept["endpoints"][&site.url][&site.realm]["token"].clone();
    kept["endpoints"][&site.url][&site.realm]["expiresAt"] = 0.into();
    std::fs::write(site.session(), kept.to_string()).unwrap();
    assert_ne!(site.run(&["token", "-q"]).ok(), old.as_str().unwrap());
    site.run(&[&login[..], &["--client-key-alg", "ES256"]].concat()).fails(2, &["does not suit ES256"]);
    site.run(&[&login[..], &["--client-secret", "x"]].concat()).fails(2, &["--client-key"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn kcadm_logs_in_by_a_keystore() {
    let site = Site::with_realm().await;
    let key = signing_client(&site);
    let login =
        ["config", "credentials", "--server", &site.url, "--realm", &site.realm, "--client", "robot", "--keystore"];
    let with = |file: &str, more: &[&str]| site.kcadm(&[&login[..], &[file], more].concat());
    with(&key, &[]).ok();
    site.kcadm(&["get", "users"]).fails(1, &["403"]);
    with("/no/such.jks", &[]).fails(1, &["No such keystore file: /no/such.jks"]);
    with(&key, &["--secret", "x"]).fails(2, &["Can't use both --keystore and --secret"]);
    std::fs::write(site.home.join("old.jks"), [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2]).unwrap();
    with("old.jks", &[]).fails(1, &["JKS", "PKCS12"]);
}
