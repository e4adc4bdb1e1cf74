//! What the server is told at start: flags, `KC_*` variables and `conf/keycloak.conf`, made into one typed value.

mod address;
mod base_url;
mod database;
mod file;
mod help;
pub mod options;
mod resolve;
mod secret;
mod sources;

#[cfg(test)]
mod tests;

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    time::Duration,
};

pub use address::{Network, Proxy, ProxyHeaders, client_address};
pub use base_url::{BadHost, Hostname, PublicUrl, backchannel_url, base_url};
pub use database::{Database, Postgres};
pub use help::{help, show};
pub use secret::Secret;
pub use sources::Sources;

/// The commands that read this configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// For production: asks for TLS and a hostname, or to be told that neither is wanted.
    Start,
    /// For trying out and development: plain HTTP, any hostname.
    StartDev,
}

/// Why the server cannot start: words for the person who started it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    message: String,
    exit_code: u8,
}

impl Problem {
    /// Something wrong in what was asked: exit code 2.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), exit_code: 2 }
    }

    /// Something wrong around the server, such as a port in use: exit code 1.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { message: message.into(), exit_code: 1 }
    }

    pub fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

/// Everything the server is told. Made by [`Config::from`].
#[derive(Debug, Clone)]
pub struct Config {
    pub command: Command,
    pub http: Http,
    pub https: Option<Https>,
    /// Path before every other, without a slash at its end: empty, or `/auth`.
    pub relative_path: String,
    pub hostname: Hostname,
    /// Present when forwarded headers count.
    pub proxy: Option<Proxy>,
    pub management: Management,
    pub database: Database,
    /// Folder of the database file and of `import/`.
    pub data_dir: PathBuf,
    /// Reads `import/` of the data folder at start.
    pub import_realm: bool,
    pub features: Features,
    pub shutdown: Shutdown,
    pub log: Log,
    pub bootstrap: Bootstrap,
    /// What was set but has no effect, or should be set otherwise: to be logged once logging runs.
    pub notices: Vec<Notice>,
}

/// Plain HTTP, and the address that HTTPS shares with it.
#[derive(Debug, Clone)]
pub struct Http {
    pub enabled: bool,
    /// The address asked for. See [`Config::listen_address`] for the one to use.
    pub host: Option<IpAddr>,
    pub port: u16,
}

#[derive(Debug, Clone)]
pub struct Https {
    pub port: u16,
    /// PEM, with the chain.
    pub certificate: PathBuf,
    /// PEM.
    pub key: PathBuf,
}

/// The second port, with health and metrics. Closed when both are off.
#[derive(Debug, Clone)]
pub struct Management {
    pub host: Option<IpAddr>,
    pub port: u16,
    /// As [`Config::relative_path`].
    pub relative_path: String,
    pub health: bool,
    pub metrics: bool,
    /// Speaks TLS when the server does.
    pub tls: bool,
}

/// Features turned on and off by hand, without their versions.
#[derive(Debug, Clone, Default)]
pub struct Features {
    pub enabled: Vec<String>,
    pub disabled: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
pub struct Shutdown {
    /// From failing readiness to refusing connections.
    pub delay: Duration,
    /// From refusing connections to dropping requests that still run.
    pub timeout: Duration,
}

#[derive(Debug, Clone)]
pub struct Log {
    pub level: tracing::level_filters::LevelFilter,
    /// Parts with a level of their own. Keycloak's category names (`org.keycloak`) match nothing and are harmless.
    pub categories: Vec<(String, tracing::level_filters::LevelFilter)>,
    pub json: bool,
}

/// Who may administer an empty database.
#[derive(Debug, Clone, Default)]
pub struct Bootstrap {
    pub user: Option<(String, Secret)>,
    pub client: Option<(String, Secret)>,
}

impl Bootstrap {
    pub fn is_empty(&self) -> bool {
        self.user.is_none() && self.client.is_none()
    }
}

/// A remark on the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Worth a line at the usual level.
    Warning(String),
    /// Worth a line only to those who look.
    Detail(String),
}

impl Config {
    /// Whether a first administrator `admin` with password `admin` is to be made: only by `start-dev`, only in an empty
    /// database, only when nobody said who it shall be.
    pub fn makes_default_admin(&self, database_is_empty: bool) -> bool {
        self.command == Command::StartDev && database_is_empty && self.bootstrap.is_empty()
    }

    /// The address to listen on. Behind a default password: loopback, whatever was asked. Else what was asked, else every
    /// address, but again loopback for a `start-dev` without a first administrator: such a database may be one in which
    /// an earlier start made the default one.
    pub fn listen_address(&self, database_is_empty: bool) -> IpAddr {
        let made_by_us = self.makes_default_admin(database_is_empty);
        match self.http.host {
            Some(host) if host.is_loopback() || !made_by_us => host,
            None if self.command == Command::Start || !self.bootstrap.is_empty() => Ipv4Addr::UNSPECIFIED.into(),
            _ => Ipv4Addr::LOCALHOST.into(),
        }
    }
}
