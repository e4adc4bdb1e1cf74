//! Our own server, as a process.

use crate::process::{Outcome, cargo, free_port, root, run};
use std::{
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A running server with `admin`/`admin`; it is killed when this is dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) child: Child,
    /// From starting the process to its first answer.
    pub(crate) started_in: Duration,
}

/// Builds the command and says where it is.
pub(crate) fn build(release: bool) -> Outcome<PathBuf> {
    run(&mut cargo(match release {
        true => &["build", "--quiet", "--package", "cloakroom-cli", "--release"],
        // as the tests build it: a selection of its own would have other features, and everything would be built again
        false => &["test", "--quiet", "--workspace", "--no-run"],
    }))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(target.join(if release { "release" } else { "debug" }).join("cloakroom"))
}

impl Server {
    /// Starts `start-dev` on free ports with these further arguments.
    pub(crate) fn start(binary: &PathBuf, args: &[&str]) -> Outcome<Self> {
        let (port, management) = (free_port()?, free_port()?);
        let begun = Instant::now();
        let child = Command::new(binary)
            .arg("start-dev")
            .args([format!("--http-port={port}"), format!("--http-management-port={management}")])
            .args(args)
            .envs([("KC_BOOTSTRAP_ADMIN_USERNAME", "admin"), ("KC_BOOTSTRAP_ADMIN_PASSWORD", "admin")])
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|e| format!("{}: {e}", binary.display()))?;
        let mut server = Server { url: format!("http://localhost:{port}"), child, started_in: Duration::ZERO };
        server.wait(port, begun)?;
        server.started_in = begun.elapsed();
        Ok(server)
    }

    fn wait(&mut self, port: u16, begun: Instant) -> Outcome {
        while get(port, "/realms/master").is_none_or(|status| status != 200) {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("the server ended: {status}"));
            }
            if begun.elapsed() > Duration::from_secs(60) {
                return Err("the server does not answer within a minute".to_owned());
            }
            #[expect(clippy::disallowed_methods, reason = "a process is waited for")]
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    /// Resident memory, in kilobytes.
    pub(crate) fn resident(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|l| l.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The status of a GET; `None` where nobody answers.
fn get(port: u16, path: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\n\r\n").ok()?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).ok()?;
    std::str::from_utf8(&answer[9..]).ok()?.parse().ok()
}
