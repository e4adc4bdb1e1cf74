//! The steps of a login: what each authenticator of a flow asks, shows and checks.

mod conditions;
mod cookie;
mod otp;
mod password;

use axum::response::Response;

use super::{
    flow::{Execution, Flow, Outcome},
    pages::Errors,
    progress::Login,
    request::Pairs,
};
use crate::Result;

pub(crate) use cookie::AUTH_TIME;

/// What a step does when its turn comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entered {
    /// It is decided without the person.
    Outcome(Outcome),
    /// It has a page for the person.
    Waits,
    /// Nobody gets past it.
    Denied,
}

/// What the last answer had wrong, for the page that asks again.
#[derive(Debug, Default)]
pub(crate) struct Wrong {
    pub(crate) errors: Errors,
    /// The name as it was typed, or the device that was chosen.
    pub(crate) username: Option<String>,
}

/// What came of an answer to a step's page.
pub(crate) enum Submitted {
    Outcome(Outcome),
    Again(Wrong),
}

/// Asks a step.
pub(crate) fn enter(login: &mut Login<'_>, flow: &Flow, execution: &Execution) -> Result<Entered> {
    match execution.provider() {
        "auth-cookie" => cookie::enter(login).map(Entered::Outcome),
        // nobody to go to: no providers, no organizations, no Kerberos
        "identity-provider-redirector" | "organization" | "auth-spnego" => Ok(Entered::Outcome(Outcome::Attempted)),
        "auth-username-password-form" | "auth-username-form" => Ok(Entered::Waits),
        "auth-password-form" if login.tab.user.is_some() || login.tab.typed.is_some() => Ok(Entered::Waits),
        "auth-otp-form" => otp::enter(login, execution),
        "conditional-user-configured" => conditions::user_configured(login, flow, execution).map(Entered::Outcome),
        "conditional-credential" => Ok(Entered::Outcome(conditions::credential(login, execution))),
        "deny-access-authenticator" => Ok(Entered::Denied),
        provider => {
            tracing::warn!(provider, "this step of a flow is not known: nobody gets past it");
            Ok(Entered::Denied)
        }
    }
}

/// Shows a step's page.
pub(crate) fn show(login: Box<Login<'_>>, execution: &Execution, wrong: Wrong) -> Result<Response> {
    match execution.provider() {
        "auth-otp-form" => otp::show(login, execution, wrong),
        _ => password::show(login, execution, wrong),
    }
}

/// Checks the answer to a step's page.
pub(crate) fn submit(login: &mut Login<'_>, execution: &Execution, form: &Pairs) -> Result<Submitted> {
    match execution.provider() {
        "auth-otp-form" => otp::submit(login, form),
        _ => password::submit(login, execution, form),
    }
}
