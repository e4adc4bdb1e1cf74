//! The client for code without `async`.

use cloakroom::api::admin::users::User;
use cloakroom::oidc::TokenRequest;
use cloakroom::{ClientAuth, Login, blocking};
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{TOKEN, bearer, grant, realm, received};

/// A server that answers while the test's own thread blocks.
fn serve() -> (tokio::runtime::Runtime, MockServer) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        grant(&server).await;
        realm(&server, "acme").await;
        let made = ResponseTemplate::new(201).insert_header("location", "http://id/users/7");
        Mock::given(method("POST")).and(path("/admin/realms/acme/users")).respond_with(made).mount(&server).await;
        server
    });
    (runtime, server)
}

fn client(server: &MockServer) -> blocking::Client {
    let builder = blocking::Client::builder(&server.uri()).login(Login::password("admin", "hunter2"));
    builder.no_proxy().build_blocking().unwrap()
}

#[test]
fn operations_have_the_same_names_without_await() {
    let (_runtime, server) = serve();
    let kc = client(&server);
    assert_eq!(kc.realm("acme").users().create(&User::default()).unwrap().id(), "7");
    assert_eq!(kc.realms().get("acme").unwrap().realm.as_deref(), Some("acme"));
}

#[test]
fn another_login_uses_the_same_connections() {
    let (runtime, server) = serve();
    let kc = client(&server);
    kc.token("theirs").realms().get("acme").unwrap();
    kc.login(Login::token("ours")).realms().get("acme").unwrap();
    kc.realms().get("acme").unwrap();
    let sent = runtime.block_on(received(&server, "/admin/realms/acme"));
    assert_eq!(sent.iter().map(bearer).collect::<Vec<_>>(), ["Bearer theirs", "Bearer ours", "Bearer access-1"]);
}

#[test]
fn threads_share_one_login() {
    let (runtime, server) = serve();
    let kc = client(&server);
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| kc.realms().get("acme").unwrap());
        }
    });
    assert_eq!(runtime.block_on(received(&server, TOKEN)).len(), 1);
}

#[test]
fn an_application_logs_in_without_await() {
    let (_runtime, server) = serve();
    let app = client(&server).oidc("master", "app", ClientAuth::none());
    let tokens = app.token(TokenRequest::password("bob", "hunter2")).unwrap();
    assert_eq!(tokens.access_token.unwrap().expose(), "access-1");
    let pushed = app.run(async { app.inner().token(TokenRequest::refresh("r")).await });
    assert!(pushed.is_ok());
}

#[test]
fn anything_async_can_be_run() {
    let (_runtime, server) = serve();
    let kc = client(&server);
    let name = "acme".to_owned();
    let both = kc.run(async |kc| (kc.realms().get(&name).await, kc.realms().get(&name).await));
    assert!(both.0.is_ok() && both.1.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn within_a_runtime_it_blocks_but_does_not_panic() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(200).set_body_json(json!([]))).mount(&server).await;
    let kc = blocking::Client::builder(&server.uri()).no_proxy().build_blocking().unwrap();
    kc.realm("acme").users().list(&Default::default()).unwrap();
    let clone = kc.clone();
    let task = move || clone.realm("acme").users().list(&Default::default()).map(drop);
    tokio::task::spawn_blocking(task).await.unwrap().unwrap();
    drop(kc);
}
