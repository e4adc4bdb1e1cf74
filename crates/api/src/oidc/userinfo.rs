//! The userinfo endpoint (OpenID Connect Core 1.0 section 5.3).

use bytes::Bytes;
use http::{HeaderValue, Response, header};
use serde_json::{Map, Value};

use crate::{
    endpoint::{Form, Json, Reply},
    endpoints,
};

/// The claims about a user, plain or signed as the client asked for at its registration.
#[derive(Debug, Clone, PartialEq)]
pub enum Userinfo {
    /// As JSON.
    Claims(Map<String, Value>),
    /// As a JWT.
    Signed(String),
}

impl Reply for Userinfo {
    type Value = Self;

    fn encode(value: Self) -> Result<Response<Bytes>, serde_json::Error> {
        match value {
            Self::Claims(claims) => Json::<Map<String, Value>>::encode(claims),
            Self::Signed(token) => {
                let mut response = Response::new(token.into());
                let media_type = HeaderValue::from_static("application/jwt");
                response.headers_mut().insert(header::CONTENT_TYPE, media_type);
                Ok(response)
            }
        }
    }

    fn decode(response: Response<Bytes>) -> Result<Self, serde_json::Error> {
        let media_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if media_type.is_some_and(|kind| kind.starts_with("application/jwt")) {
            Ok(Self::Signed(String::from_utf8_lossy(response.body()).into_owned()))
        } else {
            Json::<Map<String, Value>>::decode(response).map(Self::Claims)
        }
    }
}

endpoints! {
    /// The userinfo endpoint of a realm. The access token goes into the `Authorization` header.
    UserinfoEndpoint(realm)

    /// The claims about the token's user.
    GET "/realms/{realm}/protocol/openid-connect/userinfo"
    fn get() -> Userinfo;

    /// The same; the token may be the form's `access_token`.
    POST "/realms/{realm}/protocol/openid-connect/userinfo"
    fn post(form: Form) -> Userinfo, cache: "no-cache";
}
