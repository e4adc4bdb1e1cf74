//! Backchannel authentication: a login that the user agrees to elsewhere, without a browser of the client (OpenID Connect
//! CIBA Core 1.0).

use crate::{
    endpoint::{Form, Json},
    endpoints,
    fields::Secret,
    representation::representations,
};

representations! {
    in snake_case;

    /// What the client asks for tokens with.
    pub struct BackchannelAuthentication {
        pub auth_req_id: Option<Secret>,
        /// Seconds that it is good for.
        pub expires_in: Option<i64>,
        /// Seconds between two questions whether the user has agreed; 5 where it is absent.
        pub interval: Option<i64>,
    }
}

endpoints! {
    /// The backchannel authentication endpoint of a realm.
    Ciba(realm)

    /// Asks the user of `login_hint` to agree. Clients authenticate.
    POST "/realms/{realm}/protocol/openid-connect/ext/ciba/auth"
    fn request(form: Form) -> Json<BackchannelAuthentication>, cache: "no-store";
}
