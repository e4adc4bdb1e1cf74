//! Which roles a user or a group has, and which a client or client scope may put into tokens.

use std::collections::BTreeMap;

use crate::{
    admin::{query::Brief, roles::Role},
    endpoint::Json,
    endpoints,
    representation::representations,
};

representations! {
    /// The roles that something is mapped to directly.
    pub struct Mappings = "MappingsRepresentation" {
        pub realm_mappings: Option<Vec<Role>>,
        pub client_mappings: Option<BTreeMap<String, ClientMappings>>,
    }

    /// The mapped roles of one client.
    pub struct ClientMappings = "ClientMappingsRepresentation" {
        pub id: Option<String>,
        pub client: Option<String>,
        pub mappings: Option<Vec<Role>>,
    }

    /// Roles that a client or a client scope may put into tokens, in import and export.
    pub struct ScopeMapping = "ScopeMappingRepresentation" {
        #[serde(rename = "self")]
        pub self_link: Option<String>,
        pub client: Option<String>,
        pub client_template: Option<String>,
        pub client_scope: Option<String>,
        pub roles: Option<Vec<String>>,
    }
}

/// The rows that map roles of one container (the realm, or a client) to something.
macro_rules! role_rows {
    ($(#[doc = $doc:literal])* $Group:ident ($($param:ident),*) at $($path:literal),+) => {
        endpoints! {
            $(#[doc = $doc])*
            $Group($($param),*)

            /// The roles that are mapped directly.
            GET ($($path)+)
            fn list() -> Json<Vec<Role>>;

            /// Maps roles, each named by its id and its name.
            POST ($($path)+)
            fn add(body: Vec<Role>);

            /// Unmaps roles; without a body all of them.
            DELETE ($($path)+)
            fn remove(optional: Option<Vec<Role>>);

            /// The roles that could be mapped still.
            GET ($($path)+ "/available")
            fn available() -> Json<Vec<Role>>;

            /// The roles that are mapped directly or by way of composites and ancestors.
            GET ($($path)+ "/composite")
            fn effective(query: Brief) -> Json<Vec<Role>>;
        }
    };
}
pub(crate) use role_rows;

/// The rows of all role mappings of something: users, groups.
macro_rules! role_mappings {
    ($Group:ident, $Realm:ident, $Client:ident of $owner:ident at $prefix:literal) => {
        endpoints! {
            /// All role mappings.
            $Group(realm, $owner)

            /// All roles that are mapped directly.
            GET ($prefix "/role-mappings")
            fn list() -> Json<Mappings>;
        }

        /// Mapped roles of the realm.
        pub mod realm {
            use super::*;
            role_rows! {
                /// Mapped roles of the realm.
                $Realm(realm, $owner) at $prefix, "/role-mappings/realm"
            }
        }

        /// Mapped roles of one client.
        pub mod client {
            use super::*;
            role_rows! {
                /// Mapped roles of one client.
                $Client(realm, $owner, client) at $prefix, "/role-mappings/clients/{client}"
            }
        }
    };
}

/// The role mappings of a user.
pub mod of_user {
    use super::*;
    role_mappings!(UserRoleMappings, UserRealmRoles, UserClientRoles of user at "/admin/realms/{realm}/users/{user}");
}

/// The role mappings of a group.
pub mod of_group {
    use super::*;
    role_mappings!(GroupRoleMappings, GroupRealmRoles, GroupClientRoles of group at "/admin/realms/{realm}/groups/{group}");
}
