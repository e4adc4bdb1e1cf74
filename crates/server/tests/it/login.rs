//! Logging in with a browser: pages, sessions, codes, and what must not work.

use crate::browser::{Browser, HOST, Page};
use axum::Router;
use cloakroom_api::admin::{clients::Client, realms::Realm};
use cloakroom_server::{
    App,
    config::{Command, Config, Sources},
};
use cloakroom_store::{
    Store, clients,
    components::{self, ComponentRow},
    credentials,
    realms::{self, RealmRow},
    users::{self, UserRow},
};
use http::StatusCode;
use serde_json::json;
use std::{collections::BTreeMap, io, path::Path, sync::Arc};

const CB: &str = "http://localhost/cb";

/// A realm `acme` with the client `app` and the user `alice`, whose password is `pw`.
struct Site {
    app: Arc<App>,
    router: Router,
}

impl Site {
    fn start(change: serde_json::Value) -> Site {
        let open = |_: &Path| Err(io::Error::from(io::ErrorKind::NotFound));
        let config =
            Config::from(Command::StartDev, &Sources { args: &[], env: &BTreeMap::new(), read: &open }).unwrap();
        let store = Store::memory().unwrap();
        let app = Arc::new(App::new(store, config));
        let mut settings = json!({
            "realm": "acme", "enabled": true, "loginWithEmailAllowed": true, "browserFlow": "browser",
            "defaultSignatureAlgorithm": "HS512", "ssoSessionIdleTimeout": 1800, "ssoSessionMaxLifespan": 36000,
            "passwordPolicy": "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)",
            "browserSecurityHeaders": {"xFrameOptions": "SAMEORIGIN", "contentSecurityPolicy": "frame-ancestors 'self'"},
            "requiredActions": [
                {"alias": "UPDATE_PASSWORD", "enabled": true, "priority": 30},
                {"alias": "TERMS_AND_CONDITIONS", "enabled": true, "priority": 20},
                {"alias": "UPDATE_PROFILE", "enabled": true, "priority": 40},
                {"alias": "VERIFY_PROFILE", "enabled": true, "priority": 90},
                {"alias": "CONFIGURE_TOTP", "enabled": true, "priority": 10},
            ],
            "authenticationFlows": [
                {"alias": "browser", "authenticationExecutions": [
                    {"authenticator": "auth-cookie", "requirement": "ALTERNATIVE", "priority": 10},
                    {"flowAlias": "forms", "requirement": "ALTERNATIVE", "priority": 30}]},
                {"alias": "forms", "authenticationExecutions": [
                    {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 10}]},
                {"alias": "two factors", "authenticationExecutions": [
                    {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 10},
                    {"flowAlias": "second", "requirement": "CONDITIONAL", "priority": 20}]},
                {"alias": "second", "authenticationExecutions": [
                    {"authenticator": "conditional-user-configured", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "auth-otp-form", "requirement": "REQUIRED", "priority": 20}]},
                {"alias": "two pages", "authenticationExecutions": [
                    {"authenticator": "auth-username-form", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "auth-password-form", "requirement": "REQUIRED", "priority": 20}]},
                {"alias": "closed", "authenticationExecutions": [
                    {"authenticator": "deny-access-authenticator", "requirement": "REQUIRED", "priority": 10}]},
                {"alias": "odd", "authenticationExecutions": [
                    {"authenticator": "some-extension", "requirement": "REQUIRED", "priority": 10}]},
            ],
        });
        settings.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let settings: Realm = serde_json::from_value(settings).unwrap();
        let mut work = app.store.work();
        let db = work.write().unwrap();
        realms::insert(db, &RealmRow { id: "r".into(), name: "acme".into(), settings, default_role: None }).unwrap();
        let hs512 = ComponentRow {
            id: "k".into(),
            parent: Some("r".into()),
            name: Some("hmac".into()),
            provider_type: Some("org.keycloak.keys.KeyProvider".into()),
            provider: Some("hmac-generated".into()),
            sub_type: None,
            config: [
                ("secret", ["c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC1zZWNyZXQ"]),
                ("algorithm", ["HS512"]),
            ]
            .into(),
        };
        components::insert(db, "r", &hs512, 0).unwrap();
        for (id, more) in [("app", json!({})), ("two", json!({})), ("off", json!({"enabled": false}))] {
            let mut client = json!({"id": id, "clientId": id, "enabled": true, "standardFlowEnabled": true, "redirectUris": ["http://localhost/*"], "baseUrl": "http://localhost/home"});
            client.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            clients::insert(db, "r", &serde_json::from_value::<Client>(client).unwrap()).unwrap();
        }
        for name in ["alice", "bob"] {
            let user = UserRow {
                id: name.into(),
                username: name.into(),
                email: Some(format!("{name}@example.org")),
                first_name: Some("F".into()),
                last_name: Some("L".into()),
                enabled: true,
                ..UserRow::default()
            };
            users::insert(db, "r", &user, false).unwrap();
        }
        work.commit().unwrap();
        let router = cloakroom_server::routes().into_router(app.clone());
        let site = Site { app, router };
        for name in ["alice", "bob"] {
            site.password(name, "pw");
        }
        site
    }

    fn password(&self, user: &str, password: &str) {
        // what a PBKDF2 hash with one iteration looks like in Keycloak's store
        let mut value = [0; 64];
        let one = std::num::NonZeroU32::MIN;
        aws_lc_rs::pbkdf2::derive(aws_lc_rs::pbkdf2::PBKDF2_HMAC_SHA256, one, b"salt", password.as_bytes(), &mut value);
        let secret =
            json!({"value": data_encoding::BASE64.encode(&value), "salt": data_encoding::BASE64.encode(b"salt")});
        let row = credentials::CredentialRow {
            id: format!("c-{user}"),
            kind: "password".into(),
            label: None,
            created: Some(0),
            secret_data: secret.to_string().into(),
            credential_data: json!({"algorithm": "pbkdf2-sha256", "hashIterations": 1}).to_string(),
        };
        let mut work = self.app.store.work();
        credentials::insert(work.write().unwrap(), user, &row).unwrap();
        work.commit().unwrap();
    }

    fn user(&self, name: &str, change: impl FnOnce(&mut UserRow)) {
        let mut work = self.app.store.work();
        let db = work.write().unwrap();
        let mut user = users::by_id(db, "r", name).unwrap().unwrap();
        change(&mut user);
        users::update(db, "r", &user, false).unwrap();
        work.commit().unwrap();
    }

    fn client(&self, id: &str, change: serde_json::Value) {
        let mut work = self.app.store.work();
        let db = work.write().unwrap();
        let client = clients::by_id(db, "r", id).unwrap().unwrap();
        let mut client = serde_json::to_value(client).unwrap();
        client.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        clients::update(db, "r", &serde_json::from_value(client).unwrap()).unwrap();
        work.commit().unwrap();
    }

    fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }
}

fn auth(more: &str) -> String {
    format!(
        "/realms/acme/protocol/openid-connect/auth?client_id=app&redirect_uri=http%3A%2F%2Flocalhost%2Fcb&response_type=code&scope=openid&state=st{more}"
    )
}

/// Logs in with the usual form.
async fn log_in(browser: &mut Browser, name: &str, password: &str) -> Page {
    let page = browser.get(&auth("")).await;
    browser.submit(&page, &[("username", name), ("password", password)]).await
}

#[track_caller]
fn code(page: &Page) -> String {
    assert_eq!(page.status, StatusCode::FOUND, "{}", page.html);
    page.parameter("code").unwrap_or_else(|| panic!("no code: {:?}", page.location()))
}

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
async fn a_session_opens_the_other_applications() {
    let site = Site::start(json!({}));
    let mut browser = site.browser();
    let first = log_in(&mut browser, "alice", "pw").await;
    let second = browser.get(&auth("").replace("client_id=app", "client_id=two")).await;
    code(&second);
    assert_eq!(first.parameter("session_state"), second.parameter("session_state"));
    let silent = browser.get(&auth("&prompt=none")).await;
    code(&silent);
    assert_eq!(site.browser().get(&auth("&prompt=none")).await.parameter("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn logging_in_again_is_for_the_same_person() {
    let site = Site::start(json!({}));
    let mut browser = site.browser();
    let first = log_in(&mut browser, "alice", "pw").await;
    for again in ["&prompt=login", "&max_age=0", "&prompt=login&login_hint=bob"] {
        let page = browser.get(&auth(again)).await;
        page.shows("Please re-authenticate to continue");
        page.shows(r#"id="kc-attempted-username" value="alice""#);
        let wrong = browser.submit(&page, &[("username", "bob"), ("password", "no")]).await;
        wrong.shows("Invalid username or password.");
        let done = browser.submit(&wrong, &[("username", "bob"), ("password", "pw")]).await;
        assert_eq!(done.parameter("session_state"), first.parameter("session_state"), "{again}");
    }
}

#[tokio::test]
async fn restarting_makes_room_for_someone_else() {
    let site = Site::start(json!({}));
    let mut browser = site.browser();
    let first = log_in(&mut browser, "alice", "pw").await;
    let page = browser.get(&auth("&prompt=login")).await;
    let restart = page.action().replace("authenticate?", "restart?skip_logout=false&");
    let page = browser.get(&restart).await;
    let page = browser.follow(page).await;
    let done = browser.submit(&page, &[("username", "bob"), ("password", "pw")]).await;
    code(&done);
    assert_ne!(done.parameter("session_state"), first.parameter("session_state"));
}

#[tokio::test]
async fn an_old_form_does_not_count() {
    let site = Site::start(json!({}));
    let mut browser = site.browser();
    let page = browser.get(&auth("")).await;
    let wrong = browser.submit(&page, &[("username", "alice"), ("password", "no")]).await;
    let old = browser.submit(&page, &[("username", "alice"), ("password", "pw")]).await;
    assert_eq!(old.status, StatusCode::FOUND);
    let told = browser.follow(old).await;
    told.shows("Action expired. Please continue with login now.");
    let done = browser.submit(&told, &[("username", "alice"), ("password", "pw")]).await;
    code(&done);
    drop(wrong);
}

#[tokio::test]
async fn a_form_that_is_sent_twice_leads_on() {
    let site = Site::start(json!({}));
    let mut browser = site.browser();
    let page = browser.get(&auth("")).await;
    let first = browser.submit(&page, &[("username", "alice"), ("password", "pw")]).await;
    let second = browser.submit(&page, &[("username", "alice"), ("password", "pw")]).await;
    let second = browser.follow(second).await;
    assert_ne!(code(&first), code(&second));
    assert_eq!(second.parameter("state").as_deref(), Some("st"));
}

#[tokio::test]
async fn a_login_cannot_be_finished_in_another_browser() {
    let site = Site::start(json!({}));
    let page = site.browser().get(&auth("")).await;
    let mut other = site.browser();
    let refused = other.submit(&page, &[("username", "alice"), ("password", "pw")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    refused.shows("Restart login cookie not found.");
    refused.shows(r#"id="backToApplication" href="http://localhost/home""#);
}

#[tokio::test]
async fn a_forgotten_login_begins_again() {
    let site = Site::start(json!({}));
    let mut browser = site.browser();
    let page = browser.get(&auth("")).await;
    browser.cookies.remove("AUTH_SESSION_ID");
    let again = browser.submit(&page, &[("username", "alice"), ("password", "pw")]).await;
    let again = browser.follow(again).await;
    again.shows("Your login attempt timed out.");
    code(&browser.submit(&again, &[("username", "alice"), ("password", "pw")]).await);
}

#[tokio::test]
async fn ids_change_when_a_person_is_known() {
    let site = Site::start(json!({}));
    site.user("alice", |user| user.rest.required_actions = Some(vec!["UPDATE_PASSWORD".into()]));
    let mut browser = site.browser();
    let page = browser.get(&auth("")).await;
    let planted = browser.cookies["AUTH_SESSION_ID"].clone();
    let action = browser.submit(&page, &[("username", "alice"), ("password", "pw")]).await;
    assert_ne!(browser.cookies["AUTH_SESSION_ID"], planted);
    // whoever planted the id has nothing of it
    let mut thief = site.browser();
    thief.cookies.insert("AUTH_SESSION_ID".into(), planted);
    let stolen = thief.get(&action.location().unwrap()).await;
    assert_eq!(stolen.status, StatusCode::BAD_REQUEST);
    let done = browser.follow(action).await;
    let done = browser.submit(&done, &[("password-new", "new"), ("password-confirm", "new")]).await;
    let session = done.parameter("session_state").unwrap();
    assert!(!session.is_empty() && !browser.cookies.values().any(|value| *value == session));
}

#[tokio::test]
async fn a_new_password_is_asked_for_where_one_is_due() {
    let site = Site::start(json!({}));
    site.user("alice", |user| user.rest.required_actions = Some(vec!["UPDATE_PASSWORD".into()]));
    let mut browser = site.browser();
    let page = log_in(&mut browser, "alice", "pw").await;
    assert!(
        page.location()
            .unwrap()
            .contains("/login-actions/required-action?execution=UPDATE_PASSWORD&client_id=app&tab_id=")
    );
    let page = browser.follow(page).await;
    page.shows("You need to change your password to activate your account.");
    let page = browser.submit(&page, &[("password-new", ""), ("password-confirm", "")]).await;
    page.shows("Please specify password.");
    let page = browser.submit(&page, &[("password-new", "a"), ("password-confirm", "b")]).await;
    page.shows("Passwords don&#39;t match.");
    let done = browser.submit(&page, &[("password-new", "new"), ("password-confirm", "new")]).await;
    code(&done);
    log_in(&mut site.browser(), "alice", "pw").await.shows("Invalid username or password.");
    code(&log_in(&mut site.browser(), "alice", "new").await);
}

#[tokio::test]
async fn an_action_cannot_be_jumped_over() {
    let site = Site::start(json!({}));
    site.user("alice", |user| user.rest.required_actions = Some(vec!["UPDATE_PASSWORD".into()]));
    let mut browser = site.browser();
    log_in(&mut browser, "alice", "pw").await;
    assert!(!browser.cookies.contains_key("KEYCLOAK_IDENTITY"));
    assert_eq!(browser.get(&auth("&prompt=none")).await.parameter("error").as_deref(), Some("login_required"));
    // the action's page before the password was given
    let mut hasty = site.browser();
    let page = hasty.get(&auth("")).await;
    let jump = page.action().replace("authenticate", "required-action");
    let jumped = hasty.get(&jump).await;
    hasty.follow(jumped).await.shows(r#"id="kc-form-login""#);
}

#[tokio::test]
async fn an_action_that_is_not_known_stops_everybody() {
    let site = Site::start(json!({}));
    site.user("alice", |user| user.rest.required_actions = Some(vec!["CONFIGURE_TOTP".into()]));
    let mut browser = site.browser();
    let page = log_in(&mut browser, "alice", "pw").await;
    let page = browser.follow(page).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn terms_are_accepted_or_the_application_is_told() {
    let site = Site::start(json!({}));
    site.user("alice", |user| user.rest.required_actions = Some(vec!["TERMS_AND_CONDITIONS".into()]));
    let mut browser = site.browser();
    let page = log_in(&mut browser, "alice", "pw").await;
    let page = browser.follow(page).await;
    let declined = browser.submit(&page, &[("cancel", "")]).await;
    assert_eq!(
        declined.location().unwrap(),
        "http://localhost/cb?error=access_denied&error_description=termsAndConditionsDeclined&state=st&iss=http%3A%2F%2Flocalhost%2Frealms%2Facme"
    );
    let page = log_in(&mut browser, "alice", "pw").await;
    let page = browser.follow(page).await;
    code(&browser.submit(&page, &[("accept", "")]).await);
    code(&log_in(&mut site.browser(), "alice", "pw").await);
}

#[tokio::test]
async fn no_cookie_passes_for_another() {
    let site = Site::start(json!({}));
    let mut browser = site.browser();
    browser.get(&auth("")).await;
    let restart = browser.cookies["KC_RESTART"].clone();
    code(&log_in(&mut browser, "alice", "pw").await);
    let identity = browser.cookies["KEYCLOAK_IDENTITY"].clone();
    for (name, value) in [("KEYCLOAK_IDENTITY", &restart), ("KEYCLOAK_IDENTITY", &format!("{identity}x"))] {
        let mut other = site.browser();
        other.cookies.insert(name.into(), value.clone());
        assert_eq!(other.get(&auth("&prompt=none")).await.parameter("error").as_deref(), Some("login_required"));
    }
    let mut other = site.browser();
    other.cookies.insert("KC_RESTART".into(), identity);
    let page = other.get("/realms/acme/login-actions/authenticate?client_id=app&tab_id=x").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
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

/// The six digits of a secret at a time.
fn one_time_code(secret: &str, seconds: i64) -> String {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes());
    let mac = aws_lc_rs::hmac::sign(&key, &(seconds / 30).to_be_bytes());
    let at = usize::from(mac.as_ref()[19] & 15);
    let word = u32::from_be_bytes(mac.as_ref()[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
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

#[tokio::test]
async fn a_profile_is_completed_before_anything_else() {
    let site = Site::start(json!({}));
    site.user("alice", |user| user.first_name = None);
    let mut browser = site.browser();
    let page = log_in(&mut browser, "alice", "pw").await;
    let page = browser.follow(page).await;
    page.shows("Please specify this field.");
    let page = browser.submit(&page, &[("email", "bad"), ("firstName", "Alice"), ("lastName", "L")]).await;
    page.shows("Invalid email address.");
    let page = browser.submit(&page, &[("email", "bob@example.org"), ("firstName", "Alice"), ("lastName", "L")]).await;
    page.shows("Email already exists.");
    page.shows(r#"value="Alice""#);
    let fields = [("email", "alice@example.com"), ("firstName", "Alice"), ("lastName", "L"), ("username", "root")];
    code(&browser.submit(&page, &fields).await);
    let mut work = site.app.store.work();
    let alice = users::by_id(work.read().unwrap(), "r", "alice").unwrap().unwrap();
    assert_eq!((alice.username.as_str(), alice.first_name.as_deref()), ("alice", Some("Alice")));
    assert_eq!(alice.email.as_deref(), Some("alice@example.com"));
}

#[tokio::test]
async fn a_person_registers_where_the_realm_allows_it() {
    let site = Site::start(json!({}));
    let mut browser = site.browser();
    let page = browser.get(&auth("")).await;
    let closed = browser
        .get(
            &page
                .action()
                .replace("authenticate?", "registration?")
                .replace("session_code=", "x=")
                .replace("execution=", "y="),
        )
        .await;
    closed.shows("Registration not allowed");
    assert_eq!(browser.get(&auth("&prompt=create")).await.status, StatusCode::BAD_REQUEST);

    let site = Site::start(json!({"registrationAllowed": true}));
    let mut browser = site.browser();
    let page = browser.get(&auth("&prompt=create")).await;
    page.shows(r#"id="kc-register-form""#);
    let page = browser.submit(&page, &[("username", ""), ("email", ""), ("password", "")]).await;
    for text in
        ["Please specify username.", "Please specify email.", "Please specify password.", "Please specify this field."]
    {
        page.shows(text);
    }
    let fill = |username: &'static str, confirm: &'static str| {
        [
            ("username", username),
            ("email", "carl@example.org"),
            ("firstName", "C"),
            ("lastName", "L"),
            ("password", "pw"),
            ("password-confirm", confirm),
        ]
    };
    let page = browser.submit(&page, &fill("carl", "other")).await;
    page.shows("Password confirmation doesn&#39;t match.");
    let page = browser.submit(&page, &fill("alice", "pw")).await;
    page.shows("Username already exists.");
    code(&browser.submit(&page, &fill("carl", "pw")).await);
    code(&log_in(&mut site.browser(), "carl", "pw").await);
}
