//! Permission tickets: what a caller lacked (Federated Authorization for UMA 2.0, 4), and who has shared what with whom.

use std::collections::BTreeMap;

use crate::{
    endpoint::{CreatedJson, Json},
    endpoints,
    fields::Secret,
    representation::representations,
};

representations! {
    in snake_case;

    /// A permission that a caller lacked.
    pub struct PermissionRequest {
        /// The resource, by id or by a name of the resource server's own.
        pub resource_id: Option<String>,
        pub resource_scopes: Option<Vec<String>>,
        /// What policies may know of this request: each name has any number of values.
        pub claims: Option<BTreeMap<String, Vec<String>>>,
    }

    /// What the caller is sent to the authorization server with.
    pub struct PermissionResponse {
        pub ticket: Option<Secret>,
    }
}

endpoints! {
    /// Where a resource server notes what a caller lacked.
    UmaPermissions(realm)

    /// Makes one ticket of the permissions. A list, also for a single one.
    POST "/realms/{realm}/authz/protection/permission"
    fn create(body: Vec<PermissionRequest>) -> CreatedJson<PermissionResponse>;
}

/// What users have shared, or asked for.
pub mod requests {
    use super::*;

    representations! {
        /// One user's access to one scope of another's resource: granted, or asked for.
        pub struct Ticket = "PermissionTicketRepresentation" {
            pub id: Option<String>,
            /// The user's id.
            pub owner: Option<String>,
            pub owner_name: Option<String>,
            /// The resource's id.
            pub resource: Option<String>,
            pub resource_name: Option<String>,
            /// The scope's id.
            pub scope: Option<String>,
            pub scope_name: Option<String>,
            /// Whether the owner has agreed.
            pub granted: Option<bool>,
            /// The user's id.
            pub requester: Option<String>,
            pub requester_name: Option<String>,
        }

        /// Which tickets to list. Conditions are ANDed.
        pub struct TicketQuery {
            pub scope_id: Option<String>,
            pub resource_id: Option<String>,
            /// A user's name or id.
            pub owner: Option<String>,
            /// A user's name or id.
            pub requester: Option<String>,
            pub granted: Option<bool>,
            /// Whether to fill the names.
            pub return_names: Option<bool>,
            pub first: Option<i32>,
            pub max: Option<i32>,
        }
    }

    endpoints! {
        /// What users have shared, or asked for.
        UmaTickets(realm)

        /// Lists the tickets that match the query.
        GET "/realms/{realm}/authz/protection/permission/ticket"
        fn list(query: TicketQuery) -> Json<Vec<Ticket>>, cache: "", pages: list_all;

        /// Counts the tickets that match the query.
        GET "/realms/{realm}/authz/protection/permission/ticket/count"
        fn count(query: TicketQuery) -> Json<i64>, cache: "";

        /// Shares a resource, or asks for access to it: `granted`.
        POST "/realms/{realm}/authz/protection/permission/ticket"
        fn create(body: Ticket) -> Json<Ticket>;

        /// Grants what was asked for; `granted: false` deletes the ticket.
        PUT "/realms/{realm}/authz/protection/permission/ticket"
        fn update(body: Ticket);

        /// Deletes a ticket: access is taken away, or no longer asked for.
        DELETE "/realms/{realm}/authz/protection/permission/ticket/{id}"
        fn delete(id);
    }
}
