//! User-Managed Access: the resources of a server, who lacks what, and what owners share.

use super::{Played, Scene, any, of, secret};
use cloakroom_api::tree::Realm;
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({"userManagedAccessAllowed": true})
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let owner = scene.user("mona").await?;
    let friend = scene.user("nick").await?;
    let client = scene.client("photos", json!({"authorizationServicesEnabled": true})).await?;
    // tickets are for those who may speak for the resource server
    let role = realm.client(&client).roles().get("uma_protection").await?;
    realm.user(&owner).role_mappings().client(&client).add(&vec![role]).await?;
    realm.uma().realm().discovery().await.ok();
    let form = secret("photos").with("grant_type", "client_credentials");
    let token = realm.oidc().token().request(&form).await?.access_token.unwrap_or_default();
    let server = scene.probe.bearer(token.expose());
    let server = Realm::new(&server, scene.name);
    let uma = server.uma();

    let resources = uma.resources();
    let album = json!({"name": "Album", "type": "urn:album", "resource_scopes": ["view", "print"],
        "ownerManagedAccess": true, "icon_uri": "http://localhost/i", "uris": ["/albums/*"]});
    let made = resources.create(&of(album.clone())).await?.body.id.unwrap_or_default();
    resources.list(&any()).await.ok();
    resources.list(&of(json!({"deep": true}))).await.ok();
    resources.get(&made).await.ok();
    resources.update(&made, &of(album)).await.ok();

    let lacked = json!([{"resource_id": made, "resource_scopes": ["view"], "claims": {"colour": ["blue"]}}]);
    uma.permissions().create(&of(lacked)).await.ok();
    let (own, _) = scene.login("mona", "photos", "openid").await?;
    let own = scene.probe.bearer(&own);
    let own = Realm::new(&own, scene.name);
    let hers = json!({"name": "Hers", "resource_scopes": ["view"], "ownerManagedAccess": true});
    let hers = own.uma().resources().create(&of(hers)).await?.body.id.unwrap_or_default();
    let tickets = own.uma().tickets();
    let ticket = json!({"resource": hers, "requester": friend, "granted": true, "scopeName": "view"});
    let ticket = tickets.create(&of(ticket)).await;
    tickets.list(&of(json!({"returnNames": true}))).await.ok();
    tickets.count(&any()).await.ok();
    if let Ok(ticket) = ticket {
        tickets.update(&ticket).await.ok();
        tickets.delete(&ticket.id.unwrap_or_default()).await.ok();
    }

    let policies = own.uma().policies();
    let policy = json!({"name": "friends", "description": "May look", "scopes": ["view"], "users": ["nick"]});
    if let Ok(mut policy) = policies.create(&hers, &of(policy)).await {
        let id = policy.id.clone().unwrap_or_default();
        policies.list(&any()).await.ok();
        policies.get(&id).await.ok();
        policy.description = Some("May look at it".into());
        policies.update(&id, &policy).await.ok();
        policies.delete(&id).await.ok();
    }
    resources.delete(&made).await
}
