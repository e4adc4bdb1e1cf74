//! Calls through the library beside the same calls through plain reqwest: calls a second, and the client's own CPU time a call.
//!
//! `KEYCLOAK_URL=http://localhost:8080 cargo bench -p cloakroom --bench calls`: against any server with admin/admin.
//! `clients/python/speed.py` does the same with python-keycloak.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program to be looked at")]

use std::future::Future;
use std::time::{Duration, Instant};

use cloakroom::api::admin::{realms::Realm, users::User, users::UserQuery};
use cloakroom::{Client, Login, blocking, each};
use serde::de::DeserializeOwned;

const AT_ONCE: usize = 8;

#[tokio::main]
async fn main() {
    // Cargo passes `--bench`; `cargo test` does not, and has no server.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let url = std::env::var("KEYCLOAK_URL").unwrap_or_else(|_| "http://localhost:8080".to_owned());
    let kc = Client::builder(&url).login(Login::password("admin", "admin")).build().unwrap();
    let token = kc.access_token().await.unwrap();
    let plain = Plain { http: reqwest::Client::new(), token: token.expose().to_owned(), url: url.clone() };
    let page = UserQuery { max: Some(100), ..UserQuery::default() };
    let users = kc.realm("master").users();

    println!("{:<42}{:>10}{:>14}", "", "calls/s", "CPU a call");
    measure("realm, reqwest", 1, async || drop(plain.get::<Realm>("/admin/realms/master").await)).await;
    measure("realm, library", 1, async || drop(kc.realms().get("master").await.unwrap())).await;
    measure("realm, reqwest, 8 at once", AT_ONCE, async || drop(plain.get::<Realm>("/admin/realms/master").await))
        .await;
    measure("realm, library, 8 at once", AT_ONCE, async || drop(kc.realms().get("master").await.unwrap())).await;
    let path = "/admin/realms/master/users?max=100";
    measure("100 users, reqwest", 1, async || drop(plain.get::<Vec<User>>(path).await)).await;
    measure("100 users, library", 1, async || drop(users.list(&page).await.unwrap())).await;

    let kc = blocking::Client::over(kc.clone()).unwrap();
    let blocking = tokio::task::spawn_blocking(move || {
        let begin = Spent::now();
        let mut calls = 0;
        while begin.passed() < TIME {
            kc.realms().get("master").unwrap();
            calls += 1;
        }
        begin.print("realm, library, blocking", calls);
    });
    blocking.await.unwrap();
}

const TIME: Duration = Duration::from_secs(3);

/// The same call without the library.
struct Plain {
    http: reqwest::Client,
    token: String,
    url: String,
}

impl Plain {
    async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        let request = self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.token);
        let body = request.send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }
}

/// Calls for a while, so many at once.
async fn measure<F: Future<Output = ()>>(name: &str, at_once: usize, call: impl Fn() -> F) {
    call().await;
    let begin = Spent::now();
    let calls = each(0..at_once, at_once, |_| async {
        let mut calls = 0;
        while begin.passed() < TIME {
            call().await;
            calls += 1;
        }
        calls
    });
    let calls = calls.await.into_iter().sum();
    begin.print(name, calls);
}

/// Time and CPU time at one moment.
struct Spent {
    at: Instant,
    cpu: Duration,
}

impl Spent {
    fn now() -> Self {
        Spent { at: Instant::now(), cpu: cpu() }
    }
    fn passed(&self) -> Duration {
        self.at.elapsed()
    }
    fn print(&self, name: &str, calls: u32) {
        let rate = f64::from(calls) / self.passed().as_secs_f64();
        let each = (cpu() - self.cpu).as_secs_f64() * 1e6 / f64::from(calls.max(1));
        println!("{name:<42}{rate:>10.0}{each:>11.0} µs");
    }
}

/// What this process has used of the processors: `utime` and `stime` of `/proc/self/stat`, in hundredths of a second.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> =
        stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace().collect()).unwrap_or_default();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).unwrap_or_default();
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}
