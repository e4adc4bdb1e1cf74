//! Why a command of kcadm's ends early: what it says, where, and its exit code.

use crate::failure::Failure;
use crate::hints;

#[derive(Debug)]
pub(crate) enum Stop {
    /// The command line is wrong: 2, and where to read on.
    Usage(String),
    /// It did not work: 1.
    Failed(String),
    /// Nothing was asked for: help, and 2.
    Help,
}

pub(crate) fn usage(text: impl Into<String>) -> Stop {
    Stop::Usage(text.into())
}

pub(crate) fn failed(text: impl Into<String>) -> Stop {
    Stop::Failed(text.into())
}

impl Stop {
    #[cfg(test)]
    pub(crate) fn text(&self) -> &str {
        match self {
            Stop::Usage(text) | Stop::Failed(text) => text,
            Stop::Help => "",
        }
    }
}

/// The words of kcadm's for what the verbs that both command lines share have to say.
impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Usage(text) if text.starts_with("Incompatible options") || text.starts_with("No ") => usage(text),
            Failure::Usage(text) if text.starts_with("Option ") => usage(text),
            Failure::NotLoggedIn(text) if text.contains("is over") => {
                failed("Session has expired. Login again with 'kcadm.sh config credentials'")
            }
            Failure::Call { request, source } => failed(call(&request, &source)),
            other => failed(other.to_string()),
        }
    }
}

/// No answer came, in words that name kcadm's own options.
fn network(source: &cloakroom::Error) -> String {
    hints::certificate(source, "'kcadm.sh config truststore'").unwrap_or_else(|| source.to_string())
}

fn call(request: &str, source: &cloakroom::Error) -> String {
    if source.is_network() {
        return format!("HTTP request error: {}", network(source));
    }
    let url = request.split_once(' ').map_or(request, |(_, url)| url);
    if source.is_not_found() && !url.ends_with("/reset-password") {
        return format!("Resource not found for url: {url}");
    }
    let Some(answer) = source.answer() else { return source.to_string() };
    let error = &answer.error;
    match (&error.message, &error.error, &error.error_description) {
        (Some(message), ..) => message.clone(),
        (None, Some(code), Some(text)) => format!("{text} [{code}]"),
        (None, Some(code), None) => code.clone(),
        _ => source.to_string(),
    }
}

/// The same for the token endpoint.
pub(crate) fn login(source: &cloakroom::Error) -> Stop {
    if source.is_network() {
        return failed(format!("Failed to send request - {}", network(source)));
    }
    let Some(answer) = source.answer() else { return failed(source.to_string()) };
    let text = answer.error.error_description.as_deref().unwrap_or("null");
    match &answer.error.error {
        Some(code) => failed(format!("{text} [{code}]")),
        None => failed(source.to_string()),
    }
}
