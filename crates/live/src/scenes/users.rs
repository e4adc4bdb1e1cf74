//! Users, their credentials and roles.

use super::{Played, Scene, any, map_roles, of};
use cloakroom_api::admin::users::MailLink;
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({"editUsernameAllowed": true, "roles": {"realm": [{"name": "clerk"}]},
        "identityProviders": [{"alias": "corp", "providerId": "oidc", "enabled": true, "config": {"clientId": "c",
            "clientSecret": "s", "authorizationUrl": "http://localhost/a", "tokenUrl": "http://localhost/t"}}]})
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let users = realm.users();
    let id = scene.user("bob").await?;
    let client = scene.client("app", json!({})).await?;
    users.list(&any()).await.ok();
    let query = json!({"search": "bo", "briefRepresentation": false, "first": 0, "max": 5});
    users.list(&of(query)).await.ok();
    users.count(&any()).await.ok();
    users.get(&id, &of(json!({"userProfileMetadata": true}))).await.ok();
    users.update(&id, &of(json!({"username": "bob", "firstName": "Robert", "lastName": "Last", "email": "bob@example.org", "attributes": {"colour": ["blue", "red"]}}))).await.ok();
    users.get(&id, &any()).await.ok();
    users.unmanaged_attributes(&id).await.ok();

    if let Ok(Some(group)) = realm.groups().create(&of(json!({"name": "team"}))).await {
        users.join_group(&id, group.id()).await.ok();
        users.groups(&id, &any()).await.ok();
        users.count_groups(&id, &any()).await.ok();
        users.leave_group(&id, group.id()).await.ok();
    }
    let identity = json!({"userId": "there", "userName": "bob.there"});
    users.link(&id, "corp", &of(identity)).await.ok();
    users.federated_identities(&id).await.ok();
    users.unlink(&id, "corp").await.ok();

    let (_, offline) = scene.login("bob", "app", "openid offline_access").await?;
    scene.login("bob", "app", "openid").await.ok();
    users.sessions(&id).await.ok();
    users.offline_sessions(&id, &client).await.ok();
    users.consents(&id).await.ok();
    users.revoke_consent(&id, "app").await.ok();
    realm.oidc().logout().request(&super::secret("app").with("refresh_token", offline)).await.ok();
    users.logout(&id).await.ok();

    let link = MailLink { client_id: Some("app".into()), redirect_uri: Some("http://localhost/x".into()), ..any() };
    users.execute_actions_email(&id, &link, &vec!["UPDATE_PASSWORD".into()]).await.ok();
    users.send_verify_email(&id, &any()).await.ok();
    users.reset_password_email(&id, &any()).await.ok();
    credentials(scene, &id).await;
    roles(scene, &id).await?;
    users.impersonate(&id).await.ok();
    users.delete(&id).await
}

async fn credentials(scene: &Scene<'_>, user: &str) {
    let credentials = scene.realm().user(user).credentials();
    credentials.reset_password(&of(json!({"type": "password", "value": "other", "temporary": false}))).await.ok();
    let otp = json!({"username": "bob", "credentials": [{"type": "otp", "userLabel": "phone", "secretData": "{\"value\":\"secret\"}",
        "credentialData": "{\"subType\":\"totp\",\"digits\":6,\"period\":30,\"algorithm\":\"HmacSHA1\"}"}]});
    scene.realm().users().update(user, &of(otp)).await.ok();
    credentials.storage_types().await.ok();
    credentials.disable_types(&vec!["otp".into()]).await.ok();
    let Ok(listed) = credentials.list().await else { return };
    let ids: Vec<&str> = listed.iter().filter_map(|c| c.id.as_deref()).collect();
    let Some(first) = ids.first() else { return };
    credentials.set_label(first, "mine").await.ok();
    credentials.move_to_first(ids.last().unwrap_or(first)).await.ok();
    credentials.move_after(first, ids.last().unwrap_or(first)).await.ok();
    credentials.delete(first).await.ok();
}

async fn roles(scene: &Scene<'_>, user: &str) -> Played {
    let realm = scene.realm();
    let mappings = realm.user(user).role_mappings();
    let role = realm.roles().get("clerk").await?;
    map_roles!(mappings.realm(), vec![role.clone()]);
    let account = realm.clients().list(&of(json!({"clientId": "account"}))).await?;
    let account = account.first().and_then(|c| c.id.clone()).unwrap_or_default();
    let role = realm.client(&account).roles().get("view-profile").await?;
    map_roles!(mappings.client(&account), vec![role.clone()]);
    mappings.client(&account).add(&vec![role]).await.ok();
    mappings.all().list().await.ok();
    let ui = realm.ui();
    ui.available_roles("users", user, &any()).await.ok();
    ui.effective_roles("users", user).await.ok();
    ui.brute_force_users(&any()).await.ok();
    Ok(())
}
