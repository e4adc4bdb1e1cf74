//! `--help`, `completions` and `man`.

use assert_cmd::Command;

fn run(args: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_cloakroom"))
        .args(args)
        .env_clear()
        .env("CLOAKROOM_SESSION", "/nowhere/session.json")
        .output()
        .unwrap();
    let text = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

#[test]
fn help_teaches_by_examples() {
    let (code, help) = run(&["--help"]);
    assert_eq!(code, 0);
    for words in ["cloakroom start-dev", "Exit codes:", "KEYCLOAK_URL", "3 not found"] {
        assert!(help.contains(words), "{words}: {help}");
    }
    for command in [
        "get",
        "create",
        "update",
        "delete",
        "token",
        "login",
        "status",
        "logout",
        "get-roles",
        "add-roles",
        "remove-roles",
        "set-password",
        "doctor",
        "plan",
        "diff",
        "apply",
        "export",
        "health",
        "metrics",
        "init",
        "completions",
        "man",
    ] {
        let (code, help) = run(&[command, "--help"]);
        assert!(code == 0 && help.contains("Examples:"), "{command}: {help}");
    }
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, script) = run(&["completions", shell]);
        assert!(code == 0 && script.contains("login-realm"), "{shell}");
        assert!(shell != "fish" || !script.replace("\\$(", "").contains("$("), "a description is no command");
        // the others offer no values for what is not an option
        let knows = script.contains("users/ID/role-mappings");
        assert!(knows || !["bash", "zsh", "fish"].contains(&shell), "{shell} knows the resources");
    }
}

#[test]
fn there_is_a_manual() {
    let (code, page) = run(&["man"]);
    assert!(code == 0 && page.contains(".TH cloakroom"), "{page}");
    let folder = std::env::temp_dir().join(format!("cloakroom-man-{}", std::process::id()));
    assert_eq!(run(&["man", "--dir", folder.to_str().unwrap()]).0, 0);
    let page = std::fs::read_to_string(folder.join("cloakroom-get.1"));
    std::fs::remove_dir_all(folder).ok();
    assert!(page.unwrap().contains("KEYCLOAK_REALM"));
}

#[test]
fn a_mistyped_word_is_a_usage_error() {
    assert_eq!(run(&["gett"]).0, 2);
    assert_eq!(run(&["get"]).0, 2);
    let (code, error) = run(&["get", "users", "--server", "http://127.0.0.1:9"]);
    assert!(code == 4 && error.contains("nobody is logged in"), "{error}");
}
