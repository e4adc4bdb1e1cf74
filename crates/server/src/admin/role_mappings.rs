//! The roles of users and groups. One set of handlers serves both, for roles of the realm and of clients.

use super::{
    access::{AdminRole::*, MASTER},
    composites, groups,
    handing_out::HandingOut,
    user_groups,
};
use crate::{Error, Result, cx::Cx, error::not_found, realm::master, realm_view::ClientView, route::Routes};
use cloakroom_api::admin::{
    role_mappings::{ClientMappings, Mappings, of_group, of_user},
    roles::Role,
};
use cloakroom_store::{
    role_mappings::{self, Holder},
    roles::{self, RoleRow},
};
use std::{collections::HashMap, sync::Arc};

/// The same operations for users and groups, on roles of the realm and of clients.
macro_rules! rows {
    ($rows:path, |$req:ident| $holder:expr, $client:expr) => {{
        use $rows as rows;
        Routes::new()
            .at(|cx: &mut Cx, $req: rows::list::Request| list(cx, $holder, $client))
            .at(|cx: &mut Cx, $req: rows::available::Request| available(cx, $holder, $client))
            .at(|cx: &mut Cx, $req: rows::effective::Request| {
                effective(cx, $holder, $client, $req.query.brief_representation != Some(false))
            })
            .at(|cx: &mut Cx, $req: rows::add::Request| add(cx, $holder, $client, &$req.body))
            .at(|cx: &mut Cx, $req: rows::remove::Request| remove(cx, $holder, $client, $req.optional.as_deref()))
    }};
}

/// The operations on role mappings.
pub(super) fn routes() -> Routes {
    Routes::new()
        .at(|cx: &mut Cx, req: of_user::list::Request| all(cx, Holder::User(req.user)))
        .at(|cx: &mut Cx, req: of_group::list::Request| all(cx, Holder::Group(req.group)))
        .merge(rows!(of_user::realm, |req| Holder::User(req.user), None))
        .merge(rows!(of_group::realm, |req| Holder::Group(req.group), None))
        .merge(rows!(of_user::client, |req| Holder::User(req.user), Some(req.client)))
        .merge(rows!(of_group::client, |req| Holder::Group(req.group), Some(req.client)))
}

/// 404 unless there is such a user or group, and such a client; the client as requests see it.
fn enter(cx: &mut Cx, holder: &Holder, client: Option<String>) -> Result<Option<Arc<ClientView>>> {
    let admin = cx.admin()?.clone();
    match holder {
        Holder::User(id) => user_groups::find_user(cx, &admin, id).map(drop)?,
        Holder::Group(id) => groups::find(cx, &admin, id).map(drop)?,
    }
    let Some(id) = client else { return Ok(None) };
    Ok(Some(cx.find_client_by_id(&admin.realm, &id)?.ok_or_else(|| not_found("Client not found"))?))
}

fn enter_to_view(cx: &mut Cx, holder: &Holder, client: Option<String>) -> Result<Option<Arc<ClientView>>> {
    let client = enter(cx, holder, client)?;
    cx.admin()?.require(&[ViewUsers, ManageUsers])?;
    Ok(client)
}

fn id(client: &Option<Arc<ClientView>>) -> Option<&str> {
    client.as_ref().map(|c| c.id.as_str())
}

/// What is mapped altogether, as far as the administrator may see the roles themselves.
fn all(cx: &mut Cx, holder: Holder) -> Result<Mappings> {
    enter_to_view(cx, &holder, None)?;
    let admin = cx.admin()?.clone();
    let db = cx.read()?;
    let names: HashMap<String, String> = role_mappings::clients(db, &holder)?.into_iter().collect();
    let mut mappings = Mappings::default();
    for role in role_mappings::all(db, &holder)? {
        let viewers = if role.client.is_some() { [ViewClients, ManageClients] } else { [ViewRealm, ManageRealm] };
        if !admin.has_any(&viewers) {
            continue;
        }
        let list = match role.client.as_ref().and_then(|id| names.get_key_value(id)) {
            None => &mut mappings.realm_mappings,
            Some((id, name)) => {
                let of_client = mappings.client_mappings.get_or_insert_default().entry(name.clone());
                let empty = || ClientMappings { id: Some(id.clone()), client: Some(name.clone()), mappings: None };
                &mut of_client.or_insert_with(empty).mappings
            }
        };
        list.get_or_insert_default().push(role.representation(&admin.realm.id, true));
    }
    Ok(mappings)
}

fn list(cx: &mut Cx, holder: Holder, client: Option<String>) -> Result<Vec<Role>> {
    let client = enter_to_view(cx, &holder, client)?;
    let rows = role_mappings::direct(cx.read()?, &holder, id(&client))?;
    shown(cx, rows, true)
}

fn available(cx: &mut Cx, holder: Holder, client: Option<String>) -> Result<Vec<Role>> {
    let client = enter_to_view(cx, &holder, client)?;
    let admin = cx.admin()?.clone();
    if !admin.has(ManageUsers) {
        return Ok(Vec::new());
    }
    let withheld = HandingOut::of(cx, &admin)?.withheld(cx)?;
    let mut rows = role_mappings::available(cx.read()?, &admin.realm.id, &holder, id(&client))?;
    rows.retain(|role| !withheld.contains(&role.id));
    shown(cx, rows, true)
}

fn effective(cx: &mut Cx, holder: Holder, client: Option<String>, brief: bool) -> Result<Vec<Role>> {
    let client = enter_to_view(cx, &holder, client)?;
    let realm = cx.admin()?.realm.clone();
    let db = cx.read()?;
    let mut rows = role_mappings::effective(db, &holder, id(&client))?;
    if let Some(client) = client.as_ref().filter(|_| realm.name == MASTER) {
        // what master's `admin` contains is known, not stored
        for role in role_mappings::effective(db, &holder, None)? {
            rows = composites::with(rows, master::contained(db, &realm, &role, Some(&client.id))?);
        }
    }
    shown(cx, rows, brief)
}

fn add(cx: &mut Cx, holder: Holder, client: Option<String>, body: &[Role]) -> Result<()> {
    let client = enter(cx, &holder, client)?;
    let ids = given(cx, &client, body)?;
    let db = cx.write()?;
    ids.iter().try_for_each(|role| role_mappings::add(db, &holder, role))?;
    Ok(())
}

/// Without a list it is all that are mapped.
fn remove(cx: &mut Cx, holder: Holder, client: Option<String>, body: Option<&[Role]>) -> Result<()> {
    let client = enter(cx, &holder, client)?;
    let ids = match body {
        Some(body) => given(cx, &client, body)?,
        None => {
            let admin = cx.admin()?.clone();
            admin.require(&[ManageUsers])?;
            let mapped = role_mappings::direct(cx.read()?, &holder, id(&client))?;
            let ids = mapped.into_iter().map(|r| r.id).collect::<Vec<_>>();
            HandingOut::of(cx, &admin)?.require(cx, &ids)?;
            ids
        }
    };
    let db = cx.write()?;
    ids.iter().try_for_each(|role| role_mappings::remove(db, &holder, role).map(drop))?;
    Ok(())
}

/// The ids of the roles that a body names, each by id and name, that this administrator may hand out.
fn given(cx: &mut Cx, client: &Option<Arc<ClientView>>, body: &[Role]) -> Result<Vec<String>> {
    let admin = cx.admin()?.clone();
    admin.require(&[ManageUsers])?;
    let nothing = || not_found("Role not found");
    let ids: Vec<String> = body.iter().map(|r| r.id.clone().ok_or_else(nothing)).collect::<Result<_, Error>>()?;
    let found = roles::by_ids(cx.read()?, &admin.realm.id, &ids)?;
    let found: HashMap<&str, &RoleRow> = found.iter().map(|r| (r.id.as_str(), r)).collect();
    for (role, id) in body.iter().zip(&ids) {
        let row = found.get(id.as_str()).ok_or_else(nothing)?;
        if role.name.as_ref() != Some(&row.name) || row.client.as_deref() != self::id(client) {
            return Err(nothing());
        }
    }
    HandingOut::of(cx, &admin)?.require(cx, &ids)?;
    Ok(ids)
}

fn shown(cx: &mut Cx, rows: Vec<RoleRow>, brief: bool) -> Result<Vec<Role>> {
    let realm = cx.admin()?.realm.id.clone();
    Ok(rows.into_iter().map(|r| r.representation(&realm, brief)).collect())
}
