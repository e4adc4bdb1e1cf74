//! Invitations to organizations.

use crate::{endpoint::Json, endpoints, representation::representations};
use serde::{Deserialize, Serialize};

representations! {
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

    /// Which invitations to list.
    pub struct InvitationQuery {
        pub status: Option<InvitationStatus>,
        /// Part of email, first or last name.
        pub search: Option<String>,
        pub email: Option<String>,
        pub first_name: Option<String>,
        pub last_name: Option<String>,
        pub first: Option<i32>,
        pub max: Option<i32>,
    }
}

/// Whether an invitation can still be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvitationStatus {
    Pending,
    Expired,
}

endpoints! {
    /// The invitations to an organization. [`Members::invite`](super::members::Members) sends them.
    Invitations(realm, org)

    /// Lists the invitations that match the query.
    GET "/admin/realms/{realm}/organizations/{org}/invitations"
    fn list(query: InvitationQuery) -> Json<Vec<OrganizationInvitation>>, cache: "", pages: list_all;

    /// Gets one invitation.
    GET "/admin/realms/{realm}/organizations/{org}/invitations/{id}"
    fn get(id) -> Json<OrganizationInvitation>, cache: "";

    /// Takes an invitation back.
    DELETE "/admin/realms/{realm}/organizations/{org}/invitations/{id}"
    fn delete(id);

    /// Sends an invitation once more. A new one, with an id of its own, takes the place of this one.
    POST "/admin/realms/{realm}/organizations/{org}/invitations/{id}/resend"
    fn resend(id);
}
