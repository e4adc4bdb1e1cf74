//! Credentials of users: passwords, one-time codes, passkeys.

use std::collections::BTreeMap;

use crate::{endpoint::Json, endpoints, fields::Secret, representation::representations};

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

endpoints! {
    /// The credentials of a user.
    Credentials(realm, user)

    /// Lists the credentials, in the order in which they are offered. No secrets.
    GET "/admin/realms/{realm}/users/{user}/credentials"
    fn list() -> Json<Vec<Credential>>;

    /// Deletes a credential.
    DELETE "/admin/realms/{realm}/users/{user}/credentials/{id}"
    fn delete(id), cache: "no-cache";

    /// Names a credential, for the user to tell it from others.
    PUT "/admin/realms/{realm}/users/{user}/credentials/{id}/userLabel"
    fn set_label(id, text: String);

    /// Moves a credential to the first place.
    POST "/admin/realms/{realm}/users/{user}/credentials/{id}/moveToFirst"
    fn move_to_first(id);

    /// Moves a credential behind another one.
    POST "/admin/realms/{realm}/users/{user}/credentials/{id}/moveAfter/{previous}"
    fn move_after(id, previous);

    /// Sets a user's password: `value`, and `temporary` when it must be changed at the next login.
    PUT "/admin/realms/{realm}/users/{user}/reset-password"
    fn reset_password(body: Credential);

    /// Disables credentials of some types, where the user's storage can.
    PUT "/admin/realms/{realm}/users/{user}/disable-credential-types"
    fn disable_types(body: Vec<String>);

    /// The credential types that the user's storage holds.
    GET "/admin/realms/{realm}/users/{user}/configured-user-storage-credential-types"
    fn storage_types() -> Json<Vec<String>>;
}
