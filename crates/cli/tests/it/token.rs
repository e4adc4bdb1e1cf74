//! `token`.

use crate::support::Shell;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_printed_whole_alone_or_decoded() {
    let shell = Shell::start().await;
    let whole = shell.admin(&["token"]).json();
    assert_eq!(whole["token_type"], "Bearer");
    assert!(whole["refresh_token"].is_string() && whole.get("claims").is_none());
    assert_eq!(shell.admin(&["token", "-q"]).ok().split('.').count(), 3);
    let decoded = shell.admin(&["token", "password", "--decode"]).json();
    assert_eq!(decoded["claims"]["azp"], "admin-cli");
    shell.admin(&["token", "-q", "--decode"]).fails(2, &["--decode"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_gives_a_new_one() {
    let shell = Shell::start().await;
    let first = shell.admin(&["token"]).json();
    let refresh = first["refresh_token"].as_str().unwrap();
    let second = shell.run(&["token", "refresh", refresh]).json();
    assert_ne!(second["access_token"], first["access_token"]);
    let third = shell.run_with(&["token", "refresh", "-"], &[], &format!("{refresh}\n")).json();
    assert!(third["access_token"].is_string());
    shell.run(&["token", "refresh", "x"]).fails(4, &["invalid_grant"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_grant_lacks_is_named() {
    let shell = Shell::start().await;
    shell.run(&["token", "password"]).fails(2, &["--username"]);
    shell.run(&["token", "client"]).fails(2, &["--client-secret"]);
    shell.run(&["token", "-u", "admin"]).fails(2, &["KEYCLOAK_PASSWORD"]);
    let wrong = ["token", "client", "--client-id", "x", "--client-secret", "hunter2"];
    let ran = shell.run(&wrong);
    assert!(!ran.err.contains("hunter2"));
    ran.fails(4, &["--client-id and --client-secret"]);
}
