//! `grant_type=password` (RFC 6749 section 4.3): a client that was told somebody's password.

use super::{Granted, in_new_session};
use crate::{
    Result,
    cx::Cx,
    error::oauth,
    oidc::token::Asked,
    password::{self, Outcome},
    token::{mappers::LEVEL, refresh::refused, scope::Scopes, set_up::is_set_up},
};
use cloakroom_api::oidc::token::TokenAnswer;
use cloakroom_store::sessions::SessionDoc;
use http::StatusCode;

pub(crate) fn answer(cx: &mut Cx, asked: &Asked<'_>) -> Result<TokenAnswer> {
    let (realm, client) = (asked.realm, asked.client);
    if client.settings.direct_access_grants_enabled != Some(true) {
        let words = "Client not allowed for direct access grants";
        return Err(oauth(StatusCode::BAD_REQUEST, "unauthorized_client", words));
    }
    if client.settings.consent_required == Some(true) {
        return Err(oauth(StatusCode::BAD_REQUEST, "invalid_client", "Client requires user consent"));
    }
    let scope = asked.get("scope");
    let scopes = Scopes::resolve(realm, client, scope)?;
    let Some(username) = asked.get("username") else {
        return Err(oauth(StatusCode::UNAUTHORIZED, "invalid_request", "Missing parameter: username"));
    };
    let user = password::find(cx, realm, username)?;
    let outcome = password::check(cx, realm, user.as_ref(), asked.get("password").unwrap_or_default())?;
    let user = match (outcome, user) {
        (Outcome::Ok, Some(user)) => user,
        (Outcome::Disabled, _) => return Err(cx.refuse(refused("Account disabled"))),
        _ => return Err(cx.refuse(refused("Invalid user credentials"))),
    };
    if !password::otp::devices(cx, &user.id)?.is_empty() {
        let code = asked.get("otp").or(asked.get("totp")).unwrap_or_default();
        if !password::otp::check(cx, realm, &user, None, code)? {
            return Err(cx.refuse(refused("Invalid user credentials")));
        }
    }
    if !is_set_up(cx, realm, &user)? {
        return Err(cx.refuse(refused("Account is not fully set up")));
    }
    let doc = SessionDoc {
        address: cx.address.to_string(),
        login_username: username.to_owned(),
        auth_method: "openid-connect".to_owned(),
        ..SessionDoc::default()
    };
    let granted = Granted {
        letters: "ro",
        user,
        scopes,
        asked: scope.map(str::to_owned),
        notes: [(LEVEL.to_owned(), "1".to_owned())].into(),
    };
    in_new_session(cx, asked, granted, doc)
}
