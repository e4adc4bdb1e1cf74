//! What exports of old servers hold: read and kept, no longer used.

use crate::{
    admin::{clients::Client, mappers::ProtocolMapper},
    fields::StringMap,
    representation::representations,
};
use serde::{Deserialize, Serialize};

representations! {
    /// A link to a social provider, before these became identity providers.
    pub struct SocialLink = "SocialLinkRepresentation" {
        pub social_provider: Option<String>,
        pub social_user_id: Option<String>,
        pub social_username: Option<String>,
    }

    /// A user storage, before these became components.
    pub struct UserFederationProvider = "UserFederationProviderRepresentation" {
        pub id: Option<String>,
        pub display_name: Option<String>,
        pub provider_name: Option<String>,
        pub config: Option<StringMap>,
        pub priority: Option<i32>,
        pub full_sync_period: Option<i32>,
        pub changed_sync_period: Option<i32>,
        pub last_sync: Option<i32>,
    }

    /// A mapper of a user storage, before these became components.
    pub struct UserFederationMapper = "UserFederationMapperRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub federation_provider_display_name: Option<String>,
        pub federation_mapper_type: Option<String>,
        pub config: Option<StringMap>,
    }

    /// Which claims an application asked for, before scopes did.
    pub struct Claims = "ClaimRepresentation" {
        pub name: Option<bool>,
        pub username: Option<bool>,
        pub profile: Option<bool>,
        pub picture: Option<bool>,
        pub website: Option<bool>,
        pub email: Option<bool>,
        pub gender: Option<bool>,
        pub locale: Option<bool>,
        pub address: Option<bool>,
        pub phone: Option<bool>,
    }

    /// A client template, before these became client scopes.
    pub struct ClientTemplate = "ClientTemplateRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub description: Option<String>,
        pub protocol: Option<String>,
        pub full_scope_allowed: Option<bool>,
        pub bearer_only: Option<bool>,
        pub consent_required: Option<bool>,
        pub standard_flow_enabled: Option<bool>,
        pub implicit_flow_enabled: Option<bool>,
        pub direct_access_grants_enabled: Option<bool>,
        pub service_accounts_enabled: Option<bool>,
        pub public_client: Option<bool>,
        pub frontchannel_logout: Option<bool>,
        pub attributes: Option<StringMap>,
        pub protocol_mappers: Option<Vec<ProtocolMapper>>,
    }
}

/// A client, before applications and OAuth clients became one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Application {
    #[serde(flatten)]
    pub client: Client,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<Claims>,
}
