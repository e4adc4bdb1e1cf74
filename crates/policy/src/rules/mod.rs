//! What each type of policy looks at. One file a type; none looks at the resource that is asked for.

mod client;
mod client_scope;
mod group;
mod regex;
mod role;
mod time;
mod user;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::{config::Config, context::CLIENT_ID, context::Context, error::Result, identity::Identity};

/// What a policy demands, read from its configuration.
#[derive(Debug)]
pub(crate) enum Rule {
    Role(role::RoleRule),
    User(user::UserRule),
    Group(group::GroupRule),
    Client(client::ClientRule),
    ClientScope(client_scope::ClientScopeRule),
    Time(time::TimeRule),
    Regex(regex::RegexRule),
    /// The decision of other policies, which the evaluator asks: their numbers, each once.
    Aggregate(Vec<u32>),
    /// Nothing here can decide it, and why.
    Undecidable(String),
}

/// Who asks, and under which circumstances.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) identity: &'a Identity,
    pub(crate) context: &'a Context,
    /// Claims pushed with the request, which go before the context's attributes.
    pub(crate) claims: &'a BTreeMap<String, Vec<String>>,
}

impl<'a> Subject<'a> {
    /// The values of an attribute of the context.
    pub(crate) fn attribute(&self, name: &str) -> Vec<Cow<'a, str>> {
        let given = self.claims.get(name).map(Vec::as_slice).or_else(|| self.context.values(name));
        match given {
            Some(values) => values.iter().map(|value| Cow::from(value.as_str())).collect(),
            None if name == CLIENT_ID => self.identity.client.as_deref().map(Cow::from).into_iter().collect(),
            None => self.context.clock_attribute(name).into_iter().collect(),
        }
    }
}

impl Rule {
    /// Reads the rule of a type. Aggregates are read by the model, which knows the other policies.
    pub(crate) fn read(kind: &str, config: Config<'_>) -> Result<Self> {
        Ok(match kind {
            "role" => Self::Role(role::RoleRule::read(config)?),
            "user" => Self::User(user::UserRule::read(config)?),
            "group" => Self::Group(group::GroupRule::read(config)?),
            "client" => Self::Client(client::ClientRule::read(config)?),
            "client-scope" => Self::ClientScope(client_scope::ClientScopeRule::read(config)?),
            "time" => Self::Time(time::TimeRule::read(config)?),
            "regex" => regex::RegexRule::read(config)?,
            "js" => Self::Undecidable("policies in JavaScript are not evaluated".to_owned()),
            other => Self::Undecidable(format!("policies of type \"{other}\" are not known")),
        })
    }

    /// Whether the subject fulfils it; `None` when that cannot be said. Aggregates are not decided here.
    pub(crate) fn holds(&self, subject: Subject<'_>) -> Option<bool> {
        match self {
            Self::Role(rule) => Some(rule.holds(subject.identity)),
            Self::User(rule) => Some(rule.holds(subject.identity)),
            Self::Group(rule) => Some(rule.holds(subject.identity)),
            Self::Client(rule) => Some(rule.holds(subject)),
            Self::ClientScope(rule) => Some(rule.holds(subject.identity)),
            Self::Time(rule) => rule.holds(subject),
            Self::Regex(rule) => Some(rule.holds(subject)),
            Self::Aggregate(_) | Self::Undecidable(_) => None,
        }
    }
}

/// An entry of `roles` and of `clientScopes`.
#[derive(serde::Deserialize)]
struct Named {
    id: String,
    #[serde(default)]
    required: Option<bool>,
}
