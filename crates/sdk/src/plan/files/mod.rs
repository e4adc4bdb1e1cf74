//! Realm files: found, read, checked and put together.

mod text;
mod variables;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use cloakroom_api::admin::profile::ProfileConfig;
use cloakroom_api::admin::realms::Realm;
use cloakroom_api::lenient::{self, BodyError};
use cloakroom_api::names::nearest;
use serde_json::{Map, Value};

use super::desired::Desired;
use super::tree;
pub use text::{Broken, parse};
use text::{Place, Read};

/// Something in a file that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as it was named or found.
    pub file: String,
    /// Line and column, counted from 1, where they are known.
    pub place: Option<(u64, u64)>,
    /// What is wrong, and what to do about it.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((line, column)) => write!(f, "{}:{line}:{column}: {}", self.file, self.reason),
            None => write!(f, "{}: {}", self.file, self.reason),
        }
    }
}

/// A text with the name of the file it is from.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file's name, for messages; paths in variables are looked up beside it.
    pub name: String,
    /// JSON or YAML.
    pub text: String,
}

/// Finds and reads files: of folders, those that end in `.json`, `.yaml` or `.yml`, in the order of their names, with those
/// of the folders below.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Source>, Problem> {
    let mut sources = Vec::new();
    for path in paths {
        let mut files = Vec::new();
        collect(path, &mut files, true)?;
        if files.is_empty() {
            let reason = "the folder has no file that ends in .json, .yaml or .yml".to_owned();
            return Err(Problem { file: path.display().to_string(), place: None, reason });
        }
        for file in files {
            let text = std::fs::read_to_string(&file).map_err(|e| unreadable(&file, &e))?;
            sources.push(Source { name: file.display().to_string(), text });
        }
    }
    Ok(sources)
}

fn unreadable(path: &Path, e: &std::io::Error) -> Problem {
    Problem { file: path.display().to_string(), place: None, reason: format!("it cannot be read: {e}") }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>, named: bool) -> Result<(), Problem> {
    let known = path.extension().is_some_and(|ends| ["json", "yaml", "yml"].iter().any(|known| ends == *known));
    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    if !named && hidden {
        return Ok(());
    }
    if path.is_dir() {
        let entries = std::fs::read_dir(path).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
        let mut below: Vec<PathBuf> = entries.map_err(|e| unreadable(path, &e))?.iter().map(|e| e.path()).collect();
        below.sort();
        return below.iter().try_for_each(|path| collect(path, files, false));
    }
    if named || known {
        files.push(path.to_owned());
    }
    Ok(())
}

/// Reads files, replaces their variables, checks their fields and puts together what is of one realm. Later files win; their
/// lists add to those of earlier ones.
///
/// Errors: all that is wrong, each with its place.
pub fn load(sources: &[Source], env: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Desired>, Vec<Problem>> {
    let (mut trees, mut problems) = (Vec::new(), Vec::new());
    for source in sources {
        match one(source, env) {
            Ok(read) => trees.extend(read.into_iter().map(|tree| (source, tree))),
            Err(found) => problems.extend(found),
        }
    }
    let name = |tree: &Value| tree.get("realm").and_then(Value::as_str).map(str::to_owned);
    let mut realms: BTreeMap<String, Value> = BTreeMap::new();
    let names: Vec<String> = trees.iter().filter_map(|(_, tree)| name(tree)).collect();
    let only = names.first().filter(|first| names.iter().all(|name| name == *first));
    for (source, tree) in trees {
        match name(&tree).as_ref().or(only) {
            Some(name) => {
                let before = realms.remove(name).unwrap_or(Value::Null);
                realms.insert(name.clone(), joined(before, tree));
            }
            None => problems.push(Problem {
                file: source.name.clone(),
                place: Some((1, 1)),
                reason: "the realm's name is missing: realm: NAME".to_owned(),
            }),
        }
    }
    let desired = realms.into_iter().filter_map(|(realm, mut tree)| {
        tree["realm"] = realm.clone().into();
        let problem = |e: super::desired::Wrong| Problem { file: realm, place: None, reason: e.to_string() };
        Desired::new(tree).map_err(|e| problems.push(problem(e))).ok()
    });
    let desired: Vec<Desired> = desired.collect();
    if problems.is_empty() { Ok(desired) } else { Err(problems) }
}

/// The realms of one file: one, or a list of them.
fn one(source: &Source, env: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Value>, Vec<Problem>> {
    let problem = |place: Option<Place>, reason: String| Problem { file: source.name.clone(), place, reason };
    let mut read = text::read(&source.text).map_err(|e| vec![problem(e.place, e.reason)])?;
    let folder = Path::new(&source.name).parent().unwrap_or(Path::new("")).to_owned();
    let variable = |kind: &str, name: &str| match kind {
        "env" => env(name),
        _ => {
            let path = name.strip_prefix("UTF-8:").unwrap_or(name);
            let text = std::fs::read_to_string(folder.join(path)).or_else(|_| std::fs::read_to_string(path)).ok()?;
            Some(
                text.strip_suffix('\n').map(|text| text.strip_suffix('\r').unwrap_or(text)).unwrap_or(&text).to_owned(),
            )
        }
    };
    let tree = std::mem::take(&mut read.tree);
    let tree = variables::filled(tree, &mut String::new(), &variable)
        .map_err(|unset| vec![problem(read.place(&unset.pointer), unset.reason)])?;
    let realms = match tree {
        Value::Array(realms) => realms.into_iter().enumerate().map(|(at, realm)| (format!("/{at}"), realm)).collect(),
        Value::Null => Vec::new(),
        realm => vec![(String::new(), realm)],
    };
    let mut problems = Vec::new();
    for (above, realm) in &realms {
        check(realm, above, &read, &mut |place, reason| problems.push(problem(place, reason)));
    }
    if problems.is_empty() { Ok(realms.into_iter().map(|(_, realm)| realm).collect()) } else { Err(problems) }
}

/// Names every field that no representation has, and the first value of a wrong type.
fn check(realm: &Value, above: &str, read: &Read, tell: &mut dyn FnMut(Option<Place>, String)) {
    let Value::Object(fields) = realm else {
        return tell(read.place(above), "not an object with a realm's fields".to_owned());
    };
    let profile = fields.get("userProfile").cloned();
    let realm = tree::without(realm, &["userProfile"]);
    check_as::<Realm>(realm, above, read, tell);
    if let Some(profile) = profile {
        check_as::<ProfileConfig>(profile, &format!("{above}/userProfile"), read, tell);
    }
}

fn check_as<T: serde::de::DeserializeOwned>(
    mut value: Value,
    above: &str,
    read: &Read,
    tell: &mut dyn FnMut(Option<Place>, String),
) {
    const MOST: usize = 50;
    for _ in 0..MOST {
        match lenient::from_written::<T>(value.clone()) {
            Ok(_) => return,
            Err(BodyError::Unknown { field, pointer, known, .. }) => {
                let tip = nearest(&field, known.iter().copied())
                    .first()
                    .map(|name| format!(": did you mean \"{name}\"?"))
                    .unwrap_or_default();
                tell(read.place(&format!("{above}{pointer}")), format!("there is no field \"{field}\"{tip}"));
                let Some((holder, _)) = pointer.rsplit_once('/') else { return };
                let Some(Value::Object(fields)) = value.pointer_mut(holder) else { return };
                fields.remove(&field);
            }
            Err(BodyError::Type { path, reason }) => {
                let pointer = path.replace(['.', '['], "/").replace(']', "");
                return tell(read.place(&format!("{above}/{pointer}")), format!("{path}: {reason}"));
            }
            Err(other) => return tell(read.place(above), other.to_string()),
        }
    }
}

/// Two files of one realm as one: named things are joined, all else is taken from the second.
fn joined(first: Value, second: Value) -> Value {
    match (first, second) {
        (Value::Object(first), Value::Object(second)) => {
            let mut all: Map<String, Value> = first;
            for (field, value) in second {
                let before = all.remove(&field).unwrap_or(Value::Null);
                all.insert(field, joined(before, value));
            }
            Value::Object(all)
        }
        (Value::Array(mut first), Value::Array(second)) if second.iter().all(|entry| tree::name(entry).is_some()) => {
            for entry in second {
                match first.iter_mut().find(|other| tree::name(other) == tree::name(&entry)) {
                    Some(other) => *other = joined(std::mem::take(other), entry),
                    None => first.push(entry),
                }
            }
            Value::Array(first)
        }
        (_, second) => second,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, text: &str) -> Source {
        Source { name: name.to_owned(), text: text.to_owned() }
    }

    fn loaded(sources: &[Source]) -> Result<Vec<Desired>, Vec<String>> {
        load(sources, &|name| (name == "ON").then(|| "true".to_owned()))
            .map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn files_of_a_realm_are_one() {
        let files = [
            source("1.yaml", "realm: acme\nenabled: $(env:ON)\nclients:\n- clientId: a\n  redirectUris: [x]\n"),
            source("2.json", r#"{ "clients": [{ "clientId": "a", "redirectUris": ["y"] }, { "clientId": "b" }] }"#),
        ];
        let desired = loaded(&files).unwrap();
        let expected = serde_json::json!({ "realm": "acme", "enabled": true,
            "clients": [{ "clientId": "a", "redirectUris": ["y"] }, { "clientId": "b" }] });
        assert_eq!(desired[0].tree, expected);
    }

    #[test]
    fn every_unknown_field_is_named_with_its_place_and_the_nearest_name() {
        let file =
            source("r.yaml", "realm: acme\nclients:\n- clientId: a\n  redirectURIs: []\nclientScopes:\n- nmae: x\n");
        let expected = [
            "r.yaml:4:3: there is no field \"redirectURIs\": did you mean \"redirectUris\"?",
            "r.yaml:6:3: there is no field \"nmae\": did you mean \"name\"?",
        ];
        assert_eq!(loaded(&[file]).unwrap_err(), expected);
        let file = source("r.yaml", "realm: acme\nusers:\n- username: bob\n  enabled: perhaps\n");
        assert_eq!(loaded(&[file]).unwrap_err(), ["r.yaml:4:3: users[0].enabled: neither true nor false"]);
    }

    #[test]
    fn a_realm_has_a_name_and_variables_have_values() {
        assert_eq!(
            loaded(&[source("a", "enabled: true\n")]).unwrap_err(),
            ["a:1:1: the realm's name is missing: realm: NAME"]
        );
        let unset = loaded(&[source("a", "realm: acme\nsmtpServer:\n  password: $(env:NO)\n")]).unwrap_err();
        assert!(unset[0].starts_with("a:3:3: the variable NO is not set"), "{unset:?}");
        assert!(loaded(&[source("a", "realm: [\n")]).unwrap_err()[0].starts_with("a:"));
    }
}
