//! Groups of a realm.

use super::{Played, Scene, any, map_roles, of};
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({"roles": {"realm": [{"name": "clerk"}]}})
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let groups = realm.groups();
    let user = scene.user("carol").await?;
    let Some(made) = groups.create(&of(json!({"name": "team", "attributes": {"a": ["b"]}}))).await? else {
        return Ok(());
    };
    let id = made.id();
    let child = groups.create_child(id, &of(json!({"name": "squad"}))).await?;
    let child = child.and_then(|made| made.body.id).unwrap_or_default();
    groups.list(&any()).await.ok();
    groups.list(&of(json!({"search": "squad", "briefRepresentation": false}))).await.ok();
    groups.count(&any()).await.ok();
    groups.get(id).await.ok();
    groups.by_path("team/squad").await.ok();
    groups.children(id, &any()).await.ok();
    groups.update(id, &of(json!({"name": "crew", "description": "All hands"}))).await.ok();
    groups.get(id).await.ok();
    realm.users().join_group(&user, id).await.ok();
    groups.members(id, &any()).await.ok();
    groups.set_permissions(id, &of(json!({"enabled": true}))).await.ok();
    groups.permissions(id).await.ok();

    let mappings = realm.group(id).role_mappings();
    let role = realm.roles().get("clerk").await?;
    map_roles!(mappings.realm(), vec![role]);
    let account = realm.clients().list(&of(json!({"clientId": "account"}))).await?;
    let account = account.first().and_then(|c| c.id.clone()).unwrap_or_default();
    let role = realm.client(&account).roles().get("view-profile").await?;
    map_roles!(mappings.client(&account), vec![role.clone()]);
    mappings.client(&account).add(&vec![role]).await.ok();
    mappings.all().list().await.ok();
    // a child becomes a group without a parent
    groups.create(&of(json!({"id": child, "name": "squad"}))).await.ok();
    groups.delete(&child).await.ok();
    groups.delete(id).await
}
