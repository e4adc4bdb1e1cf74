//! All checks, in the order in which they say most soonest.

use crate::{
    golden,
    postgres::Postgres,
    process::{Outcome, cargo, has, root, run, say, within},
    server::{Server, build},
    spec,
};
use std::{process::Command, time::Instant};

/// A check: its name, and what it runs.
type Check = (&'static str, fn() -> Outcome);

const CHECKS: &[Check] = &[
    ("tests", || run(&mut within(30, &cargo(&["test", "--workspace"])))),
    ("tests on PostgreSQL", on_postgres),
    ("format", || run(&mut cargo(&["fmt", "--all", "--check"]))),
    ("lints", || run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))),
    ("docs", || run(cargo(&["doc", "--workspace", "--no-deps", "--all-features"]).env("RUSTDOCFLAGS", "-D warnings"))),
    ("dependencies", dependencies),
    ("spec", || spec::run(&[])),
    ("golden", || golden::run(&[])),
    ("python-keycloak", python),
];

pub(crate) fn run_checks() -> Outcome {
    let mut failed = Vec::new();
    for (name, check) in CHECKS {
        say(&format!("\n==== {name}"));
        let begun = Instant::now();
        let outcome = check();
        let seconds = begun.elapsed().as_secs();
        match outcome {
            Ok(()) => say(&format!("==== {name}: ok, {seconds} s")),
            Err(why) => {
                say(&format!("==== {name}: FAILED, {seconds} s: {why}"));
                failed.push(*name);
            }
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}

/// The same tests, each server with a schema of its own.
fn on_postgres() -> Outcome {
    let server = Postgres::start()?;
    let mut tests = cargo(&["test", "--workspace", "--lib", "--tests"]);
    tests.env("CLOAKROOM_TEST_DB", &server.url);
    run(&mut within(20, &tests))
}

/// Bans, licences and sources; the advisory database needs the network and is left to who has it.
fn dependencies() -> Outcome {
    if !has("cargo-deny") {
        // it is used once: building it takes longer than what it does
        run(&mut cargo(&["install", "--locked", "--quiet", "--debug", "cargo-deny"]))?;
    }
    run(&mut cargo(&["deny", "--workspace", "check", "bans", "licenses", "sources"]))
}

/// The unmodified client of another project, from PyPI, against our server.
fn python() -> Outcome {
    let venv = root().join("target/python");
    if !venv.join("bin/python").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    let python = venv.join("bin/python");
    run(Command::new(&python).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--requirement",
        "clients/python/requirements.txt",
    ]))?;
    let server = Server::start(&build(false)?, &["--db=dev-mem"])?;
    run(&mut within(5, Command::new(&python).arg("clients/python/walkthrough.py").arg(&server.url)))
}
