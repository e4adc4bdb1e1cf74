//! The OpenID Connect endpoints.

use super::{Played, Scene, secret};
use cloakroom_api::{endpoint::Form, tree::Realm};
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({})
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let oidc = realm.oidc();
    scene.user("lou").await?;
    let attributes = json!({"oauth2.device.authorization.grant.enabled": "true",
        "oidc.ciba.grant.enabled": "true"});
    scene.client("app", json!({"standardFlowEnabled": true, "attributes": attributes})).await?;
    oidc.device().request(&secret("app").with("scope", "openid")).await.ok();
    oidc.ciba().request(&secret("app").with("scope", "openid").with("login_hint", "lou")).await.ok();
    let code = secret("app").with("response_type", "code").with("redirect_uri", "http://localhost/x");
    oidc.par().push(&code.with("scope", "openid")).await.ok();
    oidc.discovery().openid().await.ok();
    oidc.discovery().oauth().await.ok();
    oidc.discovery().oauth_at_root().await.ok();
    oidc.certs().get().await.ok();
    let (access, refresh) = scene.login("lou", "app", "openid").await?;
    let user = scene.probe.bearer(&access);
    let userinfo = Realm::new(&user, scene.name).oidc().userinfo();
    userinfo.get().await.ok();
    userinfo.post(&Form::default()).await.ok();
    oidc.introspect().request(&secret("app").with("token", access.as_str())).await.ok();
    oidc.revoke().request(&secret("app").with("token", access)).await.ok();
    oidc.logout().request(&secret("app").with("refresh_token", refresh)).await
}
