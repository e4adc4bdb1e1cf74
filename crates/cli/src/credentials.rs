//! Who logs in, and how: flags and the environment.

use std::path::PathBuf;

use clap::Args;
use cloakroom::oidc::TokenRequest;
use cloakroom::{ClientAuth, Secret};

use crate::ask::ask;
use crate::client_key::ClientKey;
use crate::failure::Result;
use crate::session::Proof;

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
    /// The client's private key (PEM or PKCS12), by which it proves who it is in place of a secret
    #[arg(
        long,
        visible_alias = "keystore",
        env = "KEYCLOAK_CLIENT_KEY",
        value_name = "FILE",
        conflicts_with = "client_secret"
    )]
    client_key: Option<PathBuf>,
    /// The password of the key's PKCS12 file; asked for if it is not given
    #[arg(
        long,
        visible_alias = "storepass",
        env = "KEYCLOAK_CLIENT_KEY_PASSWORD",
        hide_env_values = true,
        value_name = "TEXT"
    )]
    client_key_password: Option<String>,
    /// Which key of a PKCS12 file that has several
    #[arg(long, visible_alias = "alias", value_name = "NAME")]
    client_key_alias: Option<String>,
    /// The `kid` under which the server knows the key, where it asks for one
    #[arg(long, value_name = "ID")]
    client_key_id: Option<String>,
    /// The algorithm to sign by [default: RS256, or that of the key's curve]
    #[arg(long, value_name = "NAME")]
    client_key_alg: Option<String>,
    /// An access token that is at hand; nobody logs in
    #[arg(long, env = "KEYCLOAK_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub(crate) token: Option<String>,
    /// The realm to log in to, and that of the session to use [default: that of the current session, else master]
    #[arg(long, env = "KEYCLOAK_AUTH_REALM", value_name = "REALM")]
    pub(crate) login_realm: Option<String>,
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
        Ok(self.proves().then_some(Grant::Client))
    }

    /// Whether it is for the session to say who acts.
    pub(crate) fn names_nobody(&self) -> bool {
        self.username.is_none() && self.client_secret.is_none() && self.client_key.is_none() && self.token.is_none()
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

    fn key(&self) -> Option<ClientKey> {
        self.client_key.as_ref().map(|file| ClientKey {
            // a session outlives the folder it began in
            file: std::path::absolute(file).unwrap_or_else(|_| file.clone()),
            alias: self.client_key_alias.clone(),
            kid: self.client_key_id.clone(),
            algorithm: self.client_key_alg.clone(),
            password: self.client_key_password.as_deref().map(Secret::from),
        })
    }

    /// Whether the client can prove who it is.
    pub(crate) fn proves(&self) -> bool {
        self.client_secret.is_some() || self.client_key.is_some()
    }

    pub(crate) fn auth(&self) -> Result<ClientAuth> {
        match self.key() {
            Some(key) => key.auth(),
            None => Ok(auth(self.secret())),
        }
    }

    /// What a session has to know to renew itself.
    pub(crate) fn proof(&self) -> Proof {
        match (self.key(), self.secret()) {
            (Some(key), _) => Proof::Key(key),
            (None, Some(secret)) => Proof::Secret(secret.into()),
            (None, None) => Proof::None,
        }
    }
}

pub(crate) fn auth(secret: Option<&str>) -> ClientAuth {
    secret.map_or_else(ClientAuth::none, ClientAuth::basic)
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
