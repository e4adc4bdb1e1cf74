//! Token introspection (RFC 7662).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    endpoint::{Form, Json},
    endpoints,
};

/// What a token is worth. Of a token that is worth nothing only `active` is told.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Introspection {
    pub active: bool,
    /// The token's claims, as far as its mappers let them be seen here, and `client_id`, `username`, `token_type`.
    #[serde(flatten)]
    pub claims: Map<String, Value>,
}

endpoints! {
    /// The introspection endpoint of a realm.
    Introspect(realm)

    /// Asks about `token`; `token_type_hint` must say when it is a refresh token. Clients authenticate.
    POST "/realms/{realm}/protocol/openid-connect/token/introspect"
    fn request(form: Form) -> Json<Introspection>, cache: "no-cache";
}
