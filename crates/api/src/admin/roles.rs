//! Roles of a realm and of its clients, and what they are composed of.

use std::collections::BTreeMap;

use crate::{
    admin::{groups::Group, permissions::ManagementPermissions, query::BriefPage, users::User},
    endpoint::{Created, Json},
    endpoints,
    fields::Attributes,
    representation::representations,
};

representations! {
    /// A role, of the realm or of one client.
    pub struct Role = "RoleRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub description: Option<String>,
        pub scope_param_required: Option<bool>,
        pub composite: Option<bool>,
        pub composites: Option<Composites>,
        pub client_role: Option<bool>,
        /// The id of the realm or of the client it belongs to.
        pub container_id: Option<String>,
        pub attributes: Option<Attributes>,
    }

    /// All roles of a realm, in import and export; those of clients under their `clientId`.
    pub struct Roles = "RolesRepresentation" {
        pub realm: Option<Vec<Role>>,
        pub client: Option<BTreeMap<String, Vec<Role>>>,
        pub application: Option<BTreeMap<String, Vec<Role>>>,
    }

    /// The roles that a composite role implies, by name; those of clients under their `clientId`.
    pub struct Composites = "Composites" {
        pub realm: Option<Vec<String>>,
        pub client: Option<BTreeMap<String, Vec<String>>>,
        pub application: Option<BTreeMap<String, Vec<String>>>,
    }

    /// Which roles to list.
    pub struct RoleQuery {
        /// Part of the name or of the description.
        pub search: Option<String>,
        /// Counts only together with `max`.
        pub first: Option<i32>,
        /// Counts only together with `first`.
        pub max: Option<i32>,
        /// Whether to leave out attributes; true by default.
        pub brief_representation: Option<bool>,
    }

    /// Which of a composite role's parts to list.
    pub struct CompositeQuery {
        /// Part of the name.
        pub search: Option<String>,
        pub first: Option<i32>,
        pub max: Option<i32>,
    }
}

/// The rows of roles by name, on the path they hang off.
macro_rules! roles {
    ($(#[doc = $doc:literal])* $Group:ident ($($param:ident),*) at $prefix:literal) => {
        endpoints! {
            $(#[doc = $doc])*
            $Group($($param),*)

            /// Creates a role. Its address ends in its name.
            POST ($prefix "/roles")
            fn create(body: Role) -> Created;

            /// Lists the roles that match the query.
            GET ($prefix "/roles")
            fn list(query: RoleQuery) -> Json<Vec<Role>>, pages: list_all;

            /// Gets one role.
            GET ($prefix "/roles/{name}")
            fn get(name) -> Json<Role>;

            /// Replaces name and description, and the attributes when they are set.
            PUT ($prefix "/roles/{name}")
            fn update(name, body: Role);

            /// Deletes a role.
            DELETE ($prefix "/roles/{name}")
            fn delete(name), cache: "no-cache";

            /// The roles that a composite implies, not those that these imply in turn.
            GET ($prefix "/roles/{name}/composites")
            fn composites(name) -> Json<Vec<Role>>;

            /// Adds roles to a composite; a plain role becomes one.
            POST ($prefix "/roles/{name}/composites")
            fn add_composites(name, body: Vec<Role>);

            /// Takes roles out of a composite.
            DELETE ($prefix "/roles/{name}/composites")
            fn remove_composites(name, body: Vec<Role>);

            /// The realm's roles among those that a composite implies.
            GET ($prefix "/roles/{name}/composites/realm")
            fn realm_composites(name) -> Json<Vec<Role>>;

            /// One client's roles among those that a composite implies.
            GET ($prefix "/roles/{name}/composites/clients/{of}")
            fn client_composites(name, of) -> Json<Vec<Role>>;

            /// The users that have a role directly.
            GET ($prefix "/roles/{name}/users")
            fn users(name, query: BriefPage) -> Json<Vec<User>>, pages: users_all;

            /// The groups that have a role directly.
            GET ($prefix "/roles/{name}/groups")
            fn groups(name, query: BriefPage) -> Json<Vec<Group>>, pages: groups_all;

            /// Whether fine-grained permissions are on for the role.
            GET ($prefix "/roles/{name}/management/permissions")
            fn permissions(name) -> Json<ManagementPermissions>;

            /// Switches fine-grained permissions for the role on or off.
            PUT ($prefix "/roles/{name}/management/permissions")
            fn set_permissions(name, body: ManagementPermissions) -> Json<ManagementPermissions>, cache: "no-cache";
        }
    };
}

roles! {
    /// The roles of a realm.
    RealmRoles(realm) at "/admin/realms/{realm}"
}

/// The roles of one client.
pub mod of_client {
    use super::*;

    roles! {
        /// The roles of one client.
        ClientRoles(realm, client) at "/admin/realms/{realm}/clients/{client}"
    }
}

/// Roles of the realm and of clients alike, by id.
pub mod by_id {
    use super::*;

    endpoints! {
        /// Roles of a realm and of its clients, by id.
        RolesById(realm)

        /// Gets one role.
        GET "/admin/realms/{realm}/roles-by-id/{id}"
        fn get(id) -> Json<Role>;

        /// Replaces name and description, and the attributes when they are set.
        PUT "/admin/realms/{realm}/roles-by-id/{id}"
        fn update(id, body: Role);

        /// Deletes a role.
        DELETE "/admin/realms/{realm}/roles-by-id/{id}"
        fn delete(id), cache: "no-cache";

        /// The roles that a composite implies, not those that these imply in turn.
        GET "/admin/realms/{realm}/roles-by-id/{id}/composites"
        fn composites(id, query: CompositeQuery) -> Json<Vec<Role>>, pages: composites_all;

        /// Adds roles to a composite; a plain role becomes one.
        POST "/admin/realms/{realm}/roles-by-id/{id}/composites"
        fn add_composites(id, body: Vec<Role>);

        /// Takes roles out of a composite.
        DELETE "/admin/realms/{realm}/roles-by-id/{id}/composites"
        fn remove_composites(id, body: Vec<Role>);

        /// The realm's roles among those that a composite implies.
        GET "/admin/realms/{realm}/roles-by-id/{id}/composites/realm"
        fn realm_composites(id) -> Json<Vec<Role>>;

        /// One client's roles among those that a composite implies.
        GET "/admin/realms/{realm}/roles-by-id/{id}/composites/clients/{of}"
        fn client_composites(id, of) -> Json<Vec<Role>>;

        /// Whether fine-grained permissions are on for the role.
        GET "/admin/realms/{realm}/roles-by-id/{id}/management/permissions"
        fn permissions(id) -> Json<ManagementPermissions>;

        /// Switches fine-grained permissions for the role on or off.
        PUT "/admin/realms/{realm}/roles-by-id/{id}/management/permissions"
        fn set_permissions(id, body: ManagementPermissions) -> Json<ManagementPermissions>, cache: "no-cache";
    }
}
