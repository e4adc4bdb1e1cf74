//! A server as `start-dev` runs it, or the real Keycloak that `CLOAKROOM_TEST_KEYCLOAK` names, and a shell in which documents'
//! commands are run.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::start::Server;
use crate::support::Ran;

pub(crate) struct Stage {
    server: Where,
    pub(crate) home: PathBuf,
}

enum Where {
    Ours(Server),
    /// Documents name their realm, `acme`: one of them has a Keycloak at a time.
    Keycloak(String, #[expect(dead_code, reason = "held until the end")] MutexGuard<'static, ()>),
}

static KEYCLOAK: Mutex<()> = Mutex::new(());

impl Drop for Stage {
    fn drop(&mut self) {
        self.leave();
        std::fs::remove_dir_all(&self.home).ok();
    }
}

impl Stage {
    /// With the command in the path under its own name and these.
    pub(crate) fn new(name: &str, also: &[&str]) -> Self {
        let server = match std::env::var("CLOAKROOM_TEST_KEYCLOAK") {
            Ok(url) => Where::Keycloak(url, KEYCLOAK.lock().unwrap_or_else(PoisonError::into_inner)),
            Err(_) => Where::Ours(Server::start(&[])),
        };
        let home = std::env::temp_dir().join(format!("cloakroom-{name}-{}", std::process::id()));
        std::fs::create_dir_all(home.join("bin")).unwrap();
        for name in also.iter().chain(&["cloakroom"]) {
            std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_cloakroom"), home.join("bin").join(name)).unwrap();
        }
        let stage = Stage { server, home };
        stage.leave();
        stage
    }

    /// Leaves a real Keycloak as it was.
    fn leave(&self) {
        if matches!(self.server, Where::Keycloak(..)) {
            let admin = [("KEYCLOAK_USERNAME", "admin"), ("KEYCLOAK_PASSWORD", "admin")];
            self.sh("cloakroom delete realms/acme", &admin);
        }
    }

    pub(crate) fn url(&self) -> String {
        match &self.server {
            Where::Ours(server) => format!("http://localhost:{}", server.port),
            Where::Keycloak(url, _) => url.clone(),
        }
    }

    /// Of a real Keycloak it is a thousand ports further.
    pub(crate) fn management(&self) -> String {
        match &self.server {
            Where::Ours(server) => format!("http://localhost:{}", server.management),
            Where::Keycloak(url, _) => {
                let (host, port) = url.rsplit_once(':').unwrap();
                format!("{host}:{}", port.parse::<u16>().unwrap() + 1000)
            }
        }
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
