//! `grant_type=authorization_code` (RFC 6749 section 4.1.3) with PKCE (RFC 7636): what a login in a browser ends with.

use super::{Granted, in_session, is_offline};
use crate::{
    Result,
    cx::Cx,
    error::oauth,
    login::code::{self, Code},
    oidc::token::{Asked, invalid_request},
    token::{
        mappers::{LEVEL, NONCE},
        refresh::refused,
        scope::Scopes,
        sessions::is_alive,
    },
};
use aws_lc_rs::digest;
use cloakroom_api::oidc::token::TokenAnswer;
use cloakroom_store::{
    sessions::{self, SessionRow},
    single_use, users,
};
use data_encoding::BASE64URL_NOPAD;
use http::StatusCode;

/// Codes that were redeemed, for as long as somebody may try them again.
const REDEEMED: &str = "redeemed-code";

/// How long that is, in milliseconds: longer than any code is good for.
const REMEMBERED: i64 = 3_600_000;

pub(crate) fn answer(cx: &mut Cx, asked: &Asked<'_>) -> Result<TokenAnswer> {
    let (realm, client, now) = (asked.realm, asked.client, cx.now());
    if client.settings.standard_flow_enabled == Some(false) {
        let words = "Client not allowed to exchange code";
        return Err(oauth(StatusCode::BAD_REQUEST, "unauthorized_client", words));
    }
    let text = asked.get("code").ok_or_else(|| invalid_request("Missing parameter: code"))?;
    let Some(code) = Code::take(cx.write()?, &realm.id, text, now)? else {
        used_again(cx, asked, text)?;
        return Err(cx.refuse(refused("Code not valid")));
    };
    // whatever is wrong from here on, the code is used up
    check(asked, &code).map_err(|error| cx.refuse(error))?;
    let found = sessions::get(cx.read()?, &realm.id, &code.session, false)?;
    let Some(session) = found.filter(|s| is_alive(&realm.settings, s, now)) else {
        return Err(cx.refuse(refused("Session not active")));
    };
    let Some(user) = users::by_id(cx.read()?, &realm.id, &session.user)? else {
        return Err(cx.refuse(refused("User not found")));
    };
    if !user.enabled {
        return Err(cx.refuse(refused("User disabled")));
    }
    let scopes = Scopes::resolve(realm, client, code.scope.as_deref()).map_err(|error| cx.refuse(error.into()))?;
    let session = if is_offline(asked, &scopes) {
        let there = sessions::get(cx.read()?, &realm.id, &session.id, true)?;
        there.unwrap_or(SessionRow { offline: true, started: now, ..session })
    } else {
        session
    };
    let part = sessions::lock_client(cx.write()?, &session.id, session.offline, &client.id)?;
    let nonce = code.nonce.map(|nonce| (NONCE.to_owned(), nonce));
    let granted = Granted {
        letters: "ac",
        user,
        scopes,
        asked: code.scope,
        notes: nonce.into_iter().chain([(LEVEL.to_owned(), code.acr)]).collect(),
    };
    let (random, ..) = code::parts(text).unwrap_or_default();
    single_use::put(cx.write()?, REDEEMED, &realm.id, random, now + REMEMBERED, &())?;
    in_session(cx, asked, granted, session, part).map_err(|error| cx.refuse(error))
}

/// A code that was redeemed before may be in a thief's hands, and so may its tokens: they end (RFC 6749 section 4.1.2).
fn used_again(cx: &mut Cx, asked: &Asked<'_>, text: &str) -> Result<()> {
    let (realm, now) = (asked.realm, cx.now());
    let Some((random, session, client)) = code::parts(text) else { return Ok(()) };
    if single_use::exists(cx.read()?, REDEEMED, &realm.id, random, now)? {
        for offline in [false, true] {
            sessions::delete_client(cx.write()?, session, offline, client)?;
        }
    }
    Ok(())
}

/// Whether the code was made for this request: client, address, and the secret behind its challenge.
fn check(asked: &Asked<'_>, code: &Code) -> Result<()> {
    if code.client != asked.client.id {
        return Err(refused("Auth error: Found different client_id in clientSession"));
    }
    if code.redirect_uri.as_deref().is_some_and(|uri| asked.get("redirect_uri") != Some(uri)) {
        return Err(refused("Incorrect redirect_uri"));
    }
    let verifier = asked.get("code_verifier");
    match (&code.code_challenge, verifier) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(refused("PKCE code verifier specified but challenge not present in authorization")),
        (Some(_), None) => Err(refused("PKCE code verifier not specified")),
        (Some(_), Some(verifier)) if !is_verifier(verifier) => {
            Err(refused("PKCE verification failed: Invalid code verifier"))
        }
        (Some(challenge), Some(verifier)) => {
            let made = match code.code_challenge_method.as_deref() {
                Some("S256") => BASE64URL_NOPAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()).as_ref()),
                _ => verifier.to_owned(),
            };
            if made == *challenge { Ok(()) } else { Err(refused("PKCE verification failed: Code mismatch")) }
        }
    }
}

/// 43 to 128 unreserved characters (RFC 7636 section 4.1).
fn is_verifier(text: &str) -> bool {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

#[cfg(test)]
mod tests {
    use super::is_verifier;

    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters() {
        assert!(is_verifier(&"aZ09-._~".repeat(6)));
        for bad in ["a".repeat(42), "a".repeat(129), "ü".repeat(43), "a b".repeat(20)] {
            assert!(!is_verifier(&bad), "{bad}");
        }
    }
}
