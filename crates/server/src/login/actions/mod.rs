//! What a person has to do after logging in and before getting any further.

pub(crate) mod consent;
mod terms;
mod update_password;
pub(crate) mod update_profile;

use std::collections::BTreeMap;

use axum::response::Response;
use cloakroom_store::users::{self, UserRow};
use http::StatusCode;

use super::{
    progress::Login,
    request::Pairs,
    show::{self, Caching},
};
use crate::Result;

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

/// The first thing that the person has to do: an alias of the realm's required actions.
pub(crate) fn pending(login: &mut Login<'_>, user: &UserRow) -> Result<Option<String>> {
    let realm = login.realm.clone();
    let known = realm.settings.required_actions.as_deref().unwrap_or_default();
    let wanted = user.rest.required_actions.as_deref().unwrap_or_default();
    let due = login.tab.due.clone();
    let asked = |alias: &str| wanted.iter().chain(&due).any(|w| w == alias);
    let mut due: Vec<_> = known
        .iter()
        .filter(|action| action.enabled == Some(true))
        .filter_map(|action| Some((action.priority.unwrap_or(0), action.alias.as_deref()?)))
        .collect();
    due.sort_by_key(|(priority, _)| *priority);
    for (_, alias) in due {
        if asked(alias) || (alias == "VERIFY_PROFILE" && update_profile::is_incomplete(login, user)?) {
            return Ok(Some(alias.to_owned()));
        }
    }
    Ok(consent::is_due(login, user)?.then(|| consent::ALIAS.to_owned()))
}

/// Shows the page of an action.
pub(crate) fn show(mut login: Box<Login<'_>>, action: &str, user: &UserRow, wrong: Option<Wrong>) -> Result<Response> {
    match action {
        consent::ALIAS => consent::show(login, user),
        "UPDATE_PASSWORD" => update_password::show(login, action, wrong),
        "UPDATE_PROFILE" | "VERIFY_PROFILE" => update_profile::show(login, action, user, wrong),
        "TERMS_AND_CONDITIONS" => terms::show(login, action),
        _ => {
            tracing::warn!(action, "this required action is not known: nobody gets past it");
            login.forget()?;
            let how = (StatusCode::FORBIDDEN, Caching::NoStore);
            show::refusal(login.cx, &login.realm, how, ("actionNotAvailable", &[action.to_owned()]), None)
        }
    }
}

/// Checks an answer and does what it says. The page's code was taken before: no other answer to it comes here.
pub(crate) fn submit(login: &mut Login<'_>, action: &str, user: UserRow, form: &Pairs) -> Result<Completed> {
    match action {
        "UPDATE_PASSWORD" => update_password::submit(login, user, form),
        "UPDATE_PROFILE" | "VERIFY_PROFILE" => update_profile::submit(login, action, user, form),
        "TERMS_AND_CONDITIONS" => terms::submit(login, user, form),
        _ => Ok(Completed::Refused("action_not_available")),
    }
}

/// A user without this action.
fn without(mut user: UserRow, action: &str) -> UserRow {
    user.rest.required_actions.get_or_insert_default().retain(|a| a != action);
    user
}

/// Writes a user's row. False where its name or address is taken.
fn save(login: &mut Login<'_>, user: &UserRow) -> Result<bool> {
    let realm = login.realm.clone();
    let duplicates = realm.settings.duplicate_emails_allowed == Some(true);
    match users::update(login.cx.write()?, &realm.id, user, duplicates) {
        Ok(_) => Ok(true),
        Err(taken) if taken.is_conflict() => Ok(false),
        Err(error) => Err(error.into()),
    }
}
