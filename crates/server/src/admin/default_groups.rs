//! The groups that new users join.

use super::{
    access::{Admin, AdminRole::*},
    group_page::{Shape, represent},
    user_groups,
};
use crate::{Result, cx::Cx, route::Routes};
use cloakroom_api::admin::{groups::Group, realms as api};
use cloakroom_store::groups;

/// Listing, adding and removing default groups.
pub(super) fn routes() -> Routes {
    Routes::new().at(list).at(add).at(remove)
}

fn list(cx: &mut Cx, _: api::default_groups::Request) -> Result<Vec<Group>> {
    let admin = cx.admin()?.clone();
    admin.require(&[ViewRealm, ManageRealm])?;
    let rows = groups::defaults(cx.read()?, &admin.realm.id)?;
    represent(cx, rows, Shape { brief: true, counts: false, access: false })
}

fn add(cx: &mut Cx, req: api::add_default_group::Request) -> Result<()> {
    let admin = entered(cx, &req.group)?;
    groups::add_default(cx.write()?, &admin.realm.id, &req.group)?;
    Ok(())
}

fn remove(cx: &mut Cx, req: api::remove_default_group::Request) -> Result<()> {
    let admin = entered(cx, &req.group)?;
    groups::remove_default(cx.write()?, &admin.realm.id, &req.group)?;
    Ok(())
}

fn entered(cx: &mut Cx, group: &str) -> Result<Admin> {
    let admin = cx.admin()?.clone();
    admin.require(&[ManageRealm])?;
    user_groups::find_group(cx, &admin, group)?;
    Ok(admin)
}
