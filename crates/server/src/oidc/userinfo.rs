//! The userinfo endpoint (OpenID Connect Core 5.3): what an access token's user wants the client to know.

use super::{cors, cors::Exposed, token::require_enabled};
use crate::{
    Error, Result,
    cx::Cx,
    error, keys,
    realm_view::RealmView,
    route::Routes,
    token::{
        bearer::{self, Bearer, Invalid},
        claims::Claims,
        context::{Context, SessionPart},
        mappers::Place,
        mint,
        scope::{OPENID, Scopes},
    },
};
use cloakroom_api::{
    endpoint::Endpoint,
    oidc::userinfo::{Userinfo, get, post},
};
use http::{Method, StatusCode, header};
use serde_json::Value;

/// The userinfo endpoint.
pub fn routes() -> Routes {
    let preflight = |cx: &mut Cx, _: Vec<String>, _: &[u8]| Ok(cors::preflight(&cx.parts.headers, cors::READ));
    Routes::new().at(get).at(post).page(Method::OPTIONS, get::Request::PATH, preflight)
}

fn get(cx: &mut Cx, request: get::Request) -> Result<Userinfo> {
    let realm = cx.realm(&request.realm)?;
    let token = cx.bearer().map(str::to_owned);
    answer(cx, &realm, token).map_err(no_store)
}

fn post(cx: &mut Cx, request: post::Request) -> Result<Userinfo> {
    let realm = cx.realm(&request.realm)?;
    post_in(cx, &realm, &request).map_err(no_store)
}

fn no_store(error: Error) -> Error {
    error.with_header(header::CACHE_CONTROL, "no-store").with_header(header::PRAGMA, "no-cache")
}

fn post_in(cx: &mut Cx, realm: &RealmView, request: &post::Request) -> Result<Userinfo> {
    let in_header = cx.bearer().map(str::to_owned);
    let in_form = request.form.get("access_token").map(str::to_owned);
    if in_header.is_some() && in_form.is_some() {
        let words = "More than one method used for including an access token";
        return Err(refused(cx, realm, StatusCode::BAD_REQUEST, Some(("invalid_request", words))));
    }
    answer(cx, realm, in_header.or(in_form))
}

/// RFC 6750 section 3: everything is in the header, the body is empty.
fn refused(cx: &mut Cx, realm: &RealmView, status: StatusCode, why: Option<(&str, &str)>) -> Error {
    cors::any(cx, Exposed::Challenge);
    let mut challenge = format!("Bearer realm=\"{}\"", realm.name.replace(['"', '\\'], "_"));
    if let Some((code, words)) = why {
        challenge.push_str(&format!(", error=\"{code}\", error_description=\"{words}\""));
    }
    error::empty(status, Some("text/plain")).with_header(header::WWW_AUTHENTICATE, &challenge)
}

fn words(invalid: Invalid) -> &'static str {
    match invalid {
        Invalid::Token => "Token verification failed",
        Invalid::NoClient => "Client not found",
        Invalid::ClientDisabled => "Client disabled",
        Invalid::Session => "user_session_not_found",
        Invalid::NoUser => "User not found",
        Invalid::UserDisabled => "User disabled",
    }
}

fn answer(cx: &mut Cx, realm: &RealmView, token: Option<String>) -> Result<Userinfo> {
    require_enabled(realm)?;
    let Some(token) = token else { return Err(refused(cx, realm, StatusCode::UNAUTHORIZED, None)) };
    let invalid = |cx: &mut Cx, words| refused(cx, realm, StatusCode::UNAUTHORIZED, Some(("invalid_token", words)));
    let Bearer { token, user, client, session } = match bearer::examine(cx, realm, &token)? {
        Ok(bearer) => bearer,
        Err(why) => return Err(invalid(cx, words(why))),
    };
    cors::check(cx, realm, &client, Exposed::Methods)?;
    let text = |name: &str| token.claims.get(name).and_then(Value::as_str);
    if text("jti").is_some_and(mint::is_lightweight) {
        return Err(invalid(cx, "Lightweight access token not allowed for userinfo endpoint"));
    }
    let scope = text("scope");
    if !scope.is_some_and(|scope| scope.split(' ').any(|word| word == OPENID)) {
        let why = ("insufficient_scope", "Missing openid scope");
        return Err(refused(cx, realm, StatusCode::FORBIDDEN, Some(why)));
    }
    let scopes = Scopes::recall(realm, &client, scope);
    let part = session.map(|(session, part)| SessionPart::of(&session, &part)).unwrap_or_default();
    let context = Context::load(cx, realm, &client, user, scopes, part)?;
    let mut claims = Claims::new();
    claims.set("sub", context.subject.user.id.as_str());
    context.add_claims(Place::Userinfo, &mut claims);
    let Some(algorithm) = client.tokens.userinfo_algorithm else { return Ok(Userinfo::Claims(claims.into_map())) };
    claims.set("iss", context.issuer.as_str());
    claims.add_audience(&client.client_id);
    Ok(Userinfo::Signed(keys::signing(cx, realm, algorithm)?.sign(&claims.into_map())?))
}
