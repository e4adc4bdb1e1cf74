//! Who may see and change which client, and what everybody may be told of one.

use crate::{
    Result,
    admin::access::{Admin, AdminRole, MASTER, REALM_MANAGEMENT},
    cx::Cx,
    error::{forbidden, not_found},
    realm::new_client::{OPENID_CONNECT, REALM_CLIENT},
    realm_view::{ClientView, RealmView},
};
use AdminRole::{ManageClients, QueryClients, QueryUsers, ViewClients};
use cloakroom_api::admin::{client_scopes::ClientScope, clients::Client};
use std::{collections::BTreeMap, sync::Arc};

/// Whoever has one of these may know which clients there are not; all others learn nothing.
pub(crate) const MAY_ASK: [AdminRole; 4] = [ManageClients, ViewClients, QueryClients, QueryUsers];

/// Whoever has one of these sees clients.
pub(crate) const MAY_VIEW: [AdminRole; 2] = [ManageClients, ViewClients];

/// The client of this id, for somebody who may see it.
pub(crate) fn view(cx: &mut Cx, id: &str) -> Result<Arc<ClientView>> {
    let (admin, client) = find(cx, id)?;
    admin.require(&MAY_VIEW)?;
    Ok(client)
}

/// The client of this id, for somebody who may change it.
pub(crate) fn manage(cx: &mut Cx, id: &str) -> Result<Arc<ClientView>> {
    let (admin, client) = find(cx, id)?;
    if may_manage(&admin, &client.settings) { Ok(client) } else { Err(forbidden()) }
}

fn find(cx: &mut Cx, id: &str) -> Result<(Admin, Arc<ClientView>)> {
    let admin = cx.admin()?.clone();
    match cx.find_client_by_id(&admin.realm, id)? {
        Some(client) => Ok((admin, client)),
        None if admin.has_any(&MAY_ASK) => Err(not_found("Could not find client")),
        None => Err(forbidden()),
    }
}

/// Nobody changes the clients whose roles administrate a realm: all access rests on them.
fn may_manage(admin: &Admin, client: &Client) -> bool {
    admin.has(ManageClients) && !administrates(&admin.realm, client)
}

fn administrates(realm: &RealmView, client: &Client) -> bool {
    let client_id = client.client_id.as_deref().unwrap_or_default();
    if realm.name != MASTER {
        return client_id == REALM_MANAGEMENT;
    }
    let of_realm = client.attributes.as_ref().and_then(|a| a.get(REALM_CLIENT)) == Some("true");
    of_realm && client_id.ends_with("-realm")
}

/// What `access` says of a client.
pub(crate) fn access(admin: &Admin, client: &Client) -> BTreeMap<String, bool> {
    let manage = may_manage(admin, client);
    let entries = [("view", admin.has_any(&MAY_VIEW)), ("configure", manage), ("manage", manage)];
    entries.into_iter().map(|(name, may)| (name.to_owned(), may)).collect()
}

/// A client as administrators see it: with the names of its scopes, and a secret only where it counts.
pub(crate) fn represent(realm: &RealmView, mut client: Client, scopes: &[(String, bool)]) -> Client {
    let names = |is_default: bool| Some(scopes_of(realm, &client, scopes, is_default).filter_map(name).collect());
    let (defaults, optional) = (names(true), names(false));
    (client.default_client_scopes, client.optional_client_scopes) = (defaults, optional);
    if client.public_client == Some(true) {
        client.secret = None;
    }
    client.protocol_mappers = client.protocol_mappers.filter(|list| !list.is_empty());
    client.registered_nodes = client.registered_nodes.filter(|nodes| !nodes.is_empty());
    client.r#type = client.r#type.filter(|kind| !kind.is_empty());
    client.authorization_services_enabled = client.authorization_services_enabled.filter(|on| *on);
    (client.registration_access_token, client.authorization_settings) = (None, None);
    client
}

fn name(scope: &ClientScope) -> Option<String> {
    scope.name.clone()
}

/// A client's default or optional scopes, as far as they are of its protocol, by name.
pub(crate) fn scopes_of<'r>(
    realm: &'r RealmView,
    client: &Client,
    scopes: &[(String, bool)],
    is_default: bool,
) -> impl Iterator<Item = &'r ClientScope> {
    let protocol = client.protocol.clone().unwrap_or_else(|| OPENID_CONNECT.to_owned());
    let has = |id: &str| scopes.iter().any(|(scope, kind)| scope == id && *kind == is_default);
    let list: Vec<_> = realm.scopes.iter().filter(|s| s.id.as_deref().is_some_and(has)).collect();
    list.into_iter().filter(move |scope| scope.protocol.as_deref() == Some(protocol.as_str()))
}
