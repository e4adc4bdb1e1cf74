//! Authentication flows: what users go through to log in.

pub mod configs;
pub mod execution;
pub mod providers;
pub mod required_actions;

use crate::{
    endpoint::{Created, Json},
    endpoints,
    representation::representations,
};
pub use configs::{AuthenticatorConfig, AuthenticatorConfigInfo};
pub use required_actions::{RequiredAction, RequiredActionConfig, RequiredActionConfigInfo};

representations! {
    /// A flow with its executions. Sub-flows are flows of their own, named by `flowAlias`.
    pub struct AuthenticationFlow = "AuthenticationFlowRepresentation" {
        pub id: Option<String>,
        pub alias: Option<String>,
        pub description: Option<String>,
        pub provider_id: Option<String>,
        pub top_level: Option<bool>,
        pub built_in: Option<bool>,
        pub authentication_executions: Option<Vec<AuthenticationExecutionExport>>,
    }

    /// An execution as it is created on its own.
    pub struct AuthenticationExecution = "AuthenticationExecutionRepresentation" {
        pub authenticator_config: Option<String>,
        pub authenticator: Option<String>,
        pub authenticator_flow: Option<bool>,
        /// `REQUIRED`, `ALTERNATIVE`, `CONDITIONAL` or `DISABLED`.
        pub requirement: Option<String>,
        pub priority: Option<i32>,
        /// The older spelling of `authenticatorFlow`; both are written.
        pub autheticator_flow: Option<bool>,
        pub id: Option<String>,
        pub flow_id: Option<String>,
        pub parent_flow: Option<String>,
    }

    /// An execution as part of a flow's representation: names instead of ids.
    pub struct AuthenticationExecutionExport = "AuthenticationExecutionExportRepresentation" {
        pub authenticator_config: Option<String>,
        pub authenticator: Option<String>,
        pub authenticator_flow: Option<bool>,
        pub requirement: Option<String>,
        pub priority: Option<i32>,
        /// The older spelling of `authenticatorFlow`; both are written.
        pub autheticator_flow: Option<bool>,
        pub flow_alias: Option<String>,
        pub user_setup_allowed: Option<bool>,
    }

    /// An execution as listed for a flow, sub-flows flattened: `level` and `index` give its place.
    pub struct AuthenticationExecutionInfo = "AuthenticationExecutionInfoRepresentation" {
        pub id: Option<String>,
        pub requirement: Option<String>,
        pub display_name: Option<String>,
        pub alias: Option<String>,
        pub description: Option<String>,
        pub requirement_choices: Option<Vec<String>>,
        pub configurable: Option<bool>,
        pub authentication_flow: Option<bool>,
        pub provider_id: Option<String>,
        pub authentication_config: Option<String>,
        pub flow_id: Option<String>,
        pub level: Option<i32>,
        pub index: Option<i32>,
        pub priority: Option<i32>,
    }

    /// The name of a copy.
    pub struct FlowCopy {
        pub new_name: Option<String>,
    }

    /// An execution to be added to a flow. It begins `DISABLED`.
    pub struct NewExecution {
        /// The authenticator: `auth-cookie`, …
        pub provider: Option<String>,
        /// Its place among its siblings; after all of them by default.
        pub priority: Option<i32>,
    }

    /// A flow to be added to a flow. It begins `DISABLED`.
    pub struct NewSubflow {
        pub alias: Option<String>,
        /// `basic-flow`, or `form-flow` for a form such as registration's.
        pub r#type: Option<String>,
        /// The form of a `form-flow`: `registration-page-form`.
        pub provider: Option<String>,
        pub description: Option<String>,
        /// Its place among its siblings; after all of them by default.
        pub priority: Option<i32>,
    }
}

endpoints! {
    /// The authentication flows of a realm.
    Flows(realm)

    /// Creates a flow without executions.
    POST "/admin/realms/{realm}/authentication/flows"
    fn create(body: AuthenticationFlow) -> Created, cache: "no-cache";

    /// Lists the flows that stand on their own.
    GET "/admin/realms/{realm}/authentication/flows"
    fn list() -> Json<Vec<AuthenticationFlow>>;

    /// Gets one flow.
    GET "/admin/realms/{realm}/authentication/flows/{id}"
    fn get(id) -> Json<AuthenticationFlow>;

    /// Replaces alias and description.
    PUT "/admin/realms/{realm}/authentication/flows/{id}"
    fn update(id, body: AuthenticationFlow), cache: "no-cache";

    /// Deletes a flow and those in it. Built-in ones, and those in use, cannot be.
    DELETE "/admin/realms/{realm}/authentication/flows/{id}"
    fn delete(id), cache: "no-cache";

    /// Copies a flow, named by its alias, and those in it.
    POST "/admin/realms/{realm}/authentication/flows/{alias}/copy"
    fn copy(alias, body: FlowCopy) -> Created, cache: "no-cache";

    /// The executions of a flow and of those in it, in their order, the flow named by its alias.
    GET "/admin/realms/{realm}/authentication/flows/{alias}/executions"
    fn executions(alias) -> Json<Vec<AuthenticationExecutionInfo>>;

    /// Replaces requirement and priority of one execution, named by the body's id; alias and description of a flow in a flow.
    PUT "/admin/realms/{realm}/authentication/flows/{alias}/executions"
    fn update_execution(alias, body: AuthenticationExecutionInfo), cache: "no-cache";

    /// Adds an authenticator to a flow.
    POST "/admin/realms/{realm}/authentication/flows/{alias}/executions/execution"
    fn add_execution(alias, body: NewExecution) -> Created, cache: "no-cache";

    /// Adds a flow to a flow.
    POST "/admin/realms/{realm}/authentication/flows/{alias}/executions/flow"
    fn add_subflow(alias, body: NewSubflow) -> Created, cache: "no-cache";
}
