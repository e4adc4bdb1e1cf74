//! Which step of an authentication flow comes next: decided from what happened so far, without asking anyone.
//!
//! The rules are Keycloak's. In a flow every REQUIRED execution has to succeed, in order; ALTERNATIVE ones count only
//! where there is nothing required, and the first that succeeds is enough. A CONDITIONAL subflow is required when all
//! conditions in it hold, and does not exist otherwise.

use aws_lc_rs::digest::{SHA256, digest};
use cloakroom_api::admin::flows::{AuthenticationExecutionExport, AuthenticationFlow};

/// A flow with its subflows, as a realm has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flow {
    pub(crate) alias: String,
    pub(crate) executions: Vec<Execution>,
}

/// One line of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Execution {
    /// Unique within the flow and all its subflows.
    pub(crate) id: String,
    pub(crate) requirement: Requirement,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An authenticator or a condition, by its provider id, with the alias of its configuration.
    Step {
        provider: String,
        config: Option<String>,
    },
    Flow(Flow),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Requirement {
    Required,
    Alternative,
    Conditional,
    Disabled,
}

/// What a step came to. A step that waits for the person, or that went wrong and is shown again, has no outcome yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome {
    /// It authenticated, or the condition holds.
    Success,
    /// It had nothing to go by (no cookie, nothing set up), or the condition does not hold.
    Attempted,
    /// It is required and the person has yet to set it up: login goes on, a required action follows.
    Setup,
}

/// What happened so far: execution ids with their outcomes.
pub(crate) type Outcomes = [(String, Outcome)];

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next<'f> {
    /// This step is to be asked.
    Run(&'f Execution),
    /// The person is authenticated.
    Done,
    /// No way through is left.
    Failed,
}

/// The next step of `flow`.
pub(crate) fn next<'f>(flow: &'f Flow, outcomes: &Outcomes) -> Next<'f> {
    let enabled = || flow.executions.iter().filter(|e| e.requirement != Requirement::Disabled && !e.is_condition());
    let mut required = enabled().filter(|e| e.requirement != Requirement::Alternative).peekable();
    if required.peek().is_none() {
        return first_alternative(enabled(), outcomes);
    }
    let mut anything = false;
    for execution in required {
        match applies(execution, outcomes) {
            Ok(true) => {}
            Ok(false) => continue,
            Err(condition) => return Next::Run(condition),
        }
        anything = true;
        match progress(execution, outcomes) {
            Next::Done => {}
            unfinished => return unfinished,
        }
    }
    if anything { Next::Done } else { Next::Failed }
}

/// The first alternative that succeeded, or else the first that is still open.
fn first_alternative<'f>(alternatives: impl Iterator<Item = &'f Execution> + Clone, outcomes: &Outcomes) -> Next<'f> {
    let mut open = None;
    for execution in alternatives {
        match progress(execution, outcomes) {
            Next::Done => return Next::Done,
            Next::Run(step) => open = open.or(Some(step)),
            Next::Failed => {}
        }
    }
    open.map_or(Next::Failed, Next::Run)
}

fn progress<'f>(execution: &'f Execution, outcomes: &Outcomes) -> Next<'f> {
    match (&execution.kind, execution.outcome(outcomes)) {
        (Kind::Flow(flow), _) => next(flow, outcomes),
        (Kind::Step { .. }, None) => Next::Run(execution),
        (Kind::Step { .. }, Some(Outcome::Success | Outcome::Setup)) => Next::Done,
        (Kind::Step { .. }, Some(Outcome::Attempted)) => Next::Failed,
    }
}

/// Whether a required or conditional execution exists at all; Err is a condition that has to be asked first.
fn applies<'f>(execution: &'f Execution, outcomes: &Outcomes) -> Result<bool, &'f Execution> {
    let (Requirement::Conditional, Kind::Flow(flow)) = (execution.requirement, &execution.kind) else {
        return Ok(true);
    };
    let mut asked = false;
    for condition in flow.executions.iter().filter(|e| e.is_condition() && e.requirement != Requirement::Disabled) {
        asked = true;
        match condition.outcome(outcomes) {
            None => return Err(condition),
            Some(Outcome::Success) => {}
            Some(Outcome::Attempted | Outcome::Setup) => return Ok(false),
        }
    }
    Ok(asked) // a conditional flow without conditions is off
}

/// The deepest nesting of subflows; a realm's representation could name a flow as its own part.
const DEEPEST: usize = 12;

impl Flow {
    /// The flow of this alias, with its subflows, from a realm's representation.
    pub(crate) fn of_realm(flows: &[AuthenticationFlow], alias: &str) -> Option<Self> {
        Self::build(flows, alias, 0)
    }

    fn build(flows: &[AuthenticationFlow], alias: &str, depth: usize) -> Option<Self> {
        let found = flows.iter().find(|f| f.alias.as_deref() == Some(alias)).filter(|_| depth < DEEPEST)?;
        let mut lines: Vec<_> = found.authentication_executions.iter().flatten().enumerate().collect();
        lines.sort_by_key(|(_, line)| line.priority.unwrap_or(0)); // stable: equal priorities keep their order
        let execution = |(at, line): (usize, &AuthenticationExecutionExport)| {
            let (name, kind) = match (&line.authenticator, &line.flow_alias) {
                (_, Some(subflow)) => (subflow, Kind::Flow(Self::build(flows, subflow, depth + 1)?)),
                (Some(provider), None) => {
                    let config = line.authenticator_config.clone();
                    (provider, Kind::Step { provider: provider.clone(), config })
                }
                (None, None) => return None,
            };
            let requirement = line.requirement.as_deref().unwrap_or_default().parse().unwrap_or(Requirement::Disabled);
            let flow = found.id.as_deref().unwrap_or(alias);
            Some(Execution { id: execution_id(&format!("{flow}/{name}/{at}")), requirement, kind })
        };
        Some(Flow { alias: alias.to_owned(), executions: lines.into_iter().filter_map(execution).collect() })
    }

    /// The flow that this step is a line of: what a condition decides about.
    pub(crate) fn around(&self, id: &str) -> Option<&Flow> {
        let here = self.executions.iter().any(|e| e.id == id);
        let mut subflows = self.executions.iter().filter_map(|e| match &e.kind {
            Kind::Flow(flow) => Some(flow),
            Kind::Step { .. } => None,
        });
        if here { Some(self) } else { subflows.find_map(|flow| flow.around(id)) }
    }

    /// The step with this id, wherever it stands.
    pub(crate) fn step(&self, id: &str) -> Option<&Execution> {
        self.executions.iter().find_map(|e| match &e.kind {
            Kind::Step { .. } => (e.id == id).then_some(e),
            Kind::Flow(flow) => flow.step(id),
        })
    }
}

/// The id of a line: exported flows do not name their lines' ids, so it is made of what stands there, the same each time.
fn execution_id(place: &str) -> String {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest(&SHA256, place.as_bytes()).as_ref()).for_each(|(to, from)| *to = *from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

impl Execution {
    /// The authenticator's provider id; empty for a subflow.
    pub(crate) fn provider(&self) -> &str {
        match &self.kind {
            Kind::Step { provider, .. } => provider,
            Kind::Flow(_) => "",
        }
    }

    /// Conditions only say whether their subflow counts; all of Keycloak's have this prefix.
    pub(crate) fn is_condition(&self) -> bool {
        self.provider().starts_with("conditional-")
    }

    fn outcome(&self, outcomes: &Outcomes) -> Option<Outcome> {
        outcomes.iter().rev().find(|(id, _)| *id == self.id).map(|(_, outcome)| *outcome)
    }
}

impl std::str::FromStr for Requirement {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "REQUIRED" => Ok(Requirement::Required),
            "ALTERNATIVE" => Ok(Requirement::Alternative),
            "CONDITIONAL" => Ok(Requirement::Conditional),
            "DISABLED" => Ok(Requirement::Disabled),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `name` is a step (its id and provider), `name: (…)` a subflow; `!` required, `|` alternative, `?` conditional,
    /// `-` disabled.
    fn flow(text: &str) -> Flow {
        let mut words = text.split_whitespace();
        Flow { alias: "test".into(), executions: executions(&mut words) }
    }

    fn executions<'t>(words: &mut impl Iterator<Item = &'t str>) -> Vec<Execution> {
        let mut found = Vec::new();
        while let Some(word) = words.next().filter(|w| *w != ")") {
            let requirement = match &word[..1] {
                "!" => Requirement::Required,
                "|" => Requirement::Alternative,
                "?" => Requirement::Conditional,
                _ => Requirement::Disabled,
            };
            let name = word[1..].to_owned();
            let kind = match name.strip_suffix(":(") {
                Some(alias) => Kind::Flow(Flow { alias: alias.into(), executions: executions(words) }),
                None => Kind::Step { provider: name.clone(), config: None },
            };
            found.push(Execution { id: name, requirement, kind });
        }
        found
    }

    /// Outcomes: `+name` success, `-name` attempted, `~name` set-up.
    fn outcomes(text: &str) -> Vec<(String, Outcome)> {
        let outcome = |word: &str| match &word[..1] {
            "+" => Outcome::Success,
            "-" => Outcome::Attempted,
            _ => Outcome::Setup,
        };
        text.split_whitespace().map(|w| (w[1..].to_owned(), outcome(w))).collect()
    }

    fn check(text: &str, table: &[(&str, &str)]) {
        let flow = flow(text);
        for (happened, expected) in table {
            let next = match next(&flow, &outcomes(happened)) {
                Next::Run(execution) => execution.id.as_str(),
                Next::Done => "done",
                Next::Failed => "failed",
            };
            assert_eq!(next, *expected, "{text} after {happened:?}");
        }
    }

    #[test]
    fn required_steps_run_in_order() {
        check(
            "!name !password",
            &[
                ("", "name"),
                ("+name", "password"),
                ("+name +password", "done"),
                ("-name", "failed"),
                ("+name ~password", "done"),
            ],
        );
    }

    #[test]
    fn the_first_alternative_that_succeeds_is_enough() {
        check(
            "|cookie |form",
            &[
                ("", "cookie"),
                ("-cookie", "form"),
                ("+cookie", "done"),
                ("-cookie +form", "done"),
                ("-cookie -form", "failed"),
                ("+form", "done"),
            ],
        );
    }

    #[test]
    fn alternatives_do_not_count_beside_required_ones() {
        check("|cookie !form", &[("", "form"), ("+form", "done"), ("-form", "failed")]);
    }

    #[test]
    fn disabled_executions_do_not_exist() {
        check("-spnego !form", &[("", "form"), ("+form", "done")]);
        check("-spnego -other:( !x )", &[("", "failed")]);
        check("", &[("", "failed")]);
    }

    #[test]
    fn a_conditional_flow_counts_when_all_its_conditions_hold() {
        let two_factor = "!form ?second:( !conditional-user !conditional-credential |otp |key )";
        check(
            two_factor,
            &[
                ("", "form"),
                ("+form", "conditional-user"),
                ("+form +conditional-user", "conditional-credential"),
                ("+form -conditional-user", "done"),
                ("+form +conditional-user -conditional-credential", "done"),
                ("+form +conditional-user +conditional-credential", "otp"),
                ("+form +conditional-user +conditional-credential +otp", "done"),
                ("+form +conditional-user +conditional-credential -otp", "key"),
                ("+form +conditional-user +conditional-credential -otp -key", "failed"),
            ],
        );
    }

    #[test]
    fn a_conditional_flow_without_conditions_is_off() {
        check("!form ?second:( !otp )", &[("+form", "done")]);
        check("!form ?second:( -conditional-user !otp )", &[("+form", "done")]);
    }

    #[test]
    fn a_flow_of_conditionals_that_are_all_off_gives_no_one_access() {
        check(
            "?one:( !conditional-x !otp )",
            &[("", "conditional-x"), ("-conditional-x", "failed"), ("+conditional-x", "otp")],
        );
        check("|org:( ?one:( !conditional-x !otp ) ) |form", &[("-conditional-x", "form")]);
    }

    #[test]
    fn the_default_browser_flow() {
        let browser = "|auth-cookie -auth-spnego |identity-provider-redirector \
            |Organization:( ?Conditional-Organization:( !conditional-user-configured-1 |organization ) ) \
            |forms:( !auth-username-password-form ?2FA:( !conditional-user-configured !conditional-credential |auth-otp-form -webauthn-authenticator ) )";
        let no_cookie = "-auth-cookie -identity-provider-redirector -conditional-user-configured-1";
        check(
            browser,
            &[
                ("", "auth-cookie"),
                ("+auth-cookie", "done"),
                ("-auth-cookie", "identity-provider-redirector"),
                ("-auth-cookie -identity-provider-redirector", "conditional-user-configured-1"),
                (no_cookie, "auth-username-password-form"),
            ],
        );
        let after = |more: &str| format!("{no_cookie} +auth-username-password-form {more}");
        check(
            browser,
            &[
                (&after(""), "conditional-user-configured"),
                (&after("-conditional-user-configured"), "done"),
                (&after("+conditional-user-configured +conditional-credential"), "auth-otp-form"),
            ],
        );
    }

    #[test]
    fn levels_of_authentication_follow_each_other() {
        let levels = "|auth-cookie |forms:( ?one:( !conditional-loa-1 !password ) ?two:( !conditional-loa-2 !otp ) )";
        check(
            levels,
            &[
                ("-auth-cookie", "conditional-loa-1"),
                ("-auth-cookie +conditional-loa-1 +password", "conditional-loa-2"),
                ("-auth-cookie +conditional-loa-1 +password -conditional-loa-2", "done"),
                ("-auth-cookie -conditional-loa-1 +conditional-loa-2", "otp"),
            ],
        );
    }

    #[test]
    fn a_later_outcome_replaces_an_earlier_one() {
        check("|cookie |form", &[("-cookie +cookie", "done")]);
    }

    #[test]
    fn a_flow_is_built_from_the_realms_representation() {
        let line =
            |name: Option<&str>, flow: Option<&str>, requirement: &str, priority| AuthenticationExecutionExport {
                authenticator: name.map(str::to_owned),
                flow_alias: flow.map(str::to_owned),
                requirement: Some(requirement.to_owned()),
                priority: Some(priority),
                ..AuthenticationExecutionExport::default()
            };
        let named = |alias: &str, lines: Vec<AuthenticationExecutionExport>| AuthenticationFlow {
            alias: Some(alias.to_owned()),
            authentication_executions: Some(lines),
            ..AuthenticationFlow::default()
        };
        let flows = [
            named(
                "top",
                vec![
                    line(None, Some("sub"), "ALTERNATIVE", 20),
                    line(Some("cookie"), None, "ALTERNATIVE", 10),
                    line(None, Some("missing"), "REQUIRED", 5),
                ],
            ),
            named("sub", vec![line(Some("form"), None, "REQUIRED", 1), line(Some("odd"), None, "PERHAPS", 2)]),
            named("round", vec![line(None, Some("round"), "REQUIRED", 1)]),
        ];
        let flow = Flow::of_realm(&flows, "top").unwrap();
        let ids: Vec<_> = flow.executions.iter().map(|e| e.id.as_str()).collect();
        assert_eq!(ids, ["top/cookie/1", "top/sub/0"].map(execution_id));
        assert_eq!(flow.around(&execution_id("sub/form/0")).map(|f| f.alias.as_str()), Some("sub"));
        assert_eq!(flow.step(&execution_id("sub/odd/1")).map(|e| e.requirement), Some(Requirement::Disabled));
        assert!(Flow::of_realm(&flows, "round").is_some(), "a flow within itself ends somewhere");
        assert_eq!(Flow::of_realm(&flows, "none"), None);
    }

    #[test]
    fn steps_are_found_in_subflows() {
        let flow = flow("|cookie |forms:( !form -off )");
        assert_eq!(flow.step("form").map(|e| e.requirement), Some(Requirement::Required));
        assert_eq!(flow.step("forms"), None);
    }
}
