//! A flow's executions brought in line with what is wanted, in place: none is made anew that may stay.

use serde_json::{Map, Value, json};

use super::super::cx::Cx;
use super::super::kind::Doing;
use super::super::tree::{same, unmasked};
use super::flows::label;
use crate::error::Result;

/// Brings the executions of the flow with this alias in line, and those of its sub-flows.
pub(super) fn sync<'a>(cx: &'a Cx<'_>, alias: &'a str, wanted: &'a Value) -> Doing<'a, ()> {
    Box::pin(async move {
        let Some(Value::Object(steps)) = wanted.get("executions") else { return Ok(()) };
        let mut now = present(cx, alias).await?;
        let before = now.len();
        for (name, execution) in &now {
            if !steps.contains_key(name) {
                cx.send(cx.calls().executions().delete(&id(execution))).await?;
            }
        }
        now.retain(|name, _| steps.contains_key(name));
        let mut changed = now.len() != before;
        for (name, step) in steps.iter().filter(|(name, _)| !now.contains_key(*name)) {
            add(cx, alias, name, step).await?;
            changed = true;
        }
        if changed {
            now = present(cx, alias).await?;
        }
        let in_order = now.keys().eq(steps.keys());
        for (at, (name, step)) in steps.iter().enumerate() {
            let Some(execution) = now.get(name) else { continue };
            let priority =
                if in_order { execution.get("priority").cloned().unwrap_or_default() } else { json!((at + 1) * 10) };
            let mut body = execution.clone();
            body["requirement"] = step["requirement"].clone();
            body["priority"] = priority;
            if let Some(text) = step.get("description").filter(|_| step.get("flow").is_some()) {
                body["description"] = text.clone();
            }
            if !same(&body, execution) {
                cx.write(cx.calls().flows().update_execution(alias, &Default::default()), &body).await?;
            }
            configure(cx, execution, step.get("config")).await?;
            if let Some(flow) = step.get("flow").and_then(Value::as_str) {
                sync(cx, flow, step).await?;
            }
        }
        Ok(())
    })
}

fn id(execution: &Value) -> String {
    execution.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The executions of a flow itself, in their order, by the names that [`label`] gives.
async fn present(cx: &Cx<'_>, alias: &str) -> Result<Map<String, Value>> {
    let all = cx.get(cx.calls().flows().executions(alias)).await?;
    let mut named = Map::new();
    for execution in all.as_array().into_iter().flatten() {
        if execution.get("level").and_then(Value::as_i64) != Some(0) {
            continue;
        }
        let is_flow = execution.get("authenticationFlow").and_then(Value::as_bool) == Some(true);
        let name = execution.get(if is_flow { "displayName" } else { "providerId" }).and_then(Value::as_str);
        let name = label(name.unwrap_or_default(), &named);
        named.insert(name, execution.clone());
    }
    Ok(named)
}

async fn add(cx: &Cx<'_>, alias: &str, name: &str, step: &Value) -> Result<()> {
    let flows = cx.calls().flows();
    if let Some(flow) = step.get("flow").and_then(Value::as_str) {
        let kind = step.get("providerId").and_then(Value::as_str).unwrap_or("basic-flow");
        let provider = step.get("form").and_then(Value::as_str).unwrap_or("registration-page-form");
        let description = step.get("description").cloned().unwrap_or_else(|| "".into());
        let body = json!({ "alias": flow, "type": kind, "provider": provider, "description": description });
        return cx.write(flows.add_subflow(alias, &Default::default()), &body).await.map(drop);
    }
    let provider = step.get("authenticator").and_then(Value::as_str).unwrap_or(name);
    cx.write(flows.add_execution(alias, &Default::default()), &json!({ "provider": provider })).await.map(drop)
}

/// Gives an execution its configuration, or takes it away.
async fn configure(cx: &Cx<'_>, execution: &Value, wanted: Option<&Value>) -> Result<()> {
    let configs = cx.calls().authenticator_configs();
    let present = execution.get("authenticationConfig").and_then(Value::as_str);
    match (present, wanted) {
        (None, None) => Ok(()),
        (None, Some(wanted)) => {
            let call = cx.calls().executions().create_config(&id(execution), &Default::default());
            cx.write(call, &unmasked(wanted)).await.map(drop)
        }
        (Some(present), None) => cx.send(configs.delete(present)).await.map(drop),
        (Some(present), Some(wanted)) => {
            let now = cx.get(configs.get(present)).await?;
            let of = |side: &Value, field: &str| side.get(field).cloned().unwrap_or_default();
            if ["alias", "config"].iter().all(|field| same(&of(&now, field), &of(wanted, field))) {
                return Ok(());
            }
            let body = json!({ "id": present, "alias": of(wanted, "alias"), "config": of(wanted, "config") });
            cx.write(configs.update(present, &Default::default()), &body).await.map(drop)
        }
    }
}
