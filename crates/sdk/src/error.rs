//! Why a call failed, in words that say what to do about it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cloakroom_api::endpoint::CallError;
use cloakroom_api::error::ErrorBody;
use http::{Response, StatusCode, header};

/// What every call of this library gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed. Every variant of a call names its operation; none carries a secret.
///
/// ```
/// use cloakroom::{Client, Result, api::admin::users::User};
///
/// async fn rename(kc: &Client, id: &str, username: &str) -> Result<bool> {
///     let user = User { username: Some(username.to_owned()), ..User::default() };
///     match kc.realm("acme").users().update(id, &user).await {
///         Err(e) if e.is_conflict() => Ok(false), // the name is taken
///         done => done.map(|()| true),
///     }
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server answered, and refused.
    #[error("{operation}: {status}{}", explain(*status, answer))]
    Status {
        /// `Group::function` of the table of operations.
        operation: &'static str,
        /// The status of the answer.
        status: StatusCode,
        /// What the server said.
        answer: Box<Answer>,
    },
    /// No answer arrived.
    #[error("{operation}: {origin} {kind}: {}", innermost(source.as_ref()))]
    Network {
        /// `Group::function` of the table of operations.
        operation: &'static str,
        /// Scheme, host and port that were tried.
        origin: Box<str>,
        /// Where it broke.
        kind: NetworkKind,
        /// What the network layer said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An answer arrived that is not what the operation gives.
    #[error("{operation}: {}", unreadable(answer, source))]
    Decode {
        /// `Group::function` of the table of operations.
        operation: &'static str,
        /// What arrived.
        answer: Box<Answer>,
        /// Where the JSON is wrong.
        source: serde_json::Error,
    },
    /// A call that cannot be sent.
    #[error("{operation}: {source}")]
    Call {
        /// `Group::function` of the table of operations.
        operation: &'static str,
        /// Why not.
        source: CallError,
    },
    /// No access token could be had, so the call was not sent. Calls that waited for the same login share the cause.
    #[error("cannot log in to realm \"{realm}\" as client \"{client}\": {source}")]
    Login {
        /// The realm of the login, not of the call.
        realm: Box<str>,
        /// The client of the login.
        client: Box<str>,
        /// Why not.
        source: Arc<Error>,
    },
    /// A token source gave up: a callback's own error, or a refresh token that is used up.
    #[error("{0}")]
    TokenSource(Box<dyn std::error::Error + Send + Sync>),
    /// A token that [`jwt`](crate::jwt) does not accept.
    #[error("{0}")]
    Token(#[from] crate::jwt::TokenError),
    /// A browser came back without having logged in, or is not the one that was sent off.
    #[error("{0}")]
    Authorization(#[from] crate::oidc::AuthorizationError),
    /// What was to be written could not be: an export, to a disk that is full.
    #[error("cannot write: {0}")]
    Write(std::io::Error),
    /// A setting that cannot work.
    #[error("{0}")]
    Config(String),
}

/// How far a call without an answer got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkKind {
    /// No connection: nothing was sent.
    Connect,
    /// The certificate of the server, or our own, was refused: nothing was sent.
    Certificate,
    /// No whole answer within the time limit.
    Timeout,
    /// The connection broke; the server may have done the work.
    Broken,
    /// The answer is longer than the client's limit.
    TooLong,
}

impl fmt::Display for NetworkKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NetworkKind::Connect => "cannot be reached (is the server running, and the URL right?)",
            NetworkKind::Certificate => "has a certificate that is not trusted (give its CA with `ca_pem`)",
            NetworkKind::Timeout => "did not answer in time (`timeout` sets the limit)",
            NetworkKind::Broken => "broke the connection",
            NetworkKind::TooLong => "sent more than expected (`max_answer` sets the limit)",
        })
    }
}

/// What arrived in place of what was asked for.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Answer {
    /// The server's error, from the body or from `WWW-Authenticate`.
    pub error: ErrorBody,
    /// The `Content-Type`, empty where there is none.
    pub media_type: String,
    /// The body as text, cut at [`Answer::MAX_TEXT`] bytes.
    pub text: String,
    /// When to try again, where the server says so in seconds.
    pub retry_after: Option<Duration>,
}

impl Answer {
    /// How much of a body is kept.
    pub const MAX_TEXT: usize = 8 * 1024;

    /// Reads an answer of [`Client::request`](crate::Client::request) that is a refusal.
    pub fn of(response: &Response<Bytes>) -> Self {
        let text = |name| response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let mut error: ErrorBody = serde_json::from_slice(response.body()).unwrap_or_default();
        if error.text().is_none() {
            let challenge = text(header::WWW_AUTHENTICATE);
            error.error = auth_param(challenge, "error");
            error.error_description = auth_param(challenge, "error_description");
        }
        let kept = &response.body()[..response.body().len().min(Self::MAX_TEXT)];
        Answer {
            error,
            media_type: text(header::CONTENT_TYPE).to_owned(),
            text: String::from_utf8_lossy(kept).into_owned(),
            retry_after: text(header::RETRY_AFTER).trim().parse().ok().map(Duration::from_secs),
        }
    }

    fn is_html(&self) -> bool {
        self.media_type.trim_start().to_ascii_lowercase().starts_with("text/html")
    }
}

/// A parameter of a challenge such as `Bearer realm="x", error="invalid_token"` (RFC 9110, 11.6.1).
pub(crate) fn auth_param(challenge: &str, name: &str) -> Option<String> {
    let at = challenge.match_indices(name).find(|(i, _)| {
        let before = challenge[..*i].chars().next_back();
        challenge[i + name.len()..].starts_with("=\"") && before.is_none_or(|c| c == ' ' || c == ',')
    })?;
    let value = &challenge[at.0 + name.len() + 2..];
    value.split_once('"').map(|(value, _)| value.to_owned())
}

const HTML: &str = "HTML instead of JSON: is the URL right? It is the part before /realms, as in https://id.example.com or https://id.example.com/auth";

fn explain(status: StatusCode, answer: &Answer) -> String {
    if let Some(text) = answer.error.text() {
        let code = answer.error.error.as_deref().filter(|code| *code != text);
        return match code {
            Some(code) => format!(": {text} ({code})"),
            None => format!(": {text}"),
        };
    }
    if answer.is_html() {
        return format!(": {HTML}");
    }
    match status {
        StatusCode::UNAUTHORIZED => ": the access token was refused".to_owned(),
        StatusCode::FORBIDDEN => ": the account that logged in lacks the role for this".to_owned(),
        s if s.is_redirection() => ": a redirect, which is not followed: is the URL the server's own?".to_owned(),
        _ => String::new(),
    }
}

fn unreadable(answer: &Answer, source: &serde_json::Error) -> String {
    if answer.is_html() {
        return HTML.to_owned();
    }
    if answer.text.is_empty() {
        return "an empty answer instead of JSON".to_owned();
    }
    format!("an answer that cannot be read ({}): {source}", answer.media_type)
}

/// The last cause tells most ("connection refused"); those before repeat each other.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    last.to_string()
}

impl Error {
    /// The status of the call's answer; 0 where none arrived, and for a login that failed.
    pub fn status(&self) -> u16 {
        match self {
            Error::Status { status, .. } => status.as_u16(),
            _ => 0,
        }
    }

    /// The server's words, whichever field they came in; empty where there are none.
    pub fn message(&self) -> &str {
        self.answer().and_then(|a| a.error.text()).unwrap_or_default()
    }

    /// OAuth 2.0's error code, such as `invalid_grant`; also that of a login that failed.
    pub fn code(&self) -> Option<&str> {
        match self {
            Error::Login { source, .. } => source.code(),
            Error::Authorization(crate::oidc::AuthorizationError::Refused { error, .. }) => Some(error),
            _ => self.answer()?.error.error.as_deref(),
        }
    }

    /// What the server said, where it said something.
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Error::Status { answer, .. } | Error::Decode { answer, .. } => Some(answer),
            _ => None,
        }
    }

    /// 404: what the call names does not exist. False for a login to a realm that does not exist.
    pub fn is_not_found(&self) -> bool {
        self.status() == 404
    }

    /// 409: the name or id is taken.
    pub fn is_conflict(&self) -> bool {
        self.status() == 409
    }

    /// 403: the account lacks the role.
    pub fn is_forbidden(&self) -> bool {
        self.status() == 403
    }

    /// 401: the token was refused, even a new one.
    pub fn is_unauthorized(&self) -> bool {
        self.status() == 401
    }

    /// 400: the server does not accept what was sent.
    pub fn is_bad_request(&self) -> bool {
        self.status() == 400
    }

    /// The call was not sent for want of an access token.
    pub fn is_login(&self) -> bool {
        matches!(self, Error::Login { .. })
    }

    /// No answer arrived; for a login, the same of the login.
    pub fn is_network(&self) -> bool {
        match self {
            Error::Network { .. } => true,
            Error::Login { source, .. } => source.is_network(),
            _ => false,
        }
    }

    /// A token was refused for what it is, rather than because its keys could not be fetched.
    pub fn is_invalid_token(&self) -> bool {
        matches!(self, Error::Token(_))
    }
}

/// Turns "not found" into `None`, for every call.
///
/// ```
/// use cloakroom::{Client, OrNone, Result, api::admin::users::User};
///
/// async fn find(kc: &Client, id: &str) -> Result<Option<User>> {
///     kc.realm("acme").users().get(id, &Default::default()).await.or_none()
/// }
/// ```
pub trait OrNone<T> {
    /// `Ok(None)` for a 404; every other error stays one.
    fn or_none(self) -> Result<Option<T>>;
}

impl<T> OrNone<T> for Result<T> {
    fn or_none(self) -> Result<Option<T>> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(e) if e.is_not_found() => Ok(None),
            Err(e) => Err(e),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, kind: &str, body: &'static str) -> Error {
        let response =
            Response::builder().header("content-type", kind).body(Bytes::from_static(body.as_bytes())).unwrap();
        let status = StatusCode::from_u16(status).unwrap();
        Error::Status { operation: "Users::get", status, answer: Box::new(Answer::of(&response)) }
    }

    #[test]
    fn the_servers_words_are_repeated() {
        let e = refused(409, "application/json", r#"{"errorMessage":"User exists with same username"}"#);
        assert_eq!(e.to_string(), "Users::get: 409 Conflict: User exists with same username");
        assert_eq!((e.status(), e.message()), (409, "User exists with same username"));
        assert!(e.is_conflict());
        let e = refused(400, "application/json", r#"{"error":"invalid_grant","error_description":"Code not valid"}"#);
        assert_eq!(e.to_string(), "Users::get: 400 Bad Request: Code not valid (invalid_grant)");
        assert_eq!(e.code(), Some("invalid_grant"));
    }

    #[test]
    fn html_points_to_the_url() {
        let e = refused(404, "text/html;charset=UTF-8", "<html></html>").to_string();
        assert!(e.contains("HTML instead of JSON: is the URL right?"), "{e}");
    }

    #[test]
    fn an_error_may_stand_in_the_challenge() {
        let challenge = r#"Bearer realm="x", error="invalid_token", error_description="Token expired""#;
        assert_eq!(auth_param(challenge, "error").as_deref(), Some("invalid_token"));
        assert_eq!(auth_param(challenge, "error_description").as_deref(), Some("Token expired"));
        assert_eq!(auth_param(r#"Bearer realm="error""#, "error"), None);
    }

    #[test]
    fn a_long_body_is_cut() {
        let response = Response::new(Bytes::from(vec![b'x'; 100_000]));
        assert_eq!(Answer::of(&response).text.len(), Answer::MAX_TEXT);
    }

    #[test]
    fn a_login_to_an_unknown_realm_is_not_a_missing_user() {
        let source = Arc::new(refused(404, "application/json", r#"{"error":"Realm does not exist"}"#));
        let e = Error::Login { realm: "x".into(), client: "admin-cli".into(), source };
        assert!(!e.is_not_found() && e.is_login());
        assert!(Err::<(), _>(e).or_none().is_err());
    }
}
