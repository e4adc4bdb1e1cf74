//! The configurations of executions, and what they can hold.

use std::collections::BTreeMap;

use crate::{
    admin::components::ConfigProperty,
    endpoint::{Created, Json},
    endpoints,
    fields::StringMap,
    representation::representations,
};

representations! {
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
}

endpoints! {
    /// The configurations of executions.
    AuthenticatorConfigs(realm)

    /// Creates a configuration that no execution has yet; [`Executions::create_config`](super::execution::Executions) gives
    /// one to an execution.
    POST "/admin/realms/{realm}/authentication/config"
    fn create(body: AuthenticatorConfig) -> Created, cache: "no-cache";

    /// Gets one configuration.
    GET "/admin/realms/{realm}/authentication/config/{id}"
    fn get(id) -> Json<AuthenticatorConfig>;

    /// Replaces alias and values.
    PUT "/admin/realms/{realm}/authentication/config/{id}"
    fn update(id, body: AuthenticatorConfig), cache: "no-cache";

    /// Deletes a configuration, also from the execution that has it.
    DELETE "/admin/realms/{realm}/authentication/config/{id}"
    fn delete(id), cache: "no-cache";

    /// What the executions of an authenticator can be configured with.
    GET "/admin/realms/{realm}/authentication/config-description/{provider}"
    fn description(provider) -> Json<AuthenticatorConfigInfo>;

    /// What clients can be configured with, by client authenticator.
    GET "/admin/realms/{realm}/authentication/per-client-config-description"
    fn client_descriptions() -> Json<BTreeMap<String, Vec<ConfigProperty>>>;
}
