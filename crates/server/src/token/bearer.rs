//! Access tokens that come in: signature, lifetime, session, user and client are all still good.

use super::{
    revoked,
    sessions::is_alive,
    signed::{self, Signed},
};
use crate::{
    Result,
    cx::Cx,
    realm_view::{ClientView, RealmView},
};
use cloakroom_jose::Validation;
use cloakroom_store::{
    sessions,
    sessions::{ClientSessionRow, SessionRow},
    users,
    users::UserRow,
};
use serde_json::Value;
use std::sync::Arc;

/// A token that holds, and whom it speaks for.
#[derive(Debug)]
pub struct Bearer {
    /// What it says.
    pub token: Arc<Signed>,
    /// The user, a service account included.
    pub user: UserRow,
    /// The client that the token was issued to.
    pub client: Arc<ClientView>,
    /// The session with the client's part of it; a service account has none.
    pub session: Option<(SessionRow, ClientSessionRow)>,
}

/// Why a token does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// It is not a token of the realm, it is over, or it was revoked.
    Token,
    /// Its client is gone.
    NoClient,
    /// Its client is switched off.
    ClientDisabled,
    /// Its session is over.
    Session,
    /// Its user is gone.
    NoUser,
    /// Its user is switched off.
    UserDisabled,
}

/// A token that the realm signed, that is not over, and whose `typ` is one of these.
pub fn verified(cx: &Cx, realm: &RealmView, token: &str, types: &[&str]) -> Option<Arc<Signed>> {
    let token = signed::read(cx, realm, token)?;
    let decide = &token.decide;
    let typed = decide.typ.as_deref().is_some_and(|t| types.contains(&t));
    let valid = Validation::at(cx.now_seconds()).issuer(realm.issuer(&cx.base)).without_expiry();
    // only offline tokens may have no date
    let dated = decide.exp.is_some() || decide.typ.as_deref() == Some("Offline");
    (typed && dated && valid.check(decide).is_ok()).then_some(token)
}

/// Checks an access token of the realm.
pub fn examine(cx: &mut Cx, realm: &RealmView, token: &str) -> Result<Result<Bearer, Invalid>> {
    match verified(cx, realm, token, &["Bearer", "DPoP"]) {
        Some(token) => alive(cx, realm, token),
        None => Ok(Err(Invalid::Token)),
    }
}

/// Checks what a verified token refers to: client, session and user.
pub fn alive(cx: &mut Cx, realm: &RealmView, token: Arc<Signed>) -> Result<Result<Bearer, Invalid>> {
    let Signed { decide, claims, .. } = &*token;
    let issued = decide.iat.unwrap_or(0);
    let not_before = |at: Option<i32>| i64::from(at.unwrap_or(0));
    if issued < not_before(realm.settings.not_before) {
        return Ok(Err(Invalid::Token));
    }
    let Some(client) = cx.find_client(realm, decide.azp.as_deref().unwrap_or_default())? else {
        // a mapper may have renamed the party: then it is nobody's token
        return Ok(Err(Invalid::Token));
    };
    if issued < not_before(client.settings.not_before) {
        return Ok(Err(Invalid::Token));
    }
    if client.settings.enabled == Some(false) {
        return Ok(Err(Invalid::ClientDisabled));
    }
    if let Some(jti) = &decide.jti
        && revoked::is_revoked(cx, realm, jti)?
    {
        return Ok(Err(Invalid::Token));
    }
    let (user, session) = match claims.get("sid").and_then(Value::as_str) {
        Some(id) => {
            let now = cx.now();
            let found = sessions::with_client(cx.read()?, &realm.id, id, &client.id)?;
            let mut alive = found.into_iter().filter(|(s, _)| is_alive(&realm.settings, s, now));
            let Some((session, part)) = alive.find_map(|(s, part)| part.map(|part| (s, part))) else {
                return Ok(Err(Invalid::Session));
            };
            (users::by_id(cx.read()?, &realm.id, &session.user)?, Some((session, part)))
        }
        None if client.settings.service_accounts_enabled == Some(true) => {
            (users::service_account(cx.read()?, &realm.id, &client.id)?, None)
        }
        None => (None, None),
    };
    Ok(match user {
        None => Err(Invalid::NoUser),
        Some(user) if !user.enabled => Err(Invalid::UserDisabled),
        Some(user) if issued < user.not_before => Err(Invalid::Token),
        Some(user) => Ok(Bearer { token, user, client, session }),
    })
}

/// Checks an access token of the realm. `None` is a token that does not hold, for whatever reason.
pub fn check(cx: &mut Cx, realm: &RealmView, token: &str) -> Result<Option<Bearer>> {
    Ok(examine(cx, realm, token)?.ok())
}
