//! Sessions as administrators see and end them, and what is counted of wrong passwords.

use crate::acme::{Acme, Answer, audience, client, user};
use http::{Method, StatusCode};
use serde_json::{Value, json};

async fn get(acme: &Acme, path: &str) -> Value {
    acme.admin(Method::GET, path, json!(null)).await.body
}

async fn attempt(acme: &Acme, password: &str) -> Answer {
    acme.post_as("app", "token", &[("grant_type", "password"), ("username", "alice"), ("password", password)]).await
}

#[tokio::test]
async fn logging_everybody_out_ends_offline_sessions_too() {
    let acme = Acme::start(json!({})).await;
    acme.login("openid").await;
    let offline = acme.login("openid offline_access").await;
    let app = acme.id("/clients?clientId=app").await;
    let stats = get(&acme, "/client-session-stats").await;
    assert_eq!(stats, json!([{"id": app, "clientId": "app", "active": "1", "offline": "1"}]));
    acme.kc.clock().advance(2);
    acme.admin(Method::POST, "/logout-all", json!(null)).await;
    assert_eq!(get(&acme, "/client-session-stats").await, json!([]));
    assert_eq!(acme.refresh(offline.text("refresh_token")).await.refusal().2, "Stale token");
}

#[tokio::test]
async fn what_is_counted_of_a_user_is_shown_and_forgotten_on_demand() {
    let guarded = json!({"bruteForceProtected": true, "failureFactor": 2, "waitIncrementSeconds": 600,
        "quickLoginCheckMilliSeconds": 0});
    let acme = Acme::start(guarded).await;
    let path = format!("/attack-detection/brute-force/users/{}", acme.id("/users?username=alice").await);
    let nothing = json!({"numFailures": 0, "numSecondaryAuthFailures": 0, "numTemporaryLockouts": 0, "disabled": false,
        "lastFailure": 0, "lastIPFailure": "n/a", "failedLoginNotBefore": 0});
    assert_eq!(get(&acme, &path).await, nothing);
    for _ in 0..2 {
        attempt(&acme, "wrong").await;
    }
    let now = acme.kc.clock().now();
    let locked = json!({"numFailures": 2, "numSecondaryAuthFailures": 0, "numTemporaryLockouts": 1, "disabled": true,
        "lastFailure": now, "lastIPFailure": "127.0.0.1", "failedLoginNotBefore": now / 1000 + 600});
    assert_eq!(get(&acme, &path).await, locked);
    assert_eq!(attempt(&acme, "pw").await.status, StatusCode::BAD_REQUEST);
    acme.admin(Method::DELETE, &path, json!(null)).await;
    assert_eq!(get(&acme, &path).await, nothing);
    assert_eq!(attempt(&acme, "pw").await.status, StatusCode::OK);
    for _ in 0..2 {
        attempt(&acme, "wrong").await;
    }
    acme.admin(Method::DELETE, "/attack-detection/brute-force/users", json!(null)).await;
    assert_eq!(attempt(&acme, "pw").await.status, StatusCode::OK);
    assert_eq!(get(&acme, "/attack-detection/brute-force/users/nobody").await, nothing);
}

#[tokio::test]
async fn a_user_who_is_locked_for_good_stays_so_until_enabled() {
    let guarded = json!({"bruteForceProtected": true, "failureFactor": 2, "permanentLockout": true,
        "quickLoginCheckMilliSeconds": 0});
    let acme = Acme::start(guarded).await;
    let alice = format!("/users/{}", acme.id("/users?username=alice").await);
    let path = format!("/attack-detection/brute-force{alice}");
    for _ in 0..2 {
        attempt(&acme, "wrong").await;
    }
    let status = get(&acme, &path).await;
    assert_eq!((&status["disabled"], &status["failedLoginNotBefore"]), (&json!(true), &json!(i64::MAX)));
    acme.admin(Method::DELETE, &path, json!(null)).await;
    assert_eq!(attempt(&acme, "pw").await.status, StatusCode::BAD_REQUEST);
    let shown = get(&acme, &alice).await;
    assert_eq!(shown["attributes"], json!({"disabledReason": ["permanentLockout"]}));
    acme.admin(Method::PUT, &alice, json!({"enabled": true})).await;
    assert_eq!(attempt(&acme, "pw").await.status, StatusCode::OK);
    assert_eq!(get(&acme, &path).await["disabled"], false);
}

#[tokio::test]
async fn many_wrong_passwords_at_once_count_as_many_in_a_row() {
    let guarded = json!({"bruteForceProtected": true, "failureFactor": 5, "quickLoginCheckMilliSeconds": 0});
    let acme = std::sync::Arc::new(Acme::start(guarded).await);
    let tries: Vec<_> = (0..40)
        .map(|_| {
            let acme = acme.clone();
            tokio::spawn(async move { attempt(&acme, "wrong").await })
        })
        .collect();
    for one in tries {
        assert_eq!(one.await.unwrap().refusal().2, "Invalid user credentials");
    }
    let path = format!("/attack-detection/brute-force/users/{}", acme.id("/users?username=alice").await);
    let status = get(&acme, &path).await;
    assert_eq!((&status["numFailures"], &status["disabled"]), (&json!(5), &json!(true)));
}

/// An Admin API token for a page: of the client `web` of master, which allows `http://good`.
async fn page_token(acme: &Acme) -> String {
    let web =
        client("web", json!({"publicClient": true, "serviceAccountsEnabled": false, "webOrigins": ["http://good"]}));
    acme.kc.realm("master").clients().create(&serde_json::from_value(web).unwrap()).await.unwrap();
    let form = [("grant_type", "password"), ("client_id", "web"), ("username", "admin"), ("password", "admin")];
    let path = "/realms/master/protocol/openid-connect/token";
    acme.send(Method::POST, path, &[], &form).await.text("access_token").to_owned()
}

#[tokio::test]
async fn pages_may_use_the_admin_api_from_their_tokens_origins_only() {
    let acme = Acme::start(json!({})).await;
    let bearer = format!("Bearer {}", page_token(&acme).await);
    for path in ["acme/users", "acme/nothing", "nosuch/users"].map(|path| format!("/admin/realms/{path}")) {
        let from = async |origin: &str| {
            acme.send(Method::GET, &path, &[("authorization", &bearer), ("origin", origin)], &[]).await
        };
        let good = from("http://good").await;
        assert_ne!(good.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(good.headers["access-control-allow-origin"], "http://good", "{path}");
        assert_eq!(good.headers["access-control-expose-headers"], "Location", "{path}");
        for origin in ["http://bad", "null", "http://good.evil"] {
            let bad = from(origin).await;
            assert_eq!((bad.status.as_u16(), &bad.body["error"]), (403, &json!("Invalid origin")), "{path} {origin}");
            assert!(!bad.headers.contains_key("access-control-allow-origin"));
        }
        let anonymous = acme.send(Method::GET, &path, &[("origin", "http://good")], &[]).await;
        assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED);
        assert!(!anonymous.headers.contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn a_browser_may_ask_about_any_path_of_the_admin_api() {
    let acme = Acme::start(json!({})).await;
    for path in ["/admin/realms", "/admin/realms/acme/users", "/admin/realms/nosuch/nothing"] {
        let answer = acme.send(Method::OPTIONS, path, &[("origin", "http://any")], &[]).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers["access-control-allow-methods"], "DELETE, POST, GET, PUT");
        assert_eq!(answer.headers["access-control-allow-origin"], "http://any");
        let plain = acme.send(Method::OPTIONS, path, &[], &[]).await;
        assert!(plain.status == StatusCode::OK && !plain.headers.contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn sessions_are_listed_counted_and_ended_one_by_one() {
    let app = client("app", json!({"protocolMappers": [audience("app")]}));
    let users = json!([user("alice", json!({})), user("bob", json!({}))]);
    let acme = Acme::start(json!({"clients": [app], "users": users})).await;
    let (got, again) = (acme.login("openid").await, acme.login("openid").await);
    let (app, alice) = (acme.id("/clients?clientId=app").await, acme.id("/users?username=alice").await);
    assert_eq!(get(&acme, &format!("/clients/{app}/session-count")).await, json!({"count": 2}));
    let listed = get(&acme, &format!("/users/{alice}/sessions")).await;
    let one = &listed[0];
    assert_eq!((&one["username"], &one["ipAddress"]), (&json!("alice"), &json!("127.0.0.1")));
    assert_eq!(one["clients"], json!({app.as_str(): "app"}));
    let first = got.text("session_state");
    // the same id is no offline session
    let path = format!("/admin/realms/acme/sessions/{first}?isOffline=true");
    let request = http::Request::builder().method(Method::DELETE).uri(path).body(bytes::Bytes::new()).unwrap();
    let refused = acme.kc.admin().request(request).await.unwrap();
    assert_eq!(refused.status(), StatusCode::NOT_FOUND);
    assert!(String::from_utf8_lossy(refused.body()).contains("Sesssion not found"));
    acme.admin(Method::DELETE, &format!("/sessions/{first}"), json!(null)).await;
    assert!(!acme.is_active(got.text("access_token")).await);
    assert!(acme.is_active(again.text("access_token")).await);
    assert_eq!(acme.refresh(got.text("refresh_token")).await.refusal().2, "Session not active");
    let page = get(&acme, &format!("/clients/{app}/user-sessions?first=0&max=1")).await;
    assert_eq!(page[0]["id"], again.body["session_state"]);
    acme.kc.clock().advance(2);
    acme.admin(Method::POST, &format!("/users/{alice}/logout"), json!(null)).await;
    assert_eq!(get(&acme, &format!("/clients/{app}/user-sessions")).await, json!([]));
    assert!(!acme.is_active(again.text("access_token")).await);
}
