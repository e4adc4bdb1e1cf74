//! What no operation takes: unknown paths and verbs of the Admin API, browsers' questions about it, and pages of others.

use crate::{
    acme::{Acme, Answer},
    admins::user,
};
use bytes::Bytes;
use cloakroom::Client;
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::{Value, json};

async fn realm() -> Acme {
    let app = json!({"id": "app-id", "clientId": "app", "publicClient": true, "directAccessGrantsEnabled": true,
        "webOrigins": ["http://app.example"]});
    Acme::of(json!({"clients": [app], "users": [user("viewer", &["view-users"])]}), json!({})).await
}

async fn ask(client: &Client, method: &Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (parts, body) = client.request(request.body(Bytes::new()).unwrap()).await.unwrap().into_parts();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    Answer { status: parts.status, headers: parts.headers, body }
}

/// Status and `error` of an answer.
fn told(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.body["error"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_path_that_is_not_served_is_404_once_it_is_known_who_asks() {
    let acme = realm().await;
    for path in ["nothing", "users/none/nothing", "clients/x/y/z"] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let path = format!("/admin/realms/acme/{path}");
            let answer = ask(acme.kc.admin(), &method, &path, &[]).await;
            assert_eq!(told(&answer), (404, "HTTP 404 Not Found"), "{method} {path}");
            let answer = ask(&acme.kc.anonymous(), &method, &path, &[]).await;
            assert_eq!(told(&answer), (401, "HTTP 401 Unauthorized"), "{method} {path}");
        }
    }
    let nowhere = ask(acme.kc.admin(), &Method::GET, "/admin/realms/none/nothing", &[]).await;
    assert_eq!(told(&nowhere), (404, "Realm not found."));
    let outside = ask(&acme.kc.anonymous(), &Method::GET, "/nothing", &[]).await;
    assert_eq!(told(&outside), (404, "HTTP 404 Not Found"));
}

#[tokio::test]
async fn a_verb_that_a_resource_does_not_know_is_405() {
    let acme = realm().await;
    for (method, path, status) in [
        (Method::PATCH, "", 405),
        (Method::PATCH, "/users/none", 405),
        (Method::POST, "/users/count", 405),
        (Method::POST, "/keys", 405),
        // a verb that is known one word further makes it the path that is wrong, and reading is known everywhere
        (Method::POST, "", 404),
        (Method::POST, "/clients/app-id", 404),
        (Method::GET, "/logout-all", 404),
    ] {
        let path = format!("/admin/realms/acme{path}");
        let answer = ask(acme.kc.admin(), &method, &path, &[]).await;
        let words = if status == 405 { "HTTP 405 Method Not Allowed" } else { "HTTP 404 Not Found" };
        assert_eq!(told(&answer), (status, words), "{method} {path}");
        assert_eq!(ask(&acme.kc.anonymous(), &method, &path, &[]).await.status, StatusCode::UNAUTHORIZED);
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[tokio::test]
async fn a_browser_may_ask_what_it_may_send() {
    let acme = realm().await;
    let origin = [("origin", "http://anywhere.example"), ("access-control-request-method", "PUT")];
    for path in ["/admin/realms", "/admin/realms/acme/users", "/admin/realms/none/nothing"] {
        let answer = ask(&acme.kc.anonymous(), &Method::OPTIONS, path, &origin).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(header(&answer.headers, "access-control-allow-origin"), Some("http://anywhere.example"), "{path}");
        let methods = header(&answer.headers, "access-control-allow-methods").unwrap();
        assert!(["GET", "POST", "PUT", "DELETE"].iter().all(|method| methods.contains(method)), "{path}: {methods}");
    }
}

#[tokio::test]
async fn a_page_reads_answers_if_the_client_of_the_token_allows_its_origin() {
    let acme = realm().await;
    let form = [("grant_type", "password"), ("client_id", "app"), ("username", "viewer"), ("password", "pw")];
    let tokens = acme.post("token", &form).await;
    let bearer = format!("Bearer {}", tokens.text("access_token"));
    for (origin, allowed) in [("http://app.example", true), ("http://other.example", false)] {
        for (path, status) in [("users", 200), ("users/none", 404), ("components", 403)] {
            let headers = [("origin", origin), ("authorization", bearer.as_str())];
            let path = format!("/admin/realms/acme/{path}");
            let answer = ask(&acme.kc.anonymous(), &Method::GET, &path, &headers).await;
            assert_eq!(answer.status.as_u16(), if allowed { status } else { 403 }, "{path}");
            let seen = header(&answer.headers, "access-control-allow-origin");
            assert_eq!(seen, allowed.then_some(origin), "{path}");
        }
    }
}
