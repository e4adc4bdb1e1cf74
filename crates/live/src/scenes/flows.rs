//! Authentication flows and required actions.

use super::{Played, Scene, any, of};
use cloakroom_api::admin::flows::{FlowCopy, NewExecution, NewSubflow};
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({})
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let flows = realm.flows();
    let flow = json!({"alias": "mine", "providerId": "basic-flow", "topLevel": true, "builtIn": false});
    let made = flows.create(&of(flow.clone())).await?;
    flows.list().await.ok();
    flows.get(made.id()).await.ok();
    let mut changed = flow;
    changed["description"] = "My own".into();
    flows.update(made.id(), &of(changed)).await.ok();
    flows.copy("browser", &FlowCopy { new_name: Some("copied".into()) }).await.ok();
    flows.executions("copied").await.ok();
    let ui = realm.ui();
    ui.flows().await.ok();
    ui.flow_users("clients", made.id(), &any()).await.ok();

    let redirector = NewExecution { provider: Some("identity-provider-redirector".into()), ..any() };
    let first = flows.add_execution("mine", &redirector).await?;
    let cookie = NewExecution { provider: Some("auth-cookie".into()), priority: Some(50) };
    flows.add_execution("mine", &cookie).await?;
    let sub = NewSubflow { alias: Some("sub".into()), r#type: Some("basic-flow".into()), ..any() };
    flows.add_subflow("mine", &sub).await.ok();
    let executions = realm.executions();
    let more = json!({"authenticator": "auth-otp-form", "parentFlow": made.id(), "requirement": "DISABLED"});
    executions.create(&of(more)).await.ok();
    for mut execution in flows.executions("mine").await? {
        execution.requirement = Some("ALTERNATIVE".into());
        flows.update_execution("mine", &execution).await.ok();
    }
    executions.get(first.id()).await.ok();
    executions.lower_priority(first.id()).await.ok();
    executions.raise_priority(first.id()).await.ok();
    let config = json!({"alias": "to corp", "config": {"defaultProvider": "corp"}});
    let config = executions.create_config(first.id(), &of(config)).await?;
    executions.config(first.id(), config.id()).await.ok();
    executions.get(first.id()).await.ok();
    flows.executions("mine").await.ok();

    let configs = realm.authenticator_configs();
    configs.get(config.id()).await.ok();
    configs.update(config.id(), &of(json!({"alias": "to all", "config": {"defaultProvider": "all"}}))).await.ok();
    configs.delete(config.id()).await.ok();
    configs.create(&of(json!({"alias": "loose", "config": {"a": "b"}}))).await.ok();
    configs.description("identity-provider-redirector").await.ok();
    configs.client_descriptions().await.ok();
    executions.delete(first.id()).await.ok();
    flows.delete(made.id()).await.ok();

    let providers = realm.authentication_providers();
    providers.authenticators().await.ok();
    providers.client_authenticators().await.ok();
    providers.forms().await.ok();
    providers.form_actions().await.ok();
    required_actions(scene).await
}

async fn required_actions(scene: &Scene<'_>) -> Played {
    const ALIAS: &str = "UPDATE_PASSWORD";
    let realm = scene.realm();
    let actions = realm.required_actions();
    actions.list().await.ok();
    let mut action = actions.get(ALIAS).await?;
    action.name = Some("Change the password".into());
    actions.update(ALIAS, &action).await.ok();
    actions.lower_priority(ALIAS).await.ok();
    actions.raise_priority(ALIAS).await.ok();
    actions.config_description(ALIAS).await.ok();
    actions.set_config(ALIAS, &of(json!({"config": {"max_auth_age": "600"}}))).await.ok();
    actions.config(ALIAS).await.ok();
    actions.get(ALIAS).await.ok();
    actions.delete_config(ALIAS).await.ok();
    actions.delete("VERIFY_PROFILE").await.ok();
    let unregistered = actions.unregistered().await?;
    if let Some(one) = unregistered.iter().find(|a| a.provider_id.as_deref() == Some("VERIFY_PROFILE")) {
        actions.register(one).await.ok();
    }
    Ok(())
}
