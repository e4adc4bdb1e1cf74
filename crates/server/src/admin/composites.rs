//! What roles contain.

use super::{
    access::{Admin, AdminRole::*},
    handing_out::HandingOut,
    paging::{ALL, page},
};
use crate::{
    Error, Result,
    cx::Cx,
    error::{message, not_found},
    realm::master,
};
use cloakroom_api::admin::roles::{CompositeQuery, Composites, Role};
use cloakroom_store::{
    clients,
    roles::{self, RoleRow},
};
use http::StatusCode;
use std::collections::HashSet;

/// The roles that a role contains itself.
pub(super) fn list(cx: &mut Cx, role: &RoleRow, query: CompositeQuery) -> Result<Vec<Role>> {
    let (first, max) = page(query.first, query.max, ALL);
    let search = query.search.as_deref().unwrap_or_default().trim();
    let realm = cx.admin()?.realm.clone();
    let db = cx.read()?;
    let known = master::contained(db, &realm, role, None)?;
    let rows = if known.is_empty() {
        roles::composites(db, &role.id, search, first, max)?
    } else {
        let all = with(roles::composites(db, &role.id, "", 0, ALL)?, known);
        let found = all.into_iter().filter(|r| r.name.contains(search));
        found.skip(usize::try_from(first).unwrap_or(0)).take(usize::try_from(max).unwrap_or(usize::MAX)).collect()
    };
    Ok(shown(rows, &realm.id))
}

/// Of these, the realm's own.
pub(super) fn of_realm(cx: &mut Cx, role: &RoleRow) -> Result<Vec<Role>> {
    let realm = cx.admin()?.realm.id.clone();
    Ok(shown(roles::composites_of(cx.read()?, &role.id, None)?, &realm))
}

/// Of these, those of one client.
pub(super) fn of_client(cx: &mut Cx, role: &RoleRow, client: &str) -> Result<Vec<Role>> {
    let realm = cx.admin()?.realm.clone();
    let client = cx.find_client_by_id(&realm, client)?.ok_or_else(|| not_found("Could not find client"))?;
    let db = cx.read()?;
    let stored = roles::composites_of(db, &role.id, Some(&client.id))?;
    let known = master::contained(db, &realm, role, Some(&client.id))?;
    Ok(shown(with(stored, known), &realm.id))
}

/// Adds roles to what a role contains, each named by its id.
pub(super) fn add(cx: &mut Cx, role: &RoleRow, body: &[Role]) -> Result<()> {
    let children = given(cx, body)?;
    let admin = cx.admin()?.clone();
    require(cx, &admin, &children)?;
    let db = cx.write()?;
    children.iter().try_for_each(|child| roles::add_composite(db, &role.id, &child.id))?;
    Ok(())
}

/// Removes roles from what a role contains, each named by its id. One that is not in there is passed over.
pub(super) fn remove(cx: &mut Cx, role: &RoleRow, body: &[Role]) -> Result<()> {
    let children = given(cx, body)?;
    let db = cx.write()?;
    children.iter().try_for_each(|child| roles::remove_composite(db, &role.id, &child.id).map(drop))?;
    Ok(())
}

/// The roles that a new role shall contain, by their names. A client that is not there is passed over, a role is not.
pub(super) fn named(cx: &mut Cx, admin: &Admin, names: Composites) -> Result<Vec<RoleRow>> {
    let realm = admin.realm.id.clone();
    let db = cx.read()?;
    let mut children = Vec::new();
    if let Some(names) = names.realm {
        children.extend(all_named("Realm", &names, roles::by_names(db, &realm, None, &names)?)?);
    }
    for (client, names) in names.client.into_iter().flatten() {
        let Some(client) = clients::by_client_id(db, &realm, &client)? else { continue };
        children.extend(all_named("Client", &names, roles::by_names(db, &realm, client.id.as_deref(), &names)?)?);
    }
    require(cx, admin, &children)?;
    Ok(children)
}

fn all_named(kind: &str, names: &[String], found: Vec<RoleRow>) -> Result<Vec<RoleRow>> {
    let have: HashSet<&str> = found.iter().map(|r| r.name.as_str()).collect();
    match names.iter().find(|name| !have.contains(name.as_str())) {
        Some(name) => Err(message(StatusCode::NOT_FOUND, format!("{kind} Role with name {name} does not exist"))),
        None => Ok(found),
    }
}

fn given(cx: &mut Cx, body: &[Role]) -> Result<Vec<RoleRow>> {
    let nothing = || not_found("Could not find composite role");
    let ids: Vec<String> = body.iter().map(|r| r.id.clone().ok_or_else(nothing)).collect::<Result<_, Error>>()?;
    let realm = cx.admin()?.realm.id.clone();
    let found = roles::by_ids(cx.read()?, &realm, &ids)?;
    let have: HashSet<&str> = found.iter().map(|r| r.id.as_str()).collect();
    if ids.iter().all(|id| have.contains(id.as_str())) { Ok(found) } else { Err(nothing()) }
}

/// Who puts a role into another must be allowed to change both, and to hand out the inner one: with the outer one it
/// goes to all that have it.
fn require(cx: &mut Cx, admin: &Admin, children: &[RoleRow]) -> Result<()> {
    for child in children {
        admin.require(if child.client.is_some() { &[ManageClients] } else { &[ManageRealm] })?;
    }
    let ids: Vec<String> = children.iter().map(|r| r.id.clone()).collect();
    HandingOut::of(cx, admin)?.require(cx, &ids)
}

/// What is stored, and what is known without being stored, each once.
pub(super) fn with(mut stored: Vec<RoleRow>, known: Vec<RoleRow>) -> Vec<RoleRow> {
    let have: HashSet<String> = stored.iter().map(|r| r.id.clone()).collect();
    stored.extend(known.into_iter().filter(|r| !have.contains(&r.id)));
    stored
}

fn shown(rows: Vec<RoleRow>, realm: &str) -> Vec<Role> {
    rows.into_iter().map(|r| r.representation(realm, true)).collect()
}
