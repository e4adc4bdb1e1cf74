//! Client policies, profiles and types; tokens for registration.

use super::{Played, Scene, of};
use cloakroom_api::admin::client_policies::{PoliciesQuery, ProfilesQuery};
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({})
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let policies = realm.client_policies();
    let executor = json!({"executor": "pkce-enforcer", "configuration": {"auto-configure": true}});
    let profile = json!({"name": "strict", "description": "Asks for PKCE", "executors": [executor]});
    policies.set_profiles(&of(json!({"profiles": [profile]}))).await?;
    let condition = json!({"condition": "client-access-type", "configuration": {"type": ["public"]}});
    let policy = json!({"name": "public", "enabled": true, "conditions": [condition], "profiles": ["strict"]});
    policies.set_policies(&of(json!({"policies": [policy]}))).await?;
    policies.policies(&PoliciesQuery { include_global_policies: Some(true) }).await.ok();
    policies.profiles(&ProfilesQuery { include_global_profiles: Some(true) }).await.ok();

    let tokens = realm.initial_access();
    let made = tokens.create(&of(json!({"expiration": 60, "count": 2, "webOrigins": ["https://a.example"]}))).await?;
    tokens.list().await.ok();
    tokens.delete(&made.body.id.unwrap_or_default()).await.ok();
    realm.registration_policies().providers().await.ok();

    let types = realm.client_types();
    let kept = types.get().await?.client_types;
    types.set(&of(json!({"client-types": kept.unwrap_or_default()}))).await
}
