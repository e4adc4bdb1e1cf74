//! Certificates: whom the client trusts, and what it shows.

use cloakroom::oidc::TokenRequest;
use cloakroom::{Client, ClientAuth, ClientBuilder, Error, NetworkKind, Retry};
use cloakroom_testkit::tls;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::json;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

type Ca = CertifiedIssuer<'static, KeyPair>;

fn ca() -> Ca {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server on `localhost` that answers every request with an empty list, and asks for certificates of `clients`.
async fn serve(ca: &Ca, clients: Option<&Ca>) -> String {
    serve_with(ca, clients, |_| "[]").await
}

async fn serve_with(ca: &Ca, clients: Option<&Ca>, answer: fn(&[u8]) -> &'static str) -> String {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["localhost".to_owned()]).unwrap().signed_by(&key, ca).unwrap();
    let clients = clients.map(|clients| clients.der().clone());
    let port = tls::serve(certificate.into(), &key, clients, answer).await;
    format!("https://localhost:{port}")
}

/// A certificate and its key, in PEM.
fn identity(name: &str, ca: &Ca) -> String {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, ca).unwrap();
    format!("{}{}", certificate.pem(), key.serialize_pem())
}

async fn call(builder: ClientBuilder) -> cloakroom::Result<()> {
    let kc = builder.retry(Retry::NEVER).no_proxy().build()?;
    kc.realms().list(&Default::default()).await.map(drop)
}

#[tokio::test]
async fn a_ca_of_ones_own_is_trusted_and_no_other() {
    let (ours, theirs) = (ca(), ca());
    let url = serve(&ours, None).await;
    call(Client::builder(&url).ca_pem(ours.pem())).await.unwrap();
    call(Client::builder(&url).ca_pem(format!("{}{}", theirs.pem(), ours.pem()))).await.unwrap();
    call(Client::builder(&url).danger_accept_invalid_certs(true).ca_pem(theirs.pem())).await.unwrap();
    let e = call(Client::builder(&url).ca_pem(theirs.pem())).await.unwrap_err();
    assert!(matches!(e, Error::Network { kind: NetworkKind::Certificate, .. }), "{e:?}");
    assert!(e.to_string().contains("`ca_pem`"), "{e}");
}

#[tokio::test]
async fn a_client_certificate_is_shown() {
    let (ours, clients) = (ca(), ca());
    let url = serve(&ours, Some(&clients)).await;
    let identity = identity("robot", &clients);
    call(Client::builder(&url).ca_pem(ours.pem()).client_certificate_pem(identity)).await.unwrap();
    assert!(call(Client::builder(&url).ca_pem(ours.pem())).await.unwrap_err().is_network());
}

#[tokio::test]
async fn a_name_that_is_not_in_the_certificate_is_refused() {
    let ours = ca();
    let url = serve(&ours, None).await.replace("localhost", "127.0.0.1");
    let e = call(Client::builder(&url).ca_pem(ours.pem())).await.unwrap_err();
    assert!(matches!(e, Error::Network { kind: NetworkKind::Certificate, .. }), "{e:?}");
    assert!(e.to_string().contains("https://127.0.0.1"), "{e}");
}

#[tokio::test]
async fn http_at_a_port_with_tls_is_a_broken_connection() {
    let url = serve(&ca(), None).await.replace("https", "http");
    let e = call(Client::builder(&url)).await.unwrap_err();
    assert!(matches!(e, Error::Network { kind: NetworkKind::Broken, .. }), "{e:?}");
}

#[tokio::test]
async fn who_shows_a_certificate_goes_where_the_realm_says() {
    let (ours, clients) = (ca(), ca());
    let certified = serve_with(&ours, Some(&clients), |_| r#"{"access_token": "a"}"#).await;
    let plain = MockServer::start().await;
    let endpoint = "/realms/acme/protocol/openid-connect/token";
    let discovery = json!({ "issuer": "i", "token_endpoint": format!("{}{endpoint}", plain.uri()),
        "mtls_endpoint_aliases": { "token_endpoint": format!("{certified}{endpoint}") } });
    let well_known = Mock::given(path("/realms/acme/.well-known/openid-configuration"));
    well_known.respond_with(ResponseTemplate::new(200).set_body_json(discovery)).mount(&plain).await;
    let builder = Client::builder(&plain.uri()).no_proxy().ca_pem(ours.pem());
    let kc = builder.client_certificate_pem(identity("robot", &clients)).build().unwrap();
    let answer = kc.oidc("acme", "robot", ClientAuth::tls()).token(TokenRequest::client_credentials()).await.unwrap();
    assert_eq!(answer.access_token.unwrap().expose(), "a");
    // nobody else is sent there
    let other = kc.oidc("acme", "robot", ClientAuth::basic("s")).token(TokenRequest::client_credentials()).await;
    assert_eq!(other.unwrap_err().status(), 404);
}
