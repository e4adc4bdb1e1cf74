//! Client scopes: protocol mappers and role scopes that clients share.

use crate::{
    admin::mappers::ProtocolMapper,
    endpoint::{Created, Json},
    endpoints,
    fields::StringMap,
    representation::representations,
};

representations! {
    /// A client scope. Fields that Keycloak does not know are ignored here, not refused.
    pub struct ClientScope = "ClientScopeRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub description: Option<String>,
        pub protocol: Option<String>,
        pub attributes: Option<StringMap>,
        pub protocol_mappers: Option<Vec<ProtocolMapper>>,
    }
}

macro_rules! client_scopes {
    ($(#[doc = $doc:literal])* $Group:ident at $path:literal) => {
        endpoints! {
            $(#[doc = $doc])*
            $Group(realm)

            /// Creates a client scope.
            POST ($path)
            fn create(body: ClientScope) -> Created, cache: "no-cache";

            /// Lists the client scopes.
            GET ($path)
            fn list() -> Json<Vec<ClientScope>>;

            /// Gets one client scope.
            GET ($path "/{id}")
            fn get(id) -> Json<ClientScope>;

            /// Replaces the fields that are set.
            PUT ($path "/{id}")
            fn update(id, body: ClientScope);

            /// Deletes a client scope that no client uses.
            DELETE ($path "/{id}")
            fn delete(id), cache: "no-cache";
        }
    };
}

client_scopes! {
    /// The client scopes of a realm.
    ClientScopes at "/admin/realms/{realm}/client-scopes"
}

/// Client scopes on the path they had as client templates.
pub mod templates {
    use super::*;
    client_scopes! {
        /// The client scopes of a realm, by their old path.
        ClientTemplates at "/admin/realms/{realm}/client-templates"
    }
}

macro_rules! assigned {
    ($(#[doc = $doc:literal])* $Group:ident ($($param:ident),*) at $path:literal) => {
        endpoints! {
            $(#[doc = $doc])*
            $Group($($param),*)

            /// Lists them: ids, names and protocols.
            GET ($path)
            fn list() -> Json<Vec<ClientScope>>;

            /// Adds a client scope.
            PUT ($path "/{scope}")
            fn add(scope), cache: "no-cache";

            /// Takes a client scope away, from whichever of the two lists holds it.
            DELETE ($path "/{scope}")
            fn remove(scope), cache: "no-cache";
        }
    };
}

/// The client scopes that every token of a client carries.
pub mod default_of_client {
    use super::*;
    assigned! {
        /// The client scopes that every token of a client carries.
        ClientDefaultScopes(realm, client) at "/admin/realms/{realm}/clients/{client}/default-client-scopes"
    }
}

/// The client scopes that a client may ask for.
pub mod optional_of_client {
    use super::*;
    assigned! {
        /// The client scopes that a client may ask for.
        ClientOptionalScopes(realm, client) at "/admin/realms/{realm}/clients/{client}/optional-client-scopes"
    }
}

/// The default client scopes that new clients get.
pub mod default_of_realm {
    use super::*;
    assigned! {
        /// The default client scopes that new clients get.
        RealmDefaultScopes(realm) at "/admin/realms/{realm}/default-default-client-scopes"
    }
}

/// The optional client scopes that new clients get.
pub mod optional_of_realm {
    use super::*;
    assigned! {
        /// The optional client scopes that new clients get.
        RealmOptionalScopes(realm) at "/admin/realms/{realm}/default-optional-client-scopes"
    }
}
