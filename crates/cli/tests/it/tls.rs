//! Certificates that are not trusted: one sentence that names the fix, and the exit code of a server that does not answer.

use cloakroom_testkit::tls;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::site::Site;

type Der = tls::CertificateDer<'static>;

/// A certificate for `localhost` that nobody else vouches for, in DER and in PEM, and its key.
fn self_signed(change: impl FnOnce(&mut CertificateParams)) -> (Der, String, KeyPair) {
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    (certificate.der().clone(), certificate.pem(), key)
}

/// The port of a server that gives tokens, and an empty list to all else, and asks for certificates of `clients`.
async fn serve(certificate: Der, key: &KeyPair, clients: Option<Der>) -> u16 {
    let answer = |head: &[u8]| {
        let asks_for_token = head.starts_with(b"POST /realms/master/protocol/openid-connect/token");
        if asks_for_token { r#"{"access_token": "a", "refresh_token": "r"}"# } else { "[]" }
    };
    tls::serve(certificate, key, clients, answer).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_signed_itself() {
    let site = Site::new().await;
    let (certificate, pem, key) = self_signed(|_| {});
    let url = format!("https://localhost:{}", serve(certificate, &key, None).await);
    let untrusted = |to: &str| {
        format!(
            "{url} has a certificate that is not trusted: give that of its authority to {to}, or add it to this system's trust store.\n"
        )
    };
    let told = format!("cloakroom: {}", untrusted("--ca-file"));
    for command in [
        &["login", "-u", "admin", "--password", "x"][..],
        &["get", "realms", "--token", "x"],
        &["get", "realms", "-u", "admin", "--password", "x"],
        &["token", "password", "-u", "admin", "--password", "x"],
        &["doctor", "master", "-u", "admin", "--password", "x"],
        &["export", "master", "-u", "admin", "--password", "x"],
        &["health", "--management-url", &url],
        &["metrics", "--management-url", &url],
    ] {
        let ran = site.run(&[command, &["--server", &url]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (5, told.as_str()), "{command:?}");
    }
    let login = ["config", "credentials", "--server", &url, "--realm", "master", "--user", "a", "--password", "x"];
    site.kcadm(&login).fails(1, &[&untrusted("'kcadm.sh config truststore'")]);
    let tool = ["auth-token", "--server-url", &url, "--client-id", "a", "--client-secret", "x"];
    site.run(&tool).fails(1, &[&untrusted("SSL_CERT_FILE")]);

    let file = site.home.join("ca.pem").display().to_string();
    std::fs::write(&file, &pem).unwrap();
    let get = ["get", "realms", "--token", "x", "--server", &url];
    assert_eq!(site.run(&[&get[..], &["--ca-file", &file]].concat()).ok(), "[]");
    #[cfg(target_os = "linux")]
    assert_eq!(site.run_with(&get, &[("SSL_CERT_FILE", &file)], "").ok(), "[]");
    assert_eq!(site.run(&[&get[..], &["--insecure"]].concat()).ok(), "[]");
    let (_, other, _) = self_signed(|_| {});
    std::fs::write(&file, other).unwrap();
    site.run(&[&get[..], &["--ca-file", &file]].concat()).fails(5, &[&told]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_remembers_whom_to_trust() {
    let site = Site::new().await;
    let (certificate, pem, key) = self_signed(|_| {});
    let url = format!("https://localhost:{}", serve(certificate, &key, None).await);
    std::fs::write(site.home.join("ca.pem"), pem).unwrap();
    let login = ["login", "-u", "admin", "--password", "x", "--server", &url];
    site.run(&login).fails(5, &["not trusted"]);
    site.run(&[&login[..], &["--ca-file", "ca.pem"]].concat()).ok();
    let named = ["--server", &url];
    assert_eq!(site.run(&[&["get", "realms"], &named[..]].concat()).ok(), "[]");
    assert_eq!(site.run(&[&["token", "-q"], &named[..]].concat()).ok(), "a", "which was over and renewed");
    assert_eq!(site.run(&["logout", "--all"]).ok(), "Logged out of 1 session.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_no_trust_makes_good() {
    let site = Site::new().await;
    let file = site.home.join("ca.pem").display().to_string();
    let get = |host: &str, port: u16, pem: &str| {
        std::fs::write(&file, pem).unwrap();
        let url = format!("https://{host}:{port}");
        site.run(&["get", "realms", "--token", "x", "--server", &url, "--ca-file", &file])
    };
    let (certificate, pem, key) = self_signed(|_| {});
    let port = serve(certificate, &key, None).await;
    get("127.0.0.1", port, &pem).fails(5, &["a certificate for another name", "localhost", "in the address.\n"]);

    let (certificate, pem, key) = self_signed(|params| params.not_after = rcgen::date_time_ymd(2001, 1, 1));
    let port = serve(certificate, &key, None).await;
    get("localhost", port, &pem).fails(5, &["a certificate that is out of date: renew it"]);

    let (certificate, pem, key) = self_signed(|params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
    let port = serve(certificate, &key, None).await;
    get("localhost", port, &pem).fails(5, &["an authority's certificate as its own", "basicConstraints=CA:FALSE"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_the_server_asks_for() {
    let site = Site::new().await;
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let clients = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let (certificate, pem, key) = self_signed(|_| {});
    let url = format!("https://localhost:{}", serve(certificate, &key, Some(clients.der().clone())).await);
    let (ca, own) = (site.home.join("ca.pem"), site.home.join("own.pem"));
    std::fs::write(&ca, pem).unwrap();
    let get = ["get", "realms", "--token", "x", "--server", &url, "--ca-file", ca.to_str().unwrap()];
    site.run(&get).fails(5, &["asks for a certificate that it trusts: --client-cert names one"]);
    let with_own = [&get[..], &["--client-cert", own.to_str().unwrap()]].concat();
    let (_, stranger, key) = self_signed(|_| {});
    std::fs::write(&own, stranger + &key.serialize_pem()).unwrap();
    site.run(&with_own).fails(5, &["asks for a certificate that it trusts: --client-cert names one"]);
    let key = KeyPair::generate().unwrap();
    let known = CertificateParams::new(["robot".to_owned()]).unwrap().signed_by(&key, &clients).unwrap();
    std::fs::write(&own, known.pem() + &key.serialize_pem()).unwrap();
    assert_eq!(site.run(&with_own).ok(), "[]");
}
