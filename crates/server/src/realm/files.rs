//! Realms in files: what `--import-realm` reads from the `import` folder at start.

use super::import;
use crate::{App, config::Problem};
use cloakroom_api::{admin::realms::Realm, lenient};
use cloakroom_store::realms;
use serde_json::Value;
use std::{collections::BTreeMap, io, path::Path};

/// Imports the realms of a folder. One that exists already is left as it is. Each realm is written whole or not at all.
pub fn import(app: &App, folder: &Path) -> Result<(), Problem> {
    let variable = |name: &str| std::env::var(name).ok().filter(|_| may_be_read(name));
    let files = read(folder).map_err(|e| broken(folder, &e))?;
    for realm in realms_of(files, &variable)? {
        let name = realm.realm.clone().unwrap_or_default();
        let failed = |e: &dyn std::fmt::Display| Problem::failed(format!("Realm '{name}' cannot be imported: {e}."));
        let mut work = app.store.work();
        if realms::by_name(work.read().map_err(|e| failed(&e))?, &name).map_err(|e| failed(&e))?.is_some() {
            tracing::info!("realm '{name}' exists already: not imported");
            continue;
        }
        work.rest();
        let now = app.clock.now();
        let realm = import::prepare(app, realm, now).map_err(|e| failed(&e))?;
        match work.write().map_err(crate::Error::from).and_then(|db| import::write(app, db, realm, now)) {
            // another node that starts at the same time was faster
            Err(error) if error.status == http::StatusCode::CONFLICT => continue,
            outcome => outcome.map_err(|e| failed(&e))?,
        };
        work.commit().map_err(|e| failed(&e))?;
        tracing::info!("realm '{name}' imported");
    }
    Ok(())
}

/// The JSON files of a folder by name; none where there is no folder.
fn read(folder: &Path) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let entries = match std::fs::read_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        entries => entries?,
    };
    let mut files = BTreeMap::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if name.ends_with(".json") && path.is_file() {
            files.insert(name.to_owned(), std::fs::read(&path)?);
        }
    }
    Ok(files)
}

fn broken(file: &Path, why: &dyn std::fmt::Display) -> Problem {
    Problem::failed(format!("'{}' cannot be imported: {why}.", file.display()))
}

/// The realms of these files: one a file, or a list of them; `NAME-users-0.json` and the like hold users of realm NAME.
fn realms_of(
    files: BTreeMap<String, Vec<u8>>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<Realm>, Problem> {
    let mut realms: Vec<Realm> = Vec::new();
    let mut users: Vec<(String, Realm)> = Vec::new();
    for (file, bytes) in files {
        let broken = |why: &dyn std::fmt::Display| broken(Path::new(&file), why);
        let mut value: Value = serde_json::from_slice(&bytes).map_err(|e| broken(&e))?;
        fill(&mut value, variable);
        let list = if let Value::Array(list) = value { list } else { vec![value] };
        for value in list {
            let bytes = serde_json::to_vec(&value).map_err(|e| broken(&e))?;
            let realm: Realm = lenient::read_json(&bytes).map_err(|e| broken(&e))?;
            if realm.realm.as_deref().is_none_or(str::is_empty) {
                return Err(broken(&"it names no realm"));
            }
            if holds_users(&file) { users.push((file.clone(), realm)) } else { realms.push(realm) }
        }
    }
    for (file, more) in users {
        let realm = realms.iter_mut().find(|r| r.realm == more.realm);
        let realm = realm.ok_or_else(|| broken(Path::new(&file), &"there is no file with the realm itself"))?;
        realm.users.get_or_insert_default().extend(more.users.unwrap_or_default());
        realm.federated_users.get_or_insert_default().extend(more.federated_users.unwrap_or_default());
    }
    // the others' administration is part of master
    realms.sort_by_key(|realm| realm.realm.as_deref() != Some(crate::admin::access::MASTER));
    Ok(realms)
}

/// `NAME-users-0.json`, `NAME-federated-users-0.json`: how an export divides many users.
fn holds_users(file: &str) -> bool {
    let stem = file.strip_suffix(".json").unwrap_or(file);
    stem.rsplit_once('-').is_some_and(|(name, number)| {
        name.ends_with("-users") && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
    })
}

/// A file may come from elsewhere: it is not told the server's own settings, among them passwords.
fn may_be_read(variable: &str) -> bool {
    !variable.starts_with("KC_") && !variable.starts_with("KEYCLOAK_")
}

/// Puts variables in place of `${NAME}` and `${NAME:default}` in every text. What is neither stays: realms are full of
/// `${…}` that are keys of messages.
fn fill(value: &mut Value, variable: &dyn Fn(&str) -> Option<String>) {
    match value {
        Value::String(text) if text.contains("${") => *text = filled(text, variable),
        Value::Array(values) => values.iter_mut().for_each(|v| fill(v, variable)),
        Value::Object(fields) => fields.values_mut().for_each(|v| fill(v, variable)),
        _ => {}
    }
}

fn filled(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        let (name, default) = match rest[start + 2..start + length].split_once(':') {
            Some((name, default)) => (name, Some(default.to_owned())),
            None => (&rest[start + 2..start + length], None),
        };
        out.push_str(&rest[..start]);
        match variable(name).or(default) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&rest[start..=start + length]),
        }
        rest = &rest[start + length + 1..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(files: &[(&str, &str)]) -> Result<Vec<Realm>, Problem> {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
        realms_of(files, &|name| (name == "SECRET").then(|| "s\"3".to_owned()))
    }

    #[test]
    fn users_in_files_of_their_own_join_their_realm() {
        let files = [
            ("acme-realm.json", r#"{"realm": "acme", "users": [{"username": "a"}]}"#),
            ("acme-users-0.json", r#"{"realm": "acme", "users": [{"username": "b"}]}"#),
            ("acme-users-1.json", r#"{"realm": "acme", "users": [{"username": "c"}]}"#),
        ];
        let realms = read_all(&files).unwrap();
        let names: Vec<_> = realms[0].users.iter().flatten().filter_map(|u| u.username.as_deref()).collect();
        assert_eq!((realms.len(), names), (1, vec!["a", "b", "c"]));
        assert!(read_all(&files[1..]).is_err(), "users of no realm");
    }

    #[test]
    fn a_file_may_hold_many_realms_and_master_comes_first() {
        let realms = read_all(&[("all.json", r#"[{"realm": "acme"}, {"realm": "master"}]"#)]).unwrap();
        assert_eq!(realms.iter().filter_map(|r| r.realm.as_deref()).collect::<Vec<_>>(), ["master", "acme"]);
    }

    #[test]
    fn variables_are_filled_in_and_message_keys_stay() {
        let text = r#"{"realm": "a", "displayName": "${SECRET}${NONE:x}${rep:${loginTitle}", "displayNameHtml": "${title} ${"}"#;
        let realm = read_all(&[("a.json", text)]).unwrap().remove(0);
        assert_eq!(realm.display_name_html.as_deref(), Some("${title} ${"));
        assert!(realm.display_name.unwrap().starts_with("s\"3x"));
        assert!(!may_be_read("KC_DB_PASSWORD") && may_be_read("ACME_SECRET"));
    }

    #[test]
    fn a_broken_file_is_named() {
        for text in ["{", "[]x", r#"{"enabled": true}"#, r#"{"realm": "a", "nonsense": 1}"#] {
            let problem = read_all(&[("a.json", text)]).unwrap_err();
            assert!(problem.to_string().contains("a.json"), "{problem}");
        }
    }
}
