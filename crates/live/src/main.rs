//! Calls every operation of the library against a running server, and says what became of it.
//!
//! `cloakroom-live --url URL [--only SCENE] [--verbose] [--score | --write] --lists FOLDER`

mod compare;
mod probe;
mod report;
mod scenes;
mod sinks;

use std::path::PathBuf;
use std::process::ExitCode;

use cloakroom::{Client, Login};

/// What the command line asks for.
#[derive(Default)]
struct Asked {
    url: String,
    lists: PathBuf,
    only: Option<String>,
    score: bool,
    write: bool,
    verbose: bool,
}

impl Asked {
    fn read() -> Result<Self, String> {
        let mut asked = Asked { url: "http://localhost:8180".to_owned(), ..Asked::default() };
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
            match arg.as_str() {
                "--url" => asked.url = value()?,
                "--lists" => asked.lists = value()?.into(),
                "--only" => asked.only = Some(value()?),
                "--score" => asked.score = true,
                "--write" => asked.write = true,
                "--verbose" => asked.verbose = true,
                other => return Err(format!("no option {other}")),
            }
        }
        Ok(asked)
    }
}

#[expect(clippy::print_stdout, reason = "a command line tool")]
async fn run() -> Result<(), String> {
    let asked = Asked::read()?;
    let login = Login::password("admin", "admin");
    let client = Client::builder(&asked.url).login(login).build().map_err(|e| e.to_string())?;
    client.access_token().await.map_err(|e| e.to_string())?;
    let probe = probe::Probe::new(client);
    let ended = scenes::play(&probe, asked.only.as_deref()).await?;
    let log = probe.log();
    if asked.verbose {
        print!("{}", report::refusals(&log));
    }
    for scene in ended {
        println!("{scene}: ended before its end");
    }
    for line in report::lossy(&log) {
        println!("{line}");
    }
    print!("{}", report::score(&log));
    if asked.score || asked.only.is_some() { Ok(()) } else { report::judge(&log, &asked.lists, asked.write) }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
