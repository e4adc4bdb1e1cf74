//! A browser's sessions and logins in progress: what they open, and for whom.

use crate::login_site::{Site, auth, code, log_in};
use cloakroom_store::users;
use http::StatusCode;
use serde_json::json;

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

/// A realm whose pages come in three languages.
fn in_three_languages() -> Site {
    Site::start(json!({
        "internationalizationEnabled": true, "supportedLocales": ["en", "de", "fr"], "defaultLocale": "en",
        "registrationAllowed": true,
    }))
}

#[tokio::test]
async fn a_language_that_is_chosen_on_a_page_becomes_the_persons() {
    let site = in_three_languages();
    let mut browser = site.browser();
    let page = browser.get(&auth("&ui_locales=fr")).await;
    page.shows("Connectez-vous");
    let (_, options) = page.html.split_once(r#"<select id="login-select-toggle""#).unwrap();
    let german = options.split('"').find(|part| part.ends_with("&amp;kc_locale=de")).unwrap().replace("&amp;", "&");
    let page = browser.get(&german).await;
    page.shows(r#"<html lang="de">"#);
    page.shows("Bei Ihrem Konto anmelden");
    code(&browser.submit(&page, &[("username", "alice"), ("password", "pw")]).await);
    let mut work = site.app.store.work();
    assert_eq!(users::attributes(work.read().unwrap(), "alice").unwrap().first("locale"), Some("de"));
    drop(work);
    // elsewhere, the person is spoken to in that language as soon as it is known who it is
    site.user("alice", |user| user.rest.required_actions = Some(vec!["UPDATE_PASSWORD".into()]));
    let mut other = site.browser();
    let page = log_in(&mut other, "alice", "pw").await;
    other.follow(page).await.shows("Passwort aktualisieren");
}

#[tokio::test]
async fn who_registers_keeps_the_language_of_the_page() {
    let site = in_three_languages();
    let mut browser = site.browser();
    let page = browser.get(&auth("&prompt=create&ui_locales=de")).await;
    let fields = [
        ("username", "carl"),
        ("email", "carl@example.org"),
        ("firstName", "C"),
        ("lastName", "L"),
        ("password", "pw"),
        ("password-confirm", "pw"),
    ];
    code(&browser.submit(&page, &fields).await);
    let mut work = site.app.store.work();
    let carl = users::by_username(work.read().unwrap(), "r", "carl").unwrap().unwrap();
    assert_eq!(users::attributes(work.read().unwrap(), &carl.id).unwrap().first("locale"), Some("de"));
}

#[tokio::test]
async fn a_realm_with_one_language_offers_no_choice() {
    let site = Site::start(json!({"supportedLocales": ["en", "de"]}));
    let page = site.browser().get(&auth("&ui_locales=de")).await;
    page.shows(r#"<html lang="en">"#);
    assert!(!page.html.contains("kc_locale"), "{}", page.html);
}
