//! Discovery of User-Managed Access (UMA 2.0 Grant, 2).

use crate::{endpoint::Json, endpoints, representation::representations};

representations! {
    in snake_case;

    /// The metadata of a realm as an authorization server of UMA.
    pub struct UmaDiscovery {
        pub issuer: Option<String>,
        pub authorization_endpoint: Option<String>,
        pub token_endpoint: Option<String>,
        pub introspection_endpoint: Option<String>,
        pub end_session_endpoint: Option<String>,
        pub frontchannel_logout_session_supported: Option<bool>,
        pub frontchannel_logout_supported: Option<bool>,
        pub jwks_uri: Option<String>,
        pub grant_types_supported: Option<Vec<String>>,
        pub response_types_supported: Option<Vec<String>>,
        pub response_modes_supported: Option<Vec<String>>,
        pub registration_endpoint: Option<String>,
        pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
        pub token_endpoint_auth_signing_alg_values_supported: Option<Vec<String>>,
        pub scopes_supported: Option<Vec<String>>,
        /// Where resources are registered.
        pub resource_registration_endpoint: Option<String>,
        /// Where permission tickets are made.
        pub permission_endpoint: Option<String>,
        /// Where owners keep their policies.
        pub policy_endpoint: Option<String>,
    }
}

endpoints! {
    /// What a realm can do as an authorization server of UMA.
    UmaRealm(realm)

    /// The metadata.
    GET "/realms/{realm}/.well-known/uma2-configuration"
    fn discovery() -> Json<UmaDiscovery>, cache: "no-cache, must-revalidate, no-transform, no-store";
}
