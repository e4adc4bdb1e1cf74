//! Discovery: what an OpenID provider can do and where (OpenID Connect Discovery 1.0, RFC 8414).

use crate::{endpoint::Json, endpoints, representation::representations};

representations! {
    in snake_case;

    /// The metadata of a realm as an OpenID provider.
    pub struct Discovery {
        pub issuer: Option<String>,
        pub authorization_endpoint: Option<String>,
        pub token_endpoint: Option<String>,
        pub introspection_endpoint: Option<String>,
        pub userinfo_endpoint: Option<String>,
        pub end_session_endpoint: Option<String>,
        pub jwks_uri: Option<String>,
        pub check_session_iframe: Option<String>,
        pub registration_endpoint: Option<String>,
        pub revocation_endpoint: Option<String>,
        pub device_authorization_endpoint: Option<String>,
        pub backchannel_authentication_endpoint: Option<String>,
        pub pushed_authorization_request_endpoint: Option<String>,
        /// Where clients go that show a certificate (RFC 8705).
        pub mtls_endpoint_aliases: Option<EndpointAliases>,
        pub acr_values_supported: Option<Vec<String>>,
        pub authorization_encryption_alg_values_supported: Option<Vec<String>>,
        pub authorization_encryption_enc_values_supported: Option<Vec<String>>,
        pub authorization_response_iss_parameter_supported: Option<bool>,
        pub authorization_signing_alg_values_supported: Option<Vec<String>>,
        pub backchannel_authentication_request_signing_alg_values_supported: Option<Vec<String>>,
        pub backchannel_logout_session_supported: Option<bool>,
        pub backchannel_logout_supported: Option<bool>,
        pub backchannel_token_delivery_modes_supported: Option<Vec<String>>,
        pub claim_types_supported: Option<Vec<String>>,
        pub claims_parameter_supported: Option<bool>,
        pub claims_supported: Option<Vec<String>>,
        pub code_challenge_methods_supported: Option<Vec<String>>,
        pub dpop_signing_alg_values_supported: Option<Vec<String>>,
        pub frontchannel_logout_session_supported: Option<bool>,
        pub frontchannel_logout_supported: Option<bool>,
        pub grant_types_supported: Option<Vec<String>>,
        pub id_token_encryption_alg_values_supported: Option<Vec<String>>,
        pub id_token_encryption_enc_values_supported: Option<Vec<String>>,
        pub id_token_signing_alg_values_supported: Option<Vec<String>>,
        pub introspection_endpoint_auth_methods_supported: Option<Vec<String>>,
        pub introspection_endpoint_auth_signing_alg_values_supported: Option<Vec<String>>,
        pub prompt_values_supported: Option<Vec<String>>,
        pub request_object_encryption_alg_values_supported: Option<Vec<String>>,
        pub request_object_encryption_enc_values_supported: Option<Vec<String>>,
        pub request_object_signing_alg_values_supported: Option<Vec<String>>,
        pub request_parameter_supported: Option<bool>,
        pub request_uri_parameter_supported: Option<bool>,
        pub require_pushed_authorization_requests: Option<bool>,
        pub require_request_uri_registration: Option<bool>,
        pub response_modes_supported: Option<Vec<String>>,
        pub response_types_supported: Option<Vec<String>>,
        pub revocation_endpoint_auth_methods_supported: Option<Vec<String>>,
        pub revocation_endpoint_auth_signing_alg_values_supported: Option<Vec<String>>,
        pub scopes_supported: Option<Vec<String>>,
        pub subject_types_supported: Option<Vec<String>>,
        pub tls_client_certificate_bound_access_tokens: Option<bool>,
        pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
        pub token_endpoint_auth_signing_alg_values_supported: Option<Vec<String>>,
        pub userinfo_encryption_alg_values_supported: Option<Vec<String>>,
        pub userinfo_encryption_enc_values_supported: Option<Vec<String>>,
        pub userinfo_signing_alg_values_supported: Option<Vec<String>>,
    }

    /// Endpoints for clients that show a certificate.
    pub struct EndpointAliases {
        pub backchannel_authentication_endpoint: Option<String>,
        pub device_authorization_endpoint: Option<String>,
        pub introspection_endpoint: Option<String>,
        pub pushed_authorization_request_endpoint: Option<String>,
        pub registration_endpoint: Option<String>,
        pub revocation_endpoint: Option<String>,
        pub token_endpoint: Option<String>,
        pub userinfo_endpoint: Option<String>,
    }
}

endpoints! {
    /// What a realm can do as an OpenID provider.
    RealmDiscovery(realm)

    /// The metadata, as OpenID Connect Discovery asks for it.
    GET "/realms/{realm}/.well-known/openid-configuration"
    fn openid() -> Json<Discovery>, cache: "no-cache, must-revalidate, no-transform, no-store";

    /// The same, for OAuth 2.0 (RFC 8414), where Keycloak has always had it.
    GET "/realms/{realm}/.well-known/oauth-authorization-server"
    fn oauth() -> Json<Discovery>, cache: "no-cache, must-revalidate, no-transform, no-store";

    /// The same, where RFC 8414 puts it.
    GET "/.well-known/oauth-authorization-server/realms/{realm}"
    fn oauth_at_root() -> Json<Discovery>, cache: "no-cache, must-revalidate, no-transform, no-store";
}
