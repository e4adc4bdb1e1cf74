//! Workflows.

use super::{Played, Scene, any, of};
use cloakroom_api::admin::workflows::{WorkflowMigration, WorkflowStart};
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({})
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let workflows = realm.workflows();
    let user = scene.user("ivy").await?;
    let steps = json!([{"uses": "notify-user", "after": "5d", "with": {"message": "Where are you?", "more": ["a", "b"]}},
        {"uses": "disable-user", "after": "10d"}]);
    let workflow = json!({"name": "idle", "on": "user-authenticated", "enabled": true, "if": "!has-role('admin')",
        "concurrency": {"restart-in-progress": "true"}, "steps": steps});
    let made = workflows.create(&of(workflow)).await?;
    let id = made.id();
    workflows.list(&any()).await.ok();
    workflows.get(id, &of(json!({"includeId": false}))).await.ok();
    let mut workflow = workflows.get(id, &any()).await?;
    workflows.activate(id, "USERS", &user, &WorkflowStart { not_before: Some("1d".into()) }).await.ok();
    workflows.scheduled(&user).await.ok();
    let steps: Vec<_> = workflow.steps.iter().flatten().filter_map(|step| step.id.clone()).collect();
    if let [first, second, ..] = steps.as_slice() {
        let migration = WorkflowMigration { from: Some(first.clone()), to: Some(second.clone()) };
        workflows.migrate(&migration).await.ok();
    }
    workflows.deactivate(id, "USERS", &user).await.ok();
    workflow.name = Some("away".into());
    workflows.update(id, &workflow).await.ok();
    workflows.delete(id).await
}
