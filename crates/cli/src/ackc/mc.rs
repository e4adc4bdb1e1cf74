//! `auth-mc`.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cloakroom::blocking;
use cloakroom::management::{Health, Kind};
use serde_json::{Map, Value, json};

use crate::ackc::{EXIT_CODES, environment, error, told, tool};
use crate::cmd::metrics::{number, parsed, text};
use crate::output::{Format, print, say};

fn help() -> String {
    format!(
        "Examples:\n  auth-mc --url http://localhost:9000 health ready\n  auth-mc --json metrics\n\n{EXIT_CODES} A server that is not up is a failure."
    )
}

/// Keycloak Management Client - Access health and metrics endpoints
#[derive(Parser)]
#[command(name = "auth-mc", infer_long_args = true, after_help = help())]
struct Args {
    /// The management interface [default: KEYCLOAK_MANAGEMENT_URL]
    #[arg(long)]
    url: Option<String>,
    /// Prints JSON
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    command: Asked,
}

#[derive(Subcommand)]
enum Asked {
    /// Whether the server is well [default: all probes]
    Health {
        #[command(subcommand)]
        probe: Option<Probe>,
    },
    /// What it counts and measures, as Prometheus reads it
    Metrics,
}

#[derive(Subcommand, Clone, Copy)]
enum Probe {
    /// Whether it runs
    Live,
    /// Whether it can serve: its database answers
    Ready,
    /// Whether it has finished starting
    Started,
}

pub(crate) fn run(words: &[OsString]) -> ExitCode {
    tool("auth-mc", words, |args: Args| {
        let missing = "Management URL required. Set KEYCLOAK_MANAGEMENT_URL env var or pass url parameter.";
        let mut settings = environment()?;
        settings.url = Some(args.url.or(settings.management_url.take()).ok_or_else(|| error(missing))?);
        settings.client_id = None;
        let kc = settings.builder().and_then(|builder| builder.build_blocking()).map_err(error)?;
        match args.command {
            Asked::Health { probe } => health(&kc, probe, args.json),
            Asked::Metrics => metrics(&kc, args.json),
        }
    })
}

fn health(kc: &blocking::Client, probe: Option<Probe>, as_json: bool) -> Result<(), String> {
    let management = kc.management();
    let (name, health) = match probe {
        None => ("overall", management.health()),
        Some(Probe::Live) => ("live", management.live()),
        Some(Probe::Ready) => ("ready", management.ready()),
        Some(Probe::Started) => ("started", management.started()),
    };
    let health = health.map_err(|e| error(told(e)))?;
    // that of a server that is not well is no success, and nothing else is printed
    if !health.is_up() {
        let down: Vec<&str> = health.down().map(|check| check.name.as_str()).collect();
        return Err(error(format!("503 {}: {}", health.status, down.join(", "))));
    }
    if as_json {
        let mut value = serde_json::to_value(&health).map_err(error)?;
        value["probe"] = name.into();
        return print(&value, Some(Format::Json), &[]).map_err(error);
    }
    say(&line(name, &health)).map_err(error)
}

/// `[READY] Status: UP (Database: UP)`
fn line(name: &str, health: &Health) -> String {
    let checks: Vec<String> = health.checks.iter().map(|check| format!("{}: {}", check.name, check.status)).collect();
    let checks = if checks.is_empty() { String::new() } else { format!(" ({})", checks.join(", ")) };
    format!("[{}] Status: {}{checks}", name.to_uppercase(), health.status)
}

fn metrics(kc: &blocking::Client, as_json: bool) -> Result<(), String> {
    let text = text(kc).map_err(|e| error(told(e)))?;
    if !as_json {
        return say(&text).map_err(error);
    }
    print(&by_name(&text)?, Some(Format::Json), &[]).map_err(error)
}

/// By the names of values: those of histograms are there too, which ackc leaves out.
fn by_name(text: &str) -> Result<Value, String> {
    let mut all = Map::new();
    for family in parsed(text).map_err(error)?.families {
        let kind = match family.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
            Kind::Summary => "summary",
            Kind::Untyped => "untyped",
        };
        let empty = json!({ "help": family.help, "values": [], "type": kind });
        all.entry(&family.name).or_insert_with(|| empty.clone());
        for sample in family.samples {
            let of_name = all.entry(sample.name).or_insert_with(|| empty.clone());
            if let Some(values) = of_name["values"].as_array_mut() {
                values.push(json!({ "value": number(sample.value), "labels": sample.labels }));
            }
        }
    }
    Ok(all.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_probe_the_status_and_the_checks() {
        let health: Health =
            serde_json::from_value(json!({ "status": "UP", "checks": [{ "name": "Database", "status": "UP" }] }))
                .unwrap();
        assert_eq!(line("ready", &health), "[READY] Status: UP (Database: UP)");
        assert_eq!(line("overall", &Health { checks: Vec::new(), ..health }), "[OVERALL] Status: UP");
    }

    #[test]
    fn values_are_found_by_their_names() {
        let text = "# HELP h how long\n# TYPE h histogram\nh_count{a=\"b\"} 4\nh_sum{a=\"b\"} 2\n# HELP n number\n# TYPE n gauge\nn 1\n";
        let value = by_name(text).unwrap();
        assert_eq!(
            value["n"],
            json!({ "help": "number", "values": [{ "value": 1.0, "labels": {} }], "type": "gauge" })
        );
        assert_eq!(value["h_count"]["values"][0], json!({ "value": 4.0, "labels": { "a": "b" } }));
        assert_eq!(value["h"]["values"], json!([]));
    }
}
