//! Clients: their settings, roles, scopes, mappers and sessions.

use super::{Played, Scene, any, map_roles, of};
use cloakroom_api::endpoint::Content;
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({"roles": {"realm": [{"name": "clerk"}]}})
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let clients = realm.clients();
    let description = json!({"clientId": "described", "name": "Described"});
    if let Ok(content) = Content::json(&description) {
        clients.convert(&content).await.ok();
    }
    let id = scene.client("app", json!({"fullScopeAllowed": false})).await?;
    clients.list(&any()).await.ok();
    clients.list(&of(json!({"clientId": "ap", "search": true}))).await.ok();
    clients.get(&id).await.ok();
    clients.update(&id, &of(json!({"name": "App", "attributes": {"pkce.code.challenge.method": "S256"}}))).await.ok();
    clients.secret(&id).await.ok();
    clients.regenerate_registration_access_token(&id).await.ok();
    clients.service_account_user(&id).await.ok();
    clients.push_revocation(&id).await.ok();
    clients.add_node(&id, &of(json!({"node": "localhost"}))).await.ok();
    clients.test_nodes(&id).await.ok();
    clients.remove_node(&id, "localhost").await.ok();
    clients.installation(&id, "keycloak-oidc-keycloak-json").await.ok();
    clients.set_permissions(&id, &of(json!({"enabled": true}))).await.ok();
    clients.permissions(&id).await.ok();

    let user = scene.user("erin").await?;
    scopes(scene, &id).await?;
    mappers(scene, &id).await?;
    evaluate(scene, &id, &user).await;
    clients.regenerate_secret(&id).await.ok();
    clients.delete(&id).await
}

async fn mappers(scene: &Scene<'_>, client: &str) -> Played {
    let realm = scene.realm();
    let mappers = realm.client(client).mappers();
    let mapper = |name: &str| {
        json!({"name": name, "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-claim-mapper",
            "config": {"claim.name": name, "claim.value": "v", "access.token.claim": "true"}})
    };
    let made = mappers.create(&of(mapper("one"))).await?;
    mappers.create_all(&of(json!([mapper("two"), mapper("three")]))).await.ok();
    mappers.list().await.ok();
    mappers.of_protocol("openid-connect").await.ok();
    mappers.get(made.id()).await.ok();
    let mut changed = mapper("one");
    changed["id"] = made.id().into();
    mappers.update(made.id(), &of(changed)).await.ok();
    mappers.delete(made.id()).await
}

async fn scopes(scene: &Scene<'_>, client: &str) -> Played {
    let realm = scene.realm();
    let scope = realm.client_scopes().create(&of(json!({"name": "more", "protocol": "openid-connect"}))).await?;
    let place = realm.client(client);
    place.default_client_scopes().add(scope.id()).await.ok();
    place.default_client_scopes().list().await.ok();
    place.default_client_scopes().remove(scope.id()).await.ok();
    place.optional_client_scopes().add(scope.id()).await.ok();
    place.optional_client_scopes().list().await.ok();
    place.optional_client_scopes().remove(scope.id()).await.ok();

    let mappings = place.scope_mappings();
    let role = realm.roles().get("clerk").await?;
    map_roles!(mappings.realm(), vec![role]);
    let account = realm.clients().list(&of(json!({"clientId": "account"}))).await?;
    let account = account.first().and_then(|c| c.id.clone()).unwrap_or_default();
    let role = realm.client(&account).roles().get("view-profile").await?;
    map_roles!(mappings.client(&account), vec![role.clone()]);
    mappings.client(&account).add(&vec![role]).await.ok();
    mappings.all().list().await.map(drop)
}

async fn evaluate(scene: &Scene<'_>, client: &str, user: &str) {
    let realm = scene.realm();
    let evaluate = realm.client(client).evaluate_scopes();
    let query = of(json!({"scope": "openid", "userId": user}));
    evaluate.access_token(&query).await.ok();
    evaluate.id_token(&query).await.ok();
    evaluate.userinfo(&query).await.ok();
    let scope = of(json!({"scope": "openid"}));
    evaluate.protocol_mappers(&scope).await.ok();
    evaluate.granted(scene.name, &scope).await.ok();
    evaluate.not_granted(scene.name, &scope).await.ok();
}
