//! `token`: tokens for scripts and for looking at.

pub(crate) mod device;
mod exchange;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use cloakroom::oidc::TokenRequest;
use cloakroom::{Secret, jwt};
use serde_json::{Value, json};

use crate::ask::ask;
use crate::client_auth::{ClientProof, dpop};
use crate::connect::{Connection, Grant};
use crate::failure::{Failure, Result};
use crate::output::{Format, print, say};

#[derive(Args, Debug)]
pub(crate) struct Token {
    /// How the token is asked for [default: as the flags say, else that of the session]
    grant: Option<Kind>,
    /// The token that is refreshed or exchanged; `-` reads it from the standard input, where others cannot see it
    #[arg(value_name = "TOKEN")]
    given: Option<String>,
    /// The realm to get the token from [default: that of --login-realm, else master]
    #[arg(short, long, env = "KEYCLOAK_REALM", value_name = "REALM")]
    realm: Option<String>,
    /// The scopes to ask for, separated by spaces or commas
    #[arg(long, visible_alias = "scopes", value_name = "SCOPES")]
    scope: Option<String>,
    /// Prints the access token alone
    #[arg(short, long, conflicts_with = "decode")]
    quiet: bool,
    /// Adds the claims of the access token; they are not verified
    #[arg(long)]
    decode: bool,
    /// Asks for the one-time code that goes with the password
    #[arg(long, conflicts_with = "totp")]
    otp: bool,
    /// Opens a browser for `device`: that of BROWSER, else the desktop's
    #[arg(long)]
    browser: bool,
    /// Binds the token to the private key in this file (PEM; DPoP, RFC 9449)
    #[arg(long, value_name = "FILE")]
    dpop_key: Option<PathBuf>,
    /// A further parameter of the request; may be given more than once
    #[arg(long, value_name = "NAME=VALUE")]
    param: Vec<String>,
    #[command(flatten)]
    exchange: exchange::Exchange,
    #[command(flatten)]
    proof: ClientProof,
    #[command(flatten)]
    connection: Connection,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// By a client's secret or key, for its service account
    Client,
    /// By its user, in a browser anywhere: shows an address and a code, and waits
    Device,
    /// By a user's name and password
    Password,
    /// By a refresh token, with the client it was issued to
    Refresh,
    /// By another token (RFC 8693): for other clients, or as somebody else
    Exchange,
}

/// How the answer is come by.
enum Way {
    Request(TokenRequest),
    Device,
    Session,
}

pub(crate) fn run(args: &Token) -> Result<()> {
    let (url, session) = args.connection.place()?;
    let kc = args.connection.trusting()?.client(&url)?;
    let answer = match (args.way()?, session) {
        (Way::Session, Some(session)) => {
            json!({ "access_token": session.access_token(&kc)?.expose(), "token_type": "Bearer" })
        }
        (Way::Session, None) => {
            return Err(Failure::NotLoggedIn(
                "whose token? Give --username, or --client-id and --client-secret, or run `cloakroom login`".to_owned(),
            ));
        }
        (way, _) => {
            let credentials = &args.connection.credentials;
            let realm = credentials.login_realm(args.realm.as_deref().unwrap_or("master"));
            let mut app = kc.oidc(realm, credentials.client_id(), args.proof.auth(credentials)?);
            if let Some(file) = &args.dpop_key {
                app = app.with_dpop(dpop(file)?);
            }
            let answer = match way {
                Way::Request(request) => app.token(args.asked(request)?).map_err(Failure::login)?,
                _ => device::login(&app, &args.scopes().unwrap_or_default(), |login| {
                    device::show(login);
                    if args.browser {
                        device::browse(device::address(login));
                    }
                })?,
            };
            serde_json::to_value(&answer).map_err(|e| Failure::Io(e.to_string()))?
        }
    };
    show(answer, args.quiet, args.decode)
}

impl Token {
    fn way(&self) -> Result<Way> {
        let usage = |words: &str| Err(Failure::Usage(words.to_owned()));
        if self.given.is_some() && !matches!(self.grant, Some(Kind::Refresh | Kind::Exchange)) {
            return usage("a token is given to `token refresh` or `token exchange`");
        }
        if let Some(flag) = self.exchange.given().filter(|_| self.grant != Some(Kind::Exchange)) {
            return usage(&format!("{flag} is for `token exchange`"));
        }
        if self.otp && !matches!(self.grant, None | Some(Kind::Password)) {
            return usage("--otp is for `token password`");
        }
        let credentials = &self.connection.credentials;
        let proven = credentials.proves() || self.proof.is_given();
        Ok(Way::Request(match self.grant {
            Some(Kind::Device) => return Ok(Way::Device),
            Some(Kind::Refresh) => match &self.given {
                Some(token) => TokenRequest::refresh(stdin_or(token)?),
                None => return usage("which token? Give the refresh token after `refresh`, or - to read it"),
            },
            Some(Kind::Exchange) => self.exchange.request(self.given.as_deref().map(stdin_or).transpose()?)?,
            Some(Kind::Client) if proven => TokenRequest::client_credentials(),
            Some(Kind::Client) => return usage("which client? Give --client-id and --client-secret, or --client-key"),
            Some(Kind::Password) | None => match credentials.grant()? {
                Some(grant @ Grant::Password { .. }) => {
                    let code = if self.otp { Some(ask("One-time code: ", "--totp CODE")?) } else { None };
                    code.into_iter().fold(grant.request(None), TokenRequest::totp)
                }
                _ if self.grant.is_some() => return usage("whose password? Give --username"),
                _ if proven => TokenRequest::client_credentials(),
                _ => return Ok(Way::Session),
            },
        }))
    }

    fn scopes(&self) -> Option<String> {
        self.scope.as_deref().map(|scopes| scopes.replace(',', " "))
    }

    /// The request with what any grant may have.
    fn asked(&self, request: TokenRequest) -> Result<TokenRequest> {
        let mut request = self.scopes().iter().fold(request, |request, scopes| request.scope(scopes));
        for param in &self.param {
            let pair = param.split_once('=');
            let (name, value) =
                pair.ok_or_else(|| Failure::Usage(format!("--param {param}: write it like name=value")))?;
            request = request.with(name, value);
        }
        Ok(request)
    }
}

/// Prints an answer: the access token alone, or all of it, with its claims perhaps.
pub(crate) fn show(mut answer: Value, quiet: bool, decode: bool) -> Result<()> {
    let access = answer["access_token"].as_str().unwrap_or_default().to_owned();
    if quiet {
        return say(&access);
    }
    if decode {
        answer["claims"] = jwt::decode(&access)?;
    }
    print(&answer, Some(Format::Json), &[])
}

fn stdin_or(token: &str) -> Result<Secret> {
    if token != "-" {
        return Ok(token.into());
    }
    Ok(std::io::read_to_string(std::io::stdin())?.trim().into())
}
