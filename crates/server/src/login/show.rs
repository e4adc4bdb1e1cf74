//! Answers of the login: pages in the person's language with the realm's security headers, and redirects.

use std::collections::BTreeMap;

use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};

use super::{
    cookies, messages,
    pages::{Alert, ErrorPage, FormPost, Frame, Kind, Language, Page, RealmName},
    resources,
    response::{Answer, ResponseMode},
};
use crate::{Result, cx::Cx, error, realm_view::RealmView};

/// What browsers may keep of an answer. Keycloak differs from endpoint to endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caching {
    /// Nothing: the steps of a login.
    NoStore,
    /// Only after asking: logout.
    NoCache,
    /// Not said: requests that were refused before a login began.
    Unsaid,
}

/// Beside the realm's own policy: styles and images from here, scripts only where a page says so, nothing else.
const STRICT: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'";
const STRICT_WITH_SCRIPT: &str =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'";

/// The names under which a realm keeps the headers of its pages.
const SECURITY_HEADERS: [(&str, HeaderName); 7] = [
    ("contentSecurityPolicy", header::CONTENT_SECURITY_POLICY),
    ("contentSecurityPolicyReportOnly", header::CONTENT_SECURITY_POLICY_REPORT_ONLY),
    ("referrerPolicy", header::REFERRER_POLICY),
    ("strictTransportSecurity", header::STRICT_TRANSPORT_SECURITY),
    ("xContentTypeOptions", header::X_CONTENT_TYPE_OPTIONS),
    ("xFrameOptions", header::X_FRAME_OPTIONS),
    ("xRobotsTag", HeaderName::from_static("x-robots-tag")),
];

/// The words of one answer: a language, and the realm's own texts for it.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    pub(crate) lang: String,
    texts: BTreeMap<String, String>,
}

impl Words {
    /// Chooses the language: what was chosen on a page, what the application asked for, what the browser prefers, the
    /// realm's default. English where the realm speaks one language.
    pub(crate) fn choose(cx: &Cx, realm: &RealmView, chosen: Option<&str>, ui_locales: Option<&str>) -> Self {
        let settings = &realm.settings;
        let lang = if settings.internationalization_enabled == Some(true) {
            let accept =
                cx.parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|h| h.to_str().ok()).unwrap_or_default();
            let wishes = chosen
                .into_iter()
                .chain(cookies::find(&cx.parts.headers, cookies::LOCALE))
                .chain(ui_locales.unwrap_or_default().split(' '))
                .chain(messages::accepted(accept));
            let default = settings.default_locale.as_deref().filter(|l| !l.is_empty()).unwrap_or(messages::DEFAULT);
            messages::choose(settings.supported_locales.as_deref().unwrap_or_default(), default, wishes).to_owned()
        } else {
            messages::DEFAULT.to_owned()
        };
        let texts = realm
            .lists
            .texts
            .get(&lang)
            .into_iter()
            .flat_map(|t| t.iter())
            .map(|(key, text)| (key.to_owned(), text.to_owned()));
        Words { texts: texts.collect(), lang }
    }

    /// A text by its key.
    pub(crate) fn say(&self, cx: &Cx, key: &str, arguments: &[String]) -> String {
        cx.app.pages.text(&self.lang, &self.texts, key, arguments)
    }

    /// The message at the top of a page.
    pub(crate) fn alert(&self, cx: &Cx, kind: Kind, key: &str) -> Alert {
        Alert { kind, text: self.say(cx, key, &[]) }
    }
}

/// What a realm calls itself to people.
pub(crate) fn display_name(realm: &RealmView) -> &str {
    realm.settings.display_name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&realm.name)
}

/// A page.
pub(crate) fn page<P: Page>(
    cx: &Cx,
    realm: &RealmView,
    words: &Words,
    how: (StatusCode, Caching),
    alert: Option<Alert>,
    page: &P,
) -> Result<Response> {
    page_in(cx, realm, words, how, alert, Vec::new(), page)
}

/// A page that can be seen in these languages.
pub(crate) fn page_in<P: Page>(
    cx: &Cx,
    realm: &RealmView,
    words: &Words,
    (status, caching): (StatusCode, Caching),
    alert: Option<Alert>,
    languages: Vec<Language>,
    page: &P,
) -> Result<Response> {
    let scripted = P::TEMPLATE == FormPost::TEMPLATE || !languages.is_empty();
    let path = super::links::path_of(realm.base(&cx.base));
    let resources = format!("{}/{}", path.trim_end_matches('/'), resources::folder());
    let names = RealmName { name: &realm.name, display: display_name(realm) };
    let frame = Frame { lang: &words.lang, realm: names, resources: &resources, alert, texts: &words.texts, languages };
    let html = cx.app.pages.render(&frame, page).map_err(error::internal)?;
    let mut response = Response::new(html.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html;charset=utf-8"));
    if realm.settings.internationalization_enabled == Some(true) {
        headers.extend(HeaderValue::from_str(&words.lang).ok().map(|lang| (header::CONTENT_LANGUAGE, lang)));
    }
    let policy = if scripted { STRICT_WITH_SCRIPT } else { STRICT };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    for (name, header) in SECURITY_HEADERS {
        let value = realm.settings.browser_security_headers.as_ref().and_then(|all| all.get(name));
        if let Some(value) = value.filter(|v| !v.is_empty()).and_then(|v| HeaderValue::from_str(v).ok()) {
            headers.append(header, value); // two policies hold both
        }
    }
    cache(&mut response, caching);
    Ok(response)
}

/// The page of something that cannot go on: its message by key. `back` leads to the application.
pub(crate) fn refusal(
    cx: &Cx,
    realm: &RealmView,
    how: (StatusCode, Caching),
    (key, arguments): (&str, &[String]),
    back: Option<String>,
) -> Result<Response> {
    let words = Words::choose(cx, realm, None, None);
    let message = words.say(cx, key, arguments);
    page(cx, realm, &words, how, None, &ErrorPage { message, back })
}

/// A redirect.
pub(crate) fn redirect(location: &str, caching: Caching) -> Result<Response> {
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = StatusCode::FOUND;
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_str(location).map_err(error::internal)?);
    cache(&mut response, caching);
    Ok(response)
}

/// An answer to the application, in the mode that it asked for.
pub(crate) fn answer(cx: &Cx, realm: &RealmView, answer: Answer) -> Result<Response> {
    if answer.mode != ResponseMode::FormPost {
        return redirect(&answer.location(), Caching::NoStore);
    }
    let words = Words::choose(cx, realm, None, None);
    let form = FormPost { action: answer.redirect_uri, parameters: answer.parameters };
    page(cx, realm, &words, (StatusCode::OK, Caching::NoStore), None, &form)
}

fn cache(response: &mut Response, caching: Caching) {
    let value = match caching {
        Caching::NoStore => "no-store, must-revalidate, max-age=0",
        Caching::NoCache => "no-cache",
        Caching::Unsaid => return,
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
}

/// Sets a cookie for the realm's folder.
pub(crate) fn set_cookie(cx: &mut Cx, realm: &RealmView, cookie: cookies::Cookie<'_>) {
    let path = cookie_path(cx, realm);
    if let Some(value) = cookie.header(&path).as_ref().and_then(|v| v.to_str().ok()) {
        cx.answer_header(header::SET_COOKIE, value);
    }
}

/// Makes the browser forget a cookie.
pub(crate) fn forget_cookie(cx: &mut Cx, realm: &RealmView, name: &'static str) {
    let path = cookie_path(cx, realm);
    if let Some(value) = cookies::forget(name, &path).as_ref().and_then(|v| v.to_str().ok()) {
        cx.answer_header(header::SET_COOKIE, value);
    }
}

fn cookie_path(cx: &Cx, realm: &RealmView) -> String {
    format!("{}/", super::links::path_of(&realm.issuer(&cx.base)))
}
