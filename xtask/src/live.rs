//! Every operation of the library, called against a real Keycloak, or against our server for its score.
//!
//! Against a real one the outcome is held against `spec/lossy.txt` (what answers hold that representations do not) and
//! `spec/unexercised.txt` (what is not called, and why); neither may grow. Then generated authorization settings and
//! requests are decided there and by the `policy` crate.

use crate::{
    process::{Outcome, cargo, run as run_command},
    server::{Server, build},
};

/// Calls everything; `--ours` starts our server for it.
pub(crate) fn run(args: &[String]) -> Outcome {
    let ours = args.iter().any(|arg| arg == "--ours");
    let passed: Vec<&str> = args.iter().map(String::as_str).filter(|arg| *arg != "--ours").collect();
    let play = ["run", "--quiet", "--package", "cloakroom-live", "--", "--lists", "spec"];
    if !ours {
        run_command(cargo(&play).args(&passed))?;
        let all = !passed.iter().any(|arg| matches!(*arg, "--only" | "--write" | "--score"));
        return if all { decisions(&passed) } else { Ok(()) };
    }
    let binary = build(false)?;
    let server = Server::start(&binary, &["--db=dev-mem", "--features=token-exchange:v1,admin-fine-grained-authz:v1"])?;
    run_command(cargo(&play).args(["--score", "--url", &server.url]).args(passed))
}

/// Generated authorization settings and requests, decided by the `policy` crate and by Keycloak; then the library's own tests
/// that want a real one, the enforcer in front of an application, logins bound to keys and realms made as files say; then the command line's.
fn decisions(args: &[&str]) -> Outcome {
    let given = args.iter().position(|arg| *arg == "--url").and_then(|at| args.get(at + 1));
    let url = given.copied().unwrap_or("http://localhost:8180");
    let test = ["test", "--quiet", "--package", "cloakroom-policy", "--test", "live", "--", "--nocapture"];
    run_command(cargo(&test).env("CLOAKROOM_TEST_KEYCLOAK", url))?;
    let library = ["test", "--quiet", "--package", "cloakroom", "--test", "it", "--", "_live"];
    run_command(cargo(&library).env("CLOAKROOM_TEST_KEYCLOAK", url))?;
    // two at a time: each makes a realm, which takes Keycloak a while
    let command = ["test", "--quiet", "--package", "cloakroom-cli", "--test", "it", "--", "--test-threads=2"];
    let areas = [
        "live::",
        "verbs::",
        "roles::",
        "kcadm::",
        "keys::",
        "wrong::",
        "scripts::",
        "from_kcadm::",
        "from_ackc::",
        "tour::",
    ];
    run_command(cargo(&command).args(areas).env("CLOAKROOM_TEST_KEYCLOAK", url))
}
