//! Logins bound to a key, with a real Keycloak: `CLOAKROOM_TEST_KEYCLOAK=http://localhost:8180`, whose administrator is `admin`
//! with the password `admin`.

use cloakroom::api::admin::{clients::Client as App, realms::Realm};
use cloakroom::jwt::decode;
use cloakroom::oidc::{DpopKey, TokenRequest};
use cloakroom::{Client, ClientAuth, Login, Result};
use serde_json::Value;

use crate::support::{bob, some};

/// A realm whose client gives bound tokens only, with a user who may look at the realm.
async fn set_up(kc: &Client, realm: &str) -> Result<()> {
    kc.realms().create(&Realm { realm: some(realm), enabled: Some(true), ..Realm::default() }).await?;
    let at = kc.realm(realm);
    let app = App {
        client_id: some("app"),
        public_client: Some(true),
        direct_access_grants_enabled: Some(true),
        attributes: Some([("dpop.bound.access.tokens", "true")].into()),
        ..App::default()
    };
    at.clients().create(&app).await?;
    let bob = bob(kc, realm, "pw").await?;
    let management = at.clients().list(&Default::default()).await?;
    let management = management.iter().find(|app| app.client_id.as_deref() == Some("realm-management"));
    let management = management.and_then(|app| app.id.as_deref()).unwrap_or_default();
    let role = at.client(management).roles().get("view-realm").await?;
    at.user(&bob).role_mappings().client(management).add(&vec![role]).await
}

#[tokio::test]
async fn a_real_keycloak_takes_bound_tokens_with_proofs_only() {
    let Ok(url) = std::env::var("CLOAKROOM_TEST_KEYCLOAK") else {
        eprintln!("NOT TESTED against a real Keycloak: CLOAKROOM_TEST_KEYCLOAK is not set");
        return;
    };
    let kc = Client::builder(&url).login(Login::password("admin", "admin")).build().unwrap();
    let realm = format!("sdk-dpop-{}", std::process::id());
    let outcome = async {
        set_up(&kc, &realm).await?;
        let key = DpopKey::generate()?;
        let login = Login::password("bob", "pw").realm(&*realm).client("app", ClientAuth::none());
        assert!(kc.login(login.clone()).access_token().await.is_err(), "without a proof no token");

        // the Admin API by a bound login
        let bob = kc.login(login.dpop(key.clone()));
        assert_eq!(bob.realms().get(&realm).await?.realm.as_deref(), Some(&*realm));
        let token = bob.access_token().await?;
        let claims: Value = decode(token.expose())?;
        assert_eq!(claims["cnf"]["jkt"], key.thumbprint());
        let stolen = kc.token(token.expose()).realms().get(&realm).await;
        assert!(stolen.is_err_and(|e| e.is_unauthorized()), "a bound token is worth nothing alone");

        // an application with one
        let app = kc.oidc(&realm, "app", ClientAuth::none()).with_dpop(key);
        let tokens = app.token(TokenRequest::password("bob", "pw").scope("openid")).await?;
        assert_eq!(tokens.token_type.as_deref(), Some("DPoP"));
        let refresh = tokens.refresh_token.clone().unwrap_or_default();
        app.userinfo(tokens.access_token.unwrap_or_default().expose()).await?;
        app.token(TokenRequest::refresh(refresh)).await.map(drop)
    };
    let outcome = outcome.await;
    kc.realms().delete(&realm).await.unwrap();
    outcome.unwrap();
}
