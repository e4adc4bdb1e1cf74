//! Exports of older versions, brought forward: what came into every realm after they were written is added to them.

use cloakroom_api::admin::{
    client_scopes::ClientScope,
    flows::{AuthenticationFlow, RequiredAction},
    realms::Realm,
    roles::Role,
};

/// A version of Keycloak, as exports name the one that wrote them.
type Version = (u32, u32, u32);

/// What a version brought to realms that were there before it. What is added is that of a new realm.
type Step = fn(&mut Realm, &Realm);

const STEPS: [(Version, Step); 6] = [
    ((26, 0, 0), small_tokens_of_consoles),
    ((26, 1, 0), scope_of_service_accounts),
    ((26, 3, 0), linking_of_providers),
    ((26, 4, 0), session_in_userinfo),
    ((26, 6, 1), organizations_at_login),
    ((26, 7, 0), administration_of_organizations),
];

/// Applies the steps that are newer than the representation. One that names no version is taken as it is.
pub(super) fn bring_forward(given: &mut Realm, defaults: &Realm) {
    let Some(written_by) = given.keycloak_version.as_deref().and_then(parse) else { return };
    for (_, step) in STEPS.iter().filter(|(version, _)| written_by < *version) {
        step(given, defaults);
    }
}

/// `25.0.1`, perhaps with more behind it.
fn parse(version: &str) -> Option<Version> {
    let mut parts = version.split(['.', '-']).map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}

fn small_tokens_of_consoles(given: &mut Realm, _: &Realm) {
    let consoles = |id: Option<&str>| matches!(id, Some("security-admin-console" | "admin-cli"));
    for client in given.clients.iter_mut().flatten().filter(|c| consoles(c.client_id.as_deref())) {
        client.full_scope_allowed = Some(true);
        client.attributes.get_or_insert_default().insert("client.use.lightweight.access.token.enabled", "true");
    }
}

fn scope_of_service_accounts(given: &mut Realm, defaults: &Realm) {
    add_scope(given, defaults, "service_account");
}

/// Adds a scope of new realms. A realm that names no scopes gets them all anyway.
fn add_scope(given: &mut Realm, defaults: &Realm, name: &str) -> bool {
    let named = |s: &&ClientScope| s.name.as_deref() == Some(name);
    let Some(scopes) = &mut given.client_scopes else { return false };
    let missing = !scopes.iter().any(|s| named(&s));
    let usual = defaults.client_scopes.iter().flatten().find(named);
    scopes.extend(usual.filter(|_| missing).cloned());
    missing
}

fn linking_of_providers(given: &mut Realm, defaults: &Realm) {
    let named = |a: &&RequiredAction| a.alias.as_deref() == Some("idp_link");
    if let Some(actions) = given.required_actions.as_mut().filter(|list| !list.iter().any(|a| named(&a))) {
        actions.extend(defaults.required_actions.iter().flatten().find(named).cloned());
    }
}

/// When and how somebody logged in: in userinfo as in tokens.
fn session_in_userinfo(given: &mut Realm, _: &Realm) {
    let mappers = given.client_scopes.iter_mut().flatten().filter_map(|s| s.protocol_mappers.as_mut()).flatten();
    for mapper in mappers {
        let Some(config) = &mut mapper.config else { continue };
        let of_session = match mapper.protocol_mapper.as_deref() {
            Some("oidc-acr-mapper") => true,
            Some("oidc-usersessionmodel-note-mapper") => config.get("user.session.note") == Some("AUTH_TIME"),
            _ => false,
        };
        if of_session && !config.contains_key("userinfo.token.claim") {
            config.insert("userinfo.token.claim", "true");
        }
    }
}

fn organizations_at_login(given: &mut Realm, defaults: &Realm) {
    const BROWSER: &str = "browser";
    const ASKED: &str = "Organization";
    let named = |list: &[AuthenticationFlow], alias: &str| list.iter().position(|f| f.alias.as_deref() == Some(alias));
    let (Some(flows), Some(usual)) = (&mut given.authentication_flows, &defaults.authentication_flows) else { return };
    let (Some(place), Some(model)) = (named(flows, BROWSER), named(usual, BROWSER)) else { return };
    if named(flows, ASKED).is_some() {
        return;
    }
    let model = usual.get(model).and_then(|f| f.authentication_executions.as_ref()).into_iter().flatten();
    let step = model.filter(|e| e.flow_alias.as_deref() == Some(ASKED)).cloned();
    if let Some(browser) = flows.get_mut(place) {
        let executions = browser.authentication_executions.get_or_insert_default();
        executions.extend(step);
        executions.sort_by_key(|e| e.priority);
    }
    for alias in [ASKED, "Browser - Conditional Organization"] {
        if named(flows, alias).is_none() {
            flows.extend(named(usual, alias).and_then(|at| usual.get(at)).cloned());
        }
    }
}

fn administration_of_organizations(given: &mut Realm, defaults: &Realm) {
    const OF_REALM: &str = "realm-management";
    const NEW: [&str; 3] = ["manage-organizations", "query-organizations", "view-organizations"];
    let is = |role: &Role, name: &str| role.name.as_deref() == Some(name);
    let usual = defaults.roles.as_ref().and_then(|r| r.client.as_ref()?.get(OF_REALM));
    let listed = given.roles.as_mut().and_then(|r| r.client.as_mut()?.get_mut(OF_REALM));
    if let (Some(listed), Some(usual)) = (listed, usual) {
        let missing = |r: &&Role| NEW.iter().any(|name| is(r, name)) && !listed.iter().any(|own| own.name == r.name);
        let added: Vec<Role> = usual.iter().filter(missing).cloned().collect();
        if let Some(all) = listed.iter_mut().find(|r| is(r, "realm-admin")) {
            let contained = all.composites.get_or_insert_default().client.get_or_insert_default();
            contained.entry(OF_REALM.to_owned()).or_default().extend(added.iter().filter_map(|r| r.name.clone()));
        }
        listed.extend(added);
    }
    const CONTEXT: &str = "AuthnContextClassRef";
    if add_scope(given, defaults, CONTEXT) {
        given.default_default_client_scopes.get_or_insert_default().push(CONTEXT.to_owned());
    }
    after_verification(given, defaults);
}

/// Passwords and codes are set after the address was verified.
fn after_verification(given: &mut Realm, defaults: &Realm) {
    let priority = |list: Option<&Vec<RequiredAction>>, alias: &str| {
        list?.iter().find(|a| a.alias.as_deref() == Some(alias))?.priority
    };
    const VERIFY: &str = "VERIFY_EMAIL";
    let usual = defaults.required_actions.as_ref();
    let (Some(own), Some(model)) = (priority(given.required_actions.as_ref(), VERIFY), priority(usual, VERIFY)) else {
        return;
    };
    for action in given.required_actions.iter_mut().flatten() {
        let Some(alias) = action.alias.as_deref().filter(|a| matches!(*a, "CONFIGURE_TOTP" | "UPDATE_PASSWORD")) else {
            continue;
        };
        if let Some(later) = priority(usual, alias).filter(|_| action.priority.is_none_or(|p| p < own)) {
            action.priority = Some(own + later - model);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert_eq!(parse("25.0.1"), Some((25, 0, 1)));
        assert_eq!(parse("26.10.0.redhat-1"), Some((26, 10, 0)));
        assert!(parse("26.10.0") > parse("26.7.4"));
        assert_eq!(parse("nightly"), None);
    }

    #[test]
    fn what_a_newer_version_wrote_is_left_alone() {
        let consoles = |version: &str| {
            let client = serde_json::json!({"keycloakVersion": version, "clients": [{"clientId": "admin-cli"}]});
            let mut realm: Realm = serde_json::from_value(client).unwrap();
            bring_forward(&mut realm, &Realm::default());
            realm.clients.unwrap_or_default().remove(0).full_scope_allowed
        };
        assert_eq!((consoles("25.0.1"), consoles("26.0.0")), (Some(true), None));
    }
}
