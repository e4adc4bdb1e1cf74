//! Who has a role directly.

use super::{
    access::AdminRole::*,
    group_page::{self, Shape},
    paging::page,
    roles::{Container, To},
    user_page,
};
use crate::{Result, cx::Cx};
use cloakroom_api::admin::{groups::Group, query::BriefPage, users::User};
use cloakroom_store::roles;

/// How many are listed unless the caller says otherwise.
const USUAL: i64 = 100;

/// A page of the users that have the role; none for those who may look for users without seeing them.
pub(super) fn users(cx: &mut Cx, container: &Container, name: &str, query: BriefPage) -> Result<Vec<User>> {
    let admin = &container.admin;
    container.require(To::View)?;
    admin.require(&[QueryUsers, ViewUsers, ManageUsers])?;
    let role = container.role(cx, name)?;
    if !admin.has_any(&[ViewUsers, ManageUsers]) {
        return Ok(Vec::new());
    }
    let (first, max) = page(query.first, query.max, USUAL);
    let rows = roles::users(cx.read()?, &admin.realm.id, &role.id, first, max)?;
    let mut users = user_page::represent(cx, &admin.realm, rows, query.brief_representation == Some(true))?;
    for user in &mut users {
        user.access = Some([("manage".to_owned(), admin.has(ManageUsers))].into());
    }
    Ok(users)
}

/// A page of the groups that have the role.
pub(super) fn groups(cx: &mut Cx, container: &Container, name: &str, query: BriefPage) -> Result<Vec<Group>> {
    let admin = &container.admin;
    container.require(To::View)?;
    admin.require(&[QueryGroups, ViewUsers, ManageUsers])?;
    let role = container.role(cx, name)?;
    let (first, max) = page(query.first, query.max, USUAL);
    let rows = roles::groups(cx.read()?, &admin.realm.id, &role.id, first, max)?;
    let brief = query.brief_representation != Some(false);
    group_page::represent(cx, rows, Shape { brief, counts: false, access: false })
}
