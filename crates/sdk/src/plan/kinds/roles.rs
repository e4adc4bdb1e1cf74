//! Roles of the realm and of clients, with the roles they contain.

use std::collections::BTreeMap;

use cloakroom_api::admin::roles::RoleQuery;
use cloakroom_api::endpoint::Call;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

use super::super::cx::{Cx, texts};
use super::super::diff::State;
use super::super::item::{Found, Key, at, entry, fill};
use super::super::kind::{Doing, Kind, Link, Operation};
use super::super::managed::Managed;
use crate::error::Result;

/// The roles of the realm, named alone, or those of clients, named below these.
#[derive(Clone, Copy)]
pub(crate) enum Roles {
    OfRealm,
    OfClients,
}

use Roles::{OfClients, OfRealm};

impl Kind for Roles {
    fn name(&self) -> &'static str {
        match self {
            OfRealm => "realm role",
            OfClients => "client role",
        }
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        match self {
            OfRealm => of_realm(tree, found),
            OfClients => of_clients(tree, found),
        }
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        let list = match self {
            OfRealm => at(tree, &["roles", "realm"]),
            OfClients => at(tree, &["roles", "client", &key[0]]),
        };
        fill(entry(list, "name", name(key)), value);
    }

    fn parent(&self) -> Option<&'static str> {
        match self {
            OfRealm => None,
            OfClients => Some("client"),
        }
    }

    fn client<'a>(&self, key: &'a [String]) -> Option<&'a str> {
        match self {
            OfRealm => None,
            OfClients => Some(&key[0]),
        }
    }

    fn server_made(&self) -> &'static [&'static str] {
        &["composite", "clientRole", "scopeParamRequired"]
    }

    fn links(&self) -> &'static [&'static str] {
        &["composites"]
    }

    /// Servers describe the roles that they make by texts of their own: `${role_manage-users}`.
    fn built_in(&self, realm: &str, key: &[String], value: &Value) -> bool {
        let described =
            value.get("description").and_then(Value::as_str).is_some_and(|text| text.starts_with("${role_"));
        let named = match self {
            OfRealm => {
                key[0] == default_role(realm)
                    || realm == "master" && matches!(key[0].as_str(), "admin" | "create-realm")
            }
            OfClients => false,
        };
        described || named
    }

    /// Reads the roles where exports come in parts: those of the realm, then those of the clients of which files name roles, and
    /// what the roles contain of which files say so.
    fn read<'a>(&'a self, cx: &'a Cx<'_>, wanted: Option<&'a Value>, tree: &'a mut Value) -> Doing<'a, ()> {
        Box::pin(async move {
            match self {
                _ if !cx.in_parts => Ok(()),
                OfRealm => {
                    let query = RoleQuery { brief_representation: Some(false), ..RoleQuery::default() };
                    tree["roles"] = json!({ "realm": cx.all(cx.calls().roles().list(&query)).await? });
                    Ok(())
                }
                OfClients => {
                    let clients = ids_of_clients(tree);
                    tree["roles"]["client"] = read_of_clients(cx, wanted, tree, &clients).await?;
                    read_composites(cx, wanted, tree, &clients).await
                }
            }
        })
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, key: &[String], _: &str) -> Result<Call> {
        let (calls, name) = (cx.calls(), name(key));
        Ok(match (self, operation) {
            (OfRealm, Operation::Create) => calls.roles().create(&Default::default()),
            (OfRealm, Operation::Update) => calls.roles().update(name, &Default::default()),
            (OfRealm, Operation::Delete) => calls.roles().delete(name),
            (OfClients, _) => {
                let client = cx.id("client", &key[..1])?;
                let roles = calls.client(&client).roles();
                match operation {
                    Operation::Create => roles.create(&Default::default()),
                    Operation::Update => roles.update(name, &Default::default()),
                    Operation::Delete => roles.delete(name),
                }
            }
        })
    }

    /// The answer names the role by its name, not its id.
    fn create<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, Option<String>> {
        Box::pin(async move { cx.write(self.call(cx, Operation::Create, key, "")?, &body).await.map(|_| None) })
    }

    fn update<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value, _: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move { cx.write(self.call(cx, Operation::Update, key, "")?, &body).await.map(drop) })
    }

    fn delete<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, _: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move { cx.send(self.call(cx, Operation::Delete, key, "")?).await.map(drop) })
    }

    fn link<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, links: Vec<Link<'a>>) -> Doing<'a, ()> {
        Box::pin(async move {
            let (calls, name, none) = (cx.calls(), name(key), Vec::new());
            let client = match self {
                OfRealm => None,
                OfClients => Some(cx.id("client", &key[..1])?),
            };
            let composites = |_: Option<&str>| match &client {
                None => (calls.roles().add_composites(name, &none), calls.roles().remove_composites(name, &none)),
                Some(client) => {
                    let roles = calls.client(client).roles();
                    (roles.add_composites(name, &none), roles.remove_composites(name, &none))
                }
            };
            for link in links {
                cx.change_roles(link.old, link.new, composites).await?;
            }
            Ok(())
        })
    }
}

fn name(key: &[String]) -> &str {
    key.last().map_or("", String::as_str)
}

fn of_realm(tree: &Value, found: &mut Found) {
    found.list(&[], tree.pointer("/roles/realm"), "name", &[]);
    // older files name the roles of new users apart
    let listed = texts(tree.get("defaultRoles"));
    if let (false, Some(realm)) = (listed.is_empty(), tree.get("realm").and_then(Value::as_str)) {
        let name = default_role(realm);
        found.add(vec![name.clone()], &json!({ "name": name, "composites": { "realm": listed } }), &[]);
    }
}

fn of_clients(tree: &Value, found: &mut Found) {
    for (client, list) in tree.pointer("/roles/client").and_then(Value::as_object).into_iter().flatten() {
        found.list(std::slice::from_ref(client), Some(list), "name", &[]);
        // comes and goes with authorization services
        found.items.remove(&vec![client.clone(), "uma_protection".to_owned()]);
    }
}

/// The roles of clients, by client.
async fn read_of_clients(
    cx: &Cx<'_>,
    wanted: Option<&Value>,
    tree: &Value,
    clients: &BTreeMap<String, String>,
) -> Result<Value> {
    let named = wanted.and_then(|wanted| wanted.pointer("/roles/client")).and_then(Value::as_object);
    let made = Managed::of(tree).names(OfClients.name());
    let asked =
        |name: &String| wanted.is_none() || named.is_some_and(|all| all.contains_key(name)) || made.contains(name);
    let clients: Vec<_> = clients.clone().into_iter().filter(|(_, name)| asked(name)).collect();
    let read = stream::iter(clients).map(|(id, name)| async move {
        let query = RoleQuery { brief_representation: Some(false), ..RoleQuery::default() };
        let roles = cx.get(cx.calls().client(&id).roles().list(&query)).await?;
        Ok::<_, crate::Error>((name, roles))
    });
    Ok(Value::Object(read.buffered(cx.at_once).try_collect::<Vec<_>>().await?.into_iter().collect()))
}

/// Reads what roles contain into them.
async fn read_composites(
    cx: &Cx<'_>,
    wanted: Option<&Value>,
    tree: &mut Value,
    clients: &BTreeMap<String, String>,
) -> Result<()> {
    let asked = wanted.map(State::of);
    let says = |kind: Roles, key: &[String]| {
        let found = asked.as_ref().map(|asked| asked.kind(kind.name()));
        found.is_none_or(|found| {
            found.and_then(|found| found.items.get(key)).is_some_and(|role| role.value.get("composites").is_some())
        })
    };
    let mut composite = Vec::new();
    for kind in [OfRealm, OfClients] {
        let mut found = Found::default();
        kind.take(tree, &mut found);
        for (key, role) in found.items {
            let is_composite = role.value.get("composite").and_then(Value::as_bool) == Some(true);
            if let Some(id) = role.id.filter(|_| is_composite && says(kind, &key)) {
                composite.push((kind, key, id));
            }
        }
    }
    let read = stream::iter(composite).map(|(kind, key, id)| async move {
        let parts = cx.get(cx.calls().roles_by_id().composites(&id, &Default::default())).await?;
        Ok::<_, crate::Error>((kind, key, json!({ "composites": composites(&parts, clients) })))
    });
    for (kind, key, contained) in read.buffer_unordered(cx.at_once).try_collect::<Vec<_>>().await? {
        kind.put(tree, &key, &contained);
    }
    Ok(())
}

/// The role that every user of a realm has.
pub(super) fn default_role(realm: &str) -> String {
    format!("default-roles-{}", realm.to_lowercase())
}

/// What clients are called, by their ids.
pub(super) fn ids_of_clients(tree: &Value) -> BTreeMap<String, String> {
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
