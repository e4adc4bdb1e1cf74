//! Scope mappings of clients and client scopes: the roles that they may put into tokens.

use super::{
    access::AdminRole,
    client_scopes,
    clients::{self, MAY_ASK},
};
use crate::{
    Result,
    caches::Touched,
    cx::Cx,
    error::{forbidden, not_found},
    route::Routes,
};
use cloakroom_api::admin::{
    role_mappings::{ClientMappings, Mappings},
    roles::Role,
    scope_mappings::{of_client, of_client_scope, of_client_template},
};
use cloakroom_store::{
    roles::{self, RoleRow},
    scope_mappings::{self as store, Owner},
};
use std::collections::BTreeMap;

/// The operations of one kind of owner.
macro_rules! serve {
    ($routes:expr, $rows:ident, |$req:ident| $owner:expr) => {
        $routes
            .at(|cx: &mut Cx, $req: $rows::list::Request| all(cx, $owner))
            .at(|cx: &mut Cx, $req: $rows::realm::list::Request| direct(cx, $owner, None))
            .at(|cx: &mut Cx, $req: $rows::realm::add::Request| add(cx, $owner, None, &$req.body))
            .at(|cx: &mut Cx, $req: $rows::realm::remove::Request| remove(cx, $owner, None, $req.optional.as_deref()))
            .at(|cx: &mut Cx, $req: $rows::realm::available::Request| available(cx, $owner, None))
            .at(|cx: &mut Cx, $req: $rows::realm::effective::Request| {
                effective(cx, $owner, None, $req.query.brief_representation != Some(false))
            })
            .at(|cx: &mut Cx, $req: $rows::client::list::Request| direct(cx, $owner, Some(&$req.of)))
            .at(|cx: &mut Cx, $req: $rows::client::add::Request| add(cx, $owner, Some(&$req.of), &$req.body))
            .at(|cx: &mut Cx, $req: $rows::client::remove::Request| {
                remove(cx, $owner, Some(&$req.of), $req.optional.as_deref())
            })
            .at(|cx: &mut Cx, $req: $rows::client::available::Request| available(cx, $owner, Some(&$req.of)))
            .at(|cx: &mut Cx, $req: $rows::client::effective::Request| {
                effective(cx, $owner, Some(&$req.of), $req.query.brief_representation != Some(false))
            })
    };
}

pub(crate) fn routes() -> Routes {
    let routes = serve!(Routes::new(), of_client, |req| Owner::Client(&req.client));
    let routes = serve!(routes, of_client_scope, |req| Owner::Scope(&req.scope));
    serve!(routes, of_client_template, |req| Owner::Scope(&req.scope))
}

/// 404 and 403; then whether the owner's tokens carry all roles anyway.
fn view(cx: &mut Cx, owner: Owner<'_>) -> Result<bool> {
    match owner {
        Owner::Client(id) => Ok(clients::view(cx, id)?.settings.full_scope_allowed == Some(true)),
        Owner::Scope(id) => client_scopes::view(cx, id).map(|_| false),
    }
}

fn manage(cx: &mut Cx, owner: Owner<'_>) -> Result<()> {
    match owner {
        Owner::Client(id) => clients::manage(cx, id).map(drop),
        Owner::Scope(id) => client_scopes::manage(cx, id),
    }
}

/// 404 unless the roles' client is there.
fn container(cx: &mut Cx, client: Option<&str>) -> Result<()> {
    let Some(id) = client else { return Ok(()) };
    let admin = cx.admin()?.clone();
    match cx.find_client_by_id(&admin.realm, id)? {
        Some(_) => Ok(()),
        None if admin.has_any(&MAY_ASK) => Err(not_found("Could not find client")),
        None => Err(forbidden()),
    }
}

fn shown(realm: &str, roles: Vec<RoleRow>, brief: bool) -> Vec<Role> {
    roles.into_iter().map(|role| role.representation(realm, brief)).collect()
}

fn all(cx: &mut Cx, owner: Owner<'_>) -> Result<Mappings> {
    view(cx, owner)?;
    let realm = cx.admin()?.realm.id.clone();
    let mut mappings = Mappings::default();
    for (role, client) in store::all(cx.read()?, &realm, owner)? {
        let id = role.client.clone();
        let role = role.representation(&realm, true);
        match client {
            None => mappings.realm_mappings.get_or_insert_default().push(role),
            Some(client) => {
                let of_clients: &mut BTreeMap<_, _> = mappings.client_mappings.get_or_insert_default();
                let entry: &mut ClientMappings = of_clients.entry(client.clone()).or_default();
                (entry.id, entry.client) = (id, Some(client));
                entry.mappings.get_or_insert_default().push(role);
            }
        }
    }
    Ok(mappings)
}

fn direct(cx: &mut Cx, owner: Owner<'_>, client: Option<&str>) -> Result<Vec<Role>> {
    view(cx, owner)?;
    container(cx, client)?;
    let realm = cx.admin()?.realm.id.clone();
    Ok(shown(&realm, store::direct(cx.read()?, &realm, owner, client)?, true))
}

/// What the caller could map: nothing for somebody who may only look, and no client's own roles, which it has anyway.
fn available(cx: &mut Cx, owner: Owner<'_>, client: Option<&str>) -> Result<Vec<Role>> {
    view(cx, owner)?;
    container(cx, client)?;
    let admin = cx.admin()?.clone();
    let own = matches!((owner, client), (Owner::Client(id), Some(client)) if id == client);
    if own || !admin.has(AdminRole::ManageClients) {
        return Ok(Vec::new());
    }
    Ok(shown(&admin.realm.id, store::available(cx.read()?, &admin.realm.id, owner, client)?, true))
}

fn effective(cx: &mut Cx, owner: Owner<'_>, client: Option<&str>, brief: bool) -> Result<Vec<Role>> {
    let full = view(cx, owner)?;
    container(cx, client)?;
    let realm = cx.admin()?.realm.id.clone();
    let own = matches!((owner, client), (Owner::Client(id), Some(client)) if id == client);
    let roles = if full || own {
        roles::list(cx.read()?, &realm, client, "", 0, i64::MAX)?
    } else {
        store::effective(cx.read()?, &realm, owner, client)?
    };
    Ok(shown(&realm, roles, brief))
}

/// The roles of these ids; 404 if one is not there, or is not of the client. The realm's operations take any role.
fn named(cx: &mut Cx, client: Option<&str>, given: &[Role]) -> Result<Vec<String>> {
    let realm = cx.admin()?.realm.id.clone();
    let mut ids: Vec<String> = given.iter().map(|role| role.id.clone().unwrap_or_default()).collect();
    ids.sort();
    ids.dedup();
    let found = roles::by_ids(cx.read()?, &realm, &ids)?;
    let fitting = found.iter().filter(|role| client.is_none_or(|client| role.client.as_deref() == Some(client)));
    if fitting.count() == ids.len() { Ok(ids) } else { Err(not_found("Role not found")) }
}

fn add(cx: &mut Cx, owner: Owner<'_>, client: Option<&str>, given: &[Role]) -> Result<()> {
    manage(cx, owner)?;
    container(cx, client)?;
    for id in named(cx, client, given)? {
        store::add(cx.write()?, owner, &id)?;
    }
    changed(cx, owner)
}

/// Without a body, all roles of the container are unmapped.
fn remove(cx: &mut Cx, owner: Owner<'_>, client: Option<&str>, given: Option<&[Role]>) -> Result<()> {
    manage(cx, owner)?;
    container(cx, client)?;
    let realm = cx.admin()?.realm.id.clone();
    let ids = match given {
        Some(given) => named(cx, client, given)?,
        None => store::direct(cx.read()?, &realm, owner, client)?.into_iter().map(|role| role.id).collect(),
    };
    for id in ids {
        store::remove(cx.write()?, owner, &id)?;
    }
    changed(cx, owner)
}

fn changed(cx: &mut Cx, owner: Owner<'_>) -> Result<()> {
    let realm = cx.admin()?.realm.id.clone();
    cx.touched(match owner {
        Owner::Client(id) => Touched::Client { realm, id: id.to_owned() },
        Owner::Scope(_) => Touched::Realm { id: realm },
    });
    Ok(())
}
