//! UPDATE_PASSWORD: a new password, twice.

use axum::response::Response;
use cloakroom_store::{sessions, users::UserRow};

use super::{Completed, Wrong};
use crate::{
    Result,
    login::{
        pages::{Alert, Errors, Kind, UpdatePassword},
        progress::Login,
        request::Pairs,
    },
    password,
};

pub(super) fn show(mut login: Box<Login<'_>>, action: &str, wrong: Option<Wrong>) -> Result<Response> {
    let words = login.words();
    let alert = match &wrong {
        None => Some(words.alert(login.cx, Kind::Warning, "updatePasswordMessage")),
        Some(wrong) => {
            let text = wrong.errors.get("alert").cloned();
            text.map(|text| Alert { kind: Kind::Error, text })
        }
    };
    let mut errors = Errors::new();
    for field in ["password-new", "password-confirm"] {
        errors.extend(wrong.as_ref().and_then(|w| w.errors.get(field)).map(|text| (field, text.clone())));
    }
    let action = login.form("required-action", action)?;
    login.page(&words, alert, &UpdatePassword { action, cancel: false, errors })
}

pub(super) fn submit(login: &mut Login<'_>, user: UserRow, form: &Pairs) -> Result<Completed> {
    let field = |name: &str| form.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
    let (new, again) = (field("password-new"), field("password-confirm"));
    let realm = login.realm.clone();
    let words = login.words();
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
    if form.iter().any(|(name, value)| name == "logout-sessions" && value.eq_ignore_ascii_case("on")) {
        sessions::delete_of_user(login.cx.write()?, &realm.id, &user.id)?;
    }
    super::save(login, &super::without(user, "UPDATE_PASSWORD"))?;
    Ok(Completed::Done)
}
