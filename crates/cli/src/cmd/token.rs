//! `token`: tokens for scripts and for looking at.

use clap::{Args, ValueEnum};
use cloakroom::oidc::TokenRequest;
use cloakroom::{Secret, jwt};
use serde_json::{Value, json};

use crate::connect::{Connection, Grant, oidc, tokens};
use crate::failure::{Failure, Result};
use crate::output::{Format, print, say};

#[derive(Args, Debug)]
pub(crate) struct Token {
    /// How the token is asked for [default: as the flags say, else that of the session]
    grant: Option<Kind>,
    /// The refresh token; `-` reads it from the standard input
    #[arg(required_if_eq("grant", "refresh"))]
    refresh_token: Option<String>,
    /// The realm to get the token from [default: master]
    #[arg(short, long, env = "KEYCLOAK_REALM", value_name = "REALM")]
    realm: Option<String>,
    /// The scopes to ask for, separated by spaces
    #[arg(long, value_name = "SCOPES")]
    scope: Option<String>,
    /// Prints the access token alone
    #[arg(short, long, conflicts_with = "decode")]
    quiet: bool,
    /// Adds the claims of the access token; they are not verified
    #[arg(long)]
    decode: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// By a user's name and password
    Password,
    /// By a client's secret, for its service account
    Client,
    /// By a refresh token, to be used with the client it was issued to
    Refresh,
}

pub(crate) fn run(args: &Token) -> Result<()> {
    let credentials = &args.connection.credentials;
    let (url, session) = args.connection.place()?;
    let kc = args.connection.server.client(&url)?;
    let scope = args.scope.as_deref();
    let refresh = args.refresh_token.as_deref();
    if refresh.is_some() && args.grant != Some(Kind::Refresh) {
        return Err(Failure::Usage("a refresh token is for `token refresh`".to_owned()));
    }
    let grant = if refresh.is_some() { None } else { credentials.grant()? };
    let request = match (args.grant, grant) {
        (Some(Kind::Refresh), _) => {
            let request = TokenRequest::refresh(stdin_or(refresh.unwrap_or_default())?);
            Some(scope.into_iter().fold(request, TokenRequest::scope))
        }
        (Some(Kind::Password), Some(grant @ Grant::Password { .. })) => Some(grant.request(scope)),
        (Some(Kind::Password), _) => return Err(Failure::Usage("whose password? Give --username".to_owned())),
        (Some(Kind::Client), _) if credentials.secret().is_some() => Some(Grant::Client.request(scope)),
        (Some(Kind::Client), _) => {
            return Err(Failure::Usage("which client? Give --client-id and --client-secret".to_owned()));
        }
        (None, Some(grant)) => Some(grant.request(scope)),
        (None, None) => None,
    };
    let answer = match (request, session) {
        (Some(request), _) => {
            let realm = credentials.login_realm(args.realm.as_deref().unwrap_or("master"));
            let app = oidc(&kc, realm, credentials.client_id(), credentials.auth());
            let answer = tokens(&kc, app, request)?;
            serde_json::to_value(&answer).map_err(|e| Failure::Io(e.to_string()))?
        }
        (None, Some(session)) => json!({ "access_token": session.access_token(&kc)?.expose(), "token_type": "Bearer" }),
        (None, None) => {
            return Err(Failure::NotLoggedIn(
                "whose token? Give --username, or --client-id and --client-secret, or run `cloakroom login`".to_owned(),
            ));
        }
    };
    show(answer, args)
}

fn show(mut answer: Value, args: &Token) -> Result<()> {
    let access = answer["access_token"].as_str().unwrap_or_default().to_owned();
    if args.quiet {
        return say(&access);
    }
    if args.decode {
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
