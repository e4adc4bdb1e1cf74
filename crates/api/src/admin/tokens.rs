//! The claims of tokens, where the Admin API answers with a token's content.

use std::collections::BTreeMap;

use crate::{
    admin::authz::{AuthorizationDetails, Permission},
    representation::representations,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The claims of an access token: those that Keycloak knows, and in `other` those that mappers add.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccessToken {
    /// The claims that it has in common with an ID token.
    #[serde(flatten)]
    pub id: IdToken,
    /// The claims of access tokens only.
    #[serde(flatten)]
    pub access: AccessClaims,
    /// What mappers add.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

representations! {
    in snake_case;

    /// The claims of an ID token that Keycloak knows. Times are in seconds since 1970.
    pub struct IdToken = "IDToken" {
        pub jti: Option<String>,
        pub exp: Option<i64>,
        pub nbf: Option<i64>,
        pub iat: Option<i64>,
        pub iss: Option<String>,
        /// One, or a list.
        pub aud: Option<Value>,
        pub sub: Option<String>,
        pub typ: Option<String>,
        /// The `clientId` that it was issued to.
        pub azp: Option<String>,
        pub nonce: Option<String>,
        pub auth_time: Option<i64>,
        /// The session's id.
        pub sid: Option<String>,
        pub at_hash: Option<String>,
        pub c_hash: Option<String>,
        pub s_hash: Option<String>,
        pub name: Option<String>,
        pub given_name: Option<String>,
        pub family_name: Option<String>,
        pub middle_name: Option<String>,
        pub nickname: Option<String>,
        pub preferred_username: Option<String>,
        pub profile: Option<String>,
        pub picture: Option<String>,
        pub website: Option<String>,
        pub email: Option<String>,
        pub email_verified: Option<bool>,
        pub gender: Option<String>,
        pub birthdate: Option<String>,
        pub zoneinfo: Option<String>,
        pub locale: Option<String>,
        pub phone_number: Option<String>,
        pub phone_number_verified: Option<bool>,
        pub updated_at: Option<i64>,
        pub claims_locales: Option<String>,
        pub acr: Option<String>,
    }

    /// The claims that only access tokens have.
    pub struct AccessClaims = "AccessToken" {
        #[serde(rename = "trusted-certs")]
        pub trusted_certs: Option<Vec<String>>,
        #[serde(rename = "allowed-origins")]
        pub allowed_origins: Option<Vec<String>>,
        pub realm_access: Option<Access>,
        /// By `clientId`.
        pub resource_access: Option<BTreeMap<String, Access>>,
        pub authorization: Option<Authorization>,
        pub cnf: Option<Confirmation>,
        /// Names, divided by spaces.
        pub scope: Option<String>,
        pub authorization_details: Option<Vec<AuthorizationDetails>>,
    }

    /// Roles at the realm or at one client.
    pub struct Access = "Access" {
        pub roles: Option<Vec<String>>,
        pub verify_caller: Option<bool>,
    }

    /// What authorization services granted.
    pub struct Authorization = "Authorization" {
        pub permissions: Option<Vec<Permission>>,
    }

    /// The key that a token is bound to: a certificate's (RFC 8705), or that of a DPoP proof (RFC 9449).
    pub struct Confirmation = "Confirmation" {
        #[serde(rename = "x5t#S256")]
        pub certificate: Option<String>,
        pub jkt: Option<String>,
    }
}
