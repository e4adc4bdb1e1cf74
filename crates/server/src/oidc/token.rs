//! The token endpoint (RFC 6749 section 3.2): who asks, for what, and which grant answers.

use super::{
    client_auth::{Refused, authenticate_oidc},
    cors,
    cors::Exposed,
    grants,
};
use crate::{
    Error, Result,
    cx::Cx,
    error::oauth,
    realm_view::{ClientView, RealmView},
    route::Routes,
};
use cloakroom_api::{
    endpoint::{Endpoint, Form},
    oidc::token::{TokenAnswer, request},
};
use http::{Method, StatusCode, header};
use std::sync::Arc;

/// The token endpoint.
pub fn routes() -> Routes {
    let path = request::Request::PATH;
    Routes::new().at(request).page(Method::OPTIONS, path, |cx, _, _| Ok(cors::preflight(&cx.parts.headers, cors::SEND)))
}

/// A request for tokens, of a client that has proved who it is.
pub struct Asked<'a> {
    /// The realm.
    pub realm: &'a RealmView,
    /// The client.
    pub client: &'a ClientView,
    /// The fields of the form, none of them twice.
    pub form: &'a Form,
}

impl Asked<'_> {
    /// A field of the form.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.form.get(name)
    }
}

type Grant = fn(&mut Cx, &Asked<'_>) -> Result<TokenAnswer>;

/// What answers a grant type.
fn grant(name: &str) -> Option<Grant> {
    Some(match name {
        "authorization_code" => grants::authorization_code::answer,
        "client_credentials" => grants::client_credentials::answer,
        "password" => grants::password::answer,
        "refresh_token" => grants::refresh_token::answer,
        _ => return None,
    })
}

/// 400 for a request that is not one.
pub fn invalid_request(words: impl Into<String>) -> Error {
    oauth(StatusCode::BAD_REQUEST, "invalid_request", words)
}

/// 403 for every request to a realm that is switched off, but for what is public.
pub fn require_enabled(realm: &RealmView) -> Result<()> {
    if realm.settings.enabled == Some(true) {
        return Ok(());
    }
    Err(oauth(StatusCode::FORBIDDEN, "access_denied", "Realm not enabled"))
}

fn request(cx: &mut Cx, request: request::Request) -> Result<TokenAnswer> {
    let realm = cx.realm(&request.realm)?;
    no_store(cx);
    require_enabled(&realm)?;
    let form = &request.form;
    let name = form.get("grant_type").ok_or_else(|| invalid_request("Missing form parameter: grant_type"))?;
    let unsupported = || oauth(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Unsupported grant_type");
    let grant = grant(name).ok_or_else(unsupported)?;
    let client = client(cx, &realm, form)?;
    if client.settings.bearer_only == Some(true) {
        return Err(oauth(StatusCode::BAD_REQUEST, "invalid_client", "Bearer-only not allowed"));
    }
    if form.repeated().is_some() {
        return Err(invalid_request("duplicated parameter"));
    }
    grant(cx, &Asked { realm: &realm, client: &client, form })
}

/// The client of a request; where the client is known but not proved, the page that asks may read the refusal.
pub fn client(cx: &mut Cx, realm: &RealmView, form: &Form) -> Result<Arc<ClientView>> {
    let (client, refusal) = match authenticate_oidc(cx, realm, form) {
        Ok(client) => (Some(client), None),
        Err(Refused { client, error, .. }) => (client, Some(error)),
    };
    match &client {
        Some(client) => cors::check(cx, realm, client, Exposed::Methods)?,
        // nothing but the refusal will be read
        None => cors::any(cx, Exposed::Methods),
    }
    match (client, refusal) {
        (Some(client), None) => Ok(client),
        (_, Some(error)) => Err(error),
        (None, None) => Err(crate::error::unauthorized()),
    }
}

/// Tokens, and what is said instead of them, are not kept by caches (RFC 6749 section 5.1).
fn no_store(cx: &mut Cx) {
    cx.set_answer_header(header::CACHE_CONTROL, "no-store");
    cx.set_answer_header(header::PRAGMA, "no-cache");
}
