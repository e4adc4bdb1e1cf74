//! Client scopes, and which of them new clients get.

use cloakroom_api::endpoint::Call;
use serde_json::{Value, json};

use super::super::cx::{Cx, difference};
use super::super::item::{Found, Key, at, entry, fill};
use super::super::kind::{Doing, Kind, Link, Operation};
use crate::error::Result;

pub(crate) struct ClientScopes;

impl Kind for ClientScopes {
    fn name(&self) -> &'static str {
        "client scope"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        found.list(&[], tree.get("clientScopes"), "name", &["protocolMappers"]);
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        fill(entry(at(tree, &["clientScopes"]), "name", &key[0]), value);
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, _: &[String], id: &str) -> Result<Call> {
        let scopes = cx.calls().client_scopes();
        Ok(match operation {
            Operation::Create => scopes.create(&Default::default()),
            Operation::Update => scopes.update(id, &Default::default()),
            Operation::Delete => scopes.delete(id),
        })
    }

    fn body<'a>(&'a self, _: &'a Cx<'_>, _: &'a [String], mut body: Value) -> Doing<'a, Value> {
        Box::pin(async move {
            if body.get("protocol").is_none_or(Value::is_null) {
                body["protocol"] = "openid-connect".into();
            }
            Ok(body)
        })
    }
}

/// The client scopes that new clients get, always or on request.
pub(crate) struct DefaultScopes;

const DEFAULT: &str = "defaultDefaultClientScopes";
const OPTIONAL: &str = "defaultOptionalClientScopes";

impl Kind for DefaultScopes {
    fn name(&self) -> &'static str {
        "client scopes of new clients"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        let lists =
            [DEFAULT, OPTIONAL].into_iter().filter_map(|field| Some((field.to_owned(), tree.get(field)?.clone())));
        let lists: Value = Value::Object(lists.collect());
        if lists != json!({}) {
            found.add(Key::new(), &lists, &[]);
        }
    }

    fn put(&self, tree: &mut Value, _: &[String], value: &Value) {
        fill(at(tree, &[]), value);
    }

    fn fixed(&self) -> bool {
        true
    }

    fn call(&self, cx: &Cx<'_>, _: Operation, _: &[String], id: &str) -> Result<Call> {
        Ok(cx.calls().default_client_scopes().add(id))
    }

    fn update<'a>(&'a self, cx: &'a Cx<'_>, _: &'a Key, body: Value, old: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move {
            let of = |side: &Value, field: &str| side.get(field).cloned().unwrap_or_default();
            let sides = [DEFAULT, OPTIONAL].map(|field| (field, of(old, field), of(&body, field)));
            let links = sides.each_ref().map(|(field, old, new)| Link { field, old, new });
            let calls = cx.calls();
            let (default, optional) = (calls.default_client_scopes(), calls.optional_client_scopes());
            attach(cx, &links, |field, adds, id| match (field == DEFAULT, adds) {
                (true, true) => default.add(id),
                (true, false) => default.remove(id),
                (false, true) => optional.add(id),
                (false, false) => optional.remove(id),
            })
            .await
        })
    }

    fn create<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, body: Value) -> Doing<'a, Option<String>> {
        Box::pin(async move {
            self.update(cx, key, body, &Value::Null).await?;
            Ok(None)
        })
    }
}

/// Takes client scopes away and adds others, each to the list that the link is of. A scope is in one list or the other: all
/// that go are taken away first.
pub(super) async fn attach(
    cx: &Cx<'_>,
    links: &[Link<'_>],
    call: impl Fn(&'static str, bool, &str) -> Call + Send + Sync,
) -> Result<()> {
    for adds in [false, true] {
        for link in links {
            let (added, removed) = difference(link);
            for name in if adds { added } else { removed } {
                let id = cx.id("client scope", &[name])?;
                cx.send(call(link.field, adds, &id)).await?;
            }
        }
    }
    Ok(())
}
