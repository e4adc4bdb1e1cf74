//! What an application does.

use cloakroom::oidc::{Pkce, TokenRequest, Userinfo};
use cloakroom::{Client, ClientAuth};
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Clock, bearer, builder, field, received, tokens};

const BASE: &str = "/realms/acme/protocol/openid-connect";

async fn serve() -> (MockServer, Client) {
    let server = MockServer::start().await;
    let answer = |at: String, json| Mock::given(path(at)).respond_with(ResponseTemplate::new(200).set_body_json(json));
    let issuer = "https://id.example.com/realms/acme";
    let discovery = json!({ "issuer": issuer, "authorization_endpoint": format!("{issuer}/protocol/openid-connect/auth"),
        "end_session_endpoint": format!("{issuer}/protocol/openid-connect/logout") });
    answer("/realms/acme/.well-known/openid-configuration".into(), discovery).mount(&server).await;
    answer(format!("{BASE}/token"), tokens(1)).mount(&server).await;
    answer(format!("{BASE}/token/introspect"), json!({ "active": true, "sub": "bob" })).mount(&server).await;
    answer(format!("{BASE}/userinfo"), json!({ "sub": "bob" })).mount(&server).await;
    let known = Mock::given(path(format!("{BASE}/revoke"))).respond_with(ResponseTemplate::new(200));
    known.up_to_n_times(1).mount(&server).await;
    answer(format!("{BASE}/revoke"), json!({ "error": "invalid_token" })).mount(&server).await;
    Mock::given(path(format!("{BASE}/logout"))).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let kc = builder(&server, &Clock::new()).build().unwrap();
    (server, kc)
}

#[tokio::test]
async fn a_code_is_redeemed_with_its_verifier() {
    let (server, kc) = serve().await;
    let app = kc.oidc("acme", "app", ClientAuth::none());
    let url = app.authorize("https://app/back").await.unwrap().scope("openid email").with("prompt", "login");
    let sent = url.build().unwrap();
    let begin = "https://id.example.com/realms/acme/protocol/openid-connect/auth?response_type=code&";
    assert!(sent.url.as_str().starts_with(begin), "{}", sent.url);
    app.token(TokenRequest::code("the-code", &sent)).await.unwrap();
    let asked = &received(&server, &format!("{BASE}/token")).await[0];
    assert_eq!(field(asked, "code_verifier").as_deref(), Some(sent.pkce.verifier().expose()));
    let challenge = Pkce::from_verifier(field(asked, "code_verifier").unwrap()).challenge();
    assert!(sent.url.query_pairs().any(|(n, v)| n == "code_challenge" && v == challenge));
    assert_eq!(field(asked, "redirect_uri").as_deref(), Some("https://app/back"));
    assert_eq!(field(asked, "client_id").as_deref(), Some("app"));
}

#[tokio::test]
async fn the_users_token_goes_to_userinfo_and_the_clients_proof_elsewhere() {
    let (server, kc) = serve().await;
    let app = kc.token("admin-token").oidc("acme", "app", ClientAuth::basic("s"));
    assert!(matches!(app.userinfo("users-token").await.unwrap(), Userinfo::Claims(c) if c["sub"] == "bob"));
    assert!(app.introspect("t", None).await.unwrap().active);
    assert!(app.revoke("t").await.unwrap());
    assert!(!app.revoke("t").await.unwrap(), "Keycloak answers 200 for a token that it does not know");
    app.logout("r").await.unwrap();
    assert_eq!(bearer(&received(&server, &format!("{BASE}/userinfo")).await[0]), "Bearer users-token");
    for at in ["/token/introspect", "/revoke", "/logout"] {
        assert_eq!(bearer(&received(&server, &format!("{BASE}{at}")).await[0]), "Basic YXBwOnM=", "{at}");
    }
}

#[tokio::test]
async fn discovery_is_fetched_once_for_all_clones() {
    let (server, kc) = serve().await;
    for id in ["a", "b", "c"] {
        kc.clone().oidc("acme", id, ClientAuth::none()).discovery().await.unwrap();
    }
    assert_eq!(received(&server, "/realms/acme/.well-known/openid-configuration").await.len(), 1);
}

#[tokio::test]
async fn the_words_of_a_challenge_are_kept() {
    let server = MockServer::start().await;
    let challenge = r#"Bearer realm="acme", error="invalid_token", error_description="Token verification failed""#;
    let refuse = ResponseTemplate::new(401).insert_header("www-authenticate", challenge);
    Mock::given(method("GET")).respond_with(refuse).mount(&server).await;
    let kc = builder(&server, &Clock::new()).build().unwrap();
    let e = kc.oidc("acme", "app", ClientAuth::none()).userinfo("x").await.unwrap_err();
    assert_eq!((e.code(), e.message()), (Some("invalid_token"), "Token verification failed"));
}

#[tokio::test]
async fn a_user_is_sent_off_to_log_out() {
    let (_server, kc) = serve().await;
    let app = kc.oidc("acme", "app", ClientAuth::none());
    let url = app.end_session(Some("id-token"), Some("https://app/")).await.unwrap();
    let query = "client_id=app&id_token_hint=id-token&post_logout_redirect_uri=https%3A%2F%2Fapp%2F";
    assert_eq!(url.query(), Some(query));
}
