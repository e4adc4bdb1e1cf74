//! Authentication flows, their executions and configurations, and required actions.

use crate::{admin::components::ConfigProperty, fields::StringMap, representation::representations};

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

    /// The configuration of an execution.
    pub struct AuthenticatorConfig = "AuthenticatorConfigRepresentation" {
        pub id: Option<String>,
        pub alias: Option<String>,
        pub config: Option<StringMap>,
    }

    /// Describes what an authenticator can be configured with.
    pub struct AuthenticatorConfigInfo = "AuthenticatorConfigInfoRepresentation" {
        pub name: Option<String>,
        pub provider_id: Option<String>,
        pub help_text: Option<String>,
        pub properties: Option<Vec<ConfigProperty>>,
    }

    /// An action that users may have to do at login, such as verifying their address.
    pub struct RequiredAction = "RequiredActionProviderRepresentation" {
        pub alias: Option<String>,
        pub name: Option<String>,
        pub provider_id: Option<String>,
        pub enabled: Option<bool>,
        pub default_action: Option<bool>,
        pub priority: Option<i32>,
        pub config: Option<StringMap>,
    }

    /// The configuration of a required action.
    pub struct RequiredActionConfig = "RequiredActionConfigRepresentation" {
        pub config: Option<StringMap>,
    }

    /// Describes what a required action can be configured with.
    pub struct RequiredActionConfigInfo = "RequiredActionConfigInfoRepresentation" {
        pub properties: Option<Vec<ConfigProperty>>,
    }
}
