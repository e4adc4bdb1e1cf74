//! ackc's tools, for scripts that call them: `auth-token`, `auth-realm-export`, `auth-mc` and `ackc-init`, with their own
//! arguments, environment, output and exit codes (0 done, 1 failed, 2 wrong usage).

mod export;
mod init;
mod mc;
mod token;

pub(crate) use export::run as export;
pub(crate) use init::run as init;
pub(crate) use mc::run as mc;
pub(crate) use token::run as token;

use std::ffi::OsString;
use std::fmt::Display;
use std::process::ExitCode;

use clap::Parser;
use cloakroom::{Settings, blocking};

use crate::failure::Failure;
use crate::hints;

/// Reads a tool's arguments and runs it; `said` goes before what went wrong.
fn tool<A: Parser>(name: &str, words: &[OsString], run: impl FnOnce(A) -> Result<(), String>) -> ExitCode {
    let parsed = A::try_parse_from(std::iter::once(OsString::from(name)).chain(words.iter().cloned()));
    let args = match parsed {
        Ok(args) => args,
        Err(e) => {
            e.print().ok();
            return ExitCode::from(u8::try_from(e.exit_code()).unwrap_or(2));
        }
    };
    match run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            eprintln!("{words}");
            ExitCode::FAILURE
        }
    }
}

/// `Error: …`
fn error(e: impl Display) -> String {
    format!("Error: {e}")
}

/// Why a call failed. ackc has no option for whom to trust, but the environment has.
fn told(e: impl Into<Failure>) -> String {
    match e.into() {
        Failure::Call { request, source } => hints::certificate(&source, "SSL_CERT_FILE")
            .unwrap_or_else(|| Failure::Call { request, source }.to_string()),
        other => other.to_string(),
    }
}

/// The environment as ackc reads it: no users, `KEYCLOAK_ENV_PREFIX` heeded.
fn environment() -> Result<Settings, String> {
    let settings = Settings::from_env().map_err(error)?;
    Ok(Settings { username: None, password: None, ..settings })
}

/// The end of every tool's help.
const EXIT_CODES: &str = "Exit codes: 0 done, 1 failed, 2 wrong usage.";

const NO_CLIENT: &str = "Client credentials required. Set KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET env vars.";

fn client(settings: &Settings) -> Result<blocking::Client, cloakroom::Error> {
    settings.builder()?.user_agent(concat!("cloakroom-cli/", env!("CARGO_PKG_VERSION"))).build_blocking()
}
