//! A realm without its users: the partial export, and what it leaves out.

use std::collections::HashMap;

use cloakroom_api::admin::clients::ClientQuery;
use cloakroom_api::admin::orgs::OrganizationQuery;
use cloakroom_api::admin::orgs::members::MemberQuery;
use cloakroom_api::admin::realms::PartialExport;
use cloakroom_api::endpoint::{Json, Pages, Transport};
use cloakroom_api::secrets::MASK;
use futures_util::TryStreamExt;
use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::error::Result;
use crate::steps::Unsent;

/// The realm, with secrets of clients and organizations; `members` says whether these come with their members.
pub(super) async fn whole(client: &Client, name: &str, members: bool) -> Result<Map<String, Value>> {
    let query = PartialExport { export_clients: Some(true), export_groups_and_roles: Some(true) };
    let call = client.realms().through(&Unsent).partial_export(name, &query);
    let mut realm = client.send::<Json<Map<String, Value>>>(call).await?;
    if let Some(Value::Array(clients)) = realm.get_mut("clients")
        && clients.iter().any(|client| client["secret"] == MASK)
    {
        reveal(clients, &secrets(client, name).await?);
    }
    if realm.get("organizationsEnabled") == Some(&true.into()) && !realm.contains_key("organizations") {
        realm.insert("organizations".to_owned(), organizations(client, name, members).await?.into());
    }
    Ok(realm)
}

/// The secrets of the clients, by `clientId`: the list of clients has them, other than the export.
pub(crate) async fn secrets(client: &Client, realm: &str) -> Result<HashMap<String, Value>> {
    let call = client.realm(realm).clients().through(&Unsent).list(&ClientQuery::default());
    let mut clients = client.all::<Json<Vec<Value>>>(call);
    let mut secrets = HashMap::new();
    while let Some(mut client) = clients.try_next().await? {
        if let (Value::String(id), secret @ Value::String(_)) = (client["clientId"].take(), client["secret"].take()) {
            secrets.insert(id, secret);
        }
    }
    Ok(secrets)
}

/// Puts secrets in the place of their masks.
pub(crate) fn reveal(clients: &mut [Value], secrets: &HashMap<String, Value>) {
    for client in clients.iter_mut().filter(|client| client["secret"] == MASK) {
        let secret = client["clientId"].as_str().and_then(|id| secrets.get(id));
        if let Some(secret) = secret.cloned() {
            client["secret"] = secret;
        }
    }
}

/// The organizations with their identity providers, and their members if these are asked for.
pub(crate) async fn organizations(client: &Client, realm: &str, members: bool) -> Result<Vec<Value>> {
    let realm = client.realm(realm);
    let query = OrganizationQuery { brief_representation: Some(false), ..OrganizationQuery::default() };
    let call = realm.orgs().through(&Unsent).list(&query);
    let mut all: Vec<Value> = client.all::<Json<Vec<Value>>>(call).try_collect().await?;
    for organization in &mut all {
        let Some(id) = organization["id"].as_str().map(str::to_owned) else { continue };
        let at = realm.org(&id);
        let providers = client.send::<Json<Vec<Value>>>(at.idps().through(&Unsent).list()).await?;
        organization["identityProviders"] =
            providers.iter().map(|provider| json!({ "alias": provider["alias"] })).collect();
        if members {
            let call = at.members().through(&Unsent).list(&MemberQuery::default());
            let members: Vec<Value> = client.all::<Json<Vec<Value>>>(call).try_collect().await?;
            let member = |m: &Value| json!({ "username": m["username"], "membershipType": m["membershipType"] });
            organization["members"] = members.iter().map(member).collect();
        }
    }
    Ok(all)
}

/// Where secrets are masked: `clients[app].secret`.
pub(super) fn masked(realm: &Map<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    for (name, value) in realm {
        search(name, value, &mut found);
    }
    found
}

fn search(at: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text == MASK => found.push(at.to_owned()),
        Value::Object(fields) => {
            for (name, value) in fields {
                search(&format!("{at}.{name}"), value, found);
            }
        }
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                let names = ["clientId", "alias", "name"].iter().find_map(|name| item.get(name)?.as_str());
                let name = names.map_or_else(|| position.to_string(), str::to_owned);
                search(&format!("{at}[{name}]"), item, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_that_are_not_given_are_named() {
        let mut realm = json!({ "smtpServer": { "password": MASK }, "clients": [{ "clientId": "app", "secret": MASK },
            { "clientId": "api", "secret": MASK }, { "clientId": "spa" }], "components": { "x": [{ "name": "ldap", "config": { "bindCredential": [MASK] } }] } });
        let secrets = HashMap::from([("app".to_owned(), json!("s3cret"))]);
        reveal(realm["clients"].as_array_mut().unwrap(), &secrets);
        assert_eq!(realm["clients"][0]["secret"], "s3cret");
        let named = masked(realm.as_object().unwrap());
        assert_eq!(
            named,
            ["smtpServer.password", "clients[api].secret", "components.x[ldap].config.bindCredential[0]"]
        );
    }
}
