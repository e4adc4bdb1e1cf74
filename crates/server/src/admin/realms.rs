//! Realms: created, listed, read, changed and deleted; default groups.

use super::access::{AdminRole::*, MASTER, roles_among};
use crate::{
    Result,
    admin::access::Admin,
    caches::Touched,
    cx::Cx,
    error::{self, Expected, bad_request, conflict, not_found},
    realm::{import, master, settings, show},
    route::Routes,
};
use cloakroom_api::{
    admin::{groups::Group, realms},
    endpoint::Created,
};
use cloakroom_store::{groups, realms as store, roles};
use http::StatusCode;
use std::collections::HashMap;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::new()
        .at(create)
        .at(list)
        .at(get)
        .at(update)
        .at(delete)
        .at(default_groups)
        .at(add_default_group)
        .at(remove_default_group)
        .at(credential_registrators)
}

fn create(cx: &mut Cx, req: realms::create::Request) -> Result<Created> {
    let (home, bearer) = cx.caller()?;
    let may_create = home.name == MASTER && {
        let granted = roles::of_user(cx.read()?, &bearer.user.id)?;
        granted.iter().any(|r| r.client.is_none() && matches!(r.name.as_str(), "admin" | "create-realm"))
    };
    if !may_create {
        return Err(error::forbidden());
    }
    let mut realm = req.body;
    let name = realm.realm.clone().unwrap_or_default();
    if name.trim().is_empty() {
        return Err(bad_request("Realm name cannot be empty"));
    }
    settings::reserved_as(&name, |words| error::error(StatusCode::BAD_REQUEST, words))?;
    import::limits(&realm)?;
    settings::complete_otp_policy(&mut realm);
    let row = import::create(cx, realm)?;
    let now = cx.now();
    let app = cx.app.clone();
    // who may make realms shall be able to work in those that they made
    master::entrust(&app, cx.write()?, &row.name, &bearer.user.id, now)?;
    Ok(Created { location: cx.location(&row.name, &[]) })
}

fn list(cx: &mut Cx, req: realms::list::Request) -> Result<Vec<realms::Realm>> {
    let (home, bearer) = cx.caller()?;
    let granted = roles::of_user(cx.read()?, &bearer.user.id)?;
    let sees = |id: &str, name: &str| -> Option<bool> {
        let roles = roles_among(&granted, &home, id, name);
        (!roles.is_empty()).then(|| roles.contains(&ViewRealm) || roles.contains(&ManageRealm))
    };
    let mut all = store::names(cx.read()?)?;
    all.retain(|realm| sees(&realm.id, &realm.name).is_some());
    if all.is_empty() {
        return Err(error::forbidden());
    }
    let name_only = |name: String| realms::Realm { realm: Some(name), ..realms::Realm::default() };
    if req.query.brief_representation == Some(true) {
        let shown = |realm: store::RealmName| match sees(&realm.id, &realm.name) {
            Some(true) => show::brief(realm),
            _ => name_only(realm.name),
        };
        return Ok(all.into_iter().map(shown).collect());
    }
    let db = cx.read()?;
    let rows = if home.name == MASTER { store::list(db)? } else { vec![home.row()] };
    let mut default_roles: HashMap<_, _> =
        store::default_roles(db)?.into_iter().map(|role| (role.id.clone(), role)).collect();
    let with_groups = store::with_default_groups(db)?;
    let mut shown = Vec::new();
    for row in rows {
        match sees(&row.id, &row.name) {
            Some(true) => {
                let role = row.default_role.as_ref().and_then(|id| default_roles.remove(id));
                let groups =
                    if with_groups.contains(&row.id) { show::default_groups(db, &row.id)? } else { Vec::new() };
                shown.push(show::with(row, role, groups.into_iter().map(|(_, path)| path).collect()));
            }
            Some(false) => shown.push(name_only(row.name)),
            None => {}
        }
    }
    Ok(shown)
}

fn get(cx: &mut Cx, _: realms::get::Request) -> Result<realms::Realm> {
    let admin = cx.admin()?.clone();
    admin.require_some()?;
    let row = admin.realm.row();
    if !admin.has_any(&[ViewRealm, ManageRealm]) {
        return Ok(show::few(row));
    }
    show::whole(cx.read()?, row)
}

fn update(cx: &mut Cx, req: realms::update::Request) -> Result<()> {
    let admin = cx.admin()?.clone();
    admin.require(&[ManageRealm])?;
    let old = &admin.realm;
    let name = req.body.realm.clone().filter(|name| *name != old.name);
    if let Some(name) = &name {
        if old.name == MASTER {
            return Err(bad_request("Can't rename master realm"));
        }
        if name.trim().is_empty() {
            return Err(bad_request("Realm name cannot be empty"));
        }
        settings::reserved(name)?;
        if cx.find_realm(name)?.is_some() {
            return Err(taken());
        }
    }
    import::limits(&req.body)?;
    let changes = req.body;
    let id = old.id.clone();
    // read again under the lock: another change may have come between
    let mut row = store::lock(cx.write()?, &id)?.ok_or_else(|| not_found("Realm not found."))?;
    row.settings = settings::change(&row.settings, changes)?;
    if let Some(new) = &name {
        row.name.clone_from(new);
    }
    store::update(cx.write()?, &row).or_conflict(taken)?;
    if let Some(new) = &name {
        for touched in master::renamed(cx.write()?, &id, &old.name, new)? {
            cx.touched(touched);
        }
    }
    cx.touched(Touched::Realm { id });
    Ok(())
}

fn taken() -> crate::Error {
    conflict("Realm with same name exists")
}

fn delete(cx: &mut Cx, _: realms::delete::Request) -> Result<()> {
    let admin = cx.admin()?.clone();
    admin.require(&[ManageRealm])?;
    let realm = &admin.realm;
    if realm.name == MASTER {
        return Err(error::error(StatusCode::BAD_REQUEST, "Can't remove master realm"));
    }
    store::delete(cx.write()?, &realm.id)?;
    if let Some(touched) = master::remove(cx.write()?, &realm.name)? {
        cx.touched(touched);
    }
    cx.touched(Touched::Realm { id: realm.id.clone() });
    Ok(())
}

fn default_groups(cx: &mut Cx, _: realms::default_groups::Request) -> Result<Vec<Group>> {
    let admin = viewer(cx)?;
    let list = show::default_groups(cx.read()?, &admin.realm.id)?;
    let representation = |(group, path): (groups::GroupRow, String)| Group {
        id: Some(group.id),
        name: Some(group.name),
        path: Some(path),
        parent_id: group.parent,
        sub_groups: Some(Vec::new()),
        ..Group::default()
    };
    Ok(list.into_iter().map(representation).collect())
}

fn add_default_group(cx: &mut Cx, req: realms::add_default_group::Request) -> Result<()> {
    let realm = manager(cx)?.realm;
    let group = group(cx, &realm.id, &req.group)?;
    Ok(groups::add_default(cx.write()?, &realm.id, &group.id)?)
}

fn remove_default_group(cx: &mut Cx, req: realms::remove_default_group::Request) -> Result<()> {
    let realm = manager(cx)?.realm;
    let group = group(cx, &realm.id, &req.group)?;
    groups::remove_default(cx.write()?, &realm.id, &group.id)?;
    Ok(())
}

fn group(cx: &mut Cx, realm: &str, id: &str) -> Result<groups::GroupRow> {
    groups::by_id(cx.read()?, realm, id)?.ok_or_else(|| not_found("Group not found"))
}

/// The required actions that leave a credential behind, in the order in which they are offered.
const REGISTRATORS: [&str; 4] =
    ["CONFIGURE_TOTP", "webauthn-register", "webauthn-register-passwordless", "CONFIGURE_RECOVERY_AUTHN_CODES"];

fn credential_registrators(cx: &mut Cx, _: realms::credential_registrators::Request) -> Result<Vec<String>> {
    let admin = viewer(cx)?;
    let actions = admin.realm.settings.required_actions.as_deref().unwrap_or_default();
    let offered =
        |name: &&str| actions.iter().any(|a| a.provider_id.as_deref() == Some(*name) && a.enabled == Some(true));
    Ok(REGISTRATORS.into_iter().filter(offered).map(str::to_owned).collect())
}

fn viewer(cx: &Cx) -> Result<Admin> {
    let admin = cx.admin()?.clone();
    admin.require(&[ViewRealm, ManageRealm])?;
    Ok(admin)
}

fn manager(cx: &Cx) -> Result<Admin> {
    let admin = cx.admin()?.clone();
    admin.require(&[ManageRealm])?;
    Ok(admin)
}
