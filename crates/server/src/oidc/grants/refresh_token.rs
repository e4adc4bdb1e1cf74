//! `grant_type=refresh_token` (RFC 6749 section 6): new tokens in a session, online or offline.

use crate::{
    Error, Result,
    cx::Cx,
    oidc::token::{Asked, invalid_request},
    token::{
        context::{Context, SessionPart},
        mint::{self, Kind, Order, RefreshOrder},
        refresh::{Refresh, Session, refused},
        rotation::{self, Reused},
        scope::Scopes,
        sessions::{Times, expiry, lifespan},
    },
};
use cloakroom_api::oidc::token::TokenAnswer;
use cloakroom_store::sessions;

pub(crate) fn answer(cx: &mut Cx, asked: &Asked<'_>) -> Result<TokenAnswer> {
    let (realm, client) = (asked.realm, asked.client);
    let text = asked.get("refresh_token").ok_or_else(|| invalid_request("No refresh token"))?;
    let token = Refresh::read(cx, realm, client, text)?;
    let Session { session, client: part, user } = token.session(cx, realm, client)?;
    let mut scopes = Scopes::recall(realm, client, Some(&token.scope));
    let (id_token, whole) = (scopes.openid, scopes.all());
    if let Some(narrower) = asked.get("scope") {
        scopes.narrow(&Scopes::resolve(realm, client, Some(narrower))?);
    }
    let context = Context::load(cx, realm, client, user, scopes, SessionPart::of(&session, &part))?;
    let now = cx.now();
    let (offline, remember_me) = (session.offline, session.remember_me);
    let times = Times { offline, remember_me, started: session.started, client_started: part.started };
    let rotates = realm.settings.revoke_refresh_token == Some(true);
    let next = RefreshOrder { id: cx.new_id(), scope: whole, login: token.login.clone().filter(|_| rotates) };
    let order = Order {
        now: cx.now_seconds(),
        kind: if offline { Kind::Offline } else { Kind::Online },
        grant: "rt",
        expiry: expiry(&realm.settings, client, times, now),
        ids: [cx.new_id(), cx.new_id()],
        id_token,
        refresh: client.tokens.refresh_tokens.then_some(next),
    };
    let answer = mint::tokens(cx, &context, &order)?;
    // signed first, written last: the transaction is short, and whether the token is still good is asked within it
    let expires = lifespan(&realm.settings, offline, remember_me).ends(session.started, now);
    let Some(mut part) = sessions::lock_client(cx.write()?, &session.id, offline, &client.id)? else {
        return Err(ended());
    };
    part.last_refresh = now;
    if let Some(next) = order.refresh.filter(|_| rotates) {
        let most = i64::from(realm.settings.refresh_token_max_reuse.unwrap_or(0));
        let advanced = rotation::advance(&mut part.doc, token.login.as_deref(), &token.id, &next.id, most, now);
        if advanced == Err(Reused) {
            sessions::delete_client(cx.write()?, &session.id, offline, &client.id)?;
            return Err(cx.refuse(refused("Maximum allowed refresh token reuse exceeded")));
        }
    }
    sessions::put_client(cx.write()?, &part)?;
    sessions::refresh(cx.write()?, &session.id, offline, now, expires)?;
    Ok(answer)
}

/// The client's part ended after it was read.
fn ended() -> Error {
    refused("Session doesn't have required client")
}
