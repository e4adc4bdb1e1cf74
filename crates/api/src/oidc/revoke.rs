//! Token revocation (RFC 7009).

use bytes::Bytes;
use http::Response;

use crate::{
    endpoint::{Form, Json, OkEmpty, Reply},
    endpoints,
    error::ErrorBody,
};

/// A token that is no longer good. Keycloak answers 200 also for one it does not know, with an error in the body.
pub struct Revoked;

impl Reply for Revoked {
    type Value = Option<ErrorBody>;

    fn encode(value: Option<ErrorBody>) -> Result<Response<Bytes>, serde_json::Error> {
        value.map_or_else(|| OkEmpty::encode(()), Json::<ErrorBody>::encode)
    }

    fn decode(response: Response<Bytes>) -> Result<Option<ErrorBody>, serde_json::Error> {
        if response.body().is_empty() { Ok(None) } else { Json::<ErrorBody>::decode(response).map(Some) }
    }
}

endpoints! {
    /// The revocation endpoint of a realm.
    Revoke(realm)

    /// Revokes `token`. Of an access token the session lives on, of a refresh token it ends. Clients authenticate.
    POST "/realms/{realm}/protocol/openid-connect/revoke"
    fn request(form: Form) -> Revoked;
}
