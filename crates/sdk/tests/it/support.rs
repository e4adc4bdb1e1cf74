//! A canned Keycloak, and a clock to move.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cloakroom::api::admin::{credentials::Credential, users::User};
use cloakroom::{Client, ClientBuilder, Login, Retry};
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub(crate) const NOW: u64 = 1_800_000_000;
pub(crate) const TOKEN: &str = "/realms/master/protocol/openid-connect/token";

/// Seconds since 1970, moved by hand.
#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicU64>);

impl Clock {
    pub(crate) fn new() -> Self {
        Clock(Arc::new(AtomicU64::new(NOW)))
    }
    pub(crate) fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
    pub(crate) fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

pub(crate) fn builder(server: &MockServer, clock: &Clock) -> ClientBuilder {
    let clock = clock.clone();
    let retry = Retry::DEFAULT.first_pause(Duration::from_millis(1));
    Client::builder(&server.uri()).clock(move || clock.now()).retry(retry).no_proxy()
}

pub(crate) fn admin(server: &MockServer, clock: &Clock) -> Client {
    builder(server, clock).login(Login::password("admin", "hunter2")).build().unwrap()
}

pub(crate) fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Makes the user bob, who lacks nothing to log in with a password; gives the id.
pub(crate) async fn bob(kc: &Client, realm: &str, password: &str) -> cloakroom::Result<String> {
    let password = Credential { r#type: some("password"), value: Some(password.into()), ..Credential::default() };
    let bob = User {
        username: some("bob"),
        email: some("bob@example.com"),
        first_name: some("Bob"),
        last_name: some("B"),
        enabled: Some(true),
        credentials: Some(vec![password]),
        ..User::default()
    };
    Ok(kc.realm(realm).users().create(&bob).await?.id().to_owned())
}

/// The answer of the token endpoint: numbered tokens, good for a minute.
pub(crate) fn tokens(number: u64) -> Value {
    json!({ "access_token": format!("access-{number}"), "expires_in": 60, "refresh_expires_in": 1800,
        "refresh_token": format!("refresh-{number}"), "token_type": "Bearer" })
}

/// A token endpoint that counts, and takes a moment, so that callers meet in it.
pub(crate) async fn grant(server: &MockServer) {
    let count = AtomicU64::new(1);
    let answer = move |_: &Request| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        ResponseTemplate::new(200).set_body_json(tokens(number)).set_delay(Duration::from_millis(30))
    };
    Mock::given(method("POST")).and(path(TOKEN)).respond_with(answer).mount(server).await;
}

/// A realm that answers whoever has a token.
pub(crate) async fn realm(server: &MockServer, name: &str) {
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "realm": name }));
    Mock::given(method("GET")).and(path(format!("/admin/realms/{name}"))).respond_with(answer).mount(server).await;
}

pub(crate) async fn received(server: &MockServer, path: &str) -> Vec<Request> {
    server.received_requests().await.unwrap().into_iter().filter(|r| r.url.path() == path).collect()
}

/// The fields of a form.
pub(crate) fn form(request: &Request) -> Vec<(String, String)> {
    url::form_urlencoded::parse(&request.body).into_owned().collect()
}

pub(crate) fn field(request: &Request, name: &str) -> Option<String> {
    form(request).into_iter().find(|(n, _)| n == name).map(|(_, v)| v)
}

pub(crate) fn bearer(request: &Request) -> String {
    request.headers.get("authorization").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
}
