//! Who may use the Admin API: an administrator's roles, read anew for each request, and the realm asked about.

use crate::{
    Result,
    cx::Cx,
    error,
    oidc::{cors, cors::Exposed},
    realm_view::RealmView,
    token::{
        bearer::{self, Bearer},
        signed,
    },
};
use cloakroom_store::{roles, roles::Granted};
use std::{collections::HashSet, sync::Arc};

/// The realm whose administrators may work in all others.
pub const MASTER: &str = "master";

/// The role of master that contains all roles of all realms.
pub const ADMIN: &str = "admin";

/// The client whose roles administrate its own realm.
pub const REALM_MANAGEMENT: &str = "realm-management";

/// The roles of `realm-management`, and in master of each `NAME-realm` client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AdminRole {
    CreateClient,
    Impersonation,
    ManageAuthorization,
    ManageClients,
    ManageEvents,
    ManageIdentityProviders,
    ManageOrganizations,
    ManageRealm,
    ManageUsers,
    QueryClients,
    QueryGroups,
    QueryOrganizations,
    QueryRealms,
    QueryUsers,
    ViewAuthorization,
    ViewClients,
    ViewEvents,
    ViewIdentityProviders,
    ViewOrganizations,
    ViewRealm,
    ViewUsers,
}

impl AdminRole {
    /// All of them.
    pub const ALL: [AdminRole; 21] = [
        Self::CreateClient,
        Self::Impersonation,
        Self::ManageAuthorization,
        Self::ManageClients,
        Self::ManageEvents,
        Self::ManageIdentityProviders,
        Self::ManageOrganizations,
        Self::ManageRealm,
        Self::ManageUsers,
        Self::QueryClients,
        Self::QueryGroups,
        Self::QueryOrganizations,
        Self::QueryRealms,
        Self::QueryUsers,
        Self::ViewAuthorization,
        Self::ViewClients,
        Self::ViewEvents,
        Self::ViewIdentityProviders,
        Self::ViewOrganizations,
        Self::ViewRealm,
        Self::ViewUsers,
    ];

    /// The role's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::CreateClient => "create-client",
            Self::Impersonation => "impersonation",
            Self::ManageAuthorization => "manage-authorization",
            Self::ManageClients => "manage-clients",
            Self::ManageEvents => "manage-events",
            Self::ManageIdentityProviders => "manage-identity-providers",
            Self::ManageOrganizations => "manage-organizations",
            Self::ManageRealm => "manage-realm",
            Self::ManageUsers => "manage-users",
            Self::QueryClients => "query-clients",
            Self::QueryGroups => "query-groups",
            Self::QueryOrganizations => "query-organizations",
            Self::QueryRealms => "query-realms",
            Self::QueryUsers => "query-users",
            Self::ViewAuthorization => "view-authorization",
            Self::ViewClients => "view-clients",
            Self::ViewEvents => "view-events",
            Self::ViewIdentityProviders => "view-identity-providers",
            Self::ViewOrganizations => "view-organizations",
            Self::ViewRealm => "view-realm",
            Self::ViewUsers => "view-users",
        }
    }

    /// The role of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.name() == name)
    }
}

/// An administrator, with what they may do in one realm.
#[derive(Debug, Clone)]
pub struct Admin {
    /// The realm asked about.
    pub realm: Arc<RealmView>,
    /// The administrator's own realm.
    pub home: Arc<RealmView>,
    /// The administrator's id, in their own realm.
    pub user: String,
    /// The `clientId` of the client that the token was issued to.
    pub client: String,
    roles: HashSet<AdminRole>,
}

impl Admin {
    /// Whether the administrator has this role for the realm.
    pub fn has(&self, role: AdminRole) -> bool {
        self.roles.contains(&role)
    }

    /// Whether the administrator has one of these roles.
    pub fn has_any(&self, roles: &[AdminRole]) -> bool {
        roles.iter().any(|r| self.has(*r))
    }

    /// 403 unless the administrator has one of these roles.
    pub fn require(&self, roles: &[AdminRole]) -> Result<()> {
        if self.has_any(roles) { Ok(()) } else { Err(error::forbidden()) }
    }

    /// 403 for somebody who has no role for the realm at all.
    pub fn require_some(&self) -> Result<()> {
        if self.roles.is_empty() { Err(error::forbidden()) } else { Ok(()) }
    }
}

/// The realm that issued the caller's token, and the token; 401 where there is none that holds, 403 for a page of another
/// origin than the token's client allows.
pub fn authenticate(cx: &mut Cx) -> Result<(Arc<RealmView>, Bearer)> {
    let token = cx.bearer().ok_or_else(error::unauthorized)?.to_owned();
    let issuer = signed::claimed_issuer(cx, &token);
    let name =
        issuer.as_deref().and_then(|iss| iss.strip_prefix(&cx.base)?.strip_prefix("/realms/").map(str::to_owned));
    let name = name.ok_or_else(error::unauthorized)?;
    let name = percent_encoding::percent_decode_str(&name).decode_utf8().map_err(|_| error::unauthorized())?;
    let realm = cx.find_realm(&name)?.ok_or_else(error::unauthorized)?;
    let bearer = bearer::check(cx, &realm, &token)?.ok_or_else(error::unauthorized)?;
    cors::check(cx, &realm, &bearer.client, Exposed::Location)?;
    Ok((realm, bearer))
}

/// 403 for who may not make realms: that takes a role of master.
pub fn require_creator(cx: &mut Cx, home: &RealmView, bearer: &Bearer) -> Result<()> {
    let mut has = |role| -> Result<bool> { Ok(roles::has_realm_role(cx.read()?, &home.id, &bearer.user.id, role)?) };
    if home.name == MASTER && (has(ADMIN)? || has("create-realm")?) { Ok(()) } else { Err(error::forbidden()) }
}

/// The roles that a bearer has for a realm, read from the database: what changed since the token was issued counts at once.
pub fn roles_for(cx: &mut Cx, home: &RealmView, bearer: &Bearer, realm: &RealmView) -> Result<HashSet<AdminRole>> {
    if home.id != realm.id && home.name != MASTER {
        return Ok(HashSet::new());
    }
    // master's `admin` contains every realm's roles; that is known here, not stored per realm
    if home.name == MASTER && roles::has_realm_role(cx.read()?, &home.id, &bearer.user.id, ADMIN)? {
        return Ok(AdminRole::ALL.into_iter().collect());
    }
    let granted = roles::of_user(cx.read()?, &bearer.user.id)?;
    Ok(roles_among(&granted, home, &realm.id, &realm.name))
}

/// Of all roles that an administrator of `home` has, those for one realm.
pub fn roles_among(granted: &[Granted], home: &RealmView, realm: &str, name: &str) -> HashSet<AdminRole> {
    let client = match (home.id == realm, home.name == MASTER) {
        (true, false) => REALM_MANAGEMENT.to_owned(),
        (_, true) => format!("{name}-realm"),
        (false, false) => return HashSet::new(),
    };
    if home.name == MASTER && granted.iter().any(|r| r.client.is_none() && r.name == ADMIN) {
        return AdminRole::ALL.into_iter().collect();
    }
    let of_client = granted.iter().filter(|r| r.client.as_deref() == Some(&client));
    of_client.filter_map(|r| AdminRole::named(&r.name)).collect()
}

/// Authenticates the caller and enters the realm: 401, then 404. What the caller may do there, the handler asks.
pub fn enter(cx: &mut Cx, realm: &str) -> Result<()> {
    let (home, bearer) = authenticate(cx)?;
    let realm = cx.find_realm(realm)?.ok_or_else(|| error::not_found("Realm not found."))?;
    let roles = roles_for(cx, &home, &bearer, &realm)?;
    let (user, client) = (bearer.user.id, bearer.client.client_id.clone());
    cx.set_admin(Admin { realm, home, user, client, roles });
    Ok(())
}
