//! kcadm's own command line: its arguments, its words, its files and its exit codes, over the same requests.

mod auth;
mod help;
mod options;
mod print;
mod request;
mod roles;
mod stop;
mod words;

use std::ffi::OsString;
use std::process::ExitCode;

use http::Method;

use crate::api::Api;
use crate::body::{Body, is_stdin};
use options::{COMMANDS, Spec};
use stop::{Stop, failed, usage};
use words::Given;

pub(crate) fn run(words: &[OsString]) -> ExitCode {
    let words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let (name, help, outcome) = dispatch(&words);
    let code = match outcome {
        Ok(()) => 0,
        Err(Stop::Help) => {
            print::out(&(help + "\n")).ok();
            2
        }
        Err(Stop::Failed(text)) => {
            eprintln!("{text}");
            1
        }
        Err(Stop::Usage(text)) => {
            eprintln!("{text}\nTry 'kcadm.sh{name} --help' for more information on the available options.");
            2
        }
    };
    ExitCode::from(code)
}

/// The command's name with a space before it, its help, and what it came to.
fn dispatch(words: &[String]) -> (String, String, Result<(), Stop>) {
    let first = words.first().map(String::as_str);
    match first {
        None => return (String::new(), help::general(), Err(Stop::Help)),
        Some("--help") => return (String::new(), String::new(), print::out(&help::general())),
        Some("help") => return (" help".to_owned(), String::new(), explain(&words[1..])),
        _ => {}
    }
    let Some(spec) = COMMANDS.iter().find(|spec| spec.words.iter().eq(words.iter().take(spec.words.len()))) else {
        return unknown(words);
    };
    let before = spec.words.len();
    let outcome = Given::read(spec, &words[before..], before)
        .and_then(|given| if given.has("--help") { print::out(&help::command(spec)) } else { perform(spec, &given) });
    (format!(" {}", spec.name()), help::command(spec), outcome)
}

fn unknown(words: &[String]) -> (String, String, Result<(), Stop>) {
    let config = words[0] == "config";
    let (at, name) = if config { (1, " config".to_owned()) } else { (0, String::new()) };
    let outcome = match words.get(at).map(String::as_str) {
        None => Err(Stop::Help),
        Some("--help") => print::out(&help::config()),
        Some(word) if word.starts_with('-') => Err(usage(format!("Unknown option: '{word}'"))),
        Some(word) => Err(usage(format!("Unmatched argument at index {at}: '{word}'"))),
    };
    (name, help::config(), outcome)
}

/// `help COMMAND`.
fn explain(words: &[String]) -> Result<(), Stop> {
    if words.is_empty() {
        return print::out(&help::general());
    }
    let name = words.join(" ");
    match COMMANDS.iter().find(|spec| spec.name() == name) {
        Some(spec) => print::out(&help::command(spec)),
        None if name == "config" => print::out(&help::config()),
        None => Err(usage(format!("Unknown command: {name}"))),
    }
}

fn perform(spec: &Spec, given: &Given) -> Result<(), Stop> {
    match spec.words {
        ["config", "credentials"] => auth::credentials(given),
        ["config", _] => auth::truststore(given),
        ["create"] => request::run(given, Method::POST),
        ["get"] => request::run(given, Method::GET),
        ["update"] => request::run(given, Method::PUT),
        ["delete"] => request::run(given, Method::DELETE),
        ["get-roles"] => roles::list(given),
        ["add-roles"] => roles::change(given, "add", Method::POST),
        ["remove-roles"] => roles::change(given, "remove", Method::DELETE),
        ["set-password"] => roles::set_password(given),
        _ => new_object(given),
    }
}

/// A realm's API, as a command's options aim at it.
fn api(given: &Given, resource: &str) -> Result<Api, Stop> {
    let (opened, known) = auth::open(given)?;
    let aimed = given.has("--target-realm") || known || resource.starts_with("realms") || resource.starts_with("http");
    if !aimed && resource != "serverinfo" {
        return Err(failed("Illegal state - no current realm in config data"));
    }
    let api = Api::over(opened, given.one("--target-realm"), given.one("--admin-root"), false);
    Ok(api.accepting("application/json"))
}

/// The body that the options make.
fn body(given: &Given, raw: bool) -> Result<Body, Stop> {
    let mut body = Body {
        file: given.one("--file").map(Into::into),
        body: given.owned("--body"),
        set: given.all("--set").to_vec(),
        delete: given.all("--delete").to_vec(),
    };
    if let Some(file) = body.file.as_deref().filter(|file| !is_stdin(file) && !file.is_file()) {
        return Err(failed(format!("File not found: {}", file.display())));
    }
    if let Some(file) = body.file.take_if(|_| !raw) {
        // JSON alone, where `cloakroom` itself reads YAML too
        let bytes = crate::input::bytes(&file)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let _: serde_json::Value =
            serde_json::from_str(&text).map_err(|e| failed(format!("Not a valid JSON document - {e}")))?;
        body.body = Some(text);
    }
    Ok(body)
}

/// `new-object`: what the body of a request would be.
fn new_object(given: &Given) -> Result<(), Stop> {
    if given.is_empty() {
        return Err(Stop::Help);
    }
    given.all("--set").iter().try_for_each(|text| request::pair(text).map(drop))?;
    let bytes = body(given, false)?.read(None, false)?.unwrap_or_default();
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if given.has("--compressed") { print::out(&value.to_string()) } else { print::answer(&print::pretty(&value)) }
}
