//! Pushed authorization requests (RFC 9126).

use crate::{
    endpoint::{CreatedJson, Form},
    endpoints,
    fields::Secret,
    representation::representations,
};

representations! {
    in snake_case;

    /// What stands for a pushed request.
    pub struct Pushed {
        /// Goes to the authorization endpoint in place of all parameters but `client_id`. Good once.
        pub request_uri: Option<Secret>,
        /// Seconds that it is good for.
        pub expires_in: Option<i64>,
    }
}

endpoints! {
    /// The pushed authorization request endpoint of a realm.
    Par(realm)

    /// Takes the parameters of an authorization request. Clients authenticate.
    POST "/realms/{realm}/protocol/openid-connect/ext/par/request"
    fn push(form: Form) -> CreatedJson<Pushed>;
}
