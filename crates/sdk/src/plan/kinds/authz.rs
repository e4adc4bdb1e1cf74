//! Authorization services of clients: settings, and by name scopes, resources, policies and permissions.
//!
//! Servers import them by name, ids and all; one at a time, since imports change what they refer to.

use std::collections::BTreeSet;

use cloakroom_api::admin::authz::policies::PolicySearch;
use cloakroom_api::admin::authz::resources::NameQuery;
use cloakroom_api::endpoint::Call;
use serde_json::{Value, json};

use super::super::cx::Cx;
use super::super::item::{Found, Key, at, entry, fill};
use super::super::kind::{Doing, Kind, Operation};
use super::super::managed::Managed;
use crate::error::Result;

const FIELD: &str = "authorizationSettings";
const LISTS: &[&str] = &["scopes", "resources", "policies"];

fn settings(tree: &Value) -> impl Iterator<Item = (String, &Value)> {
    let clients = tree.get("clients").and_then(Value::as_array).into_iter().flatten();
    clients.filter_map(|client| Some((client.get("clientId")?.as_str()?.to_owned(), client.get(FIELD)?)))
}

async fn import(cx: &Cx<'_>, key: &[String], body: &Value) -> Result<()> {
    let client = cx.id("client", &key[..1])?;
    let _alone = cx.document.lock().await;
    // settings that an import leaves out go back to what they are in a new client
    let now = cx.get(cx.calls().client(&client).authz().settings().get()).await?;
    let mut body = body.clone();
    for field in ["allowRemoteResourceManagement", "policyEnforcementMode", "decisionStrategy"] {
        body[field] = now.get(field).cloned().unwrap_or_default();
    }
    cx.write(cx.calls().client(&client).authz().settings().import(&Default::default()), &body).await.map(drop)
}

pub(crate) struct Settings;

impl Kind for Settings {
    fn name(&self) -> &'static str {
        "authorization settings of"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        for (client, settings) in settings(tree) {
            found.add(vec![client], settings, LISTS);
        }
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        fill(at(entry(at(tree, &["clients"]), "clientId", &key[0]), &[FIELD]), value);
    }

    fn read<'a>(&'a self, cx: &'a Cx<'_>, wanted: Option<&'a Value>, tree: &'a mut Value) -> Doing<'a, ()> {
        Box::pin(async move {
            let made = Managed::of(tree);
            let made = [&SCOPES, &RESOURCES, &POLICIES, &AGGREGATES, &PERMISSIONS].map(|kind| made.names(kind.name));
            let named = |wanted| settings(wanted).map(|(client, _)| client).chain(made.into_iter().flatten()).collect();
            let names: Option<BTreeSet<String>> = wanted.map(named);
            for client in tree.get_mut("clients").and_then(Value::as_array_mut).into_iter().flatten() {
                let text = |field: &str| client.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
                let on = client.get("authorizationServicesEnabled").and_then(Value::as_bool) == Some(true);
                if on
                    && client.get(FIELD).is_none()
                    && names.as_ref().is_none_or(|names| names.contains(&text("clientId")))
                {
                    client[FIELD] = cx.get(cx.calls().client(&text("id")).authz().settings().export()).await?;
                }
            }
            Ok(())
        })
    }

    fn server_made(&self) -> &'static [&'static str] {
        &["name", "clientId"]
    }

    fn fixed(&self) -> bool {
        true
    }

    fn call(&self, cx: &Cx<'_>, _: Operation, key: &[String], _: &str) -> Result<Call> {
        Ok(cx.calls().client(&cx.id("client", key)?).authz().settings().update(&Default::default()))
    }

    fn create<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, Option<String>> {
        Box::pin(async move {
            let now = cx.get(cx.calls().client(&cx.id("client", key)?).authz().settings().get()).await?;
            self.update(cx, key, super::super::tree::merged(&now, &body), &Value::Null).await.map(|()| None)
        })
    }

    fn update<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value, _: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move { cx.write(self.call(cx, Operation::Update, key, "")?, &body).await.map(drop) })
    }
}

/// The entries of one list, or some of them by type.
pub(crate) struct Entries {
    name: &'static str,
    list: &'static str,
    of_type: fn(&str) -> bool,
}

pub(crate) static SCOPES: Entries = Entries { name: "authorization scope", list: "scopes", of_type: |_| true };
pub(crate) static RESOURCES: Entries = Entries { name: "authorization resource", list: "resources", of_type: |_| true };
pub(crate) static POLICIES: Entries = Entries {
    name: "authorization policy",
    list: "policies",
    of_type: |kind| !matches!(kind, "aggregate" | "resource" | "scope"),
};
pub(crate) static AGGREGATES: Entries =
    Entries { name: "aggregated policy", list: "policies", of_type: |kind| kind == "aggregate" };
pub(crate) static PERMISSIONS: Entries =
    Entries { name: "permission", list: "policies", of_type: |kind| matches!(kind, "resource" | "scope") };

impl Kind for Entries {
    fn name(&self) -> &'static str {
        self.name
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        for (client, settings) in settings(tree) {
            let Some(Value::Array(list)) = settings.get(self.list) else { continue };
            let of_type =
                |entry: &&Value| (self.of_type)(entry.get("type").and_then(Value::as_str).unwrap_or_default());
            let own = list.iter().filter(of_type).cloned().collect();
            found.list(&[client], Some(&own), "name", &["owner"]);
        }
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        let client = entry(at(tree, &["clients"]), "clientId", &key[0]);
        fill(entry(at(client, &[FIELD, self.list]), "name", &key[1]), value);
    }

    fn parent(&self) -> Option<&'static str> {
        Some("client")
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, key: &[String], id: &str) -> Result<Call> {
        let client = cx.id("client", &key[..1])?;
        let calls = cx.calls();
        let authz = calls.client(&client).authz();
        Ok(match (self.list, operation) {
            ("scopes", Operation::Delete) => authz.scopes().delete(id),
            ("resources", Operation::Delete) => authz.resources().delete(id),
            (_, Operation::Delete) => authz.policies().delete(id),
            ("scopes", _) => authz.scopes().update(id, &Default::default()),
            ("resources", _) => authz.resources().update(id, &Default::default()),
            (_, _) => authz.settings().import(&Default::default()),
        })
    }

    fn create<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, Option<String>> {
        Box::pin(async move { import(cx, key, &json!({ self.list: [body] })).await.map(|()| None) })
    }

    /// An import changes policies, but neither scopes nor resources.
    fn update<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, mut body: Value, _: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move {
            if self.list == "policies" {
                return import(cx, key, &json!({ self.list: [body] })).await;
            }
            let Some(id) = self.id(cx, key).await? else { return Ok(()) };
            body[if self.list == "scopes" { "id" } else { "_id" }] = id.clone().into();
            let _alone = cx.document.lock().await;
            cx.write(self.call(cx, Operation::Update, key, &id)?, &body).await.map(drop)
        })
    }

    fn delete<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, _: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move {
            match self.id(cx, key).await? {
                Some(id) => cx.send(self.call(cx, Operation::Delete, key, &id)?).await.map(drop),
                None => Ok(()),
            }
        })
    }
}

impl Entries {
    /// The server's id of an entry: exports leave it out.
    async fn id(&self, cx: &Cx<'_>, key: &[String]) -> Result<Option<String>> {
        let client = cx.id("client", &key[..1])?;
        let calls = cx.calls();
        let authz = calls.client(&client).authz();
        let name = NameQuery { name: Some(key[1].clone()) };
        let found = match self.list {
            "scopes" => authz.scopes().find(&name),
            "resources" => authz.resources().find(&name),
            _ => authz.policies().find(&PolicySearch { name: Some(key[1].clone()), ..PolicySearch::default() }),
        };
        let answer = cx.send(found).await?;
        let found: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        Ok(found.get("id").or_else(|| found.get("_id")).and_then(Value::as_str).map(str::to_owned))
    }
}
