//! Where tokens come from and how they are kept fresh.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cloakroom::{AccessToken, Client, ClientAuth, Login, Result};
use serde_json::json;
use wiremock::matchers::{body_string_contains, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Clock, TOKEN, admin, bearer, builder, field, form, grant, realm, received, tokens};

async fn call(kc: &Client) -> Result<()> {
    kc.realms().get("acme").await.map(drop)
}

async fn at_once(kc: &Client, calls: usize) -> Vec<Result<()>> {
    let begin = || {
        let kc = kc.clone();
        tokio::spawn(async move { call(&kc).await })
    };
    let tasks: Vec<_> = (0..calls).map(|_| begin()).collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

#[tokio::test]
async fn a_hundred_calls_after_expiry_make_one_token_request() {
    let (server, clock) = (MockServer::start().await, Clock::new());
    grant(&server).await;
    realm(&server, "acme").await;
    let kc = admin(&server, &clock);
    call(&kc).await.unwrap();
    clock.advance(61);
    assert!(at_once(&kc, 100).await.iter().all(Result::is_ok));
    let asked = received(&server, TOKEN).await;
    assert_eq!(asked.len(), 2);
    assert_eq!(field(&asked[0], "grant_type").as_deref(), Some("password"));
    assert_eq!(field(&asked[1], "grant_type").as_deref(), Some("refresh_token"));
    assert_eq!(field(&asked[1], "refresh_token").as_deref(), Some("refresh-1"));
    assert!(received(&server, "/admin/realms/acme").await[1..].iter().all(|r| bearer(r) == "Bearer access-2"));
}

#[tokio::test]
async fn a_hundred_first_calls_log_in_once() {
    let server = MockServer::start().await;
    grant(&server).await;
    realm(&server, "acme").await;
    assert!(at_once(&admin(&server, &Clock::new()), 100).await.iter().all(Result::is_ok));
    assert_eq!(received(&server, TOKEN).await.len(), 1);
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_however_many_wait() {
    let server = MockServer::start().await;
    let wrong = json!({ "error": "invalid_grant", "error_description": "Invalid user credentials" });
    let answer = ResponseTemplate::new(401).set_body_json(wrong).set_delay(Duration::from_millis(50));
    Mock::given(path(TOKEN)).respond_with(answer).mount(&server).await;
    let kc = admin(&server, &Clock::new());
    for outcome in at_once(&kc, 100).await {
        let e = outcome.unwrap_err();
        assert!(e.is_login() && !e.is_unauthorized());
        assert_eq!(e.code(), Some("invalid_grant"));
        assert_eq!(
            e.to_string(),
            "cannot log in to realm \"master\" as client \"admin-cli\": \
             Token::request: 401 Unauthorized: Invalid user credentials (invalid_grant)"
        );
    }
    assert_eq!(received(&server, TOKEN).await.len(), 1);
    assert!(call(&kc).await.is_err());
    assert_eq!(received(&server, TOKEN).await.len(), 2, "a later call tries again");
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    let (server, clock) = (MockServer::start().await, Clock::new());
    grant(&server).await;
    realm(&server, "acme").await;
    let kc = admin(&server, &clock);
    for (passed, requests) in [(0, 1), (47, 1), (2, 2), (40, 2)] {
        clock.advance(passed);
        call(&kc).await.unwrap();
        assert_eq!(received(&server, TOKEN).await.len(), requests);
    }
}

#[tokio::test]
async fn an_ended_session_is_followed_by_a_login_whatever_the_words() {
    let (server, clock) = (MockServer::start().await, Clock::new());
    let ended = json!({ "error": "invalid_grant", "error_description": "Stale token" });
    let refresh = Mock::given(path(TOKEN)).and(body_string_contains("grant_type=refresh_token"));
    refresh.respond_with(ResponseTemplate::new(400).set_body_json(ended)).mount(&server).await;
    grant(&server).await;
    realm(&server, "acme").await;
    let kc = admin(&server, &clock);
    call(&kc).await.unwrap();
    clock.advance(61);
    call(&kc).await.unwrap();
    let grants: Vec<_> = received(&server, TOKEN).await.iter().map(|r| field(r, "grant_type").unwrap()).collect();
    assert_eq!(grants, ["password", "refresh_token", "password"]);
}

#[tokio::test]
async fn an_expired_refresh_token_is_not_tried() {
    let (server, clock) = (MockServer::start().await, Clock::new());
    grant(&server).await;
    realm(&server, "acme").await;
    let kc = admin(&server, &clock);
    call(&kc).await.unwrap();
    clock.advance(1801);
    call(&kc).await.unwrap();
    assert_eq!(field(&received(&server, TOKEN).await[1], "grant_type").as_deref(), Some("password"));
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_for_all() {
    let server = MockServer::start().await;
    grant(&server).await;
    let old = Mock::given(path("/admin/realms/acme")).and(header("authorization", "Bearer access-1"));
    old.respond_with(ResponseTemplate::new(401)).mount(&server).await;
    realm(&server, "acme").await;
    assert!(at_once(&admin(&server, &Clock::new()), 50).await.iter().all(Result::is_ok));
    assert_eq!(received(&server, TOKEN).await.len(), 2);
    assert_eq!(received(&server, "/admin/realms/acme").await.len(), 100);
}

#[tokio::test]
async fn a_call_is_replayed_once_only() {
    let server = MockServer::start().await;
    grant(&server).await;
    Mock::given(method("PUT")).respond_with(ResponseTemplate::new(401)).mount(&server).await;
    let kc = admin(&server, &Clock::new());
    let e = kc.realm("acme").users().update("1", &Default::default()).await.unwrap_err();
    assert!(e.is_unauthorized(), "{e:?}");
    assert_eq!(received(&server, "/admin/realms/acme/users/1").await.len(), 2);
    assert_eq!(received(&server, TOKEN).await.len(), 2);
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_nothing_locked() {
    let server = MockServer::start().await;
    grant(&server).await;
    realm(&server, "acme").await;
    let kc = admin(&server, &Clock::new());
    for _ in 0..3 {
        assert!(tokio::time::timeout(Duration::from_millis(5), call(&kc)).await.is_err());
    }
    call(&kc).await.unwrap();
    assert_eq!(received(&server, TOKEN).await.len(), 1, "the login that was begun is used");
}

#[tokio::test]
async fn the_realm_of_the_login_is_not_that_of_the_call() {
    let server = MockServer::start().await;
    let endpoint = "/realms/staff/protocol/openid-connect/token";
    let answer = ResponseTemplate::new(200).set_body_json(tokens(1));
    Mock::given(path(endpoint)).respond_with(answer).mount(&server).await;
    realm(&server, "acme").await;
    realm(&server, "other").await;
    let login = Login::password("ann", "pw").realm("staff").client("tools", ClientAuth::post("s3"));
    let login = login.scope("openid roles").totp("123456");
    let kc = builder(&server, &Clock::new()).login(login).build().unwrap();
    kc.realms().get("acme").await.unwrap();
    kc.realms().get("other").await.unwrap();
    let asked = received(&server, endpoint).await;
    assert_eq!(asked.len(), 1);
    let mut fields = form(&asked[0]);
    fields.sort();
    let expected = [
        ("client_id", "tools"),
        ("client_secret", "s3"),
        ("grant_type", "password"),
        ("password", "pw"),
        ("scope", "openid roles"),
        ("totp", "123456"),
        ("username", "ann"),
    ];
    assert_eq!(fields, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
}

#[tokio::test]
async fn client_credentials_log_in_again_for_want_of_a_refresh_token() {
    let (server, clock) = (MockServer::start().await, Clock::new());
    let answer = json!({ "access_token": "a", "expires_in": 60, "refresh_expires_in": 0, "token_type": "Bearer" });
    Mock::given(path(TOKEN)).respond_with(ResponseTemplate::new(200).set_body_json(answer)).mount(&server).await;
    realm(&server, "acme").await;
    let login = Login::client_credentials("robot", ClientAuth::basic("s e+c"));
    let kc = builder(&server, &clock).login(login).build().unwrap();
    call(&kc).await.unwrap();
    clock.advance(60);
    call(&kc).await.unwrap();
    let asked = received(&server, TOKEN).await;
    assert_eq!(asked.len(), 2);
    assert_eq!(bearer(&asked[1]), "Basic cm9ib3Q6cytlJTJCYw==");
    assert_eq!(form(&asked[1]), [("grant_type".to_owned(), "client_credentials".to_owned())]);
}

#[tokio::test]
async fn a_refresh_token_from_elsewhere_is_used_until_it_is_refused() {
    let (server, clock) = (MockServer::start().await, Clock::new());
    let first = Mock::given(body_string_contains("refresh_token=mine"));
    first.respond_with(ResponseTemplate::new(200).set_body_json(tokens(1))).expect(1).mount(&server).await;
    let then = Mock::given(body_string_contains("refresh_token=refresh-1"));
    let gone = ResponseTemplate::new(400).set_body_json(json!({ "error": "invalid_grant" }));
    then.respond_with(gone).mount(&server).await;
    realm(&server, "acme").await;
    let kc = builder(&server, &clock).login(Login::refresh_token("mine")).build().unwrap();
    call(&kc).await.unwrap();
    clock.advance(61);
    let e = call(&kc).await.unwrap_err();
    assert!(e.to_string().contains("get a new one"), "{e}");
}

#[tokio::test]
async fn a_token_at_hand_is_sent_as_it_is_and_not_replayed() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(401)).mount(&server).await;
    let kc = builder(&server, &Clock::new()).build().unwrap().token("mine");
    assert!(call(&kc).await.unwrap_err().is_unauthorized());
    let calls = server.received_requests().await.unwrap();
    assert_eq!((calls.len(), bearer(&calls[0])), (1, "Bearer mine".to_owned()));
}

#[tokio::test]
async fn a_callback_is_asked_at_first_and_when_its_token_expires() {
    let (server, clock) = (MockServer::start().await, Clock::new());
    realm(&server, "acme").await;
    let asked = Arc::new(AtomicU64::new(0));
    let count = asked.clone();
    let login = Login::callback(move || {
        let number = count.fetch_add(1, Ordering::SeqCst);
        async move { Ok(AccessToken::new(format!("own-{number}")).expires_in(Duration::from_secs(100))) }
    });
    let kc = builder(&server, &clock).login(login).build().unwrap();
    at_once(&kc, 20).await;
    clock.advance(90);
    at_once(&kc, 20).await;
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    assert_eq!(bearer(received(&server, "/admin/realms/acme").await.last().unwrap()), "Bearer own-1");
}

#[tokio::test]
async fn a_callback_that_fails_or_panics_is_an_error() {
    let (server, clock) = (MockServer::start().await, Clock::new());
    let failing = builder(&server, &clock).login(Login::callback(async || Err("no vault".into()))).build().unwrap();
    assert!(failing.access_token().await.unwrap_err().to_string().contains("no vault"));
    let panicking = builder(&server, &clock).login(Login::callback(async || panic!("a bug"))).build().unwrap();
    for _ in 0..2 {
        assert!(panicking.access_token().await.unwrap_err().is_login());
    }
}

#[tokio::test]
async fn a_logout_ends_the_session_and_the_next_call_logs_in() {
    let server = MockServer::start().await;
    grant(&server).await;
    realm(&server, "acme").await;
    let logout = "/realms/master/protocol/openid-connect/logout";
    Mock::given(path(logout)).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let kc = admin(&server, &Clock::new());
    kc.logout().await.unwrap();
    call(&kc).await.unwrap();
    kc.logout().await.unwrap();
    call(&kc).await.unwrap();
    let ended = received(&server, logout).await;
    assert_eq!(ended.len(), 1);
    assert_eq!(field(&ended[0], "refresh_token").as_deref(), Some("refresh-1"));
    assert_eq!(received(&server, TOKEN).await.len(), 2);
}

#[tokio::test]
async fn secrets_are_not_shown() {
    let server = MockServer::start().await;
    Mock::given(path(TOKEN)).respond_with(ResponseTemplate::new(200).set_body_json(tokens(1))).mount(&server).await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(403)).mount(&server).await;
    let login = Login::password("admin", "hunter2").client("app", ClientAuth::post("hunter3"));
    let builder = builder(&server, &Clock::new()).login(login).header("x-pass", "hunter4").unwrap();
    let before = format!("{builder:?}");
    let kc = builder.build().unwrap();
    let e = call(&kc).await.unwrap_err();
    let shown = format!("{before} {kc:?} {e:?} {e}");
    for secret in ["hunter", "access-1", "refresh-1"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
