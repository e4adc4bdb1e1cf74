//! Which web pages may call: the `Origin` of a request against the origins of the client that it is made for.

use super::{redirect_uri::Base, web_origins};
use crate::{
    Result,
    cx::Cx,
    error,
    realm_view::{ClientView, RealmView},
};
use axum::response::{IntoResponse, Response};
use http::{HeaderName, StatusCode, header};
use serde_json::{Map, Value};
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
    cx.parts.headers.get(header::ORIGIN).and_then(|v| v.to_str().ok()).map(str::to_owned)
}

/// Lets the page at the request's `Origin` read the answer if the client allows it; 403 if it does not. A request without
/// one, and one from this server's own pages, is let through.
pub fn check(cx: &mut Cx, realm: &RealmView, client: &ClientView) -> Result<()> {
    let Some(origin) = origin(cx) else { return Ok(()) };
    let base = realm.base(&cx.base).to_owned();
    let own = web_origins::of_uri(&base).is_some_and(|own| own == origin);
    if !own && !web_origins::allow(&origins(client, &base), &origin) {
        return Err(error::error(StatusCode::FORBIDDEN, "Invalid origin"));
    }
    allow(cx, &origin, "Access-Control-Allow-Methods");
    Ok(())
}

/// Lets any page read the answer: there is nothing in it that is not public.
pub fn any(cx: &mut Cx) {
    if let Some(origin) = origin(cx) {
        allow(cx, &origin, "Access-Control-Allow-Methods");
    }
}

/// As [`any`], for a refusal that is told in `WWW-Authenticate`.
pub fn any_with_challenge(cx: &mut Cx) {
    if let Some(origin) = origin(cx) {
        allow(cx, &origin, "Access-Control-Allow-Methods, WWW-Authenticate");
    }
}

/// Lets the page at the request's `Origin` read an answer of the Admin API if the token says that its client allows it.
pub fn of_token(cx: &mut Cx, claims: &Map<String, Value>) {
    let Some(origin) = origin(cx) else { return };
    let allowed = claims.get("allowed-origins").and_then(Value::as_array).into_iter().flatten();
    if allowed.filter_map(Value::as_str).any(|allowed| allowed == "*" || allowed == origin) {
        allow(cx, &origin, "Location");
    }
}

fn allow(cx: &mut Cx, origin: &str, exposed: &str) {
    cx.set_answer_header(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    cx.set_answer_header(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    cx.set_answer_header(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    cx.set_answer_header(header::VARY, "Origin");
}

/// Headers that a page may send.
const ALLOWED_HEADERS: &str = "Origin, Accept, X-Requested-With, Content-Type, Access-Control-Request-Method, \
     Access-Control-Request-Headers, Authorization, DPoP";

/// Answers a browser's question whether it may send a request (Fetch standard, CORS-preflight). Which page may read the
/// answer is decided when the request itself names its client.
pub fn preflight(cx: &Cx, methods: &'static str) -> Response {
    let Some(origin) = origin(cx) else { return StatusCode::OK.into_response() };
    let headers: [(HeaderName, &str); 6] = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, &origin),
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
