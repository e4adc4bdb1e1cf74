//! How a request is refused.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};

use crate::uma::Challenge;

/// Why a request does not go through.
#[derive(Debug)]
pub(super) enum Refusal {
    /// No token: 401.
    Anonymous { realm: String },
    /// A token that is not good: 401.
    InvalidToken { realm: String },
    /// Here is a ticket; come back with what the authorization server gives for it: 401.
    Ticket(Challenge),
    /// A path that can be read in two ways: 400.
    Ambiguous,
    /// A body from which a claim should be taken, but longer than is read: 413.
    TooLong,
    /// 403.
    Forbidden,
    /// 302 to where people are told that they may not.
    Redirect(String),
    /// Nobody can say now: 503.
    Unavailable,
}

impl Refusal {
    pub(super) fn anonymous(realm: &str) -> Self {
        Self::Anonymous { realm: realm.to_owned() }
    }

    pub(super) fn invalid_token(realm: &str) -> Self {
        Self::InvalidToken { realm: realm.to_owned() }
    }

    pub(super) fn into_response<B: From<Bytes>>(self) -> Response<B> {
        let (status, error) = match &self {
            Self::Anonymous { .. } => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Self::InvalidToken { .. } => (StatusCode::UNAUTHORIZED, "invalid_token"),
            Self::Ticket(_) => (StatusCode::UNAUTHORIZED, "request_permission"),
            Self::Ambiguous => (StatusCode::BAD_REQUEST, "invalid_request"),
            Self::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, "invalid_request"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "access_denied"),
            Self::Redirect(_) => (StatusCode::FOUND, "access_denied"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
        };
        let body = Bytes::from(format!(r#"{{"error":"{error}"}}"#));
        let mut response = Response::new(B::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let (name, value) = match self {
            Self::Anonymous { realm } => (WWW_AUTHENTICATE, format!("Bearer realm=\"{}\"", quoted(&realm))),
            Self::InvalidToken { realm } => {
                (WWW_AUTHENTICATE, format!("Bearer realm=\"{}\", error=\"invalid_token\"", quoted(&realm)))
            }
            Self::Ticket(challenge) => (WWW_AUTHENTICATE, challenge.to_header()),
            Self::Redirect(to) => (LOCATION, to),
            Self::Unavailable => (RETRY_AFTER, "5".to_owned()),
            Self::Ambiguous | Self::TooLong | Self::Forbidden => return response,
        };
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
        response
    }
}

/// Text inside a quoted string (RFC 9110, 5.6.4).
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
