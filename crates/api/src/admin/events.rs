//! Events of users and administrators, and what is kept of them.

use crate::{fields::StringMap, representation::representations};

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
}
