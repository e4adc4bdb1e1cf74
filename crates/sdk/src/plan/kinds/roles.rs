//! Roles of the realm and of clients, with the roles they contain.

use std::collections::BTreeMap;

use cloakroom_api::admin::roles::RoleQuery;
use cloakroom_api::endpoint::Call;
use cloakroom_api::names::pointer_step;
use serde_json::{Map, Value, json};

use super::super::cx::{Cx, texts};
use super::super::item::{Found, Key, at, entry, fill};
use super::super::kind::{Doing, Kind, Link, Operation};
use super::super::managed::Managed;
use crate::error::Result;

const SERVER_MADE: &[&str] = &["composite", "clientRole", "scopeParamRequired"];
const LINKS: &[&str] = &["composites"];

pub(crate) struct RealmRoles;

impl Kind for RealmRoles {
    fn name(&self) -> &'static str {
        "realm role"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        found.list(&[], tree.pointer("/roles/realm"), "name", &[]);
        // older files name the roles of new users apart
        let listed = texts(tree.get("defaultRoles"));
        if let (false, Some(realm)) = (listed.is_empty(), tree.get("realm").and_then(Value::as_str)) {
            let name = default_role(realm);
            found.add(vec![name.clone()], &json!({ "name": name, "composites": { "realm": listed } }), &[]);
        }
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        fill(entry(at(tree, &["roles", "realm"]), "name", &key[0]), value);
    }

    fn read<'a>(&'a self, cx: &'a Cx<'_>, _: Option<&'a Value>, tree: &'a mut Value) -> Doing<'a, ()> {
        Box::pin(async move {
            if tree.get("roles").is_none() {
                let page = |first, max| cx.calls().roles().list(&whole(first, max));
                tree["roles"] = json!({ "realm": cx.pages(page).await? });
            }
            Ok(())
        })
    }

    fn server_made(&self) -> &'static [&'static str] {
        SERVER_MADE
    }

    fn links(&self) -> &'static [&'static str] {
        LINKS
    }

    fn built_in(&self, realm: &str, key: &[String], value: &Value) -> bool {
        let of_master = realm == "master" && matches!(key[0].as_str(), "admin" | "create-realm");
        of_master || key[0] == default_role(realm) || is_described_by_server(value)
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, key: &[String], _: &str) -> Result<Call> {
        let roles = cx.calls().roles();
        Ok(match operation {
            Operation::Create => roles.create(&Default::default()),
            Operation::Update => roles.update(&key[0], &Default::default()),
            Operation::Delete => roles.delete(&key[0]),
        })
    }

    fn create<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, Option<String>> {
        create(self, cx, key, body)
    }

    fn update<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value, _: &'a Value) -> Doing<'a, ()> {
        update(self, cx, key, body)
    }

    fn delete<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, _: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move { cx.send(self.call(cx, Operation::Delete, key, "")?).await.map(drop) })
    }

    fn link<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, links: Vec<Link<'a>>) -> Doing<'a, ()> {
        Box::pin(async move {
            for link in links {
                let calls = |_: Option<&str>| {
                    let roles = cx.calls().roles();
                    (roles.add_composites(&key[0], &Vec::new()), roles.remove_composites(&key[0], &Vec::new()))
                };
                cx.change_roles(link.old, link.new, calls).await?;
            }
            Ok(())
        })
    }
}

pub(crate) struct ClientRoles;

impl Kind for ClientRoles {
    fn name(&self) -> &'static str {
        "client role"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        for (client, list) in tree.pointer("/roles/client").and_then(Value::as_object).into_iter().flatten() {
            found.list(std::slice::from_ref(client), Some(list), "name", &[]);
            // comes and goes with authorization services
            found.items.remove(&vec![client.clone(), "uma_protection".to_owned()]);
        }
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        fill(entry(at(tree, &["roles", "client", &key[0]]), "name", &key[1]), value);
    }

    fn parent(&self) -> Option<&'static str> {
        Some("client")
    }

    /// The roles of the clients of which files name roles, and what the roles contain of which files say so.
    fn read<'a>(&'a self, cx: &'a Cx<'_>, wanted: Option<&'a Value>, tree: &'a mut Value) -> Doing<'a, ()> {
        Box::pin(async move {
            let (None, Some(wanted)) = (tree.pointer("/roles/client"), wanted) else { return Ok(()) };
            let names: BTreeMap<String, String> = ids_of_clients(tree);
            let of_clients = wanted.pointer("/roles/client").and_then(Value::as_object);
            let mut clients: Vec<String> = of_clients.into_iter().flat_map(|map| map.keys().cloned()).collect();
            clients.extend(Managed::of(tree).names(self.name()));
            clients.sort();
            clients.dedup();
            let mut all = Map::new();
            for client in clients {
                let Some((id, _)) = names.iter().find(|(_, name)| **name == client) else { continue };
                let page = |first, max| cx.calls().client(id).roles().list(&whole(first, max));
                all.insert(client, cx.pages(page).await?.into());
            }
            tree["roles"]["client"] = Value::Object(all);

            let says = |pointer: &str, name: &str| {
                let list = wanted.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
                list.into_iter().any(|role| {
                    role.get("name").and_then(Value::as_str) == Some(name) && role.get("composites").is_some()
                })
            };
            let mut lists = vec!["/roles/realm".to_owned()];
            lists.extend(names.values().map(|name| format!("/roles/client/{}", pointer_step(name))));
            for pointer in lists {
                for role in tree.pointer_mut(&pointer).and_then(Value::as_array_mut).into_iter().flatten() {
                    let text = |field: &str| role.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
                    let is_composite = role.get("composite").and_then(Value::as_bool) == Some(true);
                    if is_composite && says(&pointer, &text("name")) {
                        let parts =
                            cx.get(cx.calls().roles_by_id().composites(&text("id"), &Default::default())).await?;
                        role["composites"] = composites(&parts, &names);
                    }
                }
            }
            Ok(())
        })
    }

    fn server_made(&self) -> &'static [&'static str] {
        SERVER_MADE
    }

    fn links(&self) -> &'static [&'static str] {
        LINKS
    }

    fn client<'a>(&self, key: &'a [String]) -> Option<&'a str> {
        Some(&key[0])
    }

    fn built_in(&self, _: &str, _: &[String], value: &Value) -> bool {
        is_described_by_server(value)
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, key: &[String], _: &str) -> Result<Call> {
        let client = cx.id("client", &key[..1])?;
        let roles = cx.calls().client(&client).roles();
        Ok(match operation {
            Operation::Create => roles.create(&Default::default()),
            Operation::Update => roles.update(&key[1], &Default::default()),
            Operation::Delete => roles.delete(&key[1]),
        })
    }

    fn create<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, Option<String>> {
        create(self, cx, key, body)
    }

    fn update<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value, _: &'a Value) -> Doing<'a, ()> {
        update(self, cx, key, body)
    }

    fn delete<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, _: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move { cx.send(self.call(cx, Operation::Delete, key, "")?).await.map(drop) })
    }

    fn link<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, links: Vec<Link<'a>>) -> Doing<'a, ()> {
        Box::pin(async move {
            let client = cx.id("client", &key[..1])?;
            for link in links {
                let calls = |_: Option<&str>| {
                    let roles = cx.calls().client(&client).roles();
                    (roles.add_composites(&key[1], &Vec::new()), roles.remove_composites(&key[1], &Vec::new()))
                };
                cx.change_roles(link.old, link.new, calls).await?;
            }
            Ok(())
        })
    }
}

/// The role that every user of a realm has.
pub(super) fn default_role(realm: &str) -> String {
    format!("default-roles-{}", realm.to_lowercase())
}

/// Servers describe the roles that they make by a text of their own: `${role_manage-users}`.
fn is_described_by_server(role: &Value) -> bool {
    role.get("description").and_then(Value::as_str).is_some_and(|text| text.starts_with("${role_"))
}

/// The answer names the role by its name, not its id.
fn create<'a>(kind: &'a dyn Kind, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, Option<String>> {
    Box::pin(async move { cx.write(kind.call(cx, Operation::Create, key, "")?, &body).await.map(|_| None) })
}

fn update<'a>(kind: &'a dyn Kind, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, ()> {
    Box::pin(async move { cx.write(kind.call(cx, Operation::Update, key, "")?, &body).await.map(drop) })
}

fn whole(first: i32, max: i32) -> RoleQuery {
    RoleQuery { first: Some(first), max: Some(max), brief_representation: Some(false), ..RoleQuery::default() }
}

/// What clients are called, by their ids.
fn ids_of_clients(tree: &Value) -> BTreeMap<String, String> {
    let text = |client: &Value, field: &str| client.get(field)?.as_str().map(str::to_owned);
    let clients = tree.get("clients").and_then(Value::as_array).into_iter().flatten();
    clients.filter_map(|client| Some((text(client, "id")?, text(client, "clientId")?))).collect()
}

/// Roles as a role's composites name them.
fn composites(parts: &Value, clients: &BTreeMap<String, String>) -> Value {
    let mut all = json!({});
    for part in parts.as_array().into_iter().flatten() {
        let Some(name) = part.get("name") else { continue };
        let container = part.get("containerId").and_then(Value::as_str).and_then(|id| clients.get(id));
        let list = match container {
            Some(client) => &mut all["client"][client.as_str()],
            None => &mut all["realm"],
        };
        match list {
            Value::Array(list) => list.push(name.clone()),
            none => *none = json!([name]),
        }
    }
    all
}
