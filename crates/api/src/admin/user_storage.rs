//! User storage: users who are kept elsewhere, in a directory. A storage is a component; here is what can be done with one.

use crate::{endpoint::Json, endpoints, fields::Secret, representation::representations};

representations! {
    /// How users are brought over.
    pub struct SyncQuery {
        /// `triggerFullSync` or `triggerChangedUsersSync`.
        pub action: Option<String>,
    }

    /// Which way a mapper brings its things over.
    pub struct MapperSyncQuery {
        /// `fedToKeycloak` or `keycloakToFed`.
        pub direction: Option<String>,
    }

    /// What became of users, groups or roles that were brought over.
    pub struct SyncResult = "SynchronizationResult" {
        pub ignored: Option<bool>,
        pub added: Option<i32>,
        pub updated: Option<i32>,
        pub removed: Option<i32>,
        pub failed: Option<i32>,
        /// The same, for a person.
        pub status: Option<String>,
    }

    /// A storage's id and name.
    pub struct StorageName {
        pub id: Option<String>,
        pub name: Option<String>,
    }

    /// A directory that is tried before it is stored.
    pub struct LdapTest = "TestLdapConnectionRepresentation" {
        /// `testConnection`, `testAuthentication` or `queryServerCapabilities`.
        pub action: Option<String>,
        /// `ldap://host:389`, several divided by spaces.
        pub connection_url: Option<String>,
        pub bind_dn: Option<String>,
        /// Ten stars stand for the stored one of `componentId`.
        pub bind_credential: Option<Secret>,
        /// `always`, `ldapsOnly` or `never`.
        pub use_truststore_spi: Option<String>,
        /// Milliseconds.
        pub connection_timeout: Option<String>,
        /// The storage whose password is taken.
        pub component_id: Option<String>,
        pub start_tls: Option<String>,
        /// `none` or `simple`.
        pub auth_type: Option<String>,
    }

    /// Something that a directory can do.
    pub struct LdapCapability = "LDAPCapabilityRepresentation" {
        pub oid: Option<String>,
        /// `CONTROL`, `EXTENSION` or `FEATURE`.
        pub r#type: Option<String>,
    }
}

endpoints! {
    /// The user storages of a realm, by the ids of their components.
    UserStorage(realm)

    /// A storage's name.
    GET "/admin/realms/{realm}/user-storage/{id}/name"
    fn name(id) -> Json<StorageName>;

    /// Brings users over.
    POST "/admin/realms/{realm}/user-storage/{id}/sync"
    fn sync(id, query: SyncQuery) -> Json<SyncResult>, cache: "no-cache";

    /// Deletes the users that came from a storage; there they stay.
    POST "/admin/realms/{realm}/user-storage/{id}/remove-imported-users"
    fn remove_imported(id), cache: "no-cache";

    /// Keeps the users that came from a storage as users of the realm.
    POST "/admin/realms/{realm}/user-storage/{id}/unlink-users"
    fn unlink(id), cache: "no-cache";

    /// Brings over what a mapper of a storage maps: groups, roles.
    POST "/admin/realms/{realm}/user-storage/{id}/mappers/{mapper}/sync"
    fn sync_mapper(id, mapper, query: MapperSyncQuery) -> Json<SyncResult>, cache: "no-cache";

    /// Tries to reach a directory, or to log in there; 400 names what went wrong.
    POST "/admin/realms/{realm}/testLDAPConnection"
    fn test_ldap(body: LdapTest);

    /// What a directory can do.
    POST "/admin/realms/{realm}/ldap-server-capabilities"
    fn ldap_capabilities(body: LdapTest) -> Json<Vec<LdapCapability>>;
}
