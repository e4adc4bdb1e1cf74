//! A server as `start-dev` runs it, and a shell in which documents' commands are run.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::start::Server;
use crate::support::Ran;

pub(crate) struct Stage {
    server: Server,
    pub(crate) home: PathBuf,
}

impl Drop for Stage {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.home).ok();
    }
}

impl Stage {
    /// With the command in the path under its own name and these.
    pub(crate) fn new(name: &str, also: &[&str]) -> Self {
        let server = Server::start(&[]);
        let home = std::env::temp_dir().join(format!("cloakroom-{name}-{}", std::process::id()));
        std::fs::create_dir_all(home.join("bin")).unwrap();
        for name in also.iter().chain(&["cloakroom"]) {
            std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_cloakroom"), home.join("bin").join(name)).unwrap();
        }
        Stage { server, home }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.server.port)
    }

    pub(crate) fn management(&self) -> String {
        format!("http://localhost:{}", self.server.management)
    }

    /// Runs a script in a folder of its own; it ends at the first command that fails.
    pub(crate) fn sh(&self, script: &str, env: &[(&str, &str)]) -> Ran {
        let path = format!("{}:{}", self.home.join("bin").display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command.args(["-euc", script]).env_clear().env("PATH", path).current_dir(&self.home).stdin(Stdio::null());
        command.env("HOME", &self.home).env("CLOAKROOM_SESSION", self.home.join("session.json")).env("BROWSER", "true");
        command.env("URL", self.url()).env("KEYCLOAK_URL", self.url());
        Ran::of(command.env("KEYCLOAK_MANAGEMENT_URL", self.management()).envs(env.iter().copied()).output().unwrap())
    }
}
