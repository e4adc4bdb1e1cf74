//! TERMS_AND_CONDITIONS: read and accepted, or not.

use axum::response::Response;
use cloakroom_store::users::{self, UserRow};

use super::{Action, Completed};
use crate::{
    Result,
    login::{pages::Terms, progress::Login, request::Pairs},
};

/// The attribute with the time of acceptance, in seconds.
const ATTRIBUTE: &str = "terms_and_conditions";

pub(super) fn show(mut login: Box<Login<'_>>, action: &Action) -> Result<Response> {
    let words = login.words()?;
    let action = login.form("required-action", &action.alias)?;
    login.page(&words, None, &Terms { action })
}

pub(super) fn submit(login: &mut Login<'_>, user: UserRow, form: &Pairs) -> Result<Completed> {
    let has = |name: &str| form.iter().any(|(n, _)| n == name);
    if has("cancel") || !has("accept") {
        return Ok(Completed::Refused("termsAndConditionsDeclined"));
    }
    let now = login.cx.now_seconds().to_string();
    let id = user.id.clone();
    super::save(login, super::without(user, super::TERMS))?;
    users::set_attribute(login.cx.write()?, &id, ATTRIBUTE, &now)?;
    Ok(Completed::Done)
}
