//! What a server is made of.

use std::collections::BTreeMap;

use crate::{
    admin::{
        components::{ComponentType, ConfigProperty},
        mappers::ProtocolMapper,
    },
    endpoint::Json,
    endpoints,
    representation::representations,
};
use serde_json::Value;

representations! {
    /// What a server is made of: version, features, and the providers that realms can use.
    pub struct ServerInfo = "ServerInfoRepresentation" {
        pub system_info: Option<SystemInfo>,
        pub memory_info: Option<MemoryInfo>,
        pub cpu_info: Option<CpuInfo>,
        pub profile_info: Option<ProfileInfo>,
        pub features: Option<Vec<Feature>>,
        pub crypto_info: Option<CryptoInfo>,
        /// By type: `login`, `account`, `admin`, `email`, `welcome`, `common`.
        pub themes: Option<BTreeMap<String, Vec<Theme>>>,
        pub social_providers: Option<Vec<ProviderName>>,
        pub identity_providers: Option<Vec<ProviderName>>,
        pub client_importers: Option<Vec<ProviderName>>,
        /// By name of the interface.
        pub providers: Option<BTreeMap<String, Spi>>,
        /// By protocol.
        pub protocol_mapper_types: Option<BTreeMap<String, Vec<ProtocolMapperType>>>,
        /// By protocol.
        pub builtin_protocol_mappers: Option<BTreeMap<String, Vec<ProtocolMapper>>>,
        /// By protocol.
        pub client_installations: Option<BTreeMap<String, Vec<ClientInstallation>>>,
        /// By interface: `org.keycloak.keys.KeyProvider`.
        pub component_types: Option<BTreeMap<String, Vec<ComponentType>>>,
        pub password_policies: Option<Vec<PasswordPolicyType>>,
        /// The values of `operationType`, `eventType`, `resourceType`.
        pub enums: Option<BTreeMap<String, Vec<String>>>,
        pub parameterized_scope_types: Option<Vec<ParameterizedScopeType>>,
    }

    /// The machine and what runs on it.
    pub struct SystemInfo = "SystemInfoRepresentation" {
        pub version: Option<String>,
        pub server_time: Option<String>,
        pub uptime: Option<String>,
        pub uptime_millis: Option<i64>,
        pub java_version: Option<String>,
        pub java_vendor: Option<String>,
        pub java_vm: Option<String>,
        pub java_vm_version: Option<String>,
        pub java_runtime: Option<String>,
        pub java_home: Option<String>,
        pub os_name: Option<String>,
        pub os_architecture: Option<String>,
        pub os_version: Option<String>,
        pub file_encoding: Option<String>,
        pub user_name: Option<String>,
        pub user_dir: Option<String>,
        pub user_timezone: Option<String>,
        pub user_locale: Option<String>,
    }

    /// Memory, in bytes; `…Formated` for a person.
    pub struct MemoryInfo = "MemoryInfoRepresentation" {
        pub total: Option<i64>,
        pub total_formated: Option<String>,
        pub used: Option<i64>,
        pub used_formated: Option<String>,
        pub free: Option<i64>,
        pub free_percentage: Option<i64>,
        pub free_formated: Option<String>,
    }

    /// Processors.
    pub struct CpuInfo = "CpuInfoRepresentation" {
        pub processor_count: Option<i64>,
    }

    /// Names of features by whether they are on.
    pub struct ProfileInfo = "ProfileInfoRepresentation" {
        pub name: Option<String>,
        pub disabled_features: Option<Vec<String>>,
        pub preview_features: Option<Vec<String>>,
        pub experimental_features: Option<Vec<String>>,
    }

    /// A feature that can be switched on and off at start.
    pub struct Feature = "FeatureRepresentation" {
        pub name: Option<String>,
        pub label: Option<String>,
        /// `DEFAULT`, `PREVIEW`, `EXPERIMENTAL`, …
        pub r#type: Option<String>,
        pub enabled: Option<bool>,
        pub deprecated: Option<bool>,
        pub dependencies: Option<Vec<String>>,
    }

    /// What can be signed and stored with.
    pub struct CryptoInfo = "CryptoInfoRepresentation" {
        pub crypto_provider: Option<String>,
        pub supported_keystore_types: Option<Vec<String>>,
        pub client_signature_symmetric_algorithms: Option<Vec<String>>,
        pub client_signature_asymmetric_algorithms: Option<Vec<String>>,
    }

    /// A theme.
    pub struct Theme = "ThemeInfoRepresentation" {
        pub name: Option<String>,
        pub description: Option<String>,
        pub locales: Option<Vec<String>>,
    }

    /// A kind of identity provider.
    pub struct ProviderName {
        pub id: Option<String>,
        pub name: Option<String>,
        pub group_name: Option<String>,
    }

    /// An interface and its providers.
    pub struct Spi = "SpiInfoRepresentation" {
        pub internal: Option<bool>,
        /// By id.
        pub providers: Option<BTreeMap<String, ProviderInfo>>,
    }

    /// A provider.
    pub struct ProviderInfo = "ProviderRepresentation" {
        pub order: Option<i32>,
        pub operational_info: Option<BTreeMap<String, Value>>,
    }

    /// A kind of protocol mapper.
    pub struct ProtocolMapperType = "ProtocolMapperTypeRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub category: Option<String>,
        pub help_text: Option<String>,
        pub priority: Option<i32>,
        pub properties: Option<Vec<ConfigProperty>>,
    }

    /// A format of configuration files for clients.
    pub struct ClientInstallation = "ClientInstallationRepresentation" {
        pub id: Option<String>,
        pub protocol: Option<String>,
        pub download_only: Option<bool>,
        pub display_type: Option<String>,
        pub help_text: Option<String>,
        pub filename: Option<String>,
        pub media_type: Option<String>,
    }

    /// A rule for passwords that a policy can hold.
    pub struct PasswordPolicyType = "PasswordPolicyTypeRepresentation" {
        pub id: Option<String>,
        pub display_name: Option<String>,
        /// `int` or `String`; absent where the rule takes no value.
        pub config_type: Option<String>,
        pub default_value: Option<String>,
        pub multiple_supported: Option<bool>,
    }

    /// What a parameter in the name of a client scope can be.
    pub struct ParameterizedScopeType {
        pub name: Option<String>,
        pub repeatable: Option<bool>,
    }
}

endpoints! {
    /// The server itself.
    Server()

    /// What it is made of. An administrator of one realm is told less: no system, memory and processors.
    GET "/admin/serverinfo"
    fn info() -> Json<ServerInfo>;
}
