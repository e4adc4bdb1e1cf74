//! Clients, with the client scopes they have.

use cloakroom_api::admin::clients::ClientQuery;
use cloakroom_api::endpoint::Call;
use serde_json::Value;

use super::super::cx::{Cx, difference};
use super::super::item::{Found, Key, at, entry, fill};
use super::super::kind::{Doing, Kind, Link, Operation};
use crate::error::Result;

pub(crate) struct Clients;

impl Kind for Clients {
    fn name(&self) -> &'static str {
        "client"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        found.list(&[], tree.get("clients"), "clientId", &["protocolMappers", "authorizationSettings"]);
        // the server gives it to every client with a service account, and at every update again
        for scopes in found.items.values_mut().filter_map(|item| item.value.get_mut("defaultClientScopes")) {
            if let Value::Array(scopes) = scopes {
                scopes.retain(|scope| scope != OF_SERVICE_ACCOUNTS);
            }
        }
        let bindings = found.items.values_mut().filter_map(|item| item.value.get_mut(FLOWS));
        for flows in bindings {
            names_of_flows(tree, flows);
        }
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        fill(entry(at(tree, &["clients"]), "clientId", &key[0]), value);
    }

    fn server_made(&self) -> &'static [&'static str] {
        &["access", "registeredNodes", "origin", "defaultRoles"]
    }

    fn links(&self) -> &'static [&'static str] {
        &["defaultClientScopes", "optionalClientScopes"]
    }

    fn links_at_creation(&self) -> bool {
        true
    }

    /// Besides what every realm has, `master` has a client for each of the others.
    fn built_in(&self, realm: &str, key: &[String], value: &Value) -> bool {
        let of_realm = realm == "master"
            && key[0].strip_suffix("-realm").is_some_and(|other| value["name"] == format!("{other} Realm"));
        key[0] == "admin-permissions" || of_realm || is_locked(&key[0], value)
    }

    fn client<'a>(&self, key: &'a [String]) -> Option<&'a str> {
        Some(&key[0])
    }

    /// Exports mask secrets; lists of clients show them.
    fn read<'a>(&'a self, cx: &'a Cx<'_>, wanted: Option<&'a Value>, tree: &'a mut Value) -> Doing<'a, ()> {
        Box::pin(async move {
            let list = |tree: &'a Value| tree.get("clients").and_then(Value::as_array).into_iter().flatten();
            let secret = |client: &&Value| client.get("secret").is_some_and(Value::is_string);
            let exported = tree.get("clients").is_some();
            if exported && wanted.is_some_and(|wanted| !list(wanted).any(|client| secret(&client))) {
                return Ok(());
            }
            let page = |first, max| {
                let query = ClientQuery { first: Some(first), max: Some(max), ..ClientQuery::default() };
                cx.calls().clients().list(&query)
            };
            let all = cx.pages(page).await?;
            if !exported {
                tree["clients"] = all.into();
                return Ok(());
            }
            for client in all {
                let (Some(name), Some(secret)) = (client.get("clientId").and_then(Value::as_str), client.get("secret"))
                else {
                    continue;
                };
                let known = tree.get_mut("clients").and_then(Value::as_array_mut).into_iter().flatten();
                let known = known.filter(|c| c.get("clientId").and_then(Value::as_str) == Some(name));
                known.for_each(|known| known["secret"] = secret.clone());
            }
            Ok(())
        })
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, _: &[String], id: &str) -> Result<Call> {
        let clients = cx.calls().clients();
        Ok(match operation {
            Operation::Create => clients.create(&Default::default()),
            Operation::Update => clients.update(id, &Default::default()),
            Operation::Delete => clients.delete(id),
        })
    }

    /// Flows by their ids.
    fn body<'a>(&'a self, cx: &'a Cx<'_>, _: &'a [String], mut body: Value) -> Doing<'a, Value> {
        Box::pin(async move {
            for flow in body.get_mut(FLOWS).and_then(Value::as_object_mut).into_iter().flat_map(|all| all.values_mut())
            {
                if let Some(id) = flow.as_str().and_then(|alias| cx.id("flow", &[alias.to_owned()]).ok()) {
                    *flow = id.into();
                }
            }
            Ok(body)
        })
    }

    fn link<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, links: Vec<Link<'a>>) -> Doing<'a, ()> {
        Box::pin(async move {
            let client = cx.id(self.name(), key)?;
            let now = cx.get(cx.calls().clients().get(&client)).await?;
            // a new client has those that the realm gives to new clients
            let of = |field: &str| now.get(field).unwrap_or(&Value::Null);
            let links: Vec<Link<'_>> =
                links.iter().map(|link| Link { field: link.field, old: of(link.field), new: link.new }).collect();
            let calls = cx.calls();
            let (default, optional) =
                (calls.client(&client).default_client_scopes(), calls.client(&client).optional_client_scopes());
            for adds in [false, true] {
                for link in &links {
                    let (added, removed) = difference(link);
                    let named = if adds { added } else { removed };
                    for name in named.into_iter().filter(|name| name != OF_SERVICE_ACCOUNTS) {
                        let id = cx.id("client scope", &[name])?;
                        cx.send(match (link.field == "defaultClientScopes", adds) {
                            (true, true) => default.add(&id),
                            (true, false) => default.remove(&id),
                            (false, true) => optional.add(&id),
                            (false, false) => optional.remove(&id),
                        })
                        .await?;
                    }
                }
            }
            Ok(())
        })
    }
}

/// Whether the server lets nobody change a client, with all that is part of it: one that holds the administrators' roles of a
/// realm. Servers say so themselves; that they say it of `broker` too means nothing.
pub(crate) fn is_locked(name: &str, client: &Value) -> bool {
    name != "broker" && client.pointer("/attributes/realm_client").is_some_and(|yes| yes == "true")
}

const OF_SERVICE_ACCOUNTS: &str = "service_account";
const FLOWS: &str = "authenticationFlowBindingOverrides";

/// Servers name flows by id, files may name them by alias.
fn names_of_flows(tree: &Value, flows: &mut Value) {
    let all = || tree.get("authenticationFlows").and_then(Value::as_array).into_iter().flatten();
    for flow in flows.as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
        let alias = all().find(|known| known.get("id") == Some(flow)).and_then(|known| known.get("alias"));
        if let Some(alias) = alias {
            *flow = alias.clone();
        }
    }
}
