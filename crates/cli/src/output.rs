//! How answers are printed: a table for people, JSON or YAML for programs.

use std::io::{self, IsTerminal, Write};

use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Map, Value};

use crate::failure::{Failure, Result};

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Table,
    Json,
    Yaml,
}

/// The columns that a list shows, as far as it has them.
const COLUMNS: [&str; 13] = [
    "id",
    "realm",
    "username",
    "clientId",
    "alias",
    "name",
    "displayName",
    "email",
    "firstName",
    "lastName",
    "enabled",
    "providerId",
    "description",
];

/// Prints an answer: as asked, else as a table on a terminal and as JSON elsewhere. `fields` picks and orders.
pub(crate) fn print(value: &Value, format: Option<Format>, fields: &[String]) -> Result<()> {
    let terminal = io::stdout().is_terminal();
    let format = format.unwrap_or(if terminal { Format::Table } else { Format::Json });
    let text = match format {
        Format::Table => table(value, fields),
        Format::Json => serde_json::to_string_pretty(&picked(value, fields)).map_err(unprintable)?,
        Format::Yaml => serde_saphyr::to_string(&picked(value, fields)).map_err(unprintable)?,
    };
    say(&text)
}

fn unprintable(e: impl std::fmt::Display) -> Failure {
    Failure::Io(format!("the answer cannot be printed: {e}"))
}

/// Prints a line or more; a reader that has hung up is no problem.
pub(crate) fn say(text: &str) -> Result<()> {
    match writeln!(io::stdout().lock(), "{}", text.trim_end_matches('\n')) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(e.into()),
        _ => Ok(()),
    }
}

fn picked(value: &Value, fields: &[String]) -> Value {
    match value {
        _ if fields.is_empty() => value.clone(),
        Value::Array(list) => list.iter().map(|item| picked(item, fields)).collect(),
        Value::Object(object) => {
            let pick = |name: &String| Some((name.clone(), object.get(name)?.clone()));
            fields.iter().filter_map(pick).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

fn table(value: &Value, fields: &[String]) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    match value {
        Value::Array(list) if list.is_empty() => return "(none)".to_owned(),
        Value::Array(list) if list.iter().all(Value::is_object) => {
            let columns = columns(list, fields);
            table.set_header(&columns);
            for item in list {
                table.add_row(columns.iter().map(|name| cell(&item[name.as_str()])));
            }
        }
        Value::Array(list) => {
            table.add_rows(list.iter().map(|item| [cell(item)]));
        }
        Value::Object(_) => {
            if let Value::Object(object) = picked(value, fields) {
                table.add_rows(object.iter().map(|(name, value)| [name.clone(), cell(value)]));
            }
        }
        other => return cell(other),
    }
    table.to_string()
}

/// What is asked for; else the usual columns that occur; else the first few that do.
fn columns(list: &[Value], fields: &[String]) -> Vec<String> {
    if !fields.is_empty() {
        return fields.to_vec();
    }
    let occurs = |name: &str| list.iter().any(|item| item.get(name).is_some_and(|v| !v.is_null()));
    let usual: Vec<String> = COLUMNS.iter().filter(|name| occurs(name)).map(|name| (*name).to_owned()).collect();
    if usual.len() > 1 {
        return usual;
    }
    let first = list.first().and_then(Value::as_object);
    first.map(|object| object.keys().take(6).cloned().collect()).unwrap_or_default()
}

/// Control characters are shown, not obeyed: names come from anybody.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => {
            text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_list_shows_the_usual_columns() {
        let list = json!([{ "emailVerified": true, "username": "ann", "id": "1" }, { "id": "2", "username": "bob", "email": "b@x" }]);
        let shown = table(&list, &[]);
        let header = shown.lines().nth(1).unwrap();
        assert!(
            header.find("id") < header.find("username") && header.find("username") < header.find("email"),
            "{shown}"
        );
        assert!(!shown.contains("emailVerified"));
        assert!(table(&list, &["emailVerified".to_owned()]).contains("true"));
    }

    #[test]
    fn fields_are_picked_in_their_order() {
        let fields = ["b".to_owned(), "a".to_owned(), "x".to_owned()];
        let text = serde_json::to_string(&picked(&json!([{ "a": 1, "b": 2, "c": 3 }]), &fields)).unwrap();
        assert_eq!(text, r#"[{"b":2,"a":1}]"#);
    }

    #[test]
    fn names_cannot_command_the_terminal() {
        assert!(!table(&json!({ "name": "\u{1b}[2J" }), &[]).contains('\u{1b}'));
    }
}
