//! Events of users and administrators, and what is kept of them.

use crate::{endpoint::Json, endpoints, fields::StringMap, representation::representations};

representations! {
    /// Something a user did, or failed to do. `time` is in milliseconds.
    pub struct Event = "EventRepresentation" {
        pub id: Option<String>,
        pub time: Option<i64>,
        pub r#type: Option<String>,
        pub realm_id: Option<String>,
        pub client_id: Option<String>,
        pub user_id: Option<String>,
        pub session_id: Option<String>,
        pub ip_address: Option<String>,
        pub error: Option<String>,
        pub details: Option<StringMap>,
    }

    /// Something an administrator changed. `time` is in milliseconds.
    pub struct AdminEvent = "AdminEventRepresentation" {
        pub id: Option<String>,
        pub time: Option<i64>,
        pub realm_id: Option<String>,
        pub auth_details: Option<AuthDetails>,
        pub operation_type: Option<String>,
        pub resource_type: Option<String>,
        pub resource_path: Option<String>,
        pub representation: Option<String>,
        pub error: Option<String>,
        pub details: Option<StringMap>,
    }

    /// Who caused an admin event: realm, client, user and address.
    pub struct AuthDetails = "AuthDetailsRepresentation" {
        pub realm_id: Option<String>,
        pub client_id: Option<String>,
        pub user_id: Option<String>,
        pub ip_address: Option<String>,
    }

    /// Which events are stored, for how long, and who is told.
    pub struct RealmEventsConfig = "RealmEventsConfigRepresentation" {
        pub events_enabled: Option<bool>,
        pub events_expiration: Option<i64>,
        pub events_listeners: Option<Vec<String>>,
        pub enabled_event_types: Option<Vec<String>>,
        pub admin_events_enabled: Option<bool>,
        pub admin_events_details_enabled: Option<bool>,
    }

    /// Which events to list.
    pub struct EventQuery {
        /// `LOGIN`, `LOGIN_ERROR`, …; any of them.
        #[serde(rename = "type")]
        pub types: Option<Vec<String>>,
        /// The `clientId`.
        pub client: Option<String>,
        /// The user's id.
        pub user: Option<String>,
        pub ip_address: Option<String>,
        /// A date (`2026-01-31`), or milliseconds since 1970; that day is included.
        pub date_from: Option<String>,
        /// A date (`2026-01-31`), or milliseconds since 1970; that day is included.
        pub date_to: Option<String>,
        /// `desc`, the latest first, by default; or `asc`.
        pub direction: Option<String>,
        pub first: Option<i32>,
        /// 100 by default.
        pub max: Option<i32>,
    }

    /// Which admin events to list.
    pub struct AdminEventQuery {
        /// `CREATE`, `UPDATE`, `DELETE`, `ACTION`; any of them.
        pub operation_types: Option<Vec<String>>,
        /// `USER`, `CLIENT`, …; any of them.
        pub resource_types: Option<Vec<String>>,
        /// A path, with `*` for any text: `users/*`.
        pub resource_path: Option<String>,
        /// The realm of the administrator, by id.
        pub auth_realm: Option<String>,
        /// The client of the administrator, by id.
        pub auth_client: Option<String>,
        /// The administrator, by id.
        pub auth_user: Option<String>,
        pub auth_ip_address: Option<String>,
        /// A date (`2026-01-31`), or milliseconds since 1970; that day is included.
        pub date_from: Option<String>,
        /// A date (`2026-01-31`), or milliseconds since 1970; that day is included.
        pub date_to: Option<String>,
        /// `desc`, the latest first, by default; or `asc`.
        pub direction: Option<String>,
        pub first: Option<i32>,
        /// 100 by default.
        pub max: Option<i32>,
    }
}

endpoints! {
    /// What users of a realm did, as far as it is stored, and what is stored.
    Events(realm)

    /// Lists the events that match the query.
    GET "/admin/realms/{realm}/events"
    fn list(query: EventQuery) -> Json<Vec<Event>>, pages: list_all;

    /// Deletes all events.
    DELETE "/admin/realms/{realm}/events"
    fn clear();

    /// Which events are stored, for how long, and who is told.
    GET "/admin/realms/{realm}/events/config"
    fn config() -> Json<RealmEventsConfig>;

    /// Replaces the fields that are set.
    PUT "/admin/realms/{realm}/events/config"
    fn set_config(body: RealmEventsConfig);
}

/// What administrators changed in a realm, as far as it is stored.
pub mod admin {
    use super::*;

    endpoints! {
        /// What administrators changed in a realm, as far as it is stored.
        AdminEvents(realm)

        /// Lists the admin events that match the query.
        GET "/admin/realms/{realm}/admin-events"
        fn list(query: AdminEventQuery) -> Json<Vec<AdminEvent>>, pages: list_all;

        /// Deletes all admin events.
        DELETE "/admin/realms/{realm}/admin-events"
        fn clear();
    }
}
