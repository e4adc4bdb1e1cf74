//! UPDATE_PASSWORD: a new password, twice.

use axum::response::Response;
use cloakroom_store::users::UserRow;

use super::{Action, Completed, Wrong, field};
use crate::{
    Result,
    login::{
        pages::{Kind, UpdatePassword},
        progress::Login,
        request::Pairs,
    },
    password,
};

pub(super) fn show(mut login: Box<Login<'_>>, action: &Action, wrong: Option<Wrong>) -> Result<Response> {
    let words = login.words()?;
    let alert =
        (wrong.is_none() && !action.initiated).then(|| words.alert(login.cx, Kind::Warning, "updatePasswordMessage"));
    let errors = wrong.map(|w| w.errors).unwrap_or_default();
    let cancel = action.initiated;
    let action = login.form("required-action", &action.alias)?;
    login.page(&words, alert, &UpdatePassword { action, cancel, errors })
}

pub(super) fn submit(login: &mut Login<'_>, user: UserRow, form: &Pairs) -> Result<Completed> {
    let (new, again) = (field(form, "password-new"), field(form, "password-confirm"));
    let realm = login.realm.clone();
    let words = login.words()?;
    let wrong = |field: &str, text: String| {
        let errors = [(field.to_owned(), text)].into();
        Ok(Completed::Again(Wrong { errors, form: Vec::new() }))
    };
    if new.is_empty() {
        return wrong("password-new", words.say(login.cx, "missingPasswordMessage", &[]));
    }
    if new != again {
        return wrong("password-confirm", words.say(login.cx, "notMatchPasswordMessage", &[]));
    }
    if let Err(violation) = password::try_set(login.cx, &realm, &user, new)? {
        let limit: Vec<String> = violation.param.iter().map(ToString::to_string).collect();
        return wrong("password-new", words.say(login.cx, violation.key, &limit));
    }
    super::log_out_elsewhere(login, &user, form)?;
    super::save(login, super::without(user, super::UPDATE_PASSWORD))?;
    Ok(Completed::Done)
}
