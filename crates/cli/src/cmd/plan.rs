//! `plan`, `diff` and `apply`: realms made as files say.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, ValueEnum};
use cloakroom::blocking;
use cloakroom::plan::{Apply as How, Desired, Options, Outcome, Plan as Changes, Prune, files};
use serde_json::json;

use crate::connect::Connection;
use crate::failure::{Failure, Result};
use crate::output::say;

#[derive(Args, Debug)]
pub(crate) struct Plan {
    /// Realm files in JSON or YAML, or folders with them; `-` for the standard input. May be given more than once: files of
    /// one realm are put together, later ones win
    #[arg(short, long, required = true, num_args = 1.., value_name = "FILE|DIR")]
    file: Vec<PathBuf>,
    /// Deletes what applying has made before and the files no longer have; with =all, whatever the lists of the files do not
    /// have, except what is built in
    #[arg(long, value_name = "WHICH", num_args = 0..=1, require_equals = true, default_missing_value = "own")]
    prune: Option<Which>,
    /// Exits with 2 where something changes, with 0 where nothing does, and with 1 after any error
    #[arg(long)]
    detailed_exitcode: bool,
    /// How the plan is printed
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    output: Printed,
    /// How many calls are under way at once
    #[arg(long, value_name = "CALLS", default_value_t = 8)]
    at_once: usize,
    #[command(flatten)]
    connection: Connection,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Which {
    /// What applying has made before
    Own,
    /// All that the files do not have
    All,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Printed {
    Text,
    Json,
}

/// The exit code of a command that was interrupted.
const INTERRUPTED: u8 = 130;

/// Shows what would change.
pub(crate) fn plan(args: &Plan) -> ExitCode {
    args.told(args.make_all().and_then(|(_, plans)| {
        plans.iter().try_for_each(|plan| args.print(plan))?;
        Ok(plans.iter().any(|plan| !plan.is_empty()))
    }))
}

/// Changes it.
pub(crate) fn apply(args: &Plan) -> ExitCode {
    apply_all(args).unwrap_or_else(|failure| args.told(Err(failure)))
}

fn apply_all(args: &Plan) -> Result<ExitCode> {
    let (kc, plans) = args.make_all()?;
    let changed = plans.iter().any(|plan| !plan.is_empty());
    let stop = Arc::new(AtomicBool::new(false));
    for plan in plans {
        let nothing = plan.is_empty();
        if nothing || args.output == Printed::Text {
            args.print(&plan)?;
        }
        if nothing {
            continue;
        }
        let (realm, mut json) = (plan.realm().to_owned(), plan.to_json());
        let outcome = carry_out(&kc, plan, stop.clone())?;
        if args.output == Printed::Json {
            json["outcome"] =
                json!({ "done": outcome.done, "steps": outcome.steps, "complete": outcome.is_complete() });
            say(&json.to_string())?;
        }
        let said = format!("realm {realm}: {} of {} steps done", outcome.done, outcome.steps);
        if outcome.is_complete() {
            eprintln!("{said}");
            continue;
        }
        eprintln!("{said}; apply again to do the rest");
        if outcome.stopped {
            eprintln!("cloakroom: interrupted");
            return Ok(ExitCode::from(INTERRUPTED));
        }
        let mut code = 1;
        for (name, error) in outcome.failed {
            let failure = Failure::from(error);
            code = failure.exit_code();
            eprintln!("cloakroom: {name}: {failure}");
        }
        return Ok(ExitCode::from(if args.detailed_exitcode { 1 } else { code }));
    }
    Ok(args.told(Ok(changed)))
}

impl Plan {
    /// Reads the files, and compares each realm.
    fn make_all(&self) -> Result<(blocking::Client, Vec<Changes>)> {
        let mut sources = Vec::new();
        for path in &self.file {
            if path.as_os_str() == "-" {
                let text = std::io::read_to_string(std::io::stdin())?;
                sources.push(files::Source { name: "-".to_owned(), text });
            } else {
                sources.extend(files::find(std::slice::from_ref(path)).map_err(|e| Failure::Usage(e.to_string()))?);
            }
        }
        let env = |name: &str| std::env::var(name).ok();
        let desired: Vec<Desired> = files::load(&sources, &env).map_err(|problems| {
            Failure::Usage(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        })?;
        if desired.is_empty() {
            return Err(Failure::Usage("the files have no realm in them".to_owned()));
        }
        let kc = self.connection.client()?;
        let prune = match self.prune {
            None => Prune::Nothing,
            Some(Which::Own) => Prune::Own,
            Some(Which::All) => Prune::All,
        };
        let options = Options::default().prune(prune).at_once(self.at_once);
        let make = |desired: Desired| {
            let realm = desired.realm().to_owned();
            let made = kc.run(|kc| Changes::make(kc, desired, &options));
            made.map_err(|e| Failure::from(e).of(format!("for realm {realm}")))
        };
        let plans = desired.into_iter().map(make).collect::<Result<Vec<_>>>()?;
        Ok((kc.clone(), plans))
    }

    fn print(&self, plan: &Changes) -> Result<()> {
        match self.output {
            Printed::Text => say(&plan.to_string()),
            Printed::Json => say(&plan.to_json().to_string()),
        }
    }

    /// The exit code, after telling what went wrong.
    fn told(&self, changed: Result<bool>) -> ExitCode {
        match changed {
            Ok(true) if self.detailed_exitcode => ExitCode::from(2),
            Ok(_) => ExitCode::SUCCESS,
            Err(failure) => {
                eprintln!("cloakroom: {failure}");
                ExitCode::from(if self.detailed_exitcode { 1 } else { failure.exit_code() })
            }
        }
    }
}

/// Applies, and stops between two steps when told by SIGINT; a second one ends the command at once.
fn carry_out(kc: &blocking::Client, plan: Changes, stop: Arc<AtomicBool>) -> Result<Outcome> {
    let terminal = std::io::stderr().is_terminal();
    let progress = move |done: usize, steps: usize, name: &str| {
        if terminal {
            let name: String = name.chars().take(60).collect();
            // what cannot be shown is no reason to stop
            write!(std::io::stderr(), "\r\x1b[K{done}/{steps} {name}").ok();
        }
    };
    let outcome = kc.run(|kc| async move {
        let how = How { stop: Some(stop.clone()), progress: Some(&progress) };
        let mut applying = std::pin::pin!(plan.apply(kc, &how));
        loop {
            tokio::select! {
                outcome = &mut applying => return outcome,
                Ok(()) = tokio::signal::ctrl_c() => {
                    if stop.swap(true, Ordering::Relaxed) {
                        std::process::exit(i32::from(INTERRUPTED));
                    }
                    eprintln!("\ncloakroom: stopping after the steps that are under way; again to stop at once");
                }
            }
        }
    });
    if terminal {
        write!(std::io::stderr(), "\r\x1b[K").ok();
    }
    Ok(outcome?)
}
