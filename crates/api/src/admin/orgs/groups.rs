//! Groups of organizations: trees of their own, apart from the realm's groups.

use super::Member;
use crate::{
    admin::{groups::Group, query::BriefPage},
    endpoint::{CreatedOrMoved, Json},
    endpoints,
    representation::representations,
};

representations! {
    /// Which groups to list.
    pub struct OrganizationGroupQuery {
        /// Part of the name.
        pub search: Option<String>,
        /// Whether `search` is the whole name.
        pub exact: Option<bool>,
        /// Attributes: `name:value other:"two words"`.
        pub q: Option<String>,
        pub first: Option<i32>,
        pub max: Option<i32>,
        /// True by default.
        pub brief_representation: Option<bool>,
        /// Whether what matches is returned under its ancestors; false by default.
        pub populate_hierarchy: Option<bool>,
        /// Whether to fill `subGroupCount`; false by default.
        pub sub_groups_count: Option<bool>,
    }

    /// Which children of a group to list.
    pub struct OrganizationChildQuery {
        /// Part of the name.
        pub search: Option<String>,
        /// Whether `search` is the whole name.
        pub exact: Option<bool>,
        pub first: Option<i32>,
        /// 10 by default.
        pub max: Option<i32>,
        /// Whether to fill `subGroupCount`; false by default.
        pub sub_groups_count: Option<bool>,
    }

    /// What to return of one group.
    pub struct GroupDetail {
        /// Whether to fill `subGroupCount`; false by default.
        pub sub_groups_count: Option<bool>,
    }
}

endpoints! {
    /// The groups of an organization.
    OrganizationGroups(realm, org)

    /// Creates a group without a parent, or moves the one with the body's id there.
    POST "/admin/realms/{realm}/organizations/{org}/groups"
    fn create(body: Group) -> CreatedOrMoved<Group>;

    /// Lists the groups that match the query, without a query those without a parent.
    GET "/admin/realms/{realm}/organizations/{org}/groups"
    fn list(query: OrganizationGroupQuery) -> Json<Vec<Group>>, pages: list_all;

    /// The group at a path: `parent/child`.
    GET "/admin/realms/{realm}/organizations/{org}/groups/group-by-path/{*path}"
    fn by_path(path, query: GroupDetail) -> Json<Group>;

    /// Gets one group.
    GET "/admin/realms/{realm}/organizations/{org}/groups/{id}"
    fn get(id, query: GroupDetail) -> Json<Group>;

    /// Replaces name and description, and the attributes when they are set.
    PUT "/admin/realms/{realm}/organizations/{org}/groups/{id}"
    fn update(id, body: Group);

    /// Deletes a group and all below it.
    DELETE "/admin/realms/{realm}/organizations/{org}/groups/{id}"
    fn delete(id);

    /// Lists the children of a group.
    GET "/admin/realms/{realm}/organizations/{org}/groups/{id}/children"
    fn children(id, query: OrganizationChildQuery) -> Json<Vec<Group>>, pages: children_all;

    /// Creates a child, or moves the group with the body's id there.
    POST "/admin/realms/{realm}/organizations/{org}/groups/{id}/children"
    fn create_child(id, body: Group) -> CreatedOrMoved<Group>, cache: "no-cache";

    /// The members of the organization who are in a group.
    GET "/admin/realms/{realm}/organizations/{org}/groups/{id}/members"
    fn members(id, query: BriefPage) -> Json<Vec<Member>>, pages: members_all;

    /// Puts a member of the organization into a group.
    PUT "/admin/realms/{realm}/organizations/{org}/groups/{id}/members/{user}"
    fn add_member(id, user), cache: "no-cache";

    /// Takes a member out of a group.
    DELETE "/admin/realms/{realm}/organizations/{org}/groups/{id}/members/{user}"
    fn remove_member(id, user), cache: "no-cache";
}
