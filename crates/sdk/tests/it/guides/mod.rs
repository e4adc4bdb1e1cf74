//! The guides in `docs/` for those who come from other libraries: what they say is compiled, and they leave nothing out.
//!
//! A guide's tables, examples and types stand word for word in a file beside this one, one statement a row; the names of the
//! other library stand in a list. To change a row, change the guide and the file; the tests below say where they differ.

use std::collections::BTreeMap;

// rows stand on one line, as in the guide, and are not used
#[allow(unused, clippy::all, clippy::print_stdout)]
#[rustfmt::skip]
mod ackc;
#[allow(unused, clippy::all, clippy::print_stdout)]
#[rustfmt::skip]
mod ackc_blocking;
#[allow(unused, clippy::all, clippy::print_stdout)]
#[rustfmt::skip]
mod python_keycloak;
#[allow(unused, clippy::all, clippy::print_stdout)]
#[rustfmt::skip]
mod python_keycloak_blocking;
#[allow(unused, clippy::all, clippy::print_stdout)]
#[rustfmt::skip]
mod python_keycloak_client;

/// What a guide is checked against.
struct Guide {
    text: &'static str,
    code: &'static str,
    /// The same without `async`, for a part of the tables.
    blocking: &'static str,
    names: &'static str,
}

macro_rules! guide {
    ($name:literal, $code:literal, $blocking:expr) => {
        Guide {
            text: include_str!(concat!("../../../../../docs/from-", $name, ".md")),
            code: include_str!($code),
            blocking: $blocking,
            names: include_str!(concat!($name, ".names.txt")),
        }
    };
}

const GUIDES: [Guide; 3] = [
    guide!("python-keycloak", "python_keycloak.rs", include_str!("python_keycloak_blocking.rs")),
    guide!("python-keycloak-client", "python_keycloak_client.rs", ""),
    guide!("ackc", "ackc.rs", include_str!("ackc_blocking.rs")),
];

/// A table: the heading it is under, what it takes as given, and its rows of names and code.
#[derive(Default)]
struct Table {
    section: String,
    given: Vec<String>,
    is_rust: bool,
    rows: Vec<(Vec<String>, Vec<String>)>,
}

/// The code in a line of Markdown, a span each.
fn spans(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(|span| span.replace("\\|", "|")).collect()
}

/// The cells of a row. A bar within a cell is escaped.
fn cells(row: &str) -> Vec<String> {
    let bars = row.replace("\\|", "\0");
    bars.trim_matches('|').split('|').map(|cell| cell.trim().replace('\0', "|")).collect()
}

fn tables(guide: &str) -> Vec<Table> {
    let (mut tables, mut section, mut given) = (Vec::<Table>::new(), "", Vec::new());
    let mut lines = guide.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            section = title;
        } else if let Some(types) = line.strip_prefix("Given: ") {
            given = spans(types);
        } else if line.starts_with('|') {
            let is_rust = cells(line)[1] == "Rust";
            let rows = lines.by_ref().skip(1).take_while(|row| row.starts_with('|')).map(|row| {
                let cells = cells(row);
                (spans(&cells[0]), spans(&cells[1]))
            });
            let (section, given) = (section.to_owned(), std::mem::take(&mut given));
            tables.push(Table { rows: rows.collect(), section, given, is_rust });
        }
    }
    tables
}

/// A table as the function that it has to be, after its first line.
fn body(table: &Table) -> String {
    let statement = |(names, code): &(Vec<String>, Vec<String>)| match code.as_slice() {
        [code] => format!("    {code};\n"),
        _ => panic!("the Rust cell of {names:?} is not one piece of code"),
    };
    let statements: String = table.rows.iter().map(statement).collect();
    format!(" {{\n{statements}    Ok(())\n}}\n")
}

/// The first line of the function with this body.
fn signature<'c>(code: &'c str, body: &str) -> Option<&'c str> {
    code[..code.find(body)?].lines().next_back()
}

#[test]
fn what_the_guides_say_is_what_compiles() {
    for Guide { text, code, .. } in GUIDES {
        let mut functions = 0;
        for table in tables(text).iter().filter(|table| table.is_rust) {
            let body = body(table);
            let found = signature(code, &body);
            let first = found.unwrap_or_else(|| panic!("{}: no function has these rows:\n{body}", table.section));
            for given in &table.given {
                assert!(first.contains(given), "{}: `{given}` is not in {first}", table.section);
            }
            let types = first.matches(": ").count();
            let handles = ["kc: &Client", "acme: Realm", "app: &OidcClient", "photos: &Client"];
            let named = table.given.len() + handles.iter().filter(|handle| first.contains(*handle)).count();
            assert_eq!(named, types, "{}: not all of {first} is given", table.section);
            functions += 1;
        }
        for example in text.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            assert!(code.contains(example), "not compiled:\n{example}");
            functions += 1;
        }
        assert_eq!(code.matches("fn ").count(), functions, "a function stands in no guide");
    }
}

#[test]
fn without_async_a_row_is_the_same_less_its_await() {
    for Guide { code, blocking, .. } in GUIDES {
        let code = code.replace("async fn", "fn").replace(".await", "");
        for function in blocking.split("\n\nfn ").skip(1) {
            assert!(code.contains(&format!("\nfn {}", function.trim_end())), "not the same: fn {function}");
        }
    }
}

#[test]
fn every_method_stands_in_its_guide_once() {
    for Guide { text, names, .. } in GUIDES {
        let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut section = "";
        for line in names.lines().skip(1).filter(|line| !line.is_empty()) {
            match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                Some(title) => section = title,
                None => wanted.entry(section).or_default().push(line),
            }
        }
        let tables = tables(text);
        let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for table in &tables {
            let names = table.rows.iter().flat_map(|(names, _)| names).map(String::as_str);
            found.entry(&table.section).or_default().extend(names);
        }
        wanted.values_mut().chain(found.values_mut()).for_each(|names| names.sort_unstable());
        for (section, wanted) in &wanted {
            assert_eq!(found.get(section), Some(wanted), "under {section}");
        }
        assert_eq!(found.len(), wanted.len(), "a section is not in the list");
    }
}
