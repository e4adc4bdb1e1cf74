//! What a check is, and what it finds.

use std::fmt;

use clap::ValueEnum;
use serde_json::{Value, json};

use crate::doctor::facts::Facts;

/// How much harm may come of it.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// Better practice
    Low,
    /// Makes an attack easier, or its traces hard to find
    Medium,
    /// An attack needs little more
    High,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
        })
    }
}

/// One thing to look for.
pub(crate) struct Check {
    /// Stable: for `--ignore`, and for programs.
    pub(crate) code: &'static str,
    pub(crate) severity: Severity,
    /// Why it matters.
    pub(crate) why: &'static str,
    /// Who says so; empty for common sense.
    pub(crate) source: &'static str,
    pub(crate) look: fn(&Facts) -> Vec<Found>,
}

/// What a check found, at one object.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// `realm`, `client app`, `identity provider github`.
    pub(crate) object: String,
    /// What is so.
    pub(crate) what: String,
    /// What to do: a command, or words.
    pub(crate) fix: String,
}

/// What a check found, with what the check knows.
pub(crate) struct Finding {
    pub(crate) realm: String,
    pub(crate) check: &'static Check,
    pub(crate) found: Found,
}

impl Finding {
    pub(crate) fn json(&self) -> Value {
        json!({
            "realm": self.realm, "severity": self.check.severity.to_string(), "code": self.check.code,
            "object": self.found.object, "found": self.found.what, "why": self.check.why, "source": self.check.source,
            "fix": self.found.fix,
        })
    }
}
