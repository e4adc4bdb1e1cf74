//! Organizations, their members, domains and invitations.

use crate::{
    admin::{groups::Group, idps::IdentityProvider, users::User},
    fields::Attributes,
    representation::representations,
};
use serde::{Deserialize, Serialize};

representations! {
    /// An organization. `members`, `identityProviders` and `groups` are filled in import and export.
    pub struct Organization = "OrganizationRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub alias: Option<String>,
        pub enabled: Option<bool>,
        pub description: Option<String>,
        pub redirect_url: Option<String>,
        pub attributes: Option<Attributes>,
        pub domains: Option<Vec<OrganizationDomain>>,
        pub members: Option<Vec<Member>>,
        pub identity_providers: Option<Vec<IdentityProvider>>,
        pub groups: Option<Vec<Group>>,
    }

    /// An email domain that belongs to an organization.
    pub struct OrganizationDomain = "OrganizationDomainRepresentation" {
        pub name: Option<String>,
        pub verified: Option<bool>,
    }

    /// An invitation that has been sent. Times are in seconds.
    pub struct OrganizationInvitation = "OrganizationInvitationRepresentation" {
        pub id: Option<String>,
        pub organization_id: Option<String>,
        pub email: Option<String>,
        pub first_name: Option<String>,
        pub last_name: Option<String>,
        pub sent_date: Option<i32>,
        pub expires_at: Option<i32>,
        pub status: Option<InvitationStatus>,
        pub invite_link: Option<String>,
    }
}

/// A member: a user, and how the membership came about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Member {
    #[serde(flatten)]
    pub user: User,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub membership_type: Option<MembershipType>,
}

/// Whether a member was made by the organization, and goes with it, or joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MembershipType {
    Unmanaged,
    Managed,
}

/// Whether an invitation can still be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvitationStatus {
    Pending,
    Expired,
}
