//! What the protocol endpoints tell pages of other origins, caches, and callers with another verb.

use crate::acme::{Acme, Answer, audience, client};
use http::Method;
use serde_json::json;

#[tokio::test]
async fn pages_of_origins_that_the_client_does_not_know_are_refused() {
    let app = client("app", json!({"webOrigins": ["http://good"], "protocolMappers": [audience("app")]}));
    let acme = Acme::start(json!({"clients": [app]})).await;
    let path = "/realms/acme/protocol/openid-connect/token";
    let ask = async |origin: &str, password: &str| {
        let form =
            [("grant_type", "password"), ("client_id", "app"), ("client_secret", "secret"), ("username", "alice")];
        let form: Vec<_> = form.into_iter().chain([("password", password)]).collect();
        acme.send(Method::POST, path, &[("origin", origin)], &form).await
    };
    for password in ["pw", "wrong"] {
        let answer = ask("http://good", password).await;
        assert_eq!(answer.headers["access-control-allow-origin"], "http://good");
        assert_eq!(answer.headers["access-control-allow-credentials"], "true");
    }
    for origin in ["http://bad", "http://good.evil", "null"] {
        let answer = ask(origin, "pw").await;
        assert_eq!((answer.status.as_u16(), &answer.body["error"]), (403, &json!("Invalid origin")));
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
    }
    let preflight = acme.send(Method::OPTIONS, path, &[("origin", "http://any")], &[]).await;
    assert_eq!(preflight.headers["access-control-allow-methods"], "POST, OPTIONS");
}

#[tokio::test]
async fn what_is_public_is_so_for_every_page() {
    let acme = Acme::start(json!({})).await;
    for path in ["", "/.well-known/openid-configuration", "/protocol/openid-connect/certs"] {
        let path = format!("/realms/acme{path}");
        let answer = acme.send(Method::GET, &path, &[("origin", "http://any")], &[]).await;
        assert_eq!(answer.headers["access-control-allow-origin"], "http://any", "{path}");
        assert!(!answer.headers.contains_key("access-control-expose-headers"), "{path}");
        let asked = acme.send(Method::OPTIONS, &path, &[("origin", "http://any")], &[]).await;
        assert!(asked.headers["access-control-allow-methods"].to_str().unwrap().starts_with("GET"), "{path}");
    }
}

#[tokio::test]
async fn pages_are_told_nothing_by_login_and_introspection() {
    let acme = Acme::start(json!({})).await;
    let login = "auth?client_id=app&response_type=code&redirect_uri=http://localhost/cb";
    for (method, endpoint) in [
        (Method::GET, login),
        (Method::OPTIONS, "auth"),
        (Method::OPTIONS, "token/introspect"),
        (Method::POST, "token/introspect"),
    ] {
        let path = format!("/realms/acme/protocol/openid-connect/{endpoint}");
        let answer = acme.send(method, &path, &[("origin", "http://localhost")], &[]).await;
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{endpoint}");
    }
}

#[tokio::test]
async fn only_tokens_and_who_they_are_about_are_kept_from_caches() {
    let acme = Acme::start(json!({})).await;
    let cached = |answer: &Answer| answer.headers.get("cache-control").map(|v| v.to_str().unwrap().to_owned());
    let got = acme.login("openid").await;
    assert_eq!(got.headers["pragma"], "no-cache");
    let refused = acme.post_as("app", "token", &[]).await;
    let json = [("content-type", "application/json")];
    let unread = acme.send(Method::POST, "/realms/acme/protocol/openid-connect/token", &json, &[]).await;
    for answer in [&got, &refused, &unread, &acme.userinfo("garbage").await] {
        assert_eq!(cached(answer).as_deref(), Some("no-store"));
    }
    assert_eq!(cached(&acme.introspect(got.text("access_token")).await).as_deref(), Some("no-cache"));
    assert_eq!(cached(&acme.userinfo(got.text("access_token")).await).as_deref(), Some("no-cache"));
    assert_eq!(cached(&acme.post_as("app", "token/introspect", &[]).await), None);
    assert_eq!(cached(&acme.post_as("app", "revoke", &[("token", got.text("access_token"))]).await), None);
}

#[tokio::test]
async fn a_verb_that_an_endpoint_does_not_have_is_told_so() {
    let acme = Acme::start(json!({})).await;
    for (method, path) in [
        (Method::GET, "/realms/acme/protocol/openid-connect/token"),
        (Method::GET, "/realms/acme/protocol/openid-connect/revoke"),
        (Method::GET, "/realms/acme/protocol/openid-connect/token/introspect"),
        (Method::DELETE, "/realms/acme/protocol/openid-connect/userinfo"),
        (Method::POST, "/realms/acme"),
    ] {
        let answer = acme.send(method, path, &[], &[]).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.body["error"]),
            (405, &json!("HTTP 405 Method Not Allowed")),
            "{path}"
        );
    }
}
