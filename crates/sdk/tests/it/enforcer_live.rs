//! The enforcer with a real Keycloak: `CLOAKROOM_TEST_KEYCLOAK=http://localhost:8180`, whose administrator is `admin` with
//! the password `admin`.

use axum::body::Body;
use axum::http::{Request, Response};
use axum::{Router, routing::any};
use bytes::Bytes;
use cloakroom::enforcer::{Enforcer, EnforcerBuilder, PathRule};
use cloakroom::oidc::TokenRequest;
use cloakroom::uma::{Challenge, RptRequest};
use cloakroom::{Client, ClientAuth, Login};
use serde_json::{Value, json};
use tower::ServiceExt;

/// A call of the Admin API below a realm; gives the body and the id in `Location`.
async fn admin(kc: &Client, method: &str, path: &str, body: Value) -> (Value, String) {
    let request = Request::builder().method(method).uri(format!("/admin/realms{path}"));
    let request = request.header("content-type", "application/json").body(Bytes::from(body.to_string())).unwrap();
    let answer = kc.request(request).await.unwrap();
    assert!(answer.status().is_success(), "{method} {path}: {} {:?}", answer.status(), answer.body());
    let location = answer.headers().get("location").map(|at| at.to_str().unwrap().to_owned()).unwrap_or_default();
    let id = location.rsplit('/').next().unwrap_or_default().to_owned();
    (serde_json::from_slice(answer.body()).unwrap_or_default(), id)
}

fn app(enforcer: EnforcerBuilder) -> Router {
    let rule = PathRule::new("/albums/{id}").method("GET", ["view"]).method("DELETE", ["delete"]);
    let enforcer = enforcer.path(rule).build().unwrap();
    Router::new().route("/{*path}", any(|| async { "in" })).layer(enforcer.layer())
}

async fn send(app: &Router, method: &str, path: &str, token: &str) -> Response<Body> {
    let request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn status(app: &Router, method: &str, path: &str, token: &str) -> u16 {
    send(app, method, path, token).await.status().as_u16()
}

fn policy(kind: &str, name: &str, config: Value) -> Value {
    let config: serde_json::Map<String, Value> =
        config.as_object().unwrap().iter().map(|(name, value)| (name.clone(), json!(value.to_string()))).collect();
    json!({ "name": name, "type": kind, "config": config })
}

#[tokio::test]
async fn a_real_keycloak_decides_and_changes_its_mind() {
    let Ok(url) = std::env::var("CLOAKROOM_TEST_KEYCLOAK") else {
        eprintln!("NOT TESTED against a real Keycloak: CLOAKROOM_TEST_KEYCLOAK is not set");
        return;
    };
    let kc = Client::builder(&url).login(Login::password("admin", "admin")).build().unwrap();
    let realm = format!("enforcer-{}", std::process::id());
    admin(&kc, "POST", "", json!({ "realm": realm, "enabled": true })).await;
    let user = json!({ "username": "alice", "enabled": true, "email": "a@corp.test", "firstName": "A", "lastName": "L",
        "credentials": [{ "type": "password", "value": "pw" }] });
    admin(&kc, "POST", &format!("/{realm}/users"), user).await;
    let app_client = json!({ "clientId": "app", "publicClient": true, "directAccessGrantsEnabled": true });
    admin(&kc, "POST", &format!("/{realm}/clients"), app_client).await;
    let settings = json!({
        "scopes": [{ "name": "view" }, { "name": "delete" }],
        "resources": [{ "name": "Album", "uris": ["/albums/*"], "scopes": [{ "name": "view" }, { "name": "delete" }] }],
        "policies": [
            policy("user", "alice", json!({ "users": ["alice"] })),
            policy("scope", "view", json!({ "resources": ["Album"], "scopes": ["view"], "applyPolicies": ["alice"] })),
        ],
    });
    let api = json!({ "clientId": "api", "secret": "secret", "serviceAccountsEnabled": true,
        "authorizationServicesEnabled": true, "authorizationSettings": settings });
    let (_, id) = admin(&kc, "POST", &format!("/{realm}/clients"), api).await;
    let authz = format!("/{realm}/clients/{id}/authz/resource-server");

    let alice = kc.oidc(&realm, "app", ClientAuth::none());
    let token = alice.token(TokenRequest::password("alice", "pw")).await.unwrap().access_token.unwrap();
    let token = token.expose();
    let enforcer = || Enforcer::builder(&kc, &realm, "api", ClientAuth::basic("secret"));
    let app_ = app(enforcer());
    for (method, path, token, expected) in [
        ("GET", "/albums/1", token, 200),
        ("DELETE", "/albums/1", token, 403),
        ("GET", "/other", token, 403),
        ("GET", "/albums/1", "abc", 401),
    ] {
        assert_eq!(status(&app_, method, path, token).await, expected, "{method} {path}");
    }

    let delete = json!({ "name": "delete", "resources": ["Album"], "scopes": ["delete"], "policies": ["alice"] });
    admin(&kc, "POST", &format!("{authz}/permission/scope"), delete).await;
    assert_eq!(status(&app_, "DELETE", "/albums/1", token).await, 200, "granted while it runs");
    let (view, _) = admin(&kc, "GET", &format!("{authz}/policy/search?name=view"), Value::Null).await;
    admin(&kc, "DELETE", &format!("{authz}/policy/{}", view["id"].as_str().unwrap()), Value::Null).await;
    assert_eq!(status(&app_, "GET", "/albums/1", token).await, 403, "taken away while it runs");

    let shared = app(enforcer().user_managed_access(true));
    let refused = send(&shared, "DELETE", "/albums/1", token).await;
    assert_eq!(refused.status(), 401);
    let challenge = Challenge::parse(refused.headers()["www-authenticate"].to_str().unwrap()).unwrap();
    let rpt = alice.rpt(RptRequest::user(token).ticket(challenge.ticket)).await.unwrap().access_token.unwrap();
    assert_eq!(status(&shared, "DELETE", "/albums/1", rpt.expose()).await, 200, "the ticket's token opens");
    assert_eq!(status(&shared, "GET", "/albums/1", rpt.expose()).await, 401, "but only what it was for");
    admin(&kc, "DELETE", &format!("/{realm}"), Value::Null).await;
}
