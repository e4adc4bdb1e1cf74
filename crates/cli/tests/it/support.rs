//! The command, pointed at a server of the test's own.

use std::path::PathBuf;

use assert_cmd::Command;
use cloakroom_testkit::TestServer;
use serde_json::Value;

/// Makes the user bob, who lacks nothing but a password to log in.
pub(crate) const CREATE_BOB: [&str; 12] = [
    "create",
    "users",
    "-s",
    "username=bob",
    "-s",
    "enabled=true",
    "-s",
    "email=b@x.org",
    "-s",
    "firstName=B",
    "-s",
    "lastName=B",
];

/// A server, and a home of its own for the command.
pub(crate) struct Shell {
    pub(crate) server: TestServer,
    pub(crate) home: PathBuf,
}

/// What a run of the command came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(output: std::process::Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out.trim_end().to_owned()
    }
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        serde_json::from_str(&self.ok()).unwrap()
    }
    #[track_caller]
    pub(crate) fn fails(self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "{self:?}");
        for words in words {
            assert!(self.err.contains(words), "{words:?} is not in {}", self.err);
        }
    }
}

impl Shell {
    pub(crate) async fn start() -> Self {
        let server = TestServer::start().await;
        let port = server.url().rsplit(':').next().unwrap().to_owned();
        let home = std::env::temp_dir().join(format!("cloakroom-cli-{}-{port}", std::process::id()));
        std::fs::create_dir_all(&home).unwrap();
        Shell { server, home }
    }

    pub(crate) fn session(&self) -> PathBuf {
        self.home.join("session.json")
    }

    /// Runs the command with no login but the session's.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, &[], "")
    }

    /// Runs it as the administrator.
    pub(crate) fn admin(&self, args: &[&str]) -> Ran {
        self.run_with(args, &[("KEYCLOAK_USERNAME", "admin"), ("KEYCLOAK_PASSWORD", "admin")], "")
    }

    pub(crate) fn run_with(&self, args: &[&str], env: &[(&str, &str)], stdin: &str) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cloakroom"));
        command.args(args).env_clear().env("CLOAKROOM_SESSION", self.session()).env("KEYCLOAK_URL", self.server.url());
        Ran::of(command.envs(env.iter().copied()).write_stdin(stdin).output().unwrap())
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.home).ok();
    }
}
