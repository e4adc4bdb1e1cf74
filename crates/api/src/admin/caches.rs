//! What a server keeps in memory.

use crate::endpoints;

endpoints! {
    /// What a server keeps in memory; all of a kind is dropped, of other realms too.
    Caches(realm)

    /// Forgets realms, clients, roles and groups.
    POST "/admin/realms/{realm}/clear-realm-cache"
    fn clear_realms();

    /// Forgets users.
    POST "/admin/realms/{realm}/clear-user-cache"
    fn clear_users();

    /// Forgets the public keys of clients and identity providers.
    POST "/admin/realms/{realm}/clear-keys-cache"
    fn clear_keys();

    /// Forgets lists of revoked certificates.
    POST "/admin/realms/{realm}/clear-crl-cache"
    fn clear_crls();
}
