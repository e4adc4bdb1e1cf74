//! Scope mappings: the roles that tokens may carry for a client, or by a client scope.

use cloakroom_api::endpoint::Call;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

use super::super::cx::{Cx, texts};
use super::super::item::{Found, Item, Key, at};
use super::super::kind::{Doing, Kind, Operation};
use super::super::managed::Managed;
use super::roles::ids_of_clients;
use crate::error::Result;
use crate::export::mapped;

pub(crate) struct ScopeMappings;

/// What may have mappings: the field that names it in files, and its kind.
const HOLDERS: [(&str, &str); 2] = [("client", "client"), ("clientScope", "client scope")];

/// Named by the kind of holder and its name; the value has `realm` and `client` as composites of roles have them.
impl Kind for ScopeMappings {
    fn name(&self) -> &'static str {
        "scope mappings of"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        let none = serde_json::Map::new();
        let of_clients = tree.get("clientScopeMappings").and_then(Value::as_object).unwrap_or(&none);
        let realm = tree.get("scopeMappings").map(|list| (None, list));
        for (container, list) in realm.into_iter().chain(of_clients.iter().map(|(client, list)| (Some(client), list))) {
            for mapping in list.as_array().into_iter().flatten() {
                let holder = HOLDERS.iter().find_map(|(field, kind)| Some((*kind, mapping.get(field)?.as_str()?)));
                let Some((kind, name)) = holder else { continue };
                let item = found
                    .items
                    .entry(vec![kind.to_owned(), name.to_owned()])
                    .or_insert_with(|| Item { id: None, value: json!({}) });
                let roles: Value = texts(mapping.get("roles")).into();
                match container {
                    None => item.value["realm"] = roles,
                    Some(client) => item.value["client"][client.as_str()] = roles,
                }
            }
        }
        if tree.get("scopeMappings").is_some() || tree.get("clientScopeMappings").is_some() {
            found.lists.extend(HOLDERS.iter().map(|(_, kind)| vec![(*kind).to_owned()]));
        }
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        let field = HOLDERS.iter().find(|(_, kind)| *kind == key[0]).map_or("client", |(field, _)| *field);
        let mut push = |way: &[&str], roles: &Value| {
            let list = at(tree, way);
            if !list.is_array() {
                *list = json!([]);
            }
            if let Value::Array(list) = list {
                list.push(json!({ field: key[1], "roles": roles }));
            }
        };
        if let Some(roles) = value.get("realm") {
            push(&["scopeMappings"], roles);
        }
        for (client, roles) in value.get("client").and_then(Value::as_object).into_iter().flatten() {
            push(&["clientScopeMappings", client], roles);
        }
    }

    fn client<'a>(&self, key: &'a [String]) -> Option<&'a str> {
        (key[0] == "client").then(|| key[1].as_str())
    }

    /// Exports in parts have those of client scopes alone.
    fn read<'a>(&'a self, cx: &'a Cx<'_>, wanted: Option<&'a Value>, tree: &'a mut Value) -> Doing<'a, ()> {
        Box::pin(async move {
            if !cx.in_parts {
                return Ok(());
            }
            let mut asked = Found::default();
            self.take(wanted.unwrap_or(&Value::Null), &mut asked);
            let made = Managed::of(tree);
            let all = wanted.is_none() || (cx.everything && !asked.lists.is_empty());
            let key = |name: &str| vec!["client".to_owned(), name.to_owned()];
            let read = |name: &str| all || asked.items.contains_key(&key(name)) || made.has(self.name(), &key(name));
            let clients: Vec<(String, String)> =
                ids_of_clients(tree).into_iter().filter(|(_, name)| read(name)).collect();
            let mappings = stream::iter(clients).map(|(id, name)| async move {
                let mapped_roles = cx.get(cx.calls().client(&id).scope_mappings().all().list()).await?;
                let (of_realm, of_clients) = mapped(&mapped_roles);
                let mut value = json!({ "client": of_clients });
                if mapped_roles["realmMappings"].is_array() {
                    value["realm"] = of_realm;
                }
                Ok::<_, crate::Error>((name, value))
            });
            let mappings: Vec<(String, Value)> = mappings.buffered(cx.at_once).try_collect().await?;
            mappings.iter().for_each(|(name, value)| self.put(tree, &key(name), value));
            Ok(())
        })
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, key: &[String], _: &str) -> Result<Call> {
        let (add, remove) = calls(cx, key, &cx.id(kind_of(key), &key[1..])?, None);
        Ok(if operation == Operation::Delete { remove } else { add })
    }

    fn create<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, Option<String>> {
        Box::pin(async move { change(cx, key, &Value::Null, &body).await.map(|()| None) })
    }

    fn update<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value, old: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move { change(cx, key, old, &body).await })
    }

    fn delete<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, old: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move { change(cx, key, old, &Value::Null).await })
    }
}

fn kind_of(key: &[String]) -> &'static str {
    HOLDERS.iter().find(|(_, kind)| *kind == key[0]).map_or("client", |(_, kind)| *kind)
}

async fn change(cx: &Cx<'_>, key: &[String], old: &Value, new: &Value) -> Result<()> {
    let holder = cx.id(kind_of(key), &key[1..])?;
    cx.change_roles(old, new, |client| calls(cx, key, &holder, client)).await
}

/// The calls that add and remove roles of the realm, or of a client by its id.
fn calls(cx: &Cx<'_>, key: &[String], holder: &str, client: Option<&str>) -> (Call, Call) {
    let calls = cx.calls();
    match key[0].as_str() {
        "client" => role_calls!(calls.client(holder).scope_mappings(), client),
        _ => role_calls!(calls.client_scope(holder).scope_mappings(), client),
    }
}
