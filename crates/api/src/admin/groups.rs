//! Groups, a tree.

use std::collections::BTreeMap;

use crate::{
    admin::{
        permissions::ManagementPermissions,
        query::{BriefPage, Count},
        users::User,
    },
    endpoint::{Created, CreatedOrMoved, Json},
    endpoints,
    fields::Attributes,
    representation::representations,
};

representations! {
    /// A group. Its id stays when it is renamed or moved, its path does not.
    pub struct Group = "GroupRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub description: Option<String>,
        /// `/parent/child`; a `/` inside a name stands there as it is.
        pub path: Option<String>,
        pub parent_id: Option<String>,
        /// Children, without theirs.
        pub sub_group_count: Option<i64>,
        pub sub_groups: Option<Vec<Group>>,
        pub attributes: Option<Attributes>,
        pub realm_roles: Option<Vec<String>>,
        pub client_roles: Option<BTreeMap<String, Vec<String>>>,
        pub access: Option<BTreeMap<String, bool>>,
    }

    /// Which groups to list.
    pub struct GroupQuery {
        /// Part of the name; the groups that match are returned under their ancestors.
        pub search: Option<String>,
        /// Whether `search` is the whole name, upper and lower case told apart.
        pub exact: Option<bool>,
        /// Attributes: `name:value other:"two words"`.
        pub q: Option<String>,
        pub first: Option<i32>,
        pub max: Option<i32>,
        /// True by default.
        pub brief_representation: Option<bool>,
        /// Whether what matches is returned under its ancestors; true by default.
        pub populate_hierarchy: Option<bool>,
        /// Whether to fill `subGroupCount`; true by default.
        pub sub_groups_count: Option<bool>,
    }

    /// Which groups to count.
    pub struct GroupCount {
        /// Part of the name.
        pub search: Option<String>,
        /// Whether only groups without a parent count; has no effect with `search`.
        pub top: Option<bool>,
    }

    /// Which children of a group to list.
    pub struct ChildQuery {
        /// Part of the name.
        pub search: Option<String>,
        /// Whether `search` is the whole name.
        pub exact: Option<bool>,
        pub first: Option<i32>,
        /// 10 by default.
        pub max: Option<i32>,
        /// False by default.
        pub brief_representation: Option<bool>,
        /// Whether to fill `subGroupCount`; true by default.
        pub sub_groups_count: Option<bool>,
    }
}

endpoints! {
    /// The groups of a realm.
    Groups(realm)

    /// Creates a group without a parent, or moves the one with the body's id there.
    POST "/admin/realms/{realm}/groups"
    fn create(body: Group) -> Option<Created>;

    /// Lists the groups that match the query, without a query those without a parent.
    GET "/admin/realms/{realm}/groups"
    fn list(query: GroupQuery) -> Json<Vec<Group>>, pages: list_all;

    /// Counts the groups that match the query.
    GET "/admin/realms/{realm}/groups/count"
    fn count(query: GroupCount) -> Json<Count>;

    /// Gets one group.
    GET "/admin/realms/{realm}/groups/{id}"
    fn get(id) -> Json<Group>;

    /// Replaces name and description, and the attributes when they are set.
    PUT "/admin/realms/{realm}/groups/{id}"
    fn update(id, body: Group);

    /// Deletes a group and all below it.
    DELETE "/admin/realms/{realm}/groups/{id}"
    fn delete(id);

    /// Lists the children of a group.
    GET "/admin/realms/{realm}/groups/{id}/children"
    fn children(id, query: ChildQuery) -> Json<Vec<Group>>, pages: children_all;

    /// Creates a child, or moves the group with the body's id there.
    POST "/admin/realms/{realm}/groups/{id}/children"
    fn create_child(id, body: Group) -> CreatedOrMoved<Group>, cache: "no-cache";

    /// The members of a group, not those of its children.
    GET "/admin/realms/{realm}/groups/{id}/members"
    fn members(id, query: BriefPage) -> Json<Vec<User>>, pages: members_all;

    /// Whether fine-grained permissions are on for the group.
    GET "/admin/realms/{realm}/groups/{id}/management/permissions"
    fn permissions(id) -> Json<ManagementPermissions>;

    /// Switches fine-grained permissions for the group on or off.
    PUT "/admin/realms/{realm}/groups/{id}/management/permissions"
    fn set_permissions(id, body: ManagementPermissions) -> Json<ManagementPermissions>, cache: "no-cache";

    /// The group at a path: `parent/child`.
    GET "/admin/realms/{realm}/group-by-path/{*path}"
    fn by_path(path) -> Json<Group>;
}
