//! Access tokens that come in: signature, lifetime, session, user and client are all still good.

use super::sessions::is_alive;
use crate::{
    Result,
    cx::Cx,
    realm_view::{ClientView, RealmView},
};
use cloakroom_jose::{Claims, Unverified, Validation};
use cloakroom_store::{sessions, users, users::UserRow};
use serde::Deserialize;
use std::sync::Arc;

/// A token that holds, and whom it speaks for.
#[derive(Debug)]
pub struct Bearer {
    /// The claims, all of them.
    pub claims: serde_json::Map<String, serde_json::Value>,
    /// The user, a service account included.
    pub user: UserRow,
    /// The client that the token was issued to.
    pub client: Arc<ClientView>,
}

/// The claims that decide.
#[derive(Debug, Deserialize)]
struct Deciding {
    #[serde(flatten)]
    claims: Claims,
    #[serde(default)]
    sid: Option<String>,
}

/// Checks an access token of the realm. `None` is a token that does not hold, for whatever reason.
pub fn check(cx: &mut Cx, realm: &RealmView, token: &str) -> Result<Option<Bearer>> {
    let Ok(verified) = Unverified::parse(token).and_then(|t| t.verify(realm.keys.verifying())) else { return Ok(None) };
    let (Ok(deciding), Ok(claims)) = (verified.claims::<Deciding>(), verified.claims()) else { return Ok(None) };
    let Deciding { claims: decide, sid } = deciding;
    let valid = Validation::at(cx.now_seconds()).issuer(cx.issuer(&realm.name)).leeway(0);
    let typed = decide.typ.as_deref().is_some_and(|t| matches!(t, "Bearer" | "DPoP"));
    if !typed || valid.check(&decide).is_err() {
        return Ok(None);
    }
    let issued = decide.iat.unwrap_or(0);
    if issued < i64::from(realm.settings.not_before.unwrap_or(0)) {
        return Ok(None);
    }
    let Some(client) = cx.find_client(realm, decide.azp.as_deref().unwrap_or_default())? else { return Ok(None) };
    let client_not_before = i64::from(client.settings.not_before.unwrap_or(0));
    if client.settings.enabled == Some(false) || issued < client_not_before {
        return Ok(None);
    }
    let session = match &sid {
        Some(id) => {
            let now = cx.now();
            let online = sessions::get(cx.read()?, &realm.id, id, false)?.filter(|s| is_alive(&realm.settings, s, now));
            let session = match online {
                Some(session) => Some(session),
                None => sessions::get(cx.read()?, &realm.id, id, true)?.filter(|s| is_alive(&realm.settings, s, now)),
            };
            let Some(session) = session else { return Ok(None) };
            Some(session)
        }
        None => None,
    };
    let subject = match (&decide.sub, &session) {
        (Some(subject), Some(session)) if *subject != session.user => return Ok(None),
        (Some(subject), _) => subject.clone(),
        (None, Some(session)) => session.user.clone(),
        (None, None) => return Ok(None),
    };
    let user = users::by_id(cx.read()?, &realm.id, &subject)?.filter(|u| u.enabled && issued >= u.not_before);
    Ok(user.map(|user| Bearer { claims, user, client }))
}
