//! What became of every row: a score by resource, what is lost, what was not called.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cloakroom_api::endpoint::Operation;

use crate::probe::Log;

/// What answers hold that representations do not: `Group::function: place: what`.
const LOSSY: &str = "lossy.txt";
/// What is not called, and why: `Group::function  reason`.
const UNEXERCISED: &str = "unexercised.txt";
/// How many rows may go without a call.
const MOST_UNEXERCISED: usize = 15;

/// How many rows of each resource were answered as they say, of how many.
pub(crate) fn score(log: &Log) -> String {
    let mut resources: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for operation in cloakroom_api::operations() {
        let (worked, all) = resources.entry(resource(operation)).or_default();
        *all += 1;
        *worked += usize::from(log.get(operation.name).is_some_and(|noted| noted.worked > 0));
    }
    let line = |(name, (worked, all)): (&String, &(usize, usize))| format!("{name:32} {worked:4} / {all}\n");
    let (worked, all) = resources.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let lines: String = resources.iter().map(line).collect();
    format!("{lines}{:32} {worked:4} / {all}\n", "all")
}

/// The first word of a path that says what it is about.
fn resource(operation: &Operation) -> String {
    let mut words = operation.path.split('/').filter(|word| !word.is_empty() && !word.starts_with('{'));
    match (words.next(), words.next(), words.next()) {
        (Some("admin"), Some("realms"), Some("clients")) if operation.path.contains("/authz/") => {
            "authorization".into()
        }
        (Some("admin"), Some("realms"), Some(word)) => word.trim_start_matches("default-").to_owned(),
        (Some("admin"), Some("realms"), None) => "realms".into(),
        (Some("admin"), Some(word), _) => word.to_owned(),
        (Some("realms"), Some("protocol"), _) | (Some(".well-known"), ..) => "openid-connect".into(),
        (Some("realms"), Some(".well-known"), _) => "openid-connect".into(),
        (Some("realms"), Some(word), _) => word.to_owned(),
        _ => "realms".into(),
    }
}

/// What was refused, for a person.
pub(crate) fn refusals(log: &Log) -> String {
    let lines = log.iter().flat_map(|(name, noted)| noted.refused.iter().map(move |why| format!("{name}: {why}\n")));
    lines.collect()
}

/// What is lost.
pub(crate) fn lossy(log: &Log) -> BTreeSet<String> {
    let lines = log.iter().flat_map(|(name, noted)| noted.lost.iter().map(move |what| format!("{name}: {what}")));
    lines.collect()
}

fn unexercised(log: &Log) -> BTreeSet<&'static str> {
    let idle = |o: &&Operation| log.get(o.name).is_none_or(|noted| noted.worked == 0);
    cloakroom_api::operations().filter(idle).map(|o| o.name).collect()
}

/// Compares with the lists, or brings them up to date: reasons and arguments that stand there are kept.
pub(crate) fn judge(log: &Log, folder: &Path, write: bool) -> Result<(), String> {
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let (listed_lossy, listed_unexercised) = (read(LOSSY), read(UNEXERCISED));
    let arguments = by_first(&listed_lossy, "  # ");
    let reasons = by_first(&listed_unexercised, "  ");
    let (lossy, unexercised) = (lossy(log), unexercised(log));
    if write {
        let with = |name: &str, reason: Option<&&str>, mark: &str| {
            reason.map_or_else(|| format!("{name}\n"), |reason| format!("{name}{mark}{reason}\n"))
        };
        let text: String = lossy.iter().map(|name| with(name, arguments.get(name.as_str()), "  # ")).collect();
        std::fs::write(folder.join(LOSSY), text).map_err(|e| format!("{LOSSY}: {e}"))?;
        let text: String = unexercised.iter().map(|name| with(name, reasons.get(name), "  ")).collect();
        return std::fs::write(folder.join(UNEXERCISED), text).map_err(|e| format!("{UNEXERCISED}: {e}"));
    }
    let listed: BTreeSet<&str> = listed_lossy.lines().map(|line| first(line, "  # ")).collect();
    let lossy: BTreeSet<&str> = lossy.iter().map(String::as_str).collect();
    let excused: BTreeSet<&str> = reasons.keys().copied().collect();
    let mut complaints = compare(["lost", "kept"], &lossy, &listed, LOSSY);
    complaints.extend(compare(["not called", "called"], &unexercised, &excused, UNEXERCISED));
    if unexercised.len() > MOST_UNEXERCISED {
        complaints.push(format!("{} rows were not called, more than {MOST_UNEXERCISED}", unexercised.len()));
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n")) }
}

/// What a list lacks, and what it names in vain: lists only shrink.
fn compare([bad, good]: [&str; 2], found: &BTreeSet<&str>, listed: &BTreeSet<&str>, list: &str) -> Vec<String> {
    let new = found.difference(listed).map(|one| format!("{bad}, and not in {list}: {one}"));
    let old = listed.difference(found).map(|one| format!("{good}, and still in {list}: {one}"));
    new.chain(old).collect()
}

fn first<'a>(line: &'a str, mark: &str) -> &'a str {
    line.split_once(mark).map_or(line, |(first, _)| first)
}

/// What stands behind the mark, by what stands before it.
fn by_first<'a>(text: &'a str, mark: &str) -> BTreeMap<&'a str, &'a str> {
    text.lines().filter_map(|line| line.split_once(mark)).map(|(first, rest)| (first, rest.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 2] = ["not called", "called"];

    #[test]
    fn a_list_names_exactly_what_is_missing() {
        let (one, none) = (BTreeSet::from(["Users::get"]), BTreeSet::new());
        assert_eq!(compare(WORDS, &one, &one, UNEXERCISED), [""; 0]);
        assert!(compare(WORDS, &one, &none, UNEXERCISED)[0].starts_with("not called, and not in"));
        assert!(compare(WORDS, &none, &one, UNEXERCISED)[0].starts_with("called, and still in"));
    }

    #[test]
    fn a_row_without_a_reason_is_not_excused() {
        let reasons = by_first("Users::get  nobody is there\nUsers::list\n", "  ");
        assert_eq!(reasons.into_iter().collect::<Vec<_>>(), [("Users::get", "nobody is there")]);
    }
}
