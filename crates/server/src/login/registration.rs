//! Registration: a person makes an account, and is logged in with it.

use axum::response::Response;
use cloakroom_store::{
    credentials, groups,
    users::{self, UserRow},
};
use http::StatusCode;

use super::{
    actions::update_profile::{as_typed, decide, fields, taken, texts, wanted},
    pages::Register,
    progress::Login,
    request::Pairs,
    show::{self, Caching},
    tab::Stage,
};
use crate::{
    Result,
    admin::users::into_row,
    password::{self, Names, Policy},
    profile::{EMAIL, LOCALE, USERNAME},
};

/// The name of this step in links.
pub(crate) const STEP: &str = "registration";

/// The page, with what was wrong before.
pub(crate) fn show(
    mut login: Box<Login<'_>>,
    errors: std::collections::BTreeMap<String, String>,
    sent: Option<&Pairs>,
) -> Result<Response> {
    let words = login.words()?;
    let profile = fields(&login, None, sent);
    let password_after = if profile.iter().any(|f| f.name == USERNAME) { USERNAME } else { EMAIL };
    let action = login.form("registration", STEP)?;
    let urls = login.urls();
    let locale = login.speaks_languages().then(|| words.lang.clone());
    login.page(&words, None, &Register { action, urls, locale, profile, password_after, errors })
}

/// The page for a realm without registration.
pub(crate) fn not_allowed(login: &mut Login<'_>) -> Result<Response> {
    let how = (StatusCode::BAD_REQUEST, Caching::NoStore);
    show::refusal(login.cx, &login.realm, how, ("registrationNotAllowedMessage", &[]), None)
}

/// Makes the account, unless something is wrong with it. The page's code was taken before.
pub(crate) fn submit(
    login: &mut Login<'_>,
    form: &Pairs,
) -> Result<Result<(), std::collections::BTreeMap<String, String>>> {
    let realm = login.realm.clone();
    let words = login.words()?;
    let field = |name: &str| form.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
    let (secret, again) = (field("password"), field("password-confirm"));
    let decided = decide(login, None, wanted(login, None, form));
    let mut errors = match &decided {
        Ok(attributes) => {
            let taken = taken(login, None, attributes)?;
            texts(login, &words, taken)
        }
        Err(wrong) => texts(login, &words, as_typed(wrong.clone())),
    };
    let policy = Policy::of(&realm);
    let name = decided.as_ref().ok().and_then(|a| a.first(USERNAME));
    let names = Names { username: name, email: decided.as_ref().ok().and_then(|a| a.first(EMAIL)) };
    if secret.is_empty() {
        errors.insert("password".to_owned(), words.say(login.cx, "missingPasswordMessage", &[]));
    } else if secret != again {
        errors.insert("password-confirm".to_owned(), words.say(login.cx, "invalidPasswordConfirmMessage", &[]));
    } else if let Err(violation) = policy.check(secret, names) {
        let limit: Vec<String> = violation.param.iter().map(ToString::to_string).collect();
        errors.insert("password".to_owned(), words.say(login.cx, violation.key, &limit));
    }
    let Ok(attributes) = decided else { return Ok(Err(errors)) };
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let credential = password::hashed(login.cx, policy.algorithm(), secret)?;
    let mut row = UserRow { id: login.cx.new_id(), enabled: true, created: Some(login.cx.now()), ..UserRow::default() };
    let rest = into_row(&mut row, attributes);
    let defaults =
        realm.lists.required_actions.iter().filter(|a| a.enabled == Some(true) && a.default_action == Some(true));
    row.rest.required_actions = Some(defaults.filter_map(|a| a.alias.clone()).collect());
    let duplicates = realm.settings.duplicate_emails_allowed == Some(true);
    let locale = login.speaks_languages().then(|| words.lang.clone());
    let db = login.cx.write()?;
    match users::insert(db, &realm.id, &row, duplicates) {
        Err(taken) if taken.is_conflict() => {
            let text = words.say(login.cx, "usernameExistsMessage", &[]);
            return Ok(Err([(USERNAME.to_owned(), text)].into()));
        }
        inserted => inserted?,
    }
    users::put_attributes(db, &row.id, &rest)?;
    if let Some(locale) = locale {
        users::set_attribute(db, &row.id, LOCALE, &locale)?;
    }
    if let Some(role) = &realm.default_role {
        users::add_role(db, &row.id, role)?;
    }
    groups::join_defaults(db, &realm.id, &row.id)?;
    credentials::insert(db, &row.id, &credential)?;
    login.tab.typed = Some(row.username);
    login.tab.user = Some(row.id);
    login.tab.stage = Stage::Authenticated;
    login.tab.waiting = None;
    Ok(Ok(()))
}
