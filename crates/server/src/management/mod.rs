//! The second port: health for those who watch the server, and figures for those who measure it.

mod metrics;

pub use metrics::{Metrics, record};

use crate::config;
use axum::{
    Router,
    extract::State,
    response::{Html, IntoResponse, Response},
    routing::{any, get},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// How long the database may take to answer before it counts as down.
const DATABASE: Duration = Duration::from_secs(5);

/// What the server knows of its own health.
#[derive(Clone)]
pub struct Health {
    stopping: Arc<AtomicBool>,
    database: Arc<dyn Fn() -> bool + Send + Sync>,
}

impl Health {
    /// `database` asks the database whether it answers; it may block.
    pub fn new(database: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { stopping: Arc::new(AtomicBool::new(false)), database: Arc::new(database) }
    }

    /// From now on the server is not ready: load balancers send callers elsewhere.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    async fn checks(&self) -> Vec<Check> {
        let database = self.database.clone();
        let asked = tokio::time::timeout(DATABASE, tokio::task::spawn_blocking(move || database())).await;
        vec![
            Check::new("Graceful Shutdown", !self.stopping.load(Ordering::Relaxed)),
            Check::new("Keycloak database connections async health check", matches!(asked, Ok(Ok(true)))),
            // the port opens only when everything behind it is there
            Check::new("Keycloak Initialized", true),
        ]
    }
}

/// Keycloak's answer (MicroProfile Health 4.0).
#[derive(Serialize)]
struct Report {
    status: Status,
    checks: Vec<Check>,
}

#[derive(Serialize)]
struct Check {
    name: &'static str,
    status: Status,
}

#[derive(Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    Up,
    Down,
}

impl Check {
    fn new(name: &'static str, up: bool) -> Self {
        Self { name, status: if up { Status::Up } else { Status::Down } }
    }
}

impl IntoResponse for Report {
    fn into_response(self) -> Response {
        let status = if self.status == Status::Up { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        (status, headers, serde_json::to_vec_pretty(&self).unwrap_or_default()).into_response()
    }
}

fn report(checks: Vec<Check>) -> Report {
    let up = checks.iter().all(|check| check.status == Status::Up);
    Report { status: if up { Status::Up } else { Status::Down }, checks }
}

/// Whether traffic may come: 200, or 503 while the server stops or its database does not answer.
async fn ready(State(health): State<Health>) -> Report {
    report(health.checks().await)
}

/// Whether the process works at all: a server whose database is away is alive, and restarting it would not help.
async fn live() -> Report {
    report(Vec::new())
}

/// The management interface, below its own path.
pub fn router(config: &config::Management, health: Health, metrics: Option<Metrics>) -> Router {
    let mut router = Router::new();
    let mut links = String::new();
    let mut link = |path: &str, words: &str| {
        links.push_str(&format!("<li><a href=\"{}{path}\">{path}</a> - {words}</li>", config.relative_path));
    };
    if config.health {
        link("/health", "Health endpoint");
        // Keycloak answers every verb here
        let health = Router::new()
            .route("/health", any(ready))
            .route("/health/ready", any(ready))
            .route("/health/live", any(live))
            .route("/health/started", any(live))
            .with_state(health);
        router = router.merge(health);
    }
    if let Some(metrics) = metrics {
        link("/metrics", "Metrics endpoint");
        router = router.route("/metrics", get(|| async move { metrics.answer() }));
    }
    let index = Html(format!("<!doctype html><title>Management</title><h1>Management interface</h1><ul>{links}</ul>"));
    let router = router.route("/", get(index)).fallback(StatusCode::NOT_FOUND);
    match config.relative_path.as_str() {
        "" => router,
        path => Router::new().nest(path, router),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use http::Request;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    fn config(relative_path: &str) -> config::Management {
        let relative_path = relative_path.to_owned();
        config::Management { host: None, port: 0, relative_path, health: true, metrics: false, tls: true }
    }

    async fn ask(router: &Router, method: &str, path: &str) -> (u16, String) {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    #[tokio::test]
    async fn a_server_with_its_database_is_up() {
        let router = router(&config(""), Health::new(|| true), None);
        for path in ["/health", "/health/ready"] {
            let (status, body) = ask(&router, "GET", path).await;
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            let names: Vec<_> =
                body["checks"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
            assert_eq!((status, body["status"].as_str()), (200, Some("UP")));
            let database = "Keycloak database connections async health check";
            assert_eq!(names, ["Graceful Shutdown", database, "Keycloak Initialized"]);
        }
        assert_eq!(ask(&router, "HEAD", "/health").await, (200, String::new()));
    }

    #[tokio::test]
    async fn without_its_database_it_is_alive_but_not_ready() {
        let router = router(&config(""), Health::new(|| false), None);
        assert_eq!(ask(&router, "GET", "/health").await.0, 503);
        assert_eq!(ask(&router, "GET", "/health/ready").await.0, 503);
        for path in ["/health/live", "/health/started"] {
            let (status, body) = ask(&router, "GET", path).await;
            assert_eq!(
                (status, serde_json::from_str(&body).ok()),
                (200, Some(serde_json::json!({"status": "UP", "checks": []})))
            );
        }
    }

    #[tokio::test]
    async fn a_stopping_server_is_not_ready() {
        let health = Health::new(|| true);
        let router = router(&config(""), health.clone(), None);
        health.stop();
        let (status, body) = ask(&router, "GET", "/health/ready").await;
        assert_eq!(status, 503);
        assert!(body.contains("\"DOWN\""), "{body}");
    }

    #[tokio::test]
    async fn a_check_that_panics_is_a_database_that_is_down() {
        let router = router(&config(""), Health::new(|| panic!("broken")), None);
        assert_eq!(ask(&router, "GET", "/health").await.0, 503);
    }

    #[tokio::test]
    async fn everything_lies_below_the_relative_path() {
        let router = router(&config("/auth"), Health::new(|| true), None);
        assert_eq!(ask(&router, "GET", "/auth/health").await.0, 200);
        assert_eq!(ask(&router, "GET", "/health").await.0, 404);
        assert!(ask(&router, "GET", "/auth").await.1.contains("/auth/health"));
        assert_eq!(ask(&router, "GET", "/auth/metrics").await.0, 404, "not enabled");
    }
}
