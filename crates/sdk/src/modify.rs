//! Changing some fields of what the server has, and losing none.

use bytes::Bytes;
use cloakroom_api::admin::authz::{Resource, Scope, resources::AuthzResources, scopes::AuthzScopes};
use cloakroom_api::admin::client_scopes::{ClientScope, ClientScopes};
use cloakroom_api::admin::clients::{self, Clients};
use cloakroom_api::admin::components::{Component, Components};
use cloakroom_api::admin::flows::configs::{AuthenticatorConfig, AuthenticatorConfigs};
use cloakroom_api::admin::flows::required_actions::{RequiredAction, RequiredActions};
use cloakroom_api::admin::flows::{AuthenticationFlow, Flows};
use cloakroom_api::admin::groups::{Group, Groups};
use cloakroom_api::admin::idps::mappers::{IdentityProviderMapper, IdentityProviderMappers};
use cloakroom_api::admin::idps::{IdentityProvider, IdentityProviders};
use cloakroom_api::admin::mappers::{self, ProtocolMapper};
use cloakroom_api::admin::orgs::{Organization, Organizations};
use cloakroom_api::admin::realms::{Realm, Realms};
use cloakroom_api::admin::roles::{self, RealmRoles, Role};
use cloakroom_api::admin::users::{User, Users};
use cloakroom_api::endpoint::{Call, Json};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::client::{Client, read};
use crate::error::{Error, Result};
use crate::steps::{Steps, Unsent};

/// Reads, changes and writes back: what the closure does not touch stays as it is.
///
/// An update of Keycloak clears some of the fields that are left out, so all are sent: those the server sent, including ones
/// that this library does not know, and over them what the closure changed. Where it changed nothing, nothing is written.
/// Keycloak has no conditional updates: of two that change the same field at the same time, the later wins, and a field that
/// another caller changes between the two calls gets its old value back.
///
/// ```
/// use cloakroom::{Client, Modify, Result, blocking};
///
/// async fn rename(kc: &Client, id: &str, email: &str) -> Result<()> {
///     kc.realm("acme").users().modify(id, |user| user.email = Some(email.to_owned())).await?;
///     Ok(())
/// }
///
/// fn close_registration(kc: &blocking::Client) -> Result<()> {
///     kc.realms().modify("acme", |realm| realm.registration_allowed = Some(false))?;
///     Ok(())
/// }
/// ```
pub trait Modify<'a, T> {
    /// [`Result`] of what was written, as a future for the async client.
    type Out;
    /// Changes one item, named as in `get`.
    ///
    /// Errors: those of `get` and `update`.
    fn modify(&self, id: &str, change: impl FnOnce(&mut T) + Send + 'a) -> Self::Out;
}

macro_rules! modifies {
    ($( $($Group:ident)::+ : $Item:ty $(, get with $query:expr)? $(, null removes in $merged:literal)?; )+) => { $(
        impl<'a, C: Steps> Modify<'a, $Item> for $($Group)::+<'a, C> {
            type Out = C::Run<'a, Result<$Item>>;

            fn modify(&self, id: &str, change: impl FnOnce(&mut $Item) + Send + 'a) -> Self::Out {
                let (calls, unsent) = (self.client().calls(), self.through(&Unsent));
                let get = unsent.get(id $(, $query)?);
                // the way and the media type of an update; its body is made of the answer
                let update = unsent.update(id, &<$Item>::default());
                self.client().steps(merge(calls, get, update, &[$($merged)?], change))
            }
        }
    )+ };
}

modifies! {
    Users: User, get with &Default::default();
    Groups: Group;
    RealmRoles: Role;
    roles::of_client::ClientRoles: Role;
    roles::by_id::RolesById: Role;
    // an update merges its attributes into those that are there
    Clients: clients::Client, null removes in "attributes";
    ClientScopes: ClientScope;
    mappers::of_client::ClientMappers: ProtocolMapper;
    mappers::of_client_scope::ScopeMappers: ProtocolMapper;
    Components: Component;
    IdentityProviders: IdentityProvider;
    IdentityProviderMappers: IdentityProviderMapper;
    Organizations: Organization;
    Flows: AuthenticationFlow;
    AuthenticatorConfigs: AuthenticatorConfig;
    RequiredActions: RequiredAction;
    AuthzResources: Resource;
    AuthzScopes: Scope;
    Realms: Realm;
}

async fn merge<T: Serialize + DeserializeOwned + Send + 'static>(
    client: &Client,
    get: Call,
    update: Call,
    merged: &'static [&'static str],
    change: impl FnOnce(&mut T) + Send,
) -> Result<T> {
    let unwritable = |source: serde_json::Error| Error::Config(format!("what was changed cannot be written: {source}"));
    let operation = get.operation;
    let answer = client.fetch(get).await?;
    let mut item = read::<Json<T>>(operation, answer.clone())?;
    let mut raw = read::<Json<Value>>(operation, answer)?;

    let before = serde_json::to_value(&item).map_err(unwritable)?;
    change(&mut item);
    let after = serde_json::to_value(&item).map_err(unwritable)?;
    if before == after {
        return Ok(item);
    }
    overlay(&mut raw, &before, &after);
    for field in merged {
        if let Some(raw) = raw.get_mut(field) {
            remove_by_null(raw, &before[field], &after[field]);
        }
    }

    let Call { operation, request } = update;
    let body = Bytes::from(serde_json::to_vec(&raw).map_err(unwritable)?);
    let request = request.map(|request| request.map(|_| body));
    read::<()>(operation, client.fetch(Call { operation, request }).await?)?;
    Ok(item)
}

/// Says null for what was taken out of a map that the server merges.
fn remove_by_null(raw: &mut Value, before: &Value, after: &Value) {
    let (Value::Object(raw), Value::Object(before), Value::Object(after)) = (raw, before, after) else { return };
    for name in before.keys().filter(|name| !after.contains_key(*name)) {
        raw.insert(name.clone(), Value::Null);
    }
}

/// Puts the differences between `before` and `after` into `raw`, of which `before` is what this library knows.
fn overlay(raw: &mut Value, before: &Value, after: &Value) {
    match (raw, before, after) {
        (_, before, after) if before == after => {}
        (Value::Object(raw), Value::Object(before), Value::Object(after)) => {
            raw.retain(|name, _| after.contains_key(name) || !before.contains_key(name));
            for (name, new) in after {
                match before.get(name) {
                    Some(old) if raw.contains_key(name) => overlay(&mut raw[name], old, new),
                    _ => drop(raw.insert(name.clone(), new.clone())),
                }
            }
        }
        (Value::Array(raw), Value::Array(before), Value::Array(after)) if raw.len() == before.len() => {
            *raw = after.iter().map(|new| entry(raw, before, new)).collect();
        }
        (raw, _, after) => *raw = after.clone(),
    }
}

/// One entry of a changed list, with what the server said of the same entry: the one that is equal, or has the same id.
fn entry(raw: &[Value], before: &[Value], new: &Value) -> Value {
    let known = before.iter().zip(raw);
    let id = new.get("id").filter(|id| !id.is_null());
    let same = known.clone().find(|(old, _)| *old == new);
    let Some((old, raw)) = same.or_else(|| known.clone().find(|(old, _)| id.is_some() && old.get("id") == id)) else {
        return new.clone();
    };
    let mut raw = raw.clone();
    overlay(&mut raw, old, new);
    raw
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn overlaid(mut raw: Value, before: Value, after: Value) -> Value {
        overlay(&mut raw, &before, &after);
        raw
    }

    #[test]
    fn what_is_unknown_stays() {
        let raw =
            json!({ "a": 1, "new": { "x": 1 }, "map": { "k": "v", "gone": "v" }, "list": [{ "id": 1, "new": 1 }] });
        let before = json!({ "a": 1, "map": { "k": "v", "gone": "v" }, "list": [{ "id": 1 }] });
        let after = json!({ "a": 2, "map": { "k": "w" }, "list": [{ "id": 2 }, { "id": 1, "name": "x" }] });
        let expected = json!({ "a": 2, "new": { "x": 1 }, "map": { "k": "w" },
            "list": [{ "id": 2 }, { "id": 1, "new": 1, "name": "x" }] });
        assert_eq!(overlaid(raw, before, after), expected);
    }

    #[test]
    fn what_was_taken_out_is_left_out() {
        let raw = json!({ "a": 1, "b": 2, "new": 3 });
        assert_eq!(overlaid(raw, json!({ "a": 1, "b": 2 }), json!({ "b": 2 })), json!({ "b": 2, "new": 3 }));
    }

    #[test]
    fn numbers_in_quotes_stay_as_the_server_wrote_them() {
        let raw = json!({ "n": "12", "enabled": true });
        let (before, after) = (json!({ "n": 12, "enabled": true }), json!({ "n": 12, "enabled": false }));
        assert_eq!(overlaid(raw, before, after), json!({ "n": "12", "enabled": false }));
    }
}
