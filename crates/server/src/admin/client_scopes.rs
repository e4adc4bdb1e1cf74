//! Client scopes, on their own path and on the one they had as client templates.

use super::{access::AdminRole, clients::MAY_VIEW, mappers};
use crate::{
    Result,
    caches::Touched,
    cx::Cx,
    error::{Expected, bad_request, conflict, forbidden, not_found},
    route::Routes,
};
use AdminRole::{ManageClients, QueryClients, ViewClients};
use cloakroom_api::{
    admin::client_scopes::{self as rows, ClientScope, templates},
    endpoint::Created,
};
use cloakroom_store::client_scopes;

/// The longest name, in characters.
const LONGEST: usize = 255;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .at(|cx: &mut Cx, req: rows::create::Request| create(cx, req.body, "client-scopes"))
        .at(|cx: &mut Cx, _: rows::list::Request| list(cx))
        .at(|cx: &mut Cx, req: rows::get::Request| view(cx, &req.id))
        .at(|cx: &mut Cx, req: rows::update::Request| update(cx, &req.id, req.body))
        .at(|cx: &mut Cx, req: rows::delete::Request| delete(cx, &req.id))
        .at(|cx: &mut Cx, req: templates::create::Request| create(cx, req.body, "client-templates"))
        .at(|cx: &mut Cx, _: templates::list::Request| list(cx))
        .at(|cx: &mut Cx, req: templates::get::Request| view(cx, &req.id))
        .at(|cx: &mut Cx, req: templates::update::Request| update(cx, &req.id, req.body))
        .at(|cx: &mut Cx, req: templates::delete::Request| delete(cx, &req.id))
}

fn list(cx: &mut Cx) -> Result<Vec<ClientScope>> {
    let admin = cx.admin()?;
    admin.require(&[ManageClients, ViewClients, QueryClients])?;
    if !admin.has_any(&MAY_VIEW) {
        return Ok(Vec::new());
    }
    Ok(admin.realm.scopes.iter().cloned().map(shown).collect())
}

/// The client scope of this id, for somebody who may see it.
pub(crate) fn view(cx: &mut Cx, id: &str) -> Result<ClientScope> {
    found(cx, id)?;
    let admin = cx.admin()?;
    admin.require(&MAY_VIEW)?;
    admin.realm.scope(id).cloned().map(shown).ok_or_else(unknown)
}

/// 404 unless there is a client scope of this id, 403 for somebody who may not change it.
pub(crate) fn manage(cx: &mut Cx, id: &str) -> Result<()> {
    found(cx, id)?;
    cx.admin()?.require(&[ManageClients])
}

/// The client scope of this id, for somebody who may change it, locked until the transaction ends.
pub(crate) fn locked(cx: &mut Cx, id: &str) -> Result<ClientScope> {
    manage(cx, id)?;
    let realm = cx.admin()?.realm.id.clone();
    client_scopes::lock(cx.write()?, &realm, id)?.ok_or_else(unknown)
}

fn found(cx: &Cx, id: &str) -> Result<()> {
    let admin = cx.admin()?;
    match admin.realm.scope(id) {
        Some(_) => Ok(()),
        None if admin.has_any(&[ManageClients, ViewClients, QueryClients]) => Err(unknown()),
        None => Err(forbidden()),
    }
}

fn unknown() -> crate::Error {
    not_found("Could not find client scope")
}

fn shown(mut scope: ClientScope) -> ClientScope {
    scope.attributes.get_or_insert_default();
    scope.protocol_mappers = scope.protocol_mappers.filter(|list| !list.is_empty());
    scope
}

/// Names are words of the `scope` parameter (RFC 6749 section 3.3): visible ASCII but `"` and `\`.
fn check_name(name: &str) -> Result<()> {
    let allowed = |c: char| matches!(c, '\x21' | '\x23'..='\x5b' | '\x5d'..='\x7e');
    if name.is_empty() || !name.chars().all(allowed) || name.len() > LONGEST {
        return Err(bad_request(format!("Unexpected name \"{name}\" for ClientScope")));
    }
    Ok(())
}

fn create(cx: &mut Cx, given: ClientScope, path: &str) -> Result<Created> {
    let admin = cx.admin()?.clone();
    admin.require(&[ManageClients])?;
    let name = given.name.clone().unwrap_or_default();
    check_name(&name)?;
    if !matches!(given.protocol.as_deref(), Some("openid-connect" | "saml")) {
        return Err(bad_request("Unexpected protocol"));
    }
    let taken = || conflict(format!("Client Scope {name} already exists"));
    let id = given.id.clone().filter(|id| !id.is_empty()).unwrap_or_else(|| cx.new_id());
    let scope = ClientScope {
        id: Some(id.clone()),
        attributes: Some(given.attributes.unwrap_or_default().into_iter().collect()),
        protocol_mappers: Some(mappers::of_new_owner(&cx.app, given.protocol_mappers, taken)?),
        ..given
    };
    client_scopes::insert(cx.write()?, &admin.realm.id, &scope).or_conflict(taken)?;
    cx.touched(Touched::Realm { id: admin.realm.id.clone() });
    Ok(Created::at(cx.location(&admin.realm.name, &[path, &id])))
}

/// Attributes are merged: null removes one, the empty text is a value. Protocol mappers have operations of their own.
fn update(cx: &mut Cx, id: &str, given: ClientScope) -> Result<()> {
    manage(cx, id)?;
    let realm = cx.admin()?.realm.id.clone();
    if let Some(name) = &given.name {
        check_name(name)?;
    }
    let mut scope = locked(cx, id)?;
    if let Some(changes) = given.attributes {
        scope.attributes.get_or_insert_default().replace(changes);
    }
    scope.name = given.name.or(scope.name);
    scope.description = given.description.or(scope.description);
    scope.protocol = given.protocol.or(scope.protocol);
    let taken = || conflict(format!("Client Scope {} already exists", scope.name.as_deref().unwrap_or_default()));
    client_scopes::update(cx.write()?, &realm, &scope).or_conflict(taken)?;
    cx.touched(Touched::Realm { id: realm });
    Ok(())
}

fn delete(cx: &mut Cx, id: &str) -> Result<()> {
    manage(cx, id)?;
    let realm = cx.admin()?.realm.id.clone();
    let db = cx.write()?;
    let had = cloakroom_store::clients::with_scope(db, id)?;
    if !client_scopes::delete(db, &realm, id)? {
        return Err(unknown());
    }
    for client in had {
        cx.touched(Touched::Client { realm: realm.clone(), id: client });
    }
    cx.touched(Touched::Realm { id: realm });
    Ok(())
}
