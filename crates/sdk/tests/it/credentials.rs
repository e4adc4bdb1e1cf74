//! Credentials that stop working while they are used: each ends in an error that says whose, or in a new login.

use cloakroom::api::admin::clients::Client as App;
use cloakroom::api::admin::users::User;
use cloakroom::oidc::TokenRequest;
use cloakroom::{Client, ClientAuth, Error, Login};
use cloakroom_testkit::TestServer;

use crate::support::{bob, some};

/// Past every access token's life.
const LATER: i64 = 61_000;

fn enabled(enabled: bool) -> User {
    User { enabled: Some(enabled), ..User::default() }
}

/// Whether bob's client still works; he may not see the realm, which is answered all the same.
async fn works(kc: &Client) -> Result<(), Error> {
    kc.access_token().await.map(drop)
}

fn says_no_secret(e: &Error) -> String {
    let text = format!("{e} {e:?}");
    assert!(!text.contains("hunter2") && !text.contains("eyJ"), "{text}");
    e.to_string()
}

#[tokio::test]
async fn a_user_who_is_disabled_is_told_so_and_comes_back_when_enabled() {
    let kc = TestServer::start().await;
    let id = bob(&kc, "master", "hunter2").await.unwrap();
    let bob = kc.login(Login::password("bob", "hunter2"));
    works(&bob).await.unwrap();
    let users = kc.realm("master").users();
    users.update(&id, &enabled(false)).await.unwrap();
    kc.clock().advance(LATER);
    let e = works(&bob).await.unwrap_err();
    assert!(e.is_login() && e.code() == Some("invalid_grant"), "{e:?}");
    let text = says_no_secret(&e);
    assert!(text.contains("realm \"master\" as client \"admin-cli\"") && text.contains("disabled"), "{text}");
    users.update(&id, &enabled(true)).await.unwrap();
    works(&bob).await.unwrap();
}

#[tokio::test]
async fn a_session_that_an_administrator_ends_is_followed_by_a_login() {
    let kc = TestServer::start().await;
    let id = bob(&kc, "master", "hunter2").await.unwrap();
    let bob = kc.login(Login::password("bob", "hunter2"));
    let first = bob.access_token().await.unwrap();
    kc.realm("master").users().logout(&id).await.unwrap();
    kc.clock().advance(LATER);
    assert_ne!(bob.access_token().await.unwrap(), first);
}

#[tokio::test]
async fn a_refresh_token_that_was_revoked_asks_for_another() {
    let kc = TestServer::start().await;
    bob(&kc, "master", "hunter2").await.unwrap();
    let app = kc.oidc("master", "admin-cli", ClientAuth::none());
    let tokens = app.token(TokenRequest::password("bob", "hunter2")).await.unwrap();
    let refresh = tokens.refresh_token.unwrap();
    let bob = kc.login(Login::refresh_token(refresh.clone()));
    works(&bob).await.unwrap();
    app.revoke(refresh.expose()).await.unwrap();
    kc.clock().advance(LATER);
    let text = says_no_secret(&works(&bob).await.unwrap_err());
    assert!(text.contains("get a new one"), "{text}");
    // one that never worked is refused in the server's own words
    let text = says_no_secret(&works(&kc.login(Login::refresh_token(refresh))).await.unwrap_err());
    assert!(text.contains("invalid_grant"), "{text}");
}

#[tokio::test]
async fn a_secret_that_was_replaced_names_its_client() {
    let kc = TestServer::start().await;
    let robot = App {
        client_id: some("robot"),
        secret: Some("hunter2".into()),
        service_accounts_enabled: Some(true),
        ..App::default()
    };
    let id = kc.realm("master").clients().create(&robot).await.unwrap().id().to_owned();
    let service = kc.login(Login::client_credentials("robot", ClientAuth::basic("hunter2")));
    works(&service).await.unwrap();
    kc.realm("master").clients().regenerate_secret(&id).await.unwrap();
    works(&service).await.unwrap(); // the token at hand is as good as before
    kc.clock().advance(LATER);
    let e = works(&service).await.unwrap_err();
    assert_eq!(e.code(), Some("unauthorized_client"));
    let text = says_no_secret(&e);
    assert!(text.contains("client \"robot\""), "{text}");
}
