//! Sessions of users, regular and offline.

use super::{Played, Scene, any, of};
use cloakroom_api::admin::realms::Realms;
use cloakroom_api::tree::Realm;
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({})
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let (realm, realms, name) = (scene.realm(), Realms::new(scene.probe), scene.name);
    let kim = scene.user("kim").await?;
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
    whoami(scene, &kim).await.ok();
    if let Some(id) = sessions.first().and_then(|session| session.id.as_deref()) {
        realms.delete_session(name, id, &any()).await.ok();
    }
    realms.logout_all(name).await.map(drop)
}

/// By a login to the console's client, which takes passwords for that.
async fn whoami(scene: &Scene<'_>, kim: &str) -> Played {
    let (realm, console) = (scene.realm(), "security-admin-console");
    let clients = realm.clients().list(&any()).await?;
    let id = |name| clients.iter().find(|client| client.client_id.as_deref() == Some(name))?.id.as_deref();
    let (app, management) = (id(console).unwrap_or_default(), id("realm-management").unwrap_or_default());
    realm.clients().update(app, &of(json!({"directAccessGrantsEnabled": true}))).await?;
    let role = realm.client(management).roles().get("view-users").await?;
    realm.user(kim).role_mappings().client(management).add(&vec![role]).await?;
    let (access, _) = scene.login("kim", console, "openid").await?;
    Realm::new(&scene.probe.bearer(&access), scene.name).ui().whoami(&any()).await.map(drop)
}
