//! Groups: a tree, with the roles that members have.

use cloakroom_api::admin::groups::{ChildQuery, GroupQuery};
use cloakroom_api::endpoint::Call;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

use super::super::cx::Cx;
use super::super::item::{Found, Key, at, entry, fill};
use super::super::kind::{Doing, Kind, Link, Operation};
use crate::error::Result;

pub(crate) struct Groups;

impl Kind for Groups {
    fn name(&self) -> &'static str {
        "group"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        below(&[], tree.get("groups"), found);
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        let mut list = at(tree, &["groups"]);
        for (depth, name) in key.iter().enumerate() {
            let group = entry(list, "name", name);
            if depth + 1 == key.len() {
                return fill(group, value);
            }
            list = at(group, &["subGroups"]);
        }
    }

    fn parent(&self) -> Option<&'static str> {
        Some("group")
    }

    fn read<'a>(&'a self, cx: &'a Cx<'_>, _: Option<&'a Value>, tree: &'a mut Value) -> Doing<'a, ()> {
        Box::pin(async move {
            if cx.in_parts {
                let query = GroupQuery { brief_representation: Some(false), ..GroupQuery::default() };
                let top = cx.all(cx.calls().groups().list(&query)).await?;
                tree["groups"] = with_children(cx, top).await?;
            }
            Ok(())
        })
    }

    fn server_made(&self) -> &'static [&'static str] {
        &["path", "parentId", "subGroupCount", "access"]
    }

    fn links(&self) -> &'static [&'static str] {
        &["realmRoles", "clientRoles"]
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, key: &[String], id: &str) -> Result<Call> {
        let groups = cx.calls().groups();
        Ok(match operation {
            Operation::Create if key.len() == 1 => groups.create(&Default::default()),
            Operation::Create => groups.create_child(&cx.id(self.name(), &key[..key.len() - 1])?, &Default::default()),
            Operation::Update => groups.update(id, &Default::default()),
            Operation::Delete => groups.delete(id),
        })
    }

    fn link<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, links: Vec<Link<'a>>) -> Doing<'a, ()> {
        Box::pin(async move {
            let id = cx.id(self.name(), key)?;
            let (old, new) = role_sets(&links);
            let calls = cx.calls();
            let mappings = calls.group(&id).role_mappings();
            cx.change_roles(&old, &new, |client| role_calls!(mappings, client)).await
        })
    }
}

/// The fields `realmRoles` and `clientRoles` in the shape of a role's composites, before and after.
pub(super) fn role_sets(links: &[Link<'_>]) -> (Value, Value) {
    let side = |pick: for<'b> fn(&'b Link<'b>) -> &'b Value| {
        let of = |field: &str| links.iter().find(|link| link.field == field).map_or(&Value::Null, pick);
        json!({ "realm": of("realmRoles"), "client": of("clientRoles") })
    };
    (side(|link| link.old), side(|link| link.new))
}

fn below(above: &[String], list: Option<&Value>, found: &mut Found) {
    found.list(above, list, "name", &["subGroups"]);
    for group in list.and_then(Value::as_array).into_iter().flatten() {
        let Some(name) = group.get("name").and_then(Value::as_str) else { continue };
        below(&[above, &[name.to_owned()]].concat(), group.get("subGroups"), found);
    }
}

/// Groups with all below them, as many read at once as the context allows.
fn with_children<'a>(cx: &'a Cx<'_>, groups: Vec<Value>) -> Doing<'a, Value> {
    let whole = |mut group: Value| -> Doing<'a, Value> {
        Box::pin(async move {
            if group.get("subGroupCount").and_then(Value::as_i64).unwrap_or_default() > 0 {
                let id = group.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
                let query = ChildQuery { brief_representation: Some(false), ..ChildQuery::default() };
                let children = cx.all(cx.calls().groups().children(&id, &query)).await?;
                group["subGroups"] = with_children(cx, children).await?;
            }
            Ok(group)
        })
    };
    let begun: Vec<Doing<'a, Value>> = groups.into_iter().map(whole).collect();
    Box::pin(async move {
        let all: Vec<Value> = stream::iter(begun).buffered(cx.at_once).try_collect().await?;
        Ok(Value::Array(all))
    })
}
