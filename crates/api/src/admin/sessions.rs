//! Sessions of users.

use crate::{fields::StringMap, representation::representations};

representations! {
    /// A user's session. Times are in milliseconds.
    pub struct UserSession = "UserSessionRepresentation" {
        pub id: Option<String>,
        pub username: Option<String>,
        pub user_id: Option<String>,
        pub ip_address: Option<String>,
        pub start: Option<i64>,
        pub last_access: Option<i64>,
        pub remember_me: Option<bool>,
        /// `clientId` by the client's id.
        pub clients: Option<StringMap>,
        pub transient_user: Option<bool>,
    }

    /// How many sessions a client has; the numbers are texts.
    pub struct ClientSessionStats {
        pub id: Option<String>,
        pub client_id: Option<String>,
        pub active: Option<String>,
        pub offline: Option<String>,
    }

    /// Which kind of session an id names.
    pub struct SessionKind {
        /// False by default: an offline session is left alive.
        pub is_offline: Option<bool>,
    }
}
