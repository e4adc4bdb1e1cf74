//! Clients: applications that ask for tokens.

use std::collections::BTreeMap;

use crate::{
    admin::{authz::ResourceServer, mappers::ProtocolMapper},
    fields::{Secret, StringMap},
    representation::representations,
};

representations! {
    /// A client. In updates `attributes` are merged into the stored ones: null or the empty text removes one.
    pub struct Client = "ClientRepresentation" {
        /// The id in admin URLs, a UUID; not `client_id`.
        pub id: Option<String>,
        /// The name in requests: `client_id`.
        pub client_id: Option<String>,
        pub name: Option<String>,
        pub description: Option<String>,
        pub r#type: Option<String>,
        pub root_url: Option<String>,
        pub admin_url: Option<String>,
        pub base_url: Option<String>,
        pub surrogate_auth_required: Option<bool>,
        pub enabled: Option<bool>,
        pub always_display_in_console: Option<bool>,
        /// `client-secret`, `client-jwt`, `client-secret-jwt`, `client-x509`, …
        pub client_authenticator_type: Option<String>,
        pub secret: Option<Secret>,
        pub registration_access_token: Option<Secret>,
        pub default_roles: Option<Vec<String>>,
        pub redirect_uris: Option<Vec<String>>,
        pub web_origins: Option<Vec<String>>,
        /// Seconds since 1970: tokens issued earlier are refused.
        pub not_before: Option<i32>,
        pub bearer_only: Option<bool>,
        pub consent_required: Option<bool>,
        pub standard_flow_enabled: Option<bool>,
        pub implicit_flow_enabled: Option<bool>,
        pub direct_access_grants_enabled: Option<bool>,
        pub service_accounts_enabled: Option<bool>,
        pub authorization_services_enabled: Option<bool>,
        pub direct_grants_only: Option<bool>,
        pub public_client: Option<bool>,
        pub frontchannel_logout: Option<bool>,
        /// `openid-connect` or `saml`.
        pub protocol: Option<String>,
        pub attributes: Option<StringMap>,
        /// `browser` and `direct_grant`, each the id of a flow.
        pub authentication_flow_binding_overrides: Option<StringMap>,
        /// Whether all roles of a user go into tokens, not only those of the scope mappings.
        pub full_scope_allowed: Option<bool>,
        /// Seconds.
        pub node_re_registration_timeout: Option<i32>,
        /// Host by time of registration, in seconds since 1970.
        pub registered_nodes: Option<BTreeMap<String, i32>>,
        pub protocol_mappers: Option<Vec<ProtocolMapper>>,
        /// Deprecated, with the three below: templates became client scopes.
        pub client_template: Option<String>,
        pub use_template_config: Option<bool>,
        pub use_template_scope: Option<bool>,
        pub use_template_mappers: Option<bool>,
        pub default_client_scopes: Option<Vec<String>>,
        pub optional_client_scopes: Option<Vec<String>>,
        pub authorization_settings: Option<ResourceServer>,
        pub access: Option<BTreeMap<String, bool>>,
        pub origin: Option<String>,
    }

    /// A key pair or a certificate of a client, in PEM without header lines.
    pub struct Certificate = "CertificateRepresentation" {
        pub private_key: Option<Secret>,
        pub public_key: Option<String>,
        pub certificate: Option<String>,
        pub kid: Option<String>,
        pub jwks: Option<String>,
    }

    /// How a keystore is to be read or written.
    pub struct KeystoreConfig = "KeyStoreConfig" {
        pub realm_certificate: Option<bool>,
        pub store_password: Option<Secret>,
        pub key_password: Option<Secret>,
        pub key_alias: Option<String>,
        pub realm_alias: Option<String>,
        /// `JKS`, `PKCS12` or `BCFKS`.
        pub format: Option<String>,
        pub key_size: Option<i32>,
        /// Years.
        pub validity: Option<i32>,
    }
}
