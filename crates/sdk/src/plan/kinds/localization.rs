//! A realm's own texts, by locale.

use cloakroom_api::endpoint::Call;
use serde_json::{Map, Value};

use super::super::cx::Cx;
use super::super::item::{Found, Item, Key, at, fill};
use super::super::kind::{Doing, Kind, Operation};
use super::super::tree::same;
use crate::error::Result;

pub(crate) struct Texts;

const FIELD: &str = "localizationTexts";

impl Kind for Texts {
    fn name(&self) -> &'static str {
        "texts"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        let Some(Value::Object(locales)) = tree.get(FIELD) else { return };
        found.lists.insert(Key::new());
        let items =
            locales.iter().map(|(locale, texts)| (vec![locale.clone()], Item { id: None, value: texts.clone() }));
        found.items.extend(items);
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        fill(at(tree, &[FIELD, &key[0]]), value);
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, key: &[String], _: &str) -> Result<Call> {
        let texts = cx.calls().localization();
        Ok(match operation {
            Operation::Create | Operation::Update => texts.add(&key[0], &Default::default()),
            Operation::Delete => texts.delete(&key[0]),
        })
    }

    /// Sends what changes; what is null goes.
    fn update<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value, old: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move {
            let Value::Object(texts) = body else { return Ok(()) };
            let changed = texts.into_iter().filter(|(name, text)| !same(old.get(name).unwrap_or(&Value::Null), text));
            let (gone, set): (Map<String, Value>, _) = changed.partition(|(_, text)| text.is_null());
            if !set.is_empty() {
                cx.write(self.call(cx, Operation::Update, key, "")?, &Value::Object(set)).await?;
            }
            for name in gone.keys() {
                cx.send(cx.calls().localization().remove(&key[0], name)).await?;
            }
            Ok(())
        })
    }

    fn delete<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, _: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move { cx.send(self.call(cx, Operation::Delete, key, "")?).await.map(drop) })
    }
}
