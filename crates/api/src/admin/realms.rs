//! Realms: the whole of one as it is created, updated, imported and exported.

use std::collections::BTreeMap;

use crate::{
    admin::{
        client_policies::{ClientPolicies, ClientProfiles},
        client_scopes::ClientScope,
        clients::Client,
        components::ComponentExport,
        flows::{AuthenticationFlow, AuthenticatorConfig, RequiredAction},
        groups::Group,
        idps::{IdentityProvider, IdentityProviderMapper},
        legacy::{Application, ClientTemplate, UserFederationMapper, UserFederationProvider},
        mappers::ProtocolMapper,
        orgs::Organization,
        permissions::ManagementPermissions,
        role_mappings::ScopeMapping,
        roles::{Role, Roles},
        sessions::{ClientSessionStats, SessionKind},
        users::User,
    },
    endpoint::{Created, Json},
    endpoints,
    fields::{Secret, StringMap},
    representation::representations,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

representations! {
    /// A realm. `GET`, `POST` and `PUT` on `/admin/realms`; also the file format of import and export, where the lists
    /// (users, clients, roles, …) are filled. Times are in seconds where the name does not say otherwise.
    pub struct Realm = "RealmRepresentation" {
        /// Not the name: an id, equal to the name only by choice.
        pub id: Option<String>,
        /// The name, as in URLs.
        pub realm: Option<String>,
        pub display_name: Option<String>,
        pub display_name_html: Option<String>,
        /// Tokens issued before this time (seconds since 1970) are refused; 0 is none.
        pub not_before: Option<i32>,
        pub default_signature_algorithm: Option<String>,
        pub revoke_refresh_token: Option<bool>,
        pub refresh_token_max_reuse: Option<i32>,
        pub access_token_lifespan: Option<i32>,
        pub access_token_lifespan_for_implicit_flow: Option<i32>,
        pub sso_session_idle_timeout: Option<i32>,
        pub sso_session_max_lifespan: Option<i32>,
        pub sso_session_idle_timeout_remember_me: Option<i32>,
        pub sso_session_max_lifespan_remember_me: Option<i32>,
        pub offline_session_idle_timeout: Option<i32>,
        pub offline_session_max_lifespan_enabled: Option<bool>,
        pub offline_session_max_lifespan: Option<i32>,
        pub client_session_idle_timeout: Option<i32>,
        pub client_session_max_lifespan: Option<i32>,
        pub client_offline_session_idle_timeout: Option<i32>,
        pub client_offline_session_max_lifespan: Option<i32>,
        pub access_code_lifespan: Option<i32>,
        pub access_code_lifespan_user_action: Option<i32>,
        pub access_code_lifespan_login: Option<i32>,
        pub action_token_generated_by_admin_lifespan: Option<i32>,
        pub action_token_generated_by_user_lifespan: Option<i32>,
        pub oauth2_device_code_lifespan: Option<i32>,
        pub oauth2_device_polling_interval: Option<i32>,
        pub enabled: Option<bool>,
        /// `all`, `external` or `none`.
        pub ssl_required: Option<String>,
        pub password_credential_grant_allowed: Option<bool>,
        pub registration_allowed: Option<bool>,
        pub registration_email_as_username: Option<bool>,
        pub remember_me: Option<bool>,
        pub verify_email: Option<bool>,
        pub login_with_email_allowed: Option<bool>,
        pub duplicate_emails_allowed: Option<bool>,
        pub reset_password_allowed: Option<bool>,
        pub edit_username_allowed: Option<bool>,
        pub user_cache_enabled: Option<bool>,
        pub realm_cache_enabled: Option<bool>,
        pub brute_force_protected: Option<bool>,
        pub permanent_lockout: Option<bool>,
        pub max_temporary_lockouts: Option<i32>,
        pub brute_force_strategy: Option<BruteForceStrategy>,
        pub max_failure_wait_seconds: Option<i32>,
        pub minimum_quick_login_wait_seconds: Option<i32>,
        pub wait_increment_seconds: Option<i32>,
        /// Milliseconds.
        pub quick_login_check_milli_seconds: Option<i64>,
        pub max_delta_time_seconds: Option<i32>,
        pub failure_factor: Option<i32>,
        pub max_secondary_auth_failures: Option<i32>,
        /// Deprecated: keys are components.
        pub private_key: Option<Secret>,
        pub public_key: Option<String>,
        pub certificate: Option<String>,
        pub code_secret: Option<Secret>,
        pub roles: Option<Roles>,
        pub groups: Option<Vec<Group>>,
        /// Deprecated: names of realm roles; `defaultRole` replaces it.
        pub default_roles: Option<Vec<String>>,
        pub default_role: Option<Role>,
        pub admin_permissions_client: Option<Client>,
        pub default_groups: Option<Vec<String>>,
        pub required_credentials: Option<Vec<String>>,
        /// As text: `length(8) and notUsername`.
        pub password_policy: Option<String>,
        /// `totp` or `hotp`.
        pub otp_policy_type: Option<String>,
        pub otp_policy_algorithm: Option<String>,
        pub otp_policy_initial_counter: Option<i32>,
        pub otp_policy_digits: Option<i32>,
        pub otp_policy_look_ahead_window: Option<i32>,
        pub otp_policy_period: Option<i32>,
        pub otp_policy_code_reusable: Option<bool>,
        pub otp_supported_applications: Option<Vec<String>>,
        /// By locale.
        pub localization_texts: Option<BTreeMap<String, StringMap>>,
        pub web_authn_policy_rp_entity_name: Option<String>,
        pub web_authn_policy_signature_algorithms: Option<Vec<String>>,
        pub web_authn_policy_rp_id: Option<String>,
        pub web_authn_policy_attestation_conveyance_preference: Option<String>,
        pub web_authn_policy_authenticator_attachment: Option<String>,
        /// `Yes`, `No` or `not specified`; see the newer `webAuthnPolicyResidentKey`.
        pub web_authn_policy_require_resident_key: Option<String>,
        pub web_authn_policy_user_verification_requirement: Option<String>,
        pub web_authn_policy_resident_key: Option<String>,
        pub web_authn_policy_create_timeout: Option<i32>,
        pub web_authn_policy_avoid_same_authenticator_register: Option<bool>,
        pub web_authn_policy_acceptable_aaguids: Option<Vec<String>>,
        pub web_authn_policy_extra_origins: Option<Vec<String>>,
        pub web_authn_policy_passwordless_rp_entity_name: Option<String>,
        pub web_authn_policy_passwordless_signature_algorithms: Option<Vec<String>>,
        pub web_authn_policy_passwordless_rp_id: Option<String>,
        pub web_authn_policy_passwordless_attestation_conveyance_preference: Option<String>,
        pub web_authn_policy_passwordless_authenticator_attachment: Option<String>,
        pub web_authn_policy_passwordless_require_resident_key: Option<String>,
        pub web_authn_policy_passwordless_user_verification_requirement: Option<String>,
        pub web_authn_policy_passwordless_resident_key: Option<String>,
        pub web_authn_policy_passwordless_create_timeout: Option<i32>,
        pub web_authn_policy_passwordless_avoid_same_authenticator_register: Option<bool>,
        pub web_authn_policy_passwordless_acceptable_aaguids: Option<Vec<String>>,
        pub web_authn_policy_passwordless_extra_origins: Option<Vec<String>>,
        pub web_authn_policy_passwordless_passkeys_enabled: Option<bool>,
        pub client_profiles: Option<ClientProfiles>,
        pub client_policies: Option<ClientPolicies>,
        pub users: Option<Vec<User>>,
        pub federated_users: Option<Vec<User>>,
        pub scope_mappings: Option<Vec<ScopeMapping>>,
        /// By the `clientId` whose roles are mapped.
        pub client_scope_mappings: Option<BTreeMap<String, Vec<ScopeMapping>>>,
        pub clients: Option<Vec<Client>>,
        pub client_scopes: Option<Vec<ClientScope>>,
        pub default_default_client_scopes: Option<Vec<String>>,
        pub default_optional_client_scopes: Option<Vec<String>>,
        /// By header, in camel case: `contentSecurityPolicy`.
        pub browser_security_headers: Option<StringMap>,
        pub smtp_server: Option<StringMap>,
        pub user_federation_providers: Option<Vec<UserFederationProvider>>,
        pub user_federation_mappers: Option<Vec<UserFederationMapper>>,
        pub login_theme: Option<String>,
        pub account_theme: Option<String>,
        pub admin_theme: Option<String>,
        pub email_theme: Option<String>,
        pub events_enabled: Option<bool>,
        /// Seconds; 0 keeps events for ever.
        pub events_expiration: Option<i64>,
        pub events_listeners: Option<Vec<String>>,
        pub enabled_event_types: Option<Vec<String>>,
        pub admin_events_enabled: Option<bool>,
        pub admin_events_details_enabled: Option<bool>,
        pub identity_providers: Option<Vec<IdentityProvider>>,
        pub identity_provider_mappers: Option<Vec<IdentityProviderMapper>>,
        pub protocol_mappers: Option<Vec<ProtocolMapper>>,
        /// By provider type.
        pub components: Option<BTreeMap<String, Vec<ComponentExport>>>,
        pub internationalization_enabled: Option<bool>,
        pub supported_locales: Option<Vec<String>>,
        pub default_locale: Option<String>,
        pub authentication_flows: Option<Vec<AuthenticationFlow>>,
        pub authenticator_config: Option<Vec<AuthenticatorConfig>>,
        pub required_actions: Option<Vec<RequiredAction>>,
        pub browser_flow: Option<String>,
        pub registration_flow: Option<String>,
        pub direct_grant_flow: Option<String>,
        pub reset_credentials_flow: Option<String>,
        pub client_authentication_flow: Option<String>,
        pub docker_authentication_flow: Option<String>,
        pub first_broker_login_flow: Option<String>,
        /// Settings without a field of their own, and those of extensions.
        pub attributes: Option<StringMap>,
        /// In exports: the version that wrote it.
        pub keycloak_version: Option<String>,
        pub user_managed_access_allowed: Option<bool>,
        pub organizations_enabled: Option<bool>,
        pub organizations: Option<Vec<Organization>>,
        pub verifiable_credentials_enabled: Option<bool>,
        pub admin_permissions_enabled: Option<bool>,
        pub social: Option<bool>,
        pub update_profile_on_initial_social_login: Option<bool>,
        pub social_providers: Option<StringMap>,
        pub application_scope_mappings: Option<BTreeMap<String, Vec<ScopeMapping>>>,
        pub applications: Option<Vec<Application>>,
        pub oauth_clients: Option<Vec<Application>>,
        pub client_templates: Option<Vec<ClientTemplate>>,
        pub scim_api_enabled: Option<bool>,
    }

    /// What anybody may know of a realm: `GET /realms/{realm}`.
    pub struct PublishedRealm = "PublishedRealmRepresentation" {
        pub realm: Option<String>,
        #[serde(rename = "public_key")]
        pub public_key: Option<String>,
        #[serde(rename = "token-service")]
        pub token_service: Option<String>,
        #[serde(rename = "account-service")]
        pub account_service: Option<String>,
        #[serde(rename = "tokens-not-before")]
        pub tokens_not_before: Option<i32>,
    }

    /// Which of the clients' admin URLs took a pushed logout or revocation, and which did not.
    pub struct GlobalRequestResult = "GlobalRequestResult" {
        pub success_requests: Option<Vec<String>>,
        pub failed_requests: Option<Vec<String>>,
    }

    /// What to return of realms.
    pub struct RealmQuery {
        /// Whether id, name, display name and `enabled` are enough.
        pub brief_representation: Option<bool>,
    }

    /// What to export beside the realm's settings.
    pub struct PartialExport {
        /// Clients; false by default.
        pub export_clients: Option<bool>,
        /// Groups and roles; false by default.
        pub export_groups_and_roles: Option<bool>,
    }

    /// What to import into a realm that is there.
    pub struct PartialImport = "PartialImportRepresentation" {
        /// `FAIL` (the default), `SKIP` or `OVERWRITE`.
        pub if_resource_exists: Option<String>,
        /// The same, as an older name.
        pub policy: Option<String>,
        pub users: Option<Vec<User>>,
        pub clients: Option<Vec<Client>>,
        pub groups: Option<Vec<Group>>,
        pub identity_providers: Option<Vec<IdentityProvider>>,
        pub identity_provider_mappers: Option<Vec<IdentityProviderMapper>>,
        pub roles: Option<Roles>,
    }

    /// What a partial import did.
    pub struct PartialImportResults {
        pub overwritten: Option<i32>,
        pub added: Option<i32>,
        pub skipped: Option<i32>,
        pub results: Option<Vec<PartialImportResult>>,
    }

    /// What a partial import did with one thing.
    pub struct PartialImportResult {
        /// `ADDED`, `SKIPPED` or `OVERWRITTEN`.
        pub action: Option<String>,
        /// `USER`, `GROUP`, `CLIENT`, `IDP`, `IDP_MAPPER`, `REALM_ROLE` or `CLIENT_ROLE`.
        pub resource_type: Option<String>,
        pub resource_name: Option<String>,
        pub id: Option<String>,
        pub representation: Option<Value>,
    }
}

/// How the wait grows with the number of wrong passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BruteForceStrategy {
    Linear,
    Multiple,
}

endpoints! {
    /// The realms of a server.
    Realms()

    /// Creates a realm; a whole export is imported with its ids. Disabled unless `enabled` says otherwise.
    POST "/admin/realms"
    fn create(body: Realm) -> Created;

    /// Lists the realms that the caller may see.
    GET "/admin/realms"
    fn list(query: RealmQuery) -> Json<Vec<Realm>>;

    /// Gets a realm's settings. Without `view-realm` six fields are left.
    GET "/admin/realms/{realm}"
    fn get(realm) -> Json<Realm>;

    /// Replaces the fields that are set.
    PUT "/admin/realms/{realm}"
    fn update(realm, body: Realm);

    /// Deletes a realm and all that is in it.
    DELETE "/admin/realms/{realm}"
    fn delete(realm);

    /// Exports a realm without its users; secrets are masked.
    POST "/admin/realms/{realm}/partial-export"
    fn partial_export(realm, query: PartialExport) -> Json<Realm>;

    /// Imports users, clients, roles, groups and identity providers, all or nothing.
    POST "/admin/realms/{realm}/partialImport"
    fn partial_import(realm, body: PartialImport) -> Json<PartialImportResults>;

    /// Ends all sessions.
    POST "/admin/realms/{realm}/logout-all"
    fn logout_all(realm) -> Json<GlobalRequestResult>;

    /// Tells clients' admin URLs about `notBefore`.
    POST "/admin/realms/{realm}/push-revocation"
    fn push_revocation(realm) -> Json<GlobalRequestResult>;

    /// Sends a mail to the calling administrator with the given settings of `smtpServer`; ten stars stand for the stored
    /// password.
    POST "/admin/realms/{realm}/testSMTPConnection"
    fn test_smtp(realm, body: StringMap);

    /// How many sessions each client has that has any.
    GET "/admin/realms/{realm}/client-session-stats"
    fn client_session_stats(realm) -> Json<Vec<ClientSessionStats>>;

    /// Ends one session.
    DELETE "/admin/realms/{realm}/sessions/{id}"
    fn delete_session(realm, id, query: SessionKind);

    /// The groups that new users join.
    GET "/admin/realms/{realm}/default-groups"
    fn default_groups(realm) -> Json<Vec<Group>>;

    /// Adds a group that new users join.
    PUT "/admin/realms/{realm}/default-groups/{group}"
    fn add_default_group(realm, group), cache: "no-cache";

    /// Takes a group out of those that new users join.
    DELETE "/admin/realms/{realm}/default-groups/{group}"
    fn remove_default_group(realm, group), cache: "no-cache";

    /// The required actions with which users register credentials.
    GET "/admin/realms/{realm}/credential-registrators"
    fn credential_registrators(realm) -> Json<Vec<String>>;

    /// Whether fine-grained permissions are on for the realm's users.
    GET "/admin/realms/{realm}/users-management-permissions"
    fn users_permissions(realm) -> Json<ManagementPermissions>;

    /// Switches fine-grained permissions for the realm's users on or off.
    PUT "/admin/realms/{realm}/users-management-permissions"
    fn set_users_permissions(realm, body: ManagementPermissions) -> Json<ManagementPermissions>, cache: "no-cache";
}

/// What anybody may know of a realm.
pub mod public {
    use super::*;

    endpoints! {
        /// What anybody may know of a realm.
        PublicRealm(realm)

        /// Name, public key and the addresses of the token and account services.
        GET "/realms/{realm}"
        fn get() -> Json<PublishedRealm>;
    }
}
