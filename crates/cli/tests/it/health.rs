//! `health`.

use assert_cmd::Command;

use crate::start::Server;

fn health(args: &[&str], url: &str) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cloakroom"));
    let output = command.arg("health").args(args).env_clear().env("KEYCLOAK_MANAGEMENT_URL", url).output().unwrap();
    let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

#[test]
fn a_server_that_is_up_says_so() {
    let server = Server::start(&[]);
    let url = format!("http://localhost:{}", server.management);
    for check in [&[][..], &["ready"], &["live"], &["started"]] {
        let (code, text) = health(check, &url);
        assert!(code == 0 && text.contains("\"status\": \"UP\""), "{check:?}: {text}");
    }
}

#[test]
fn what_is_not_a_management_interface_is_told_from_what_is_not_there() {
    let server = Server::start(&[]);
    let (code, text) = health(&[], &format!("http://localhost:{}", server.port));
    assert!(code == 2 && text.contains("management interface"), "{code} {text}");
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (code, text) = health(&["ready"], &format!("http://{free}"));
    assert!(code == 5 && text.contains("is the server running"), "{code} {text}");
}
