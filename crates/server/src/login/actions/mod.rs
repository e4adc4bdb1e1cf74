//! What a person has to do after logging in and before getting any further, and what an application asks them to do.

mod configure_totp;
pub(crate) mod consent;
mod delete_credential;
mod terms;
mod update_password;
pub(crate) mod update_profile;

use std::collections::BTreeMap;

use axum::response::Response;
use cloakroom_store::{
    sessions,
    users::{self, UserRow},
};
use http::StatusCode;

use super::{
    progress::Login,
    request::{Pairs, Wishes},
    show::{self, Caching},
    tab::Asked,
};
use crate::{Result, realm_view::RealmView};

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Action {
    /// An alias of the realm's required actions, or [`consent::ALIAS`].
    pub(crate) alias: String,
    /// Whether only the application wants it: then the person may leave it.
    pub(crate) initiated: bool,
}

/// Messages for the fields of the last answer, and that answer.
#[derive(Debug, Default)]
pub(crate) struct Wrong {
    pub(crate) errors: BTreeMap<String, String>,
    pub(crate) form: Vec<(String, String)>,
}

/// What came of an answer.
pub(crate) enum Completed {
    Done,
    Again(Wrong),
    /// The application is told: access denied.
    Refused(&'static str),
}

/// The first thing that the person has to do, or else what the application asks for, or else to consent.
pub(crate) fn pending(login: &mut Login<'_>, user: &UserRow) -> Result<Option<Action>> {
    let realm = login.realm.clone();
    let wanted = user.rest.required_actions.as_deref().unwrap_or_default();
    let due = login.tab.due.clone();
    let asked = |alias: &str| wanted.iter().chain(&due).any(|w| w == alias);
    for alias in enabled(&realm) {
        if asked(alias) || (alias == VERIFY_PROFILE && update_profile::is_incomplete(login, user)?) {
            return Ok(Some(Action { alias: alias.to_owned(), initiated: false }));
        }
    }
    if let (Some((alias, parameter)), None) = (login.tab.request.wishes.action(), login.tab.asked) {
        let (alias, parameter) = (alias.to_owned(), parameter.map(str::to_owned));
        if is_for(login, user, &alias, parameter.as_deref())? {
            return Ok(Some(Action { alias, initiated: true }));
        }
        login.tab.asked = Some(Asked::Error);
    }
    Ok(consent::is_due(login, user)?.then(|| Action { alias: consent::ALIAS.to_owned(), initiated: false }))
}

const UPDATE_PASSWORD: &str = "UPDATE_PASSWORD";
const UPDATE_PROFILE: &str = "UPDATE_PROFILE";
const VERIFY_PROFILE: &str = "VERIFY_PROFILE";
const CONFIGURE_TOTP: &str = "CONFIGURE_TOTP";
const TERMS: &str = "TERMS_AND_CONDITIONS";
const DELETE_CREDENTIAL: &str = "delete_credential";

/// What an application may ask for.
const INITIATED: [&str; 4] = [UPDATE_PASSWORD, UPDATE_PROFILE, CONFIGURE_TOTP, DELETE_CREDENTIAL];

/// How long ago a person may have logged in to be let at such an action, in seconds, unless the realm says otherwise.
const MOST_AGE: i64 = 300;

/// The aliases of the realm's actions that are on, the first to be done first.
fn enabled(realm: &RealmView) -> Vec<&str> {
    let on = realm.lists.required_actions.iter().filter(|action| action.enabled == Some(true));
    let mut on: Vec<_> = on.filter_map(|a| Some((a.priority.unwrap_or(0), a.alias.as_deref()?))).collect();
    on.sort_by_key(|(priority, _)| *priority);
    on.into_iter().map(|(_, alias)| alias).collect()
}

/// Whether an application may ask this person for the action.
fn is_for(login: &mut Login<'_>, user: &UserRow, alias: &str, parameter: Option<&str>) -> Result<bool> {
    if !INITIATED.contains(&alias) || !enabled(&login.realm).contains(&alias) {
        return Ok(false);
    }
    Ok(alias != DELETE_CREDENTIAL || delete_credential::find(login, user, parameter)?.is_some())
}

/// How old the login may be, in seconds, for what the application asks the person to do.
pub(super) fn most_age(realm: &RealmView, wishes: &Wishes) -> Option<i64> {
    let (alias, _) = wishes.action().filter(|(alias, _)| INITIATED.contains(alias))?;
    let mut actions = realm.lists.required_actions.iter();
    let action = actions.find(|a| a.alias.as_deref() == Some(alias) && a.enabled == Some(true))?;
    let own = action.config.as_ref().and_then(|config| config.get("max_auth_age")?.parse().ok());
    Some(own.unwrap_or(MOST_AGE))
}

/// What the page of an action is made of.
pub(crate) struct Asking<'p> {
    pub(crate) action: &'p Action,
    pub(crate) user: &'p UserRow,
    /// Which of its ways the page shows itself in, where it has several.
    pub(crate) mode: Option<&'p str>,
    /// What was wrong with the last answer.
    pub(crate) wrong: Option<Wrong>,
}

/// Shows the page of an action.
pub(crate) fn show(mut login: Box<Login<'_>>, asking: Asking<'_>) -> Result<Response> {
    let Asking { action, user, .. } = asking;
    match action.alias.as_str() {
        consent::ALIAS => consent::show(login, user),
        UPDATE_PASSWORD => update_password::show(login, action, asking.wrong),
        UPDATE_PROFILE | VERIFY_PROFILE => update_profile::show(login, action, user, asking.wrong),
        CONFIGURE_TOTP => configure_totp::show(login, asking),
        DELETE_CREDENTIAL => delete_credential::show(login, action, user),
        TERMS => terms::show(login, action),
        alias => {
            tracing::warn!(alias, "this required action is not known: nobody gets past it");
            login.forget()?;
            let how = (StatusCode::FORBIDDEN, Caching::NoStore);
            show::refusal(login.cx, &login.realm, how, ("actionNotAvailable", &[alias.to_owned()]), None)
        }
    }
}

/// Checks an answer and does what it says. The page's code was taken before: no other answer to it comes here.
pub(crate) fn submit(login: &mut Login<'_>, action: &Action, user: UserRow, form: &Pairs) -> Result<Completed> {
    let ended = if action.initiated && form.iter().any(|(name, _)| name == "cancel-aia") {
        Asked::Cancelled
    } else {
        let completed = match action.alias.as_str() {
            UPDATE_PASSWORD => update_password::submit(login, user, form)?,
            UPDATE_PROFILE | VERIFY_PROFILE => update_profile::submit(login, &action.alias, user, form)?,
            CONFIGURE_TOTP => configure_totp::submit(login, user, form)?,
            DELETE_CREDENTIAL => delete_credential::submit(login, user)?,
            TERMS => terms::submit(login, user, form)?,
            _ => Completed::Refused("action_not_available"),
        };
        let Completed::Done = completed else { return Ok(completed) };
        Asked::Success
    };
    if login.tab.request.wishes.action().is_some_and(|(alias, _)| alias == action.alias) {
        login.tab.asked = Some(ended);
    }
    login.tab.waiting = None;
    Ok(Completed::Done)
}

/// A user without this action.
fn without(mut user: UserRow, action: &str) -> UserRow {
    user.rest.required_actions.get_or_insert_default().retain(|a| a != action);
    user
}

/// Writes a user's row. False where its name or address is taken.
fn save(login: &mut Login<'_>, mut user: UserRow) -> Result<bool> {
    let realm = login.realm.clone();
    let duplicates = realm.settings.duplicate_emails_allowed == Some(true);
    match users::update(login.cx.write()?, &realm.id, &mut user, duplicates) {
        Ok(()) => Ok(true),
        Err(taken) if taken.is_conflict() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Ends the person's other sessions where the form says so.
fn log_out_elsewhere(login: &mut Login<'_>, user: &UserRow, form: &Pairs) -> Result<()> {
    if form.iter().any(|(name, value)| name == "logout-sessions" && value.eq_ignore_ascii_case("on")) {
        let (realm, own) = (login.realm.id.clone(), login.tab.session.clone());
        sessions::delete_others(login.cx.write()?, &realm, &user.id, own.as_deref().unwrap_or_default())?;
    }
    Ok(())
}

/// The value of a form's field; empty where there is none.
fn field<'f>(form: &'f Pairs, name: &str) -> &'f str {
    form.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
}
