//! Organizations, with their members and identity providers.

use cloakroom_api::endpoint::Call;
use serde_json::{Value, json};

use super::super::cx::{Cx, difference, texts};
use super::super::item::{Found, Key, at, entry, fill};
use super::super::kind::{Doing, Kind, Link, Operation};
use super::super::managed::Managed;
use crate::error::{OrNone, Result};
use crate::export;

pub(crate) struct Organizations;

const FIELD: &str = "organizations";
/// What files list as objects, and the field that names them.
const PARTS: [(&str, &str); 2] = [("members", "username"), ("identityProviders", "alias")];

impl Kind for Organizations {
    fn name(&self) -> &'static str {
        "organization"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        found.list(&[], tree.get(FIELD), "name", &["groups"]);
        for item in found.items.values_mut() {
            for (field, named) in PARTS {
                if let Some(list) = item.value.get_mut(field) {
                    let name = |entry: &Value| entry.get(named).cloned().unwrap_or_else(|| entry.clone());
                    *list = list.as_array().into_iter().flatten().map(name).collect();
                }
            }
        }
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        let organization = entry(at(tree, &[FIELD]), "name", &key[0]);
        fill(organization, value);
        for (field, named) in PARTS {
            if let Some(list) = organization.get_mut(field) {
                *list = texts(Some(list)).into_iter().map(|name| json!({ named: name })).collect();
            }
        }
    }

    fn links(&self) -> &'static [&'static str] {
        &["members", "identityProviders"]
    }

    fn read<'a>(&'a self, cx: &'a Cx<'_>, wanted: Option<&'a Value>, tree: &'a mut Value) -> Doing<'a, ()> {
        Box::pin(async move {
            let ours = !Managed::of(tree).names(self.name()).is_empty();
            let on = tree.get("organizationsEnabled").and_then(Value::as_bool) == Some(true);
            if on && (ours || wanted.is_none_or(|wanted| wanted.get(FIELD).is_some())) {
                // a server without organizations has none
                let members = wanted.is_some() || cx.users;
                let all = export::organizations(cx.client, cx.realm, members).await.or_none()?;
                tree[FIELD] = all.unwrap_or_default().into();
            }
            Ok(())
        })
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, _: &[String], id: &str) -> Result<Call> {
        let organizations = cx.calls().orgs();
        Ok(match operation {
            Operation::Create => organizations.create(&Default::default()),
            Operation::Update => organizations.update(id, &Default::default()),
            Operation::Delete => organizations.delete(id),
        })
    }

    fn link<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, links: Vec<Link<'a>>) -> Doing<'a, ()> {
        Box::pin(async move {
            let id = cx.id(self.name(), key)?;
            for link in &links {
                let (added, removed) = difference(link);
                let members = link.field == "members";
                for (adds, name) in added.iter().map(|n| (true, n)).chain(removed.iter().map(|n| (false, n))) {
                    let calls = cx.calls();
                    let organization = calls.org(&id);
                    let part = if members { cx.id("user", &[name.to_lowercase()])? } else { name.clone() };
                    match (members, adds) {
                        (true, true) => drop(cx.write(organization.members().add(&part), &part.into()).await?),
                        (true, false) => drop(cx.send(organization.members().remove(&part)).await?),
                        (false, true) => drop(cx.write(organization.idps().add(&part), &part.into()).await?),
                        (false, false) => drop(cx.send(organization.idps().remove(&part)).await?),
                    }
                }
            }
            Ok(())
        })
    }
}
