//! A server for tests that run on ours and on a real Keycloak alike, with a realm of the test's own.
//!
//! `CLOAKROOM_TEST_KEYCLOAK=http://localhost:8180` names a real one, whose administrator is `admin` with the password `admin`.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use assert_cmd::Command;
use cloakroom_testkit::TestServer;

use crate::support::Ran;

pub(crate) struct Site {
    pub(crate) url: String,
    pub(crate) realm: String,
    pub(crate) home: PathBuf,
    _ours: Option<TestServer>,
}

impl Site {
    /// A server, and the name of a realm that is not there yet.
    pub(crate) async fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let (ours, url) = match std::env::var("CLOAKROOM_TEST_KEYCLOAK") {
            Ok(url) => (None, url),
            Err(_) => {
                let ours = TestServer::start().await;
                // the command signs assertions by the time that it is
                ours.clock().advance((now() - ours.clock().now()) / 1000);
                let url = ours.url().to_owned();
                (Some(ours), url)
            }
        };
        let realm = format!("cli-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let home = std::env::temp_dir().join(format!("cloakroom-{realm}"));
        std::fs::create_dir_all(home.join("bin")).unwrap();
        Site { url, realm, home, _ours: ours }
    }

    /// The same with the realm made.
    pub(crate) async fn with_realm() -> Self {
        let site = Self::new().await;
        site.admin(&["create", "realms", "-s", &format!("realm={}", site.realm), "-s", "enabled=true"]).ok();
        site
    }

    pub(crate) fn session(&self) -> PathBuf {
        self.home.join("session.json")
    }

    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap_or_default();
        command.env_clear().env("HOME", &self.home).env("CLOAKROOM_SESSION", self.session()).current_dir(&self.home);
        command.env("PATH", format!("{}:{path}", self.home.join("bin").display()));
        command.env("SERVER", &self.url).env("REALM", &self.realm);
        command
    }

    /// Runs `cloakroom`, with no login but the session's.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        self.run_with(words, &[], "")
    }

    /// Runs it as the administrator, in the test's realm.
    pub(crate) fn admin(&self, words: &[&str]) -> Ran {
        let login = [("KEYCLOAK_USERNAME", "admin"), ("KEYCLOAK_PASSWORD", "admin")];
        self.run_with(words, &[&login[..], &[("KEYCLOAK_REALM", &self.realm)]].concat(), "")
    }

    pub(crate) fn run_with(&self, words: &[&str], env: &[(&str, &str)], stdin: &str) -> Ran {
        let mut command = self.command(env!("CARGO_BIN_EXE_cloakroom"));
        command.args(words).env("KEYCLOAK_URL", &self.url).envs(env.iter().copied()).write_stdin(stdin);
        Ran::of(command.output().unwrap())
    }

    /// Runs kcadm's command line.
    pub(crate) fn kcadm(&self, words: &[&str]) -> Ran {
        let mut command = self.command(env!("CARGO_BIN_EXE_cloakroom"));
        Ran::of(command.arg("kcadm").args(words).write_stdin("").output().unwrap())
    }

    /// kcadm's words for the administrator.
    pub(crate) fn as_admin(&self) -> [&str; 8] {
        ["--server", &self.url, "--realm", "master", "--user", "admin", "--password", "admin"]
    }

    /// Logs kcadm's command line in as the administrator.
    pub(crate) fn kcadm_login(&self) {
        let ran = self.kcadm(&[&["config", "credentials"], &self.as_admin()[..]].concat());
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    }

    /// Runs a script in which `kcadm.sh` and `cloakroom` are this command.
    #[cfg(unix)]
    pub(crate) fn script(&self, text: &str) -> Ran {
        for name in ["kcadm.sh", "kcadm", "cloakroom"] {
            let link = self.home.join("bin").join(name);
            if !link.exists() {
                std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_cloakroom"), link).unwrap();
            }
        }
        Ran::of(self.command("bash").args(["-c", text]).write_stdin("").output().unwrap())
    }

    /// An answer without what differs between runs.
    pub(crate) fn same(&self, text: &str) -> String {
        let home = self.home.display().to_string();
        let text = text.replace(&self.url, "SERVER").replace(&self.realm, "REALM").replace(&home, "HOME");
        text.split_inclusive(|c: char| !(c.is_ascii_hexdigit() || c == '-')).map(without_id).collect()
    }
}

#[expect(clippy::disallowed_methods, reason = "the command goes by the time that it is")]
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis().try_into().unwrap()
}

/// A word whose beginning is an id, if it is one.
fn without_id(word: &str) -> String {
    let id = word.trim_end_matches(|c: char| !(c.is_ascii_hexdigit() || c == '-'));
    let is_id = id.len() == 36 && id.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    if is_id { word.replace(id, "ID") } else { word.to_owned() }
}

impl Drop for Site {
    fn drop(&mut self) {
        if self._ours.is_none() {
            self.admin(&["delete", &format!("realms/{}", self.realm)]);
        }
        std::fs::remove_dir_all(&self.home).ok();
    }
}
