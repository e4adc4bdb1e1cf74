//! Sessions of users, regular and offline.

use super::{Played, Scene, any, of};
use cloakroom_api::admin::{clients::ClientQuery, realms::Realms};
use cloakroom_api::tree::Realm;
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({})
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let (realm, realms, name) = (scene.realm(), Realms::new(scene.probe), scene.name);
    scene.user("kim").await?;
    let client = scene.client("app", json!({})).await?;
    scene.login("kim", "app", "openid").await?;
    scene.login("kim", "app", "openid offline_access").await?;
    let clients = realm.clients();
    let sessions = clients.user_sessions(&client, &any()).await?;
    clients.session_count(&client).await.ok();
    clients.offline_sessions(&client, &any()).await.ok();
    clients.offline_session_count(&client).await.ok();
    realms.client_session_stats(name).await.ok();
    let ui = realm.ui();
    ui.sessions(&of(json!({"type": "ALL", "first": 0, "max": 10}))).await.ok();
    ui.client_sessions(&of(json!({"clientId": client, "type": "ALL", "first": 0, "max": 10}))).await.ok();
    ui.realm_names(&any()).await.ok();
    ui.info().await.ok();
    whoami(scene).await.ok();
    if let Some(id) = sessions.first().and_then(|session| session.id.as_deref()) {
        realms.delete_session(name, id, &any()).await.ok();
    }
    realms.logout_all(name).await.map(drop)
}

/// By a login to the console's client, which takes passwords for that.
async fn whoami(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let console = "security-admin-console";
    let query = ClientQuery { client_id: Some(console.to_owned()), ..ClientQuery::default() };
    let clients = realm.clients().list(&query).await?;
    let id = clients.first().and_then(|client| client.id.as_deref()).unwrap_or_default();
    realm.clients().update(id, &of(json!({"directAccessGrantsEnabled": true}))).await?;
    let (access, _) = scene.login("kim", console, "openid").await?;
    let kim = scene.probe.bearer(&access);
    Realm::new(&kim, scene.name).ui().whoami(&any()).await.map(drop)
}
