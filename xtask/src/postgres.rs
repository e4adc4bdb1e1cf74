//! A PostgreSQL of the machine's own binaries, in a folder of its own, for as long as one command runs.

use crate::process::{Outcome, free_port, has, root, run};
use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Runs a command with `CLOAKROOM_TEST_DB` set.
pub(crate) fn with(command: &[String]) -> Outcome {
    let (program, args) = command.split_first().ok_or("postgres: name a command")?;
    let server = Postgres::start()?;
    run(Command::new(program).args(args).env("CLOAKROOM_TEST_DB", &server.url))
}

/// A running server; it stops, and its folder goes, when this is dropped.
pub(crate) struct Postgres {
    pub(crate) url: String,
    child: Child,
    folder: PathBuf,
}

impl Postgres {
    pub(crate) fn start() -> Outcome<Self> {
        let bin = binaries()?;
        let port = free_port()?;
        let folder = std::env::temp_dir().join(format!("cloakroom-postgres-{port}"));
        let data = folder.join("data");
        std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
        let user = unprivileged();
        if let Some(user) = user {
            run(Command::new("chown").arg(user).arg(&folder))?;
        }
        let initdb = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8", "-D"];
        run(as_user(user, &bin.join("initdb")).args(initdb).arg(&data).stdout(Stdio::null()))?;
        // nothing in it outlives the command, so nothing waits for the disk
        let settings = [
            "-c",
            "fsync=off",
            "-c",
            "full_page_writes=off",
            "-c",
            "synchronous_commit=off",
            "-c",
            "max_connections=400",
        ];
        let child = as_user(user, &bin.join("postgres"))
            .args(["-p", &port.to_string(), "-h", "127.0.0.1", "-k"])
            .arg(&folder)
            .args(settings)
            .arg("-D")
            .arg(&data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("postgres: {e}"))?;
        let server = Postgres { url: format!("postgres://postgres@127.0.0.1:{port}/postgres"), child, folder };
        server.wait(&bin, port)?;
        Ok(server)
    }

    fn wait(&self, bin: &Path, port: u16) -> Outcome {
        let until = Instant::now() + Duration::from_secs(60);
        let ready = || {
            let mut ask = Command::new(bin.join("pg_isready"));
            ask.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]).status().is_ok_and(|s| s.success())
        };
        while !ready() {
            if Instant::now() > until {
                return Err("postgres: no answer within a minute".to_owned());
            }
            #[expect(clippy::disallowed_methods, reason = "a program outside ours is waited for")]
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // runuser and setpriv hand signals on, and a killed server leaves only its folder, which goes next
        let pid = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
        if let Some(pid) = pid.lines().next() {
            Command::new("kill").args(["-QUIT", pid]).status().ok();
        }
        self.child.wait().ok();
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// PostgreSQL does not run as root.
fn unprivileged() -> Option<&'static str> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.starts_with(b"0\n"));
    let exists = |user: &str| Command::new("id").arg(user).output().is_ok_and(|o| o.status.success());
    if !root {
        None
    } else if exists("postgres") {
        Some("postgres")
    } else {
        Some("nobody")
    }
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let Some(user) = user else { return Command::new(program) };
    let mut command = Command::new("setpriv");
    command.args(["--reuid", user, "--regid", user, "--clear-groups", "--"]).arg(program);
    if user == "nobody" {
        command = Command::new("setpriv");
        command.args(["--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--"]).arg(program);
    }
    command
}

/// Where the machine keeps PostgreSQL's programs.
fn binaries() -> Outcome<PathBuf> {
    let holds = |dir: &PathBuf| ["initdb", "postgres", "pg_isready"].iter().all(|p| dir.join(p).is_file());
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|e| e.path().join("bin"));
    let mut all: Vec<PathBuf> = debian.filter(holds).collect();
    all.sort();
    if let Some(newest) = all.pop() {
        return Ok(newest);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(dir) = std::env::split_paths(&path).find(holds) {
        return Ok(dir);
    }
    if has("apt-get") && unprivileged().is_some() {
        run(Command::new("apt-get").args(["install", "-y", "-q", "postgresql"]).current_dir(root()))?;
        return binaries();
    }
    Err("postgres: initdb and postgres are not installed (Debian: apt-get install postgresql)".to_owned())
}
