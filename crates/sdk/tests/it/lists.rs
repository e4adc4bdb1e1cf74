//! Lists of any length.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cloakroom::api::admin::users::{User, UserQuery};
use cloakroom::prelude::*;
use cloakroom::{Client, blocking};
use cloakroom_testkit::TestServer;
use futures_util::TryStreamExt;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{Clock, admin, builder, grant, received};

const USERS: &str = "/admin/realms/acme/users";

fn user(number: usize) -> User {
    User { username: Some(format!("user-{number:03}")), ..User::default() }
}

fn named(users: &[User]) -> Vec<&str> {
    users.iter().filter_map(|u| u.username.as_deref()).collect()
}

/// A server with so many users, and where the largest page begins that it was asked for.
async fn users(count: usize) -> (MockServer, Client, Arc<AtomicUsize>) {
    let server = MockServer::start().await;
    let reached = Arc::new(AtomicUsize::new(0));
    let seen = reached.clone();
    let answer = move |request: &Request| {
        let number = |name| request.url.query_pairs().find(|(n, _)| n == name).unwrap().1.parse::<usize>().unwrap();
        seen.fetch_max(number("first"), Ordering::SeqCst);
        let page: Vec<Value> = (number("first")..count.min(number("first") + number("max")))
            .map(|n| json!({ "username": format!("user-{n:03}") }))
            .collect();
        ResponseTemplate::new(200).set_body_json(page)
    };
    Mock::given(method("GET")).and(path(USERS)).respond_with(answer).mount(&server).await;
    let kc = builder(&server, &Clock::new()).build().unwrap();
    (server, kc, reached)
}

#[tokio::test]
async fn a_list_is_followed_to_its_end() {
    let kc = TestServer::start().await;
    let made = kc.realm("master").users().create_many((0..57).map(user).collect(), 8).await;
    assert!(made.iter().all(Result::is_ok));
    let query = UserQuery { search: Some("user-".into()), ..UserQuery::default() };
    let all = kc.realm("master").users().list_all(&query).page_size(10).read_ahead(3).into_vec().await.unwrap();
    let expected: Vec<String> = (0..57).map(|n| format!("user-{n:03}")).collect();
    assert_eq!(named(&all), expected);
}

#[tokio::test]
async fn a_query_says_where_to_begin_and_how_many_to_take() {
    let (_server, kc, _) = users(100).await;
    let query = UserQuery { first: Some(5), max: Some(7), ..UserQuery::default() };
    let some = kc.realm("acme").users().list_all(&query).page_size(3).into_vec().await.unwrap();
    assert_eq!(named(&some), (5..12).map(|n| format!("user-{n:03}")).collect::<Vec<_>>());
    let query = UserQuery { first: Some(98), max: Some(-1), ..UserQuery::default() };
    assert_eq!(kc.realm("acme").users().list_all(&query).into_vec().await.unwrap().len(), 2);
}

#[tokio::test]
async fn other_conditions_go_with_every_page() {
    let (server, kc, _) = users(3).await;
    let query = UserQuery { search: Some("a b&c".into()), enabled: Some(true), ..UserQuery::default() };
    kc.realm("acme").users().list_all(&query).page_size(2).into_vec().await.unwrap();
    let calls = received(&server, USERS).await;
    assert!(calls.len() >= 2);
    for call in calls {
        assert!(call.url.query_pairs().any(|(n, v)| n == "search" && v == "a b&c"), "{}", call.url);
        assert!(call.url.query_pairs().any(|(n, v)| n == "enabled" && v == "true"), "{}", call.url);
    }
}

#[tokio::test]
async fn it_is_a_stream() {
    let (_server, kc, _) = users(25).await;
    let stream = kc.realm("acme").users().list_all(&UserQuery::default()).page_size(10);
    let names: Vec<Option<String>> = stream.map_ok(|u| u.username).try_collect().await.unwrap();
    assert_eq!(names.len(), 25);
}

#[tokio::test]
async fn no_more_is_asked_for_than_is_read_ahead() {
    let (_server, kc, reached) = users(50_000).await;
    let mut stream = kc.realm("acme").users().list_all(&UserQuery::default()).page_size(10).read_ahead(2);
    for taken in 1..=200 {
        stream.try_next().await.unwrap().unwrap();
        let page = (taken - 1) / 10 * 10;
        assert!(reached.load(Ordering::SeqCst) <= page + 20, "after {taken}");
    }
    drop(stream);
    let last = reached.load(Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(reached.load(Ordering::SeqCst) <= last.max(190 + 20));
}

#[tokio::test]
async fn fifty_thousand_are_followed_a_few_pages_at_a_time() {
    let (_server, kc, reached) = users(50_000).await;
    let mut stream = kc.realm("acme").users().list_all(&UserQuery::default()).page_size(1000);
    let mut taken = 0;
    while stream.try_next().await.unwrap().is_some() {
        taken += 1;
        assert!(reached.load(Ordering::SeqCst) <= (taken - 1) / 1000 * 1000 + 1000, "after {taken}");
    }
    assert_eq!(taken, 50_000);
}

#[tokio::test]
async fn nothing_is_left_locked_by_one_that_is_dropped() {
    let server = MockServer::start().await;
    grant(&server).await;
    Mock::given(path(USERS)).respond_with(ResponseTemplate::new(200).set_body_json(json!([]))).mount(&server).await;
    let kc = admin(&server, &Clock::new());
    let mut stream = kc.realm("acme").users().list_all(&UserQuery::default());
    // the login takes longer than this
    assert!(tokio::time::timeout(Duration::from_millis(5), stream.try_next()).await.is_err());
    drop(stream);
    assert_eq!(kc.realm("acme").users().list_all(&UserQuery::default()).into_vec().await.unwrap(), []);
}

#[tokio::test]
async fn a_server_that_does_not_page_is_asked_for_one_page() {
    let server = MockServer::start().await;
    let same = ResponseTemplate::new(200).set_body_json(json!([{ "username": "a" }, { "username": "b" }]));
    Mock::given(path(USERS)).respond_with(same).mount(&server).await;
    let kc = builder(&server, &Clock::new()).build().unwrap();
    for page_size in [1, 2, 3] {
        let list = kc.realm("acme").users().list_all(&UserQuery::default()).page_size(page_size);
        assert_eq!(named(&list.into_vec().await.unwrap()), ["a", "b"], "{page_size}");
    }
}

#[tokio::test]
async fn an_error_is_the_last_entry() {
    let server = MockServer::start().await;
    let answer = |request: &Request| match request.url.query() {
        Some("first=0&max=1") => ResponseTemplate::new(200).set_body_json(json!([{ "username": "a" }])),
        _ => ResponseTemplate::new(500),
    };
    Mock::given(path(USERS)).respond_with(answer).mount(&server).await;
    let kc = builder(&server, &Clock::new()).build().unwrap();
    let mut list = kc.realm("acme").users().list_all(&UserQuery::default()).page_size(1);
    assert!(list.try_next().await.unwrap().is_some());
    assert_eq!(list.try_next().await.unwrap_err().status(), 500);
    assert!(list.try_next().await.unwrap().is_none());
}

#[test]
fn without_async_it_is_an_iterator() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (_server, kc, _) = runtime.block_on(users(25));
    let kc = blocking::Client::over(kc).unwrap();
    let all = || kc.realm("acme").users().list_all(&UserQuery::default()).page_size(10);
    let names: Vec<_> = all().map(|u| u.unwrap().username.unwrap()).take(12).collect();
    assert_eq!(names, (0..12).map(|n| format!("user-{n:03}")).collect::<Vec<_>>());
    assert_eq!(all().read_ahead(0).into_vec().unwrap().len(), 25);
}
