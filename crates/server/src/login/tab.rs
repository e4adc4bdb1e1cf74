//! A login in progress: what one tab of a browser has got to. Kept as a row, so that any node can go on with it.

use std::collections::BTreeMap;

use cloakroom_api::fields::Secret;
use serde::{Deserialize, Serialize};

use super::{flow::Outcome, request::AuthorizationRequest};

/// The logins of one browser, by tab.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Browser {
    pub(crate) tabs: BTreeMap<String, Tab>,
}

/// The most tabs a browser may log in with at once; the oldest gives way.
const MOST_TABS: usize = 50;

/// One login.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Tab {
    /// The client's id (not `clientId`); None for a logout that waits to be confirmed.
    pub(crate) client: String,
    pub(crate) request: AuthorizationRequest,
    /// When it began, in milliseconds.
    pub(crate) started: i64,
    /// What the page that was shown last has to send back. Taken by the first answer that has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    /// The step or action that waits for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) waiting: Option<String>,
    /// What the steps of the flow came to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) outcomes: Vec<(String, Outcome)>,
    /// Who is logging in, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<String>,
    /// The name as it was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) typed: Option<String>,
    #[serde(default)]
    pub(crate) remember_me: bool,
    /// The session that the browser had when the login began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) session: Option<String>,
    /// How the person is authenticated so far.
    #[serde(default)]
    pub(crate) stage: Stage,
    /// Required actions that follow from this login, beside those of the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) due: Vec<String>,
    /// How the action ended that the application asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) asked: Option<Asked>,
    /// The secret of the device that is being set up: what the page shows is what is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) device_secret: Option<Secret>,
    /// Whether the person agreed, in this login, to what the application wants to know.
    #[serde(default)]
    pub(crate) consented: bool,
    /// The key of the message on the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) alert: Option<String>,
    /// The language that was chosen on a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) locale: Option<String>,
}

/// How an action ended that an application asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Asked {
    Success,
    Cancelled,
    /// There is no such action, or not for this person.
    Error,
}

impl Asked {
    /// The word of `kc_action_status`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Asked::Success => "success",
            Asked::Cancelled => "cancelled",
            Asked::Error => "error",
        }
    }
}

/// How far the person got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Stage {
    /// The flow is not through.
    #[default]
    Flow,
    /// Known by the session that the browser had.
    Remembered,
    /// Authenticated just now.
    Authenticated,
}

impl Tab {
    pub(crate) fn new(client: &str, request: AuthorizationRequest, now: i64) -> Self {
        Tab {
            client: client.to_owned(),
            request,
            started: now,
            code: None,
            waiting: None,
            outcomes: Vec::new(),
            user: None,
            typed: None,
            remember_me: false,
            session: None,
            stage: Stage::Flow,
            due: Vec::new(),
            asked: None,
            device_secret: None,
            consented: false,
            alert: None,
            locale: None,
        }
    }

    /// The login from its beginning, of the same request.
    pub(crate) fn again(&self, now: i64) -> Self {
        Tab { locale: self.locale.clone(), ..Tab::new(&self.client, self.request.clone(), now) }
    }

    /// Notes what a step came to.
    pub(crate) fn record(&mut self, execution: &str, outcome: Outcome) {
        self.outcomes.push((execution.to_owned(), outcome));
    }
}

impl Browser {
    /// Adds or replaces a tab.
    pub(crate) fn put(&mut self, id: &str, tab: Tab) {
        self.tabs.insert(id.to_owned(), tab);
        while self.tabs.len() > MOST_TABS {
            let oldest = self.tabs.iter().filter(|(other, _)| *other != id).min_by_key(|(_, tab)| tab.started);
            let Some(oldest) = oldest.map(|(id, _)| id.clone()) else { break };
            self.tabs.remove(&oldest);
        }
    }

    /// Drops the tabs that began before this time.
    pub(crate) fn forget_before(&mut self, started: i64) {
        self.tabs.retain(|_, tab| tab.started > started);
    }
}
