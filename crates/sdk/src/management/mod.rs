//! The management interface: health and metrics, on a port of its own.

mod metrics;

use bytes::Bytes;
use http::{Request, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use metrics::{Family, Histogram, Kind, Metrics, Sample};

use crate::client::{Client, read};
use crate::error::{Answer, Error, Result};
use crate::steps::Steps;
use cloakroom_api::endpoint::{Json, Text};

/// How a server is, as it says itself. Begin with [`Client::management`], of a client whose address is that of the management
/// interface: port 9000, unless the server is told otherwise.
///
/// ```
/// use cloakroom::{Client, Result, blocking};
///
/// async fn is_ready() -> Result<bool> {
///     let kc = Client::builder("http://localhost:9000").build()?;
///     Ok(kc.management().ready().await?.is_up())
/// }
///
/// fn logins() -> Result<f64> {
///     let kc = blocking::Client::builder("http://localhost:9000").build_blocking()?;
///     Ok(kc.management().metrics()?.sum("keycloak_user_events_total", &[("event", "login")]))
/// }
/// ```
#[derive(Debug)]
pub struct Management<'a, C> {
    client: &'a C,
}

/// The outcome of a health check.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Health {
    /// `UP` or `DOWN`.
    pub status: String,
    /// What it was found by.
    pub checks: Vec<Check>,
}

/// One part of a health check.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Check {
    pub name: String,
    /// `UP` or `DOWN`.
    pub status: String,
    /// What there is to say beyond that.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub data: Map<String, Value>,
}

impl Health {
    /// Whether all is well.
    pub fn is_up(&self) -> bool {
        self.status == "UP"
    }

    /// The parts that are not well.
    pub fn down(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.status != "UP")
    }
}

impl<'a, C: Steps> Management<'a, C> {
    pub(crate) fn new(client: &'a C) -> Self {
        Management { client }
    }

    /// All checks. A server that is not well is an answer, no error.
    ///
    /// Errors: those of a call; [`Error::Status`], 404, where the server does not serve health.
    pub fn health(&self) -> C::Run<'a, Result<Health>> {
        self.check("Management::health", "/health")
    }

    /// Whether the process lives; if not, restart it.
    pub fn live(&self) -> C::Run<'a, Result<Health>> {
        self.check("Management::live", "/health/live")
    }

    /// Whether it can serve requests: its database answers.
    pub fn ready(&self) -> C::Run<'a, Result<Health>> {
        self.check("Management::ready", "/health/ready")
    }

    /// Whether it has started.
    pub fn started(&self) -> C::Run<'a, Result<Health>> {
        self.check("Management::started", "/health/started")
    }

    /// What the server counts and measures.
    ///
    /// Errors: those of a call; [`Error::Status`], 404, where the server does not serve metrics; [`Error::Config`] for lines
    /// that are not metrics.
    pub fn metrics(&self) -> C::Run<'a, Result<Metrics>> {
        let client = self.client.calls();
        self.client.steps(async move {
            let answer = get(client, "/metrics", "text/plain;version=0.0.4").await?;
            let text = read::<Text>("Management::metrics", answer)?;
            Metrics::parse(&text).map_err(|line| Error::Config(format!("metrics: line {line} cannot be read")))
        })
    }

    fn check(&self, operation: &'static str, path: &'static str) -> C::Run<'a, Result<Health>> {
        let client = self.client.calls();
        self.client.steps(async move {
            let mut answer = get(client, path, "application/json").await?;
            let words = Answer::of(&answer);
            // a server that is not well says so with a 503
            if answer.status() == StatusCode::SERVICE_UNAVAILABLE && words.text.contains("\"status\"") {
                *answer.status_mut() = StatusCode::OK;
            }
            read::<Json<Health>>(operation, answer)
        })
    }
}

/// Sent once: an orchestrator that asks wants to know how it is now.
async fn get(client: &Client, path: &str, accept: &'static str) -> Result<http::Response<Bytes>> {
    let request = Request::get(path).header(header::ACCEPT, accept).body(Bytes::new());
    client.anonymous().request(request.map_err(|e| Error::Config(e.to_string()))?).await
}
