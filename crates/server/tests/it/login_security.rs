//! What must not work at a login, whatever a request says.

use crate::browser::{Browser, Page};
use crate::login_site::{Site, auth, code, log_in};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

/// Asks the token endpoint.
async fn token(browser: &mut Browser, fields: &[(&str, &str)]) -> (StatusCode, Value) {
    let form = Serializer::new(String::new()).extend_pairs(fields).finish();
    let page = browser.send(Method::POST, "/realms/acme/protocol/openid-connect/token", Some(form)).await;
    (page.status, serde_json::from_str(&page.html).unwrap())
}

async fn redeem(browser: &mut Browser, code: &str, client: &str, redirect_uri: &str) -> (StatusCode, Value) {
    let fields =
        [("grant_type", "authorization_code"), ("code", code), ("client_id", client), ("redirect_uri", redirect_uri)];
    token(browser, &fields).await
}

fn site() -> Site {
    let site = Site::start(json!({}));
    for client in ["app", "two"] {
        site.client(client, json!({"publicClient": true}));
    }
    site
}

#[tokio::test]
async fn a_code_is_good_for_its_client_and_its_address_only() {
    let site = site();
    for (client, redirect_uri) in [("two", crate::login_site::CB), ("app", "http://localhost/other"), ("app", "")] {
        let mut browser = site.browser();
        let stolen = code(&log_in(&mut browser, "alice", "pw").await);
        let (status, body) = redeem(&mut browser, &stolen, client, redirect_uri).await;
        assert_eq!((status, body["error"].as_str()), (StatusCode::BAD_REQUEST, Some("invalid_grant")), "{client}");
        let (status, _) = redeem(&mut browser, &stolen, "app", crate::login_site::CB).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "a code that went astray is spent");
    }
}

#[tokio::test]
async fn a_code_that_comes_twice_ends_its_tokens() {
    let site = site();
    let mut browser = site.browser();
    let code = code(&log_in(&mut browser, "alice", "pw").await);
    let (status, first) = redeem(&mut browser, &code, "app", crate::login_site::CB).await;
    assert_eq!(status, StatusCode::OK, "{first}");
    assert_eq!(redeem(&mut browser, &code, "app", crate::login_site::CB).await.0, StatusCode::BAD_REQUEST);
    let refresh = first["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("client_id", "app"), ("refresh_token", refresh)];
    let (status, body) = token(&mut browser, &fields).await;
    assert_eq!((status, body["error"].as_str()), (StatusCode::BAD_REQUEST, Some("invalid_grant")));
}

#[tokio::test]
async fn a_pages_code_belongs_to_its_tab() {
    let site = site();
    let mut browser = site.browser();
    let (first, second) = (browser.get(&auth("")).await, browser.get(&auth("")).await);
    let part = |page: &Page, name: &str| {
        let action = page.action();
        let (_, query) = action.split_once('?').unwrap();
        url::form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name).unwrap().1.into_owned()
    };
    let mixed = first.action().replace(&part(&first, "session_code"), &part(&second, "session_code"));
    let form = "username=alice&password=pw".to_owned();
    let page = browser.send(Method::POST, &mixed, Some(form.clone())).await;
    assert_eq!(page.parameter("code"), None, "{page:?}");
    // a made-up or missing code, and a form without the browser's cookie
    for action in
        [first.action().replace(&part(&first, "session_code"), "x"), first.action().replace("session_code", "y")]
    {
        let page = browser.send(Method::POST, &action, Some(form.clone())).await;
        assert_eq!(page.parameter("code"), None, "{page:?}");
    }
    let page = site.browser().send(Method::POST, &second.action(), Some(form)).await;
    assert_eq!((page.status, page.parameter("code")), (StatusCode::BAD_REQUEST, None));
}

#[tokio::test]
async fn cookies_are_for_this_realm_and_scripts_see_only_digests() {
    let site = Site::start(json!({"rememberMe": true}));
    let mut browser = site.browser();
    let page = browser.get(&auth("")).await;
    let mut cookies = page.set_cookies();
    let done = browser.submit(&page, &[("username", "alice"), ("password", "pw"), ("rememberMe", "on")]).await;
    cookies.extend(done.set_cookies().into_iter().filter(|cookie| !cookie.contains("Max-Age=0")));
    let names: std::collections::BTreeSet<_> = cookies.iter().map(|c| c.split('=').next().unwrap()).collect();
    assert!(names.contains("KEYCLOAK_IDENTITY") && names.contains("KEYCLOAK_REMEMBER_ME"), "{names:?}");
    for cookie in &cookies {
        let open = cookie.starts_with("KC_AUTH_SESSION_HASH=") || cookie.starts_with("KEYCLOAK_SESSION=");
        assert_eq!(cookie.contains("; HttpOnly"), !open, "{cookie}");
        for part in ["; Path=/realms/acme/", "; Secure", "; SameSite=None"] {
            assert!(cookie.contains(part), "{part}: {cookie}");
        }
    }
}

#[tokio::test]
async fn every_page_keeps_frames_and_scripts_out() {
    let site = site();
    let mut browser = site.browser();
    let login = browser.get(&auth("")).await;
    let wrong = browser.submit(&login, &[("username", "alice"), ("password", "no")]).await;
    let pages = [
        login,
        wrong,
        browser.get(&auth("").replace("client_id=app", "client_id=nobody")).await,
        browser.get("/realms/acme/protocol/openid-connect/logout").await,
        site.browser().get("/realms/acme/login-actions/authenticate?client_id=app&tab_id=x").await,
    ];
    for page in pages {
        let policies: Vec<_> = page.headers.get_all("content-security-policy").iter().collect();
        assert!(policies.len() == 2 && policies[0].to_str().unwrap().starts_with("default-src 'none'"), "{policies:?}");
        assert_eq!(page.headers["x-frame-options"], "SAMEORIGIN");
        assert!(!page.html.contains("<script"), "{}", page.html);
    }
}

#[tokio::test]
async fn nothing_that_is_sent_comes_back_as_markup() {
    let hostile = "\"><script>alert(1)</script>";
    let site = Site::start(json!({"registrationAllowed": true}));
    let encoded: String = url::form_urlencoded::byte_serialize(hostile.as_bytes()).collect();
    let mut browser = site.browser();
    let page = browser.get(&auth(&format!("&login_hint={encoded}&ui_locales={encoded}"))).await;
    let wrong = browser.submit(&page, &[("username", hostile), ("password", hostile)]).await;
    let register = browser.get(&auth("&prompt=create")).await;
    let registered = browser.submit(&register, &[("username", hostile), ("email", hostile)]).await;
    let error = browser.get(&auth("").replace("client_id=app", &format!("client_id={encoded}"))).await;
    let posted = browser.get(&auth(&format!("&response_mode=form_post&prompt=none&scope={encoded}"))).await;
    let logout = format!("/realms/acme/protocol/openid-connect/logout?state={encoded}&client_id={encoded}");
    let logout = browser.get(&logout).await;
    for page in [page, wrong, register, registered, error, posted, logout] {
        assert!(!page.html.contains("<script>"), "{}", page.html);
    }
}

#[tokio::test]
async fn links_of_a_login_lead_only_where_the_client_may_be() {
    let site = site();
    let data = json!({"ru": "http://evil.example/", "rt": "code", "st": "x"}).to_string();
    let data = data_encoding::BASE64URL_NOPAD.encode(data.as_bytes());
    let mut browser = site.browser();
    code(&log_in(&mut browser, "alice", "pw").await);
    for action in ["authenticate", "required-action", "registration", "restart"] {
        let link = format!("/realms/acme/login-actions/{action}?client_id=app&tab_id=none&client_data={data}");
        let page = browser.get(&link).await;
        assert_eq!((page.status, page.location()), (StatusCode::BAD_REQUEST, None), "{action}");
        assert!(!page.html.contains("evil"), "{}", page.html);
    }
}

#[tokio::test]
async fn a_made_up_link_out_of_a_mail_does_nothing() {
    let site = site();
    for (query, text) in [("", "Invalid Request"), ("&key=eyJhbGciOiJub25lIn0.e30.", "An error occurred")] {
        let page = site.browser().get(&format!("/realms/acme/login-actions/action-token?client_id=app{query}")).await;
        assert_eq!((page.status, page.set_cookies().len()), (StatusCode::BAD_REQUEST, 0));
        page.shows(text);
    }
}
