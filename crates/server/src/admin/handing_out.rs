//! Which roles an administrator may hand out: nobody gives others more than they have themselves.
//!
//! Roles of the administration are given to others by those who have them, also when they are inside other roles or
//! come with a group. All other roles say nothing about administrators, so whoever may map roles may map them.

use super::access::{
    ADMIN, Admin,
    AdminRole::{self, *},
    MASTER, REALM_MANAGEMENT,
};
use crate::{Result, cx::Cx, error};
use cloakroom_store::{roles, roles::Granted};
use std::collections::HashSet;

/// The realm roles of master that make administrators.
pub(super) const MASTER_ROLES: [&str; 2] = [ADMIN, "create-realm"];

/// What an administrator may hand out in a realm.
pub(super) struct HandingOut {
    admin: Admin,
    /// Everything.
    all: bool,
    /// In master: ids of the administrator's own roles.
    own: HashSet<String>,
}

/// The `clientId` of the client whose roles administrate the realm.
pub(super) fn management_client(realm: &str) -> &str {
    if realm == MASTER { "master-realm" } else { REALM_MANAGEMENT }
}

/// Whether this client's roles administrate a realm: that one itself or, in master, another.
pub(super) fn administrates(realm: &str, client_id: &str) -> bool {
    if realm == MASTER { client_id.ends_with("-realm") } else { client_id == REALM_MANAGEMENT }
}

impl HandingOut {
    /// Of this administrator.
    pub(super) fn of(cx: &mut Cx, admin: &Admin) -> Result<Self> {
        let every = AdminRole::ALL.iter().all(|r| admin.has(*r));
        if admin.realm.name != MASTER {
            return Ok(HandingOut { admin: admin.clone(), all: every, own: HashSet::new() });
        }
        // master's roles administrate other realms too, so what counts there is which of them the administrator has
        let own = roles::of_user(cx.read()?, &admin.user)?;
        let all = own.iter().any(|r| r.client.is_none() && r.name == ADMIN);
        Ok(HandingOut { admin: admin.clone(), all, own: own.into_iter().map(|r| r.id).collect() })
    }

    fn allows(&self, role: &Granted) -> bool {
        if self.all || self.own.contains(&role.id) {
            return true;
        }
        let realm = &self.admin.realm.name;
        match role.client.as_deref() {
            Some(client) if client == management_client(realm) => self.allows_managing(&role.name),
            Some(client) => !administrates(realm, client),
            None => !(realm == MASTER && MASTER_ROLES.contains(&role.name.as_str())),
        }
    }

    /// Whether the administrator has the powers of this role of the realm's administration.
    fn allows_managing(&self, name: &str) -> bool {
        let has = |roles: &[AdminRole]| self.admin.has_any(roles);
        match AdminRole::named(name) {
            None => name != "realm-admin" || AdminRole::ALL.iter().all(|r| self.admin.has(*r)),
            Some(QueryClients | QueryGroups | QueryOrganizations | QueryRealms | QueryUsers) => true,
            Some(CreateClient | ManageClients) => has(&[ManageClients]),
            Some(ManageAuthorization) => has(&[ManageAuthorization, ManageClients]),
            Some(ManageOrganizations) => has(&[ManageOrganizations, ManageRealm]),
            Some(ViewAuthorization) => has(&[ViewAuthorization, ManageAuthorization]),
            Some(ViewClients) => has(&[ViewClients, ManageClients]),
            Some(ViewEvents) => has(&[ViewEvents, ManageEvents]),
            Some(ViewIdentityProviders) => has(&[ViewIdentityProviders, ManageIdentityProviders]),
            Some(ViewOrganizations) => has(&[ViewOrganizations, ManageOrganizations, ManageRealm]),
            Some(ViewRealm) => has(&[ViewRealm, ManageRealm]),
            Some(ViewUsers) => has(&[ViewUsers, ManageUsers]),
            Some(role @ (Impersonation | ManageEvents | ManageIdentityProviders | ManageRealm | ManageUsers)) => {
                has(&[role])
            }
        }
    }

    /// 403 unless all these roles, with all that they contain, may be handed out.
    pub(super) fn require(&self, cx: &mut Cx, ids: &[String]) -> Result<()> {
        if self.all {
            return Ok(());
        }
        self.require_all(&roles::expanded(cx.read()?, ids)?)
    }

    /// 403 unless all these roles may be handed out; what they contain is among them.
    pub(super) fn require_all(&self, granted: &[Granted]) -> Result<()> {
        if granted.iter().all(|r| self.allows(r)) { Ok(()) } else { Err(error::forbidden()) }
    }

    /// The ids of the realm's roles that may not be handed out: roles of the administration, and what contains them.
    pub(super) fn withheld(&self, cx: &mut Cx) -> Result<HashSet<String>> {
        if self.all {
            return Ok(HashSet::new());
        }
        let realm = self.admin.realm.clone();
        let db = cx.read()?;
        let mut administrating;
        if realm.name == MASTER {
            administrating = roles::of_clients_like(db, &realm.id, "%-realm")?;
            let of_realm = roles::by_names(db, &realm.id, None, &MASTER_ROLES.map(str::to_owned))?;
            administrating.extend(of_realm.into_iter().map(|r| Granted { id: r.id, name: r.name, client: None }));
        } else {
            administrating = roles::of_clients_like(db, &realm.id, REALM_MANAGEMENT)?;
        }
        let withheld: Vec<String> = administrating.into_iter().filter(|r| !self.allows(r)).map(|r| r.id).collect();
        Ok(roles::containing(db, &withheld)?)
    }
}
