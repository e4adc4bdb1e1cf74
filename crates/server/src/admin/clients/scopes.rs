//! The client scopes of a client: those that every token carries, and those that may be asked for.

use super::access;
use crate::{Result, caches::Touched, cx::Cx, error::not_found, realm_view::RealmView, route::Routes};
use cloakroom_api::admin::client_scopes::{ClientScope, default_of_client, optional_of_client};
use cloakroom_store::clients;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .at(|cx: &mut Cx, req: default_of_client::list::Request| list(cx, &req.client, true))
        .at(|cx: &mut Cx, req: default_of_client::add::Request| add(cx, &req.client, &req.scope, true))
        .at(|cx: &mut Cx, req: default_of_client::remove::Request| remove(cx, &req.client, &req.scope))
        .at(|cx: &mut Cx, req: optional_of_client::list::Request| list(cx, &req.client, false))
        .at(|cx: &mut Cx, req: optional_of_client::add::Request| add(cx, &req.client, &req.scope, false))
        .at(|cx: &mut Cx, req: optional_of_client::remove::Request| remove(cx, &req.client, &req.scope))
}

fn list(cx: &mut Cx, client: &str, is_default: bool) -> Result<Vec<ClientScope>> {
    let client = access::view(cx, client)?;
    let realm = &cx.admin()?.realm;
    let scopes = access::scopes_of(realm, &client.settings, &client.scopes, is_default);
    Ok(scopes.map(|s| ClientScope { id: s.id.clone(), name: s.name.clone(), ..ClientScope::default() }).collect())
}

/// One that the client has already, of either kind, stays as it is.
fn add(cx: &mut Cx, client: &str, scope: &str, is_default: bool) -> Result<()> {
    let client = access::manage(cx, client)?;
    let realm = cx.admin()?.realm.clone();
    known(&realm, scope)?;
    clients::add_scope(cx.write()?, &client.id, scope, is_default)?;
    cx.touched(Touched::Client { realm: realm.id.clone(), id: client.id.clone() });
    Ok(())
}

/// From whichever of the two lists holds it.
fn remove(cx: &mut Cx, client: &str, scope: &str) -> Result<()> {
    let client = access::manage(cx, client)?;
    let realm = cx.admin()?.realm.clone();
    known(&realm, scope)?;
    clients::remove_scope(cx.write()?, &client.id, scope)?;
    cx.touched(Touched::Client { realm: realm.id.clone(), id: client.id.clone() });
    Ok(())
}

/// 404 unless the realm has the scope.
pub(crate) fn known(realm: &RealmView, scope: &str) -> Result<()> {
    realm.scope(scope).map(drop).ok_or_else(|| not_found("Client scope not found"))
}
