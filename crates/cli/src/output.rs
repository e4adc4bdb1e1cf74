//! How answers are printed: a table for people, JSON, YAML or CSV for programs.

use std::io::{self, IsTerminal, Write};

use clap::{Args, ValueEnum};
use comfy_table::{Attribute, Cell, ContentArrangement, Table, presets};
use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::fields::{Fields, Unnamed, csv};

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people; a list shows its most usual fields
    Table,
    Json,
    Yaml,
    /// A line for each item, without a heading
    Csv,
}

/// How an answer is printed.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct Look {
    /// How the answer is printed [default: table on a terminal, else json]
    #[arg(short, long, visible_alias = "format", value_name = "FORMAT", help_heading = "Output")]
    pub(crate) output: Option<Format>,
    /// The fields to print: `id,name`, `*` for all, `-name` for all but one (with `*`), `config(a,b)` for what is within
    #[arg(short = 'F', long, value_name = "FIELDS", value_parser = Fields::parse, help_heading = "Output")]
    pub(crate) fields: Option<Fields>,
    /// JSON on one line
    #[arg(short, long, help_heading = "Output")]
    pub(crate) compressed: bool,
    /// Text without quotes, with `-o csv`
    #[arg(long, help_heading = "Output")]
    pub(crate) noquotes: bool,
}

/// The columns that a list shows, as far as it has them.
const COLUMNS: [&str; 18] = [
    "current",
    "id",
    "server",
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
    "client",
    "user",
    "state",
    "description",
];

/// Prints a value in one of the formats: as asked, else as a table on a terminal and as JSON elsewhere. `fields` are columns.
pub(crate) fn print(value: &Value, format: Option<Format>, fields: &[String]) -> Result<()> {
    let fields = Fields::parse(&fields.join(",")).ok();
    Look { output: format, fields, ..Look::default() }.print(value)
}

impl Look {
    /// Prints an answer as it is asked for.
    pub(crate) fn print(&self, value: &Value) -> Result<()> {
        let terminal = io::stdout().is_terminal();
        let usual = if terminal && !self.compressed { Format::Table } else { Format::Json };
        let picked;
        let shown = match &self.fields {
            Some(fields) => {
                picked = fields.pick(value, Unnamed::Whole);
                &picked
            }
            None => value,
        };
        let text = match self.output.unwrap_or(usual) {
            Format::Table => table(shown, self.fields.as_ref().and_then(Fields::columns), colours(terminal)),
            Format::Json if self.compressed => shown.to_string(),
            Format::Json if colours(terminal) => coloured(shown),
            Format::Json => serde_json::to_string_pretty(shown).map_err(unprintable)?,
            Format::Yaml => serde_saphyr::to_string(shown).map_err(unprintable)?,
            Format::Csv => return say_nothing_or(&csv(shown, self.fields.as_ref(), !self.noquotes)),
        };
        say(&text)
    }
}

fn say_nothing_or(text: &str) -> Result<()> {
    if text.is_empty() { Ok(()) } else { say(text) }
}

/// On a terminal whose user has not turned them off (<https://no-color.org>).
fn colours(terminal: bool) -> bool {
    terminal
        && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
        && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
}

/// JSON with its names in one colour and its texts in another.
fn coloured(value: &Value) -> String {
    let plain = serde_json::to_string_pretty(value).unwrap_or_default();
    let line = |line: &str| {
        let body = line.trim_start();
        let indent = &line[..line.len() - body.len()];
        // a name ends at the first `": `: quotes within it are escaped
        let (name, rest) = match body.strip_prefix('"').and_then(|b| b.find("\": ")) {
            Some(at) => body.split_at(at + 2),
            None => ("", body),
        };
        let (colon, rest) = rest.strip_prefix(": ").map_or(("", rest), |rest| (": ", rest));
        let name = if name.is_empty() { String::new() } else { format!("\u{1b}[34m{name}\u{1b}[0m") };
        let rest = if rest.starts_with('"') {
            let end = rest.len() - usize::from(rest.ends_with(','));
            format!("\u{1b}[32m{}\u{1b}[0m{}", &rest[..end], &rest[end..])
        } else {
            rest.to_owned()
        };
        format!("{indent}{name}{colon}{rest}")
    };
    plain.lines().map(line).collect::<Vec<_>>().join("\n")
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

fn table(value: &Value, fields: Option<Vec<String>>, colours: bool) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_BORDERS_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    let heading =
        |name: &String| if colours { Cell::new(name).add_attribute(Attribute::Bold) } else { Cell::new(name) };
    match value {
        Value::Array(list) if list.is_empty() => return "(none)".to_owned(),
        Value::Array(list) if list.iter().all(Value::is_object) => {
            let columns = fields.unwrap_or_else(|| columns(list));
            table.set_header(columns.iter().map(heading));
            for item in list {
                table.add_row(columns.iter().map(|name| cell(&item[name.as_str()])));
            }
        }
        Value::Array(list) => {
            table.add_rows(list.iter().map(|item| [cell(item)]));
        }
        Value::Object(object) => {
            table.add_rows(object.iter().map(|(name, value)| [heading(name), Cell::new(cell(value))]));
        }
        other => return cell(other),
    }
    table.to_string()
}

/// The usual columns that occur; else the first few that do.
fn columns(list: &[Value]) -> Vec<String> {
    let occurs = |name: &str| list.iter().any(|item| item.get(name).is_some_and(|v| !v.is_null()));
    let usual: Vec<String> = COLUMNS.iter().filter(|name| occurs(name)).map(|name| (*name).to_owned()).collect();
    if usual.len() > 1 {
        return usual;
    }
    let first = list.first().and_then(Value::as_object);
    first.map(|object| object.keys().take(6).cloned().collect()).unwrap_or_default()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => shown(text),
        other => other.to_string(),
    }
}

/// Control characters are shown, not obeyed: names come from anybody.
pub(crate) fn shown(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_list_shows_the_usual_columns() {
        let list = json!([{ "emailVerified": true, "username": "ann", "id": "1" }, { "id": "2", "username": "bob", "email": "b@x" }]);
        let shown = table(&list, None, false);
        let header = shown.lines().nth(1).unwrap();
        assert!(
            header.find("id") < header.find("username") && header.find("username") < header.find("email"),
            "{shown}"
        );
        assert!(!shown.contains("emailVerified"));
        assert!(table(&list, Some(vec!["emailVerified".to_owned()]), false).contains("true"));
    }

    #[test]
    fn colours_change_nothing_but_the_colour() {
        let value = json!({ "a\": b": "x\", ", "n": 1, "list": ["t"], "o": {} });
        let shown = coloured(&value);
        assert!(shown.contains("\u{1b}[34m\"n\"\u{1b}[0m: 1"), "{shown}");
        let plain = ["\u{1b}[34m", "\u{1b}[32m", "\u{1b}[0m"].iter().fold(shown, |text, code| text.replace(code, ""));
        assert_eq!(plain, serde_json::to_string_pretty(&value).unwrap());
    }

    #[test]
    fn names_cannot_command_the_terminal() {
        assert!(!table(&json!({ "name": "\u{1b}[2J" }), None, false).contains('\u{1b}'));
    }
}
