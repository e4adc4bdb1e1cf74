//! `export`: a realm as a file that `apply` takes.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use cloakroom::plan::{self, ExportOptions};

use crate::connect::Connection;
use crate::failure::{Failure, Result};
use crate::output::say;
use crate::private_file;

#[derive(Args, Debug)]
pub(crate) struct Export {
    /// The realm
    realm: String,
    /// Writes to a file, or to REALM.yaml (REALM.json) in a folder [default: the standard output]
    #[arg(short, long, value_name = "FILE|DIR")]
    out: Option<PathBuf>,
    /// The form of the file [default: as the file's name says, else yaml]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Exports users too. Passwords are not: no server shows them
    #[arg(long)]
    users: bool,
    /// What is written for secrets
    #[arg(long, value_name = "HOW", default_value = "variables")]
    secrets: Secrets,
    #[command(flatten)]
    connection: Connection,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Yaml,
    Json,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Secrets {
    /// $(env:NAME), to be set where the file is applied
    Variables,
    /// Ten stars: applying leaves secrets as they are
    Masked,
    /// The secrets, where the server shows them
    Plain,
}

pub(crate) fn run(args: &Export) -> Result<()> {
    let kc = args.connection.client()?;
    let secrets = match args.secrets {
        Secrets::Variables => plan::Secrets::Variables,
        Secrets::Masked => plan::Secrets::Masked,
        Secrets::Plain => plan::Secrets::Plain,
    };
    let options = ExportOptions::default().users(args.users).secrets(secrets);
    let tree = kc.run(|kc| plan::export(kc, &args.realm, &options))?;
    let ends = |path: &PathBuf| path.extension().map(|ends| if ends == "json" { Format::Json } else { Format::Yaml });
    let is_folder = |path: &PathBuf| path.is_dir() || path.to_string_lossy().ends_with('/');
    let format = args.format.or_else(|| args.out.as_ref().filter(|path| !is_folder(path)).and_then(ends));
    let format = format.unwrap_or(Format::Yaml);
    let unwritable = |e: &dyn std::fmt::Display| Failure::Io(format!("the realm cannot be written: {e}"));
    let text = match format {
        Format::Json => serde_json::to_string_pretty(&tree).map_err(|e| unwritable(&e))?,
        Format::Yaml => serde_saphyr::to_string(&tree).map_err(|e| unwritable(&e))?,
    };
    let Some(out) = &args.out else { return say(&text) };
    let file = if is_folder(out) {
        std::fs::create_dir_all(out).map_err(|e| unwritable(&format!("{}: {e}", out.display())))?;
        out.join(format!("{}.{}", args.realm.replace('/', "_"), if format == Format::Json { "json" } else { "yaml" }))
    } else {
        out.clone()
    };
    let cannot = |e: std::io::Error| unwritable(&format!("{}: {e}", file.display()));
    private_file::output(&file, cannot, |out| writeln!(out, "{}", text.trim_end()).map_err(cannot))?;
    eprintln!("{}", file.display());
    Ok(())
}
