//! Moves a login on: through its flow, through what the person has to do, to its answer.

use axum::response::Response;
use http::StatusCode;

use super::{
    actions, finish,
    flow::{Flow, Next, Outcome, next},
    progress::Login,
    show::{self, Caching},
    steps::{self, Entered},
    tab::Stage,
};
use crate::{Result, error};

/// Goes on until a page has to be shown or the login is over.
pub(crate) fn proceed(mut login: Box<Login<'_>>) -> Result<Response> {
    if login.tab.stage == Stage::Flow {
        let flow = login.flow().ok_or_else(|| error::internal("the realm's browser flow is missing"))?;
        loop {
            match next(&flow, &login.tab.outcomes) {
                Next::Run(execution) => match steps::enter(&mut login, &flow, execution)? {
                    Entered::Outcome(outcome) => login.tab.record(&execution.id, outcome),
                    Entered::Waits if login.tab.request.wishes.prompts("none") => {
                        return login.refuse("login_required", None);
                    }
                    Entered::Waits => return steps::show(login, execution, steps::Wrong::default()),
                    Entered::Denied => return denied(login),
                },
                Next::Done => break,
                Next::Failed if login.tab.request.wishes.prompts("none") => {
                    return login.refuse("login_required", None);
                }
                Next::Failed => return denied(login),
            }
        }
        login.tab.stage = if remembered(&flow, &login) { Stage::Remembered } else { Stage::Authenticated };
    }
    after_flow(login)
}

/// The person is known: what remains are actions, then the answer.
fn after_flow(mut login: Box<Login<'_>>) -> Result<Response> {
    let Some(user) = login.user()?.filter(|u| u.enabled) else { return denied(login) };
    let Some(action) = actions::pending(&mut login, &user)? else { return finish::finish(login, user) };
    if login.tab.request.wishes.prompts("none") {
        return login.refuse("interaction_required", None);
    }
    if login.tab.waiting.as_deref() != Some(action.alias.as_str()) {
        login.change_id()?;
        login.tab.code = None;
        login.tab.waiting = Some(action.alias.clone());
    }
    let address = login.address("required-action", &[("execution", &action.alias)]);
    login.redirect(&address)
}

/// Whether the session that the browser had was enough.
fn remembered(flow: &Flow, login: &Login<'_>) -> bool {
    login.tab.outcomes.iter().any(|(id, outcome)| {
        *outcome == Outcome::Success && flow.step(id).is_some_and(|step| step.provider() == "auth-cookie")
    })
}

fn denied(mut login: Box<Login<'_>>) -> Result<Response> {
    login.forget()?;
    let how = (StatusCode::UNAUTHORIZED, Caching::NoStore);
    show::refusal(login.cx, &login.realm, how, ("accessDenied", &[]), None)
}
