//! Ways to get tokens: one grant type, one file.

pub mod authorization_code;
pub mod client_credentials;
pub mod password;
pub mod refresh_token;

use super::token::Asked;
use crate::{
    Error, Result,
    cx::Cx,
    error::oauth,
    token::{
        context::{Context, SessionPart},
        mint::{self, Kind, Order, RefreshOrder},
        rotation,
        scope::{InvalidScope, OFFLINE_ACCESS, Scopes},
        sessions::{Times, expiry, lifespan},
    },
};
use cloakroom_api::oidc::token::TokenAnswer;
use cloakroom_store::{
    sessions::{self, ClientSessionDoc, ClientSessionRow, SessionDoc, SessionRow},
    users::UserRow,
};
use http::StatusCode;
use std::collections::BTreeMap;

impl From<InvalidScope> for Error {
    fn from(InvalidScope(asked): InvalidScope) -> Self {
        oauth(StatusCode::BAD_REQUEST, "invalid_scope", format!("Invalid scopes: {asked}"))
    }
}

/// A grant that is about to be answered.
pub(super) struct Granted<'a> {
    /// Two letters for the `jti` of access tokens.
    pub(super) letters: &'static str,
    /// Whom the tokens speak for.
    pub(super) user: UserRow,
    /// What was asked for.
    pub(super) scopes: Scopes<'a>,
    /// The scope parameter as it came.
    pub(super) asked: Option<String>,
    /// Notes of the client's part of the session.
    pub(super) notes: BTreeMap<String, String>,
}

/// Begins a session and answers with its first tokens. `offline_access` makes it an offline session.
pub(super) fn in_new_session(
    cx: &mut Cx,
    asked: &Asked<'_>,
    granted: Granted<'_>,
    doc: SessionDoc,
) -> Result<TokenAnswer> {
    let now = cx.now();
    let session = SessionRow {
        id: cx.app.random.token(),
        offline: is_offline(asked, &granted.scopes),
        user: granted.user.id.clone(),
        started: now,
        last_refresh: now,
        expires: 0,
        remember_me: false,
        doc,
    };
    in_session(cx, asked, granted, session, None)
}

/// Whether a grant of these scopes makes an offline session.
pub(super) fn is_offline(asked: &Asked<'_>, scopes: &Scopes<'_>) -> bool {
    asked.client.tokens.refresh_tokens && scopes.has(OFFLINE_ACCESS)
}

/// Lets the client take part in a session, which is written, and answers with its tokens.
pub(super) fn in_session(
    cx: &mut Cx,
    asked: &Asked<'_>,
    granted: Granted<'_>,
    mut session: SessionRow,
    part: Option<ClientSessionRow>,
) -> Result<TokenAnswer> {
    let (realm, client, now) = (asked.realm, asked.client, cx.now());
    let Granted { letters, user, scopes, asked: scope, notes } = granted;
    let offline = session.offline;
    let mut part = part.unwrap_or_else(|| ClientSessionRow {
        session: session.id.clone(),
        offline,
        client: client.id.clone(),
        started: now,
        last_refresh: now,
        doc: ClientSessionDoc::default(),
    });
    part.last_refresh = now;
    part.doc.scope = scope;
    part.doc.notes = notes;
    let context = Context::load(cx, realm, client, user, scopes, SessionPart::of(&session, &part))?;
    if offline && !context.scopes.has(OFFLINE_ACCESS) {
        let words = "Offline tokens not allowed for the user or client";
        return Err(oauth(StatusCode::BAD_REQUEST, "not_allowed", words));
    }
    let rotates = realm.settings.revoke_refresh_token == Some(true);
    let refresh = client.tokens.refresh_tokens.then(|| RefreshOrder {
        id: cx.new_id(),
        scope: context.scopes.all(),
        login: rotates.then(|| cx.new_id()),
    });
    if let Some(RefreshOrder { id, login: Some(login), .. }) = &refresh {
        rotation::begin(&mut part.doc, login, id, now);
    }
    let times =
        Times { offline, remember_me: session.remember_me, started: session.started, client_started: part.started };
    let order = Order {
        now: cx.now_seconds(),
        kind: if offline { Kind::Offline } else { Kind::Online },
        grant: letters,
        expiry: expiry(&realm.settings, client, times, now),
        ids: [cx.new_id(), cx.new_id()],
        id_token: context.scopes.openid,
        refresh,
    };
    let answer = mint::tokens(cx, &context, &order)?;
    session.last_refresh = now;
    session.expires = lifespan(&realm.settings, offline, session.remember_me).ends(session.started, now);
    let db = cx.write()?;
    if !sessions::update(db, &realm.id, &session)? {
        sessions::insert(db, &realm.id, &session)?;
    }
    sessions::put_client(db, &part)?;
    Ok(answer)
}
