//! `completions` and `man`: what shells and `man` want to know of this command.

use std::io::Write;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Command};
use clap_complete::Shell;

use crate::failure::{Failure, Result};
use crate::resources::paths;

/// The commands that take a path.
const VERBS: [&str; 4] = ["get", "create", "update", "delete"];

#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

#[derive(Args, Debug)]
pub(crate) struct Man {
    /// Writes the pages of this command and of all its subcommands into a folder, which is made if need be
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

pub(crate) fn completions(args: &Completions, mut command: Command) -> Result<()> {
    let mut script = Vec::new();
    // any path may be typed; those that there are are offered
    let paths: Vec<&'static str> = paths().into_iter().map(|path| &*path.leak()).collect();
    for verb in VERBS {
        let offered = PossibleValuesParser::new(&paths);
        command = command.mut_subcommand(verb, |verb| verb.mut_arg("path", |path| path.value_parser(offered)));
    }
    clap_complete::generate(args.shell, &mut command, "cloakroom", &mut script);
    if args.shell == Shell::Fish {
        write(fish(&String::from_utf8_lossy(&script), &paths).as_bytes())
    } else {
        write(&script)
    }
}

/// What the generator leaves out for fish: values of what is not an option, and that `$(` in a description is no command.
fn fish(script: &str, paths: &[&str]) -> String {
    let (script, verbs, paths) = (script.replace("$(", "\\$("), VERBS.join(" "), paths.join(" "));
    format!("{script}complete -c cloakroom -n \"__fish_cloakroom_using_subcommand {verbs}\" -f -a \"{paths}\"\n")
}

pub(crate) fn man(args: &Man, command: Command) -> Result<()> {
    match &args.dir {
        Some(folder) => {
            let unwritten = |e: std::io::Error| Failure::Io(format!("{} cannot be written: {e}", folder.display()));
            std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder)).map_err(unwritten)
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page)?;
            write(&page)
        }
    }
}

fn write(bytes: &[u8]) -> Result<()> {
    match std::io::stdout().write_all(bytes) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(e.into()),
        _ => Ok(()),
    }
}
