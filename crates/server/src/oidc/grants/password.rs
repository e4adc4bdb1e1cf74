//! `grant_type=password` (RFC 6749 section 4.3): a client that was told somebody's password.

use super::{Granted, in_new_session};
use crate::{
    Result,
    cx::Cx,
    error::oauth,
    oidc::token::Asked,
    password::{self, Outcome},
    realm_view::RealmView,
    token::{mappers::LEVEL, refresh::refused, scope::Scopes},
};
use cloakroom_api::oidc::token::TokenAnswer;
use cloakroom_store::{sessions::SessionDoc, users::UserRow};
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

/// Whether nothing is left that only a browser can ask of the user: required actions, a name or an address that is missing
/// or not verified, a password that is too old.
fn is_set_up(cx: &mut Cx, realm: &RealmView, user: &UserRow) -> Result<bool> {
    let actions = user.rest.required_actions.as_deref().unwrap_or_default();
    let given = |value: &Option<String>| value.as_deref().is_some_and(|text| !text.trim().is_empty());
    let complete = given(&user.email) && given(&user.first_name) && given(&user.last_name);
    let unverified = realm.settings.verify_email == Some(true) && !user.email_verified;
    if !actions.is_empty() || unverified || (asks_for_profile(realm) && !complete) {
        return Ok(false);
    }
    Ok(!password::has_expired(cx, realm, &user.id)?)
}

/// Whether the realm has users complete their profile at login.
fn asks_for_profile(realm: &RealmView) -> bool {
    let actions = realm.settings.required_actions.as_deref().unwrap_or_default();
    let action = actions.iter().find(|action| action.alias.as_deref() == Some("VERIFY_PROFILE"));
    action.is_none_or(|action| action.enabled != Some(false))
}
