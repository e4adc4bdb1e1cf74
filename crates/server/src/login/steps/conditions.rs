//! Conditions: whether a conditional subflow counts.

use crate::{
    Result,
    login::{
        flow::{Execution, Flow, Kind, Outcome, Requirement},
        progress::Login,
    },
};
use cloakroom_store::credentials;

/// Holds when the person has set up what the subflow asks for: all that is required in it, or one of the alternatives.
pub(crate) fn user_configured(login: &mut Login<'_>, flow: &Flow, execution: &Execution) -> Result<Outcome> {
    let (Some(user), Some(around)) = (login.tab.user.clone(), flow.around(&execution.id)) else {
        return Ok(Outcome::Attempted);
    };
    let kinds = credentials::list(login.cx.read()?, &user)?;
    let has = |e: &Execution| {
        let wanted = match e.provider() {
            "auth-otp-form" => "otp",
            "webauthn-authenticator" => "webauthn",
            "webauthn-authenticator-passwordless" => "webauthn-passwordless",
            "auth-recovery-authn-code-form" => "recovery-authn-codes",
            _ => return false,
        };
        kinds.iter().any(|c| c.kind == wanted)
    };
    let steps = around.executions.iter().filter(|e| !e.is_condition() && matches!(e.kind, Kind::Step { .. }));
    let (required, alternative): (Vec<_>, Vec<_>) =
        steps.filter(|e| e.requirement != Requirement::Disabled).partition(|e| e.requirement == Requirement::Required);
    let holds = match required.as_slice() {
        [] => alternative.into_iter().any(has),
        required => required.iter().all(|e| has(e)),
    };
    Ok(if holds { Outcome::Success } else { Outcome::Attempted })
}

/// Holds when the login used (or, with `included` off, did not use) one of the configured kinds of credential. Here a
/// login always used a password.
pub(crate) fn credential(login: &Login<'_>, execution: &Execution) -> Outcome {
    let Kind::Step { config: Some(alias), .. } = &execution.kind else { return Outcome::Attempted };
    let configs = &login.realm.lists.flow_configs;
    let config = configs.iter().find(|c| c.alias.as_ref() == Some(alias)).and_then(|c| c.config.as_ref());
    let get = |name| config.and_then(|c| c.get(name)).unwrap_or_default();
    let used = get("credentials").split([',', '#']).any(|kind| kind.trim() == "password");
    let holds = used == (get("included") == "true");
    if holds { Outcome::Success } else { Outcome::Attempted }
}
