//! Token revocation (RFC 7009): an access token alone, or with a refresh token the client's part of the session.

use super::{
    cors,
    token::{client, invalid_request, require_enabled},
};
use crate::{
    Error, Result,
    cx::Cx,
    error::oauth,
    realm_view::{ClientView, RealmView},
    route::Routes,
    token::{bearer, refresh, refresh::Refresh, revoked},
};
use cloakroom_api::{endpoint::Endpoint, error::ErrorBody, oidc::revoke::request};
use cloakroom_store::sessions;
use http::{Method, StatusCode};

/// The revocation endpoint.
pub fn routes() -> Routes {
    let path = request::Request::PATH;
    Routes::new().at(request).page(Method::OPTIONS, path, |cx, _, _| Ok(cors::preflight(&cx.parts.headers, cors::SEND)))
}

fn request(cx: &mut Cx, request: request::Request) -> Result<Option<ErrorBody>> {
    let realm = cx.realm(&request.realm)?;
    require_enabled(&realm)?;
    let client = client(cx, &realm, &request.form)?;
    if request.form.repeated().is_some() {
        return Err(invalid_request("duplicated parameter"));
    }
    let token = request.form.get("token").ok_or_else(|| invalid_request("Token not provided"))?;
    let done = match refresh::claimed_type(token).as_deref() {
        Some("Refresh" | "Offline") => end_part(cx, &realm, &client, token)?,
        Some("Bearer" | "DPoP") => revoke_access(cx, &realm, &client, token)?,
        Some(_) if is_ours(cx, &realm, token) => {
            return Err(oauth(StatusCode::BAD_REQUEST, "unsupported_token_type", "Unsupported token type"));
        }
        _ => false,
    };
    // for a token that is worth nothing there is nothing to do: Keycloak says so, and says 200 (RFC 7009 section 2.2)
    Ok((!done).then(|| ErrorBody {
        error: Some("invalid_token".to_owned()),
        error_description: Some("Invalid token".to_owned()),
        ..ErrorBody::default()
    }))
}

fn is_ours(cx: &Cx, realm: &RealmView, token: &str) -> bool {
    bearer::verified(cx, realm, token, &["ID", "Logout"]).is_some()
}

fn foreign() -> Error {
    invalid_request("Unmatching clients")
}

fn end_part(cx: &mut Cx, realm: &RealmView, client: &ClientView, token: &str) -> Result<bool> {
    let Ok(token) = Refresh::parse(cx, realm, token) else { return Ok(false) };
    if token.client != client.client_id {
        return Err(foreign());
    }
    if token.session(cx, realm, client).is_err() {
        return Ok(false);
    }
    let db = cx.write()?;
    let ended = sessions::delete_client(db, &token.session, token.offline, &client.id)?;
    sessions::delete_if_unused(db, &token.session, token.offline)?;
    Ok(ended)
}

fn revoke_access(cx: &mut Cx, realm: &RealmView, client: &ClientView, token: &str) -> Result<bool> {
    let Some(signed) = bearer::verified(cx, realm, token, &["Bearer", "DPoP"]) else { return Ok(false) };
    let decide = &signed.decide;
    if decide.azp.as_deref() != Some(&client.client_id) {
        return Err(foreign());
    }
    let (Some(jti), Some(exp)) = (decide.jti.clone(), decide.exp) else { return Ok(false) };
    if bearer::alive(cx, realm, signed.clone())?.is_err() {
        return Ok(false);
    }
    revoked::revoke(cx, realm, &jti, exp)?;
    Ok(true)
}
