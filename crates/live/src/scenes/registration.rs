//! Clients that register themselves.

use super::{Played, Scene, of};
use cloakroom_api::{endpoint::Content, tree::Realm};
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({})
}

const SAML: &str = r#"<EntityDescriptor entityID="http://sp.example" xmlns="urn:oasis:names:tc:SAML:2.0:metadata">
<SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="http://sp.example/acs" index="1"/>
</SPSSODescriptor></EntityDescriptor>"#;

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let initial = realm.initial_access().create(&of(json!({"expiration": 60, "count": 5}))).await?;
    let initial = scene.probe.bearer(&initial.body.token.unwrap_or_default().into_exposed());
    let token = |token: Option<cloakroom::Secret>| scene.probe.bearer(&token.unwrap_or_default().into_exposed());

    let app = json!({"clientId": "app", "name": "App", "redirectUris": ["http://localhost/*"]});
    let made = Realm::new(&initial, scene.name).oidc().native_registration().create(&of(app.clone())).await?;
    let own = token(made.body.registration_access_token);
    let registration = Realm::new(&own, scene.name);
    registration.oidc().native_registration().installation("app").await.ok();
    registration.oidc().native_registration().get("app").await.ok();
    let changed = registration.oidc().native_registration().update("app", &of(app)).await?;
    let own = token(changed.registration_access_token);
    Realm::new(&own, scene.name).oidc().native_registration().delete("app").await.ok();
    let descriptor = Content { media_type: "application/xml".into(), bytes: SAML.into() };
    Realm::new(&initial, scene.name).oidc().native_registration().create_saml(&descriptor).await.ok();

    let app = json!({"client_name": "App", "redirect_uris": ["http://localhost/cb"], "logo_uri": "http://localhost/logo",
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
        "contacts": ["a@b.example"], "default_acr_values": ["1"],
        "post_logout_redirect_uris": ["http://localhost/out"], "subject_type": "public",
        "id_token_signed_response_alg": "ES256", "backchannel_logout_uri": "http://localhost/gone"});
    let made = Realm::new(&initial, scene.name).oidc().registration().create(&of(app.clone())).await?;
    let id = made.body.client_id.unwrap_or_default();
    let own = token(made.body.registration_access_token);
    let registration = Realm::new(&own, scene.name);
    registration.oidc().registration().get(&id).await.ok();
    let mut changed = app;
    changed["client_id"] = id.clone().into();
    let changed = registration.oidc().registration().update(&id, &of(changed)).await?;
    let own = token(changed.registration_access_token);
    Realm::new(&own, scene.name).oidc().registration().delete(&id).await
}
