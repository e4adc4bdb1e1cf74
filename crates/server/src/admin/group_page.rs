//! Groups as callers see them: with their paths, alone or as a tree.

use super::access::{Admin, AdminRole::*};
use crate::{Result, cx::Cx};
use cloakroom_api::admin::groups::Group;
use cloakroom_store::groups::{self, GroupRow};
use std::collections::{BTreeMap, HashMap};

/// How much of each group to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Whether attributes and roles are left out.
    pub(super) brief: bool,
    /// Whether the number of children is told.
    pub(super) counts: bool,
    /// Whether it is told what the caller may do with the group.
    pub(super) access: bool,
}

/// The representations of some groups, in their order. A handful of statements, however many there are.
pub(super) fn represent(cx: &mut Cx, rows: Vec<GroupRow>, shape: Shape) -> Result<Vec<Group>> {
    let order: Vec<String> = rows.iter().map(|g| g.id.clone()).collect();
    let all = groups::with_ancestors(cx.read()?, rows)?;
    let mut shown = show(cx, &all, &order, shape)?;
    Ok(order.iter().filter_map(|id| shown.remove(id)).collect())
}

/// The representation of one group.
pub(super) fn represent_one(cx: &mut Cx, row: GroupRow, shape: Shape) -> Result<Group> {
    Ok(represent(cx, vec![row], shape)?.pop().unwrap_or_default())
}

/// Some groups under all that are above them, from the top: siblings in the order of their names.
pub(super) fn tree(cx: &mut Cx, rows: Vec<GroupRow>, shape: Shape) -> Result<Vec<Group>> {
    let all = groups::with_ancestors(cx.read()?, rows)?;
    let ids: Vec<String> = all.keys().cloned().collect();
    let shown = show(cx, &all, &ids, shape)?;
    // deepest first, so that a group is complete when it moves below its parent
    let mut below: HashMap<String, Vec<Group>> = HashMap::new();
    let mut tops = Vec::new();
    let mut shown: Vec<(usize, Group)> =
        shown.into_iter().map(|(id, group)| (ancestors(&all, &id).count(), group)).collect();
    shown.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.name.cmp(&y.name)));
    for (_, mut group) in shown {
        group.sub_groups = Some(below.remove(group.id.as_deref().unwrap_or_default()).unwrap_or_default());
        match group.parent_id.clone() {
            Some(parent) => below.entry(parent).or_default().push(group),
            None => tops.push(group),
        }
    }
    Ok(tops)
}

/// A group and those above it, from below.
fn ancestors<'a>(all: &'a HashMap<String, GroupRow>, id: &str) -> impl Iterator<Item = &'a GroupRow> {
    std::iter::successors(all.get(id), |group| all.get(group.parent.as_deref()?)).take(all.len())
}

/// `/parent/child`.
pub(crate) fn path(all: &HashMap<String, GroupRow>, id: &str) -> String {
    let mut names: Vec<&str> = ancestors(all, id).map(|group| group.name.as_str()).collect();
    names.push("");
    names.reverse();
    names.join("/")
}

fn show(cx: &mut Cx, all: &HashMap<String, GroupRow>, ids: &[String], shape: Shape) -> Result<HashMap<String, Group>> {
    let access = shape.access.then(|| cx.admin().map(access)).transpose()?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let db = cx.read()?;
    let counts = if shape.counts { groups::child_counts(db, &ids)? } else { HashMap::new() };
    let (mut attributes, mut roles) = (HashMap::new(), HashMap::new());
    if !shape.brief {
        attributes = groups::attributes(db, &ids)?;
        roles = groups::role_names(db, &ids)?;
    }
    let mut shown = HashMap::with_capacity(ids.len());
    for id in ids {
        let Some(row) = all.get(id) else { continue };
        let roles = roles.remove(id).unwrap_or_default();
        let group = Group {
            id: Some(row.id.clone()),
            name: Some(row.name.clone()),
            description: row.description.clone(),
            path: Some(path(all, id)),
            parent_id: row.parent.clone(),
            sub_group_count: shape.counts.then(|| counts.get(id).copied().unwrap_or(0)),
            sub_groups: Some(Vec::new()),
            attributes: (!shape.brief).then(|| attributes.remove(id).unwrap_or_default()),
            realm_roles: (!shape.brief).then_some(roles.realm),
            client_roles: (!shape.brief).then_some(roles.clients),
            access: access.clone(),
        };
        shown.insert(id.to_owned(), group);
    }
    Ok(shown)
}

/// What an administrator may do with groups: the same with each.
fn access(admin: &Admin) -> BTreeMap<String, bool> {
    let manage = admin.has(ManageUsers);
    let view = admin.has_any(&[ViewUsers, ManageUsers]);
    let all = [
        ("view", view),
        ("viewMembers", view),
        ("manage", manage),
        ("manageMembers", manage),
        ("manageMembership", manage),
    ];
    all.into_iter().map(|(name, may)| (name.to_owned(), may)).collect()
}
