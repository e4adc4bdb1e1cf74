//! Health and metrics.

use cloakroom::Settings;
use serde_json::json;
use wiremock::matchers::{header, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Clock, builder};

#[tokio::test]
async fn a_server_that_is_not_well_says_so() {
    let server = MockServer::start().await;
    let up = json!({ "status": "UP", "checks": [] });
    let checks = json!([{ "name": "database", "status": "DOWN", "data": { "reason": "timeout" } }]);
    let down = json!({ "status": "DOWN", "checks": checks });
    for (at, status, body) in [("/health/live", 200, up), ("/health/ready", 503, down)] {
        let answer = ResponseTemplate::new(status).set_body_json(body);
        Mock::given(path(at)).respond_with(answer).mount(&server).await;
    }
    let kc = builder(&server, &Clock::new()).build().unwrap();
    assert!(kc.management().live().await.unwrap().is_up());
    let ready = kc.management().ready().await.unwrap();
    assert!(!ready.is_up());
    assert_eq!(ready.down().next().unwrap().data["reason"], "timeout");
    assert!(kc.management().started().await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn metrics_are_read() {
    let server = MockServer::start().await;
    let text = "# TYPE logins_total counter\nlogins_total{realm=\"a,b\"} 3\n";
    Mock::given(path("/metrics")).respond_with(ResponseTemplate::new(200).set_body_string(text)).mount(&server).await;
    let kc = builder(&server, &Clock::new()).build().unwrap();
    assert_eq!(kc.management().metrics().await.unwrap().sum("logins_total", &[("realm", "a,b")]), 3.0);
}

#[tokio::test]
async fn cloudflare_access_is_passed_with_the_settings_token() {
    let server = MockServer::start().await;
    let passed = Mock::given(header("cf-access-client-id", "id")).and(header("cf-access-client-secret", "secret"));
    passed.respond_with(ResponseTemplate::new(200).set_body_json(json!([]))).expect(1).mount(&server).await;
    let vars = [
        ("KEYCLOAK_URL", server.uri()),
        ("CF_ACCESS_CLIENT_ID", "id".into()),
        ("CF_ACCESS_CLIENT_SECRET", "secret".into()),
    ];
    let settings = Settings::from_vars(|name| vars.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone()));
    let kc = settings.builder().unwrap().no_proxy().build().unwrap();
    kc.realm(settings.realm()).users().list(&Default::default()).await.unwrap();
}
