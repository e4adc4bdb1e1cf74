//! Tokens bound to a key.

use cloakroom::jwt::decode;
use cloakroom::oidc::{DpopKey, TokenRequest};
use cloakroom::{ClientAuth, Login};
use serde_json::{Value, json};
use wiremock::matchers::path;
use wiremock::{Mock, Request, ResponseTemplate};

use crate::issuer::Issuer;
use crate::support::{NOW, bearer, received};

const TOKEN: &str = "/realms/acme/protocol/openid-connect/token";
const USERINFO: &str = "/realms/acme/protocol/openid-connect/userinfo";

fn proof(request: &Request) -> Value {
    decode(request.headers["dpop"].to_str().unwrap()).unwrap()
}

#[tokio::test]
async fn every_request_has_a_proof_of_its_own() {
    let (issuer, _) = Issuer::start().await;
    let bound = json!({ "access_token": "bound", "token_type": "DPoP" });
    Mock::given(path(TOKEN)).respond_with(ResponseTemplate::new(200).set_body_json(bound)).mount(&issuer.server).await;
    let claims = ResponseTemplate::new(200).set_body_json(json!({ "sub": "7" }));
    Mock::given(path(USERINFO)).respond_with(claims).mount(&issuer.server).await;

    let app = issuer.app.with_dpop(DpopKey::generate().unwrap());
    for _ in 0..2 {
        app.token(TokenRequest::refresh("r")).await.unwrap();
    }
    app.userinfo("bound").await.unwrap();

    let asked = received(&issuer.server, TOKEN).await;
    let (one, two) = (proof(&asked[0]), proof(&asked[1]));
    assert_ne!(one["jti"], two["jti"]);
    assert_eq!((&one["htm"], &one["iat"]), (&json!("POST"), &json!(NOW)));
    assert_eq!(one["htu"], format!("{}{TOKEN}", issuer.server.uri()));
    let asked = &received(&issuer.server, USERINFO).await[0];
    assert_eq!(bearer(asked), "DPoP bound");
    assert!(proof(asked)["ath"].is_string());
}

#[tokio::test]
async fn a_nonce_that_the_server_wants_is_used_from_then_on() {
    let (issuer, _) = Issuer::start().await;
    let answer = |request: &Request| match proof(request)["nonce"].as_str() {
        Some("n1") => ResponseTemplate::new(200).set_body_json(json!({ "access_token": "bound" })),
        _ => ResponseTemplate::new(400)
            .insert_header("dpop-nonce", "n1")
            .set_body_json(json!({ "error": "use_dpop_nonce" })),
    };
    Mock::given(path(TOKEN)).respond_with(answer).mount(&issuer.server).await;
    let app = issuer.app.with_dpop(DpopKey::generate().unwrap());
    app.token(TokenRequest::refresh("r")).await.unwrap();
    assert_eq!(received(&issuer.server, TOKEN).await.len(), 2);
    app.token(TokenRequest::refresh("r")).await.unwrap();
    assert_eq!(received(&issuer.server, TOKEN).await.len(), 3);
}

#[tokio::test]
async fn a_nonce_that_does_not_help_is_tried_once() {
    let (issuer, _) = Issuer::start().await;
    let refuse = ResponseTemplate::new(400)
        .insert_header("dpop-nonce", "n1")
        .set_body_json(json!({ "error": "use_dpop_nonce" }));
    Mock::given(path(TOKEN)).respond_with(refuse).mount(&issuer.server).await;
    let app = issuer.app.with_dpop(DpopKey::generate().unwrap());
    assert_eq!(app.token(TokenRequest::refresh("r")).await.unwrap_err().code(), Some("use_dpop_nonce"));
    assert_eq!(received(&issuer.server, TOKEN).await.len(), 2);
}

#[tokio::test]
async fn a_login_can_be_bound_too() {
    let (issuer, _) = Issuer::start().await;
    let bound = json!({ "access_token": "bound", "token_type": "DPoP", "expires_in": 60 });
    Mock::given(path(TOKEN)).respond_with(ResponseTemplate::new(200).set_body_json(bound)).mount(&issuer.server).await;
    let at = "/admin/realms/acme/users";
    Mock::given(path(at)).respond_with(ResponseTemplate::new(200).set_body_json(json!([]))).mount(&issuer.server).await;

    let key = DpopKey::generate().unwrap();
    let login = Login::client_credentials("robot", ClientAuth::basic("s")).realm("acme").dpop(key);
    let kc = issuer.client().login(login);
    for _ in 0..2 {
        kc.realm("acme").users().list(&Default::default()).await.unwrap();
    }
    assert_eq!(received(&issuer.server, TOKEN).await.len(), 1);
    let calls = received(&issuer.server, at).await;
    assert_eq!(bearer(&calls[0]), "DPoP bound");
    assert!(proof(&calls[0])["ath"].is_string());
    assert_ne!(proof(&calls[0])["jti"], proof(&calls[1])["jti"]);
    assert_eq!(proof(&calls[0])["htm"], "GET");
}
