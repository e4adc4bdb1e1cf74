//! A one-time code of one of the person's devices.

use axum::response::Response;

use super::{Entered, Submitted, Wrong};
use crate::{
    Result,
    login::{
        flow::{Execution, Outcome, Requirement},
        pages::{Device, Errors, LoginOtp},
        progress::Login,
        request::Pairs,
    },
    password::otp,
};

/// Asks who has a device. Who has none passes an alternative by, and sets one up where it is required.
pub(super) fn enter(login: &mut Login<'_>, execution: &Execution) -> Result<Entered> {
    let Some(user) = login.tab.user.clone() else { return Ok(Entered::Outcome(Outcome::Attempted)) };
    if !otp::devices(login.cx, &user)?.is_empty() {
        return Ok(Entered::Waits);
    }
    if execution.requirement != Requirement::Required {
        return Ok(Entered::Outcome(Outcome::Attempted));
    }
    login.tab.due.push("CONFIGURE_TOTP".to_owned());
    Ok(Entered::Outcome(Outcome::Setup))
}

pub(super) fn show(mut login: Box<Login<'_>>, execution: &Execution, wrong: Wrong) -> Result<Response> {
    let words = login.words()?;
    let urls = login.urls();
    let user = login.user()?;
    let rows = match &user {
        Some(user) => otp::devices(login.cx, &user.id)?,
        None => Vec::new(),
    };
    let devices: Vec<_> = rows.into_iter().map(|row| Device { id: row.id, label: row.label }).collect();
    let selected = wrong.username.or_else(|| devices.first().map(|d| d.id.clone())).unwrap_or_default();
    let action = login.form("authenticate", &execution.id)?;
    let attempted = user.map(|user| user.username).unwrap_or_default();
    let username_label = super::password::label(&login.realm);
    let page = LoginOtp { action, urls, attempted, username_label, devices, selected, errors: wrong.errors };
    login.page(&words, None, &page)
}

pub(super) fn submit(login: &mut Login<'_>, form: &Pairs) -> Result<Submitted> {
    let field = |name: &str| form.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    let device = field("selectedCredentialId").filter(|id| !id.is_empty());
    let realm = login.realm.clone();
    if let Some(user) = login.user()?
        && otp::check(login.cx, &realm, &user, device, field("otp").unwrap_or_default())?
    {
        return Ok(Submitted::Outcome(Outcome::Success));
    }
    let text = login.words()?.say(login.cx, "invalidTotpMessage", &[]);
    Ok(Submitted::Again(Wrong { errors: Errors::from([("otp", text)]), username: device.map(str::to_owned) }))
}
