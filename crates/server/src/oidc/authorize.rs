//! The authorization endpoint (OpenID Connect Core 3.1.2): where an application sends a person to log in.

use std::{collections::BTreeMap, sync::Arc};

use axum::response::Response;
use http::{Method, StatusCode};
use url::form_urlencoded;

use super::redirect_uri::{self, Base};
use crate::{
    Result,
    cx::Cx,
    login::{
        proceed::proceed,
        progress::Login,
        registration,
        request::{self, AuthorizationRequest, ClientRules, Pairs, Refusal, single},
        show::{self, Caching},
    },
    realm_view::{ClientView, RealmView},
    route::Routes,
    token::scope::Scopes,
};

/// `GET` and `POST` are the same; `registrations` begins with making an account.
pub fn routes() -> Routes {
    const PATH: &str = "/realms/{realm}/protocol/openid-connect/auth";
    const REGISTER: &str = "/realms/{realm}/protocol/openid-connect/registrations";
    Routes::new()
        .page(Method::GET, PATH, |cx, path, body| authorize(cx, path, body, false))
        .page(Method::POST, PATH, |cx, path, body| authorize(cx, path, body, false))
        .page(Method::GET, REGISTER, |cx, path, body| authorize(cx, path, body, true))
        .page(Method::POST, REGISTER, |cx, path, body| authorize(cx, path, body, true))
}

fn authorize(cx: &mut Cx, path: Vec<String>, body: &[u8], register: bool) -> Result<Response> {
    let realm = cx.realm(path.first().map_or("", String::as_str))?;
    let given =
        if cx.parts.method == Method::POST { body } else { cx.parts.uri.query().unwrap_or_default().as_bytes() };
    let pairs: Vec<(String, String)> = form_urlencoded::parse(given).into_owned().collect();
    let page = |cx: &Cx, status, key| show::refusal(cx, &realm, (status, Caching::Unsaid), (key, &[]), None);
    if realm.settings.enabled == Some(false) {
        return page(cx, StatusCode::BAD_REQUEST, "realmNotEnabledMessage");
    }
    let Some(client_id) = single(&pairs, "client_id") else {
        return page(cx, StatusCode::BAD_REQUEST, "invalidRequestMessage");
    };
    let Some(client) = cx.find_client(&realm, client_id)? else {
        return page(cx, StatusCode::BAD_REQUEST, "clientNotFoundMessage");
    };
    if client.settings.enabled == Some(false) {
        return page(cx, StatusCode::BAD_REQUEST, "clientDisabledMessage");
    }
    if client.settings.bearer_only == Some(true) {
        return page(cx, StatusCode::FORBIDDEN, "bearerOnly");
    }
    if client.settings.protocol.as_deref().is_some_and(|p| p != "openid-connect") {
        return page(cx, StatusCode::BAD_REQUEST, "wrongProtocolMessage");
    }
    if register && realm.settings.registration_allowed != Some(true) {
        return page(cx, StatusCode::BAD_REQUEST, "registrationNotAllowedMessage");
    }
    let request = match check(cx, &realm, &client, &pairs) {
        Ok(request) => request,
        Err(Refusal::Page(key, arguments)) => {
            let how = (StatusCode::BAD_REQUEST, Caching::Unsaid);
            return show::refusal(cx, &realm, how, (key, &arguments), None);
        }
        Err(Refusal::Answer(answer)) => return show::answer(cx, &realm, *answer),
    };
    if request.wishes.prompts("create") && realm.settings.registration_allowed != Some(true) {
        let how = (StatusCode::BAD_REQUEST, Caching::NoStore);
        return show::refusal(cx, &realm, how, ("registrationNotAllowedMessage", &[]), None);
    }
    begin(cx, realm, client, request, register)
}

fn begin(
    cx: &mut Cx,
    realm: Arc<RealmView>,
    client: Arc<ClientView>,
    request: AuthorizationRequest,
    register: bool,
) -> Result<Response> {
    let silent = request.wishes.prompts("none");
    let registers = register || request.wishes.prompts("create");
    let mut login = Box::new(Login::begin(cx, realm, client, request)?);
    if !silent {
        login.set_cookies()?;
    }
    if registers && !silent { registration::show(login, BTreeMap::new(), None) } else { proceed(login) }
}

/// Checks a request by the client's settings.
pub(crate) fn check(
    cx: &Cx,
    realm: &RealmView,
    client: &ClientView,
    pairs: &Pairs,
) -> Result<AuthorizationRequest, Refusal> {
    let settings = &client.settings;
    let server = realm.base(&cx.base);
    let root_url = client.root_url(server);
    let rules = ClientRules {
        standard_flow: settings.standard_flow_enabled == Some(true),
        implicit_flow: settings.implicit_flow_enabled == Some(true),
        pkce: client.attribute("pkce.code.challenge.method"),
        redirect_uris: settings.redirect_uris.as_deref().unwrap_or_default(),
        base: Base { root_url: root_url.as_deref(), server: origin(server) },
    };
    let issuer = realm.issuer(&cx.base);
    let valid = |scope: Option<&str>| Scopes::resolve(realm, client, scope).is_ok();
    request::check(pairs, &client.client_id, rules, &issuer, valid)
}

/// The client's own page, for "back to the application": only where it leads to the web.
pub(crate) fn home(cx: &Cx, realm: &RealmView, client: &ClientView) -> Option<String> {
    let home = client.settings.base_url.as_deref().filter(|url| !url.is_empty())?;
    let server = realm.base(&cx.base);
    let root_url = client.root_url(server);
    let home = redirect_uri::resolve(home, Base { root_url: root_url.as_deref(), server: origin(server) });
    let url = url::Url::parse(&home).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(home)
}

/// Scheme and host of the server's address.
pub(crate) fn origin(base: &str) -> &str {
    let host = base.find("://").map_or(0, |at| at + 3);
    base[host..].find('/').map_or(base, |at| &base[..host + at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_has_no_path() {
        assert_eq!(origin("https://id.example:8443/auth"), "https://id.example:8443");
        assert_eq!(origin("http://localhost:8080"), "http://localhost:8080");
    }
}
