//! What a long list costs in memory: a process of its own, so that nothing else is measured.

use cloakroom::Client;
use cloakroom::api::admin::users::UserQuery;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const USERS: usize = 50_000;

/// The most memory that this process has had, in kilobytes; `None` where the system does not say.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// A user of about 600 bytes.
fn user(number: usize) -> Value {
    json!({ "id": format!("00000000-0000-0000-0000-{number:012}"), "username": format!("user-{number}"),
        "email": format!("user-{number}@example.com"), "attributes": { "note": ["x".repeat(400)] } })
}

#[tokio::test]
async fn fifty_thousand_users_need_no_more_memory_than_five_thousand() {
    let server = MockServer::start().await;
    let answer = |request: &Request| {
        let number = |name| request.url.query_pairs().find(|(n, _)| n == name).unwrap().1.parse::<usize>().unwrap();
        let page: Vec<Value> = (number("first")..USERS.min(number("first") + number("max"))).map(user).collect();
        ResponseTemplate::new(200).set_body_json(page)
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let kc = Client::builder(&server.uri()).no_proxy().build().unwrap();
    let mut stream = kc.realm("acme").users().list_all(&UserQuery::default());
    let (mut taken, mut early) = (0, None);
    while stream.try_next().await.unwrap().is_some() {
        taken += 1;
        if taken == USERS / 10 {
            early = peak();
        }
    }
    assert_eq!(taken, USERS);
    let (Some(early), Some(late)) = (early, peak()) else {
        eprintln!("NOT TESTED: this system does not tell how much memory was used");
        return;
    };
    // all of them at once are 30 MB as JSON alone
    assert!(late - early < 4_000, "{early} kB after a tenth of them, {late} kB after all");
}
