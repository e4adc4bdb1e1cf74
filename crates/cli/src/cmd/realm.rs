//! `realm export`: a whole realm as one file.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::{Args, Subcommand};
use cloakroom::{Export as _, Exported, blocking};

use crate::connect::Connection;
use crate::failure::{Failure, Result};
use crate::private_file;

#[derive(Args, Debug)]
pub(crate) struct Realm {
    #[command(subcommand)]
    command: RealmCommand,
}

#[derive(Subcommand, Debug)]
enum RealmCommand {
    /// Exports a realm as JSON: settings, clients with their secrets, roles, groups, flows, organizations; users if asked for
    #[command(after_help = crate::help::REALM_EXPORT)]
    Export(Export),
}

#[derive(Args, Debug)]
pub(crate) struct Export {
    /// The realm
    realm: String,
    /// Exports users too: attributes, roles, groups, links to identity providers, consents, required actions
    #[arg(long)]
    include_users: bool,
    /// Indents the JSON
    #[arg(long)]
    pretty: bool,
    /// Writes to a file, which only you can read, in place of the standard output
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Replaces the file if it is there
    #[arg(long, requires = "file")]
    force: bool,
    #[command(flatten)]
    connection: Connection,
}

pub(crate) fn run(args: &Realm) -> Result<()> {
    let RealmCommand::Export(args) = &args.command;
    let what = What { realm: &args.realm, users: args.include_users, pretty: args.pretty };
    let exported = match &args.file {
        None => export(&args.connection.client()?, what, &mut io::stdout())?,
        Some(file) if file.is_file() && !args.force => {
            return Err(Failure::Usage(format!("{} is there already: --force replaces it", file.display())));
        }
        Some(file) => {
            let cannot = |e: io::Error| Failure::Io(format!("{} cannot be written: {e}", file.display()));
            private_file::output(file, cannot, |out| export(&args.connection.client()?, what, out))?
        }
    };
    if !exported.masked.is_empty() {
        eprintln!("The server does not give these secrets; fill them in before the file is imported:");
        for secret in &exported.masked {
            eprintln!("  {secret}");
        }
    }
    Ok(())
}

/// What is exported, and how.
#[derive(Clone, Copy)]
pub(crate) struct What<'a> {
    pub(crate) realm: &'a str,
    pub(crate) users: bool,
    pub(crate) pretty: bool,
}

/// Exports to a writer; a terminal is told how far it is.
pub(crate) fn export(kc: &blocking::Client, what: What<'_>, out: &mut (impl Write + Send)) -> Result<Exported> {
    let mut progress = Progress::new(what.realm);
    let mut out = BufWriter::new(out);
    let export = kc.realms().export(what.realm).users(what.users).pretty(what.pretty);
    let exported = export.write(&mut out, |users| progress.tell(users));
    progress.end();
    match exported {
        Err(cloakroom::Error::Write(e)) if e.kind() == io::ErrorKind::BrokenPipe => Ok(Exported::default()),
        Err(cloakroom::Error::Write(e)) => Err(e.into()),
        Err(e) if e.is_not_found() => Err(Failure::from(e).of(format!("the export of realm \"{}\"", what.realm))),
        exported => Ok(exported?),
    }
}

/// A line on a terminal that is written over and over, and nothing elsewhere.
struct Progress<'a> {
    realm: &'a str,
    told: Option<Instant>,
    shown: bool,
}

impl<'a> Progress<'a> {
    fn new(realm: &'a str) -> Self {
        Progress { realm, told: None, shown: io::stderr().is_terminal() }
    }

    fn tell(&mut self, users: u64) {
        let due = self.told.is_none_or(|told| told.elapsed() > Duration::from_millis(100));
        if self.shown && due {
            eprint!("\rExporting {}: {users} users", self.realm);
            self.told = Some(Instant::now());
        }
    }

    fn end(&mut self) {
        if self.told.is_some() {
            eprint!("\r\u{1b}[K");
        }
    }
}
