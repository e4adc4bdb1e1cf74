//! `login`, `logout`, and who a command acts as.

use crate::support::Shell;

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_good_for_the_commands_that_follow() {
    let shell = Shell::start().await;
    shell.run(&["token", "-q"]).fails(4, &["cloakroom login"]);
    let said = shell.run(&["login", "-u", "admin", "--password", "admin"]).ok();
    assert_eq!(said, format!("Logged in to {} (realm master) as admin.", shell.server.url()));
    assert_eq!(shell.run(&["token", "-q"]).ok().split('.').count(), 3);
    shell.run(&["logout"]).ok();
    assert!(!shell.session().exists());
    shell.run(&["token", "-q"]).fails(4, &["cloakroom login"]);
    assert_eq!(shell.run(&["logout"]).ok(), "Nobody was logged in.");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_session_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let shell = Shell::start().await;
    shell.run(&["login", "-u", "admin", "--password", "admin"]).ok();
    assert_eq!(std::fs::metadata(shell.session()).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!std::fs::read_to_string(shell.session()).unwrap().contains("\"admin\""), "the password is not kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_renews_its_token_until_it_is_over() {
    let shell = Shell::start().await;
    shell.run(&["login", "-u", "admin", "--password", "admin"]).ok();
    let expire = || {
        let text = std::fs::read_to_string(shell.session()).unwrap();
        let mut session: serde_json::Value = serde_json::from_str(&text).unwrap();
        session["endpoints"][shell.server.url()]["master"]["expiresAt"] = 0.into();
        std::fs::write(shell.session(), session.to_string()).unwrap();
    };
    let first = shell.run(&["token", "-q"]).ok();
    assert_eq!(shell.run(&["token", "-q"]).ok(), first);
    expire();
    let second = shell.run(&["token", "-q"]).ok();
    assert_ne!(second, first);
    assert_eq!(shell.run(&["token", "-q"]).ok(), second, "the renewed token is kept");
    shell.server.clock().advance(365 * 86_400_000);
    expire();
    shell.run(&["token", "-q"]).fails(4, &["is over", "cloakroom login"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_says_what_to_look_at() {
    let shell = Shell::start().await;
    let ran = shell.run(&["login", "-u", "admin", "--password", "hunter2"]);
    assert!(!format!("{ran:?}").contains("hunter2"));
    ran.fails(4, &["Invalid user credentials", "--login-realm"]);
    assert!(!shell.session().exists());
    shell
        .run(&["login", "-u", "admin", "--password", "admin", "--login-realm", "nowhere"])
        .fails(4, &["Realm does not exist"]);
    shell.run(&["login"]).fails(2, &["--username"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_session_file_is_named_and_can_be_removed() {
    let shell = Shell::start().await;
    std::fs::write(shell.session(), "{").unwrap();
    shell.run(&["token", "-q"]).fails(1, &["session.json", "cloakroom logout --all"]);
    shell.run(&["logout", "--all"]).ok();
    assert!(!shell.session().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_has_an_exit_code_of_its_own() {
    let shell = Shell::start().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let url = format!("http://{free}");
    let ran = shell.admin(&["get", "realms", "--server", &url]);
    ran.fails(5, &[&free, "is the server running"]);
    shell.admin(&["get", "realms", "--server", "localhost"]).fails(2, &["write it like https://id.example.com"]);
}
