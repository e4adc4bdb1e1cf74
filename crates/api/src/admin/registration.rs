//! Dynamic client registration: applications that register themselves, and the policies for it.
//!
//! A call needs a token: an initial access token or an administrator's to create (none where the anonymous policies allow
//! it), and afterwards the client's registration access token, which each change replaces.

use crate::{
    admin::{clients::Client, components::ComponentType},
    endpoint::{Content, CreatedJson, Json},
    endpoints,
    fields::Secret,
    representation::representations,
};
use serde_json::{Map, Value};

endpoints! {
    /// Clients that register themselves, in Keycloak's own representation.
    Registration(realm)

    /// Registers a client. `registrationAccessToken` of the answer is what changes are made with.
    POST "/realms/{realm}/clients-registrations/default"
    fn create(body: Client) -> CreatedJson<Client>;

    /// Gets the client, by `clientId`.
    GET "/realms/{realm}/clients-registrations/default/{client_id}"
    fn get(client_id) -> Json<Client>, cache: "";

    /// Replaces the fields that are set.
    PUT "/realms/{realm}/clients-registrations/default/{client_id}"
    fn update(client_id, body: Client) -> Json<Client>;

    /// Deletes the client.
    DELETE "/realms/{realm}/clients-registrations/default/{client_id}"
    fn delete(client_id);

    /// The configuration file of Keycloak's own adapters for the client.
    GET "/realms/{realm}/clients-registrations/install/{client_id}"
    fn installation(client_id) -> Json<Map<String, Value>>, cache: "";

    /// Registers a SAML client from its descriptor: XML, as [`Content`] of `application/xml`.
    POST "/realms/{realm}/clients-registrations/saml2-entity-descriptor"
    fn create_saml(any: Content) -> CreatedJson<Client>;
}

/// Clients that register themselves, as OpenID Connect Dynamic Client Registration 1.0 and RFC 7591 say.
pub mod openid {
    use super::*;

    representations! {
        in snake_case;

        /// A client as OpenID Connect and RFC 7591 describe it.
        pub struct OidcClient = "OIDCClientRepresentation" {
            pub redirect_uris: Option<Vec<String>>,
            /// `client_secret_basic`, `private_key_jwt`, …
            pub token_endpoint_auth_method: Option<String>,
            pub token_endpoint_auth_signing_alg: Option<String>,
            pub grant_types: Option<Vec<String>>,
            pub response_types: Option<Vec<String>>,
            pub client_id: Option<String>,
            pub client_secret: Option<Secret>,
            pub client_name: Option<String>,
            pub client_uri: Option<String>,
            pub policy_uri: Option<String>,
            pub tos_uri: Option<String>,
            pub logo_uri: Option<String>,
            /// Names of client scopes, divided by spaces.
            pub scope: Option<String>,
            pub jwks_uri: Option<String>,
            pub jwks: Option<Value>,
            /// `web` or `native`.
            pub application_type: Option<String>,
            pub contacts: Option<Vec<String>>,
            pub sector_identifier_uri: Option<String>,
            /// `public` or `pairwise`.
            pub subject_type: Option<String>,
            pub id_token_signed_response_alg: Option<String>,
            pub id_token_encrypted_response_alg: Option<String>,
            pub id_token_encrypted_response_enc: Option<String>,
            pub userinfo_signed_response_alg: Option<String>,
            pub userinfo_encrypted_response_alg: Option<String>,
            pub userinfo_encrypted_response_enc: Option<String>,
            pub request_object_signing_alg: Option<String>,
            pub request_object_encryption_alg: Option<String>,
            pub request_object_encryption_enc: Option<String>,
            pub request_object_required: Option<String>,
            /// Seconds.
            pub default_max_age: Option<i32>,
            pub require_auth_time: Option<bool>,
            pub default_acr_values: Option<Vec<String>>,
            pub initiate_login_uri: Option<String>,
            pub request_uris: Option<Vec<String>>,
            pub tls_client_certificate_bound_access_tokens: Option<bool>,
            pub dpop_bound_access_tokens: Option<bool>,
            pub tls_client_auth_subject_dn: Option<String>,
            pub software_id: Option<String>,
            pub software_version: Option<String>,
            pub software_statement: Option<String>,
            pub post_logout_redirect_uris: Option<Vec<String>>,
            pub authorization_signed_response_alg: Option<String>,
            pub authorization_encrypted_response_alg: Option<String>,
            pub authorization_encrypted_response_enc: Option<String>,
            pub require_pushed_authorization_requests: Option<bool>,
            /// `poll` or `ping`.
            pub backchannel_token_delivery_mode: Option<String>,
            pub backchannel_client_notification_endpoint: Option<String>,
            pub backchannel_authentication_request_signing_alg: Option<String>,
            pub backchannel_user_code_parameter: Option<bool>,
            pub backchannel_logout_uri: Option<String>,
            pub backchannel_logout_session_required: Option<bool>,
            pub backchannel_logout_revoke_offline_tokens: Option<bool>,
            pub frontchannel_logout_uri: Option<String>,
            pub frontchannel_logout_session_required: Option<bool>,
            /// Seconds since 1970.
            pub client_id_issued_at: Option<i64>,
            /// Seconds since 1970; 0 never expires.
            pub client_secret_expires_at: Option<i64>,
            /// Where the client is read, changed and deleted.
            pub registration_client_uri: Option<String>,
            /// What it is read, changed and deleted with.
            pub registration_access_token: Option<Secret>,
        }
    }

    endpoints! {
        /// Clients that register themselves, as OpenID Connect Dynamic Client Registration 1.0 and RFC 7591 say.
        OidcRegistration(realm)

        /// Registers a client; the server chooses its `client_id`.
        POST "/realms/{realm}/clients-registrations/openid-connect"
        fn create(body: OidcClient) -> CreatedJson<OidcClient>;

        /// Gets the client.
        GET "/realms/{realm}/clients-registrations/openid-connect/{client_id}"
        fn get(client_id) -> Json<OidcClient>, cache: "";

        /// Replaces the client's metadata.
        PUT "/realms/{realm}/clients-registrations/openid-connect/{client_id}"
        fn update(client_id, body: OidcClient) -> Json<OidcClient>;

        /// Deletes the client.
        DELETE "/realms/{realm}/clients-registrations/openid-connect/{client_id}"
        fn delete(client_id);
    }
}

/// What policies for registration can be made of; the policies themselves are components.
pub mod policies {
    use super::*;

    endpoints! {
        /// What policies for registration can be made of.
        RegistrationPolicies(realm)

        /// The kinds of policies, with the realm's scopes and the like among their options.
        GET "/admin/realms/{realm}/client-registration-policy/providers"
        fn providers() -> Json<Vec<ComponentType>>;
    }
}
