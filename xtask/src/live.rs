//! Every operation of the library, called against a real Keycloak, or against our server for its score.
//!
//! Against a real one the outcome is held against `spec/lossy.txt` (what answers hold that representations do not) and
//! `spec/unexercised.txt` (what is not called, and why); neither may grow.

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
        return run_command(cargo(&play).args(passed));
    }
    let binary = build(false)?;
    let server = Server::start(&binary, &["--db=dev-mem", "--features=token-exchange:v1,admin-fine-grained-authz:v1"])?;
    run_command(cargo(&play).args(["--score", "--url", &server.url]).args(passed))
}
