//! Identity providers, and what becomes of what they say of a user.

use cloakroom_api::endpoint::Call;
use serde_json::{Value, json};

use super::super::cx::Cx;
use super::super::item::{Found, Key, at, entry, fill};
use super::super::kind::{Doing, Kind, Operation};
use crate::error::Result;

pub(crate) struct IdentityProviders;

impl Kind for IdentityProviders {
    fn name(&self) -> &'static str {
        "identity provider"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        found.list(&[], tree.get("identityProviders"), "alias", &[]);
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        fill(entry(at(tree, &["identityProviders"]), "alias", &key[0]), value);
    }

    fn server_made(&self) -> &'static [&'static str] {
        &["types", "organizationId", "updateProfileFirstLoginMode", "updateProfileFirstLogin"]
    }

    fn keeps_masks(&self) -> bool {
        true
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, key: &[String], _: &str) -> Result<Call> {
        let idps = cx.calls().idps();
        Ok(match operation {
            Operation::Create => idps.create(&Default::default()),
            Operation::Update => idps.update(&key[0], &Default::default()),
            Operation::Delete => idps.delete(&key[0]),
        })
    }

    fn update<'a>(&'a self, cx: &'a Cx<'_>, key: &'a Key, mut body: Value, _: &'a Value) -> Doing<'a, ()> {
        Box::pin(async move {
            body["internalId"] = cx.id(self.name(), key)?.into();
            cx.write(self.call(cx, Operation::Update, key, "")?, &body).await.map(drop)
        })
    }
}

pub(crate) struct IdentityProviderMappers;

const LIST: &str = "identityProviderMappers";
const OF: &str = "identityProviderAlias";

impl Kind for IdentityProviderMappers {
    fn name(&self) -> &'static str {
        "identity provider mapper"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        let Some(Value::Array(list)) = tree.get(LIST) else { return };
        let providers = tree.get("identityProviders").and_then(Value::as_array).into_iter().flatten();
        let aliases = providers.chain(list).filter_map(|entry| entry.get("alias").or_else(|| entry.get(OF))?.as_str());
        found.lists.extend(aliases.map(|alias| vec![alias.to_owned()]));
        for mapper in list {
            let text = |field: &str| mapper.get(field).and_then(Value::as_str).map(str::to_owned);
            if let (Some(alias), Some(name)) = (text(OF), text("name")) {
                found.add(vec![alias, name], mapper, &[]);
            }
        }
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        let list = at(tree, &[LIST]);
        if !list.is_array() {
            *list = json!([]);
        }
        if let Value::Array(list) = list {
            let mut mapper = json!({ OF: key[0], "name": key[1] });
            fill(&mut mapper, value);
            list.push(mapper);
        }
    }

    fn parent(&self) -> Option<&'static str> {
        Some("identity provider")
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, key: &[String], id: &str) -> Result<Call> {
        let mappers = cx.calls().idp(&key[0]).mappers();
        Ok(match operation {
            Operation::Create => mappers.create(&Default::default()),
            Operation::Update => mappers.update(id, &Default::default()),
            Operation::Delete => mappers.delete(id),
        })
    }
}
