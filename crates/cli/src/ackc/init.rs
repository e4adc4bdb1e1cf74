//! `ackc-init`.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use crate::ackc::{EXIT_CODES, error, tool};
use crate::cmd::init::{COMPOSE, Init, Kind};
use crate::output::say;

/// Create Keycloak Docker compose.yaml and .env files for development
#[derive(Parser)]
#[command(name = "ackc-init", after_help = EXIT_CODES)]
struct Args {}

pub(crate) fn run(words: &[OsString]) -> ExitCode {
    tool("ackc-init", words, |Args {}| {
        if Path::new(COMPOSE[0]).exists() {
            return Err(error("compose.yaml already exists"));
        }
        let had_env = Path::new(".env").exists();
        Init::of(Kind::Keycloak).write().map_err(error)?;
        let env = if had_env { ".env: Appended environment variables" } else { ".env: Created from .env.example" };
        let next = "Next: Edit .env to uncomment and customize your Keycloak settings";
        say(&format!("compose.yaml: Created\n{env}\n\n{next}")).map_err(error)
    })
}
