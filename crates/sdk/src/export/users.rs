//! A user with all that belongs to it.

use std::sync::atomic::{AtomicBool, Ordering};

use cloakroom_api::admin::users::UserGroupQuery;
use cloakroom_api::endpoint::{Call, Json, Pages, Transport};
use cloakroom_api::tree::Realm;
use futures_util::TryStreamExt;
use serde_json::{Map, Value};

use crate::client::Client;
use crate::error::{OrNone, Result};
use crate::steps::Unsent;

/// What is worth asking about a realm's users.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    groups: bool,
    links: bool,
    consents: bool,
}

impl Asked {
    /// Without groups nobody is a member, and so on.
    pub(super) fn of(realm: &Map<String, Value>) -> Self {
        let list = |name: &str| realm.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        Asked {
            groups: !list("groups").is_empty(),
            links: !list("identityProviders").is_empty(),
            consents: list("clients").iter().any(|client| client["consentRequired"] == true),
        }
    }
}

/// Fills in what the list of users leaves out. `None` for one that is not there any more. `kept_secret` remembers that the
/// server gives no secrets of credentials.
pub(super) async fn whole(
    realm: Realm<'_, Client>,
    asked: &Asked,
    kept_secret: &AtomicBool,
    mut user: Value,
) -> Result<Option<Value>> {
    let Some(id) = user["id"].as_str().map(str::to_owned) else { return Ok(Some(user)) };
    let Some(fields) = user.as_object_mut() else { return Ok(Some(user)) };
    // what the caller may do with it is not the user's
    fields.remove("access");
    fields.remove("userProfileMetadata");
    let (users, at) = (realm.users().through(&Unsent), realm.user(&id));
    let client = realm.users().client();

    let Some(mappings) = get(client, at.role_mappings().all().through(&Unsent).list()).await? else { return Ok(None) };
    let (of_realm, of_clients) = mapped(&mappings);
    fields.insert("realmRoles".to_owned(), of_realm);
    if mappings["clientMappings"].is_object() {
        fields.insert("clientRoles".to_owned(), of_clients.into());
    }
    if asked.groups {
        let call = users.groups(&id, &UserGroupQuery::default());
        let groups: Option<Vec<Value>> = client.all::<Json<Vec<Value>>>(call).try_collect().await.or_none()?;
        let paths = groups.unwrap_or_default().iter_mut().map(|group| group["path"].take()).collect();
        fields.insert("groups".to_owned(), paths);
    }
    if asked.links {
        let links = get(client, users.federated_identities(&id)).await?;
        fields.insert("federatedIdentities".to_owned(), links.unwrap_or_default());
    }
    if asked.consents {
        let consents = get(client, users.consents(&id)).await?;
        fields.insert("clientConsents".to_owned(), consented(consents.unwrap_or_default()));
    }
    if !kept_secret.load(Ordering::Relaxed) {
        let all = get(client, at.credentials().through(&Unsent).list()).await?.unwrap_or_default();
        let given = |one: &Value| ["secretData", "value"].iter().any(|field| one[field].is_string());
        let all = all.as_array().map(Vec::as_slice).unwrap_or_default();
        let whole: Vec<Value> = all.iter().filter(|one| given(one)).cloned().collect();
        kept_secret.store(whole.len() < all.len(), Ordering::Relaxed);
        if !whole.is_empty() {
            fields.insert("credentials".to_owned(), whole.into());
        }
    }
    Ok(Some(user))
}

async fn get(client: &Client, call: Call) -> Result<Option<Value>> {
    client.send::<Json<Value>>(call).await.or_none()
}

/// The names of the roles that something is mapped to: the realm's, and the clients' by client.
pub(crate) fn mapped(mappings: &Value) -> (Value, Map<String, Value>) {
    let clients = mappings["clientMappings"].as_object().into_iter().flatten();
    let of_clients = clients.map(|(name, of)| (name.clone(), names(&of["mappings"]))).collect();
    (names(&mappings["realmMappings"]), of_clients)
}

fn names(roles: &Value) -> Value {
    let roles = roles.as_array().map(Vec::as_slice).unwrap_or_default();
    roles.iter().map(|role| role["name"].clone()).collect()
}

/// Consents without what goes with sessions.
fn consented(mut consents: Value) -> Value {
    for consent in consents.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        consent.remove("additionalGrants");
    }
    consents
}
