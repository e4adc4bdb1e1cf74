//! `/metrics`: Prometheus' text form, under the names that Keycloak's dashboards ask for.

use crate::config::Problem;
use crate::route::Template;
use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{Method, StatusCode, header};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use std::time::{Duration, Instant};

/// Duration of requests, by verb, path template, status and outcome.
const REQUESTS: &str = "http_server_requests_seconds";

/// Upper bounds of the buckets, in seconds.
const BUCKETS: [f64; 14] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// How often recorded durations are sorted into their buckets when nobody asks for them.
const UPKEEP: Duration = Duration::from_secs(5);

/// The figures, ready to be shown.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Starts recording in the whole process. Must run on the runtime, once.
    pub fn install() -> Result<Self, Problem> {
        let recorder = recorder()?;
        let metrics = Metrics(recorder.handle());
        metrics::set_global_recorder(recorder)
            .map_err(|e| Problem::failed(format!("Metrics cannot be recorded: {e}.")))?;
        let handle = metrics.0.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(UPKEEP).await;
                handle.run_upkeep();
            }
        });
        Ok(metrics)
    }

    pub(super) fn answer(&self) -> Response {
        process();
        ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], self.0.render()).into_response()
    }
}

fn recorder() -> Result<PrometheusRecorder, Problem> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)
        .map_err(|e| Problem::failed(format!("Metrics cannot be recorded: {e}.")))?;
    let recorder = builder.build_recorder();
    metrics::with_local_recorder(&recorder, || {
        metrics::describe_histogram!(REQUESTS, "HTTP server request processing time");
        metrics::describe_gauge!("process_resident_memory_bytes", "Memory of the process that is in RAM");
        metrics::describe_counter!("process_cpu_time_ns_total", "CPU time used by the process");
        metrics::describe_gauge!("process_cpu_seconds_total", "CPU time used by the process");
        metrics::describe_gauge!("process_files_open_files", "Open file descriptors");
    });
    Ok(recorder)
}

/// Middleware that records each request's duration under the template of its path, never the path itself.
pub async fn record(request: Request, next: Next) -> Response {
    let method = name(request.method());
    let begun = Instant::now();
    let answer = next.run(request).await;
    let status = answer.status();
    let template = answer.extensions().get::<Template>().map(|template| template.0);
    let labels = [
        metrics::Label::from_static_parts("method", method),
        metrics::Label::from_static_parts("outcome", outcome(status)),
        metrics::Label::new("status", status.as_str().to_owned()),
        metrics::Label::new("uri", uri(template, status)),
    ];
    metrics::histogram!(REQUESTS, labels.iter()).record(begun.elapsed());
    answer
}

/// Verbs are the caller's to invent: what is not usual counts as one.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "UNKNOWN",
    }
}

fn outcome(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "INFORMATIONAL",
        2 => "SUCCESS",
        3 => "REDIRECTION",
        4 => "CLIENT_ERROR",
        5 => "SERVER_ERROR",
        _ => "UNKNOWN",
    }
}

/// The template in Keycloak's words, where the protocol and the well-known document are parameters of one route.
fn uri(template: Option<&'static str>, status: StatusCode) -> metrics::SharedString {
    const PROTOCOL: &str = "/realms/{realm}/protocol/openid-connect";
    const WELL_KNOWN: &str = "/realms/{realm}/.well-known/";
    match template {
        Some("/") => "root".into(),
        Some(path) if path.starts_with(WELL_KNOWN) => "/realms/{realm}/.well-known/{alias}".into(),
        Some(path) => match path.strip_prefix(PROTOCOL) {
            Some(rest) => format!("/realms/{{realm}}/protocol/{{protocol}}{rest}").into(),
            None => path.into(),
        },
        None if status.is_redirection() => "REDIRECTION".into(),
        None if status == StatusCode::NOT_FOUND => "NOT_FOUND".into(),
        None => "UNKNOWN".into(),
    }
}

/// What the kernel says of this process, at the moment somebody asks. Nothing but on Linux.
fn process() {
    let Some(process) = Process::read() else { return };
    metrics::gauge!("process_resident_memory_bytes").set(process.resident as f64);
    metrics::counter!("process_cpu_time_ns_total").absolute(process.cpu_ticks * (1_000_000_000 / TICKS));
    metrics::gauge!("process_cpu_seconds_total").set(process.cpu_ticks as f64 / TICKS as f64);
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        metrics::gauge!("process_files_open_files").set(files.count() as f64);
    }
}

/// Linux counts CPU time for user space in hundredths of a second on every architecture (`USER_HZ`).
const TICKS: u64 = 100;

struct Process {
    /// Bytes.
    resident: u64,
    cpu_ticks: u64,
}

impl Process {
    fn read() -> Option<Self> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kilobytes: u64 = resident.split_whitespace().next()?.parse().ok()?;
        // the second field, the program's name, may hold blanks; user and system time are the 14th and 15th
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let mut ticks = || fields.next()?.parse::<u64>().ok();
        Some(Self { resident: kilobytes * 1024, cpu_ticks: ticks()? + ticks()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, body::Body, middleware::from_fn, routing::get};
    use tower::ServiceExt;

    #[tokio::test]
    async fn requests_are_counted_by_template() {
        let recorder = recorder().unwrap();
        let metrics = Metrics(recorder.handle());
        let _here = metrics::set_default_local_recorder(&recorder);
        let token = || async {
            let mut answer = StatusCode::BAD_REQUEST.into_response();
            answer.extensions_mut().insert(Template("/realms/{realm}/protocol/openid-connect/token"));
            answer
        };
        let app = Router::new().route("/token", get(token)).layer(from_fn(record));
        for path in ["/token", "/token", "/nowhere/1", "/nowhere/2"] {
            app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        }
        let text = metrics.0.render();
        let count = |labels: &str, n: u32| {
            let line =
                format!("http_server_requests_seconds_count{{method=\"GET\",outcome=\"CLIENT_ERROR\",{labels}}} {n}");
            assert!(text.contains(&line), "{line}\n{text}");
        };
        count("status=\"400\",uri=\"/realms/{realm}/protocol/{protocol}/token\"", 2);
        count("status=\"404\",uri=\"NOT_FOUND\"", 2);
        assert!(
            text.contains("http_server_requests_seconds_bucket{") && text.contains("http_server_requests_seconds_sum{")
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_process_knows_its_memory_and_cpu_time() {
        let process = Process::read().unwrap();
        assert!(process.resident > 1 << 20);
    }
}
