//! Identity providers and their mappers.

use super::{Played, Scene, any, of};
use cloakroom_api::{
    admin::idps::ImportConfig,
    endpoint::{Content, Part},
};
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({})
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let idps = realm.idps();
    let discovery = realm.oidc().discovery().openid().await?;
    let corp = json!({"alias": "corp", "displayName": "Corp", "providerId": "oidc", "enabled": true, "trustEmail": true,
        "config": {"clientId": "c", "clientSecret": "s", "authorizationUrl": "http://localhost/a",
            "tokenUrl": "http://localhost/t", "jwksUrl": discovery.jwks_uri, "useJwksUrl": "true",
            "validateSignature": "true"}});
    idps.create(&of(corp.clone())).await?;
    let saml = json!({"alias": "campus", "providerId": "saml", "enabled": true,
        "config": {"singleSignOnServiceUrl": "http://localhost/sso", "idpEntityId": "http://localhost/campus"}});
    idps.create(&of(saml)).await?;
    idps.list(&any()).await.ok();
    idps.list(&of(json!({"search": "cor", "briefRepresentation": true, "first": 0, "max": 2}))).await.ok();
    idps.get("corp").await.ok();
    idps.update("corp", &of(corp)).await.ok();
    idps.export("campus", &any()).await.ok();
    idps.reload_keys("corp").await.ok();
    idps.set_permissions("corp", &of(json!({"enabled": true}))).await.ok();
    idps.permissions("corp").await.ok();
    for kind in ["oidc", "saml", "github", "google"] {
        idps.kind(kind).await.ok();
    }
    let url = discovery.issuer.map(|issuer| format!("{issuer}/.well-known/openid-configuration"));
    let from = ImportConfig { provider_id: Some("oidc".into()), from_url: url };
    if let Ok(content) = Content::json(&from) {
        idps.import_config(&content).await.ok();
    }
    let document = r#"{"issuer": "http://idp.example", "authorization_endpoint": "http://idp.example/a",
        "token_endpoint": "http://idp.example/t"}"#;
    let file = Part::file("file", "discovery.json", "application/json", document);
    idps.import_config(&Content::multipart([Part::field("providerId", "oidc"), file])).await.ok();

    let mappers = realm.idp("corp").mappers();
    mappers.types().await.ok();
    let mapper = json!({"name": "colour", "identityProviderAlias": "corp",
        "identityProviderMapper": "hardcoded-attribute-idp-mapper",
        "config": {"syncMode": "INHERIT", "attribute": "colour", "attribute.value": "blue"}});
    let made = mappers.create(&of(mapper.clone())).await?;
    mappers.list().await.ok();
    mappers.get(made.id()).await.ok();
    let mut changed = mapper;
    changed["id"] = made.id().into();
    mappers.update(made.id(), &of(changed)).await.ok();
    mappers.delete(made.id()).await.ok();
    idps.delete("corp").await
}
