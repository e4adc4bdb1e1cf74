//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0): a person leaves, asked by an application or not.

use std::sync::Arc;

use axum::response::Response;
use cloakroom_api::endpoint::Form;
use cloakroom_store::{sessions, single_use};
use http::{HeaderValue, Method, StatusCode, header};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::{
    authorize::{home, origin},
    redirect_uri::{self, Base},
    token::{client, require_enabled},
};
use crate::{
    Result,
    cx::Cx,
    login::{
        cookies::{self, Cookie},
        identity,
        links::path_of,
        pages::{Info, LogoutConfirm},
        request::{Pairs, single},
        response::with_query,
        show::{self, Caching, Words},
    },
    random::same,
    realm_view::{ClientView, RealmView},
    route::Routes,
    token::refresh::Refresh,
};

/// The endpoint, and where its own question is answered.
pub fn routes() -> Routes {
    const PATH: &str = "/realms/{realm}/protocol/openid-connect/logout";
    const CONFIRM: &str = "/realms/{realm}/protocol/openid-connect/logout/logout-confirm";
    Routes::new()
        .page(Method::GET, PATH, logout)
        .page(Method::POST, PATH, logout)
        .page(Method::GET, CONFIRM, confirm)
        .page(Method::POST, CONFIRM, confirm)
}

/// What a logout leads to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Leave {
    /// The client's id, if an application asked.
    client: Option<String>,
    redirect_uri: Option<String>,
    state: Option<String>,
    /// The session to end; the browser's own where this is not said.
    session: Option<String>,
    /// The browser that was asked, by its cookie, and the code of the page.
    #[serde(default)]
    browser: String,
    #[serde(default)]
    code: String,
}

const KIND: &str = "logout";

/// How long a person may think about it, in milliseconds.
const CONFIRM_LIFESPAN: i64 = 1_800_000;

/// The claims of an ID token that say whose logout it is.
#[derive(Debug, Deserialize)]
struct Hint {
    typ: Option<String>,
    iss: Option<String>,
    azp: Option<String>,
    sid: Option<String>,
}

fn logout(cx: &mut Cx, path: Vec<String>, body: &[u8]) -> Result<Response> {
    let realm = cx.realm(path.first().map_or("", String::as_str))?;
    let given =
        if cx.parts.method == Method::POST { body } else { cx.parts.uri.query().unwrap_or_default().as_bytes() };
    let pairs: Vec<(String, String)> = form_urlencoded::parse(given).into_owned().collect();
    if cx.parts.method == Method::POST && single(&pairs, "refresh_token").is_some() {
        return by_token(cx, &realm, &Form(pairs));
    }
    if realm.settings.enabled == Some(false) {
        return wrong(cx, &realm, "realmNotEnabledMessage", &[], None);
    }
    let hint = single(&pairs, "id_token_hint");
    let (client_id, wanted) = (single(&pairs, "client_id"), single(&pairs, "post_logout_redirect_uri"));
    if wanted.is_some() && hint.is_none() && client_id.is_none() {
        return wrong(cx, &realm, "missingParameterMessage", &["id_token_hint".to_owned()], None);
    }
    let hint = match hint.map(|token| read_hint(cx, &realm, token)) {
        Some(Some(hint)) if client_id.is_none_or(|id| hint.azp.as_deref() == Some(id)) => Some(hint),
        None => None,
        _ => return wrong(cx, &realm, "invalidParameterMessage", &["id_token_hint".to_owned()], None),
    };
    let client = match client_id.or(hint.as_ref().and_then(|h| h.azp.as_deref())) {
        Some(id) => cx.find_client(&realm, id)?.filter(|c| c.settings.enabled != Some(false)),
        None => None,
    };
    if wanted.is_some_and(|uri| !client.as_ref().is_some_and(|client| may_return(cx, &realm, client, uri))) {
        let back = client.and_then(|c| home(cx, &realm, &c));
        return wrong(cx, &realm, "invalidRedirectUriMessage", &[], back);
    }
    let present = identity::logged_in(cx, &realm)?;
    let hinted = hint.and_then(|h| h.sid);
    let sure = match (&hinted, &present) {
        (Some(sid), Some(present)) => *sid == present.session.id,
        (Some(_), None) => true,
        (None, present) => present.is_none() && wanted.is_some(),
    };
    let leave = Leave {
        client: client.as_ref().map(|c| c.id.clone()),
        redirect_uri: wanted.map(str::to_owned),
        state: single(&pairs, "state").map(str::to_owned),
        session: hinted.filter(|_| sure),
        ..Leave::default()
    };
    if sure { end(cx, &realm, leave) } else { ask(cx, &realm, client, leave, &pairs) }
}

/// Ends the session of a refresh token, for an application that speaks for itself. That it is over already is fine.
fn by_token(cx: &mut Cx, realm: &RealmView, form: &Form) -> Result<Response> {
    require_enabled(realm)?;
    let client = client(cx, realm, form)?;
    let token = Refresh::read(cx, realm, &client, form.get("refresh_token").unwrap_or_default())?;
    sessions::delete(cx.write()?, &realm.id, &token.session, token.offline)?;
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// Asks the person: a link alone must not log anybody out.
fn ask(
    cx: &mut Cx,
    realm: &RealmView,
    client: Option<Arc<ClientView>>,
    leave: Leave,
    pairs: &Pairs,
) -> Result<Response> {
    let (browser, code) = (cx.app.random.token(), cx.app.random.token());
    let tab = data_encoding::BASE64URL_NOPAD.encode(&cx.app.random.bytes::<8>());
    let leave = Leave { browser: browser.clone(), code: code.clone(), session: None, ..leave };
    let expires = cx.now() + CONFIRM_LIFESPAN;
    single_use::put(cx.write()?, KIND, &realm.id, &tab, expires, &leave)?;
    let cookie = Cookie { name: cookies::AUTH_SESSION_ID, value: &browser, max_age: None, http_only: true };
    show::set_cookie(cx, realm, cookie);
    let client_id = client.as_ref().map_or("account", |c| c.client_id.as_str());
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("client_id", client_id), ("tab_id", &tab)])
        .finish();
    let issuer = realm.issuer(&cx.base);
    let action = format!("{}/protocol/openid-connect/logout/logout-confirm?{query}", path_of(&issuer));
    let back = client.and_then(|c| home(cx, realm, &c));
    let words = Words::choose(cx, realm, None, single(pairs, "ui_locales"));
    let page = LogoutConfirm { action, code, back };
    show::page(cx, realm, &words, (StatusCode::OK, Caching::NoCache), None, &page)
}

/// The person's answer.
fn confirm(cx: &mut Cx, path: Vec<String>, body: &[u8]) -> Result<Response> {
    let realm = cx.realm(path.first().map_or("", String::as_str))?;
    let query = cx.parts.uri.query().unwrap_or_default().to_owned();
    let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let form: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    let browser = cookies::find(&cx.parts.headers, cookies::AUTH_SESSION_ID).map(str::to_owned);
    let (Some(tab), Some(browser)) = (single(&query, "tab_id"), browser) else {
        return wrong(cx, &realm, "successLogout", &[], None);
    };
    let now = cx.now();
    let leave: Option<Leave> = single_use::take(cx.write()?, KIND, &realm.id, tab, now)?;
    let code = single(&form, "session_code").unwrap_or_default();
    match leave.filter(|leave| same(&leave.browser, &browser) && same(&leave.code, code)) {
        Some(leave) => end(cx, &realm, leave),
        None => wrong(cx, &realm, "failedLogout", &[], None),
    }
}

/// Ends the session, makes the browser forget it, and leads on.
fn end(cx: &mut Cx, realm: &RealmView, leave: Leave) -> Result<Response> {
    let own = identity::logged_in(cx, realm)?.map(|present| present.session.id);
    for session in [own, leave.session].into_iter().flatten() {
        sessions::delete(cx.write()?, &realm.id, &session, false)?;
    }
    for name in [cookies::IDENTITY, cookies::REMEMBER_ME, cookies::SESSION] {
        show::forget_cookie(cx, realm, name);
    }
    let fresh = cx.app.random.token();
    let cookie = Cookie { name: cookies::AUTH_SESSION_ID, value: &fresh, max_age: None, http_only: true };
    show::set_cookie(cx, realm, cookie);
    if let Some(uri) = leave.redirect_uri {
        let state = leave.state.map(|state| ("state".to_owned(), state));
        return show::redirect(&with_query(&uri, state.as_slice()), Caching::NoCache);
    }
    let client = match leave.client {
        Some(id) => cx.find_client_by_id(realm, &id)?,
        None => None,
    };
    let words = Words::choose(cx, realm, None, None);
    let page = Info { message: words.say(cx, "successLogout", &[]), back: client.and_then(|c| home(cx, realm, &c)) };
    show::page(cx, realm, &words, (StatusCode::OK, Caching::NoCache), None, &page)
}

fn wrong(cx: &Cx, realm: &RealmView, key: &str, arguments: &[String], back: Option<String>) -> Result<Response> {
    show::refusal(cx, realm, (StatusCode::BAD_REQUEST, Caching::NoCache), (key, arguments), back)
}

/// An ID token of this realm; it may have expired, since people stay longer than tokens last.
fn read_hint(cx: &Cx, realm: &RealmView, token: &str) -> Option<Hint> {
    let verified = realm.keys.verify(token).ok()?;
    let hint: Hint = verified.claims().ok()?;
    let ours = hint.typ.as_deref() == Some("ID") && hint.iss.as_deref() == Some(&realm.issuer(&cx.base));
    ours.then_some(hint)
}

/// Whether a client may have its people sent there after logout.
fn may_return(cx: &Cx, realm: &RealmView, client: &ClientView, uri: &str) -> bool {
    let settings = &client.settings;
    let own = settings.redirect_uris.as_deref().unwrap_or_default();
    let patterns = redirect_uri::after_logout(client.attribute("post.logout.redirect.uris"), own);
    let server = realm.base(&cx.base);
    let root_url = client.root_url(server);
    redirect_uri::allows(&patterns, Base { root_url: root_url.as_deref(), server: origin(server) }, uri)
}
