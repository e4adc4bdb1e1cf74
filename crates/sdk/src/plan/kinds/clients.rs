//! Clients, with the client scopes they have.

use cloakroom_api::admin::clients::ClientQuery;
use cloakroom_api::endpoint::Call;
use serde_json::Value;

use super::super::cx::Cx;
use super::super::item::{Found, Key, at, entry, fill};
use super::super::kind::{Doing, Kind, Link, Operation};
use super::client_scopes::attach;
use crate::error::Result;
use crate::export;

pub(crate) struct Clients;

impl Kind for Clients {
    fn name(&self) -> &'static str {
        "client"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        found.list(&[], tree.get("clients"), "clientId", &["protocolMappers", "authorizationSettings"]);
        for client in found.items.values_mut().map(|item| &mut item.value) {
            // the server gives it to every client with a service account, and at every update again
            if let Some(Value::Array(scopes)) = client.get_mut("defaultClientScopes") {
                scopes.retain(|scope| scope != OF_SERVICE_ACCOUNTS);
            }
            if let Some(flows) = client.get_mut(FLOWS) {
                names_of_flows(tree, flows);
            }
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

    /// Exports mask secrets; lists of clients show them. Both leave out that authorization is off.
    fn read<'a>(&'a self, cx: &'a Cx<'_>, wanted: Option<&'a Value>, tree: &'a mut Value) -> Doing<'a, ()> {
        Box::pin(async move {
            let named = wanted.and_then(|wanted| wanted.get("clients")).and_then(Value::as_array);
            let asked = wanted.is_none() || named.into_iter().flatten().any(|client| client["secret"].is_string());
            if cx.in_parts {
                tree["clients"] = cx.all(cx.calls().clients().list(&ClientQuery::default())).await?.into();
            } else if let Some(Value::Array(clients)) = tree.get_mut("clients").filter(|_| asked) {
                export::reveal(clients, &export::secrets(cx.client, cx.realm).await?);
            }
            for client in tree.get_mut("clients").and_then(Value::as_array_mut).into_iter().flatten() {
                if client.get(AUTHORIZATION).is_none_or(Value::is_null) {
                    client[AUTHORIZATION] = false.into();
                }
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
            let mut now = cx.get(cx.calls().clients().get(&client)).await?;
            for link in &links {
                if let Value::Array(scopes) = &mut now[link.field] {
                    scopes.retain(|scope| scope != OF_SERVICE_ACCOUNTS);
                }
            }
            // a new client has those that the realm gives to new clients
            let from = |link: &Link<'a>| Link { field: link.field, old: &now[link.field], new: link.new };
            let links: Vec<Link<'_>> = links.iter().map(from).collect();
            let calls = cx.calls();
            let of = calls.client(&client);
            let (default, optional) = (of.default_client_scopes(), of.optional_client_scopes());
            attach(cx, &links, |field, adds, id| match (field == "defaultClientScopes", adds) {
                (true, true) => default.add(id),
                (true, false) => default.remove(id),
                (false, true) => optional.add(id),
                (false, false) => optional.remove(id),
            })
            .await
        })
    }
}

/// Whether the server lets nobody change a client, with all that is part of it: one that holds the administrators' roles of a
/// realm. Servers say so themselves; that they say it of `broker` too means nothing.
pub(crate) fn is_locked(name: &str, client: &Value) -> bool {
    name != "broker" && client.pointer("/attributes/realm_client").is_some_and(|yes| yes == "true")
}

const OF_SERVICE_ACCOUNTS: &str = "service_account";
const AUTHORIZATION: &str = "authorizationServicesEnabled";
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
