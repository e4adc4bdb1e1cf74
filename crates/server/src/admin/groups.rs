//! Groups: the tree, its search, and members.

use super::{
    access::{Admin, AdminRole::*},
    attribute_query,
    group_page::{Shape, represent, represent_one, tree},
    paging::{ALL, page},
    user_page,
};
use crate::{
    Error, Result,
    cx::Cx,
    error::{Expected, bad_request, conflict, not_found},
    route::Routes,
};
use cloakroom_api::{
    admin::{
        groups::{self as api, Group},
        query::Count,
        users::User,
    },
    endpoint::{Created, Made},
};
use cloakroom_store::groups::{self, Filter, GroupRow};

/// The operations on groups.
pub(super) fn routes() -> Routes {
    Routes::new().at(create).at(list).at(count).at(get).at(update).at(delete).at(children).at(create_child).at(members)
}

/// One group, as all lists but those of a tree show it.
const WHOLE: Shape = Shape { brief: false, counts: true, access: true };

/// How many members are listed unless the caller says otherwise.
const MEMBERS: i64 = 100;

/// How many children are listed unless the caller says otherwise.
const CHILDREN: i64 = 10;

/// The group of this id: 404 comes before 403.
pub(super) fn find(cx: &mut Cx, admin: &Admin, id: &str) -> Result<GroupRow> {
    groups::by_id(cx.read()?, &admin.realm.id, id)?.ok_or_else(|| not_found("Could not find group by id"))
}

fn create(cx: &mut Cx, req: api::create::Request) -> Result<Option<Created>> {
    let admin = cx.admin()?.clone();
    admin.require(&[ManageUsers])?;
    let name = name_of(&req.body)?.to_owned();
    if let Some(id) = &req.body.id {
        return move_below(cx, &admin, id, None).map(|()| None);
    }
    let row = add(cx, &admin, None, name, req.body)?;
    Ok(Some(Created::at(cx.location(&admin.realm.name, &["groups", &row.id]))))
}

fn create_child(cx: &mut Cx, req: api::create_child::Request) -> Result<Option<Made<Group>>> {
    let admin = cx.admin()?.clone();
    let parent = find(cx, &admin, &req.id)?;
    admin.require(&[ManageUsers])?;
    let name = name_of(&req.body)?.to_owned();
    if let Some(id) = &req.body.id {
        return move_below(cx, &admin, id, Some(&parent.id)).map(|()| None);
    }
    groups::lock_tree(cx.write()?, &admin.realm.id)?;
    find(cx, &admin, &req.id)?;
    let row = add(cx, &admin, Some(parent.id), name, req.body)?;
    let location = Some(cx.location(&admin.realm.name, &["groups", &row.id]));
    let body = represent_one(cx, row, Shape { counts: false, ..WHOLE })?;
    Ok(Some(Made { location, body }))
}

fn add(cx: &mut Cx, admin: &Admin, parent: Option<String>, name: String, body: Group) -> Result<GroupRow> {
    let row = GroupRow { id: cx.new_id(), parent, name, description: body.description };
    let db = cx.write()?;
    groups::insert(db, &admin.realm.id, &row).or_conflict(|| taken(&row))?;
    groups::put_attributes(db, &row.id, &body.attributes.unwrap_or_default())?;
    Ok(row)
}

/// Moves a group with all below it; its name stays.
fn move_below(cx: &mut Cx, admin: &Admin, id: &str, parent: Option<&str>) -> Result<()> {
    if parent == Some(id) {
        return Ok(());
    }
    groups::lock_tree(cx.write()?, &admin.realm.id)?;
    let group =
        groups::by_id(cx.read()?, &admin.realm.id, id)?.ok_or_else(|| not_found("Could not find child by id"))?;
    if let Some(parent) = parent {
        find(cx, admin, parent)?;
        if groups::is_within(cx.read()?, parent, id)? {
            return Err(bad_request("A group cannot be moved below itself"));
        }
    }
    let row = GroupRow { parent: parent.map(str::to_owned), ..group };
    groups::update(cx.write()?, &admin.realm.id, &row).or_conflict(|| taken(&row))?;
    Ok(())
}

fn taken(row: &GroupRow) -> Error {
    match row.parent {
        None => conflict(format!("Top level group named '{}' already exists.", row.name)),
        Some(_) => sibling(row),
    }
}

fn sibling(row: &GroupRow) -> Error {
    conflict(format!("Sibling group named '{}' already exists.", row.name))
}

/// The name that a body has, which must be one.
fn name_of(body: &Group) -> Result<&str> {
    match body.name.as_deref() {
        Some(name) if name.chars().count() > groups::NAME => {
            Err(bad_request(format!("Group name is longer than {} characters", groups::NAME)))
        }
        Some(name) if !name.trim().is_empty() => Ok(name),
        _ => Err(bad_request("Group name is missing")),
    }
}

fn list(cx: &mut Cx, req: api::list::Request) -> Result<Vec<Group>> {
    let admin = cx.admin()?.clone();
    admin.require(&[QueryGroups, ViewUsers, ManageUsers])?;
    if !may_view(&admin) {
        return Ok(Vec::new());
    }
    let query = req.query;
    let shape = Shape {
        brief: query.brief_representation != Some(false),
        counts: query.sub_groups_count != Some(false),
        access: true,
    };
    let (first, max) = page(query.first, query.max, ALL);
    let search = query.search.as_deref().unwrap_or_default().trim();
    let attributes = query.q.filter(|q| !q.is_empty()).map(|q| attribute_query::parse(&q));
    let filter = match &attributes {
        Some(attributes) => Filter::With(attributes),
        None if search.is_empty() => Filter::Below(None),
        None if query.exact == Some(true) => Filter::Named(None, search),
        None => Filter::Like(None, search),
    };
    let rows = groups::list(cx.read()?, &admin.realm.id, &filter, first, max)?;
    match filter {
        Filter::Below(_) => represent(cx, rows, shape),
        _ if query.populate_hierarchy == Some(false) => represent(cx, rows, shape),
        _ => tree(cx, rows, shape),
    }
}

fn count(cx: &mut Cx, req: api::count::Request) -> Result<Count> {
    let admin = cx.admin()?.clone();
    admin.require(&[QueryGroups, ViewUsers, ManageUsers])?;
    let filter = match (&req.query.search, req.query.top) {
        (Some(search), _) => Filter::Like(None, search),
        (None, Some(true)) => Filter::Below(None),
        (None, _) => Filter::Like(None, ""),
    };
    Ok(Count { count: Some(groups::count(cx.read()?, &admin.realm.id, &filter)?) })
}

fn get(cx: &mut Cx, req: api::get::Request) -> Result<Group> {
    let row = find_to_view(cx, &req.id)?.1;
    represent_one(cx, row, WHOLE)
}

fn update(cx: &mut Cx, req: api::update::Request) -> Result<()> {
    let admin = cx.admin()?.clone();
    let group = find(cx, &admin, &req.id)?;
    admin.require(&[ManageUsers])?;
    let name = name_of(&req.body)?.to_owned();
    if req.body.id.is_some_and(|id| id != group.id) {
        return Err(bad_request("Invalid group id"));
    }
    groups::lock_tree(cx.write()?, &admin.realm.id)?;
    let row = GroupRow { name, description: req.body.description, ..find(cx, &admin, &req.id)? };
    groups::update(cx.write()?, &admin.realm.id, &row).or_conflict(|| sibling(&row))?;
    if let Some(attributes) = req.body.attributes {
        groups::put_attributes(cx.write()?, &row.id, &attributes)?;
    }
    Ok(())
}

fn delete(cx: &mut Cx, req: api::delete::Request) -> Result<()> {
    let admin = cx.admin()?.clone();
    find(cx, &admin, &req.id)?;
    admin.require(&[ManageUsers])?;
    groups::lock_tree(cx.write()?, &admin.realm.id)?;
    groups::delete(cx.write()?, &admin.realm.id, &req.id)?;
    Ok(())
}

fn children(cx: &mut Cx, req: api::children::Request) -> Result<Vec<Group>> {
    let (admin, parent) = find_to_view(cx, &req.id)?;
    let query = req.query;
    let shape = Shape {
        brief: query.brief_representation == Some(true),
        counts: query.sub_groups_count != Some(false),
        access: true,
    };
    let (first, max) = page(query.first, query.max, CHILDREN);
    let search = query.search.as_deref().unwrap_or_default();
    let filter = match query.exact {
        _ if search.is_empty() => Filter::Below(Some(&parent.id)),
        Some(true) => Filter::Named(Some(&parent.id), search),
        _ => Filter::Like(Some(&parent.id), search),
    };
    let rows = groups::list(cx.read()?, &admin.realm.id, &filter, first, max)?;
    represent(cx, rows, shape)
}

fn members(cx: &mut Cx, req: api::members::Request) -> Result<Vec<User>> {
    let (admin, group) = find_to_view(cx, &req.id)?;
    let (first, max) = page(req.query.first, req.query.max, MEMBERS);
    let rows = groups::members(cx.read()?, &admin.realm.id, &group.id, first, max)?;
    user_page::represent(cx, &admin.realm, rows, req.query.brief_representation == Some(true))
}

fn may_view(admin: &Admin) -> bool {
    admin.has_any(&[ViewUsers, ManageUsers])
}

fn find_to_view(cx: &mut Cx, id: &str) -> Result<(Admin, GroupRow)> {
    let admin = cx.admin()?.clone();
    let group = find(cx, &admin, id)?;
    admin.require(&[ViewUsers, ManageUsers])?;
    Ok((admin, group))
}
