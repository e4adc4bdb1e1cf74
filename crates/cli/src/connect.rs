//! Which server, and as whom: from flags, the environment, or the session that `cloakroom login` left.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use cloakroom::oidc::{TokenAnswer, TokenRequest};
use cloakroom::{ClientAuth, Login, OidcClient, Secret, blocking};

use crate::failure::{Failure, Result};
use crate::session::Session;

const DEFAULT_SERVER: &str = "http://localhost:8080";

/// Flags win over the environment, and both over the session.
#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Server")]
pub(crate) struct Server {
    /// The server's address, with its base path if it has one: https://id.example.com/auth [default: that of the session,
    /// else http://localhost:8080]
    #[arg(long, env = "KEYCLOAK_URL", value_name = "URL")]
    pub(crate) server: Option<String>,
    /// Trusts the certificates in this file (PEM) and no others
    #[arg(long, env = "KEYCLOAK_CA_FILE", value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Presents the certificate in this file: certificate, chain and private key (PEM)
    #[arg(long, env = "KEYCLOAK_CLIENT_CERT", value_name = "FILE")]
    client_cert: Option<PathBuf>,
    /// Trusts any certificate. Passwords and tokens can then be read on the way
    #[arg(long)]
    insecure: bool,
    /// Goes through a proxy [default: as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say]
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,
    /// How long an answer may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    timeout: u64,
    /// Sends a header with every request; may be given more than once
    #[arg(long, value_name = "NAME: VALUE")]
    header: Vec<String>,
}

impl Server {
    /// A client without a login.
    pub(crate) fn client(&self, url: &str) -> Result<blocking::Client> {
        let mut builder = blocking::Client::builder(url)
            .timeout(Duration::from_secs(self.timeout))
            .danger_accept_invalid_certs(self.insecure)
            .user_agent(concat!("cloakroom-cli/", env!("CARGO_PKG_VERSION")));
        if let Some(file) = &self.ca_file {
            builder = builder.ca_pem(read(file)?);
        }
        if let Some(file) = &self.client_cert {
            builder = builder.client_certificate_pem(read(file)?);
        }
        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(proxy.as_str());
        }
        for header in &self.header {
            let (name, value) = header.split_once(':').ok_or_else(|| {
                Failure::Usage(format!("--header \"{header}\" has no colon: write it like \"X-Name: value\""))
            })?;
            builder = builder.header(name.trim(), value.trim())?;
        }
        Ok(builder.build_blocking()?)
    }
}

fn read(file: &PathBuf) -> Result<String> {
    std::fs::read_to_string(file).map_err(|e| Failure::Usage(format!("{} cannot be read: {e}", file.display())))
}

/// Who logs in.
#[derive(Args, Debug, Clone)]
#[command(next_help_heading = "Login")]
pub(crate) struct Credentials {
    /// The user to log in as; the password is asked for if it is not given
    #[arg(short, long, env = "KEYCLOAK_USERNAME", value_name = "NAME")]
    pub(crate) username: Option<String>,
    /// The user's password. Other users of this machine can see flags: prefer the environment, or being asked
    #[arg(long, env = "KEYCLOAK_PASSWORD", hide_env_values = true, value_name = "TEXT")]
    password: Option<String>,
    /// The one-time code that goes with the password
    #[arg(long, visible_alias = "otp-code", value_name = "CODE")]
    totp: Option<String>,
    /// The client to log in as, by its clientId [default: admin-cli]
    #[arg(long, env = "KEYCLOAK_CLIENT_ID", value_name = "ID")]
    client_id: Option<String>,
    /// The client's secret. Without a user, the client logs in itself, by its service account
    #[arg(long, env = "KEYCLOAK_CLIENT_SECRET", hide_env_values = true, value_name = "TEXT")]
    client_secret: Option<String>,
    /// An access token that is at hand; nobody logs in
    #[arg(long, env = "KEYCLOAK_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<String>,
    /// The realm to log in to [default: master]
    #[arg(long, env = "KEYCLOAK_AUTH_REALM", value_name = "REALM")]
    login_realm: Option<String>,
}

/// How tokens are asked for.
pub(crate) enum Grant {
    Password { username: String, password: Secret, totp: Option<String> },
    Client,
}

impl Credentials {
    /// What the flags and the environment ask for, if they do; the session is not looked at.
    pub(crate) fn grant(&self) -> Result<Option<Grant>> {
        if let Some(username) = &self.username {
            let password = match &self.password {
                Some(password) => Secret::from(password.as_str()),
                None => ask(&format!("Password of {username}: "), "--password or KEYCLOAK_PASSWORD")?,
            };
            return Ok(Some(Grant::Password { username: username.clone(), password, totp: self.totp.clone() }));
        }
        Ok(self.client_secret.as_ref().map(|_| Grant::Client))
    }

    pub(crate) fn client_id(&self) -> &str {
        self.client_id.as_deref().unwrap_or("admin-cli")
    }

    pub(crate) fn login_realm<'a>(&'a self, otherwise: &'a str) -> &'a str {
        self.login_realm.as_deref().unwrap_or(otherwise)
    }

    pub(crate) fn secret(&self) -> Option<&str> {
        self.client_secret.as_deref()
    }

    pub(crate) fn auth(&self) -> ClientAuth {
        auth(self.secret())
    }
}

pub(crate) fn auth(secret: Option<&str>) -> ClientAuth {
    secret.map_or_else(ClientAuth::none, ClientAuth::basic)
}

/// Reads a line that is not shown. `instead` is what to give where nobody can be asked.
pub(crate) fn ask(prompt: &str, instead: &str) -> Result<Secret> {
    let no_terminal = |e: std::io::Error| {
        let what = prompt.trim_end_matches([':', ' ']);
        Failure::Usage(format!("{what}: give {instead}, since it cannot be asked for ({e})"))
    };
    rpassword::prompt_password(prompt).map(Secret::from).map_err(no_terminal)
}

impl Grant {
    pub(crate) fn request(self, scope: Option<&str>) -> TokenRequest {
        let request = match self {
            Grant::Client => TokenRequest::client_credentials(),
            Grant::Password { username, password, totp } => {
                let request = TokenRequest::password(&username, password);
                totp.into_iter().fold(request, TokenRequest::totp)
            }
        };
        scope.into_iter().fold(request, TokenRequest::scope)
    }
}

/// Runs one token request.
pub(crate) fn tokens(kc: &blocking::Client, app: OidcClient, request: TokenRequest) -> Result<TokenAnswer> {
    kc.run(|_| async move { app.token(request).await }).map_err(Failure::login)
}

pub(crate) fn oidc(kc: &blocking::Client, realm: &str, id: &str, auth: ClientAuth) -> OidcClient {
    kc.run(|kc| std::future::ready(kc.oidc(realm, id, auth)))
}

/// Server and login, for the commands that call the Admin API.
#[derive(Args, Debug, Clone)]
pub(crate) struct Connection {
    #[command(flatten)]
    pub(crate) server: Server,
    #[command(flatten)]
    pub(crate) credentials: Credentials,
}

impl Connection {
    /// The address to use, and the session if it is of that server.
    pub(crate) fn place(&self) -> Result<(String, Option<Session>)> {
        let session = Session::load()?;
        let url = match (&self.server.server, &session) {
            (Some(url), _) => url.clone(),
            (None, Some(session)) => session.server.clone(),
            (None, None) => DEFAULT_SERVER.to_owned(),
        };
        let session = session.filter(|s| s.server.trim_end_matches('/') == url.trim_end_matches('/'));
        Ok((url, session))
    }

    /// A client that is logged in: by a token, a user or a client that was named, else by the session.
    pub(crate) fn client(&self) -> Result<blocking::Client> {
        let (url, session) = self.place()?;
        let kc = self.server.client(&url)?;
        let login = match (&self.credentials.token, self.credentials.grant()?, session) {
            (Some(token), ..) => Login::token(token.as_str()),
            (None, Some(grant), _) => {
                let login = match grant {
                    Grant::Client => Login::client_credentials(self.credentials.client_id(), self.credentials.auth()),
                    Grant::Password { username, password, totp } => {
                        let login = Login::password(username, password);
                        let login = login.client(self.credentials.client_id(), self.credentials.auth());
                        totp.into_iter().fold(login, Login::totp)
                    }
                };
                login.realm(self.credentials.login_realm("master"))
            }
            (None, None, Some(session)) => Login::token(session.access_token(&kc)?),
            (None, None, None) => {
                return Err(Failure::NotLoggedIn(format!(
                    "nobody is logged in to {url}: run `cloakroom login --server {url} --username NAME`, \
                     or give --username, --client-secret or --token"
                )));
            }
        };
        Ok(blocking::Client::over(kc.run(|kc| std::future::ready(kc.login(login))))?)
    }
}
