//! Executions: the steps of flows.

use super::{AuthenticationExecution, AuthenticatorConfig};
use crate::{
    endpoint::{Created, Json},
    endpoints,
};

endpoints! {
    /// The executions of flows, by id.
    Executions(realm)

    /// Adds an execution to the flow that `parentFlow` names by id.
    POST "/admin/realms/{realm}/authentication/executions"
    fn create(body: AuthenticationExecution) -> Created, cache: "no-cache";

    /// Gets one execution.
    GET "/admin/realms/{realm}/authentication/executions/{id}"
    fn get(id) -> Json<AuthenticationExecution>;

    /// Takes an execution out of its flow; with it the flow that it stands for.
    DELETE "/admin/realms/{realm}/authentication/executions/{id}"
    fn delete(id), cache: "no-cache";

    /// Changes places with the execution before it.
    POST "/admin/realms/{realm}/authentication/executions/{id}/raise-priority"
    fn raise_priority(id), cache: "no-cache";

    /// Changes places with the execution after it.
    POST "/admin/realms/{realm}/authentication/executions/{id}/lower-priority"
    fn lower_priority(id), cache: "no-cache";

    /// Gives an execution a configuration.
    POST "/admin/realms/{realm}/authentication/executions/{id}/config"
    fn create_config(id, body: AuthenticatorConfig) -> Created, cache: "no-cache";

    /// The configuration of an execution.
    GET "/admin/realms/{realm}/authentication/executions/{id}/config/{config}"
    fn config(id, config) -> Json<AuthenticatorConfig>;
}
