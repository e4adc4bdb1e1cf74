//! Credentials of users: passwords, one-time codes, passkeys.

use std::collections::BTreeMap;

use crate::{fields::Secret, representation::representations};

representations! {
    /// A credential. A new password is sent as `type`, `value` and `temporary`; a hashed one is imported as `secretData` and
    /// `credentialData`, both JSON in a string; a listing never holds `secretData`.
    pub struct Credential = "CredentialRepresentation" {
        pub id: Option<String>,
        /// `password`, `otp`, `webauthn`, `webauthn-passwordless`, `recovery-authn-codes`, …
        pub r#type: Option<String>,
        pub user_label: Option<String>,
        /// Milliseconds since 1970.
        pub created_date: Option<i64>,
        /// JSON: `value` and `salt` of a hash, or a shared secret.
        pub secret_data: Option<Secret>,
        /// JSON: the hash's algorithm and parameters, or those of the device.
        pub credential_data: Option<String>,
        pub priority: Option<i32>,
        /// A password in clear, on its way in.
        pub value: Option<Secret>,
        /// Whether it must be changed at the next login.
        pub temporary: Option<bool>,
        /// Deprecated, as all below: the parts of hashes as old servers exported them.
        pub device: Option<String>,
        pub hashed_salted_value: Option<Secret>,
        pub salt: Option<Secret>,
        pub hash_iterations: Option<i32>,
        pub counter: Option<i32>,
        pub algorithm: Option<String>,
        pub digits: Option<i32>,
        pub period: Option<i32>,
        pub config: Option<BTreeMap<String, Vec<String>>>,
        pub federation_link: Option<String>,
    }
}
