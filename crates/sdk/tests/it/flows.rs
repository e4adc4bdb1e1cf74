//! Ways to log in: by browser, by another device, by another token.

use std::sync::atomic::{AtomicUsize, Ordering};

use cloakroom::api::oidc::register::ClientMetadata;
use cloakroom::jose::{VerifyingKey, verify};
use cloakroom::jwt::TokenClaims;
use cloakroom::oidc::{Authorization, AuthorizationError, TokenRequest, TokenType};
use cloakroom::{ClientAuth, Error, OidcClient, Secret};
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, Request, ResponseTemplate};

use crate::issuer::{ISSUER, Issuer, key as new_key};
use crate::support::{NOW, bearer, field, form, received, tokens};

const BASE: &str = "/realms/acme/protocol/openid-connect";
const BACK: &str = "https://app.example.com/back";

fn at(rest: &str) -> String {
    format!("{BASE}{rest}")
}

async fn answer(issuer: &Issuer, rest: &str, status: u16, body: Value) {
    let answer = ResponseTemplate::new(status).set_body_json(body);
    Mock::given(path(at(rest))).respond_with(answer).mount(&issuer.server).await;
}

/// The token endpoint: errors by their codes, then tokens.
async fn refuse_then_grant(issuer: &Issuer, codes: &'static [&'static str]) {
    let made = AtomicUsize::new(0);
    let answer = move |_: &Request| match codes.get(made.fetch_add(1, Ordering::SeqCst)) {
        Some(code) => ResponseTemplate::new(400).set_body_json(json!({ "error": code })),
        None => ResponseTemplate::new(200).set_body_json(tokens(1)),
    };
    Mock::given(path(at("/token"))).respond_with(answer).mount(&issuer.server).await;
}

#[tokio::test]
async fn who_comes_back_is_who_was_sent_off() {
    let (issuer, key) = Issuer::start().await;
    let sent = issuer.app.authorize(BACK).await.unwrap().scope("openid email").build().unwrap();
    // what was kept survives a restart
    let kept = serde_json::to_string(&sent).unwrap();
    let sent: Authorization = serde_json::from_str(&kept).unwrap();
    let id_token = key.sign(&json!({ "iss": ISSUER, "aud": "app", "azp": "app", "typ": "ID", "sub": "7", "iat": NOW,
        "exp": NOW + 60, "nonce": sent.nonce.expose(), "preferred_username": "bob" }));
    answer(&issuer, "/token", 200, json!({ "access_token": "a", "id_token": id_token.unwrap() })).await;

    let state = sent.state.expose();
    let back = format!("{BACK}?code=c&state={state}&iss={ISSUER}&session_state=x");
    let user = issuer.app.callback(&sent, &back).await.unwrap().user.unwrap();
    assert_eq!(user.preferred_username.as_deref(), Some("bob"));
    assert_eq!(received(&issuer.server, &at("/token")).await.len(), 1);

    let other = issuer.app.authorize(BACK).await.unwrap().build().unwrap();
    let e = issuer.app.callback(&other, &back).await.unwrap_err();
    assert!(matches!(e, Error::Authorization(AuthorizationError::State)), "{e:?}");
    let refused = format!("?error=access_denied&state={state}");
    assert_eq!(issuer.app.callback(&sent, &refused).await.unwrap_err().code(), Some("access_denied"));
    assert_eq!(received(&issuer.server, &at("/token")).await.len(), 1, "no code is redeemed that is not believed");
}

#[tokio::test]
async fn an_id_token_of_another_login_is_refused() {
    let (issuer, key) = Issuer::start().await;
    let sent = issuer.app.authorize(BACK).await.unwrap().build().unwrap();
    let id_token = key
        .sign(&json!({ "iss": ISSUER, "aud": "app", "azp": "app", "typ": "ID", "iat": NOW, "exp": NOW + 60,
        "nonce": "another" }));
    answer(&issuer, "/token", 200, json!({ "access_token": "a", "id_token": id_token.unwrap() })).await;
    let e = issuer.app.callback(&sent, &format!("code=c&state={}", sent.state.expose())).await.unwrap_err();
    assert!(e.is_invalid_token(), "{e:?}");
}

#[tokio::test]
async fn a_pushed_request_leaves_nothing_in_the_address() {
    let (issuer, _) = Issuer::start().await;
    let app = issuer.app_with(ClientAuth::basic("s"));
    answer(&issuer, "/ext/par/request", 201, json!({ "request_uri": "urn:x:1", "expires_in": 60 })).await;
    let sent = app.authorize(BACK).await.unwrap().with("prompt", "login").push().await.unwrap();
    assert_eq!(sent.url.query(), Some("client_id=app&request_uri=urn%3Ax%3A1"));
    let pushed = &received(&issuer.server, &at("/ext/par/request")).await[0];
    assert_eq!(bearer(pushed), "Basic YXBwOnM=");
    assert_eq!(field(pushed, "state").as_deref(), Some(sent.state.expose()));
    assert_eq!(field(pushed, "code_challenge"), Some(sent.pkce.challenge()));
    assert_eq!(field(pushed, "prompt").as_deref(), Some("login"));
}

#[tokio::test]
async fn a_signed_request_holds_all_parameters() {
    let (issuer, _) = Issuer::start().await;
    let mine = new_key("mine");
    let sent = issuer.app.authorize(BACK).await.unwrap().with("prompt", "login").signed(mine.clone()).build().unwrap();
    let query = |name: &str| sent.url.query_pairs().find(|(n, _)| n == name).map(|(_, v)| v.into_owned());
    assert_eq!((query("client_id").as_deref(), query("redirect_uri")), (Some("app"), None));
    let keys: VerifyingKey = mine.verifying_key().unwrap();
    let claims: Value = verify(&query("request").unwrap(), &keys).unwrap().claims().unwrap();
    for (name, value) in
        [("iss", "app"), ("aud", ISSUER), ("redirect_uri", BACK), ("prompt", "login"), ("scope", "openid")]
    {
        assert_eq!(claims[name], value);
    }
    assert_eq!(claims["state"], sent.state.expose());
}

#[tokio::test]
async fn registration_has_a_page_of_its_own() {
    let (issuer, _) = Issuer::start().await;
    let sent = issuer.app.register(BACK).await.unwrap().build().unwrap();
    assert!(sent.url.path().ends_with("/protocol/openid-connect/registrations"), "{}", sent.url);
}

#[tokio::test]
async fn a_device_asks_until_its_user_agrees() {
    let (issuer, _) = Issuer::start().await;
    let begun = json!({ "device_code": "d", "user_code": "ABCD-EFGH", "verification_uri": "https://id/device",
        "expires_in": 600, "interval": 0 });
    answer(&issuer, "/auth/device", 200, begun).await;
    refuse_then_grant(&issuer, &["authorization_pending", "authorization_pending"]).await;
    let login = issuer.app.device("openid").await.unwrap();
    assert_eq!(login.answer.user_code.as_deref(), Some("ABCD-EFGH"));
    assert!(login.wait().await.unwrap().access_token.is_some());
    let asked = received(&issuer.server, &at("/token")).await;
    assert_eq!(asked.len(), 3);
    assert_eq!(field(&asked[0], "device_code").as_deref(), Some("d"));
    assert_eq!(field(&asked[0], "grant_type").as_deref(), Some("urn:ietf:params:oauth:grant-type:device_code"));
}

#[tokio::test]
async fn a_device_stops_where_its_user_refuses() {
    let (issuer, _) = Issuer::start().await;
    answer(&issuer, "/auth/device", 200, json!({ "device_code": "d", "interval": 0 })).await;
    refuse_then_grant(&issuer, &["authorization_pending", "access_denied"]).await;
    let e = issuer.app.device("openid").await.unwrap().wait().await.unwrap_err();
    assert_eq!(e.code(), Some("access_denied"));
}

#[tokio::test]
async fn a_user_agrees_elsewhere() {
    let (issuer, _) = Issuer::start().await;
    answer(&issuer, "/ext/ciba/auth", 200, json!({ "auth_req_id": "r", "expires_in": 120, "interval": 0 })).await;
    refuse_then_grant(&issuer, &["authorization_pending"]).await;
    let more = [("binding_message", "W4SCT")];
    let login = issuer.app.backchannel("bob", "openid", &more).await.unwrap();
    login.wait().await.unwrap();
    let begun = &received(&issuer.server, &at("/ext/ciba/auth")).await[0];
    assert_eq!(
        (field(begun, "login_hint"), field(begun, "binding_message")),
        (Some("bob".into()), Some("W4SCT".into()))
    );
    let asked = &received(&issuer.server, &at("/token")).await[1];
    assert_eq!(field(asked, "auth_req_id").as_deref(), Some("r"));
}

#[tokio::test]
async fn an_exchange_says_what_for_what() {
    let (issuer, _) = Issuer::start().await;
    refuse_then_grant(&issuer, &[]).await;
    let exchange = TokenRequest::exchange("t")
        .subject_type(TokenType::Jwt)
        .subject_issuer("corp")
        .audience("billing")
        .audience("shop")
        .requested(TokenType::RefreshToken)
        .requested_subject("bob")
        .scope("email");
    issuer.app.token(exchange).await.unwrap();
    let mut fields = form(&received(&issuer.server, &at("/token")).await[0]);
    fields.sort();
    let expected = [
        ("audience", "billing"),
        ("audience", "shop"),
        ("client_id", "app"),
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("requested_subject", "bob"),
        ("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token"),
        ("scope", "email"),
        ("subject_issuer", "corp"),
        ("subject_token", "t"),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
    ];
    assert_eq!(fields, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
}

#[tokio::test]
async fn an_assertion_may_come_from_elsewhere() {
    let (issuer, _) = Issuer::start().await;
    refuse_then_grant(&issuer, &[]).await;
    let count = AtomicUsize::new(0);
    let next = std::sync::Arc::new(count);
    let auth = ClientAuth::assertion_from(move || {
        let number = next.fetch_add(1, Ordering::SeqCst);
        async move { Ok(Secret::from(format!("assertion-{number}"))) }
    });
    let app: OidcClient = issuer.app_with(auth);
    for number in 0..2 {
        app.token(TokenRequest::client_credentials()).await.unwrap();
        let asked = &received(&issuer.server, &at("/token")).await[number];
        assert_eq!(field(asked, "client_assertion"), Some(format!("assertion-{number}")));
        assert_eq!(field(asked, "client_id").as_deref(), Some("app"));
    }
}

#[tokio::test]
async fn signed_claims_about_a_user_are_verified() {
    let (issuer, key) = Issuer::start().await;
    let signed = |key: &cloakroom::jose::SigningKey| {
        let claims = json!({ "iss": ISSUER, "aud": "app", "sub": "7", "email": "bob@example.com" });
        ResponseTemplate::new(200).set_body_raw(key.sign(&claims).unwrap(), "application/jwt")
    };
    let good = Mock::given(path(at("/userinfo"))).respond_with(signed(&key));
    good.up_to_n_times(1).mount(&issuer.server).await;
    let forged = new_key("first");
    Mock::given(path(at("/userinfo"))).respond_with(signed(&forged)).mount(&issuer.server).await;
    let user: TokenClaims = issuer.app.user("token").await.unwrap();
    assert_eq!(user.email.as_deref(), Some("bob@example.com"));
    assert!(issuer.app.user::<Value>("token").await.unwrap_err().is_invalid_token());
}

#[tokio::test]
async fn introspection_gives_a_whole_token() {
    let (issuer, _) = Issuer::start().await;
    answer(&issuer, "/token/introspect", 200, json!({ "active": true, "jwt": "e.y.J" })).await;
    assert_eq!(issuer.app.introspect_jwt("short").await.unwrap().as_deref(), Some("e.y.J"));
    let asked = &received(&issuer.server, &at("/token/introspect")).await[0];
    assert_eq!(asked.headers["accept"], "application/jwt");
}

#[tokio::test]
async fn a_client_registers_and_manages_itself() {
    let (issuer, _) = Issuer::start().await;
    let clients = "/realms/acme/clients-registrations/openid-connect";
    let made = json!({ "client_id": "c1", "client_name": "App", "registration_access_token": "rat" });
    let created = ResponseTemplate::new(201).set_body_json(&made).insert_header("location", format!("{clients}/c1"));
    Mock::given(method("POST")).and(path(clients)).respond_with(created).mount(&issuer.server).await;
    let one = format!("{clients}/c1");
    Mock::given(method("GET"))
        .and(path(&one))
        .respond_with(ResponseTemplate::new(200).set_body_json(&made))
        .mount(&issuer.server)
        .await;
    Mock::given(method("DELETE")).and(path(&one)).respond_with(ResponseTemplate::new(204)).mount(&issuer.server).await;

    let kc = issuer.client();
    let wanted = ClientMetadata { client_name: Some("App".into()), ..ClientMetadata::default() };
    let initial = kc.token("initial");
    let client = initial.realm("acme").oidc().registration().create(&wanted).await.unwrap().body;
    let own = kc.token(client.registration_access_token.unwrap());
    let registration = own.realm("acme").oidc();
    assert_eq!(registration.registration().get("c1").await.unwrap().client_name.as_deref(), Some("App"));
    registration.registration().delete("c1").await.unwrap();
    assert_eq!(bearer(&received(&issuer.server, clients).await[0]), "Bearer initial");
    assert!(received(&issuer.server, &one).await.iter().all(|call| bearer(call) == "Bearer rat"));
}

#[test]
fn debug_shows_no_secret() {
    let text = format!("{:?} {:?}", ClientAuth::basic("hunter2"), TokenRequest::exchange("hunter2"));
    assert!(!text.contains("hunter2"), "{text}");
}
