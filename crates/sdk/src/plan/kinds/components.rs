//! Components: keys, user storages with their mappers, policies for registration.

use cloakroom_api::endpoint::Call;
use serde_json::{Value, json};

use super::super::cx::Cx;
use super::super::item::{Found, at, fill};
use super::super::kind::{Doing, Kind, Operation};
use crate::error::Result;

pub(crate) struct Components;

/// The user profile is a kind of its own.
const PROFILE: &str = "org.keycloak.userprofile.UserProfileProvider";

/// Named by provider type and name, below the names of the component they are part of.
impl Kind for Components {
    fn name(&self) -> &'static str {
        "component"
    }

    fn take(&self, tree: &Value, found: &mut Found) {
        below(&[], tree.get("components"), found);
    }

    fn put(&self, tree: &mut Value, key: &[String], value: &Value) {
        let mut within = at(tree, &["components"]);
        for (depth, pair) in key.chunks(2).enumerate() {
            let [provider_type, name] = pair else { return };
            let list = at(within, &[provider_type]);
            if !list.is_array() {
                *list = json!([]);
            }
            let Value::Array(entries) = list else { return };
            let position = entries.iter().position(|entry| segment(entry).as_deref() == Some(name));
            let position = position.unwrap_or_else(|| {
                let (own, sub_type) = name.strip_suffix(')').and_then(|n| n.rsplit_once(" (")).unwrap_or((name, ""));
                let sub_type = Some(sub_type).filter(|sub_type| !sub_type.is_empty());
                entries.push(match sub_type {
                    Some(sub_type) => json!({ "name": own, "subType": sub_type }),
                    None => json!({ "name": own }),
                });
                entries.len() - 1
            });
            let entry = &mut entries[position];
            if 2 * depth + 2 == key.len() {
                fill(entry, value);
                if let Value::Object(entry) = entry {
                    entry.remove("providerType");
                }
                return;
            }
            within = at(entry, &["subComponents"]);
        }
    }

    fn parent(&self) -> Option<&'static str> {
        Some("component")
    }

    fn above<'a>(&self, key: &'a [String]) -> &'a [String] {
        &key[..key.len().saturating_sub(2)]
    }

    fn call(&self, cx: &Cx<'_>, operation: Operation, _: &[String], id: &str) -> Result<Call> {
        let components = cx.calls().components();
        Ok(match operation {
            Operation::Create => components.create(&Default::default()),
            Operation::Update => components.update(id, &Default::default()),
            Operation::Delete => components.delete(id),
        })
    }

    fn body<'a>(&'a self, cx: &'a Cx<'_>, key: &'a [String], mut body: Value) -> Doing<'a, Value> {
        Box::pin(async move {
            let above = self.above(key);
            if !above.is_empty() {
                body["parentId"] = cx.id(self.name(), above)?.into();
            }
            Ok(body)
        })
    }
}

/// What a component is called among those of its type.
fn segment(component: &Value) -> Option<String> {
    let text = |field: &str| component.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    let name = text("name")?;
    Some(text("subType").map_or_else(|| name.to_owned(), |sub_type| format!("{name} ({sub_type})")))
}

fn below(above: &[String], types: Option<&Value>, found: &mut Found) {
    for (provider_type, list) in types.and_then(Value::as_object).into_iter().flatten() {
        if provider_type == PROFILE {
            continue;
        }
        let of_type = [above, std::slice::from_ref(provider_type)].concat();
        found.lists.insert(of_type.clone());
        for component in list.as_array().into_iter().flatten() {
            let Some(name) = segment(component) else { continue };
            let key = [of_type.as_slice(), &[name]].concat();
            let mut own = component.clone();
            own["providerType"] = provider_type.clone().into();
            found.add(key.clone(), &own, &["subComponents"]);
            below(&key, component.get("subComponents"), found);
        }
    }
}
