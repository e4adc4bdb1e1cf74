//! What a release build costs: start-up, memory, making a realm, and the bare password hash to compare a login with.

use crate::{
    process::{Outcome, cargo, output, run, say},
    server::{Server, build},
};
use std::process::Command;

const ROUNDS: usize = 5;

pub(crate) fn run_benches() -> Outcome {
    let binary = build(true)?;
    let folder = std::env::temp_dir().join(format!("cloakroom-bench-{}", std::process::id()));
    let data = format!("--data-dir={}", folder.display());
    let first = Server::start(&binary, &[&data])?;
    say(&format!("first start, empty database   {:>7.0} ms", millis(&first)));
    say(&format!("resident memory, idle         {:>7.1} MB", resident(&first)));
    let realms = output(Command::new("python3").args(["benches/realms.py", &first.url]))?;
    say(realms.trim_end());
    say(&format!("resident memory, with them    {:>7.1} MB", resident(&first)));
    drop(first);
    let mut later = Vec::new();
    for _ in 0..ROUNDS {
        later.push(millis(&Server::start(&binary, &[&data])?));
    }
    later.sort_by(f64::total_cmp);
    say(&format!("later start, the same realms  {:>7.0} ms (median of {ROUNDS})", later[ROUNDS / 2]));
    std::fs::remove_dir_all(&folder).ok();
    run(&mut cargo(&["bench", "--quiet", "--package", "cloakroom-server", "--bench", "hash"]))
}

fn millis(server: &Server) -> f64 {
    server.started_in.as_secs_f64() * 1000.0
}

fn resident(server: &Server) -> f64 {
    server.resident().unwrap_or_default() as f64 / 1024.0
}
