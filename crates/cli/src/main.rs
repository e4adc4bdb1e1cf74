//! `cloakroom`: Keycloak's APIs on the command line, and a server that speaks them.

mod cmd;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cloakroom", version, about, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server for production. `start --help` lists its options
    #[cfg(feature = "server")]
    #[command(disable_help_flag = true)]
    Start(Words),
    /// Runs the server for development and for trying it out
    #[cfg(feature = "server")]
    #[command(disable_help_flag = true)]
    StartDev(Words),
    /// Does nothing: there is no image to prepare. For scripts written for Keycloak
    #[cfg(feature = "server")]
    #[command(disable_help_flag = true)]
    Build(Words),
    /// Shows how the server is configured, and where each setting comes from. `show-config all` adds defaults
    #[cfg(feature = "server")]
    #[command(disable_help_flag = true)]
    ShowConfig(Words),
}

/// Words that the server's option table reads, not this parser.
#[cfg(feature = "server")]
#[derive(clap::Args)]
struct Words {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    words: Vec<String>,
}

fn main() -> ExitCode {
    match Cli::parse().command {
        #[cfg(feature = "server")]
        Command::Start(args) => told(cmd::start::start(cloakroom_server::config::Command::Start, &args.words)),
        #[cfg(feature = "server")]
        Command::StartDev(args) => told(cmd::start::start(cloakroom_server::config::Command::StartDev, &args.words)),
        #[cfg(feature = "server")]
        Command::Build(_) => told(cmd::start::build()),
        #[cfg(feature = "server")]
        Command::ShowConfig(args) => told(cmd::start::show_config(&args.words)),
    }
}

/// The exit code, after telling what went wrong.
#[cfg(feature = "server")]
fn told(outcome: Result<(), cloakroom_server::config::Problem>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("cloakroom: {problem}");
            ExitCode::from(problem.exit_code())
        }
    }
}
