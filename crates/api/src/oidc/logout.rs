//! Logout without a browser. With one it is a page, `GET …/logout` (OpenID Connect RP-Initiated Logout 1.0).

use crate::{endpoint::Form, endpoints};

endpoints! {
    /// The logout endpoint of a realm.
    Logout(realm)

    /// Ends the session of `refresh_token`. Clients authenticate.
    POST "/realms/{realm}/protocol/openid-connect/logout"
    fn request(form: Form), cache: "no-cache";
}
