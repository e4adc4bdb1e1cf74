//! The token endpoint (RFC 6749 section 3.2).

use crate::{
    endpoint::{Form, Json},
    endpoints,
    fields::Secret,
    representation::representations,
};

representations! {
    in snake_case;

    /// What a grant gives.
    pub struct TokenAnswer {
        pub access_token: Option<Secret>,
        /// Seconds that the access token is good for.
        pub expires_in: Option<i64>,
        /// Seconds that the refresh token is good for; 0 where there is none, or where it does not expire.
        pub refresh_expires_in: Option<i64>,
        pub refresh_token: Option<Secret>,
        /// `Bearer` or `DPoP`.
        pub token_type: Option<String>,
        pub id_token: Option<Secret>,
        /// Tokens issued before this time (seconds since 1970) are refused.
        #[serde(rename = "not-before-policy")]
        pub not_before_policy: Option<i64>,
        pub session_state: Option<String>,
        /// The scopes that were granted, separated by spaces.
        pub scope: Option<String>,
        /// What a token exchange issued (RFC 8693).
        pub issued_token_type: Option<String>,
        /// Whether a UMA grant extended the token that was sent.
        pub upgraded: Option<bool>,
    }
}

endpoints! {
    /// The token endpoint of a realm.
    Token(realm)

    /// Asks for tokens; `grant_type` says how. Clients authenticate by form fields or by the `Authorization` header.
    POST "/realms/{realm}/protocol/openid-connect/token"
    fn request(form: Form) -> Json<TokenAnswer>, cache: "no-store";
}
