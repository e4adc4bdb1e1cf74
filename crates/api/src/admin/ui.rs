//! Reads that Keycloak's admin console is made of, for lists that would else take a call an entry. They are no part of the
//! documented API, and newer versions may change them.

use crate::{
    admin::{attack_detection::BruteForceStatus, users::User},
    endpoint::Json,
    endpoints,
    fields::StringMap,
    representation::representations,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

representations! {
    /// A session of the realm. Times are in milliseconds.
    pub struct RealmSession {
        pub id: Option<String>,
        pub username: Option<String>,
        pub user_id: Option<String>,
        pub ip_address: Option<String>,
        pub start: Option<i64>,
        pub last_access: Option<i64>,
        /// `REGULAR` or `OFFLINE`.
        pub r#type: Option<String>,
        /// `clientId` by the client's id.
        pub clients: Option<StringMap>,
        pub transient_user: Option<bool>,
    }

    /// Which sessions to list.
    pub struct SessionQuery {
        /// `ALL`, `REGULAR` or `OFFLINE`.
        pub r#type: Option<String>,
        /// Part of username, address, or the session's id.
        pub search: Option<String>,
        pub first: Option<i32>,
        pub max: Option<i32>,
    }

    /// Which sessions of a client to list.
    pub struct ClientSessionQuery {
        /// The client's id.
        pub client_id: Option<String>,
        /// `ALL`, `REGULAR` or `OFFLINE`.
        pub r#type: Option<String>,
        /// Part of username, address, or the session's id.
        pub search: Option<String>,
        pub first: Option<i32>,
        pub max: Option<i32>,
    }

    /// Which users to list with their failed logins.
    pub struct BruteForceQuery {
        pub search: Option<String>,
        pub username: Option<String>,
        pub email: Option<String>,
        pub first_name: Option<String>,
        pub last_name: Option<String>,
        pub exact: Option<bool>,
        pub email_verified: Option<bool>,
        pub enabled: Option<bool>,
        pub idp_alias: Option<String>,
        pub idp_user_id: Option<String>,
        /// Attributes: `name:value other:"two words"`.
        pub q: Option<String>,
        pub first: Option<i32>,
        pub max: Option<i32>,
        pub brief_representation: Option<bool>,
    }

    /// A flow, and what it is used by.
    pub struct FlowUse {
        pub id: Option<String>,
        pub alias: Option<String>,
        pub description: Option<String>,
        pub built_in: Option<bool>,
        pub used_by: Option<UsedBy>,
    }

    /// What a flow is used by.
    pub struct UsedBy {
        /// `DEFAULT`, `SPECIFIC_CLIENTS` or `SPECIFIC_PROVIDERS`.
        pub r#type: Option<String>,
        /// The realm's bindings, or names of clients or identity providers.
        pub values: Option<Vec<String>>,
    }

    /// A role of a client.
    pub struct ClientRoleName {
        pub id: Option<String>,
        /// The role's name.
        pub role: Option<String>,
        /// The `clientId`.
        pub client: Option<String>,
        /// The client's id.
        pub client_id: Option<String>,
        pub description: Option<String>,
    }

    /// Which roles to list.
    pub struct RoleSearch {
        /// Part of the role's name or of the `clientId`.
        pub search: Option<String>,
        pub first: Option<i32>,
        /// 10 by default.
        pub max: Option<i32>,
    }

    /// Which page, and of what.
    pub struct SearchPage {
        pub search: Option<String>,
        pub first: Option<i32>,
        pub max: Option<i32>,
    }

    /// A listener that events can be sent to.
    pub struct EventListener {
        pub id: Option<String>,
    }

    /// A realm's name.
    pub struct RealmName {
        pub name: Option<String>,
        pub display_name: Option<String>,
    }

    /// Whose console it is.
    pub struct Whoami {
        pub user_id: Option<String>,
        /// The realm that the token is of.
        pub realm: Option<String>,
        pub display_name: Option<String>,
        pub locale: Option<String>,
        /// Whether the account is one that was made to begin with, and should be replaced.
        pub temporary: Option<bool>,
        /// Whether realms may be made.
        pub create_realm: Option<bool>,
        /// Roles of administration, by realm.
        #[serde(rename = "realm_access")]
        pub realm_access: Option<BTreeMap<String, Vec<String>>>,
    }

    /// Which realm the console shows.
    pub struct WhoamiQuery {
        /// The realm whose roles are wanted where the token is one of `master`.
        pub current_realm: Option<String>,
    }

    /// What the console shows or hides.
    pub struct UiInfo {
        pub user_profile_providers_enabled: Option<bool>,
    }
}

/// A user, and what is counted of the user's failed logins.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BruteForceUser {
    #[serde(flatten)]
    pub user: User,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brute_force_status: Option<BruteForceStatus>,
}

endpoints! {
    /// Reads that Keycloak's admin console is made of.
    Ui(realm)

    /// All sessions of the realm.
    GET "/admin/realms/{realm}/ui-ext/sessions"
    fn sessions(query: SessionQuery) -> Json<Vec<RealmSession>>, cache: "", pages: sessions_all;

    /// All sessions with one client.
    GET "/admin/realms/{realm}/ui-ext/sessions/client"
    fn client_sessions(query: ClientSessionQuery) -> Json<Vec<RealmSession>>, cache: "", pages: client_sessions_all;

    /// Users with their failed logins.
    GET "/admin/realms/{realm}/ui-ext/brute-force-user"
    fn brute_force_users(query: BruteForceQuery) -> Json<Vec<BruteForceUser>>, cache: "", pages: brute_force_users_all;

    /// The flows, and what each is used by.
    GET "/admin/realms/{realm}/ui-ext/authentication-management/flows"
    fn flows() -> Json<Vec<FlowUse>>, cache: "";

    /// The clients (`kind` is `clients`) or identity providers (`idp`) that use a flow, by id.
    GET "/admin/realms/{realm}/ui-ext/authentication-management/{kind}/{flow}"
    fn flow_users(kind, flow, query: SearchPage) -> Json<Vec<String>>, cache: "", pages: flow_users_all;

    /// The roles of clients that could be given still to one of `users`, `groups`, `clients`, `clientScopes` or `roles`.
    GET "/admin/realms/{realm}/ui-ext/available-roles/{kind}/{id}"
    fn available_roles(kind, id, query: RoleSearch) -> Json<Vec<ClientRoleName>>, cache: "", pages: available_roles_all;

    /// The roles of clients that one of `users`, `groups`, `clients`, `clientScopes` or `roles` has, by way of others too.
    GET "/admin/realms/{realm}/ui-ext/effective-roles/{kind}/{id}"
    fn effective_roles(kind, id) -> Json<Vec<ClientRoleName>>, cache: "";

    /// The listeners that events can be sent to.
    GET "/admin/realms/{realm}/ui-ext/available-event-listeners"
    fn event_listeners() -> Json<Vec<EventListener>>, cache: "";

    /// The names of all realms that the caller may see.
    GET "/admin/realms/{realm}/ui-ext/realms/names"
    fn realm_names(query: SearchPage) -> Json<Vec<RealmName>>, pages: realm_names_all;

    /// Who the caller is, and what of a realm the caller may administer. Only for tokens of the console's own client,
    /// `security-admin-console`.
    GET "/admin/{realm}/console/whoami"
    fn whoami(query: WhoamiQuery) -> Json<Whoami>;

    /// What the console shows or hides.
    GET "/admin/realms/{realm}/ui-ext/info"
    fn info() -> Json<UiInfo>, cache: "";
}
