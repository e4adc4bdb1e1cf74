//! What a long list costs in memory: a process of its own, so that nothing else is measured.

use axum::extract::Query;
use axum::{Json, Router};
use cloakroom::Client;
use cloakroom::api::admin::users::UserQuery;
use peak_alloc::PeakAlloc;
use serde::Deserialize;
use serde_json::{Value, json};

const USERS: usize = 50_000;

/// Counts what is allocated: what the system has given to the process depends on the allocator's mood as well.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What the library asks for a page by.
#[derive(Deserialize)]
struct Page {
    first: usize,
    max: usize,
}

/// A user of about 600 bytes.
fn user(number: usize) -> Value {
    json!({ "id": format!("00000000-0000-0000-0000-{number:012}"), "username": format!("user-{number}"),
        "email": format!("user-{number}@example.com"), "attributes": { "note": ["x".repeat(400)] } })
}

#[tokio::test]
async fn fifty_thousand_users_need_no_more_memory_than_five_thousand() {
    // not the mock server of the other tests: that one remembers requests, in the same memory
    let page = |Query(page): Query<Page>| async move {
        Json((page.first..USERS.min(page.first + page.max)).map(user).collect::<Vec<Value>>())
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, Router::new().fallback(page)).into_future());
    let kc = Client::builder(&server).no_proxy().build().unwrap();
    let mut stream = kc.realm("acme").users().list_all(&UserQuery::default());
    let (mut taken, mut early) = (0, 0);
    while stream.try_next().await.unwrap().is_some() {
        taken += 1;
        if taken == USERS / 10 {
            early = MEMORY.peak_usage();
        }
    }
    assert_eq!(taken, USERS);
    let late = MEMORY.peak_usage();
    // all of them at once are 30 MB as JSON alone
    assert!(late - early < 500_000, "{early} bytes after a tenth of them, {late} after all");
}
