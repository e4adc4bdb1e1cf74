//! The recordings of a real Keycloak, played against our server: the score of each area may only rise.

use crate::{
    process::{Outcome, in_ci, output, root, say, within},
    server::{Server, build},
};
use std::{collections::BTreeMap, path::PathBuf, process::Command};

/// The committed score: `AREA STEPS-EQUAL / STEPS` a line, with `#` lines that name what is not built yet.
const SCORE: &str = "golden.txt";

/// Where the recordings are: `CLOAKROOM_GOLDEN`, or beside the repository.
fn recordings() -> Option<PathBuf> {
    let folder = std::env::var_os("CLOAKROOM_GOLDEN").map_or_else(|| root().join("../shared/golden"), PathBuf::from);
    folder.join("golden.py").is_file().then_some(folder)
}

pub(crate) fn run(args: &[String]) -> Outcome {
    let Some(folder) = recordings() else {
        let missing = "THE RECORDINGS ARE NOT HERE: nothing was compared with a real Keycloak. Set CLOAKROOM_GOLDEN to their folder.";
        if in_ci() {
            return Err(missing.to_owned());
        }
        say(missing);
        return Ok(());
    };
    let write = args.iter().any(|a| a == "--write");
    let passed: Vec<&String> = args.iter().filter(|a| *a != "--write").collect();
    let binary = build(false)?;
    let server = Server::start(&binary, &["--db=dev-mem", "--features=token-exchange:v1,admin-fine-grained-authz:v1"])?;
    let mut play = Command::new("python3");
    play.arg(folder.join("golden.py")).args(["check", "--least", "0", "--url", &server.url]).args(&passed);
    if passed.is_empty() {
        play.args(["--show", "0"]);
    }
    let told = output(&mut within(20, &play))?;
    say(&told);
    if !passed.is_empty() {
        return Ok(());
    }
    compare(&told, write)
}

fn compare(told: &str, write: bool) -> Outcome {
    let path = root().join(SCORE);
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let (now, before) = (scores(told), scores(&committed));
    if now.is_empty() {
        return Err("golden.py printed no score".to_owned());
    }
    let fallen: Vec<String> = before
        .iter()
        .filter(|(area, score)| now.get(*area).is_none_or(|n| n.0 < score.0))
        .map(|(area, score)| format!("{area}: {} before, {} now", score.0, now.get(area).map_or(0, |n| n.0)))
        .collect();
    if !fallen.is_empty() {
        return Err(format!("the score fell\n  {}", fallen.join("\n  ")));
    }
    let risen = now.iter().filter(|(area, n)| before.get(*area).is_none_or(|b| n.0 > b.0)).count();
    if write {
        let notes = committed.lines().filter(|l| l.starts_with('#')).map(|l| format!("{l}\n"));
        let lines = now.iter().map(|(area, (equal, of))| format!("{area:24} {equal:5} / {of}\n"));
        let text: String = notes.chain(lines).collect();
        std::fs::write(&path, text).map_err(|e| e.to_string())?;
    } else if risen > 0 {
        say(&format!("{risen} areas are better than {SCORE} says: cargo xtask golden --write"));
    }
    Ok(())
}

/// `AREA  equal / steps` lines, by area.
fn scores(text: &str) -> BTreeMap<String, (u32, u32)> {
    let score = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [area, equal, "/", of, ..] if *area != "all" && !area.starts_with('#') => {
                Some(((*area).to_owned(), (equal.parse().ok()?, of.parse().ok()?)))
            }
            _ => None,
        }
    };
    text.lines().filter_map(score).collect()
}
