//! Calls through the library beside the same calls through plain reqwest: calls a second, and the client's own CPU time a call.
//!
//! `KEYCLOAK_URL=http://localhost:8080 cargo bench -p cloakroom --bench calls`: against any server with admin/admin.
//! `clients/python/speed.py` does the same with python-keycloak.
//!
//! Plain reqwest does equal work: one connection pool, a time limit, the token from memory, and the answer read into the same
//! type. Everything runs on one thread, as Python does, and the two take turns, so that what else the machine does falls on both.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program to be looked at")]

use std::future::Future;
use std::time::{Duration, Instant};

use cloakroom::api::admin::{realms::Realm, users::User, users::UserQuery};
use cloakroom::{Client, Login, blocking, each};
use serde::de::DeserializeOwned;

const AT_ONCE: usize = 8;
const ROUNDS: u32 = 8;
const ROUND: Duration = Duration::from_millis(500);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // Cargo passes `--bench`; `cargo test` does not, and has no server.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    let url = std::env::var("KEYCLOAK_URL").unwrap_or_else(|_| "http://localhost:8080".to_owned());
    let kc = Client::builder(&url).login(Login::password("admin", "admin")).build().unwrap();
    let token = kc.access_token().await.unwrap();
    let http = reqwest::Client::builder().timeout(Duration::from_secs(60)).build().unwrap();
    let plain = Plain { http, token: token.expose().to_owned(), url: url.clone() };
    let users = kc.realm("master").users();
    let page = UserQuery { max: Some(100), ..UserQuery::default() };
    let id = &users.list(&page).await.unwrap()[0].id.clone().unwrap();

    println!(
        "{:<28}{:>10}{:>14}{:>10}{:>14}{:>10}",
        "", "reqwest/s", "CPU a call", "library/s", "CPU a call", "of rate"
    );
    for at_once in [1, AT_ONCE] {
        let path = format!("/admin/realms/master/users/{id}");
        let one = async || drop(plain.get::<User>(&path).await);
        turns("a user", at_once, one, async || drop(users.get(id, &Default::default()).await.unwrap())).await;
        let one = async || drop(plain.get::<Realm>("/admin/realms/master").await);
        turns("a realm", at_once, one, async || drop(kc.realms().get("master").await.unwrap())).await;
        let one = async || drop(plain.get::<Vec<User>>("/admin/realms/master/users?max=100").await);
        turns("100 users", at_once, one, async || drop(users.list(&page).await.unwrap())).await;
    }
    let login = Login::password("admin", "admin");
    std::thread::spawn(move || without_async(Client::builder(&url).login(login).build_blocking().unwrap()))
        .join()
        .unwrap();
}

/// The same without `async`.
fn without_async(kc: blocking::Client) {
    let users = kc.realm("master").users();
    let page = UserQuery { max: Some(100), ..UserQuery::default() };
    let id = users.list(&page).unwrap()[0].id.clone().unwrap();
    let measure = |name: &str, call: &dyn Fn()| {
        let (begin, mut spent) = (Spent::now(), Sum::default());
        while begin.at.elapsed() < ROUND * ROUNDS {
            call();
            spent.calls += 1;
        }
        spent.add(&begin);
        println!("{:<28}{:>34.0}{:>11.0} µs", format!("{name}, blocking"), spent.rate(), spent.cpu_a_call());
    };
    measure("a user", &|| drop(users.get(&id, &Default::default()).unwrap()));
    measure("a realm", &|| drop(kc.realms().get("master").unwrap()));
    measure("100 users", &|| drop(users.list(&page).unwrap()));
}

/// The same calls without the library.
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

/// Calls both ways in turn.
async fn turns<F: Future<Output = ()>, G: Future<Output = ()>>(
    name: &str,
    at_once: usize,
    plain: impl Fn() -> F,
    library: impl Fn() -> G,
) {
    let (mut of_plain, mut of_library) = (Sum::default(), Sum::default());
    plain().await;
    library().await;
    for _ in 0..ROUNDS {
        round(at_once, &plain, &mut of_plain).await;
        round(at_once, &library, &mut of_library).await;
    }
    let name = if at_once == 1 { name.to_owned() } else { format!("{name}, {at_once} at once") };
    let (a, b) = (of_plain.rate(), of_library.rate());
    let (c, d) = (of_plain.cpu_a_call(), of_library.cpu_a_call());
    println!("{name:<28}{a:>10.0}{c:>11.0} µs{b:>10.0}{d:>11.0} µs{:>9.0}%", 100.0 * b / a);
}

/// Calls for a while, so many at once.
async fn round<F: Future<Output = ()>>(at_once: usize, call: &impl Fn() -> F, sum: &mut Sum) {
    let begin = Spent::now();
    let calls = each(0..at_once, at_once, |_| async {
        let mut calls = 0;
        while begin.at.elapsed() < ROUND {
            call().await;
            calls += 1;
        }
        calls
    });
    sum.calls += calls.await.into_iter().sum::<u32>();
    sum.add(&begin);
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
}

#[derive(Default)]
struct Sum {
    calls: u32,
    time: Duration,
    cpu: Duration,
}

impl Sum {
    fn add(&mut self, since: &Spent) {
        self.time += since.at.elapsed();
        self.cpu += cpu().saturating_sub(since.cpu);
    }
    fn rate(&self) -> f64 {
        f64::from(self.calls) / self.time.as_secs_f64()
    }
    fn cpu_a_call(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / f64::from(self.calls.max(1))
    }
}

/// What this thread has used of the processors, in nanoseconds: the first number of its `schedstat`.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(stat.split(' ').next().and_then(|field| field.parse().ok()).unwrap_or_default())
}
