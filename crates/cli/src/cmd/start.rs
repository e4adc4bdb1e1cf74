//! `start`, `start-dev`, `build` and `show-config`: the server inside the command, told what to do as Keycloak is.

use cloakroom_server::config::{self, Command, Config, Problem, Sources};
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// Runs the server until it is stopped.
pub(crate) fn start(command: Command, args: &[String]) -> Result<(), Problem> {
    if asks_for_help(args) {
        let (name, what) = match command {
            Command::Start => ("start", "Runs the server for production."),
            Command::StartDev => {
                ("start-dev", "Runs the server for development and for trying it out: plain HTTP, any hostname.")
            }
        };
        return usage(what, &format!("{name} [OPTIONS]"), command);
    }
    let config = with_sources(args, |sources| Config::from(command, sources))?;
    cloakroom_server::run::start(config)
}

fn asks_for_help(args: &[String]) -> bool {
    args.iter().any(|a| matches!(a.as_str(), "-h" | "--help" | "--help-all"))
}

fn usage(what: &str, words: &str, command: Command) -> Result<(), Problem> {
    say(&format!("{what}\n\nUsage: cloakroom {words}\n{}{}", config::help(command), crate::help::START))
}

/// Prints what is configured and where it was set. `all` as first word adds what was not.
pub(crate) fn show_config(args: &[String]) -> Result<(), Problem> {
    if asks_for_help(args) {
        let what = "Shows the server's settings, and where each comes from; `all` adds defaults.";
        return usage(what, "show-config [all] [OPTIONS]", Command::Start);
    }
    let (all, args) = match args.split_first() {
        Some((word, rest)) if word == "all" => (true, rest),
        _ => (false, args),
    };
    say(&with_sources(args, |sources| config::show(Command::Start, sources, all))?)
}

/// Keycloak's `build` prepares an image; here there is nothing to prepare.
pub(crate) fn build() -> Result<(), Problem> {
    say("Nothing to build: every option takes effect at start.\n")
}

fn with_sources<T>(args: &[String], then: impl FnOnce(&Sources<'_>) -> T) -> T {
    let text = |word: std::ffi::OsString| word.into_string().ok();
    let env: BTreeMap<String, String> = std::env::vars_os().filter_map(|(k, v)| Some((text(k)?, text(v)?))).collect();
    then(&Sources { args, env: &env, read: &|path| std::fs::read_to_string(path) })
}

/// Prints; a reader that has hung up is no problem.
fn say(text: &str) -> Result<(), Problem> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            Err(Problem::failed(format!("Nothing can be printed: {e}.")))
        }
        _ => Ok(()),
    }
}
