//! The groups that new users join.

use cloakroom_api::admin::realms::Realms;
use cloakroom_api::endpoint::Call;
use serde_json::{Value, json};

use super::super::cx::{Cx, difference};
use super::super::item::{Found, Key, at, fill};
use super::super::kind::{Doing, Kind, Link, Operation};
use super::users::group;
use crate::error::Result;
use crate::steps::Unsent;

pub(crate) struct DefaultGroups;

const FIELD: &str = "defaultGroups";

impl Kind for DefaultGroups {
    fn name(&self) -> &'static str {
        "groups of new users"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        // exports leave an empty list out
        let exported = tree.get("keycloakVersion").map(|_| json!([]));
        if let Some(list) = tree.get(FIELD).cloned().or(exported) {
            found.add(Key::new(), &json!({ FIELD: list }), &[]);
        }
    }

    fn put(&self, tree: &mut Value, _: &[String], value: &Value) {
        fill(at(tree, &[]), value);
    }

    fn fixed(&self) -> bool {
        true
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, _: &[String], id: &str) -> Result<Call> {
        let realms = Realms::new(&Unsent);
        Ok(match operation {
            Operation::Delete => realms.remove_default_group(cx.realm, id),
            Operation::Create | Operation::Update => realms.add_default_group(cx.realm, id),
        })
    }

    fn create<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, Option<String>> {
        Box::pin(async move { self.update(cx, key, body, &Value::Null).await.map(|()| None) })
    }

    fn update<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value, old: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move {
            let of = |side: &Value| side.get(FIELD).cloned().unwrap_or_default();
            let (added, removed) = difference(&Link { field: FIELD, old: &of(old), new: &of(&body) });
            for path in added {
                cx.send(self.call(cx, Operation::Create, key, &group(cx, &path)?)?).await?;
            }
            for path in removed {
                cx.send(self.call(cx, Operation::Delete, key, &group(cx, &path)?)?).await?;
            }
            Ok(())
        })
    }
}
