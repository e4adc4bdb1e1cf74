//! Members of organizations.

use super::Organization;
use crate::{
    admin::{
        groups::Group,
        query::Brief,
        users::{User, UserGroupQuery},
    },
    endpoint::{Created, Form, Json},
    endpoints,
    representation::representations,
};
use serde::{Deserialize, Serialize};

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

representations! {
    /// Which members to list.
    pub struct MemberQuery {
        /// Part of username, email, first or last name, or all of it with `exact`.
        pub search: Option<String>,
        pub exact: Option<bool>,
        pub membership_type: Option<MembershipType>,
        pub first: Option<i32>,
        /// 10 by default.
        pub max: Option<i32>,
    }

    /// Who is invited.
    pub struct Invitation {
        /// The address; a user who has it is asked to join, anybody else to register.
        pub email: Option<String>,
        pub first_name: Option<String>,
        pub last_name: Option<String>,
    }

    /// Which user is invited.
    pub struct UserInvitation {
        /// The user's id.
        pub id: Option<String>,
    }
}

endpoints! {
    /// The members of an organization.
    Members(realm, org)

    /// Makes a user, named by id, a member.
    POST "/admin/realms/{realm}/organizations/{org}/members"
    fn add(quoted: String) -> Created;

    /// Lists the members that match the query.
    GET "/admin/realms/{realm}/organizations/{org}/members"
    fn list(query: MemberQuery) -> Json<Vec<Member>>, pages: list_all;

    /// Counts the members.
    GET "/admin/realms/{realm}/organizations/{org}/members/count"
    fn count() -> Json<i64>;

    /// Gets one member.
    GET "/admin/realms/{realm}/organizations/{org}/members/{user}"
    fn get(user) -> Json<Member>;

    /// Ends a membership; a user whom the organization made is deleted.
    DELETE "/admin/realms/{realm}/organizations/{org}/members/{user}"
    fn remove(user);

    /// The organizations that a member of this one belongs to.
    GET "/admin/realms/{realm}/organizations/{org}/members/{user}/organizations"
    fn organizations(user, query: Brief) -> Json<Vec<Organization>>;

    /// The groups of this organization that a member belongs to.
    GET "/admin/realms/{realm}/organizations/{org}/members/{user}/groups"
    fn groups(user, query: UserGroupQuery) -> Json<Vec<Group>>, pages: groups_all;

    /// Sends a mail with an invitation to an address; [`Form::of`] an [`Invitation`].
    POST "/admin/realms/{realm}/organizations/{org}/members/invite-user"
    fn invite(form: Form);

    /// Sends a mail with an invitation to a user; [`Form::of`] a [`UserInvitation`].
    POST "/admin/realms/{realm}/organizations/{org}/members/invite-existing-user"
    fn invite_user(form: Form);
}
