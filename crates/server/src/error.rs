//! Error answers: what the caller is told, and what only the log is told.

use axum::response::IntoResponse;
use cloakroom_api::{
    endpoint::ReadError,
    error::{ErrorBody, FieldError},
    lenient::BodyError,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

/// A handler's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error answer. Made by the functions of this module; `?` on a store's result makes a logged 500.
#[derive(Debug)]
pub struct Error {
    /// The status.
    pub status: StatusCode,
    /// What the caller reads.
    pub body: Body,
    /// Further headers.
    pub headers: HeaderMap,
    /// What was written before the refusal stays: see [`Cx::refuse`](crate::cx::Cx::refuse).
    pub keeps_writes: bool,
    /// Whether another attempt may succeed: the transaction lost against another one.
    pub retry: bool,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What an error answer carries.
#[derive(Debug)]
pub enum Body {
    /// Keycloak's JSON.
    Json(Box<ErrorBody>),
    /// Nothing, as `text/plain` or without a type.
    Empty(Option<&'static str>),
    /// A page.
    Html(String),
}

impl Error {
    fn new(status: StatusCode, body: Body) -> Self {
        Error { status, body, headers: HeaderMap::new(), keeps_writes: false, retry: false, cause: None }
    }
    fn json(status: StatusCode, body: ErrorBody) -> Self {
        Error::new(status, Body::Json(Box::new(body)))
    }
    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }
    pub(crate) fn keeping_writes(mut self) -> Self {
        self.keeps_writes = true;
        self
    }
    /// Adds what only the log shall say.
    #[must_use]
    pub fn because(mut self, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }
}

/// `{"error": words}`, as the Admin API says "HTTP 403 Forbidden" or "Realm not found.".
pub fn error(status: StatusCode, words: impl Into<String>) -> Error {
    Error::json(status, ErrorBody { error: Some(words.into()), ..ErrorBody::default() })
}

/// `{"errorMessage": words}`, the Admin API's other shape.
pub fn message(status: StatusCode, words: impl Into<String>) -> Error {
    Error::json(status, ErrorBody { message: Some(words.into()), ..ErrorBody::default() })
}

/// `{"error": code, "error_description": words}`, RFC 6749 section 5.2.
pub fn oauth(status: StatusCode, code: &str, description: impl Into<String>) -> Error {
    let body =
        ErrorBody { error: Some(code.to_owned()), error_description: Some(description.into()), ..ErrorBody::default() };
    Error::json(status, body)
}

/// 404 with `{"error": words}`.
pub fn not_found(words: impl Into<String>) -> Error {
    error(StatusCode::NOT_FOUND, words)
}

/// 400 with `{"errorMessage": words}`.
pub fn bad_request(words: impl Into<String>) -> Error {
    message(StatusCode::BAD_REQUEST, words)
}

/// 409 with `{"errorMessage": words}`.
pub fn conflict(words: impl Into<String>) -> Error {
    message(StatusCode::CONFLICT, words)
}

/// The 404 of a path that does not exist.
pub fn no_route() -> Error {
    not_found("HTTP 404 Not Found")
}

/// 401: no valid token.
pub fn unauthorized() -> Error {
    error(StatusCode::UNAUTHORIZED, "HTTP 401 Unauthorized")
}

/// 403: a valid token without the role.
pub fn forbidden() -> Error {
    error(StatusCode::FORBIDDEN, "HTTP 403 Forbidden")
}

/// 400 for one or more fields that a user profile refuses.
pub fn fields(mut wrong: Vec<FieldError>) -> Error {
    let body = if wrong.len() == 1 {
        let FieldError { field, message, params } = wrong.remove(0);
        ErrorBody { field: Some(field), message: Some(message), params, ..ErrorBody::default() }
    } else {
        ErrorBody { errors: wrong, ..ErrorBody::default() }
    };
    Error::json(StatusCode::BAD_REQUEST, body)
}

/// An answer without a body, `text/plain` where Keycloak says so.
pub fn empty(status: StatusCode, content_type: Option<&'static str>) -> Error {
    Error::new(status, Body::Empty(content_type))
}

/// A page.
pub fn page(status: StatusCode, html: String) -> Error {
    Error::new(status, Body::Html(html))
}

/// 500: something that no caller can bring about. `cause` is logged.
pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    let mut error =
        oauth(StatusCode::INTERNAL_SERVER_ERROR, "unknown_error", "For more on this error consult the server log.");
    error.cause = Some(cause.into());
    error
}

/// 503 with `Retry-After`: too much to do at once.
pub fn overloaded() -> Error {
    error(StatusCode::SERVICE_UNAVAILABLE, "HTTP 503 Service Unavailable").with_header(header::RETRY_AFTER, "1")
}

/// Another request got in first: this one is tried again, and sees what the other did.
pub fn outrun() -> Error {
    Error { retry: true, ..overloaded() }
}

impl From<cloakroom_store::Error> for Error {
    fn from(cause: cloakroom_store::Error) -> Self {
        match cause {
            // what is referred to was there when it was read: another attempt sees that it is gone
            cloakroom_store::Error::Retry(_) | cloakroom_store::Error::Reference(_) => {
                Error { retry: true, ..overloaded() }.because(cause)
            }
            cloakroom_store::Error::Busy(_) => overloaded().because(cause),
            // only what a caller sent has it, and nothing is called so
            cloakroom_store::Error::Nul => error(StatusCode::BAD_REQUEST, "HTTP 400 Bad Request"),
            cause => internal(cause),
        }
    }
}

impl From<cloakroom_jose::Error> for Error {
    fn from(cause: cloakroom_jose::Error) -> Self {
        internal(cause)
    }
}

/// The expected failures of a statement, in the caller's words.
pub trait Expected<T> {
    /// A taken unique key is this error; `Error` is made only then.
    fn or_conflict(self, error: impl FnOnce() -> Error) -> Result<T>;
}

impl<T> Expected<T> for cloakroom_store::Result<T> {
    fn or_conflict(self, error: impl FnOnce() -> Error) -> Result<T> {
        self.map_err(|e| if e.is_conflict() { error() } else { e.into() })
    }
}

/// How Keycloak answers what cannot be read. Realm creation has words of its own for bodies.
impl From<ReadError> for Error {
    fn from(wrong: ReadError) -> Self {
        let parse = |code| oauth(StatusCode::BAD_REQUEST, code, "Cannot parse the JSON");
        match wrong {
            ReadError::Path | ReadError::Query(_) => no_route(),
            ReadError::MediaType => {
                let words = "The content-type header value did not match the value in @Consumes";
                error(StatusCode::UNSUPPORTED_MEDIA_TYPE, words)
            }
            ReadError::Body(BodyError::Syntax) => parse("invalid_request"),
            ReadError::Body(BodyError::Type { .. }) => parse("unknown_error"),
            ReadError::Body(unknown @ BodyError::Unknown { .. }) => error(StatusCode::BAD_REQUEST, unknown.to_string()),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> axum::response::Response {
        if let Some(cause) = &self.cause {
            tracing::error!(status = self.status.as_u16(), cause = %Chain(cause.as_ref()), "request failed");
        }
        let mut response = match self.body {
            Body::Json(body) => {
                let text = serde_json::to_vec(&body).unwrap_or_default();
                ([(header::CONTENT_TYPE, "application/json")], text).into_response()
            }
            Body::Empty(None) => ().into_response(),
            Body::Empty(Some(kind)) => ([(header::CONTENT_TYPE, kind)], ()).into_response(),
            Body::Html(html) => ([(header::CONTENT_TYPE, "text/html;charset=utf-8")], html).into_response(),
        };
        *response.status_mut() = self.status;
        response.headers_mut().extend(self.headers);
        response
    }
}

/// For whoever starts the server: the words and what caused it. A caller never sees the cause.
impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.body {
            Body::Json(body) => write!(f, "{}", body.text().unwrap_or(self.status.as_str()))?,
            _ => write!(f, "{}", self.status)?,
        }
        self.cause.as_ref().map_or(Ok(()), |cause| write!(f, " ({})", Chain(cause.as_ref())))
    }
}

/// An error and what caused it, on one line.
struct Chain<'a>(&'a (dyn std::error::Error + Send + Sync));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut next = self.0.source();
        while let Some(cause) = next {
            write!(f, ": {cause}")?;
            next = cause.source();
        }
        Ok(())
    }
}
