//! What a person has to do before getting any further, and registration.

use crate::browser::Page;
use crate::login_site::{Site, auth, code, log_in, one_time_code};
use cloakroom_store::{credentials, users};
use http::StatusCode;
use serde_json::json;

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
    let site = Site::start(json!({"requiredActions": [{"alias": "some-extension", "enabled": true}]}));
    site.user("alice", |user| user.rest.required_actions = Some(vec!["some-extension".into()]));
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

/// The value of the hidden field with the device's secret.
fn secret(page: &Page) -> String {
    let (_, rest) = page.html.split_once(r#"name="totpSecret" value=""#).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_device_for_one_time_codes_is_set_up_and_proved() {
    let site = Site::start(json!({"browserFlow": "two factors"}));
    site.user("alice", |user| user.rest.required_actions = Some(vec!["CONFIGURE_TOTP".into()]));
    let mut browser = site.browser();
    let page = log_in(&mut browser, "alice", "pw").await;
    let page = browser.follow(page).await;
    page.shows("You need to set up Mobile Authenticator");
    page.shows(r#"id="kc-totp-secret-qr-code""#);
    let manual = page.link("mode-manual");
    let page = browser.get(&manual).await;
    page.shows(r#"id="kc-totp-secret-key""#);
    page.shows("Algorithm: SHA1");
    let secret = secret(&page);
    assert_eq!(secret.len(), 20);
    let code_now = one_time_code(&secret, site.app.clock.now() / 1000);
    let page = browser.submit(&page, &[("totp", ""), ("userLabel", "phone")]).await;
    page.shows("Please specify authenticator code.");
    page.shows(r#"value="phone""#);
    let page = browser.submit(&page, &[("totp", "12"), ("userLabel", "phone")]).await;
    page.shows("Invalid authenticator code.");
    // a secret that the page did not offer is not taken
    let mine = one_time_code("AAAAAAAAAAAAAAAAAAAA", site.app.clock.now() / 1000);
    let page = browser.submit(&page, &[("totp", &mine), ("totpSecret", "AAAAAAAAAAAAAAAAAAAA")]).await;
    page.shows("Invalid authenticator code.");
    code(&browser.submit(&page, &[("totp", &code_now), ("userLabel", "phone")]).await);
    let mut again = site.browser();
    let page = log_in(&mut again, "alice", "pw").await;
    page.shows(r#"id="kc-otp-login-form""#);
    again.submit(&page, &[("otp", &code_now)]).await.shows("Invalid authenticator code.");
}

#[tokio::test]
async fn an_application_asks_for_an_action_and_hears_how_it_ended() {
    let site = Site::start(json!({}));
    let mut browser = site.browser();
    code(&log_in(&mut browser, "alice", "pw").await);
    let ended = |page: &Page| {
        code(page);
        (page.parameter("kc_action"), page.parameter("kc_action_status"))
    };
    let profile = || Some("UPDATE_PROFILE".to_owned());
    let page = browser.get(&auth("&kc_action=UPDATE_PROFILE")).await;
    let page = browser.follow(page).await;
    page.shows(r#"name="cancel-aia""#);
    assert!(!page.html.contains("to activate your account"), "nothing is due: {}", page.html);
    let page = browser.submit(&page, &[("cancel-aia", "true"), ("firstName", "No")]).await;
    assert_eq!(ended(&page), (profile(), Some("cancelled".into())));
    let page = browser.get(&auth("&kc_action=UPDATE_PROFILE")).await;
    let page = browser.follow(page).await;
    let fields = [("email", "alice@example.org"), ("firstName", "New"), ("lastName", "L")];
    assert_eq!(ended(&browser.submit(&page, &fields).await), (profile(), Some("success".into())));
    let mut work = site.app.store.work();
    assert_eq!(users::by_id(work.read().unwrap(), "r", "alice").unwrap().unwrap().first_name.as_deref(), Some("New"));
    drop(work);
    for none in ["NOPE", "TERMS_AND_CONDITIONS", "VERIFY_PROFILE", "delete_credential", "delete_credential:nope"] {
        let page = browser.get(&auth(&format!("&kc_action={none}"))).await;
        assert_eq!(ended(&page), (None, Some("error".into())), "{none}");
    }
    let silent = browser.get(&auth("&kc_action=UPDATE_PROFILE&prompt=none")).await;
    assert_eq!(silent.parameter("error").as_deref(), Some("interaction_required"));
}

#[tokio::test]
async fn what_is_due_cannot_be_cancelled() {
    let site = Site::start(json!({}));
    site.user("alice", |user| user.rest.required_actions = Some(vec!["UPDATE_PASSWORD".into()]));
    let mut browser = site.browser();
    let page = browser.get(&auth("&kc_action=UPDATE_PASSWORD")).await;
    let page = browser.submit(&page, &[("username", "alice"), ("password", "pw")]).await;
    let page = browser.follow(page).await;
    assert!(!page.html.contains("cancel-aia"), "{}", page.html);
    browser.submit(&page, &[("cancel-aia", "true")]).await.shows("Please specify password.");
}

#[tokio::test]
async fn an_action_wants_a_login_that_is_recent_enough() {
    let strict = json!({"alias": "UPDATE_PASSWORD", "enabled": true, "config": {"max_auth_age": "0"}});
    let site = Site::start(json!({"requiredActions": [strict]}));
    let mut browser = site.browser();
    code(&log_in(&mut browser, "alice", "pw").await);
    let page = browser.get(&auth("&kc_action=UPDATE_PASSWORD")).await;
    page.shows("Please re-authenticate to continue");
    let page = browser.submit(&page, &[("password", "pw")]).await;
    browser.follow(page).await.shows(r#"id="kc-passwd-update-form""#);
}

#[tokio::test]
async fn changing_a_password_ends_the_other_sessions_and_keeps_this_one() {
    let site = Site::start(json!({}));
    let (mut browser, mut thief) = (site.browser(), site.browser());
    code(&log_in(&mut browser, "alice", "pw").await);
    code(&log_in(&mut thief, "alice", "pw").await);
    let page = browser.get(&auth("&kc_action=UPDATE_PASSWORD")).await;
    let page = browser.follow(page).await;
    let fields = [("password-new", "new"), ("password-confirm", "new"), ("logout-sessions", "on")];
    code(&browser.submit(&page, &fields).await);
    code(&browser.get(&auth("&prompt=none")).await);
    assert_eq!(thief.get(&auth("&prompt=none")).await.parameter("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn a_device_is_given_up_by_its_owner_and_a_password_never() {
    let site = Site::start(json!({"requiredActions": [{"alias": "delete_credential", "enabled": true}]}));
    for (id, user) in [("phone", "alice"), ("other", "bob")] {
        let row = credentials::CredentialRow {
            id: id.into(),
            kind: "otp".into(),
            label: Some(format!("{id} of {user}")),
            created: Some(0),
            secret_data: json!({"value": "a secret of some length"}).to_string().into(),
            credential_data: json!({"subType": "totp", "digits": 6, "period": 30, "algorithm": "HmacSHA1"}).to_string(),
        };
        let mut work = site.app.store.work();
        credentials::insert(work.write().unwrap(), user, &row).unwrap();
        work.commit().unwrap();
    }
    let mut browser = site.browser();
    code(&log_in(&mut browser, "alice", "pw").await);
    for not in ["other", "c-alice", "c-bob"] {
        let page = browser.get(&auth(&format!("&kc_action=delete_credential:{not}"))).await;
        assert_eq!(page.parameter("kc_action_status").as_deref(), Some("error"), "{not}");
    }
    let page = browser.get(&auth("&kc_action=delete_credential:phone")).await;
    let page = browser.follow(page).await;
    page.shows("Delete phone of alice");
    let done = browser.submit(&page, &[("accept", "")]).await;
    assert_eq!(done.parameter("kc_action").as_deref(), Some("delete_credential"));
    let mut work = site.app.store.work();
    let kinds = |rows: Vec<credentials::CredentialRow>| rows.into_iter().map(|row| row.kind).collect::<Vec<_>>();
    assert_eq!(kinds(credentials::list(work.read().unwrap(), "alice").unwrap()), ["password"]);
    assert_eq!(credentials::list(work.read().unwrap(), "bob").unwrap().len(), 2);
}

#[tokio::test]
async fn a_profile_offers_the_values_that_it_allows() {
    let site = Site::start(json!({}));
    let both = json!({"view": ["user", "admin"], "edit": ["user", "admin"]});
    site.profile(json!({"attributes": [
        {"name": "username", "permissions": both.clone()},
        {"name": "email", "permissions": both.clone()},
        {"name": "team", "displayName": "Team", "permissions": both.clone(), "required": {"roles": ["user"]},
            "annotations": {"inputType": "select", "inputOptionLabels": {"red": "Red & hot"}},
            "validations": {"options": {"options": ["red", "blue"]}}},
        {"name": "about", "displayName": "About", "permissions": both, "annotations": {"inputType": "textarea"}},
    ]}));
    let mut browser = site.browser();
    let page = log_in(&mut browser, "alice", "pw").await;
    let page = browser.follow(page).await;
    page.shows(r#"<select id="team" name="team" aria-required="true" aria-invalid="true""#);
    page.shows(r#"<option value="red">Red &amp; hot</option>"#);
    page.shows(r#"<textarea id="about" name="about""#);
    let fields = |team| [("email", "alice@example.org"), ("team", team), ("about", "one\ntwo")];
    let page = browser.submit(&page, &fields("green")).await;
    page.shows("Invalid value.");
    code(&browser.submit(&page, &fields("blue")).await);
    let mut work = site.app.store.work();
    let kept = users::attributes(work.read().unwrap(), "alice").unwrap();
    assert_eq!((kept.first("team"), kept.first("about")), (Some("blue"), Some("one\ntwo")));
}
