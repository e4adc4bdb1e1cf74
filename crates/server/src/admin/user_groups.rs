//! The groups that a user is a member of.

use super::{
    access::{Admin, AdminRole::*},
    group_page::{Shape, represent},
    handing_out::HandingOut,
    paging::{ALL, page},
};
use crate::{
    Result,
    cx::Cx,
    error::{forbidden, not_found},
    route::Routes,
};
use cloakroom_api::admin::{groups::Group, query::Count, users as api};
use cloakroom_store::{
    groups::{self, GroupRow},
    roles, users,
    users::UserRow,
};

/// Listing and counting a user's groups, joining and leaving one.
pub(super) fn routes() -> Routes {
    Routes::new().at(list).at(count).at(join).at(leave)
}

/// The user of this id. That there is none, only those learn who may look for users.
pub(super) fn find_user(cx: &mut Cx, admin: &Admin, id: &str) -> Result<UserRow> {
    let found = users::by_id(cx.read()?, &admin.realm.id, id)?;
    let may_look = admin.has_any(&[QueryUsers, ViewUsers, ManageUsers]);
    found.ok_or_else(|| if may_look { not_found("User not found") } else { forbidden() })
}

/// The group that is to be joined or left.
pub(super) fn find_group(cx: &mut Cx, admin: &Admin, id: &str) -> Result<GroupRow> {
    groups::by_id(cx.read()?, &admin.realm.id, id)?.ok_or_else(|| not_found("Group not found"))
}

fn list(cx: &mut Cx, req: api::groups::Request) -> Result<Vec<Group>> {
    let user = find_to_view(cx, &req.id)?;
    let query = req.query;
    let (first, max) = page(query.first, query.max, ALL);
    let rows = groups::of_user(cx.read()?, &user.id, query.search.as_deref().unwrap_or_default(), first, max)?;
    let brief = query.brief_representation != Some(false);
    represent(cx, rows, Shape { brief, counts: false, access: false })
}

fn count(cx: &mut Cx, req: api::count_groups::Request) -> Result<Count> {
    let user = find_to_view(cx, &req.id)?;
    let count = groups::count_of_user(cx.read()?, &user.id, req.query.search.as_deref().unwrap_or_default())?;
    Ok(Count { count: Some(count) })
}

fn find_to_view(cx: &mut Cx, id: &str) -> Result<UserRow> {
    let admin = cx.admin()?.clone();
    let user = find_user(cx, &admin, id)?;
    admin.require(&[ViewUsers, ManageUsers])?;
    Ok(user)
}

fn join(cx: &mut Cx, req: api::join_group::Request) -> Result<()> {
    let (user, group) = find_both(cx, &req.id, &req.group)?;
    groups::join(cx.write()?, &user.id, &group.id)?;
    Ok(())
}

fn leave(cx: &mut Cx, req: api::leave_group::Request) -> Result<()> {
    let (user, group) = find_both(cx, &req.id, &req.group)?;
    groups::leave(cx.write()?, &user.id, &group.id)?;
    Ok(())
}

/// With a group come its roles, so it takes the right to hand them out.
fn find_both(cx: &mut Cx, user: &str, group: &str) -> Result<(UserRow, GroupRow)> {
    let admin = cx.admin()?.clone();
    let user = find_user(cx, &admin, user)?;
    admin.require(&[ManageUsers])?;
    let group = find_group(cx, &admin, group)?;
    let handing_out = HandingOut::of(cx, &admin)?;
    handing_out.require_all(&roles::of_group(cx.read()?, &group.id)?)?;
    Ok((user, group))
}
