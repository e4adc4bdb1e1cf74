//! Events of users and of administrators.

use super::{Played, Scene, any, of};
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({"eventsEnabled": true, "adminEventsEnabled": true, "adminEventsDetailsEnabled": true})
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let events = realm.events();
    if let Ok(mut config) = events.config().await {
        config.events_expiration = Some(600);
        events.set_config(&config).await.ok();
    }
    scene.user("jack").await?;
    scene.client("app", json!({})).await?;
    scene.login("jack", "app", "openid").await.ok();
    events.list(&any()).await.ok();
    events.list(&of(json!({"type": ["LOGIN", "LOGIN_ERROR"], "direction": "asc", "first": 0, "max": 5}))).await.ok();
    let admin = realm.admin_events();
    admin.list(&any()).await.ok();
    admin.list(&of(json!({"operationTypes": ["CREATE"], "resourcePath": "users/*"}))).await.ok();
    realm.ui().event_listeners().await.ok();
    admin.clear().await.ok();
    events.clear().await
}
