//! Roles of the realm and of clients, with the roles they contain.

use cloakroom_api::endpoint::Call;
use serde_json::{Value, json};

use super::super::cx::{Cx, texts};
use super::super::item::{Found, Key, at, entry, fill};
use super::super::kind::{Doing, Kind, Link, Operation};
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
            let name = format!("default-roles-{}", realm.to_lowercase());
            found.add(vec![name.clone()], &json!({ "name": name, "composites": { "realm": listed } }), &[]);
        }
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        fill(entry(at(tree, &["roles", "realm"]), "name", &key[0]), value);
    }

    fn server_made(&self) -> &'static [&'static str] {
        SERVER_MADE
    }

    fn links(&self) -> &'static [&'static str] {
        LINKS
    }

    fn built_in(&self, key: &[String], _: &Value) -> bool {
        key[0].starts_with("default-roles-") || matches!(key[0].as_str(), "admin" | "create-realm")
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

    fn server_made(&self) -> &'static [&'static str] {
        SERVER_MADE
    }

    fn links(&self) -> &'static [&'static str] {
        LINKS
    }

    fn built_in(&self, key: &[String], _: &Value) -> bool {
        key[0].ends_with("-realm")
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

/// The answer names the role by its name, not its id.
fn create<'a>(kind: &'a dyn Kind, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, Option<String>> {
    Box::pin(async move { cx.write(kind.call(cx, Operation::Create, key, "")?, &body).await.map(|_| None) })
}

fn update<'a>(kind: &'a dyn Kind, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, ()> {
    Box::pin(async move { cx.write(kind.call(cx, Operation::Update, key, "")?, &body).await.map(drop) })
}
