//! Clients: applications that ask for tokens.

use std::collections::BTreeMap;

use crate::{
    admin::{
        authz::ResourceServer,
        credentials::Credential,
        mappers::ProtocolMapper,
        mappers::ProtocolMapperEvaluation,
        permissions::ManagementPermissions,
        query::{Count, Page},
        realms::GlobalRequestResult,
        roles::Role,
        sessions::UserSession,
        users::User,
    },
    endpoint::{Content, Created, File, Json, Text},
    endpoints,
    fields::{Secret, StringMap},
    representation::representations,
};
use serde_json::{Map, Value};

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

    /// Which clients to list.
    pub struct ClientQuery {
        /// The `clientId`; part of it with `search`.
        pub client_id: Option<String>,
        /// Whether `client_id` is part of the name, upper and lower case alike, `%` and `_` standing for anything.
        pub search: Option<bool>,
        /// Attributes: `name:value`. Only some can be searched.
        pub q: Option<String>,
        /// Whether to list only what the caller may see in full.
        pub viewable_only: Option<bool>,
        pub first: Option<i32>,
        /// All by default and when negative.
        pub max: Option<i32>,
    }

    /// What a token would be asked for.
    pub struct EvaluationQuery {
        /// As in a token request: names of client scopes.
        pub scope: Option<String>,
        /// The user's id.
        pub user_id: Option<String>,
        /// The `clientId` that the token is for.
        pub audience: Option<String>,
    }

    /// With which scopes something is evaluated.
    pub struct ScopeQuery {
        /// As in a token request: names of client scopes.
        pub scope: Option<String>,
    }
}

endpoints! {
    /// The clients of a realm.
    Clients(realm)

    /// Creates a client.
    POST "/admin/realms/{realm}/clients"
    fn create(body: Client) -> Created;

    /// Lists the clients that match the query, by `clientId`.
    GET "/admin/realms/{realm}/clients"
    fn list(query: ClientQuery) -> Json<Vec<Client>>, pages: list_all;

    /// Gets one client.
    GET "/admin/realms/{realm}/clients/{id}"
    fn get(id) -> Json<Client>;

    /// Replaces the fields that are set; `attributes` are merged, and the lists of client scopes are left alone.
    PUT "/admin/realms/{realm}/clients/{id}"
    fn update(id, body: Client);

    /// Deletes a client. Those that a realm needs cannot be.
    DELETE "/admin/realms/{realm}/clients/{id}"
    fn delete(id), cache: "no-cache";

    /// Reads another description of a client: Keycloak's, OpenID Connect's, or a SAML descriptor. Nothing is stored.
    POST "/admin/realms/{realm}/client-description-converter"
    fn convert(any: Content) -> Json<Client>;

    /// The client's secret.
    GET "/admin/realms/{realm}/clients/{id}/client-secret"
    fn secret(id) -> Json<Credential>;

    /// Gives the client a new secret.
    POST "/admin/realms/{realm}/clients/{id}/client-secret"
    fn regenerate_secret(id) -> Json<Credential>;

    /// The secret that was replaced last and is accepted still.
    GET "/admin/realms/{realm}/clients/{id}/client-secret/rotated"
    fn rotated_secret(id) -> Json<Credential>;

    /// No longer accepts the secret that was replaced last.
    DELETE "/admin/realms/{realm}/clients/{id}/client-secret/rotated"
    fn delete_rotated_secret(id);

    /// Makes a registration access token; the one before is no longer accepted.
    POST "/admin/realms/{realm}/clients/{id}/registration-access-token"
    fn regenerate_registration_access_token(id) -> Json<Client>;

    /// The user that the client acts as in its own name.
    GET "/admin/realms/{realm}/clients/{id}/service-account-user"
    fn service_account_user(id) -> Json<User>;

    /// The sessions of users with the client.
    GET "/admin/realms/{realm}/clients/{id}/user-sessions"
    fn user_sessions(id, query: Page) -> Json<Vec<UserSession>>, pages: user_sessions_all;

    /// Counts the sessions of users with the client.
    GET "/admin/realms/{realm}/clients/{id}/session-count"
    fn session_count(id) -> Json<Count>;

    /// The offline sessions of users with the client.
    GET "/admin/realms/{realm}/clients/{id}/offline-sessions"
    fn offline_sessions(id, query: Page) -> Json<Vec<UserSession>>, pages: offline_sessions_all;

    /// Counts the offline sessions of users with the client.
    GET "/admin/realms/{realm}/clients/{id}/offline-session-count"
    fn offline_session_count(id) -> Json<Count>;

    /// Tells the client's admin URL about `notBefore`.
    POST "/admin/realms/{realm}/clients/{id}/push-revocation"
    fn push_revocation(id) -> Json<GlobalRequestResult>;

    /// Registers a node of the client, by `node` in the body.
    POST "/admin/realms/{realm}/clients/{id}/nodes"
    fn add_node(id, body: StringMap);

    /// Removes a node of the client.
    DELETE "/admin/realms/{realm}/clients/{id}/nodes/{node}"
    fn remove_node(id, node), cache: "no-cache";

    /// Which nodes of the client answer.
    GET "/admin/realms/{realm}/clients/{id}/test-nodes-available"
    fn test_nodes(id) -> Json<GlobalRequestResult>;

    /// A configuration file for the client, in the format of a provider: `keycloak-oidc-keycloak-json`, …
    GET "/admin/realms/{realm}/clients/{id}/installation/providers/{provider}"
    fn installation(id, provider) -> Text;

    /// Whether fine-grained permissions are on for the client.
    GET "/admin/realms/{realm}/clients/{id}/management/permissions"
    fn permissions(id) -> Json<ManagementPermissions>;

    /// Switches fine-grained permissions for the client on or off.
    PUT "/admin/realms/{realm}/clients/{id}/management/permissions"
    fn set_permissions(id, body: ManagementPermissions) -> Json<ManagementPermissions>, cache: "no-cache";
}

/// What the client's tokens would hold.
pub mod evaluate {
    use super::*;

    endpoints! {
        /// What a client's tokens would hold.
        EvaluateScopes(realm, client)

        /// The claims of an access token.
        GET "/admin/realms/{realm}/clients/{client}/evaluate-scopes/generate-example-access-token"
        fn access_token(query: EvaluationQuery) -> Json<Map<String, Value>>;

        /// The claims of an ID token.
        GET "/admin/realms/{realm}/clients/{client}/evaluate-scopes/generate-example-id-token"
        fn id_token(query: EvaluationQuery) -> Json<Map<String, Value>>;

        /// The answer of the userinfo endpoint.
        GET "/admin/realms/{realm}/clients/{client}/evaluate-scopes/generate-example-userinfo"
        fn userinfo(query: EvaluationQuery) -> Json<Map<String, Value>>;

        /// The protocol mappers that take part.
        GET "/admin/realms/{realm}/clients/{client}/evaluate-scopes/protocol-mappers"
        fn protocol_mappers(query: ScopeQuery) -> Json<Vec<ProtocolMapperEvaluation>>;

        /// The roles that tokens may carry, of the realm (by its name) or of one client (by its id).
        GET "/admin/realms/{realm}/clients/{client}/evaluate-scopes/scope-mappings/{container}/granted"
        fn granted(container, query: ScopeQuery) -> Json<Vec<Role>>;

        /// The roles that tokens may not carry, of the realm (by its name) or of one client (by its id).
        GET "/admin/realms/{realm}/clients/{client}/evaluate-scopes/scope-mappings/{container}/not-granted"
        fn not_granted(container, query: ScopeQuery) -> Json<Vec<Role>>;
    }
}

/// Keys and certificates of a client.
pub mod certificates {
    use super::*;

    endpoints! {
        /// Keys and certificates of a client; `attribute` is `jwt.credential`, `saml.signing` or `saml.encryption`.
        ClientCertificates(realm, client, attribute)

        /// The certificate.
        GET "/admin/realms/{realm}/clients/{client}/certificates/{attribute}"
        fn get() -> Json<Certificate>;

        /// Makes a key pair; the answer alone holds the private key.
        POST "/admin/realms/{realm}/clients/{client}/certificates/{attribute}/generate"
        fn generate() -> Json<Certificate>, cache: "no-cache";

        /// Takes a key pair from a keystore.
        POST "/admin/realms/{realm}/clients/{client}/certificates/{attribute}/upload"
        fn upload(multipart: Content) -> Json<Certificate>;

        /// Takes a certificate, a public key or a key set, without a private key.
        POST "/admin/realms/{realm}/clients/{client}/certificates/{attribute}/upload-certificate"
        fn upload_certificate(multipart: Content) -> Json<Certificate>;

        /// A keystore with the key pair; the private key is then no longer kept.
        POST "/admin/realms/{realm}/clients/{client}/certificates/{attribute}/download"
        fn download(body: KeystoreConfig) -> File, cache: "no-cache";

        /// Makes a key pair and answers a keystore with it; only the certificate is kept.
        POST "/admin/realms/{realm}/clients/{client}/certificates/{attribute}/generate-and-download"
        fn generate_and_download(body: KeystoreConfig) -> File, cache: "no-cache";
    }
}
