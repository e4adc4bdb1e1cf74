//! `cloakroom`: Keycloak's APIs on the command line, and a server that speaks them.

mod ackc;
mod alias;
mod api;
mod ask;
mod assign;
mod body;
mod client_auth;
mod client_key;
mod clock;
mod cmd;
mod connect;
mod credentials;
mod doctor;
mod failure;
mod fields;
mod help;
mod hints;
mod input;
mod kcadm;
mod keystore;
mod output;
mod path;
mod private_file;
mod resources;
mod session;
mod show;
mod who;

use clap::{CommandFactory, Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cloakroom", version, about, arg_required_else_help = true, after_long_help = help::CLOAKROOM)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server for production: TLS and a hostname are required. `start --help` lists its options
    #[cfg(feature = "server")]
    #[command(disable_help_flag = true)]
    Start(Words),
    /// Runs the server for development and for trying it out: plain HTTP, any hostname
    #[cfg(feature = "server")]
    #[command(disable_help_flag = true)]
    StartDev(Words),
    /// Does nothing: there is no image to prepare. For scripts written for Keycloak
    #[cfg(feature = "server")]
    #[command(disable_help_flag = true)]
    Build(Words),
    /// Shows the server's settings, and where each comes from. `show-config all` adds defaults
    #[cfg(feature = "server")]
    #[command(disable_help_flag = true)]
    ShowConfig(Words),
    /// Logs in, for the commands that follow
    #[command(after_help = help::LOGIN)]
    Login(connect::Connection),
    /// Shows the sessions that `login` began, and whether they hold
    #[command(after_help = help::STATUS)]
    Status(cmd::session::Status),
    /// Ends a session that `login` began
    #[command(after_help = help::LOGOUT)]
    Logout(cmd::session::Logout),
    /// Gets a token, for scripts or for looking at
    #[command(after_help = help::TOKEN)]
    Token(cmd::token::Token),
    /// Gets a thing or a list, of any path of the Admin API
    #[command(after_help = help::GET)]
    Get(cmd::rest::Get),
    /// Creates a thing, and prints its id
    #[command(after_help = help::CREATE)]
    Create(cmd::rest::Create),
    /// Changes a thing
    #[command(after_help = help::UPDATE)]
    Update(cmd::rest::Update),
    /// Deletes a thing
    #[command(after_help = help::DELETE)]
    Delete(cmd::rest::Delete),
    /// Lists the roles of a user, a group or a composite role, or those that there are
    #[command(after_help = help::ROLES)]
    GetRoles(cmd::roles::GetRoles),
    /// Gives roles to a user, a group or a composite role
    #[command(after_help = help::ROLES)]
    AddRoles(cmd::roles::ChangeRoles),
    /// Takes roles from a user, a group or a composite role
    #[command(after_help = help::ROLES)]
    RemoveRoles(cmd::roles::ChangeRoles),
    /// Gives a user a new password
    #[command(after_help = help::SET_PASSWORD)]
    SetPassword(cmd::roles::SetPassword),
    /// Works on a whole realm: `realm export`
    Realm(cmd::realm::Realm),
    /// Looks for what is unsafe in realms, and says how to change it
    #[command(after_help = help::DOCTOR)]
    Doctor(doctor::Doctor),
    /// Shows what has to change for realms to be as files say, and changes nothing
    #[command(after_help = help::PLAN)]
    Plan(cmd::plan::Plan),
    /// The same as `plan`
    #[command(after_help = help::PLAN)]
    Diff(cmd::plan::Plan),
    /// Makes realms as files say
    #[command(after_help = help::PLAN)]
    Apply(cmd::plan::Plan),
    /// Writes a realm as a file that `apply` takes, without what every new realm has
    #[command(after_help = help::EXPORT)]
    Export(cmd::export::Export),
    /// Tells whether a server is up
    #[command(after_help = help::HEALTH)]
    Health(cmd::health::Health),
    /// Prints what a server counts and measures
    #[command(after_help = help::METRICS)]
    Metrics(cmd::metrics::MetricsArgs),
    /// Writes a compose file and its `.env`, to run a server for development
    #[command(after_help = help::INIT)]
    Init(cmd::init::Init),
    /// Prints a script that completes this command's words in a shell
    #[command(after_help = help::COMPLETIONS)]
    Completions(cmd::shell::Completions),
    /// Prints this command's manual page
    #[command(after_help = help::MAN)]
    Man(cmd::shell::Man),
}

/// Words that the server's option table reads, not this parser.
#[cfg(feature = "server")]
#[derive(clap::Args)]
struct Words {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    words: Vec<String>,
}

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    if let Some((run, arguments)) = alias::of(&words) {
        return run(arguments);
    }
    let outcome = match Cli::parse().command {
        #[cfg(feature = "server")]
        Command::Start(args) => return told(cmd::start::start(cloakroom_server::config::Command::Start, &args.words)),
        #[cfg(feature = "server")]
        Command::StartDev(args) => {
            return told(cmd::start::start(cloakroom_server::config::Command::StartDev, &args.words));
        }
        #[cfg(feature = "server")]
        Command::Build(_) => return told(cmd::start::build()),
        #[cfg(feature = "server")]
        Command::ShowConfig(args) => return told(cmd::start::show_config(&args.words)),
        Command::Login(args) => cmd::session::login(&args),
        Command::Status(args) => cmd::session::status(&args),
        Command::GetRoles(args) => cmd::roles::get(&args),
        Command::AddRoles(args) => cmd::roles::add(&args),
        Command::RemoveRoles(args) => cmd::roles::remove(&args),
        Command::SetPassword(args) => cmd::roles::set_password(&args),
        Command::Logout(args) => cmd::session::logout(&args),
        Command::Token(args) => cmd::token::run(&args),
        Command::Get(args) => cmd::rest::get(&args),
        Command::Create(args) => cmd::rest::create(&args),
        Command::Update(args) => cmd::rest::update(&args),
        Command::Delete(args) => cmd::rest::delete(&args),
        Command::Realm(args) => cmd::realm::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Plan(args) | Command::Diff(args) => return cmd::plan::plan(&args),
        Command::Apply(args) => return cmd::plan::apply(&args),
        Command::Export(args) => cmd::export::run(&args),
        Command::Health(args) => cmd::health::run(&args),
        Command::Metrics(args) => cmd::metrics::run(&args),
        Command::Init(args) => cmd::init::run(&args),
        Command::Completions(args) => cmd::shell::completions(&args, Cli::command()),
        Command::Man(args) => cmd::shell::man(&args, Cli::command()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("cloakroom: {failure}");
            ExitCode::from(failure.exit_code())
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_command_line_are_consistent() {
        Cli::command().debug_assert();
    }
}
