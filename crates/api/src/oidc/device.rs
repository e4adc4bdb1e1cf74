//! Device authorization: a login on another device (RFC 8628).

use crate::{
    endpoint::{Form, Json},
    endpoints,
    fields::Secret,
    representation::representations,
};

representations! {
    in snake_case;

    /// What the device shows its user, and asks for tokens with.
    pub struct DeviceAuthorization {
        pub device_code: Option<Secret>,
        /// What the user types.
        pub user_code: Option<String>,
        /// Where the user types it.
        pub verification_uri: Option<String>,
        /// The same with the code in it, for a QR code say.
        pub verification_uri_complete: Option<String>,
        /// Seconds that the codes are good for.
        pub expires_in: Option<i64>,
        /// Seconds between two questions whether the user has agreed; 5 where it is absent.
        pub interval: Option<i64>,
    }
}

endpoints! {
    /// The device authorization endpoint of a realm.
    Device(realm)

    /// Begins a login on another device, with the `scope` to ask for. Clients authenticate.
    POST "/realms/{realm}/protocol/openid-connect/auth/device"
    fn request(form: Form) -> Json<DeviceAuthorization>, cache: "no-store, must-revalidate, max-age=0";
}
