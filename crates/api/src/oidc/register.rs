//! Dynamic client registration (RFC 7591, OpenID Connect Dynamic Client Registration 1.0) and its management (RFC 7592).
//!
//! The access token is an initial access token, that of a user who may create clients, none where the realm allows it; for
//! what follows, the `registration_access_token` of the last answer. Keycloak makes a new one with each update.

use serde_json::{Map, Value};

use crate::{
    admin::clients::Client,
    endpoint::{Content, CreatedJson, Json},
    endpoints,
    fields::Secret,
    representation::representations,
};

representations! {
    in snake_case;

    /// A client in the words of OpenID Connect.
    pub struct ClientMetadata {
        pub client_id: Option<String>,
        pub client_secret: Option<Secret>,
        pub client_name: Option<String>,
        pub client_uri: Option<String>,
        /// Seconds since 1970.
        pub client_id_issued_at: Option<i64>,
        /// Seconds since 1970; 0 for never.
        pub client_secret_expires_at: Option<i64>,
        /// What the next call about this client is made with.
        pub registration_access_token: Option<Secret>,
        /// Where the next call about this client goes.
        pub registration_client_uri: Option<String>,
        pub application_type: Option<String>,
        pub contacts: Option<Vec<String>>,
        pub logo_uri: Option<String>,
        pub policy_uri: Option<String>,
        pub tos_uri: Option<String>,
        pub redirect_uris: Option<Vec<String>>,
        pub post_logout_redirect_uris: Option<Vec<String>>,
        pub initiate_login_uri: Option<String>,
        pub request_uris: Option<Vec<String>>,
        pub grant_types: Option<Vec<String>>,
        pub response_types: Option<Vec<String>>,
        /// Separated by spaces.
        pub scope: Option<String>,
        /// `public`, `pairwise`.
        pub subject_type: Option<String>,
        pub sector_identifier_uri: Option<String>,
        pub jwks: Option<Value>,
        pub jwks_uri: Option<String>,
        /// `client_secret_basic`, `private_key_jwt`, `none`, …
        pub token_endpoint_auth_method: Option<String>,
        pub token_endpoint_auth_signing_alg: Option<String>,
        pub id_token_signed_response_alg: Option<String>,
        pub id_token_encrypted_response_alg: Option<String>,
        pub id_token_encrypted_response_enc: Option<String>,
        pub userinfo_signed_response_alg: Option<String>,
        pub userinfo_encrypted_response_alg: Option<String>,
        pub userinfo_encrypted_response_enc: Option<String>,
        pub request_object_signing_alg: Option<String>,
        pub request_object_required: Option<String>,
        pub request_object_encryption_alg: Option<String>,
        pub request_object_encryption_enc: Option<String>,
        pub authorization_signed_response_alg: Option<String>,
        pub authorization_encrypted_response_alg: Option<String>,
        pub authorization_encrypted_response_enc: Option<String>,
        /// Seconds.
        pub default_max_age: Option<i64>,
        pub require_auth_time: Option<bool>,
        pub default_acr_values: Option<Vec<String>>,
        pub require_pushed_authorization_requests: Option<bool>,
        pub dpop_bound_access_tokens: Option<bool>,
        pub tls_client_auth_subject_dn: Option<String>,
        pub tls_client_certificate_bound_access_tokens: Option<bool>,
        pub backchannel_logout_uri: Option<String>,
        pub backchannel_logout_session_required: Option<bool>,
        pub backchannel_logout_revoke_offline_tokens: Option<bool>,
        pub frontchannel_logout_uri: Option<String>,
        pub frontchannel_logout_session_required: Option<bool>,
        /// `poll`, `ping`.
        pub backchannel_token_delivery_mode: Option<String>,
        pub backchannel_client_notification_endpoint: Option<String>,
        pub backchannel_authentication_request_signing_alg: Option<String>,
        pub backchannel_user_code_parameter: Option<bool>,
        pub software_id: Option<String>,
        pub software_version: Option<String>,
        pub software_statement: Option<String>,
    }
}

endpoints! {
    /// The client registration of a realm, in the words of OpenID Connect.
    Registration(realm)

    /// Registers a client.
    POST "/realms/{realm}/clients-registrations/openid-connect"
    fn create(body: ClientMetadata) -> CreatedJson<ClientMetadata>;

    /// Gets one client, by its `client_id`.
    GET "/realms/{realm}/clients-registrations/openid-connect/{id}"
    fn get(id) -> Json<ClientMetadata>, cache: "";

    /// Replaces a client, whose `client_id` must be in the body, and the registration access token.
    PUT "/realms/{realm}/clients-registrations/openid-connect/{id}"
    fn update(id, body: ClientMetadata) -> Json<ClientMetadata>;

    /// Deletes a client.
    DELETE "/realms/{realm}/clients-registrations/openid-connect/{id}"
    fn delete(id);
}

/// The same in Keycloak's own words.
pub mod native {
    use super::*;

    endpoints! {
        /// The client registration of a realm, in the words of the Admin API.
        NativeRegistration(realm)

        /// Registers a client. The answer has its `registrationAccessToken`.
        POST "/realms/{realm}/clients-registrations/default"
        fn create(body: Client) -> CreatedJson<Client>;

        /// Gets one client, by its `clientId`.
        GET "/realms/{realm}/clients-registrations/default/{id}"
        fn get(id) -> Json<Client>, cache: "";

        /// Replaces the fields that are set, and the registration access token.
        PUT "/realms/{realm}/clients-registrations/default/{id}"
        fn update(id, body: Client) -> Json<Client>;

        /// Deletes a client.
        DELETE "/realms/{realm}/clients-registrations/default/{id}"
        fn delete(id);

        /// The configuration file of Keycloak's own adapters for the client.
        GET "/realms/{realm}/clients-registrations/install/{id}"
        fn installation(id) -> Json<Map<String, Value>>, cache: "";

        /// Registers a SAML client from its descriptor: XML, as [`Content`] of `application/xml`.
        POST "/realms/{realm}/clients-registrations/saml2-entity-descriptor"
        fn create_saml(any: Content) -> CreatedJson<Client>;
    }
}
