//! `metrics`.

use assert_cmd::Command;

use crate::start::Server;

fn metrics(args: &[&str], url: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cloakroom"));
    let output = command.arg("metrics").args(args).env_clear().env("KEYCLOAK_MANAGEMENT_URL", url).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn metrics_are_for_eyes_for_programs_and_for_prometheus() {
    let server = Server::start(&[]);
    let url = format!("http://localhost:{}", server.management);
    let (code, raw, _) = metrics(&["-o", "raw"], &url);
    assert!(code == 0 && raw.contains("# TYPE process_files_open_files gauge"), "{raw}");
    let (_, json, _) = metrics(&[], &url);
    let all: serde_json::Value = serde_json::from_str(&json).unwrap();
    let files = all.as_array().unwrap().iter().find(|family| family["name"] == "process_files_open_files").unwrap();
    assert!(files["samples"][0]["value"].is_number() && files["kind"] == "gauge", "{files}");
    let (code, table, _) = metrics(&["-o", "table", "open_files"], &url);
    assert!(code == 0 && table.contains("labels"), "{table}");
    let (_, few, _) = metrics(&["-o", "raw", "open_files"], &url);
    assert!(few.len() < raw.len() && few.lines().all(|line| line.contains("open_files")), "{few}");
}

#[test]
fn a_name_that_nothing_has_and_an_interface_that_is_none_are_told() {
    let server = Server::start(&[]);
    let (code, _, err) = metrics(&["nonsense"], &format!("http://localhost:{}", server.management));
    assert!(code == 2 && err.contains("nonsense"), "{err}");
    let (code, _, err) = metrics(&[], &format!("http://localhost:{}", server.port));
    assert!(code == 2 && err.contains("--metrics-enabled"), "{err}");
    let (code, _, err) = metrics(&[], "http://localhost:1");
    assert!(code == 5 && err.contains("is the server running"), "{err}");
}
