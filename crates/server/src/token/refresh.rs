//! Refresh and offline tokens that come in, and the session that they stand for.

use super::{bearer::verified, sessions::is_alive};
use crate::{
    Error, Result,
    cx::Cx,
    error::oauth,
    realm_view::{ClientView, RealmView},
};
use cloakroom_jose::Unverified;
use cloakroom_store::{
    sessions,
    sessions::{ClientSessionRow, SessionRow},
    users,
    users::UserRow,
};
use http::StatusCode;
use serde_json::Value;

/// A refresh token of the realm, unexpired. Whether its session is still there is another question: [`Refresh::session`].
#[derive(Debug)]
pub struct Refresh {
    /// Its `jti`.
    pub id: String,
    /// The session.
    pub session: String,
    /// Whether it is an offline token.
    pub offline: bool,
    /// The `clientId` of the client that it was issued to.
    pub client: String,
    /// When it was issued, in seconds.
    pub issued: i64,
    /// The scopes of the grant.
    pub scope: String,
    /// With rotation: the login that it comes from.
    pub login: Option<String>,
}

/// A session that a refresh token stands for.
#[derive(Debug)]
pub struct Session {
    /// The user session.
    pub session: SessionRow,
    /// The client's part of it.
    pub client: ClientSessionRow,
    /// The user.
    pub user: UserRow,
}

/// The types of tokens that can be exchanged for new ones.
pub const TYPES: [&str; 2] = ["Refresh", "Offline"];

/// 400 `invalid_grant`, RFC 6749 section 5.2.
pub fn refused(words: &str) -> Error {
    oauth(StatusCode::BAD_REQUEST, "invalid_grant", words)
}

impl Refresh {
    /// Reads a refresh token: 400 `invalid_grant` where it is none, over, or older than what realm or client accept.
    pub fn read(cx: &Cx, realm: &RealmView, client: &ClientView, token: &str) -> Result<Self> {
        let refresh = Self::parse(cx, realm, token)?;
        if refresh.client != client.client_id {
            return Err(refused("Invalid refresh token. Token client and authorized client don't match"));
        }
        let not_before = realm.settings.not_before.max(client.settings.not_before).unwrap_or(0);
        if refresh.issued < i64::from(not_before) {
            return Err(refused("Stale token"));
        }
        Ok(refresh)
    }

    /// Reads a refresh token of any client: 400 `invalid_grant` where it is none or over.
    pub fn parse(cx: &Cx, realm: &RealmView, token: &str) -> Result<Self> {
        let Some(token) = verified(cx, realm, token, &TYPES) else {
            return Err(refused(if is_over(cx, realm, token) {
                "Token is not active"
            } else {
                "Invalid refresh token"
            }));
        };
        let (decide, claims) = (&token.decide, &token.claims);
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Refresh {
            id: decide.jti.clone().unwrap_or_default(),
            session: text("sid").unwrap_or_default(),
            offline: decide.typ.as_deref() == Some("Offline"),
            client: decide.azp.clone().unwrap_or_default(),
            issued: decide.iat.unwrap_or(0),
            scope: text("scope").unwrap_or_default(),
            login: text("reuse_id"),
        })
    }

    /// The session that the token stands for: 400 `invalid_grant` where it is over, or its user may not go on.
    pub fn session(&self, cx: &mut Cx, realm: &RealmView, client: &ClientView) -> Result<Session> {
        let now = cx.now();
        let found = sessions::with_client(cx.read()?, &realm.id, &self.session, &client.id)?;
        let missing = if self.offline { "Offline user session not found" } else { "Session not active" };
        let found = found.into_iter().find(|(s, _)| s.offline == self.offline);
        let Some((session, part)) = found else { return Err(refused(missing)) };
        if !is_alive(&realm.settings, &session, now) {
            return Err(refused(if self.offline { "Offline session not active" } else { "Session not active" }));
        }
        let Some(user) = users::by_id(cx.read()?, &realm.id, &session.user)? else { return Err(refused(missing)) };
        if !user.enabled {
            return Err(refused("User disabled"));
        }
        if self.issued < session.started / 1000 {
            return Err(refused("Refresh token issued before the user session started"));
        }
        let Some(client) = part else { return Err(refused("Session doesn't have required client")) };
        if self.issued < user.not_before {
            return Err(refused("Stale token"));
        }
        Ok(Session { session, client, user })
    }
}

/// Whether something that does not hold is a refresh token of the realm whose time has passed.
fn is_over(cx: &Cx, realm: &RealmView, token: &str) -> bool {
    let Ok(verified) = realm.keys.verify(token) else { return false };
    let Ok(claims) = verified.claims::<cloakroom_jose::Claims>() else { return false };
    let typed = claims.typ.as_deref().is_some_and(|t| TYPES.contains(&t));
    typed && claims.exp.is_some_and(|exp| exp <= cx.now_seconds())
}

/// The scheme of the header's algorithm is of no interest here: each of the realm's keys has one. What a token calls itself
/// before it is verified, to choose the words of a refusal.
pub fn claimed_type(token: &str) -> Option<String> {
    Unverified::parse(token).ok()?.claims::<cloakroom_jose::Claims>().ok()?.typ
}
