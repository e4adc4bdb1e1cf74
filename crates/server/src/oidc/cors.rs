//! Which web pages may call: the `Origin` of a request against the origins of the client that it is made for.

use super::{redirect_uri::Base, web_origins};
use crate::{
    Result,
    cx::Cx,
    error,
    realm_view::{ClientView, RealmView},
};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, StatusCode, header};
use std::collections::BTreeSet;

/// The origins that a client allows; `base` is what its relative URLs begin with.
pub fn origins(client: &ClientView, base: &str) -> BTreeSet<String> {
    let settings = &client.settings;
    let list = |list: &Option<Vec<String>>| list.clone().unwrap_or_default();
    let root = client.root_url(base);
    let base = Base { root_url: root.as_deref(), server: base };
    web_origins::of_client(&list(&settings.web_origins), &list(&settings.redirect_uris), base)
}

fn origin(cx: &Cx) -> Option<String> {
    named(&cx.parts.headers).map(str::to_owned)
}

fn named(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ORIGIN).and_then(|v| v.to_str().ok())
}

/// The headers of an answer that a page may read besides the plain ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exposed {
    /// None.
    Nothing,
    /// Of the OpenID Connect endpoints.
    Methods,
    /// Of refusals that say why in `WWW-Authenticate`.
    Challenge,
    /// Of the Admin API, where new things are told by their address.
    Location,
}

impl Exposed {
    fn names(self) -> Option<&'static str> {
        match self {
            Exposed::Nothing => None,
            Exposed::Methods => Some("Access-Control-Allow-Methods"),
            Exposed::Challenge => Some("Access-Control-Allow-Methods, WWW-Authenticate"),
            Exposed::Location => Some("Location"),
        }
    }
}

/// Lets the page at the request's `Origin` read the answer if the client allows it; 403 if it does not. The client must have
/// proved who it is, or be named by a verified token. A request without an origin, and one from this server's own pages, is
/// let through.
pub fn check(cx: &mut Cx, realm: &RealmView, client: &ClientView, exposed: Exposed) -> Result<()> {
    let Some(origin) = origin(cx) else { return Ok(()) };
    let base = realm.base(&cx.base).to_owned();
    if [&base, &cx.base].into_iter().any(|own| web_origins::of_uri(own).is_some_and(|own| own == origin)) {
        return Ok(());
    }
    if !web_origins::allow(&origins(client, &base), &origin) {
        return Err(error::error(StatusCode::FORBIDDEN, "Invalid origin"));
    }
    allow(cx, &origin, exposed);
    Ok(())
}

/// Lets any page read the answer: there is nothing in it that is not public.
pub fn any(cx: &mut Cx, exposed: Exposed) {
    if let Some(origin) = origin(cx) {
        allow(cx, &origin, exposed);
    }
}

fn allow(cx: &mut Cx, origin: &str, exposed: Exposed) {
    cx.set_answer_header(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    cx.set_answer_header(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    if let Some(names) = exposed.names() {
        cx.set_answer_header(header::ACCESS_CONTROL_EXPOSE_HEADERS, names);
    }
    cx.set_answer_header(header::VARY, "Origin");
}

/// Headers that a page may send.
const ALLOWED_HEADERS: &str = "Origin, Accept, X-Requested-With, Content-Type, Access-Control-Request-Method, \
     Access-Control-Request-Headers, Authorization, DPoP";

/// The verbs that pages may use: reading, sending a form, and all of the Admin API.
pub const READ: &str = "GET, HEAD, OPTIONS";
/// See [`READ`].
pub const SEND: &str = "POST, OPTIONS";
/// See [`READ`].
pub const ADMIN: &str = "DELETE, POST, GET, PUT";

/// Answers a browser's question whether it may send a request (Fetch standard, CORS-preflight). Which page may read the
/// answer is decided when the request itself names its client.
pub fn preflight(asked: &HeaderMap, methods: &'static str) -> Response {
    let Some(origin) = named(asked) else { return StatusCode::OK.into_response() };
    let headers: [(HeaderName, &str); 6] = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, origin),
        (header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, methods),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, "3600"),
        (header::VARY, "Origin"),
    ];
    let mut answer = StatusCode::OK.into_response();
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}
