//! Organizations: users of a realm who belong to one customer or partner.

pub mod groups;
pub mod idps;
pub mod invitations;
pub mod members;

use crate::{
    admin::{groups::Group, idps::IdentityProvider, query::Brief},
    endpoint::{Created, Json},
    endpoints,
    fields::Attributes,
    representation::representations,
};
pub use invitations::{InvitationStatus, OrganizationInvitation};
pub use members::{Member, MembershipType};

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

    /// Which organizations to list.
    pub struct OrganizationQuery {
        /// Part of name or domain, or all of it with `exact`.
        pub search: Option<String>,
        pub exact: Option<bool>,
        /// Attributes: `name:value other:"two words"`.
        pub q: Option<String>,
        pub first: Option<i32>,
        /// 10 by default.
        pub max: Option<i32>,
        /// Whether to leave out attributes; true by default.
        pub brief_representation: Option<bool>,
    }

    /// Which organizations to count.
    pub struct OrganizationCount {
        /// Part of name or domain, or all of it with `exact`.
        pub search: Option<String>,
        pub exact: Option<bool>,
        /// Attributes: `name:value other:"two words"`.
        pub q: Option<String>,
    }
}

endpoints! {
    /// The organizations of a realm. 404 where the realm has them switched off.
    Organizations(realm)

    /// Creates an organization.
    POST "/admin/realms/{realm}/organizations"
    fn create(body: Organization) -> Created;

    /// Lists the organizations that match the query, by name.
    GET "/admin/realms/{realm}/organizations"
    fn list(query: OrganizationQuery) -> Json<Vec<Organization>>, pages: list_all;

    /// Counts the organizations that match the query.
    GET "/admin/realms/{realm}/organizations/count"
    fn count(query: OrganizationCount) -> Json<i64>;

    /// Gets one organization.
    GET "/admin/realms/{realm}/organizations/{id}"
    fn get(id) -> Json<Organization>;

    /// Replaces an organization. The alias stays.
    PUT "/admin/realms/{realm}/organizations/{id}"
    fn update(id, body: Organization);

    /// Deletes an organization, and the members that it made.
    DELETE "/admin/realms/{realm}/organizations/{id}"
    fn delete(id);

    /// The organizations that a user is a member of.
    GET "/admin/realms/{realm}/organizations/members/{user}/organizations"
    fn of_user(user, query: Brief) -> Json<Vec<Organization>>;
}
