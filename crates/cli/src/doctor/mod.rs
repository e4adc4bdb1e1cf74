//! `doctor`: what RFC 9700, RFC 8252, RFC 6819 and common sense would change about a realm, and how.

mod admins;
mod check;
mod clients;
mod facts;
#[cfg(test)]
mod fixtures;
mod keys;
mod passwords;
mod providers;
mod realm;
mod redirects;
mod report;
mod saml;
mod sessions;

use std::path::PathBuf;

use clap::Args;
use cloakroom::api::admin::realms::{Realm, RealmQuery};

use crate::clock;
use crate::connect::Connection;
use crate::doctor::check::{Check, Finding, Severity};
use crate::doctor::facts::Facts;
use crate::failure::{Failure, Result};
use crate::input;

#[derive(Args, Debug)]
pub(crate) struct Doctor {
    /// The realms to look at [default: every realm that the account can see]
    #[arg(value_name = "REALM")]
    realms: Vec<String>,
    /// Looks at an exported realm (JSON or YAML, `-` for the standard input) in place of a server; may be given more than once
    #[arg(short, long, value_name = "FILE", conflicts_with = "realms")]
    file: Vec<PathBuf>,
    /// Leaves a check out, everywhere or for one object, as in `full-scope:app`; may be given more than once
    #[arg(long, value_name = "CODE[:NAME]")]
    ignore: Vec<String>,
    /// Shows no findings below this severity
    #[arg(long, value_name = "SEVERITY", default_value = "low")]
    severity: Severity,
    /// Ends with exit code 1 where a finding has at least this severity
    #[arg(long, value_name = "SEVERITY", default_value = "high")]
    fail_on: FailOn,
    /// Prints findings as JSON: `realms`, `findings` and what could not be seen, `unseen`
    #[arg(long)]
    json: bool,
    /// Lists the checks, and looks at nothing
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    connection: Connection,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum FailOn {
    Low,
    Medium,
    High,
    Never,
}

/// All checks.
fn checks() -> impl Iterator<Item = &'static Check> {
    let of_clients = [redirects::CHECKS, clients::CHECKS, saml::CHECKS];
    let of_realm = [realm::CHECKS, passwords::CHECKS, sessions::CHECKS, keys::CHECKS];
    let around = [providers::CHECKS, admins::CHECKS];
    of_clients.into_iter().chain(of_realm).chain(around).flatten()
}

pub(crate) fn run(args: &Doctor) -> Result<()> {
    if args.list {
        return report::list(checks(), args.json);
    }
    let ignored = Ignored::of(&args.ignore)?;
    let mut findings: Vec<Finding> = Vec::new();
    let mut looked = Vec::new();
    for facts in args.facts()? {
        let facts = facts?;
        let found = checks().flat_map(|check| {
            let found = (check.look)(&facts).into_iter();
            found.map(|found| Finding { realm: facts.name().to_owned(), check, found }).collect::<Vec<_>>()
        });
        findings.extend(found.filter(|f| f.check.severity >= args.severity && !ignored.has(f)));
        looked.push((facts.name().to_owned(), facts.unseen));
    }
    // the worst first, and what belongs together side by side
    findings.sort_by_key(|f| (std::cmp::Reverse(f.check.severity), f.realm.clone()));
    report::print(&findings, &looked, args.json)?;
    let fails = |severity| match args.fail_on {
        FailOn::Low => true,
        FailOn::Medium => severity >= Severity::Medium,
        FailOn::High => severity >= Severity::High,
        FailOn::Never => false,
    };
    match findings.iter().filter(|finding| fails(finding.check.severity)).count() {
        0 => Ok(()),
        _ => Err(Failure::Unhealthy("there are findings to see to; --ignore or --fail-on says otherwise".to_owned())),
    }
}

impl Doctor {
    /// One realm after the other.
    fn facts(&self) -> Result<Box<dyn Iterator<Item = Result<Facts>> + '_>> {
        let now = i64::try_from(clock::now() / 1000).unwrap_or(i64::MAX);
        if !self.file.is_empty() {
            return Ok(Box::new(self.file.iter().flat_map(move |file| match input::value(file).and_then(realms) {
                Ok(realms) => realms.into_iter().map(|realm| Ok(Facts::of_export(realm, now))).collect::<Vec<_>>(),
                Err(e) => vec![Err(e)],
            })));
        }
        let kc = self.connection.client()?;
        let names = match self.realms.as_slice() {
            [] => {
                let brief = RealmQuery { brief_representation: Some(true) };
                kc.realms().list(&brief)?.into_iter().filter_map(|realm| realm.realm).collect()
            }
            names => names.to_vec(),
        };
        let facts = move |name: String| {
            Facts::of(&kc, &name, now).map_err(|e| match e {
                Failure::Call { .. } => e.of(format!("the settings of realm \"{name}\"")),
                other => other,
            })
        };
        Ok(Box::new(names.into_iter().map(facts)))
    }
}

/// A realm, or a list of them.
fn realms(value: serde_json::Value) -> Result<Vec<Realm>> {
    let list = if value.is_array() { value } else { serde_json::Value::Array(vec![value]) };
    let wrong = |e: serde_json::Error| Failure::Usage(format!("this is no realm's representation: {e}"));
    serde_json::from_value(list).map_err(wrong)
}

/// What `--ignore` says: codes, or codes at an object.
struct Ignored(Vec<(String, Option<String>)>);

impl Ignored {
    fn of(words: &[String]) -> Result<Self> {
        let one = |word: &String| {
            let (code, name) = match word.split_once(':') {
                Some((code, name)) => (code, Some(name.to_owned())),
                None => (word.as_str(), None),
            };
            match checks().any(|check| check.code == code) {
                true => Ok((code.to_owned(), name)),
                false => {
                    Err(Failure::Usage(format!("no check is called {code}: `cloakroom doctor --list` shows them")))
                }
            }
        };
        words.iter().map(one).collect::<Result<_>>().map(Ignored)
    }

    fn has(&self, finding: &Finding) -> bool {
        self.0.iter().any(|(code, name)| {
            let object = &finding.found.object;
            let named = |name: &String| object == name || object.rsplit(' ').next() == Some(name);
            code == finding.check.code && name.as_ref().is_none_or(named)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_said_once_and_are_words_of_a_command_line() {
        let mut codes: Vec<&str> = checks().map(|check| check.code).collect();
        assert!(
            codes.iter().all(|code| code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'))
        );
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert!(codes.len() == all && all > 50, "{all}");
    }

    #[test]
    fn a_check_is_left_out_everywhere_or_at_one_object() {
        let finding = |object: &str| Finding {
            realm: "acme".to_owned(),
            check: checks().find(|check| check.code == "full-scope").unwrap(),
            found: check::Found { object: object.to_owned(), what: String::new(), fix: String::new() },
        };
        let ignored = |word: &str| Ignored::of(&[word.to_owned()]).unwrap();
        assert!(ignored("full-scope").has(&finding("client app")));
        assert!(ignored("full-scope:app").has(&finding("client app")));
        assert!(!ignored("full-scope:app").has(&finding("client other")));
        assert!(!ignored("brute-force").has(&finding("client app")));
        assert!(Ignored::of(&["full".to_owned()]).is_err());
    }
}
