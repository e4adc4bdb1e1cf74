//! Tokens in the answer of the authorization endpoint itself: implicit and hybrid flow (OpenID Connect Core 3.2, 3.3).

use cloakroom_jose::half_hash;
use cloakroom_store::{
    sessions::{ClientSessionRow, SessionRow},
    users::UserRow,
};

use super::{progress::Login, request::ResponseType};
use crate::{
    Result, keys,
    token::{
        context::{Context, SessionPart},
        mint::{self, Kind, Order},
        scope::Scopes,
        sessions::{Times, expiry},
    },
};

/// What goes into the answer.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub(super) id_token: Option<String>,
    pub(super) access_token: Option<String>,
    /// Of the access token, in seconds.
    pub(super) expires_in: i64,
}

/// Makes what `wanted` says. The ID token vouches for what comes with it: code, access token and state.
pub(super) fn tokens(
    login: &mut Login<'_>,
    wanted: ResponseType,
    (session, part): (&SessionRow, &ClientSessionRow),
    user: UserRow,
    code: Option<&str>,
) -> Result<Tokens> {
    let (realm, client) = (login.realm.clone(), login.client.clone());
    let wishes = login.tab.request.wishes.clone();
    let scopes = Scopes::recall(&realm, &client, wishes.scope.as_deref());
    let session_part = SessionPart::of(session, part);
    let context = Context::load(login.cx, &realm, &client, user, scopes, session_part)?;
    let times = Times {
        offline: false,
        remember_me: session.remember_me,
        started: session.started,
        client_started: part.started,
    };
    let (now, seconds) = (login.cx.now(), login.cx.now_seconds());
    let mut expiry = expiry(&realm.settings, &client, times, now);
    if !wanted.code {
        let lifespan = realm.settings.access_token_lifespan_for_implicit_flow.filter(|s| *s > 0).unwrap_or(900);
        let latest = expiry.refresh.unwrap_or(i64::MAX).max(expiry.access);
        expiry.access = (seconds + i64::from(lifespan)).min(latest);
    }
    let order = Order {
        now: seconds,
        kind: Kind::Online,
        grant: if wanted.code { "hy" } else { "im" },
        expiry,
        ids: [login.cx.new_id(), login.cx.new_id()],
        id_token: wanted.id_token,
        refresh: None,
    };
    let usual = mint::default_algorithm(&realm);
    let access_token = match wanted.token {
        false => None,
        true => {
            let key = keys::signing(login.cx, &realm, client.tokens.access_algorithm.unwrap_or(usual))?;
            Some(key.sign(&mint::access_claims(&context, &order).into_map())?)
        }
    };
    let id_token = match wanted.id_token {
        false => None,
        true => {
            let key = keys::signing(login.cx, &realm, client.tokens.id_algorithm.unwrap_or(usual))?;
            let hash = |text: &str| half_hash(key.algorithm(), text);
            let mut claims = mint::id_claims(&context, &order, access_token.as_deref().map(hash));
            claims.set_some("c_hash", code.map(hash));
            claims.set_some("s_hash", wishes.state.as_deref().map(hash));
            Some(key.sign(&claims.into_map())?)
        }
    };
    Ok(Tokens { id_token, access_token, expires_in: (expiry.access - seconds).max(0) })
}
