//! Workflows: steps that run on users over time.

use std::collections::BTreeMap;

use crate::{
    endpoint::{Created, Json},
    endpoints,
    fields::Parameters,
    representation::representations,
};
use serde::{Deserialize, Serialize};

representations! {
    /// A workflow.
    pub struct Workflow = "WorkflowRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub enabled: Option<bool>,
        /// The event that starts it: `user-created`, `user-authenticated`, …
        pub on: Option<String>,
        pub schedule: Option<WorkflowSchedule>,
        pub concurrency: Option<WorkflowConcurrency>,
        /// An expression that must hold: `has-role('clerk')`.
        pub r#if: Option<String>,
        pub steps: Option<Vec<WorkflowStep>>,
        pub state: Option<WorkflowState>,
        pub with: Option<BTreeMap<String, Vec<String>>>,
        /// Read and forgotten, as the one below: `concurrency` holds them.
        pub cancel_in_progress: Option<String>,
        pub restart_in_progress: Option<String>,
    }

    /// What happens when a workflow is triggered while it runs.
    pub struct WorkflowConcurrency = "WorkflowConcurrencyRepresentation" {
        #[serde(rename = "cancel-in-progress")]
        pub cancel_in_progress: Option<String>,
        #[serde(rename = "restart-in-progress")]
        pub restart_in_progress: Option<String>,
    }

    /// When a workflow starts by itself.
    pub struct WorkflowSchedule = "WorkflowScheduleRepresentation" {
        pub after: Option<String>,
        #[serde(rename = "batch-size")]
        pub batch_size: Option<i32>,
    }

    /// What is wrong with a workflow.
    pub struct WorkflowState = "WorkflowStateRepresentation" {
        pub errors: Option<Vec<String>>,
    }

    /// One step of a workflow. Times are in milliseconds since 1970.
    pub struct WorkflowStep = "WorkflowStepRepresentation" {
        /// What is done: `notify-user`, `disable-user`, `delete-user`, …
        pub uses: Option<String>,
        /// How long after the step before it: `5d`, `12h`.
        pub after: Option<String>,
        #[serde(rename = "scheduled-at")]
        pub scheduled_at: Option<i64>,
        pub status: Option<StepStatus>,
        pub id: Option<String>,
        /// What the step needs to know: `message`, `role`, …
        pub with: Option<Parameters>,
    }

    /// Which workflows to list.
    pub struct WorkflowQuery {
        /// Part of the name, or all of it with `exact`.
        pub search: Option<String>,
        pub exact: Option<bool>,
        pub first: Option<i32>,
        /// 10 by default; not negative.
        pub max: Option<i32>,
    }

    /// What to return of one workflow.
    pub struct WorkflowDetail {
        /// Whether to return the ids of workflow and steps; true by default.
        pub include_id: Option<bool>,
    }

    /// From which step to which what is scheduled moves, by their ids.
    pub struct WorkflowMigration {
        pub from: Option<String>,
        pub to: Option<String>,
    }

    /// When a workflow that is started by hand begins.
    pub struct WorkflowStart {
        /// In how long: `7d`, `12h`, or an ISO 8601 duration; at once by default.
        pub not_before: Option<String>,
    }
}

/// Whether a step has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StepStatus {
    Completed,
    Pending,
}

endpoints! {
    /// The workflows of a realm. `resource_type` is `USERS` or `CLIENTS`, `resource` an id.
    Workflows(realm)

    /// Creates a workflow.
    POST "/admin/realms/{realm}/workflows"
    fn create(body: Workflow) -> Created;

    /// Lists the workflows that match the query.
    GET "/admin/realms/{realm}/workflows"
    fn list(query: WorkflowQuery) -> Json<Vec<Workflow>>, cache: "", pages: list_all;

    /// Gets one workflow.
    GET "/admin/realms/{realm}/workflows/{id}"
    fn get(id, query: WorkflowDetail) -> Json<Workflow>, cache: "";

    /// Replaces a workflow. While anything is scheduled, its steps stay as they are.
    PUT "/admin/realms/{realm}/workflows/{id}"
    fn update(id, body: Workflow);

    /// Deletes a workflow and what it has scheduled.
    DELETE "/admin/realms/{realm}/workflows/{id}"
    fn delete(id);

    /// Starts a workflow for one resource.
    POST "/admin/realms/{realm}/workflows/{id}/activate/{resource_type}/{resource}"
    fn activate(id, resource_type, resource, query: WorkflowStart);

    /// Ends a workflow for one resource: nothing of it is done any more.
    POST "/admin/realms/{realm}/workflows/{id}/deactivate/{resource_type}/{resource}"
    fn deactivate(id, resource_type, resource);

    /// The workflows with steps that are scheduled for a resource.
    GET "/admin/realms/{realm}/workflows/scheduled/{resource}"
    fn scheduled(resource) -> Json<Vec<Workflow>>, cache: "";

    /// Moves what is scheduled for a step to another one, also of another workflow.
    POST "/admin/realms/{realm}/workflows/migrate"
    fn migrate(query: WorkflowMigration);
}
