//! Users, their links to identity providers and their consents.

use std::collections::BTreeMap;

use crate::{
    admin::{credentials::Credential, legacy::SocialLink, profile::ProfileMetadata},
    fields::Attributes,
    representation::representations,
};

representations! {
    /// A user. Also what import and export hold: then with credentials, role and group names, and consents.
    pub struct User = "UserRepresentation" {
        pub id: Option<String>,
        pub username: Option<String>,
        pub first_name: Option<String>,
        pub last_name: Option<String>,
        pub email: Option<String>,
        pub email_verified: Option<bool>,
        pub attributes: Option<Attributes>,
        pub user_profile_metadata: Option<ProfileMetadata>,
        pub enabled: Option<bool>,
        #[serde(rename = "self")]
        pub self_link: Option<String>,
        pub origin: Option<String>,
        /// Milliseconds since 1970.
        pub created_timestamp: Option<i64>,
        /// Whether a one-time password is set up.
        pub totp: Option<bool>,
        /// The id of the user storage that the user comes from.
        pub federation_link: Option<String>,
        /// The client whose service account this is.
        pub service_account_client_id: Option<String>,
        pub credentials: Option<Vec<Credential>>,
        pub disableable_credential_types: Option<Vec<String>>,
        /// What the user must do at the next login: aliases of required actions.
        pub required_actions: Option<Vec<String>>,
        pub federated_identities: Option<Vec<FederatedIdentity>>,
        pub realm_roles: Option<Vec<String>>,
        /// By `clientId`.
        pub client_roles: Option<BTreeMap<String, Vec<String>>>,
        pub client_consents: Option<Vec<UserConsent>>,
        /// Seconds since 1970: tokens issued earlier are refused.
        pub not_before: Option<i32>,
        /// Deprecated name of `clientRoles`.
        pub application_roles: Option<BTreeMap<String, Vec<String>>>,
        pub social_links: Option<Vec<SocialLink>>,
        /// Paths, read at import and creation.
        pub groups: Option<Vec<String>>,
        /// What the caller may do with the user.
        pub access: Option<BTreeMap<String, bool>>,
    }

    /// A user's account at an identity provider.
    pub struct FederatedIdentity = "FederatedIdentityRepresentation" {
        pub identity_provider: Option<String>,
        pub user_id: Option<String>,
        pub user_name: Option<String>,
    }

    /// What a user has allowed a client to see.
    pub struct UserConsent = "UserConsentRepresentation" {
        pub client_id: Option<String>,
        pub granted_client_scopes: Option<Vec<String>>,
        /// Milliseconds since 1970.
        pub created_date: Option<i64>,
        pub last_updated_date: Option<i64>,
        pub granted_realm_roles: Option<Vec<String>>,
    }
}
