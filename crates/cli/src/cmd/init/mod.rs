//! `init`: a compose file and its `.env`, to run a server for development.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use cloakroom::jose;

use crate::failure::{Failure, Result};
use crate::output::say;

const CLOAKROOM: &str = include_str!("cloakroom.yaml");
const KEYCLOAK: &str = include_str!("keycloak.yaml");

#[derive(Args, Debug)]
pub(crate) struct Init {
    /// Which server is run
    #[arg(value_enum, default_value = "cloakroom")]
    server: Kind,
    /// The folder to write to
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    directory: PathBuf,
    /// The port that the server is reached at
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,
    /// The port of its management interface: health and metrics
    #[arg(long, value_name = "PORT", default_value_t = 9000)]
    management_port: u16,
    /// Prints both files and writes none
    #[arg(long, visible_alias = "dry-run")]
    stdout: bool,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// This program, in a container, with its database in a volume
    Cloakroom,
    /// Keycloak 26.7 with PostgreSQL
    Keycloak,
}

/// What compose reads, in the order in which it looks.
pub(crate) const COMPOSE: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

pub(crate) fn run(args: &Init) -> Result<()> {
    if args.stdout {
        return say(&format!("# compose.yaml\n{}\n# .env\n{}", args.compose(), text(&args.env()?)));
    }
    if let Some(name) = COMPOSE.iter().find(|name| args.directory.join(name).exists()) {
        let name = args.directory.join(name);
        let words = "is there already, and is not overwritten: choose another --directory, or look at --stdout";
        return Err(Failure::Usage(format!("{} {words}", name.display())));
    }
    let file = args.directory.join(".env");
    let had_env = file.exists();
    let added = args.write()?;
    say(&format!("{}: created", args.directory.join(COMPOSE[0]).display()))?;
    match (had_env, added) {
        (false, _) => say(&format!("{}: created, with new passwords", file.display()))?,
        (true, 0) => say(&format!("{}: has all that is needed already", file.display()))?,
        (true, n) => say(&format!("{}: {n} variables added to those that were there", file.display()))?,
    }
    say(
        "\nNext:\n  docker compose up --detach\n  set -a; . ./.env; set +a\n  cloakroom health ready\n  cloakroom get realms",
    )
}

/// A variable, and what it is for.
type Variable = (&'static str, String, &'static str);

impl Init {
    /// In the working folder, at the usual ports.
    pub(crate) fn of(server: Kind) -> Self {
        Init { server, directory: PathBuf::from("."), port: 8080, management_port: 9000, stdout: false }
    }

    fn compose(&self) -> &'static str {
        match self.server {
            Kind::Cloakroom => CLOAKROOM,
            Kind::Keycloak => KEYCLOAK,
        }
    }

    /// Writes both files, and tells how many variables were added to `.env`.
    pub(crate) fn write(&self) -> Result<usize> {
        let file = self.directory.join(".env");
        let before = match std::fs::read_to_string(&file) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
            text => Some(text.map_err(|e| unwritable(&file, &e))?),
        };
        let added = missing(before.as_deref().unwrap_or_default(), &self.env()?);
        create(&self.directory.join(COMPOSE[0]), self.compose())?;
        append(&file, before.as_deref(), &added)?;
        Ok(added.len())
    }

    fn env(&self) -> Result<Vec<Variable>> {
        let mut env = vec![
            ("SERVER_PORT", self.port.to_string(), "Where the server is published, on this machine only"),
            ("MANAGEMENT_PORT", self.management_port.to_string(), "Health and metrics, on this machine only"),
            ("KEYCLOAK_USERNAME", "admin".to_owned(), "The first administrator; `cloakroom` logs in as such"),
            ("KEYCLOAK_PASSWORD", password()?, "Counts when the database is empty; change both together later"),
            ("KEYCLOAK_URL", format!("http://localhost:{}", self.port), "Where `cloakroom` finds the server"),
            (
                "KEYCLOAK_MANAGEMENT_URL",
                format!("http://localhost:{}", self.management_port),
                "… and asks for its health",
            ),
        ];
        match self.server {
            Kind::Cloakroom => {
                let program = std::env::current_exe().map_err(|e| Failure::Io(format!("where am I? {e}")))?;
                let words = "The program that runs in the container: one built for Linux";
                env.push(("CLOAKROOM_PROGRAM", program.display().to_string(), words));
            }
            Kind::Keycloak => env.push(("DATABASE_PASSWORD", password()?, "Between Keycloak and its database")),
        }
        Ok(env)
    }
}

/// 128 bits, in characters that need no quotes.
fn password() -> Result<String> {
    let secret = jose::Secret::generate(16).map_err(|e| Failure::Io(format!("no random numbers: {e}")))?;
    Ok(secret.to_base64url().to_string())
}

fn text(env: &[Variable]) -> String {
    env.iter().map(|(name, value, what)| format!("# {what}\n{name}={value}\n")).collect()
}

/// Those that the file does not set.
fn missing(before: &str, env: &[Variable]) -> Vec<Variable> {
    let set = |name: &str| {
        before.lines().any(|line| {
            let line = line.trim_start();
            let line = line.strip_prefix("export ").unwrap_or(line);
            line.split_once('=').is_some_and(|(known, _)| known.trim() == name)
        })
    };
    env.iter().filter(|(name, ..)| !set(name)).cloned().collect()
}

fn append(file: &Path, before: Option<&str>, added: &[Variable]) -> Result<()> {
    if added.is_empty() {
        return Ok(());
    }
    let apart = match before {
        None | Some("") => "",
        Some(before) if before.ends_with('\n') => "\n",
        Some(_) => "\n\n",
    };
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut out| out.write_all(format!("{apart}{}", text(added)).as_bytes()));
    written.map_err(|e| unwritable(file, &e))
}

/// Fails where the file has come to be meanwhile.
fn create(file: &Path, text: &str) -> Result<()> {
    let made = std::fs::OpenOptions::new().write(true).create_new(true).open(file);
    made.and_then(|mut out| out.write_all(text.as_bytes())).map_err(|e| unwritable(file, &e))
}

fn unwritable(file: &Path, e: &std::io::Error) -> Failure {
    Failure::Io(format!("{} cannot be written: {e}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_that_are_set_are_left_alone() {
        let env: Vec<Variable> =
            vec![("A", "1".to_owned(), "x"), ("B", "2".to_owned(), "y"), ("C", "3".to_owned(), "z")];
        let names = |before| missing(before, &env).iter().map(|(name, ..)| *name).collect::<Vec<_>>();
        assert_eq!(names(""), ["A", "B", "C"]);
        assert_eq!(names("A=5\nexport B =6\n# C=7\n"), ["C"]);
    }

    #[test]
    fn the_files_use_every_variable_they_come_with() {
        for (server, compose) in [(Kind::Cloakroom, CLOAKROOM), (Kind::Keycloak, KEYCLOAK)] {
            let env = Init::of(server).env().unwrap();
            for (name, ..) in env.iter().filter(|(name, ..)| !name.ends_with("_URL")) {
                assert!(compose.contains(&format!("${{{name}")), "{server:?}: {name}");
            }
            for used in compose.split("${").skip(1).map(|rest| rest.split(['}', ':']).next().unwrap()) {
                assert!(env.iter().any(|(name, ..)| *name == used), "{server:?}: {used}");
            }
        }
    }
}
