//! Logging out with a browser.

use crate::login_site::{Site, auth, code, log_in};
use http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_link_alone_logs_nobody_out() {
    let site = Site::start(json!({}));
    let mut browser = site.browser();
    code(&log_in(&mut browser, "alice", "pw").await);
    let page = browser.get("/realms/acme/protocol/openid-connect/logout").await;
    page.shows("Do you want to log out?");
    code(&browser.get(&auth("&prompt=none")).await);
    let mut other = site.browser();
    other.cookies.insert("AUTH_SESSION_ID".into(), "x".into());
    assert_eq!(other.submit(&page, &[("confirmLogout", "Logout")]).await.status, StatusCode::BAD_REQUEST);
    let page = browser.get("/realms/acme/protocol/openid-connect/logout").await;
    let out = browser.submit(&page, &[("confirmLogout", "Logout")]).await;
    out.shows("You are logged out");
    assert_eq!(browser.get(&auth("&prompt=none")).await.parameter("error").as_deref(), Some("login_required"));
    browser.submit(&page, &[("confirmLogout", "Logout")]).await.shows("Logout failed");
}

#[tokio::test]
async fn logout_leads_only_where_the_client_says() {
    let site = Site::start(json!({}));
    for (query, key) in [
        ("post_logout_redirect_uri=http%3A%2F%2Flocalhost%2Fbye", "Missing parameters: id_token_hint"),
        ("client_id=app&post_logout_redirect_uri=http%3A%2F%2Fevil.example%2F", "Invalid redirect uri"),
        ("client_id=nobody&post_logout_redirect_uri=http%3A%2F%2Flocalhost%2Fbye", "Invalid redirect uri"),
        ("id_token_hint=rubbish", "Invalid parameter: id_token_hint"),
    ] {
        let page = site.browser().get(&format!("/realms/acme/protocol/openid-connect/logout?{query}")).await;
        assert_eq!((page.status, page.location()), (StatusCode::BAD_REQUEST, None), "{query}");
        page.shows(key);
    }
}
