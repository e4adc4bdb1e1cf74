//! Users, their links to identity providers and their consents.

use std::collections::BTreeMap;

use crate::{
    admin::{
        credentials::Credential, groups::Group, legacy::SocialLink, profile::ProfileMetadata, query::Count,
        sessions::UserSession,
    },
    endpoint::{Created, Json},
    endpoints,
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

    /// What a user has allowed a client, and what the client has besides: offline access.
    pub struct ClientConsent {
        pub client_id: Option<String>,
        pub granted_client_scopes: Option<Vec<String>>,
        /// Milliseconds since 1970.
        pub created_date: Option<i64>,
        /// Milliseconds since 1970.
        pub last_updated_date: Option<i64>,
        pub additional_grants: Option<Vec<AdditionalGrant>>,
    }

    /// A grant that is no consent.
    pub struct AdditionalGrant {
        /// The client's id.
        pub client: Option<String>,
        /// What it is: `Offline Token`.
        pub key: Option<String>,
    }

    /// Which users to list or count. Conditions are ANDed; `search` takes the place of the field conditions.
    pub struct UserQuery {
        /// Words that begin the username, the first or last name or the email; `*` stands for anything, quotes ask for
        /// the whole word.
        pub search: Option<String>,
        /// Part of the username, or all of it with `exact`.
        pub username: Option<String>,
        pub email: Option<String>,
        pub first_name: Option<String>,
        pub last_name: Option<String>,
        /// Whether the field conditions ask for the whole value.
        pub exact: Option<bool>,
        pub email_verified: Option<bool>,
        pub enabled: Option<bool>,
        /// The alias of an identity provider that the user is linked to.
        pub idp_alias: Option<String>,
        /// The user's id there.
        pub idp_user_id: Option<String>,
        /// Attributes: `name:value other:"two words"`.
        pub q: Option<String>,
        /// A date (`2026-01-31`) or milliseconds since 1970.
        pub created_after: Option<String>,
        /// A date (`2026-01-31`) or milliseconds since 1970.
        pub created_before: Option<String>,
        pub first: Option<i32>,
        /// 100 by default; all when negative.
        pub max: Option<i32>,
        /// Whether to leave out attributes and what else takes longer to find.
        pub brief_representation: Option<bool>,
    }

    /// What to return of one user.
    pub struct UserDetail {
        /// Whether to add `userProfileMetadata`.
        pub user_profile_metadata: Option<bool>,
    }

    /// Which of a user's groups to list.
    pub struct UserGroupQuery {
        /// Part of the name.
        pub search: Option<String>,
        pub first: Option<i32>,
        pub max: Option<i32>,
        /// True by default.
        pub brief_representation: Option<bool>,
    }

    /// Which of a user's groups to count.
    pub struct UserGroupCount {
        /// Part of the name.
        pub search: Option<String>,
    }

    /// Where a mailed link leads, and how long it is good for.
    pub struct MailLink {
        #[serde(rename = "client_id")]
        pub client_id: Option<String>,
        /// Where to go afterwards: one of the client's redirect URIs.
        #[serde(rename = "redirect_uri")]
        pub redirect_uri: Option<String>,
        /// Seconds.
        pub lifespan: Option<i32>,
    }

    /// What an impersonation answers.
    pub struct Impersonation {
        /// Whether the administrator is of the user's realm, and so is logged out.
        pub same_realm: Option<bool>,
        /// Where to go: the user's account.
        pub redirect: Option<String>,
    }
}

endpoints! {
    /// The users of a realm.
    Users(realm)

    /// Creates a user, disabled unless `enabled` says otherwise. Username and email become lower case.
    POST "/admin/realms/{realm}/users"
    fn create(body: User) -> Created;

    /// Lists the users that match the query, 100 unless `max` says otherwise. Service accounts are left out.
    GET "/admin/realms/{realm}/users"
    fn list(query: UserQuery) -> Json<Vec<User>>, pages: list_all;

    /// Counts the users that match the query.
    GET "/admin/realms/{realm}/users/count"
    fn count(query: UserQuery) -> Json<i64>;

    /// Gets one user.
    GET "/admin/realms/{realm}/users/{id}"
    fn get(id, query: UserDetail) -> Json<User>;

    /// Replaces the fields that are set. With `attributes`, names and email that are absent are cleared.
    PUT "/admin/realms/{realm}/users/{id}"
    fn update(id, body: User);

    /// Deletes a user.
    DELETE "/admin/realms/{realm}/users/{id}"
    fn delete(id), cache: "no-cache";

    /// The attributes that the user profile does not declare.
    GET "/admin/realms/{realm}/users/{id}/unmanagedAttributes"
    fn unmanaged_attributes(id) -> Json<Attributes>;

    /// The groups that a user is a member of.
    GET "/admin/realms/{realm}/users/{id}/groups"
    fn groups(id, query: UserGroupQuery) -> Json<Vec<Group>>, pages: groups_all;

    /// Counts the groups that a user is a member of.
    GET "/admin/realms/{realm}/users/{id}/groups/count"
    fn count_groups(id, query: UserGroupCount) -> Json<Count>;

    /// Makes a user a member of a group; one that is a member already stays so.
    PUT "/admin/realms/{realm}/users/{id}/groups/{group}"
    fn join_group(id, group), cache: "no-cache";

    /// Takes a user out of a group.
    DELETE "/admin/realms/{realm}/users/{id}/groups/{group}"
    fn leave_group(id, group), cache: "no-cache";

    /// The sessions of a user.
    GET "/admin/realms/{realm}/users/{id}/sessions"
    fn sessions(id) -> Json<Vec<UserSession>>;

    /// The offline sessions of a user with one client.
    GET "/admin/realms/{realm}/users/{id}/offline-sessions/{client}"
    fn offline_sessions(id, client) -> Json<Vec<UserSession>>;

    /// Ends all sessions of a user; tokens issued until now are refused.
    POST "/admin/realms/{realm}/users/{id}/logout"
    fn logout(id);

    /// What a user has consented to, and the clients with offline access.
    GET "/admin/realms/{realm}/users/{id}/consents"
    fn consents(id) -> Json<Vec<ClientConsent>>;

    /// Revokes a user's consent to a client, named by its `clientId`, and the offline access.
    DELETE "/admin/realms/{realm}/users/{id}/consents/{client}"
    fn revoke_consent(id, client), cache: "no-cache";

    /// A user's accounts at identity providers.
    GET "/admin/realms/{realm}/users/{id}/federated-identity"
    fn federated_identities(id) -> Json<Vec<FederatedIdentity>>;

    /// Links a user to an account at an identity provider.
    POST "/admin/realms/{realm}/users/{id}/federated-identity/{provider}"
    fn link(id, provider, body: FederatedIdentity), cache: "no-cache";

    /// Removes the link to an identity provider.
    DELETE "/admin/realms/{realm}/users/{id}/federated-identity/{provider}"
    fn unlink(id, provider), cache: "no-cache";

    /// Sends a mail with a link to required actions, named by their aliases. The user's own list is not changed.
    PUT "/admin/realms/{realm}/users/{id}/execute-actions-email"
    fn execute_actions_email(id, query: MailLink, body: Vec<String>);

    /// Sends a mail with a link that verifies the address.
    PUT "/admin/realms/{realm}/users/{id}/send-verify-email"
    fn send_verify_email(id, query: MailLink);

    /// Sends a mail with a link that sets a new password.
    PUT "/admin/realms/{realm}/users/{id}/reset-password-email"
    fn reset_password_email(id, query: MailLink);

    /// Logs the caller's browser in as the user.
    POST "/admin/realms/{realm}/users/{id}/impersonation"
    fn impersonate(id) -> Json<Impersonation>, cache: "no-cache";
}
