//! `auth-token`.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cloakroom::blocking::OidcClient;
use cloakroom::oidc::TokenRequest;
use cloakroom::{ClientAuth, Error, Secret, Settings};
use serde_json::Value;

use crate::ackc::{EXIT_CODES, NO_CLIENT, client, environment, told, tool};
use crate::ask::ask;
use crate::clock;
use crate::cmd::token::{device, show};

fn help() -> String {
    let examples = "\
Examples:
  auth-token -q                                  of the service account
  auth-token --client-id app --decode password -u bob
  auth-token --client-id tv device";
    format!("{examples}\n\n{EXIT_CODES}")
}

/// Get an access token from Keycloak
#[derive(Parser)]
#[command(name = "auth-token", infer_long_args = true, after_help = help())]
struct Args {
    /// The server's address [default: KEYCLOAK_URL]
    #[arg(long, value_name = "URL")]
    server_url: Option<String>,
    /// The realm of users [default: KEYCLOAK_REALM, else master]
    #[arg(long, value_name = "REALM")]
    realm: Option<String>,
    /// The realm that the client logs in to by itself [default: KEYCLOAK_AUTH_REALM, KEYCLOAK_REALM, else master]
    #[arg(long, value_name = "REALM")]
    auth_realm: Option<String>,
    /// The client [default: KEYCLOAK_CLIENT_ID]
    #[arg(long, value_name = "ID", alias = "client")]
    client_id: Option<String>,
    /// Its secret [default: KEYCLOAK_CLIENT_SECRET]
    #[arg(long, value_name = "TEXT")]
    client_secret: Option<String>,
    /// Prints the access token alone
    #[arg(short, long, conflicts_with = "decode")]
    quiet: bool,
    /// Adds the claims of the access token; they are not verified
    #[arg(long)]
    decode: bool,
    #[command(subcommand)]
    command: Option<Grant>,
}

#[derive(Subcommand)]
#[command(infer_long_args = true)]
enum Grant {
    /// By the client's secret, for its service account [default]
    Client {
        /// Scopes, separated by spaces or commas
        #[arg(long, value_name = "SCOPES")]
        scopes: Option<String>,
    },
    /// In a browser anywhere: shows an address and a code, and waits
    Device {
        /// Scopes, separated by spaces or commas
        #[arg(long, value_name = "SCOPES")]
        scopes: Option<String>,
    },
    /// By a user's name and password
    Password {
        /// The user [default: asked for]; the password is always asked for
        #[arg(short, long, value_name = "NAME")]
        username: Option<String>,
        /// Asks for the one-time code
        #[arg(long, conflicts_with = "otp_code")]
        otp: bool,
        /// The one-time code that goes with the password
        #[arg(long, value_name = "CODE")]
        otp_code: Option<String>,
        /// Scopes, separated by spaces or commas
        #[arg(long, value_name = "SCOPES")]
        scopes: Option<String>,
    },
    /// By a refresh token, with the client it was issued to
    Refresh {
        /// The refresh token
        token: String,
    },
}

pub(crate) fn run(words: &[OsString]) -> ExitCode {
    tool("auth-token", words, |args: Args| args.run().map_err(|e| format!("Authentication error: {e}")))
}

impl Args {
    fn run(&self) -> Result<(), String> {
        let mut settings = environment()?;
        settings.url = self.server_url.clone().or(settings.url);
        settings.client_id = self.client_id.clone().or(settings.client_id);
        let own_secret = self.client_secret.as_deref().map(Secret::from);
        let secret = own_secret.clone().or_else(|| settings.client_secret.clone());
        let kc = client(&settings).map_err(|e| e.to_string())?;
        let users = self.realm.as_deref().unwrap_or_else(|| settings.realm());
        let app = |realm: &str, secret: Option<Secret>| {
            let id = settings.client_id.as_deref().ok_or(NO_CLIENT)?;
            Ok::<_, String>(kc.oidc(realm, id, secret.map_or_else(ClientAuth::none, ClientAuth::post)))
        };
        let answer = match &self.command {
            None => self.own(app, &settings, secret, None)?,
            Some(Grant::Client { scopes }) => self.own(app, &settings, secret, scopes.as_deref())?,
            Some(Grant::Device { scopes }) => {
                let shown = |login: &_| {
                    if !self.quiet {
                        device::show(login);
                    }
                    device::browse(device::address(login));
                };
                let answer = device::login(&app(users, secret)?, &scoped(scopes.as_deref()), shown);
                written(answer.map_err(told)?)?
            }
            Some(Grant::Password { username, otp, otp_code, scopes }) => {
                // a client that is named without its secret is one that has none
                let secret = own_secret.or_else(|| secret.filter(|_| self.client_id.is_none()));
                let app = app(users, secret)?;
                let username = match username {
                    Some(name) => name.clone(),
                    None => self.line("Username: ")?,
                };
                let password = self.hidden(&format!("Password for {username}: "))?;
                let code = match otp_code {
                    Some(code) => Some(code.as_str().into()),
                    None if *otp => Some(self.hidden("OTP code: ")?),
                    None => None,
                };
                let request = code.into_iter().fold(TokenRequest::password(&username, password), TokenRequest::totp);
                let request = with_scopes(request, scopes.as_deref());
                asked(&app, request, "Password authentication failed")?
            }
            Some(Grant::Refresh { token }) => {
                let request = TokenRequest::refresh(token.as_str());
                let mut answer = asked(&app(users, secret)?, request, "Token refresh failed")?;
                answer["issued_at"] = (clock::now() / 1000).into();
                answer
            }
        };
        show(answer, self.quiet, self.decode).map_err(|e| e.to_string())
    }

    /// The client's own token.
    fn own(
        &self,
        app: impl FnOnce(&str, Option<Secret>) -> Result<OidcClient, String>,
        settings: &Settings,
        secret: Option<Secret>,
        scopes: Option<&str>,
    ) -> Result<Value, String> {
        let realm = self.auth_realm.as_deref().or(settings.auth_realm.as_deref()).unwrap_or_else(|| settings.realm());
        let app = app(realm, Some(secret.ok_or(NO_CLIENT)?))?;
        let request = with_scopes(TokenRequest::client_credentials(), scopes);
        asked(&app, request, "Authentication failed")
    }

    fn line(&self, prompt: &str) -> Result<String, String> {
        if !self.quiet {
            eprint!("{prompt}");
        }
        let line = crate::ask::line().map_err(|e| e.to_string())?;
        line.ok_or_else(|| "a username is needed: give --username".to_owned())
    }

    fn hidden(&self, prompt: &str) -> Result<Secret, String> {
        ask(if self.quiet { "" } else { prompt }, "it").map_err(|e| e.to_string())
    }
}

fn scoped(scopes: Option<&str>) -> String {
    let words = scopes.unwrap_or_default().split([',', ' ']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn with_scopes(request: TokenRequest, scopes: Option<&str>) -> TokenRequest {
    let scopes = scoped(scopes);
    if scopes.is_empty() { request } else { request.scope(&scopes) }
}

fn asked(app: &OidcClient, request: TokenRequest, failed: &str) -> Result<Value, String> {
    match app.token(request) {
        Ok(answer) => written(answer),
        Err(e) if failed.contains("refresh") && e.code() == Some("invalid_grant") => {
            Err("Refresh token has expired or is invalid".to_owned())
        }
        Err(Error::Status { status, answer, .. }) => Err(format!("{failed}: {} - {}", status.as_u16(), answer.text)),
        Err(e) => Err(told(e)),
    }
}

fn written(answer: impl serde::Serialize) -> Result<Value, String> {
    serde_json::to_value(answer).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn scopes_are_separated_by_anything() {
        assert_eq!(scoped(Some("openid, email profile,")), "openid email profile");
    }
}
