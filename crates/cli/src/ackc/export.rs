//! `auth-realm-export`.

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::Parser;
use cloakroom::Secret;

use crate::ackc::{EXIT_CODES, NO_CLIENT, client, environment, error, told, tool};
use crate::cmd::realm::{What, export};

fn help() -> String {
    format!("Examples:\n  auth-realm-export acme --pretty > acme.json\n\n{EXIT_CODES}")
}

/// Export Keycloak realm configuration
#[derive(Parser)]
#[command(name = "auth-realm-export", infer_long_args = true, after_help = help())]
struct Args {
    /// The realm to export
    realm: String,
    /// The server's address [default: KEYCLOAK_URL]
    #[arg(long, value_name = "URL")]
    server_url: Option<String>,
    /// The client to log in as [default: KEYCLOAK_CLIENT_ID]
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Its secret [default: KEYCLOAK_CLIENT_SECRET]
    #[arg(long, value_name = "TEXT")]
    client_secret: Option<String>,
    /// Exports users too
    #[arg(long)]
    include_users: bool,
    /// Indents the JSON
    #[arg(long)]
    pretty: bool,
}

pub(crate) fn run(words: &[OsString]) -> ExitCode {
    tool("auth-realm-export", words, |args: Args| {
        let mut settings = environment()?;
        settings.url = args.server_url.or(settings.url);
        settings.client_id = args.client_id.or(settings.client_id);
        settings.client_secret = args.client_secret.map(Secret::from).or(settings.client_secret);
        if settings.client_id.is_none() || settings.client_secret.is_none() {
            return Err(error(NO_CLIENT));
        }
        eprintln!("Exporting realm: {}", args.realm);
        let what = What { realm: &args.realm, users: args.include_users, pretty: args.pretty };
        export(&client(&settings).map_err(error)?, what, &mut io::stdout()).map(drop).map_err(|e| error(told(e)))
    })
}
