//! Help text and `show-config`, both from the table.

use super::{
    Command, Problem, Sources,
    options::{self, Kind, Opt},
    sources::{Origin, Values},
};

const WIDTH: usize = 96;

/// The options of a command, by group, in plain text of at most 96 columns.
pub fn help(command: Command) -> String {
    let mut text = String::new();
    let mut group = "";
    for option in options::ALL {
        if option.group != group {
            group = option.group;
            text.push_str(&format!("\n{group}:\n"));
        }
        text.push_str(&entry(option, command));
    }
    text.push_str(
        "\nEvery option is also a variable (--http-port is KC_HTTP_PORT) and a line of conf/keycloak.conf\n\
         (http-port=8080). With '-file' behind its name an option reads its value from a file\n\
         (--db-password-file, KC_DB_PASSWORD_FILE). A flag beats a variable, a variable beats the file.\n",
    );
    text
}

fn entry(option: &Opt, command: Command) -> String {
    let mut words = option.help.trim().to_owned();
    if let Some(default) = option.default_for(command) {
        words.push_str(&format!(" Default: {default}."));
    }
    let placeholder = option.kind.placeholder().map(|p| format!(" {p}")).unwrap_or_default();
    let short = if option.name == "config-file" { "-cf, " } else { "" };
    let mut entry = format!("  {short}--{}{placeholder}\n", option.name);
    let mut line = String::new();
    for word in words.split_whitespace() {
        if line.len() + word.len() + 9 > WIDTH {
            entry.push_str(&format!("        {line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    entry.push_str(&format!("        {line}\n"));
    entry
}

/// What `show-config` prints: every option somebody set, its value unless it is secret, and who set it. `all` adds defaults.
pub fn show(command: Command, sources: &Sources<'_>, all: bool) -> Result<String, Problem> {
    let values = Values::read(command, sources)?;
    let mut text = String::new();
    for option in options::ALL {
        let Some((origin, value)) = values.get(option) else { continue };
        if origin == Origin::Default && !all {
            continue;
        }
        // an address may hold a password
        let hidden = option.kind == Kind::Secret || option.name == "db-url" && value.contains(['@', '?']);
        let value = if hidden { "*******" } else { value };
        text.push_str(&format!("{} = {value} ({})\n", option.name, origin.words()));
    }
    Ok(text)
}
