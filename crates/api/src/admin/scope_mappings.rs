//! Scope mappings: the roles that a client or a client scope may put into tokens.

use crate::{
    admin::{
        query::Brief,
        role_mappings::{Mappings, role_rows},
        roles::Role,
    },
    endpoint::Json,
    endpoints,
};

macro_rules! scope_mappings {
    ($Group:ident, $Realm:ident, $Client:ident of $owner:ident at $prefix:literal) => {
        endpoints! {
            /// All scope mappings.
            $Group(realm, $owner)

            /// All roles that are mapped directly.
            GET ($prefix "/scope-mappings")
            fn list() -> Json<Mappings>;
        }

        /// Mapped roles of the realm.
        pub mod realm {
            use super::*;
            role_rows! {
                /// Mapped roles of the realm.
                $Realm(realm, $owner) at $prefix, "/scope-mappings/realm"
            }
        }

        /// Mapped roles of one client, whose id is `of`.
        pub mod client {
            use super::*;
            role_rows! {
                /// Mapped roles of one client.
                $Client(realm, $owner, of) at $prefix, "/scope-mappings/clients/{of}"
            }
        }
    };
}

/// The scope mappings of a client.
pub mod of_client {
    use super::*;
    scope_mappings!(ClientScopeMappings, ClientRealmRoles, ClientClientRoles of client at "/admin/realms/{realm}/clients/{client}");
}

/// The scope mappings of a client scope.
pub mod of_client_scope {
    use super::*;
    scope_mappings!(ScopeScopeMappings, ScopeRealmRoles, ScopeClientRoles of scope at "/admin/realms/{realm}/client-scopes/{scope}");
}

/// The scope mappings of a client scope, on the path it had as a client template.
pub mod of_client_template {
    use super::*;
    scope_mappings!(TemplateScopeMappings, TemplateRealmRoles, TemplateClientRoles of scope at "/admin/realms/{realm}/client-templates/{scope}");
}
