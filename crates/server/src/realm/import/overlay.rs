//! Filling up what a representation does not say: a new realm's defaults under the realm that was asked for.

use super::older::bring_forward;
use crate::{Result, error, realm::settings};
use cloakroom_api::admin::{
    flows::{AuthenticationFlow, AuthenticatorConfig, RequiredAction},
    realms::Realm,
    roles::{Role, Roles},
};
use std::collections::{BTreeMap, HashSet};

/// The scope that refresh tokens without a session need: a realm that brings its own scopes still gets it.
const OFFLINE: &str = "offline_access";

/// Attributes of old exports that are fields by now.
const FIELDS: [&str; 4] =
    ["adminPermissionsEnabled", "organizationsEnabled", "scimApiEnabled", "verifiableCredentialsEnabled"];

/// The realm asked for, with the defaults wherever it says nothing. Lists are united by name; what is given wins.
pub(super) fn overlay(mut defaults: Realm, mut given: Realm) -> Result<Realm> {
    bring_forward(&mut given, &defaults);
    scopes(&mut defaults, &mut given);
    let mut whole = merged(&defaults, &given)?;
    if let (Some(mut attributes), Some(own)) = (defaults.attributes.take(), &given.attributes) {
        for (name, value) in own.iter().filter(|(name, _)| !FIELDS.contains(name)) {
            attributes.insert(name, value);
        }
        whole.attributes = Some(attributes);
    }
    if let (Some(mut headers), Some(own)) =
        (defaults.browser_security_headers.take(), given.browser_security_headers.clone())
    {
        headers.extend(own);
        whole.browser_security_headers = Some(headers);
    }
    let (own, configs) = (given.authentication_flows.take(), given.authenticator_config.take());
    flows(&mut whole, &mut defaults, own, configs);
    (whole.default_role, whole.roles) = roles(&mut defaults.default_role, defaults.roles.unwrap_or_default(), &given);
    whole.clients = united(defaults.clients, given.clients, |c| c.client_id.as_deref());
    whole.client_scopes = united(defaults.client_scopes, given.client_scopes, |s| s.name.as_deref());
    if let Some(actions) = given.required_actions {
        let everywhere = |a: &&RequiredAction| a.alias.as_deref() == Some("delete_account");
        let usual = defaults.required_actions.iter().flatten().find(everywhere).cloned();
        whole.required_actions = united(Some(usual.into_iter().collect()), Some(actions), |a| a.alias.as_deref());
    }
    whole.components.get_or_insert_default();
    for (kind, list) in defaults.components.into_iter().flatten() {
        whole.components.get_or_insert_default().entry(kind).or_insert(list);
    }
    let mappings = whole.client_scope_mappings.get_or_insert_default();
    for (client, list) in defaults.client_scope_mappings.into_iter().flatten() {
        mappings.entry(client).or_insert(list);
    }
    whole.scope_mappings.get_or_insert_default().extend(defaults.scope_mappings.into_iter().flatten());
    Ok(whole)
}

/// The first realm changed to what the second one says, field by field.
pub fn merged(base: &Realm, changes: &Realm) -> Result<Realm> {
    let object = |realm: &Realm| match serde_json::to_value(realm) {
        Ok(serde_json::Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(error::internal("a realm is not an object")),
        Err(cause) => Err(error::internal(cause)),
    };
    let mut fields = object(base)?;
    fields.extend(object(changes)?);
    serde_json::from_value(fields.into()).map_err(error::internal)
}

/// A realm that brings client scopes has those and `offline_access`, and the default lists that it names.
fn scopes(defaults: &mut Realm, given: &mut Realm) {
    let Some(own) = &given.client_scopes else { return };
    let brings_offline = own.iter().any(|s| s.name.as_deref() == Some(OFFLINE));
    let kept = |name: Option<&str>| !brings_offline && name == Some(OFFLINE);
    defaults.client_scopes.iter_mut().for_each(|list| list.retain(|s| kept(s.name.as_deref())));
    defaults.scope_mappings.iter_mut().for_each(|list| list.retain(|m| kept(m.client_scope.as_deref())));
    defaults.default_default_client_scopes = None;
    defaults.default_optional_client_scopes = None;
    if !brings_offline {
        given.default_optional_client_scopes.get_or_insert_default().push(OFFLINE.to_owned());
    }
    // the clients that every realm has are made before the scopes are
    for client in defaults.clients.iter_mut().flatten() {
        client.default_client_scopes = Some(Vec::new());
        client.optional_client_scopes = Some(Vec::new());
    }
}

/// The default entries that no given one replaces, then the given ones.
fn united<T>(defaults: Option<Vec<T>>, given: Option<Vec<T>>, name: impl Fn(&T) -> Option<&str>) -> Option<Vec<T>> {
    let given = given.unwrap_or_default();
    let names: HashSet<&str> = given.iter().filter_map(&name).collect();
    let mut all: Vec<T> = defaults.unwrap_or_default();
    all.retain(|entry| !name(entry).is_some_and(|n| names.contains(n)));
    drop(names);
    all.extend(given);
    Some(all)
}

/// A realm that brings flows has those, and of the usual ones those that it binds without bringing them.
fn flows(
    whole: &mut Realm,
    defaults: &mut Realm,
    given: Option<Vec<AuthenticationFlow>>,
    configs: Option<Vec<AuthenticatorConfig>>,
) {
    let mut usual = defaults.authentication_flows.take().unwrap_or_default();
    let mut usual_configs = defaults.authenticator_config.take().unwrap_or_default();
    if let Some(given) = &given {
        let mut wanted: Vec<String> = settings::bound_flows(whole).into_iter().flatten().cloned().collect();
        let mut kept = Vec::new();
        while let Some(alias) = wanted.pop() {
            if given.iter().any(|f| f.alias.as_ref() == Some(&alias)) {
                continue;
            }
            if let Some(place) = usual.iter().position(|f| f.alias.as_ref() == Some(&alias)) {
                let flow = usual.remove(place);
                let within = flow.authentication_executions.iter().flatten().filter_map(|e| e.flow_alias.clone());
                wanted.extend(within);
                kept.push(flow);
            }
        }
        usual = kept;
        let used = |config: &AuthenticatorConfig| {
            let mut executions = usual.iter().flat_map(|f| f.authentication_executions.iter().flatten());
            executions.any(|e| e.authenticator_config.is_some() && e.authenticator_config == config.alias)
        };
        usual_configs.retain(used);
    }
    whole.authentication_flows = united(Some(usual), given, |f| f.alias.as_deref());
    whole.authenticator_config = united(Some(usual_configs), configs, |c| c.alias.as_deref());
}

/// The default role, and all roles with it. Of a client that the representation brings, the roles are its own affair.
fn roles(usual: &mut Option<Role>, mut defaults: Roles, given: &Realm) -> (Option<Role>, Option<Roles>) {
    let own = given.roles.clone().unwrap_or_default();
    let brings_client = |id: &str| given.clients.iter().flatten().any(|c| c.client_id.as_deref() == Some(id));
    let brings_role = |name: &str| own.realm.iter().flatten().any(|r| r.name.as_deref() == Some(name));

    let usual = usual.take().and_then(|r| r.name).unwrap_or_default();
    let listed = defaults.realm.get_or_insert_default();
    let place = listed.iter().position(|r| r.name.as_ref() == Some(&usual));
    let template = place.map(|i| listed.remove(i)).unwrap_or_default();
    let asked = given.default_role.clone();
    let name = asked.as_ref().and_then(|r| r.name.clone()).unwrap_or(usual);
    let mut all: Vec<Role> = united(defaults.realm, own.realm.clone(), |r| r.name.as_deref()).unwrap_or_default();
    let place = all.iter().position(|r| r.name.as_ref() == Some(&name));
    let mut default = match place {
        Some(place) => all.remove(place),
        None => asked.unwrap_or_else(|| template.clone()),
    };
    // what every user has beside it, unless the representation brings those roles and so decides itself
    let contained = default.composites.get_or_insert_default();
    let usually = template.composites.unwrap_or_default();
    let wanted = usually.realm.into_iter().flatten().filter(|name| !brings_role(name));
    contained.realm.get_or_insert_default().extend(wanted.chain(given.default_roles.iter().flatten().cloned()));
    let of_clients = contained.client.get_or_insert_default();
    for (client, roles) in usually.client.into_iter().flatten().filter(|(client, _)| !brings_client(client)) {
        of_clients.entry(client).or_default().extend(roles);
    }
    default.name = Some(name);
    all.push(default.clone());

    let mut of_clients: BTreeMap<String, Vec<Role>> = defaults.client.unwrap_or_default();
    of_clients.retain(|client, _| !brings_client(client));
    for (client, own) in own.client.into_iter().chain(own.application).flatten() {
        let list = of_clients.remove(&client);
        let list = united(list, Some(own), |r| r.name.as_deref()).unwrap_or_default();
        of_clients.insert(client, list);
    }
    (Some(default), Some(Roles { realm: Some(all), client: Some(of_clients), application: None }))
}
