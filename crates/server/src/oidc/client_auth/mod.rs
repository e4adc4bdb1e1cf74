//! How clients authenticate: by secret in the header or the form, by signed assertion, or, public ones, not at all
//! (RFC 6749 section 2.3, OpenID Connect Core 9).

mod assertion;
mod secret;

use crate::{
    Error, Result,
    cx::Cx,
    error::oauth,
    realm_view::{ClientView, RealmView},
};
use cloakroom_api::endpoint::Form;
use http::StatusCode;
use std::sync::Arc;

/// A client that did not prove who it is.
#[derive(Debug)]
pub struct Refused {
    /// The client that it says it is, where there is such a one.
    pub client: Option<Arc<ClientView>>,
    /// Whether what it lacked was the right secret.
    pub by_secret: bool,
    /// The answer of most endpoints.
    pub error: Error,
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused { client: None, by_secret: false, error }
    }
}

const CREDENTIALS: &str = "Invalid client or Invalid client credentials";

/// The same for a client that is not there, that is switched off, and that authenticates otherwise.
fn unknown() -> Error {
    oauth(StatusCode::UNAUTHORIZED, "invalid_client", CREDENTIALS)
}

/// How a client authenticates, as its settings name it.
const SECRET: &str = "client-secret";
const SECRET_JWT: &str = "client-secret-jwt";
const PRIVATE_KEY_JWT: &str = "client-jwt";

fn method(client: &ClientView) -> &str {
    let named = client.settings.client_authenticator_type.as_deref().filter(|m| !m.is_empty());
    if client.settings.public_client == Some(true) { SECRET } else { named.unwrap_or(SECRET) }
}

/// Authenticates the client of a request. An assertion is used up by it, whatever comes of the request.
pub fn authenticate(cx: &mut Cx, realm: &RealmView, form: &Form) -> Result<Arc<ClientView>, Refused> {
    let given = secret::Given::read(&cx.parts.headers, form);
    let named = match given.client_id.as_deref() {
        Some(id) => match cx.find_client(realm, id)?.filter(|client| client.settings.enabled != Some(false)) {
            Some(client) => Some(client),
            None => return Err(unknown().into()),
        },
        None => None,
    };
    let method = named.as_deref().map(method);
    match (&named, method) {
        (Some(client), Some(SECRET)) => secret::check(cx.now_seconds(), client, &given).map(|()| client.clone()),
        (None, _) | (_, Some(SECRET_JWT | PRIVATE_KEY_JWT)) => assertion::check(cx, realm, named.as_ref(), form),
        _ => Err(unknown().into()),
    }
    .map_err(|refused| Refused { client: refused.client.or(named), ..refused })
}

/// Authenticates the client of a request to an endpoint that only clients of OpenID Connect use.
pub fn authenticate_oidc(cx: &mut Cx, realm: &RealmView, form: &Form) -> Result<Arc<ClientView>, Refused> {
    let client = authenticate(cx, realm, form)?;
    if client.settings.protocol.as_deref().is_some_and(|protocol| protocol != "openid-connect") {
        let error = oauth(StatusCode::BAD_REQUEST, "invalid_client", "Wrong client protocol.");
        return Err(Refused { client: Some(client), by_secret: false, error });
    }
    Ok(client)
}
