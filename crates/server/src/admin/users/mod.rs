//! Users: finding, creating, changing and deleting them.

mod mail;
mod search;
mod write;

pub(crate) use write::{UPDATE_PASSWORD, add_action, into_row, remove_action};

use super::{
    access::{Admin, AdminRole::*},
    user_page,
};
use crate::{
    Result,
    cx::Cx,
    error::{forbidden, not_found},
    profile::{Context, Rules},
    route::Routes,
};
use cloakroom_api::{
    admin::users::{self as api, User},
    fields::Attributes,
};
use cloakroom_store::{
    federated_identities,
    users::{self, UserRow},
};

/// The operations on users.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .at(write::create)
        .at(search::list)
        .at(search::count)
        .at(get)
        .at(write::update)
        .at(delete)
        .at(unmanaged_attributes)
        .merge(mail::routes())
}

/// The user of this id. Who may not look for users is told nothing about ids: 403 before 404.
pub(crate) fn find(cx: &mut Cx, id: &str) -> Result<(Admin, UserRow)> {
    let admin = cx.admin()?.clone();
    match users::by_id(cx.read()?, &admin.realm.id, id)? {
        Some(user) => Ok((admin, user)),
        None if admin.has_any(&[QueryUsers, ViewUsers, ManageUsers]) => Err(not_found("User not found")),
        None => Err(forbidden()),
    }
}

/// The user of this id, for somebody who may see it.
pub(crate) fn find_to_view(cx: &mut Cx, id: &str) -> Result<(Admin, UserRow)> {
    let (admin, user) = find(cx, id)?;
    admin.require(&[ViewUsers, ManageUsers])?;
    Ok((admin, user))
}

/// The user of this id, for somebody who may change it.
pub(crate) fn find_to_manage(cx: &mut Cx, id: &str) -> Result<(Admin, UserRow)> {
    let (admin, user) = find(cx, id)?;
    admin.require(&[ManageUsers])?;
    Ok((admin, user))
}

/// As [`find_to_manage`], and nobody else changes the user until the request ends: changes of one user wait for each other
/// instead of being tried again. Passwords are to be hashed before.
fn lock_to_manage(cx: &mut Cx, id: &str) -> Result<(Admin, UserRow)> {
    let admin = cx.admin()?;
    if admin.has(ManageUsers) {
        let realm = admin.realm.id.clone();
        users::lock(cx.write()?, &realm, id)?;
    }
    find_to_manage(cx, id)
}

fn get(cx: &mut Cx, req: api::get::Request) -> Result<User> {
    let (admin, row) = find_to_view(cx, &req.id)?;
    let realm = &admin.realm;
    let metadata = match req.query.user_profile_metadata {
        Some(true) => {
            let all = attributes(cx, &row)?;
            Some(realm.profile.metadata(Context::Admin, Rules::of(&realm.settings), Some(&all)))
        }
        _ => None,
    };
    let links = federated_identities::list(cx.read()?, &row.id)?;
    let mut user = user_page::represent(cx, realm, vec![row], false)?.pop().unwrap_or_default();
    user.user_profile_metadata = metadata;
    user.federated_identities = (!links.is_empty()).then_some(links);
    let manages = admin.has(ManageUsers);
    let access = [
        ("manageGroupMembership", manages),
        ("resetPassword", manages),
        ("view", true),
        ("mapRoles", manages),
        ("impersonate", admin.has(Impersonation)),
        ("manage", manages),
    ];
    user.access = Some(access.into_iter().map(|(right, has)| (right.to_owned(), has)).collect());
    Ok(user)
}

fn delete(cx: &mut Cx, req: api::delete::Request) -> Result<()> {
    let (admin, user) = find_to_manage(cx, &req.id)?;
    users::delete(cx.write()?, &admin.realm.id, &user.id)?;
    Ok(())
}

fn unmanaged_attributes(cx: &mut Cx, req: api::unmanaged_attributes::Request) -> Result<Attributes> {
    let (admin, user) = find_to_view(cx, &req.id)?;
    let all = users::attributes(cx.read()?, &user.id)?;
    Ok(admin.realm.profile.unmanaged(Context::Admin, &all))
}

/// All attributes of a user, those that are columns included.
pub(crate) fn attributes(cx: &mut Cx, user: &UserRow) -> Result<Attributes> {
    let mut all = users::attributes(cx.read()?, &user.id)?;
    let columns = [
        (crate::profile::USERNAME, Some(&user.username)),
        (crate::profile::EMAIL, user.email.as_ref()),
        (crate::profile::FIRST_NAME, user.first_name.as_ref()),
        (crate::profile::LAST_NAME, user.last_name.as_ref()),
    ];
    for (name, value) in columns {
        if let Some(value) = value {
            all.insert(name.to_owned(), vec![value.clone()]);
        }
    }
    Ok(all)
}
