//! `grant_type=client_credentials` (RFC 6749 section 4.4): a client in its own name, as its service account.

use super::{Granted, in_new_session};
use crate::{
    Error, Result,
    cx::Cx,
    error::oauth,
    oidc::token::Asked,
    token::{
        context::{Context, SessionPart},
        mint::{self, Kind, Order},
        scope::Scopes,
        service_account,
        sessions::{Times, expiry},
    },
};
use cloakroom_api::oidc::token::TokenAnswer;
use cloakroom_store::sessions::SessionDoc;
use http::StatusCode;

fn unauthorized_client(words: &str) -> Error {
    oauth(StatusCode::UNAUTHORIZED, "unauthorized_client", words)
}

pub(crate) fn answer(cx: &mut Cx, asked: &Asked<'_>) -> Result<TokenAnswer> {
    let (realm, client) = (asked.realm, asked.client);
    if client.settings.public_client == Some(true) {
        return Err(unauthorized_client("Public client not allowed to retrieve service account"));
    }
    if client.settings.service_accounts_enabled != Some(true) {
        return Err(unauthorized_client("Client not enabled to retrieve service account"));
    }
    let scope = asked.get("scope");
    let scopes = Scopes::resolve(realm, client, scope)?;
    let user = service_account::of(cx, realm, client)?;
    if !user.enabled {
        let words = format!("User '{}' disabled", user.username);
        return Err(oauth(StatusCode::UNAUTHORIZED, "invalid_request", words));
    }
    let address = cx.address.to_string();
    let notes = [("clientAddress", &address), ("clientHost", &address), ("client_id", &client.client_id)];
    let notes = notes.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
    if client.tokens.refresh_tokens_for_service_account && client.tokens.refresh_tokens {
        let doc = SessionDoc {
            login_username: user.username.clone(),
            auth_method: "openid-connect".to_owned(),
            address,
            notes,
        };
        let asked_scope = scope.map(str::to_owned);
        let granted = Granted { letters: "cc", user, scopes, asked: asked_scope, notes: Default::default() };
        return in_new_session(cx, asked, granted, doc);
    }
    let session = SessionPart { id: None, notes, ..SessionPart::default() };
    let context = Context::load(cx, realm, client, user, scopes, session)?;
    let now = cx.now();
    let times = Times { offline: false, remember_me: false, started: now, client_started: now };
    let order = Order {
        now: cx.now_seconds(),
        kind: Kind::Transient,
        grant: "cc",
        expiry: expiry(&realm.settings, client, times, now),
        ids: [cx.new_id(), cx.new_id()],
        id_token: context.scopes.openid,
        refresh: None,
    };
    mint::tokens(cx, &context, &order)
}
