//! Workflows: steps that run on users over time.

use std::collections::BTreeMap;

use crate::representation::representations;
use serde::{Deserialize, Serialize};

representations! {
    /// A workflow.
    pub struct Workflow = "WorkflowRepresentation" {
        pub id: Option<String>,
        pub name: Option<String>,
        pub enabled: Option<bool>,
        pub on: Option<String>,
        pub schedule: Option<WorkflowSchedule>,
        pub concurrency: Option<WorkflowConcurrency>,
        pub r#if: Option<String>,
        pub steps: Option<Vec<WorkflowStep>>,
        pub state: Option<WorkflowState>,
        pub with: Option<BTreeMap<String, Vec<String>>>,
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

    /// One step of a workflow.
    pub struct WorkflowStep = "WorkflowStepRepresentation" {
        pub uses: Option<String>,
        pub after: Option<String>,
        #[serde(rename = "scheduled-at")]
        pub scheduled_at: Option<i64>,
        pub status: Option<StepStatus>,
        pub id: Option<String>,
        pub config: Option<BTreeMap<String, Vec<String>>>,
    }
}

/// Whether a step has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StepStatus {
    Completed,
    Pending,
}
