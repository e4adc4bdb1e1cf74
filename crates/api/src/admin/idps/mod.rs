//! Identity providers: where users of a realm log in elsewhere.

pub mod mappers;

use crate::{
    admin::{clients::Certificate, components::ConfigProperty, permissions::ManagementPermissions},
    endpoint::{Content, Created, File, Json},
    endpoints,
    fields::StringMap,
    representation::representations,
};
pub use mappers::{IdentityProviderMapper, IdentityProviderMapperType};
use serde_json::Value;

representations! {
    /// An identity provider. Its `clientSecret` is masked when read.
    pub struct IdentityProvider = "IdentityProviderRepresentation" {
        pub alias: Option<String>,
        pub display_name: Option<String>,
        /// The id; URLs use the alias.
        pub internal_id: Option<String>,
        pub provider_id: Option<String>,
        pub enabled: Option<bool>,
        pub update_profile_first_login_mode: Option<String>,
        pub trust_email: Option<bool>,
        pub store_token: Option<bool>,
        pub add_read_token_role_on_create: Option<bool>,
        pub authenticate_by_default: Option<bool>,
        pub link_only: Option<bool>,
        pub hide_on_login: Option<bool>,
        pub first_broker_login_flow_alias: Option<String>,
        pub post_broker_login_flow_alias: Option<String>,
        pub organization_id: Option<String>,
        pub config: Option<StringMap>,
        pub types: Option<Vec<String>>,
        pub update_profile_first_login: Option<bool>,
    }

    /// A kind of identity provider, and what it can be configured with.
    pub struct IdentityProviderKind {
        pub id: Option<String>,
        pub name: Option<String>,
        pub help_text: Option<String>,
        pub config_properties: Option<Vec<ConfigProperty>>,
        pub config_metadata: Option<Vec<ConfigProperty>>,
        pub config: Option<Value>,
    }

    /// Which identity providers to list.
    pub struct IdentityProviderQuery {
        /// The beginning of alias or display name, `*part*` of it, or `"all of it"`.
        pub search: Option<String>,
        pub first: Option<i32>,
        /// 100 by default.
        pub max: Option<i32>,
        /// Whether alias, display name, kind and `enabled` are enough.
        pub brief_representation: Option<bool>,
        /// Whether to leave out those of organizations.
        pub realm_only: Option<bool>,
        /// What they are used for: `ANY`, `USER_AUTHENTICATION`, `CLIENT_ASSERTION`, `EXCHANGE_EXTERNAL_TOKEN`,
        /// `JWT_AUTHORIZATION_GRANT`.
        pub r#type: Option<String>,
        pub capability: Option<String>,
    }

    /// Where a configuration is read from.
    pub struct ImportConfig {
        /// The kind of identity provider: `oidc`, `saml`, …
        pub provider_id: Option<String>,
        /// The address of a discovery document or a SAML descriptor.
        pub from_url: Option<String>,
    }

    /// In which format to export.
    pub struct ExportQuery {
        /// `saml-idp-descriptor`, …
        pub format: Option<String>,
    }
}

endpoints! {
    /// The identity providers of a realm, by alias.
    IdentityProviders(realm)

    /// Creates an identity provider.
    POST "/admin/realms/{realm}/identity-provider/instances"
    fn create(body: IdentityProvider) -> Created;

    /// Lists those that match the query, by alias. Secrets are masked by ten stars.
    GET "/admin/realms/{realm}/identity-provider/instances"
    fn list(query: IdentityProviderQuery) -> Json<Vec<IdentityProvider>>, pages: list_all;

    /// Gets one identity provider.
    GET "/admin/realms/{realm}/identity-provider/instances/{alias}"
    fn get(alias) -> Json<IdentityProvider>;

    /// Replaces an identity provider; ten stars keep the stored secret.
    PUT "/admin/realms/{realm}/identity-provider/instances/{alias}"
    fn update(alias, body: IdentityProvider), cache: "no-cache";

    /// Deletes an identity provider and the users' links to it.
    DELETE "/admin/realms/{realm}/identity-provider/instances/{alias}"
    fn delete(alias), cache: "no-cache";

    /// What the other side needs to know, for SAML its descriptor. Empty for kinds that have none.
    GET "/admin/realms/{realm}/identity-provider/instances/{alias}/export"
    fn export(alias, query: ExportQuery) -> File;

    /// Fetches the provider's keys anew; false where there are none to fetch, or not yet again.
    GET "/admin/realms/{realm}/identity-provider/instances/{alias}/reload-keys"
    fn reload_keys(alias) -> Json<bool>;

    /// Whether fine-grained permissions are on for the identity provider.
    GET "/admin/realms/{realm}/identity-provider/instances/{alias}/management/permissions"
    fn permissions(alias) -> Json<ManagementPermissions>;

    /// Switches fine-grained permissions for the identity provider on or off.
    PUT "/admin/realms/{realm}/identity-provider/instances/{alias}/management/permissions"
    fn set_permissions(alias, body: ManagementPermissions) -> Json<ManagementPermissions>, cache: "no-cache";

    /// The configuration of another server, read from what it publishes: [`ImportConfig`] as [`Content::json`], or
    /// `providerId` and `file` as [`Content::multipart`]. Nothing is stored.
    POST "/admin/realms/{realm}/identity-provider/import-config"
    fn import_config(any: Content) -> Json<StringMap>;

    /// A certificate or key in PEM, read for the configuration: `keystoreFormat` and `file`. Nothing is stored.
    POST "/admin/realms/{realm}/identity-provider/upload-certificate"
    fn upload_certificate(multipart: Content) -> Json<Certificate>;

    /// A kind of identity provider: `oidc`, `saml`, `github`, …
    GET "/admin/realms/{realm}/identity-provider/providers/{provider}"
    fn kind(provider) -> Json<IdentityProviderKind>;
}
