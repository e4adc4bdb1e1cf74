//! Initial access tokens for dynamic client registration.

use crate::{fields::Secret, representation::representations};

representations! {
    /// What an initial access token shall be good for.
    pub struct ClientInitialAccessCreate = "ClientInitialAccessCreatePresentation" {
        /// Seconds; 0 never expires.
        pub expiration: Option<i32>,
        /// How many clients it may register; 1 by default.
        pub count: Option<i32>,
        pub web_origins: Option<Vec<String>>,
    }

    /// An initial access token. `token` is there only in the answer that creates it.
    pub struct ClientInitialAccess = "ClientInitialAccessPresentation" {
        pub id: Option<String>,
        pub token: Option<Secret>,
        pub timestamp: Option<i32>,
        pub expiration: Option<i32>,
        pub count: Option<i32>,
        pub remaining_count: Option<i32>,
        pub web_origins: Option<Vec<String>>,
    }
}
