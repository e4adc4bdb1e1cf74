//! Client scopes, by their own path and by the old one.

use super::{Played, Scene, any, map_roles, of};
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({"roles": {"realm": [{"name": "clerk"}]}})
}

/// Calls each row of client scopes.
macro_rules! scopes {
    ($name:literal, $scopes:expr, |$id:ident| $place:expr, $clerk:expr, $account:expr, $profile:expr) => {{
        let scopes = $scopes;
        let made = scopes.create(&of(json!({"name": $name, "protocol": "openid-connect"}))).await?;
        let $id = made.id();
        scopes.list().await.ok();
        scopes.get($id).await.ok();
        scopes.update($id, &of(json!({"name": $name, "protocol": "openid-connect", "description": "More"}))).await.ok();

        let mapper = |name: &str| {
            json!({"name": name, "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-claim-mapper",
                "config": {"claim.name": name, "claim.value": "v"}})
        };
        let mappers = $place.mappers();
        let mapped = mappers.create(&of(mapper("one"))).await?;
        mappers.create_all(&of(json!([mapper("two"), mapper("three")]))).await.ok();
        mappers.list().await.ok();
        mappers.of_protocol("openid-connect").await.ok();
        mappers.get(mapped.id()).await.ok();
        let mut changed = mapper("one");
        changed["id"] = mapped.id().into();
        mappers.update(mapped.id(), &of(changed)).await.ok();
        mappers.delete(mapped.id()).await.ok();

        let mappings = $place.scope_mappings();
        map_roles!(mappings.realm(), vec![$clerk]);
        map_roles!(mappings.client($account), vec![$profile]);
        mappings.client($account).add(&vec![$profile]).await.ok();
        mappings.all().list().await.ok();
        scopes.delete($id).await.ok();
    }};
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let clerk = realm.roles().get("clerk").await?;
    let account = realm.clients().list(&of(json!({"clientId": "account"}))).await?;
    let account = account.first().and_then(|c| c.id.clone()).unwrap_or_default();
    let profile = realm.client(&account).roles().get("view-profile").await?;
    scopes!("new", realm.client_scopes(), |id| realm.client_scope(id), clerk.clone(), &account, profile.clone());
    scopes!("old", realm.client_templates(), |id| realm.client_template(id), clerk.clone(), &account, profile.clone());

    let made = realm.client_scopes().create(&of(json!({"name": "common", "protocol": "openid-connect"}))).await?;
    realm.default_client_scopes().add(made.id()).await.ok();
    realm.default_client_scopes().list().await.ok();
    realm.default_client_scopes().remove(made.id()).await.ok();
    realm.optional_client_scopes().add(made.id()).await.ok();
    realm.optional_client_scopes().list().await.ok();
    realm.optional_client_scopes().remove(made.id()).await
}
