//! `login-actions`: where the forms and links of a login lead.

use std::{collections::BTreeMap, sync::Arc};

use axum::{body::Body, response::Response};
use http::{HeaderValue, Method, StatusCode, header};
use url::form_urlencoded;

use super::{
    actions::{self, Asking},
    cookies,
    flow::{Next, next},
    identity,
    links::ClientData,
    pages::Expired,
    proceed::proceed,
    progress::{Login, Opened},
    registration,
    request::{Pairs, single},
    resources,
    show::{self, Caching},
    steps::{self, Submitted},
    tab::Stage,
};
use crate::{Result, cx::Cx, error, realm_view::RealmView, route::Routes};

/// The pages of a login and what they need.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .page(Method::GET, "/realms/{realm}/login-actions/authenticate", within(authenticate))
        .page(Method::POST, "/realms/{realm}/login-actions/authenticate", within(authenticate))
        .page(Method::GET, "/realms/{realm}/login-actions/required-action", within(required_action))
        .page(Method::POST, "/realms/{realm}/login-actions/required-action", within(required_action))
        .page(Method::POST, "/realms/{realm}/login-actions/consent", within(consent))
        .page(Method::GET, "/realms/{realm}/login-actions/restart", within(restart))
        .page(Method::GET, "/realms/{realm}/login-actions/registration", within(registration))
        .page(Method::POST, "/realms/{realm}/login-actions/registration", within(registration))
        .page(Method::GET, "/realms/{realm}/login-actions/reset-credentials", reset_credentials)
        .page(Method::GET, "/realms/{realm}/login-actions/action-token", action_token)
        .page(Method::GET, "/realms/{realm}/login-actions/first-broker-login", within(brokered))
        .page(Method::POST, "/realms/{realm}/login-actions/first-broker-login", within(brokered))
        .page(Method::GET, "/resources/{version}/login/{*path}", resource)
}

/// A request to one of the endpoints: its query, and its body if it was a form.
struct Asked {
    query: Vec<(String, String)>,
    form: Option<Vec<(String, String)>>,
}

impl Asked {
    fn read(cx: &Cx, body: &[u8]) -> Self {
        let pairs = |bytes: &[u8]| form_urlencoded::parse(bytes).into_owned().collect();
        let query = pairs(cx.parts.uri.query().unwrap_or_default().as_bytes());
        let form = (cx.parts.method == Method::POST).then(|| pairs(body));
        Asked { query, form }
    }

    /// The code of the page that is answered.
    fn code(&self) -> &str {
        single(&self.query, "session_code").unwrap_or_default()
    }

    /// Which of its ways to show itself a page is asked for, by its link or by the form on it.
    fn mode(&self) -> Option<&str> {
        single(&self.query, "mode").or_else(|| single(self.form.as_deref()?, "mode"))
    }
}

/// An endpoint within a login: the one that the link names is opened first.
fn within(
    handler: fn(Box<Login<'_>>, &Asked) -> Result<Response>,
) -> impl Fn(&mut Cx, Vec<String>, &[u8]) -> Result<Response> {
    move |cx, path, body| {
        let (realm, asked) = (enter(cx, &path)?, Asked::read(cx, body));
        match opened(cx, &realm, &asked)? {
            Ok(login) => handler(login, &asked),
            Err(response) => Ok(response),
        }
    }
}

fn authenticate(mut login: Box<Login<'_>>, asked: &Asked) -> Result<Response> {
    if login.tab.stage != Stage::Flow {
        return proceed(login);
    }
    let flow = login.flow().ok_or_else(|| error::internal("the realm's browser flow is missing"))?;
    let Next::Run(execution) = next(&flow, &login.tab.outcomes) else { return proceed(login) };
    match attended(&mut login, asked, &execution.id, "authenticate")? {
        Attended::Answer(form) => {
            let submitted = steps::submit(&mut login, execution, form)?;
            if !login.claim(asked.code())? {
                return expired(&login, "authenticate", &execution.id);
            }
            match submitted {
                Submitted::Outcome(outcome) => {
                    login.tab.record(&execution.id, outcome);
                    proceed(login)
                }
                Submitted::Again(wrong) => steps::show(login, execution, wrong),
            }
        }
        Attended::Look if login.tab.waiting.is_some() => steps::show(login, execution, steps::Wrong::default()),
        Attended::Look => proceed(login),
        Attended::Done(response) => Ok(response),
    }
}

fn required_action(mut login: Box<Login<'_>>, asked: &Asked) -> Result<Response> {
    let user = match login.tab.stage {
        Stage::Flow => None,
        Stage::Remembered | Stage::Authenticated => login.user()?.filter(|user| user.enabled),
    };
    let Some(user) = user else {
        let address = login.address("authenticate", &[]);
        return login.redirect(&address);
    };
    let Some(action) = actions::pending(&mut login, &user)? else { return proceed(login) };
    let wrong = match attended(&mut login, asked, &action.alias, "required-action")? {
        Attended::Answer(form) => {
            if !settled(&mut login, asked)? {
                return expired(&login, "required-action", &action.alias);
            }
            match actions::submit(&mut login, &action, user.clone(), form)? {
                actions::Completed::Done => return proceed(login),
                actions::Completed::Refused(description) => return login.refuse("access_denied", Some(description)),
                actions::Completed::Again(wrong) => Some(wrong),
            }
        }
        Attended::Look => None,
        Attended::Done(response) => return Ok(response),
    };
    actions::show(login, Asking { action: &action, user: &user, mode: asked.mode(), wrong })
}

/// An account for who has none.
fn registration(mut login: Box<Login<'_>>, asked: &Asked) -> Result<Response> {
    if login.tab.stage != Stage::Flow {
        return proceed(login);
    }
    if login.realm.settings.registration_allowed != Some(true) {
        return registration::not_allowed(&mut login);
    }
    match attended(&mut login, asked, registration::STEP, "registration")? {
        Attended::Answer(form) => {
            if !settled(&mut login, asked)? {
                return expired(&login, "registration", registration::STEP);
            }
            match registration::submit(&mut login, form)? {
                Ok(()) => proceed(login),
                Err(errors) => registration::show(login, errors, Some(form)),
            }
        }
        Attended::Look => registration::show(login, BTreeMap::new(), None),
        Attended::Done(response) => Ok(response),
    }
}

/// A forgotten password: the way back leads through a mail, which this server does not send.
fn reset_credentials(cx: &mut Cx, path: Vec<String>, _: &[u8]) -> Result<Response> {
    let realm = enter(cx, &path)?;
    let (status, key) = match realm.settings.reset_password_allowed {
        Some(true) => (StatusCode::SERVICE_UNAVAILABLE, "emailSendErrorMessage"),
        _ => (StatusCode::BAD_REQUEST, "resetCredentialNotAllowedMessage"),
    };
    show::refusal(cx, &realm, (status, Caching::NoStore), (key, &[]), None)
}

/// A link out of a mail. None is sent from here, so none is known.
fn action_token(cx: &mut Cx, path: Vec<String>, body: &[u8]) -> Result<Response> {
    let (realm, asked) = (enter(cx, &path)?, Asked::read(cx, body));
    let client_id = single(&asked.query, "client_id").unwrap_or_default();
    let client = cx.find_client(&realm, client_id)?.filter(|c| c.settings.enabled != Some(false));
    let back = client.and_then(|c| crate::oidc::authorize::home(cx, &realm, &c));
    let key = if single(&asked.query, "key").is_some() { "invalidCodeMessage" } else { "invalidRequestMessage" };
    show::refusal(cx, &realm, (StatusCode::BAD_REQUEST, Caching::NoStore), (key, &[]), back)
}

/// The first login by way of another server: nobody comes from one, so a login goes on where it is.
fn brokered(login: Box<Login<'_>>, _: &Asked) -> Result<Response> {
    proceed(login)
}

/// Whether the application may know what it asked for.
fn consent(mut login: Box<Login<'_>>, asked: &Asked) -> Result<Response> {
    let form = asked.form.as_deref().unwrap_or_default();
    let waits = login.tab.waiting.as_deref() == Some(actions::consent::ALIAS);
    let user = match login.tab.stage {
        Stage::Flow => None,
        Stage::Remembered | Stage::Authenticated => login.user()?.filter(|user| user.enabled && waits),
    };
    let Some(user) = user.filter(|_| single(form, "code").is_some_and(|code| login.expects(code))) else {
        return proceed(login);
    };
    if !login.claim(single(form, "code").unwrap_or_default())? {
        return proceed(login);
    }
    if form.iter().any(|(name, _)| name == "cancel") || !form.iter().any(|(name, _)| name == "accept") {
        return login.refuse("access_denied", None);
    }
    actions::consent::grant(&mut login, &user)?;
    login.tab.waiting = None;
    proceed(login)
}

/// Begins the same login again, as someone else: the session that the browser had ends.
fn restart(mut login: Box<Login<'_>>, asked: &Asked) -> Result<Response> {
    let (realm, now) = (login.realm.clone(), login.cx.now());
    let session = login.tab.session.take();
    login.tab = login.tab.again(now);
    if let Some(session) = session.filter(|_| single(&asked.query, "skip_logout") == Some("false")) {
        cloakroom_store::sessions::delete(login.cx.write()?, &realm.id, &session, false)?;
        for name in [cookies::IDENTITY, cookies::SESSION] {
            show::forget_cookie(login.cx, &realm, name);
        }
    }
    let address = login.address("authenticate", &[]);
    login.redirect(&address)
}

/// The realm, which has to be there; a disabled one has no logins.
fn enter(cx: &mut Cx, path: &[String]) -> Result<Arc<RealmView>> {
    cx.realm(path.first().map_or("", String::as_str))
}

/// The login that a link names, or the answer to a link whose login is over: where it can begin again it does.
fn opened<'a>(cx: &'a mut Cx, realm: &Arc<RealmView>, asked: &Asked) -> Result<Result<Box<Login<'a>>, Response>> {
    if realm.settings.enabled == Some(false) {
        let how = (StatusCode::BAD_REQUEST, Caching::NoStore);
        return show::refusal(cx, realm, how, ("realmNotEnabledMessage", &[]), None).map(Err);
    }
    let cx = match Login::open(cx, realm, &asked.query)? {
        Opened::Login(mut login) => {
            if let Some(locale) = single(&asked.query, "kc_locale") {
                choose_locale(&mut login, locale);
            }
            return Ok(Ok(login));
        }
        Opened::Unknown(cx) => cx,
    };
    let client_id = single(&asked.query, "client_id").unwrap_or_default();
    let client = cx.find_client(realm, client_id)?.filter(|c| c.settings.enabled != Some(false));
    let remembered = identity::restart(cx, realm).filter(|request| request.client_id == client_id);
    // a link alone begins a login only for whom it can be nothing new: somebody who is logged in
    let repeated = match (&remembered, ClientData::pairs(&asked.query)) {
        (None, Some(pairs)) if identity::logged_in(cx, realm)?.is_some() => Some(pairs),
        _ => None,
    };
    let request = match (remembered, repeated, &client) {
        (Some(request), _, Some(_)) => Some(request),
        (None, Some(pairs), Some(client)) => crate::oidc::authorize::check(cx, realm, client, &pairs).ok(),
        _ => None,
    };
    let (Some(request), Some(client)) = (request, client.clone()) else {
        let back = client.and_then(|c| crate::oidc::authorize::home(cx, realm, &c));
        let how = (StatusCode::BAD_REQUEST, Caching::NoStore);
        return show::refusal(cx, realm, how, ("cookieNotFoundMessage", &[]), back).map(Err);
    };
    let mut login = Box::new(Login::begin(cx, realm.clone(), client, request)?);
    login.set_cookies()?;
    login.tab.alert = Some("loginTimeout".to_owned());
    let address = login.address("authenticate", &[]);
    login.redirect(&address).map(Err)
}

/// What a request wants of the page that waits.
enum Attended<'a> {
    /// To answer it.
    Answer(&'a Pairs),
    /// To see it (again).
    Look,
    /// Nothing that can be had: it is answered.
    Done(Response),
}

/// Compares a request with the page that waits: the right one, or an old one, or one of another step?
fn attended<'q>(login: &mut Box<Login<'_>>, asked: &'q Asked, waiting: &str, action: &str) -> Result<Attended<'q>> {
    let execution = single(&asked.query, "execution");
    if execution.is_some_and(|execution| execution != waiting) {
        let words = login.words()?;
        let page = Expired { urls: login.urls() };
        return login.page(&words, None, &page).map(Attended::Done);
    }
    match (single(&asked.query, "session_code"), &asked.form) {
        (Some(code), Some(form)) if login.expects(code) && execution.is_some() => Ok(Attended::Answer(form)),
        (None, None) => Ok(Attended::Look),
        _ => {
            login.tab.alert = Some("expiredActionMessage".to_owned());
            let address = login.address(action, &[("execution", waiting)]);
            login.redirect(&address).map(Attended::Done)
        }
    }
}

/// Takes the page's code, and commits that: what follows may hash, which no transaction waits for.
fn settled(login: &mut Login<'_>, asked: &Asked) -> Result<bool> {
    let claimed = login.claim(asked.code())?;
    if claimed {
        login.save()?;
        login.cx.commit()?;
    }
    Ok(claimed)
}

/// The answer to a page that was answered before.
fn expired(login: &Login<'_>, action: &str, waiting: &str) -> Result<Response> {
    show::redirect(&login.address(action, &[("execution", waiting)]), Caching::NoStore)
}

/// Keeps the language that was chosen on a page, for this login and the next ones.
fn choose_locale(login: &mut Login<'_>, locale: &str) {
    let supported = login.realm.settings.supported_locales.as_deref().unwrap_or_default();
    if login.realm.settings.internationalization_enabled != Some(true) || !supported.iter().any(|l| l == locale) {
        return;
    }
    login.tab.locale = Some(locale.to_owned());
    let realm = login.realm.clone();
    let cookie = cookies::Cookie { name: cookies::LOCALE, value: locale, max_age: None, http_only: true };
    show::set_cookie(login.cx, &realm, cookie);
}

/// Style sheet, icon, script.
fn resource(_: &mut Cx, path: Vec<String>, _: &[u8]) -> Result<Response> {
    let [version, path] = path.as_slice() else { return Err(error::no_route()) };
    let found = resources::find(path).ok_or_else(error::no_route)?;
    let mut response = Response::new(Body::from(found.body));
    let keep = if resources::is_current(version) {
        format!("public, max-age={}, immutable", resources::MAX_AGE)
    } else {
        "no-cache".to_owned()
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(found.content_type));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_str(&keep).map_err(error::internal)?);
    Ok(response)
}
