//! `health`: whether a server is up, as its management interface tells.

use bytes::Bytes;
use clap::{Args, ValueEnum};
use http::Request;
use serde_json::Value;

use crate::connect::Server;
use crate::failure::{Failure, Result};
use crate::output::{Format, print};

#[derive(Args, Debug)]
pub(crate) struct Health {
    /// Which question is asked [default: all of them]
    check: Option<Check>,
    /// The management interface [default: port 9000 of the server]
    #[arg(long, env = "KEYCLOAK_MANAGEMENT_URL", value_name = "URL")]
    management_url: Option<String>,
    /// How the answer is printed [default: table on a terminal, else json]
    #[arg(short, long, value_name = "FORMAT")]
    output: Option<Format>,
    #[command(flatten)]
    server: Server,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Check {
    /// Whether it runs
    Live,
    /// Whether it can serve: its database answers
    Ready,
    /// Whether it has finished starting
    Started,
}

pub(crate) fn run(args: &Health) -> Result<()> {
    let url = management_url(args.management_url.as_deref(), &args.server)?;
    let path = match args.check {
        None => "/health",
        Some(Check::Live) => "/health/live",
        Some(Check::Ready) => "/health/ready",
        Some(Check::Started) => "/health/started",
    };
    let kc = args.server.client(&url)?;
    let request = Request::get(path).body(Bytes::new()).map_err(|e| Failure::Usage(e.to_string()))?;
    let answer = kc.run(|kc| kc.request(request))?;
    let body = serde_json::from_slice(answer.body()).ok().filter(|body: &Value| body["status"].is_string());
    let body = body.ok_or_else(|| {
        let status = answer.status();
        Failure::Usage(format!(
            "{url}{path} answered {status} and not how it is: is it the management interface, and --health-enabled set there?"
        ))
    })?;
    print(&body, args.output, &[])?;
    if answer.status().is_success() && body["status"] == "UP" {
        Ok(())
    } else {
        Err(Failure::Unhealthy("the server is not healthy".to_owned()))
    }
}

/// The management interface that is named, else the one beside the server.
pub(crate) fn management_url(named: Option<&str>, server: &Server) -> Result<String> {
    match named {
        Some(url) => Ok(url.to_owned()),
        None => management(server.server.as_deref().unwrap_or("http://localhost:8080")),
    }
}

/// The same host, on the port that Keycloak gives its management interface.
fn management(server: &str) -> Result<String> {
    let unusable = || Failure::Usage(format!("\"{server}\" is not an address: give --management-url"));
    let (scheme, rest) = server.trim().split_once("://").ok_or_else(unusable)?;
    let authority = rest.split('/').next().unwrap_or_default();
    let port = authority.rfind(':').filter(|at| !authority[*at..].contains(']'));
    let host = &authority[..port.unwrap_or(authority.len())];
    if host.is_empty() { Err(unusable()) } else { Ok(format!("{scheme}://{host}:9000")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_management_interface_is_on_port_9000() {
        for (server, expected) in [
            ("http://localhost:8080", "http://localhost:9000"),
            ("https://id.example.com/auth/", "https://id.example.com:9000"),
            ("http://[::1]:8080", "http://[::1]:9000"),
            ("http://[::1]", "http://[::1]:9000"),
        ] {
            assert_eq!(management(server).unwrap(), expected);
        }
        assert!(management("localhost").is_err());
    }
}
