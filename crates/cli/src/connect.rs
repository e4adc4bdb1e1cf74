//! Which server, and with which login: from flags, the environment, or the session that `cloakroom login` left.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use cloakroom::{Login, Secret, blocking};

use crate::ask::ask;
pub(crate) use crate::credentials::{Credentials, Grant, auth};
use crate::failure::{Failure, Result};
use crate::input;
use crate::keystore;
use crate::session::{self, Session, Sessions};

const DEFAULT_SERVER: &str = "http://localhost:8080";

/// Flags win over the environment, and both over the session.
#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Server")]
pub(crate) struct Server {
    /// The server's address, with its base path if it has one: https://id.example.com/auth [default: that of the session,
    /// else http://localhost:8080]
    #[arg(long, env = "KEYCLOAK_URL", value_name = "URL")]
    pub(crate) server: Option<String>,
    /// Trusts the certificates in this file (PEM or PKCS12) and no others [default: as `login` had it, else the system's]
    #[arg(long, visible_alias = "truststore", env = "KEYCLOAK_CA_FILE", value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// The password of the PKCS12 file of --ca-file; asked for if it is not given
    #[arg(
        long,
        visible_alias = "trustpass",
        env = "KEYCLOAK_CA_PASSWORD",
        hide_env_values = true,
        value_name = "TEXT"
    )]
    pub(crate) ca_password: Option<String>,
    /// Presents the certificate in this file: certificate, chain and private key (PEM)
    #[arg(long, env = "KEYCLOAK_CLIENT_CERT", value_name = "FILE")]
    client_cert: Option<PathBuf>,
    /// Trusts any certificate: somebody in between can then read passwords and tokens
    #[arg(long)]
    pub(crate) insecure: bool,
    /// Goes through a proxy [default: as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say]
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,
    /// How long an answer may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    /// Sends a header with every request; may be given more than once
    #[arg(long, value_name = "NAME: VALUE")]
    pub(crate) header: Vec<String>,
}

impl Server {
    /// Without any flags.
    pub(crate) fn plain() -> Self {
        Server {
            server: None,
            ca_file: None,
            ca_password: None,
            client_cert: None,
            insecure: false,
            proxy: None,
            timeout: 60,
            header: Vec::new(),
        }
    }

    /// A client without a login.
    pub(crate) fn client(&self, url: &str) -> Result<blocking::Client> {
        let mut builder = blocking::Client::builder(url)
            .timeout(Duration::from_secs(self.timeout))
            .danger_accept_invalid_certs(self.insecure)
            .user_agent(concat!("cloakroom-cli/", env!("CARGO_PKG_VERSION")));
        if let Some(file) = &self.ca_file {
            let given = self.ca_password.as_deref().map(Secret::from);
            let password = match given {
                None if keystore::is_locked(file)? => {
                    Some(ask(&format!("Password of {}: ", file.display()), "--ca-password")?)
                }
                given => given,
            };
            builder = builder.ca_pem(keystore::certificates(file, password.as_ref())?);
        }
        if let Some(file) = &self.client_cert {
            builder = builder.client_certificate_pem(input::text(file)?);
        }
        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(proxy.as_str());
        }
        for header in &self.header {
            let (name, value) = split_header(header)?;
            if !is_of_request(name) {
                builder = builder.header(name, value)?;
            }
        }
        Ok(builder.build_blocking()?)
    }
}

/// Whether a header is for the request that is asked for alone, and not for those around it, such as a login's.
pub(crate) fn is_of_request(name: &str) -> bool {
    ["content-type", "accept", "authorization"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// `Name: value`, or kcadm's `Name=value`.
pub(crate) fn split_header(header: &str) -> Result<(&str, &str)> {
    let (name, value) = header.split_once([':', '=']).ok_or_else(|| {
        Failure::Usage(format!("--header \"{header}\" has no colon: write it like \"X-Name: value\""))
    })?;
    Ok((name.trim(), value.trim()))
}

/// Server and login, for the commands that call the Admin API.
#[derive(Args, Debug, Clone)]
pub(crate) struct Connection {
    #[command(flatten)]
    pub(crate) server: Server,
    #[command(flatten)]
    pub(crate) credentials: Credentials,
    /// Neither reads nor writes the file of the sessions
    #[arg(long, help_heading = "Login")]
    pub(crate) no_config: bool,
}

impl Connection {
    /// The kept sessions.
    pub(crate) fn sessions(&self) -> Result<Sessions> {
        if self.no_config { Ok(Sessions::default()) } else { Sessions::load(&session::file()?) }
    }

    /// The address to use, and the session if there is one of that server (and of the realm, if one is named).
    pub(crate) fn place(&self) -> Result<(String, Option<Session>)> {
        let sessions = self.sessions()?;
        let server = self.server.server.as_deref();
        let session = sessions.find(server, self.credentials.login_realm.as_deref()).cloned();
        let url = server.or(sessions.server_url.as_deref()).unwrap_or(DEFAULT_SERVER);
        Ok((url.to_owned(), session))
    }

    /// The server's flags, with what `login` remembered of how to trust it.
    pub(crate) fn trusting(&self) -> Result<Server> {
        let mut server = self.server.clone();
        if server.ca_file.is_none() && !server.insecure && !self.no_config {
            let sessions = self.sessions()?;
            server.ca_file = sessions.truststore.map(PathBuf::from);
            let kept = sessions.trustpass.map(|password| password.expose().to_owned());
            server.ca_password = server.ca_password.or(kept);
        }
        Ok(server)
    }

    /// A client that is logged in: by a token, a user or a client that was named, else by the session.
    pub(crate) fn client(&self) -> Result<blocking::Client> {
        Ok(self.open()?.kc)
    }

    /// The same, with where it leads.
    pub(crate) fn open(&self) -> Result<Opened> {
        let (url, session) = self.place()?;
        let server = self.trusting()?;
        let kc = server.client(&url)?;
        let realm = match (&self.credentials.login_realm, &session) {
            (Some(realm), _) => realm.clone(),
            (None, Some(session)) if self.credentials.names_nobody() => session.realm.clone(),
            (None, _) => "master".to_owned(),
        };
        let login = match (&self.credentials.token, self.credentials.grant()?, session) {
            (Some(token), ..) => Login::token(token.as_str()),
            (None, Some(grant), _) => {
                let login = match grant {
                    Grant::Client => Login::client_credentials(self.credentials.client_id(), self.credentials.auth()?),
                    Grant::Password { username, password, totp } => {
                        let login = Login::password(username, password);
                        let login = login.client(self.credentials.client_id(), self.credentials.auth()?);
                        totp.into_iter().fold(login, Login::totp)
                    }
                };
                login.realm(&realm)
            }
            (None, None, Some(session)) => Login::token(session.access_token(&kc)?),
            (None, None, None) => {
                return Err(Failure::NotLoggedIn(format!(
                    "nobody is logged in to {url}: run `cloakroom login --server {url} --username NAME`, \
                     or give --username, --client-secret or --token"
                )));
            }
        };
        Ok(Opened { kc: kc.login(login), server, url: url.trim_end_matches('/').to_owned(), realm })
    }
}

/// A client that is logged in, and where.
pub(crate) struct Opened {
    pub(crate) kc: blocking::Client,
    pub(crate) server: Server,
    pub(crate) url: String,
    /// The realm of the login.
    pub(crate) realm: String,
}
