//! Token introspection (RFC 7662): what a token is worth, for a client that it was meant for.

use super::{
    client_auth::{Refused, authenticate_oidc},
    token::{invalid_request, require_enabled},
};
use crate::{
    Result,
    cx::Cx,
    error::oauth,
    keys,
    realm_view::{ClientView, RealmView},
    route::Routes,
    token::{
        bearer::{self, Bearer},
        claims::Claims,
        context::{Context, SessionPart},
        mappers::Place,
        mint, refresh,
        scope::Scopes,
    },
};
use cloakroom_api::oidc::introspect::{Introspection, request};
use http::{StatusCode, header};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The introspection endpoint.
pub fn routes() -> Routes {
    Routes::new().at(request)
}

fn request(cx: &mut Cx, request: request::Request) -> Result<Introspection> {
    let realm = cx.realm(&request.realm)?;
    require_enabled(&realm)?;
    let form = &request.form;
    let client = match authenticate_oidc(cx, &realm, form) {
        Ok(client) => client,
        Err(Refused { by_secret: true, .. }) => {
            return Err(oauth(StatusCode::UNAUTHORIZED, "invalid_client", "Client authentication failed."));
        }
        Err(refused) => return Err(refused.error),
    };
    if client.settings.public_client == Some(true) {
        return Err(oauth(StatusCode::FORBIDDEN, "invalid_request", "Client not allowed."));
    }
    if form.repeated().is_some() {
        return Err(invalid_request("duplicated parameter"));
    }
    let token = form.get("token").ok_or_else(|| invalid_request("Token not provided."))?;
    let types: &[&str] = match form.get("token_type_hint") {
        None | Some("access_token") => &["Bearer", "DPoP", "ID"],
        Some("refresh_token") => &refresh::TYPES,
        Some(_) => return Err(invalid_request("Unsupported token type.")),
    };
    Ok(match look(cx, &realm, &client, token, types)? {
        Some(claims) => Introspection { active: true, claims },
        None => Introspection::default(),
    })
}

/// What the asking client may know of a token: nothing, unless it is meant for it and still good.
fn look(
    cx: &mut Cx,
    realm: &RealmView,
    asking: &ClientView,
    token: &str,
    types: &[&str],
) -> Result<Option<Map<String, Value>>> {
    let Some(token) = bearer::verified(cx, realm, token, types) else { return Ok(None) };
    let typ = token.decide.typ.clone().unwrap_or_default();
    let Ok(Bearer { user, client, session, .. }) = bearer::alive(cx, realm, token.clone())? else {
        return Ok(None);
    };
    let stored = &token.claims;
    let username = user.username.clone();
    let context = context(cx, realm, &client, user, session, stored)?;
    let mut claims = kept(stored);
    context.add_claims(Place::Introspection, &mut claims);
    if !claims.audience().contains(&asking.client_id) {
        return Ok(None);
    }
    let username = claims.text("preferred_username").map_or(username, str::to_owned);
    let mut claims = claims.into_map();
    let wants_jwt = cx.parts.headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes() == b"application/jwt");
    let jwt = (wants_jwt && asking.tokens.introspection_jwt).then(|| jwt(cx, &context, &claims)).transpose()?;
    claims.insert("client_id".to_owned(), client.client_id.as_str().into());
    claims.insert("username".to_owned(), username.into());
    claims.insert("token_type".to_owned(), typ.into());
    if let Some(jwt) = jwt {
        claims.insert("jwt".to_owned(), jwt.into());
    }
    Ok(Some(claims))
}

fn context<'a>(
    cx: &mut Cx,
    realm: &'a RealmView,
    client: &'a Arc<ClientView>,
    user: cloakroom_store::users::UserRow,
    session: Option<(cloakroom_store::sessions::SessionRow, cloakroom_store::sessions::ClientSessionRow)>,
    stored: &Map<String, Value>,
) -> Result<Context<'a>> {
    // an ID token does not say its scope: it is that of the client's part of the session
    let of_session = session.as_ref().and_then(|(_, part)| part.doc.scope.clone());
    let scope = stored.get("scope").and_then(Value::as_str).map(str::to_owned).or(of_session);
    let part = session.map(|(session, part)| SessionPart::of(&session, &part)).unwrap_or_default();
    Context::load(cx, realm, client, user, Scopes::recall(realm, client, scope.as_deref()), part)
}

/// What is not a mapper's to say is repeated from the token.
const KEPT: [&str; 11] = ["exp", "iat", "nbf", "jti", "iss", "sub", "typ", "azp", "sid", "scope", "cnf"];

fn kept(stored: &Map<String, Value>) -> Claims {
    let mut claims = Claims::new();
    for name in KEPT {
        claims.set_some(name, stored.get(name).cloned());
    }
    for audience in ["aud_x", "aud"] {
        match stored.get(audience) {
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).for_each(|a| claims.add_audience(a)),
            Some(Value::String(one)) => claims.add_audience(one),
            _ => {}
        }
    }
    claims
}

/// The claims as an access token would carry them, signed, for callers that keep the answer (RFC 9701 has another form).
fn jwt(cx: &mut Cx, context: &Context<'_>, claims: &Map<String, Value>) -> Result<String> {
    let algorithm = context.client.tokens.access_algorithm.unwrap_or_else(|| mint::default_algorithm(context.realm));
    Ok(keys::signing(cx, context.realm, algorithm)?.sign(claims)?)
}
