//! Refresh and offline tokens, and the sessions that they renew.

use crate::{
    acme::{Acme, Answer, user},
    token::{alive, words},
};
use cloakroom::each;
use http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_refresh_never_widens_and_a_narrow_one_narrows_only_itself() {
    let acme = Acme::start(json!({})).await;
    let first = acme.login("openid phone").await;
    let ask = async |token: &str, scope: &str| {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)];
        acme.post_as("app", "token", &form).await
    };
    let scope = |answer: &Answer| {
        let mut words: Vec<_> = answer.text("scope").split(' ').map(str::to_owned).collect();
        words.sort();
        words.join(" ")
    };
    let narrow = ask(first.text("refresh_token"), "openid").await;
    assert_eq!(scope(&narrow), "email openid profile");
    assert_eq!(scope(&acme.refresh(narrow.text("refresh_token")).await), "email openid phone profile");
    assert_eq!(scope(&ask(first.text("refresh_token"), "openid address offline_access").await), "email openid profile");
    assert_eq!(words(&ask(first.text("refresh_token"), "nosuch").await).1, "invalid_scope");
}

#[tokio::test]
async fn of_many_parallel_refreshes_one_wins_and_the_rest_end_the_family() {
    let acme = Acme::start(json!({"revokeRefreshToken": true, "refreshTokenMaxReuse": 0})).await;
    let first = acme.login("openid").await;
    let token = first.text("refresh_token");
    let answers = each(0..64, 64, |_| acme.refresh(token)).await;
    let won: Vec<_> = answers.iter().filter(|a| a.status == StatusCode::OK).collect();
    assert_eq!(won.len(), 1);
    for lost in answers.iter().filter(|a| a.status != StatusCode::OK) {
        let (status, code, _) = words(lost);
        assert_eq!((status, code), (400, "invalid_grant"));
    }
    let ended = acme.refresh(won[0].text("refresh_token")).await;
    assert_eq!(words(&ended), (400, "invalid_grant", "Session doesn't have required client"));
    assert!(!acme.is_active(won[0].text("access_token")).await);
}

#[tokio::test]
async fn a_realm_may_allow_a_refresh_token_some_uses() {
    let acme = Acme::start(json!({"revokeRefreshToken": true, "refreshTokenMaxReuse": 1})).await;
    let first = acme.login("openid").await;
    alive(&acme.refresh(first.text("refresh_token")).await);
    alive(&acme.refresh(first.text("refresh_token")).await);
    let third = acme.refresh(first.text("refresh_token")).await;
    assert_eq!(words(&third), (400, "invalid_grant", "Maximum allowed refresh token reuse exceeded"));
}

#[tokio::test]
async fn an_offline_token_has_no_date_and_a_session_of_its_own() {
    let acme = Acme::start(json!({})).await;
    let got = acme.login("openid offline_access").await;
    let claims = got.claims("refresh_token");
    assert_eq!(
        (&claims["typ"], claims.get("exp"), &got.body["refresh_expires_in"]),
        (&json!("Offline"), None, &json!(0))
    );
    acme.kc.clock().advance(40 * 3600);
    let later = acme.refresh(got.text("refresh_token")).await;
    alive(&later);
    // the session idles out in the end
    acme.kc.clock().advance(31 * 24 * 3600);
    let idle = acme.refresh(later.text("refresh_token")).await;
    assert_eq!(words(&idle), (400, "invalid_grant", "Offline session not active"));
}

#[tokio::test]
async fn a_user_without_the_role_gets_no_offline_tokens() {
    let users = json!([user("alice", json!({"realmRoles": []}))]);
    let acme = Acme::start(json!({"users": users})).await;
    let form =
        [("grant_type", "password"), ("username", "alice"), ("password", "pw"), ("scope", "openid offline_access")];
    let answer = acme.post_as("app", "token", &form).await;
    assert_eq!(words(&answer), (400, "not_allowed", "Offline tokens not allowed for the user or client"));
}

#[tokio::test]
async fn sessions_end_when_idle_or_old_and_are_swept_away() {
    let acme = Acme::start(json!({"ssoSessionIdleTimeout": 100, "ssoSessionMaxLifespan": 250})).await;
    let mut token = acme.login("openid").await;
    for _ in 0..2 {
        acme.kc.clock().advance(90);
        token = acme.refresh(token.text("refresh_token")).await;
        alive(&token);
    }
    // used all along, but it may not last longer than its maximum
    assert_eq!(token.body["expires_in"], 70);
    acme.kc.clock().advance(71);
    assert_eq!(words(&acme.refresh(token.text("refresh_token")).await), (400, "invalid_grant", "Token is not active"));
    assert!(!acme.is_active(token.text("access_token")).await);
    let (app, now) = (acme.kc.app().clone(), acme.kc.clock().now());
    tokio::task::spawn_blocking(move || {
        cloakroom_server::token::sweep::sweep(&app.store, now).unwrap();
        let left = "SELECT COUNT(*) FROM user_session s JOIN realm r ON r.id = s.realm WHERE r.name = 'acme'";
        assert_eq!(app.store.work().read().unwrap().count(left, &[]).unwrap(), 0);
    })
    .await
    .unwrap();
}
