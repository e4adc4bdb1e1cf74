//! What users may be asked to do at a login, once.

use cloakroom_api::endpoint::Call;
use serde_json::{Value, json};

use super::super::cx::Cx;
use super::super::item::{Found, Key, at, entry, fill};
use super::super::kind::{Doing, Kind, Operation};
use crate::error::Result;

pub(crate) struct RequiredActions;

impl Kind for RequiredActions {
    fn name(&self) -> &'static str {
        "required action"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        found.list(&[], tree.get("requiredActions"), "alias", &[]);
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        fill(entry(at(tree, &["requiredActions"]), "alias", &key[0]), value);
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, key: &[String], _: &str) -> Result<Call> {
        let actions = cx.calls().required_actions();
        Ok(match operation {
            Operation::Create => actions.register(&Default::default()),
            Operation::Update => actions.update(&key[0], &Default::default()),
            Operation::Delete => actions.delete(&key[0]),
        })
    }

    /// Registering takes the provider and a name; the rest is an update.
    fn create<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, Option<String>> {
        Box::pin(async move {
            let provider = body.get("providerId").cloned().unwrap_or_else(|| key[0].clone().into());
            let name = body.get("name").cloned().unwrap_or_else(|| key[0].clone().into());
            let new = json!({ "providerId": provider, "name": name });
            cx.write(self.call(cx, Operation::Create, key, "")?, &new).await?;
            let mut all = cx.get(cx.calls().required_actions().get(&key[0])).await?;
            fill(&mut all, &body);
            cx.write(self.call(cx, Operation::Update, key, "")?, &all).await.map(|_| None)
        })
    }

    fn update<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value, _: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move { cx.write(self.call(cx, Operation::Update, key, "")?, &body).await.map(drop) })
    }

    fn delete<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, _: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move { cx.send(self.call(cx, Operation::Delete, key, "")?).await.map(drop) })
    }
}
