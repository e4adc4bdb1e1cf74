//! Username and password: on one page, or each on its own.

use axum::response::Response;
use cloakroom_store::users::UserRow;

use super::{Submitted, Wrong};
use crate::{
    Result,
    login::{
        cookies,
        flow::{Execution, Outcome},
        pages::{Errors, Login as LoginPage, LoginPassword, LoginUsername},
        progress::Login,
        request::Pairs,
    },
    password,
    realm_view::RealmView,
};

/// Shows the page of the step.
pub(crate) fn show(mut login: Box<Login<'_>>, execution: &Execution, wrong: Wrong) -> Result<Response> {
    let attempted = match execution.provider() {
        "auth-username-form" => None,
        "auth-password-form" => login.user()?.map(|user| user.username).or_else(|| login.tab.typed.clone()),
        _ => login.user()?.map(|user| user.username),
    };
    let words = login.words()?;
    let urls = login.urls();
    let hint = || login.tab.request.wishes.login_hint.clone();
    let username = wrong.username.or_else(hint).or_else(|| remembered(&login)).unwrap_or_default();
    let remember_me = (login.realm.settings.remember_me == Some(true))
        .then(|| login.tab.remember_me || (!username.is_empty() && remembered(&login).as_deref() == Some(&username)));
    let action = login.form("authenticate", &execution.id)?;
    let username_label = label(&login.realm);
    let errors = wrong.errors;
    let page = LoginPage { action, urls, username, username_label, attempted, remember_me, errors };
    match execution.provider() {
        "auth-username-form" => login.page(&words, None, &LoginUsername(page)),
        "auth-password-form" => login.page(&words, None, &LoginPassword(page)),
        _ => login.page(&words, None, &page),
    }
}

/// Checks the answer.
pub(crate) fn submit(login: &mut Login<'_>, execution: &Execution, form: &Pairs) -> Result<Submitted> {
    let field = |name: &str| form.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    if execution.provider() != "auth-password-form" {
        login.tab.remember_me = match field("rememberMe") {
            Some(on) => on.eq_ignore_ascii_case("on") && login.realm.settings.remember_me == Some(true),
            None => login.tab.session.is_some() && login.tab.remember_me,
        };
    }
    // who logs in again cannot become someone else
    let known = match execution.provider() {
        "auth-username-form" => None,
        _ => login.user()?,
    };
    let typed = match (&known, execution.provider()) {
        (Some(user), _) => user.username.clone(),
        (None, "auth-password-form") => login.tab.typed.clone().unwrap_or_default(),
        (None, _) => field("username").unwrap_or_default().trim().to_owned(),
    };
    let user = match known {
        Some(user) => Some(user),
        None => {
            let realm = login.realm.clone();
            password::find(login.cx, &realm, &typed)?.filter(|user| user.service_account_client.is_none())
        }
    };
    match execution.provider() {
        "auth-username-form" => username(login, typed, user),
        _ => check(login, execution, typed, user, field("password").unwrap_or_default()),
    }
}

fn username(login: &mut Login<'_>, typed: String, user: Option<UserRow>) -> Result<Submitted> {
    let Some(user) = user else {
        let key = match label(&login.realm) {
            "username" => "invalidUsernameMessage",
            "email" => "invalidEmailMessage",
            _ => "invalidUsernameOrEmailMessage",
        };
        return again(login, "username", key, Some(typed));
    };
    login.tab.user = Some(user.id);
    login.tab.typed = Some(typed);
    Ok(Submitted::Outcome(Outcome::Success))
}

fn check(
    login: &mut Login<'_>,
    execution: &Execution,
    typed: String,
    user: Option<UserRow>,
    secret: &str,
) -> Result<Submitted> {
    let realm = login.realm.clone();
    let (field, key, show_name) = match execution.provider() {
        "auth-password-form" => ("password", "invalidPasswordMessage", None),
        _ if login.tab.user.is_some() => ("password", "invalidUserMessage", None),
        _ => ("username", "invalidUserMessage", Some(typed.clone())),
    };
    let outcome = password::check(login.cx, &realm, user.as_ref(), secret)?;
    let key = if outcome == password::Outcome::Disabled { "accountDisabledMessage" } else { key };
    let Some(user) = user.filter(|_| outcome == password::Outcome::Ok) else {
        return again(login, field, key, show_name);
    };
    login.tab.user = Some(user.id);
    login.tab.typed = Some(typed);
    Ok(Submitted::Outcome(Outcome::Success))
}

fn again(login: &mut Login<'_>, field: &'static str, key: &str, username: Option<String>) -> Result<Submitted> {
    let text = login.words()?.say(login.cx, key, &[]);
    Ok(Submitted::Again(Wrong { errors: Errors::from([(field, text)]), username }))
}

/// What the name's field is called.
pub(crate) fn label(realm: &RealmView) -> &'static str {
    let settings = &realm.settings;
    match (settings.login_with_email_allowed == Some(true), settings.registration_email_as_username == Some(true)) {
        (false, _) => "username",
        (true, true) => "email",
        (true, false) => "usernameOrEmail",
    }
}

/// The name that the browser remembers.
fn remembered(login: &Login<'_>) -> Option<String> {
    if login.realm.settings.remember_me != Some(true) {
        return None;
    }
    let value = cookies::find(&login.cx.parts.headers, cookies::REMEMBER_ME)?;
    let name = data_encoding::BASE64URL_NOPAD.decode(value.as_bytes()).ok()?;
    String::from_utf8(name).ok()
}
