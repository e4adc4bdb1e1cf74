//! Keys, certificates and rotated secrets of clients.

use super::{Played, Scene, of};
use cloakroom_api::endpoint::{Content, Part};
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({})
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let client = scene.client("app", json!({"clientAuthenticatorType": "client-jwt"})).await?;
    let keys = realm.client(&client).certificates("jwt.credential");
    let made = keys.generate().await?;
    keys.get().await.ok();
    let store = json!({"format": "PKCS12", "keyAlias": "app", "keyPassword": "password", "storePassword": "password"});
    let file = keys.download(&of(store.clone())).await?;
    let upload = Content::multipart([
        Part::field("keystoreFormat", "PKCS12"),
        Part::field("keyAlias", "app"),
        Part::field("keyPassword", "password"),
        Part::field("storePassword", "password"),
        Part::file("file", "keys.p12", "application/octet-stream", file.bytes),
    ]);
    keys.upload(&upload).await.ok();
    let pem = made.certificate.unwrap_or_default();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{pem}\n-----END CERTIFICATE-----\n");
    let upload = Content::multipart([
        Part::field("keystoreFormat", "Certificate PEM"),
        Part::file("file", "cert.pem", "application/octet-stream", pem),
    ]);
    keys.upload_certificate(&upload).await.ok();
    keys.generate_and_download(&of(store)).await.ok();
    realm.idps().upload_certificate(&upload).await.ok();
    rotate(scene).await
}

/// A policy lets secrets be replaced before they are worthless.
async fn rotate(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let executor = json!({"executor": "secret-rotation", "configuration":
        {"expiration-period": 86400, "rotated-expiration-period": 1800, "remaining-rotation-period": 3600}});
    let policies = realm.client_policies();
    policies.set_profiles(&of(json!({"profiles": [{"name": "rotate", "executors": [executor]}]}))).await.ok();
    let condition = json!({"condition": "client-access-type", "configuration": {"type": ["confidential"]}});
    let policy = json!({"name": "rotate", "enabled": true, "conditions": [condition], "profiles": ["rotate"]});
    policies.set_policies(&of(json!({"policies": [policy]}))).await.ok();
    let client = scene.client("rotated", json!({})).await?;
    realm.clients().regenerate_secret(&client).await.ok();
    realm.clients().regenerate_secret(&client).await.ok();
    realm.clients().rotated_secret(&client).await.ok();
    realm.clients().delete_rotated_secret(&client).await
}
