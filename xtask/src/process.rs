//! Running commands, and saying what is done.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

/// What a part of the checks gives: nothing, or why it failed.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// Prints a line.
#[expect(clippy::print_stdout, reason = "a command line tool")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}

/// Runs a command in the repository's root; its output is shown.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let shown = format!("{command:?}").replace('"', "");
    say(&format!("$ {shown}"));
    let status = command.current_dir(root()).status().map_err(|e| format!("{shown}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{shown}: {status}")) }
}

/// The command, ended with all that it started if it takes longer than this: what hangs is to be told, not waited for.
pub(crate) fn within(minutes: u32, command: &Command) -> Command {
    if !has("timeout") {
        return copy(command, Command::new(command.get_program()));
    }
    let mut limited = Command::new("timeout");
    limited.args(["--kill-after=10s", &format!("{minutes}m")]).arg(command.get_program());
    copy(command, limited)
}

fn copy(from: &Command, mut to: Command) -> Command {
    to.args(from.get_args());
    to.envs(from.get_envs().filter_map(|(name, value)| Some((name, value?))));
    to
}

/// Runs a command and gives what it prints.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let shown = format!("{command:?}");
    let done = command.current_dir(root()).stderr(Stdio::inherit()).output().map_err(|e| format!("{shown}: {e}"))?;
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    if done.status.success() { Ok(text) } else { Err(format!("{shown}: {}\n{text}", done.status)) }
}

/// `cargo` with these arguments.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    command.args(args);
    command
}

/// Whether a program is on the path.
pub(crate) fn has(program: &str) -> bool {
    let found = |dir: PathBuf| dir.join(program).is_file();
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(found))
}

/// Whether this runs where nobody looks at the terminal, and a skipped check would go unnoticed.
pub(crate) fn in_ci() -> bool {
    std::env::var_os("CI").is_some()
}

/// A port that nobody listens on at this moment.
pub(crate) fn free_port() -> Outcome<u16> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
    listener.local_addr().map(|a| a.port()).map_err(|e| e.to_string())
}
