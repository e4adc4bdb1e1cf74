//! `metrics`: what a server counts and measures.

use std::io::IsTerminal;

use clap::{Args, ValueEnum};
use cloakroom::management::{Family, Kind, Metrics};
use serde_json::{Value, json};

use crate::cmd::health::management_url;
use crate::connect::Server;
use crate::failure::{Failure, Result};
use crate::output::{Format, print, say};

#[derive(Args, Debug)]
pub(crate) struct MetricsArgs {
    /// Only metrics whose name has one of these words
    #[arg(value_name = "WORD")]
    names: Vec<String>,
    /// The management interface [default: port 9000 of the server]
    #[arg(long, env = "KEYCLOAK_MANAGEMENT_URL", value_name = "URL")]
    management_url: Option<String>,
    /// How it is printed [default: table on a terminal, else json]
    #[arg(short, long, value_name = "FORMAT")]
    output: Option<Shown>,
    #[command(flatten)]
    server: Server,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Table,
    Json,
    Yaml,
    /// The text that the server gives, for Prometheus
    Raw,
}

pub(crate) fn run(args: &MetricsArgs) -> Result<()> {
    let url = management_url(args.management_url.as_deref(), &args.server)?;
    let kc = args.server.client(&url)?;
    let wanted = |name: &str| args.names.is_empty() || args.names.iter().any(|word| name.contains(word.as_str()));
    if args.output == Some(Shown::Raw) {
        let text = text(&kc)?;
        let metrics = parsed(&text)?;
        let of_family =
            |line: &str| metrics.families.iter().any(|family| wanted(&family.name) && belongs(line, family));
        let lines: Vec<&str> = text.lines().filter(|line| args.names.is_empty() || of_family(line)).collect();
        return say(&lines.join("\n"));
    }
    let metrics = parsed(&text(&kc)?)?;
    let families: Vec<&Family> = metrics.families.iter().filter(|family| wanted(&family.name)).collect();
    if families.is_empty() && !args.names.is_empty() {
        return Err(Failure::Usage(format!(
            "no metric's name has {}: `cloakroom metrics` lists them",
            args.names.join(" or ")
        )));
    }
    let format = match args.output {
        Some(Shown::Json) => Format::Json,
        Some(Shown::Yaml) => Format::Yaml,
        None if !std::io::stdout().is_terminal() => Format::Json,
        Some(Shown::Table | Shown::Raw) | None => Format::Table,
    };
    let value: Value = match format {
        Format::Table => families.iter().flat_map(|family| rows(family)).collect(),
        _ => families.iter().map(|family| whole(family)).collect(),
    };
    print(&value, Some(format), &[])
}

/// The server's own text.
pub(crate) fn text(kc: &cloakroom::blocking::Client) -> Result<String> {
    let request = http::Request::get("/metrics").header("accept", "text/plain;version=0.0.4");
    let request = request.body(bytes::Bytes::new()).map_err(|e| Failure::Usage(e.to_string()))?;
    let answer = kc.run(|kc| kc.request(request))?;
    let body = String::from_utf8_lossy(answer.body()).into_owned();
    if answer.status().is_success() && !body.trim_start().starts_with('<') {
        return Ok(body);
    }
    Err(Failure::Usage(format!(
        "/metrics answered {}: is this the management interface (port 9000), and --metrics-enabled set there?",
        answer.status()
    )))
}

pub(crate) fn parsed(text: &str) -> Result<Metrics> {
    Metrics::parse(text).map_err(|line| {
        Failure::Usage(format!("line {line} of /metrics is no metric: is this the management interface?"))
    })
}

/// Whether a line of the text is about a metric.
fn belongs(line: &str, family: &Family) -> bool {
    match line.strip_prefix("# ") {
        Some(comment) => comment.split(' ').nth(1) == Some(&family.name),
        None => {
            let name = line.split(['{', ' ']).next().unwrap_or_default();
            family.samples.iter().any(|sample| sample.name == name)
        }
    }
}

fn kind(family: &Family) -> &'static str {
    match family.kind {
        Kind::Counter => "counter",
        Kind::Gauge => "gauge",
        Kind::Histogram => "histogram",
        Kind::Summary => "summary",
        Kind::Untyped => "untyped",
    }
}

fn whole(family: &Family) -> Value {
    let sample =
        |s: &cloakroom::management::Sample| json!({ "name": s.name, "labels": s.labels, "value": number(s.value) });
    let samples: Vec<Value> = family.samples.iter().map(sample).collect();
    json!({ "name": family.name, "kind": kind(family), "help": family.help, "samples": samples })
}

/// For eyes: a line a value, and a histogram as its count and its mean.
fn rows(family: &Family) -> Vec<Value> {
    let row = |name: &str, labels: &std::collections::BTreeMap<String, String>, value: String| {
        let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
        json!({ "name": name, "labels": labels.join(" "), "value": value })
    };
    if family.kind == Kind::Histogram {
        let counted = |h: &cloakroom::management::Histogram| {
            let mean = if h.count > 0.0 { format!(", mean {}", round(h.sum / h.count)) } else { String::new() };
            row(&family.name, &h.labels, format!("{} times{mean}", round(h.count)))
        };
        return family.histograms().iter().map(counted).collect();
    }
    family.samples.iter().map(|s| row(&s.name, &s.labels, round(s.value))).collect()
}

/// JSON has no `NaN` and no infinity: they are texts.
pub(crate) fn number(value: f64) -> Value {
    if value.is_finite() { value.into() } else { value.to_string().into() }
}

/// Whole numbers without a fraction, others with six digits that count.
fn round(value: f64) -> String {
    if value.fract() == 0.0 || !value.is_finite() || value.abs() >= 1e6 {
        format!("{value:.0}")
    } else {
        trimmed(value)
    }
}

fn trimmed(value: f64) -> String {
    let digits = if value.abs() < 1e-3 { 9 } else { 6 };
    format!("{value:.digits$}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# HELP http_seconds how long\n# TYPE http_seconds histogram\nhttp_seconds_bucket{uri=\"/a\",le=\"+Inf\"} 4\n\
        http_seconds_sum{uri=\"/a\"} 2\nhttp_seconds_count{uri=\"/a\"} 4\n# TYPE memory_bytes gauge\nmemory_bytes 12345678\nload 0.250000\n";

    #[test]
    fn a_histogram_is_one_line_for_eyes() {
        let metrics = Metrics::parse(TEXT).unwrap();
        let shown: Vec<Value> = metrics.families.iter().flat_map(rows).collect();
        assert_eq!(shown[0], json!({ "name": "http_seconds", "labels": "uri=/a", "value": "4 times, mean 0.5" }));
        assert_eq!(shown[1]["value"], "12345678");
        assert_eq!(shown[2]["value"], "0.25");
    }

    #[test]
    fn lines_are_told_apart_by_their_metric() {
        let metrics = Metrics::parse(TEXT).unwrap();
        let of = |family: &Family| TEXT.lines().filter(|line| belongs(line, family)).count();
        assert_eq!(metrics.families.iter().map(of).collect::<Vec<_>>(), [5, 2, 1]);
    }

    #[test]
    fn what_json_cannot_say_is_text() {
        assert_eq!(number(f64::NAN), "NaN");
        assert_eq!(number(1.5), 1.5);
    }
}
