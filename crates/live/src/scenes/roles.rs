//! Roles of the realm and of clients, by name and by id.

use super::{Played, Scene, any, of};
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({})
}

/// Calls each row of roles by name.
macro_rules! by_name {
    ($roles:expr, $parts:expr, $of:expr) => {
        let (roles, parts) = ($roles, $parts);
        roles.create(&of(json!({"name": "boss", "attributes": {"a": ["b"]}}))).await?;
        roles.list(&any()).await.ok();
        roles.list(&of(json!({"briefRepresentation": false, "first": 0, "max": 10}))).await.ok();
        roles.update("boss", &of(json!({"name": "boss", "description": "Says what is done"}))).await.ok();
        roles.get("boss").await.ok();
        roles.add_composites("boss", &parts).await.ok();
        roles.composites("boss").await.ok();
        roles.realm_composites("boss").await.ok();
        roles.client_composites("boss", $of).await.ok();
        roles.users("boss", &any()).await.ok();
        roles.groups("boss", &any()).await.ok();
        roles.set_permissions("boss", &of(json!({"enabled": true}))).await.ok();
        roles.permissions("boss").await.ok();
        roles.remove_composites("boss", &parts).await.ok();
        roles.delete("boss").await?;
    };
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let client = scene.client("app", json!({})).await?;
    realm.roles().create(&of(json!({"name": "clerk", "description": "Does it"}))).await?;
    realm.client(&client).roles().create(&of(json!({"name": "reader"}))).await?;
    let clerk = realm.roles().get("clerk").await?;
    let parts = vec![clerk.clone(), realm.client(&client).roles().get("reader").await?];
    by_name!(realm.roles(), parts.clone(), &client);
    by_name!(realm.client(&client).roles(), parts.clone(), &client);

    // what a name has to go through, there and back
    let odd = realm.roles().create(&of(json!({"name": "a/b;c=d + %ü"}))).await?;
    realm.roles().get(odd.id()).await?;
    realm.roles().delete(odd.id()).await?;

    realm.roles().create(&of(json!({"name": "chief"}))).await?;
    let chief = realm.roles().get("chief").await?.id.unwrap_or_default();
    let by_id = realm.roles_by_id();
    by_id.update(&chief, &of(json!({"name": "chief", "attributes": {"a": ["b"]}}))).await.ok();
    by_id.get(&chief).await.ok();
    by_id.add_composites(&chief, &parts).await.ok();
    by_id.composites(&chief, &any()).await.ok();
    by_id.realm_composites(&chief).await.ok();
    by_id.client_composites(&chief, &client).await.ok();
    by_id.set_permissions(&chief, &of(json!({"enabled": true}))).await.ok();
    by_id.permissions(&chief).await.ok();
    by_id.remove_composites(&chief, &parts).await.ok();

    let user = scene.user("dora").await?;
    realm.user(&user).role_mappings().realm().add(&vec![clerk]).await.ok();
    realm.roles().users("clerk", &any()).await.ok();
    by_id.delete(&chief).await
}
