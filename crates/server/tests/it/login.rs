//! Logging in with a browser: pages, steps, codes, and what must not work.

use crate::browser::{HOST, Page};
use crate::login_site::{CB, Site, auth, code, log_in, one_time_code};
use cloakroom_store::credentials;
use http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_person_logs_in_and_the_application_gets_a_code() {
    let site = Site::start(json!({}));
    let mut browser = site.browser();
    let page = browser.get(&auth("")).await;
    page.shows("Sign in to acme");
    assert_eq!(page.headers["cache-control"], "no-store, must-revalidate, max-age=0");
    assert!(page.action().starts_with(&format!("{HOST}/realms/acme/login-actions/authenticate?session_code=")));
    let wrong = browser.submit(&page, &[("username", "alice"), ("password", "no")]).await;
    wrong.shows("Invalid username or password.");
    wrong.shows(r#"value="alice""#);
    let done = browser.submit(&wrong, &[("username", "alice"), ("password", "pw")]).await;
    code(&done);
    let location = done.location().unwrap();
    assert!(location.starts_with("http://localhost/cb?state=st&session_state="), "{location}");
    assert_eq!(done.parameter("iss").as_deref(), Some("http://localhost/realms/acme"));
    let cookies = done.set_cookies();
    for start in ["KEYCLOAK_IDENTITY=ey", "KEYCLOAK_SESSION=", "KC_RESTART=; "] {
        assert!(cookies.iter().any(|c| c.starts_with(start)), "{start} {cookies:?}");
    }
}

#[tokio::test]
async fn username_and_password_may_have_a_page_each() {
    let site = Site::start(json!({"browserFlow": "two pages"}));
    let mut browser = site.browser();
    let page = browser.get(&auth("")).await;
    let page = browser.submit(&page, &[("username", "nobody")]).await;
    page.shows("Invalid username or email.");
    let page = browser.submit(&page, &[("username", "ALICE@example.org")]).await;
    page.shows(r#"id="kc-attempted-username" value="alice""#);
    let page = browser.submit(&page, &[("password", "no")]).await;
    page.shows("Invalid password.");
    code(&browser.submit(&page, &[("password", "pw")]).await);
}

#[tokio::test]
async fn flows_that_let_nobody_in_let_nobody_in() {
    for flow in ["closed", "odd"] {
        let site = Site::start(json!({"browserFlow": flow}));
        let page = site.browser().get(&auth("")).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{flow}");
        page.shows("Access denied");
    }
}

#[tokio::test]
async fn disabled_people_are_told_only_with_the_right_password() {
    let site = Site::start(json!({}));
    site.user("alice", |user| user.enabled = false);
    log_in(&mut site.browser(), "alice", "no").await.shows("Invalid username or password.");
    log_in(&mut site.browser(), "alice", "pw").await.shows("Account is disabled, contact your administrator.");
    let mut browser = site.browser();
    code(&log_in(&mut browser, "bob", "pw").await);
    site.user("bob", |user| user.enabled = false);
    assert_eq!(browser.get(&auth("&prompt=none")).await.parameter("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn unknown_names_look_like_wrong_passwords() {
    let site = Site::start(json!({}));
    let known = log_in(&mut site.browser(), "alice", "no").await;
    let unknown = log_in(&mut site.browser(), "nobody", "no").await;
    let plain = |page: &Page, name: &str| {
        let action = page.action();
        page.html.replace(&action.replace('&', "&amp;"), "").replace(name, "")
    };
    assert_eq!((known.status, plain(&known, "alice")), (unknown.status, plain(&unknown, "nobody")));
}

#[tokio::test]
async fn bad_requests_never_redirect_to_strangers() {
    let site = Site::start(json!({}));
    let mut browser = site.browser();
    code(&log_in(&mut browser, "alice", "pw").await);
    for uri in [
        "http://evil.example/",
        "http://localhost@evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "http://localhost/../x?code=a",
        "",
    ] {
        let uri: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
        let page = browser.get(&auth("").replace("http%3A%2F%2Flocalhost%2Fcb", &uri)).await;
        assert_eq!((page.status, page.location()), (StatusCode::BAD_REQUEST, None), "{uri}");
    }
    for (client, status) in [("nobody", StatusCode::BAD_REQUEST), ("off", StatusCode::BAD_REQUEST)] {
        let page = browser.get(&auth("").replace("client_id=app", &format!("client_id={client}"))).await;
        assert_eq!((page.status, page.location()), (status, None), "{client}");
    }
}

#[tokio::test]
async fn pages_forbid_scripts_and_frames() {
    let site = Site::start(json!({"displayName": "<script>alert(1)</script>"}));
    let page = site.browser().get(&auth("&login_hint=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E")).await;
    assert!(!page.html.contains("<script"), "{}", page.html);
    let policies: Vec<_> =
        page.headers.get_all("content-security-policy").iter().map(|h| h.to_str().unwrap()).collect();
    assert_eq!(
        policies,
        ["default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'", "frame-ancestors 'self'"]
    );
    assert_eq!(page.headers["x-frame-options"], "SAMEORIGIN");
    let css = page
        .html
        .split("href=\"")
        .find(|part| part.contains("login.css"))
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let style = site.browser().get(&css).await;
    assert_eq!(
        (style.status, style.headers["content-type"].to_str().unwrap()),
        (StatusCode::OK, "text/css; charset=utf-8")
    );
    assert_eq!(style.headers["cache-control"], "public, max-age=31536000, immutable");
}

#[tokio::test]
async fn an_answer_may_come_as_a_form() {
    let site = Site::start(json!({}));
    let mut browser = site.browser();
    let page = browser.get(&auth("&response_mode=form_post")).await;
    let done = browser.submit(&page, &[("username", "alice"), ("password", "pw")]).await;
    assert_eq!((done.status, done.action().as_str()), (StatusCode::OK, CB));
    done.shows(r#"name="code" value=""#);
    done.shows(r#"name="state" value="st""#);
}

#[tokio::test]
async fn tokens_come_in_the_fragment_where_the_client_may_have_them() {
    let site = Site::start(json!({"accessTokenLifespanForImplicitFlow": 321}));
    site.client("app", json!({"implicitFlowEnabled": true}));
    let mut browser = site.browser();
    code(&log_in(&mut browser, "alice", "pw").await);
    let ask = |types: &str| auth("&nonce=n").replace("response_type=code", &format!("response_type={types}"));
    for (types, names) in [
        ("id_token", &["state", "session_state", "iss", "id_token"][..]),
        ("token", &["state", "session_state", "iss", "access_token", "token_type", "expires_in"]),
        ("code+id_token", &["state", "session_state", "iss", "code", "id_token"]),
    ] {
        let page = browser.get(&ask(types)).await;
        let location = page.location().unwrap_or_else(|| panic!("{page:?}"));
        let (uri, fragment) = location.split_once('#').unwrap();
        let sent: Vec<_> =
            url::form_urlencoded::parse(fragment.as_bytes()).map(|(name, _)| name.into_owned()).collect();
        assert_eq!((uri, sent.iter().map(String::as_str).collect::<Vec<_>>()), (CB, names.to_vec()), "{types}");
    }
    assert_eq!(browser.get(&ask("token")).await.parameter("expires_in").as_deref(), Some("321"));
    let hint = browser.get(&ask("id_token")).await.parameter("id_token").unwrap();
    let out = browser.get(&format!("/realms/acme/protocol/openid-connect/logout?id_token_hint={hint}")).await;
    out.shows("You are logged out");
    assert_eq!(browser.get(&auth("&prompt=none")).await.parameter("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn who_has_a_second_factor_needs_it_and_a_code_works_once() {
    let site = Site::start(json!({"browserFlow": "two factors"}));
    code(&log_in(&mut site.browser(), "bob", "pw").await);
    let row = credentials::CredentialRow {
        id: "otp".into(),
        kind: "otp".into(),
        label: Some("phone".into()),
        created: Some(0),
        secret_data: json!({"value": "a secret of some length"}).to_string().into(),
        credential_data: json!({"subType": "totp", "digits": 6, "counter": 0, "period": 30, "algorithm": "HmacSHA1"})
            .to_string(),
    };
    let mut work = site.app.store.work();
    credentials::insert(work.write().unwrap(), "alice", &row).unwrap();
    work.commit().unwrap();
    let now = site.app.clock.now() / 1000;
    let good = one_time_code("a secret of some length", now);
    let mut browser = site.browser();
    let page = log_in(&mut browser, "alice", "pw").await;
    page.shows(r#"id="kc-otp-login-form""#);
    assert!(!browser.cookies.contains_key("KEYCLOAK_IDENTITY"));
    let page = browser.submit(&page, &[("otp", "12")]).await;
    page.shows("Invalid authenticator code.");
    code(&browser.submit(&page, &[("otp", &good)]).await);
    let mut thief = site.browser();
    let page = log_in(&mut thief, "alice", "pw").await;
    thief.submit(&page, &[("otp", &good)]).await.shows("Invalid authenticator code.");
    assert_eq!(thief.get(&auth("&prompt=none")).await.parameter("error").as_deref(), Some("login_required"));
}
