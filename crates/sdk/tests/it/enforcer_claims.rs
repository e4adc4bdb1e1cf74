//! Claims that an enforcer pushes to the policies: about the request, of its body, and of a service.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::post;
use cloakroom::enforcer::{ClaimService, ClaimSource, PathRule};
use serde_json::{Value, json};
use tower::ServiceExt;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::enforcer::{TOKEN, World, app, send};
use crate::support::{bearer, field, received};

/// A world in which alice may do what she wants at `/a`.
async fn granting() -> World {
    let world = World::start().await;
    world.set(|state| {
        state.resources.push(("a", vec!["/a"]));
        state.granted.insert(("alice", "a"), vec![]);
    });
    world
}

/// The claims that the last question for permissions came with.
async fn pushed(world: &World) -> Value {
    let sent = received(&world.issuer.server, TOKEN).await;
    let sent = sent.iter().rev().find(|request| field(request, "permission").is_some()).unwrap();
    assert_eq!(field(sent, "claim_token_format").as_deref(), Some("urn:ietf:params:oauth:token-type:jwt"));
    let claims = data_encoding::BASE64.decode(field(sent, "claim_token").unwrap().as_bytes()).unwrap();
    serde_json::from_slice(&claims).unwrap()
}

async fn post_as(app: &Router, token: &str, body: impl Into<Body>) -> (u16, String) {
    let request = Request::post("/a").header("authorization", format!("Bearer {token}")).body(body.into()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn claims_about_the_request_are_pushed() {
    let world = granting().await;
    let rule = PathRule::new("/a").claim("country", ClaimSource::header("x-country"));
    let rules = world.enforcer().path(rule).claim("page", ClaimSource::query("page"));
    let rules =
        rules.claim("department", ClaimSource::token("/org/department")).claim("none", ClaimSource::cookie("none"));
    let app = app(rules.claim("length", ClaimSource::ask(|parts| vec![parts.uri.path().len().to_string()])));
    let token = world.token("alice", json!({ "org": { "department": "sales" } }));
    let request = Request::get("/a?page=1&page=2").header("authorization", format!("Bearer {token}"));
    assert_eq!(send(&app, request.header("x-country", "NL")).await.status(), 200);
    let expected = json!({ "country": ["NL"], "page": ["1", "2"], "department": ["sales"], "length": ["2"] });
    assert_eq!(pushed(&world).await, expected);
}

#[tokio::test]
async fn claims_are_taken_from_a_body_that_the_application_still_gets() {
    let world = granting().await;
    let rule = PathRule::new("/a")
        .claim("amount", ClaimSource::body("/order/amount"))
        .claim("items", ClaimSource::template("{request.body['/items']}").unwrap())
        .claim("none", ClaimSource::body("/nothing"))
        .claim("who", ClaimSource::template("{keycloak.access_token['/sub']} by {request.method}").unwrap());
    let enforcer = world.enforcer().path(rule).max_body(100).build().unwrap();
    let app = Router::new().route("/a", post(|body: String| async { body })).layer(enforcer.layer());
    let alice = world.token("alice", json!({}));
    let body = r#"{"order": {"amount": 12.5}, "items": ["x", 7]}"#;
    assert_eq!(post_as(&app, &alice, body).await, (200, body.to_owned()));
    let expected = json!({ "amount": ["12.5"], "items": ["x", "7"], "who": ["alice by POST"] });
    assert_eq!(pushed(&world).await, expected);

    assert_eq!(post_as(&app, &alice, "no JSON").await.0, 200, "which the policies may mind");
    assert_eq!(pushed(&world).await, json!({ "who": ["alice by POST"] }));
    let asked = world.asked().await;
    assert_eq!(post_as(&app, &alice, "x".repeat(101)).await.0, 413);
    assert_eq!(post_as(&app, "forged", "x".repeat(101)).await.0, 401, "nothing is read of somebody unknown");
    assert_eq!(world.asked().await, asked);
}

#[tokio::test]
async fn a_body_is_left_alone_where_no_claim_is_taken_from_it() {
    let world = granting().await;
    let enforcer = world.enforcer().max_body(10).build().unwrap();
    let app = Router::new().route("/a", post(|body: String| async { body })).layer(enforcer.layer());
    let long = "x".repeat(5000);
    assert_eq!(post_as(&app, &world.token("alice", json!({})), long.clone()).await, (200, long));
}

#[tokio::test]
async fn a_service_is_asked_for_claims() {
    let (world, service) = (granting().await, MockServer::start().await);
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "risk": { "score": 7 }, "groups": ["x", "y"] }));
    Mock::given(path("/claims")).respond_with(answer).mount(&service).await;
    let settings = json!({ "paths": [{ "path": "/a", "claim-information-point": { "http": {
        "url": format!("{}/claims?v=1", service.uri()), "method": "POST",
        "headers": { "Authorization": "Bearer {keycloak.access_token}", "x-kind": ["a", "b"] },
        "parameters": { "user": "{keycloak.access_token['/sub']}", "page": "{request.parameter['page']}" },
        "claims": { "risk": "/risk/score", "all": ["/groups", "/risk/score"], "none": "/none" } } } }] });
    let app = app(world.enforcer().settings(&settings.to_string()).unwrap());
    let alice = world.token("alice", json!({}));
    let request = Request::get("/a?page=1%26user=bob").header("authorization", format!("Bearer {alice}"));
    assert_eq!(send(&app, request).await.status(), 200);
    assert_eq!(pushed(&world).await, json!({ "risk": ["7"], "all": ["x", "y", "7"] }));

    let asked = &received(&service, "/claims").await[0];
    assert_eq!((asked.url.query(), bearer(asked)), (Some("v=1"), format!("Bearer {alice}")));
    assert_eq!(asked.headers.get_all("x-kind").iter().count(), 2);
    assert_eq!(field(asked, "user").as_deref(), Some("alice"), "what the sender wrote is one value");
    assert_eq!(field(asked, "page").as_deref(), Some("1&user=bob"));
}

#[tokio::test]
async fn without_the_services_word_nobody_gets_in() {
    let world = granting().await;
    let alice = format!("Bearer {}", world.token("alice", json!({})));
    let elsewhere = ResponseTemplate::new(302).insert_header("location", "/claims");
    for answer in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(200).set_body_string("<html>"),
        ResponseTemplate::new(200).set_body_bytes(vec![b' '; ClaimService::MAX_ANSWER + 1]),
        elsewhere,
    ] {
        let service = MockServer::start().await;
        Mock::given(path("/claims")).respond_with(answer).mount(&service).await;
        let service = ClaimService::get(&format!("{}/claims", service.uri())).unwrap().claim("risk", "/risk");
        let app = app(world.enforcer().claims_from(service));
        let request = Request::get("/a").header("authorization", &alice);
        assert_eq!(send(&app, request).await.status().as_u16(), 503);
    }
    assert_eq!(world.asked().await, 0);
    assert!(ClaimService::get("nowhere").is_err());
}
