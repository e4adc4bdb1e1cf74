//! What went wrong, in words that name the fix, and the exit code that scripts look at.

use std::fmt;

use crate::hints;

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why a command ends without success.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line, or a file it names, is wrong.
    Usage(String),
    /// There are no credentials, or they are refused.
    NotLoggedIn(String),
    /// What a name stands for does not exist.
    Absent(String),
    /// A call failed.
    Call { request: String, source: cloakroom::Error },
    /// What was looked at is not as it should be; what is wrong has been printed.
    Unhealthy(String),
    /// A file of ours, or the terminal.
    Io(String),
}

impl Failure {
    /// A token request that failed.
    pub(crate) fn login(source: cloakroom::Error) -> Self {
        if source.is_network() {
            return source.into();
        }
        Failure::NotLoggedIn(format!("{source}{}", hints::login(&source)))
    }

    /// 1 refused, 2 usage, 3 not found, 4 not logged in, 5 no answer.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Usage(_) => 2,
            Failure::NotLoggedIn(_) => 4,
            Failure::Absent(_) => 3,
            Failure::Call { source, .. } if source.is_network() => 5,
            Failure::Call { source, .. } if source.is_login() || source.is_unauthorized() => 4,
            Failure::Call { source, .. } if source.is_not_found() => 3,
            Failure::Call { source: cloakroom::Error::Config(_) | cloakroom::Error::Call { .. }, .. } => 2,
            Failure::Call { .. } | Failure::Unhealthy(_) | Failure::Io(_) => 1,
        }
    }

    /// Names the request that failed.
    pub(crate) fn of(self, request: impl Into<String>) -> Self {
        match self {
            Failure::Call { source, .. } => Failure::Call { request: request.into(), source },
            other => other,
        }
    }
}

impl From<cloakroom::Error> for Failure {
    fn from(source: cloakroom::Error) -> Self {
        Failure::Call { request: String::new(), source }
    }
}

impl From<std::io::Error> for Failure {
    fn from(e: std::io::Error) -> Self {
        Failure::Io(e.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(text)
            | Failure::NotLoggedIn(text)
            | Failure::Absent(text)
            | Failure::Unhealthy(text)
            | Failure::Io(text) => f.write_str(text),
            Failure::Call { request, source } => {
                if let Some(words) = hints::certificate(source, "--ca-file") {
                    return f.write_str(&words);
                }
                write!(f, "{source}")?;
                let refused =
                    [source.is_forbidden(), source.is_unauthorized(), source.is_not_found(), source.is_bad_request()];
                if !request.is_empty() && !source.is_login() && (refused.contains(&true) || source.status() >= 300) {
                    write!(f, "\nThe request was {request}")?;
                }
                let tip = match source {
                    s if s.message() == "HTTP 404 Not Found" => "\nThe server has no such path.".to_owned(),
                    s if s.message() == "Realm not found." => "\n`cloakroom get realms` lists the realms.".to_owned(),
                    s if s.is_unauthorized() => "\nLog in anew: cloakroom login".to_owned(),
                    s if s.is_forbidden() => hints::role(request),
                    s if s.is_bad_request() => hints::field(s.message()),
                    s if s.is_network() => hints::network(&s.to_string()),
                    s if s.is_login() => hints::login(s).to_owned(),
                    _ => String::new(),
                };
                f.write_str(&tip)
            }
        }
    }
}
