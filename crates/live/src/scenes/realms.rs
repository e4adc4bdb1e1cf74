//! Realms, what is in them as a whole, and the server itself.

use super::{Played, Scene, any, of};
use cloakroom_api::{
    admin::{realms::Realms, server_info::Server},
    endpoint::Form,
    tree::Realm,
};
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({"internationalizationEnabled": true, "supportedLocales": ["en", "de"], "defaultLocale": "en",
        "bruteForceProtected": true})
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let (realms, realm, name) = (Realms::new(scene.probe), scene.realm(), scene.name);
    Server::new(scene.probe).info().await.ok();
    realms.list(&any()).await.ok();
    realms.list(&of(json!({"briefRepresentation": true}))).await.ok();
    realms.get(name).await?;
    realms.update(name, &of(json!({"displayName": "Live", "accessTokenLifespan": 120}))).await.ok();
    realm.public().get().await.ok();
    let user = scene.user("alice").await?;

    realms.partial_export(name, &of(json!({"exportClients": true, "exportGroupsAndRoles": true}))).await.ok();
    let import = json!({"ifResourceExists": "SKIP", "users": [{"username": "imported"}], "groups": [{"name": "imported", "path": "/imported"}],
        "clients": [{"clientId": "imported"}], "roles": {"realm": [{"name": "imported"}]}});
    realms.partial_import(name, &of(import)).await.ok();
    realms.push_revocation(name).await.ok();
    realms.credential_registrators(name).await.ok();
    mail(scene).await.ok();
    let group = realm.groups().create(&of(json!({"name": "newcomers"}))).await?;
    if let Some(group) = group {
        realms.add_default_group(name, group.id()).await.ok();
        realms.default_groups(name).await.ok();
        realms.remove_default_group(name, group.id()).await.ok();
    }
    realms.set_users_permissions(name, &of(json!({"enabled": true}))).await.ok();
    realms.users_permissions(name).await.ok();

    let caches = realm.caches();
    caches.clear_realms().await.ok();
    caches.clear_users().await.ok();
    caches.clear_keys().await.ok();
    caches.clear_crls().await.ok();

    realm.attack_detection().get(&user).await.ok();
    realm.attack_detection().clear(&user).await.ok();
    realm.attack_detection().clear_all().await.ok();

    texts(scene).await;
    profile(scene).await;
    keys(scene).await
}

/// A mail goes to whoever asks for it, so it is asked for by an administrator with an address.
async fn mail(scene: &Scene<'_>) -> Played {
    const NAME: &str = "live-admin";
    let master = Realm::new(scene.probe, "master");
    let admin = json!({"username": NAME, "enabled": true, "email": "admin@example.org",
        "credentials": [{"type": "password", "value": "password"}]});
    let id = master.users().create(&of(admin)).await?.id().to_owned();
    let role = master.roles().get("admin").await?;
    master.user(&id).role_mappings().realm().add(&vec![role]).await?;
    let form = Form::default().with("client_id", "admin-cli").with("grant_type", "password");
    let token = master.oidc().token().request(&form.with("username", NAME).with("password", "password")).await;
    if let Ok(Some(token)) = token.map(|answer| answer.access_token) {
        let own = scene.probe.bearer(token.expose());
        let server = json!({"host": "localhost", "port": scene.mail.to_string(), "from": "keycloak@example.org"});
        Realms::new(&own).test_smtp(scene.name, &of(server)).await.ok();
    }
    master.users().delete(&id).await
}

async fn texts(scene: &Scene<'_>) {
    let texts = scene.realm().localization();
    texts.add("de", &of(json!({"hello": "Hallo"}))).await.ok();
    texts.set("de", "bye", "Tschüß").await.ok();
    texts.locales().await.ok();
    texts.list("de", &any()).await.ok();
    texts.get("de", "bye").await.ok();
    texts.remove("de", "bye").await.ok();
    texts.delete("de").await.ok();
}

async fn profile(scene: &Scene<'_>) {
    let profile = scene.realm().profile();
    profile.metadata().await.ok();
    if let Ok(mut config) = profile.get().await {
        let attribute = json!({"name": "colour", "displayName": "Colour", "multivalued": true, "defaultValue": "blue",
            "validations": {"length": {"max": 20}, "options": {"options": ["blue", "red"]}},
            "annotations": {"inputType": "select"}, "required": {"roles": ["user"], "scopes": ["email"]},
            "permissions": {"view": ["admin", "user"], "edit": ["admin"]}, "selector": {"scopes": ["email"]},
            "group": "more"});
        config.attributes.get_or_insert_default().push(of(attribute));
        let group = json!({"name": "more", "displayHeader": "More", "displayDescription": "All else",
            "annotations": {"a": "b"}});
        config.groups.get_or_insert_default().push(of(group));
        profile.update(&Some(config)).await.ok();
        profile.get().await.ok();
        profile.metadata().await.ok();
    }
    profile.update(&None).await.ok();
}

/// Keys, and the components that they are.
async fn keys(scene: &Scene<'_>) -> Played {
    const KIND: &str = "org.keycloak.keys.KeyProvider";
    let realm = scene.realm();
    realm.keys().list().await.ok();
    let components = realm.components();
    components.list(&any()).await.ok();
    components.list(&of(json!({"type": KIND}))).await.ok();
    let key = json!({"name": "more", "providerId": "ecdsa-generated", "providerType": KIND,
        "config": {"priority": ["50"], "ecdsaEllipticCurveKey": ["P-256"]}});
    let made = components.create(&of(key)).await?;
    let mut key = components.get(made.id()).await?;
    key.name = Some("less".into());
    components.update(made.id(), &key).await.ok();
    realm.keys().list().await.ok();
    components.delete(made.id()).await
}
