//! Consent: what an application may know, agreed to by the person, for clients that need it.

use std::collections::BTreeSet;

use axum::response::Response;
use cloakroom_api::admin::client_scopes::ClientScope;
use cloakroom_store::{
    consents::{self, ConsentRow},
    users::UserRow,
};

use crate::{
    Result,
    login::{pages::Consent, progress::Login, show::Words},
};

/// The name that this has among the required actions.
pub(crate) const ALIAS: &str = "OAUTH_GRANT";

/// Whether the person has to be asked.
pub(super) fn is_due(login: &mut Login<'_>, user: &UserRow) -> Result<bool> {
    if login.client.settings.consent_required != Some(true) {
        return Ok(false);
    }
    if login.tab.consented {
        return Ok(false);
    }
    let client = login.client.id.clone();
    let granted = consents::get(login.cx.read()?, &user.id, &client)?;
    let again = login.tab.request.wishes.prompts("consent");
    Ok(match granted {
        None => true,
        Some(_) if again => true,
        Some(granted) => asked(login).iter().any(|scope| !granted.scopes.contains(&id(scope))),
    })
}

pub(super) fn show(mut login: Box<Login<'_>>, user: &UserRow) -> Result<Response> {
    let words = login.words()?;
    let client_id = login.client.id.clone();
    let granted = consents::get(login.cx.read()?, &user.id, &client_id)?;
    let again = login.tab.request.wishes.prompts("consent");
    let known = granted.filter(|_| !again).map(|c| c.scopes).unwrap_or_default();
    let mut scopes: Vec<String> = asked(&login)
        .into_iter()
        .filter(|scope| !known.contains(&id(scope)))
        .map(|scope| {
            let name = scope.name.as_deref().unwrap_or_default();
            text(&login, &words, attribute(scope, "consent.screen.text").unwrap_or(name))
        })
        .collect();
    if login.setting("display.on.consent.screen") == Some("true") {
        scopes.extend(login.setting("consent.screen.text").map(|own| text(&login, &words, own)));
    }
    let settings = &login.client.settings;
    let name = settings.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&login.client.client_id);
    let client = text(&login, &words, name);
    let link = |name: &str| login.setting(name).filter(|url| is_web(url)).map(str::to_owned);
    let (terms, policy) = (link("tosUri"), link("policyUri"));
    login.form("consent", ALIAS)?;
    let (action, code) = (login.path("consent"), login.tab.code.clone().unwrap_or_default());
    login.page(&words, None, &Consent { action, code, client, scopes, terms, policy })
}

/// Remembers what was agreed to, with what was before.
pub(crate) fn grant(login: &mut Login<'_>, user: &UserRow) -> Result<()> {
    let (client, now) = (login.client.id.clone(), login.cx.now());
    let mut scopes: BTreeSet<String> = asked(login).into_iter().map(id).collect();
    let db = login.cx.write()?;
    let known = consents::get(db, &user.id, &client)?;
    let created = known.as_ref().map_or(now, |c| c.created);
    scopes.extend(known.into_iter().flat_map(|c| c.scopes));
    consents::put(db, &user.id, &ConsentRow { client, scopes, created, updated: now })?;
    login.tab.consented = true;
    Ok(())
}

/// The client scopes that this login asks for and that are shown to people.
fn asked<'l>(login: &'l Login<'_>) -> Vec<&'l ClientScope> {
    let words: Vec<&str> = login.tab.request.wishes.scope.as_deref().unwrap_or_default().split(' ').collect();
    let mine = login.client.scopes.iter().filter_map(|(id, default)| Some((login.realm.scope(id)?, *default)));
    mine.filter(|(scope, default)| *default || scope.name.as_deref().is_some_and(|name| words.contains(&name)))
        .map(|(scope, _)| scope)
        .filter(|scope| attribute(scope, "display.on.consent.screen").is_none_or(|shown| shown == "true"))
        .collect()
}

fn attribute<'s>(scope: &'s ClientScope, name: &str) -> Option<&'s str> {
    scope.attributes.as_ref()?.get(name).filter(|value| !value.is_empty())
}

fn id(scope: &ClientScope) -> String {
    scope.id.clone().unwrap_or_default()
}

/// `${key}` is a text of the pages.
fn text(login: &Login<'_>, words: &Words, text: &str) -> String {
    match text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        Some(key) => words.say(login.cx, key, &[]),
        None => text.to_owned(),
    }
}

fn is_web(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}
