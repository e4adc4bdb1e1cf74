//! The client and the server, together.

use cloakroom::api::admin::roles::Role;
use cloakroom::jwt::decode;
use cloakroom::oidc::{TokenAnswer, TokenRequest};
use cloakroom::{ClientAuth, Error, OidcClient, OrNone};
use cloakroom_testkit::TestServer;
use serde_json::Value;

fn admin_cli(kc: &TestServer) -> OidcClient {
    kc.oidc("master", "admin-cli", ClientAuth::none())
}

async fn log_in(app: &OidcClient) -> TokenAnswer {
    app.token(TokenRequest::password("admin", "admin").scope("openid")).await.unwrap()
}

fn access(answer: &TokenAnswer) -> &str {
    answer.access_token.as_ref().unwrap().expose()
}

fn refresh(answer: &TokenAnswer) -> &str {
    answer.refresh_token.as_ref().unwrap().expose()
}

#[tokio::test]
async fn tokens_are_verified_by_the_realms_keys() {
    let kc = TestServer::start().await;
    let app = admin_cli(&kc);
    let answer = log_in(&app).await;
    let claims: Value = app.verifier().azp("admin-cli").verify(access(&answer)).await.unwrap();
    assert_eq!(claims["typ"], "Bearer");
    let id_token = answer.id_token.as_ref().unwrap().expose();
    app.id_token_verifier(None).verify::<Value>(id_token).await.unwrap();
    assert!(app.verifier().verify::<Value>(id_token).await.unwrap_err().is_invalid_token());
    assert!(app.verifier().verify::<Value>(refresh(&answer)).await.unwrap_err().is_invalid_token());
    kc.clock().advance(120_000);
    let e = app.verifier().verify::<Value>(access(&answer)).await.unwrap_err();
    assert!(matches!(e, Error::Token(_)) && e.to_string().contains("expired"), "{e}");
}

#[tokio::test]
async fn sessions_are_renewed_and_ended() {
    let kc = TestServer::start().await;
    let app = admin_cli(&kc);
    let first = log_in(&app).await;
    let second = app.token(TokenRequest::refresh(refresh(&first))).await.unwrap();
    let sid = |answer| decode::<Value>(access(answer)).unwrap()["sid"].clone();
    assert_eq!(sid(&first), sid(&second));
    app.logout(refresh(&second)).await.unwrap();
    let e = app.token(TokenRequest::refresh(refresh(&second))).await.unwrap_err();
    assert_eq!((e.status(), e.code()), (400, Some("invalid_grant")));
    assert_eq!(app.userinfo(access(&second)).await.unwrap_err().status(), 401);
}

#[tokio::test]
async fn a_client_stays_logged_in_as_time_passes() {
    let kc = TestServer::start().await;
    let first = kc.access_token().await.unwrap();
    kc.clock().advance(50_000);
    let second = kc.access_token().await.unwrap();
    assert_ne!(first.expose(), second.expose());
    kc.clock().advance(30 * 86_400_000);
    kc.access_token().await.unwrap();
}

#[tokio::test]
async fn a_realm_that_does_not_exist_is_named() {
    let kc = TestServer::start().await;
    let login = cloakroom::Login::password("admin", "admin").realm("nowhere");
    let e = kc.login(login).access_token().await.unwrap_err();
    assert!(e.to_string().contains("\"nowhere\"") && e.to_string().contains("Realm does not exist"), "{e}");
    let e = kc.oidc("nowhere", "x", ClientAuth::none()).discovery().await.unwrap_err();
    assert!(e.is_not_found());
}

#[tokio::test]
async fn names_with_any_character_reach_the_server() {
    let kc = TestServer::start().await;
    let roles = kc.realm("master").roles();
    for name in ["a/b", "a;b=c", "1 + 1", "100%", "%2F", "größe 日本", "a?b#c", "~.", "..."] {
        let made = roles.create(&Role { name: Some(name.to_owned()), ..Role::default() }).await.unwrap();
        let role = roles.get(name).await.unwrap();
        assert_eq!(role.name.as_deref(), Some(name));
        assert_eq!(made.id(), name);
        roles.delete(name).await.unwrap();
        assert_eq!(roles.get(name).await.or_none().unwrap(), None);
    }
}
