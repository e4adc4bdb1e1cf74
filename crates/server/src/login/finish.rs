//! The end of a login: session, cookies, and the answer to the application.

use axum::response::Response;
use cloakroom_store::{
    sessions::{self, ClientSessionDoc, ClientSessionRow, SessionDoc, SessionRow},
    users::{self, UserRow},
};
use http::StatusCode;

use super::{
    code::Code,
    cookies::{self, Cookie},
    front_channel, identity,
    progress::Login,
    show::{self, Caching},
    steps::AUTH_TIME,
    tab::{Asked, Stage},
};
use crate::{
    Result,
    profile::LOCALE,
    token::{
        mappers::{LEVEL, NONCE},
        sessions::{is_alive, lifespan},
    },
};

/// How long a browser remembers a name: a year.
const REMEMBER: i64 = 31_536_000;

/// Logs the person in: a session, or a place in the one that is there, and a code.
pub(crate) fn finish(mut login: Box<Login<'_>>, user: UserRow) -> Result<Response> {
    let realm = login.realm.clone();
    let present = identity::logged_in(login.cx, &realm)?;
    if present.as_ref().is_some_and(|p| p.user.id != user.id) {
        login.forget()?;
        let name = present.map(|p| p.user.username).unwrap_or_default();
        let how = (StatusCode::BAD_REQUEST, Caching::NoStore);
        return show::refusal(login.cx, &realm, how, ("differentUserAuthenticated", &[name]), None);
    }
    let fresh = login.tab.stage == Stage::Authenticated;
    let session = match (present.map(|p| p.session), &login.tab.session) {
        (Some(session), _) => session,
        // the session was there when the login began: it ended meanwhile, so its cookie proves nothing any more
        (None, Some(_)) if !fresh => return login.refuse("login_required", None),
        (None, _) => begin(&mut login, &user),
    };
    let Some(session) = keep(&mut login, session, fresh)? else { return login.refuse("login_required", None) };
    let (request, asked) = (login.tab.request.clone(), login.tab.asked);
    let acr = if fresh { "1" } else { "0" };
    let part = join(&mut login, &session, acr)?;
    if let Some(locale) = login.tab.locale.clone().filter(|_| login.speaks_languages()) {
        users::set_attribute(login.cx.write()?, &user.id, LOCALE, &locale)?;
    }
    if fresh {
        set_cookies(&mut login, &session, &user)?;
    }
    login.forget()?;
    let silent = login.setting("exclude.session.state.from.auth.response") == Some("true");
    let issuer = login.issuer();
    let mut answer = login
        .answer()
        .with_some("state", request.wishes.state.clone())
        .with_some("session_state", (!silent).then(|| session.id.clone()))
        .with_some("iss", issuer);
    if let Some(asked) = asked {
        let alias = request.wishes.action().filter(|_| asked != Asked::Error).map(|(alias, _)| alias.to_owned());
        answer = answer.with_some("kc_action", alias).with("kc_action_status", asked.word());
    }
    let mut code = None;
    if request.response_type.code {
        let made = make_code(&mut login, &session, acr)?;
        answer = answer.with("code", made.clone());
        code = Some(made);
    }
    if request.response_type.is_front_channel() {
        let rows = (&session, &part);
        let made = front_channel::tokens(&mut login, request.response_type, rows, user, code.as_deref())?;
        answer = answer.with_some("id_token", made.id_token);
        if let Some(token) = made.access_token {
            answer = answer
                .with("access_token", token)
                .with("token_type", "Bearer")
                .with("expires_in", made.expires_in.to_string());
        }
    }
    show::answer(login.cx, &realm, answer)
}

/// A code for what was asked, good for the realm's minute.
fn make_code(login: &mut Login<'_>, session: &SessionRow, acr: &str) -> Result<String> {
    let realm = login.realm.clone();
    let request = &login.tab.request;
    let wishes = request.wishes.clone();
    let code = Code {
        session: session.id.clone(),
        client: login.client.id.clone(),
        redirect_uri: request.redirect_uri_given.then(|| request.redirect_uri.clone()),
        scope: wishes.scope,
        nonce: wishes.nonce,
        acr: acr.to_owned(),
        code_challenge: wishes.code_challenge,
        code_challenge_method: wishes.code_challenge_method,
        dpop_jkt: wishes.dpop_jkt,
    };
    let (random, now) = (login.cx.new_id(), login.cx.now());
    let lasts = i64::from(realm.settings.access_code_lifespan.filter(|s| *s > 0).unwrap_or(60)) * 1000;
    Ok(code.put(login.cx.write()?, &realm.id, &random, now + lasts)?)
}

/// A session that begins now, under an id that nobody has seen before.
fn begin(login: &mut Login<'_>, user: &UserRow) -> SessionRow {
    let now = login.cx.now();
    let doc = SessionDoc {
        address: login.cx.address.to_string(),
        login_username: login.tab.typed.clone().unwrap_or_else(|| user.username.clone()),
        auth_method: "openid-connect".to_owned(),
        ..SessionDoc::default()
    };
    SessionRow {
        id: login.cx.app.random.token(),
        offline: false,
        user: user.id.clone(),
        started: now,
        last_refresh: 0,
        expires: 0,
        remember_me: login.tab.remember_me,
        doc,
    }
}

/// Writes the session: when it was used last, and when the person was authenticated. None where it ended meanwhile.
fn keep(login: &mut Login<'_>, mut session: SessionRow, fresh: bool) -> Result<Option<SessionRow>> {
    let realm = login.realm.clone();
    let (now, seconds) = (login.cx.now(), login.cx.now_seconds());
    let is_new = session.last_refresh == 0;
    session.last_refresh = now;
    if fresh {
        session.doc.notes.insert(AUTH_TIME.to_owned(), seconds.to_string());
    }
    session.expires = lifespan(&realm.settings, false, session.remember_me).ends(session.started, now);
    debug_assert!(is_alive(&realm.settings, &session, now), "a session that begins is alive");
    let db = login.cx.write()?;
    let kept = if is_new {
        sessions::insert(db, &realm.id, &session)?;
        true
    } else {
        sessions::update(db, &realm.id, &session)?
    };
    Ok(kept.then_some(session))
}

/// The client's place in the session: a new one, or the one that it has.
fn join(login: &mut Login<'_>, session: &SessionRow, acr: &str) -> Result<ClientSessionRow> {
    let now = login.cx.now();
    let client = login.client.id.clone();
    let known = sessions::lock_client(login.cx.write()?, &session.id, false, &client)?;
    let mut part = known.unwrap_or_else(|| ClientSessionRow {
        session: session.id.clone(),
        offline: false,
        client,
        started: now,
        last_refresh: now,
        doc: ClientSessionDoc::default(),
    });
    let request = &login.tab.request;
    let nonce = request.wishes.nonce.clone().map(|nonce| (NONCE.to_owned(), nonce));
    part.last_refresh = now;
    part.doc.scope = request.wishes.scope.clone();
    part.doc.redirect_uri = Some(request.redirect_uri.clone());
    part.doc.notes = nonce.into_iter().chain([(LEVEL.to_owned(), acr.to_owned())]).collect();
    sessions::put_client(login.cx.write()?, &part)?;
    Ok(part)
}

/// What the browser keeps of a login.
fn set_cookies(login: &mut Login<'_>, session: &SessionRow, user: &UserRow) -> Result<()> {
    let realm = login.realm.clone();
    let lasts = lifespan(&realm.settings, false, session.remember_me).max.unwrap_or(0) / 1000;
    let token = identity::issue(login.cx, &realm, session)?;
    let hash = identity::fingerprint(&session.id);
    let kept = session.remember_me.then_some(lasts);
    let name = data_encoding::BASE64URL_NOPAD.encode(login.tab.typed.as_deref().unwrap_or(&user.username).as_bytes());
    let set = [
        Some(Cookie { name: cookies::IDENTITY, value: &token, max_age: kept, http_only: true }),
        Some(Cookie { name: cookies::SESSION, value: &hash, max_age: Some(lasts), http_only: false }),
        login.tab.remember_me.then_some(Cookie {
            name: cookies::REMEMBER_ME,
            value: &name,
            max_age: Some(REMEMBER),
            http_only: true,
        }),
    ];
    for cookie in set.into_iter().flatten() {
        show::set_cookie(login.cx, &realm, cookie);
    }
    show::forget_cookie(login.cx, &realm, cookies::RESTART);
    Ok(())
}
