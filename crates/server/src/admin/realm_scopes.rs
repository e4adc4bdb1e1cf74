//! The client scopes that a realm's new clients get.

use super::{
    access::AdminRole,
    clients::{MAY_VIEW, scopes::known},
};
use crate::{
    Result,
    caches::Touched,
    cx::Cx,
    error::{Expected, oauth},
    route::Routes,
};
use cloakroom_api::admin::client_scopes::{ClientScope, default_of_realm, optional_of_realm};
use cloakroom_store::client_scopes;
use http::StatusCode;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .at(|cx: &mut Cx, _: default_of_realm::list::Request| list(cx, true))
        .at(|cx: &mut Cx, req: default_of_realm::add::Request| add(cx, &req.scope, true))
        .at(|cx: &mut Cx, req: default_of_realm::remove::Request| remove(cx, &req.scope))
        .at(|cx: &mut Cx, _: optional_of_realm::list::Request| list(cx, false))
        .at(|cx: &mut Cx, req: optional_of_realm::add::Request| add(cx, &req.scope, false))
        .at(|cx: &mut Cx, req: optional_of_realm::remove::Request| remove(cx, &req.scope))
}

fn list(cx: &mut Cx, is_default: bool) -> Result<Vec<ClientScope>> {
    let admin = cx.admin()?;
    admin.require(&MAY_VIEW)?;
    let realm = &admin.realm;
    let has = |s: &&ClientScope| {
        realm.new_client_scopes.iter().any(|(id, kind)| s.id.as_deref() == Some(id) && *kind == is_default)
    };
    let shown = |s: &ClientScope| ClientScope {
        id: s.id.clone(),
        name: s.name.clone(),
        protocol: s.protocol.clone(),
        ..ClientScope::default()
    };
    Ok(realm.scopes.iter().filter(has).map(shown).collect())
}

fn add(cx: &mut Cx, scope: &str, is_default: bool) -> Result<()> {
    let admin = cx.admin()?.clone();
    admin.require(&[AdminRole::ManageClients])?;
    known(&admin.realm, scope)?;
    let duplicate = || oauth(StatusCode::CONFLICT, "conflict", "Duplicate resource error");
    client_scopes::add_to_realm(cx.write()?, &admin.realm.id, scope, is_default).or_conflict(duplicate)?;
    cx.touched(Touched::Realm { id: admin.realm.id.clone() });
    Ok(())
}

/// From whichever of the two lists holds it.
fn remove(cx: &mut Cx, scope: &str) -> Result<()> {
    let admin = cx.admin()?.clone();
    admin.require(&[AdminRole::ManageClients])?;
    known(&admin.realm, scope)?;
    client_scopes::remove_from_realm(cx.write()?, &admin.realm.id, scope)?;
    cx.touched(Touched::Realm { id: admin.realm.id.clone() });
    Ok(())
}
