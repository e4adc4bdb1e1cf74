//! A call and its answer.

use std::time::Duration;

use cloakroom::api::admin::{roles::Role, users::User};
use cloakroom::{Client, Error, NetworkKind, OrNone, Retry, each};
use serde_json::json;
use wiremock::matchers::{any, header, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Clock, builder, received};

async fn answering(answer: ResponseTemplate) -> (MockServer, Client) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let kc = builder(&server, &Clock::new()).build().unwrap();
    (server, kc)
}

#[tokio::test]
async fn names_with_any_character_stay_one_segment() {
    let (server, kc) = answering(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    for name in ["a/b", "a;b=c", "1 + 1", "100%", "%2F", "größe 日本", "a?b#c", "~.", "..."] {
        kc.realm("acme").roles().get(name).await.unwrap();
        let path = server.received_requests().await.unwrap().last().unwrap().url.path().to_owned();
        let last = path.strip_prefix("/admin/realms/acme/roles/").unwrap();
        assert!(!last.contains(['/', '+', ';', ' ']), "{last}");
        assert_eq!(url::form_urlencoded::parse(last.as_bytes()).next().unwrap().0, name);
    }
}

#[tokio::test]
async fn a_name_that_would_lead_elsewhere_is_not_sent() {
    let (server, kc) = answering(ResponseTemplate::new(204)).await;
    for name in ["", ".", ".."] {
        let e = kc.realm("acme").roles().delete(name).await.unwrap_err();
        assert!(matches!(e, Error::Call { .. }), "{e:?}");
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_base_path_stands_before_every_path() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(json!([]))).mount(&server).await;
    for base in ["/auth", "/auth/", "/a/b/"] {
        let kc = Client::builder(&format!("{}{base}", server.uri())).no_proxy().build().unwrap();
        kc.realm("acme").users().list(&Default::default()).await.unwrap();
        let path = format!("{}/admin/realms/acme/users", base.trim_end_matches('/'));
        assert_eq!(server.received_requests().await.unwrap().last().unwrap().url.path(), path);
    }
}

#[tokio::test]
async fn headers_of_ones_own_and_the_agent_go_with_every_call() {
    let server = MockServer::start().await;
    let expected = Mock::given(header("cf-access-client-id", "abc")).and(header("user-agent", "mine/1"));
    expected.respond_with(ResponseTemplate::new(200).set_body_json(json!([]))).expect(1).mount(&server).await;
    let builder = builder(&server, &Clock::new()).user_agent("mine/1").header("CF-Access-Client-Id", "abc");
    builder.unwrap().build().unwrap().realm("acme").users().list(&Default::default()).await.unwrap();
}

#[tokio::test]
async fn a_new_resource_tells_its_id() {
    let location = "http://id/admin/realms/acme/users/42";
    let (_server, kc) = answering(ResponseTemplate::new(201).insert_header("location", location)).await;
    assert_eq!(kc.realm("acme").users().create(&User::default()).await.unwrap().id(), "42");
}

#[tokio::test]
async fn a_refusal_carries_the_servers_words() {
    let body = json!({ "errorMessage": "User exists with same username" });
    let (_server, kc) = answering(ResponseTemplate::new(409).set_body_json(body)).await;
    let e = kc.realm("acme").users().create(&User::default()).await.unwrap_err();
    assert_eq!((e.status(), e.message(), e.is_conflict()), (409, "User exists with same username", true));
    assert_eq!(e.to_string(), "Users::create: 409 Conflict: User exists with same username");
}

#[tokio::test]
async fn what_is_not_found_can_be_none() {
    let (_server, kc) = answering(ResponseTemplate::new(404).set_body_json(json!({ "error": "User not found" }))).await;
    assert_eq!(kc.realm("acme").users().get("x", &Default::default()).await.or_none().unwrap(), None);
}

#[tokio::test]
async fn html_asks_whether_the_url_is_right() {
    for status in [200, 404] {
        let page = ResponseTemplate::new(status).set_body_raw("<html>", "text/html; charset=utf-8");
        let (_server, kc) = answering(page).await;
        let e = kc.realm("acme").users().list(&Default::default()).await.unwrap_err();
        assert!(e.to_string().contains("HTML instead of JSON: is the URL right?"), "{e}");
        assert_eq!(e.answer().unwrap().text, "<html>");
    }
}

#[tokio::test]
async fn a_redirect_is_reported_not_followed() {
    let (server, kc) = answering(ResponseTemplate::new(302).insert_header("location", "/elsewhere")).await;
    let e = kc.realm("acme").users().list(&Default::default()).await.unwrap_err();
    assert!(e.to_string().contains("redirect"), "{e}");
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn fields_of_a_newer_server_are_ignored() {
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "name": "r", "newField": [1] }));
    let (_server, kc) = answering(answer).await;
    let role = kc.realm("acme").roles().get("r").await.unwrap();
    assert_eq!(role, Role { name: Some("r".into()), ..Role::default() });
}

#[tokio::test]
async fn a_busy_server_is_asked_again() {
    let server = MockServer::start().await;
    let busy = Mock::given(any()).respond_with(ResponseTemplate::new(503).insert_header("retry-after", "0"));
    busy.up_to_n_times(2).mount(&server).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(json!([]))).mount(&server).await;
    let kc = builder(&server, &Clock::new()).build().unwrap();
    kc.realm("acme").users().list(&Default::default()).await.unwrap();
    assert_eq!(server.received_requests().await.unwrap().len(), 3);
}

#[tokio::test]
async fn what_may_not_be_repeated_is_sent_once() {
    let (server, kc) = answering(ResponseTemplate::new(503)).await;
    assert_eq!(kc.realm("acme").users().create(&User::default()).await.unwrap_err().status(), 503);
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn retries_can_be_switched_off() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(502)).mount(&server).await;
    let kc = builder(&server, &Clock::new()).retry(Retry::NEVER).build().unwrap();
    assert_eq!(kc.realm("acme").users().list(&Default::default()).await.unwrap_err().status(), 502);
    assert_eq!(received(&server, "/admin/realms/acme/users").await.len(), 1);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let kc = Client::builder(&format!("http://{free}")).retry(Retry::NEVER).no_proxy().build().unwrap();
    let e = kc.realm("acme").users().list(&Default::default()).await.unwrap_err();
    assert!(matches!(e, Error::Network { kind: NetworkKind::Connect, .. }), "{e:?}");
    let text = e.to_string();
    for words in [&*free.to_string(), "refused", "is the server running"] {
        assert!(text.contains(words), "{text}");
    }
}

#[tokio::test]
async fn a_restart_of_the_server_costs_no_call() {
    use axum::{Router, routing::get};
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A server on a runtime of its own: with that, its connections end too.
    fn serve(listener: std::net::TcpListener) -> tokio::runtime::Runtime {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let app = Router::new().route(
            "/admin/realms/acme",
            get(|| async { ([("content-type", "application/json")], r#"{"realm": "acme"}"#) }),
        );
        listener.set_nonblocking(true).unwrap();
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, app).await
        });
        runtime
    }

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let first = serve(listener);
    let retry =
        Retry::DEFAULT.times(100).first_pause(Duration::from_millis(1)).longest_pause(Duration::from_millis(20));
    let kc = Client::builder(&format!("http://{address}")).retry(retry).no_proxy().build().unwrap().token("t");
    let (answered, restarted) = (AtomicUsize::new(0), tokio::sync::Notify::new());
    let call = async |n: usize| {
        if n == 40 {
            restarted.notify_one();
        }
        let realm = kc.realms().get("acme").await;
        answered.fetch_add(1, Ordering::Relaxed);
        realm.map(|realm| realm.realm)
    };
    let restart = async {
        restarted.notified().await;
        first.shutdown_background();
        // nobody is there to connect to until the port is taken again
        loop {
            match std::net::TcpListener::bind(address) {
                Ok(listener) => return serve(listener),
                Err(_) => tokio::task::yield_now().await,
            }
        }
    };
    let (outcomes, second) = tokio::join!(each(0..200, 8, call), restart);
    assert_eq!(answered.into_inner(), 200);
    for outcome in outcomes {
        assert_eq!(outcome.unwrap().as_deref(), Some("acme"));
    }
    second.shutdown_background();
}

#[tokio::test]
async fn a_slow_answer_ends_at_the_time_limit() {
    let server = MockServer::start().await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    Mock::given(any()).respond_with(slow).mount(&server).await;
    let kc = builder(&server, &Clock::new()).timeout(Duration::from_millis(50)).build().unwrap();
    let e = kc.realm("acme").users().list(&Default::default()).await.unwrap_err();
    assert!(matches!(e, Error::Network { kind: NetworkKind::Timeout, .. }) && e.is_network(), "{e:?}");
}

#[tokio::test]
async fn an_answer_has_a_longest_length() {
    let (server, _) = answering(ResponseTemplate::new(200).set_body_bytes(vec![b' '; 2000])).await;
    let kc = builder(&server, &Clock::new()).max_answer(1000).build().unwrap();
    let e = kc.realm("acme").users().list(&Default::default()).await.unwrap_err();
    assert!(matches!(e, Error::Network { kind: NetworkKind::TooLong, .. }), "{e:?}");
}

#[test]
fn settings_that_cannot_work_say_so() {
    for (builder, words) in [
        (Client::builder("id.example.com"), "http"),
        (Client::builder("https://x").ca_pem("nonsense"), "CA file"),
        (Client::builder("https://x").client_certificate_pem("nonsense"), "client certificate"),
        (Client::builder("http://x").proxy("::user:hunter2@"), "proxy"),
    ] {
        let e = builder.build().unwrap_err().to_string();
        assert!(e.contains(words) && !e.contains("hunter2"), "{e}");
    }
    assert!(Client::builder("http://x").header("a b", "c").unwrap_err().to_string().contains("a b"));
}
