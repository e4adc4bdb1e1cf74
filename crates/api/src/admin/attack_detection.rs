//! Brute-force detection: how often users got their password wrong.

use crate::{endpoint::Json, endpoints, representation::representations};

representations! {
    /// What is counted of a user's failed logins.
    pub struct BruteForceStatus {
        pub num_failures: Option<i32>,
        pub num_secondary_auth_failures: Option<i32>,
        pub num_temporary_lockouts: Option<i32>,
        /// Whether the user is locked out now.
        pub disabled: Option<bool>,
        /// Milliseconds since 1970; 0 where there was none.
        pub last_failure: Option<i64>,
        /// The address of the last failure, or `n/a`.
        #[serde(rename = "lastIPFailure")]
        pub last_ip_failure: Option<String>,
        /// Seconds since 1970: no login before this time.
        pub failed_login_not_before: Option<i64>,
    }
}

endpoints! {
    /// What is counted of failed logins in a realm.
    AttackDetection(realm)

    /// The status of a user; of an unknown one nothing was counted.
    GET "/admin/realms/{realm}/attack-detection/brute-force/users/{user}"
    fn get(user) -> Json<BruteForceStatus>;

    /// Forgets the failures of a user. One locked permanently stays disabled.
    DELETE "/admin/realms/{realm}/attack-detection/brute-force/users/{user}"
    fn clear(user);

    /// Forgets the failures of all users.
    DELETE "/admin/realms/{realm}/attack-detection/brute-force/users"
    fn clear_all();
}
