//! `start` and `start-dev`: from the shell to a running server and back.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

fn cloakroom(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cloakroom"));
    command.args(args).env_clear().current_dir(std::env::temp_dir());
    command
}

fn outcome(args: &[&str]) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = cloakroom(args).output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

/// A server on free ports with its database in memory; killed when dropped.
pub(crate) struct Server {
    child: Child,
    lines: BufReader<ChildStdout>,
    pub(crate) port: u16,
    pub(crate) management: u16,
    /// What it printed until it listened.
    printed: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Server {
    pub(crate) fn start(env: &[(&str, &str)]) -> Self {
        Self::with(&["--db=dev-mem"], env)
    }

    fn with(args: &[&str], env: &[(&str, &str)]) -> Self {
        let ports = ["start-dev", "--http-port=0", "--http-management-port=0", "--health-enabled", "--metrics-enabled"];
        let mut command = cloakroom(&ports);
        let mut child = command.args(args).envs(env.iter().copied()).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut printed = String::new();
        while !printed.contains("management on") {
            assert_ne!(lines.read_line(&mut printed).unwrap(), 0, "the server ended: {printed}");
        }
        let port = |words: &str| {
            let (_, rest) = printed.split_once(&format!("{words} http://localhost:")).unwrap();
            rest.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap()
        };
        let (port, management) = (port("listening on"), port("management on"));
        Server { child, lines, port, management, printed }
    }

    fn until(&mut self, words: &str) {
        while !self.printed.contains(words) {
            assert_ne!(self.lines.read_line(&mut self.printed).unwrap(), 0, "{}", self.printed);
        }
    }
}

fn get(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_servers_commands_explain_themselves() {
    for command in ["start", "start-dev", "show-config"] {
        let Output { status, stdout, .. } = cloakroom(&[command, "--help"]).output().unwrap();
        let help = String::from_utf8(stdout).unwrap();
        assert!(status.success() && help.contains(&format!("Usage: cloakroom {command}")), "{help}");
        assert!(help.contains("--http-port") && help.contains("Exit codes:"), "{help}");
    }
}

#[test]
fn an_unknown_option_is_refused_with_code_2_and_a_suggestion() {
    let (code, words) = outcome(&["start-dev", "--http-prot=8080"]);
    assert_eq!(code, Some(2));
    assert!(words.contains("--http-port"), "{words}");
}

#[test]
fn start_refuses_to_run_without_tls_or_a_hostname() {
    let (code, words) = outcome(&["start"]);
    assert!(code == Some(2) && words.contains("--https-certificate-file"), "{words}");
    let (code, words) = outcome(&["start", "--http-enabled=true"]);
    assert!(code == Some(2) && words.contains("--hostname"), "{words}");
}

#[test]
fn a_port_in_use_ends_it_with_code_1() {
    let server = Server::start(&[]);
    let (code, words) = outcome(&["start-dev", "--db=dev-mem", &format!("--http-port={}", server.port)]);
    assert!(code == Some(1) && words.contains("in use"), "{words}");
}

#[test]
fn it_serves_says_so_and_stops_when_told() {
    let mut server = Server::start(&[]);
    server.until("curl");
    assert!(server.printed.contains("'admin' with the password 'admin'"), "{}", server.printed);
    assert!(get(server.management, "/health/ready").starts_with("HTTP/1.1 200"));
    assert!(get(server.port, "/nowhere").starts_with("HTTP/1.1 404"));
    assert!(get(server.management, "/metrics").contains("status=\"404\",uri=\"NOT_FOUND\"} 1"));
    let pid = server.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
}

#[test]
fn an_administrator_of_ones_own_leaves_no_default_password() {
    let env = [("KC_BOOTSTRAP_ADMIN_USERNAME", "root"), ("KC_BOOTSTRAP_ADMIN_PASSWORD", "hunter2")];
    let mut server = Server::start(&env);
    server.until("protocol/openid-connect/token");
    assert!(!server.printed.contains("hunter2") && !server.printed.contains("'admin'"), "{}", server.printed);
    assert!(server.printed.contains("username=root"), "{}", server.printed);
}

#[test]
fn realms_in_the_import_folder_are_imported_once() {
    let folder = std::env::temp_dir().join(format!("cloakroom-import-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("import")).unwrap();
    std::fs::write(folder.join("import/acme-realm.json"), r#"{"realm": "acme", "enabled": true}"#).unwrap();
    let args = ["--import-realm", "--data-dir", folder.to_str().unwrap()];
    let first = Server::with(&args, &[]);
    assert!(first.printed.contains("realm 'acme' imported"), "{}", first.printed);
    drop(first);
    let second = Server::with(&args, &[]);
    assert!(second.printed.contains("realm 'acme' exists already"), "{}", second.printed);
    drop(second);
    std::fs::remove_dir_all(&folder).unwrap();
}
