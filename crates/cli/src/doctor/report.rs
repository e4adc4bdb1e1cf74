//! How findings are told.

use serde_json::{Value, json};

use crate::doctor::check::{Check, Finding, Severity};
use crate::failure::Result;
use crate::output::{Format, print as print_value, say, shown};

/// The realms that were looked at, each with what could not be seen of it.
type Looked = [(String, Vec<String>)];

pub(super) fn print(findings: &[Finding], looked: &Looked, as_json: bool) -> Result<()> {
    if as_json {
        let realms: Vec<&String> = looked.iter().map(|(name, _)| name).collect();
        let unseen: Vec<Value> = notes(looked).map(|(realm, what)| json!({ "realm": realm, "what": what })).collect();
        let findings: Vec<Value> = findings.iter().map(Finding::json).collect();
        let value = json!({ "realms": realms, "findings": findings, "unseen": unseen });
        return print_value(&value, Some(Format::Json), &[]);
    }
    for finding in findings {
        say(&told(finding))?;
    }
    for (realm, what) in notes(looked) {
        say(&format!("not seen: {realm}: {what}"))?;
    }
    say(&summary(findings, looked.len()))
}

fn notes(looked: &Looked) -> impl Iterator<Item = (&String, &String)> {
    looked.iter().flat_map(|(realm, unseen)| unseen.iter().map(move |what| (realm, what)))
}

fn told(finding: &Finding) -> String {
    let Finding { realm, check, found } = finding;
    let source = if check.source.is_empty() { String::new() } else { format!(" ({})", check.source) };
    format!(
        "{:<6}  {}  {}: {}\n        {}\n        {}.{source}\n        fix: {}\n",
        check.severity,
        check.code,
        shown(realm),
        shown(&found.object),
        shown(&found.what),
        check.why,
        shown(&found.fix),
    )
}

fn summary(findings: &[Finding], realms: usize) -> String {
    let of = |severity| findings.iter().filter(|finding| finding.check.severity == severity).count();
    let looked = if realms == 1 { "one realm".to_owned() } else { format!("{realms} realms") };
    match findings.len() {
        0 => format!("Nothing found in {looked}."),
        _ => {
            let (high, medium, low) = (of(Severity::High), of(Severity::Medium), of(Severity::Low));
            format!("Found in {looked}: {high} high, {medium} medium, {low} low.")
        }
    }
}

/// The checks themselves.
pub(super) fn list(checks: impl Iterator<Item = &'static Check>, as_json: bool) -> Result<()> {
    let row = |check: &Check| json!({ "code": check.code, "severity": check.severity.to_string(), "why": check.why, "source": check.source });
    print_value(&checks.map(row).collect(), as_json.then_some(Format::Json), &[])
}
