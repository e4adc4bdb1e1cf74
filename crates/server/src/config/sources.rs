//! Where settings come from, and which of them wins: flags, then the environment, then the file, then the default.

use super::{
    Command, Notice, Problem, file,
    options::{self, Kind, Opt},
};
use cloakroom_api::names::nearest;
use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

/// What the configuration is read from.
pub struct Sources<'a> {
    /// The words behind the command.
    pub args: &'a [String],
    pub env: &'a BTreeMap<String, String>,
    /// How files are read: the configuration file, and those that options with `-file` name.
    pub read: &'a dyn Fn(&Path) -> io::Result<String>,
}

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    Default,
    File,
    Environment,
    Flag,
}

impl Origin {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Origin::Default => "default",
            Origin::File => "configuration file",
            Origin::Environment => "environment",
            Origin::Flag => "command line",
        }
    }
}

/// Every option that has a value, and who set it.
pub(crate) struct Values {
    pub(crate) command: Command,
    set: BTreeMap<&'static str, (Origin, String)>,
    pub(crate) notices: Vec<Notice>,
}

/// What a name means.
enum Meaning {
    Value(&'static Opt),
    /// The value stands in a file.
    InFile(&'static Opt),
    /// `log-level-CATEGORY`
    CategoryLevel(String),
    Ignored,
    Unknown,
}

fn meaning(name: &str) -> Meaning {
    let find = |name: &str| options::ALL.iter().find(|o| o.name == name).copied();
    if let Some(option) = find(name) {
        return Meaning::Value(option);
    }
    if let Some(option) = name.strip_suffix("-file").and_then(find) {
        return Meaning::InFile(option);
    }
    if let Some(category) = name.strip_prefix("log-level-").filter(|c| !c.is_empty()) {
        return Meaning::CategoryLevel(category.to_owned());
    }
    let ignored = options::IGNORED.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == *pattern,
    });
    if ignored { Meaning::Ignored } else { Meaning::Unknown }
}

impl Values {
    pub(crate) fn read(command: Command, sources: &Sources<'_>) -> Result<Self, Problem> {
        let mut values = Self { command, set: BTreeMap::new(), notices: Vec::new() };
        values.flags(sources)?;
        values.environment(sources)?;
        values.file(sources)?;
        Ok(values)
    }

    /// The value that holds, and where it came from.
    pub(crate) fn get(&self, option: &Opt) -> Option<(Origin, &str)> {
        match self.set.get(option.name) {
            Some((origin, value)) => Some((*origin, value)),
            None => option.default_for(self.command).map(|default| (Origin::Default, default)),
        }
    }

    /// The value somebody set, without the default.
    pub(crate) fn explicit(&self, option: &Opt) -> Option<&str> {
        self.set.get(option.name).map(|(_, value)| value.as_str())
    }

    /// Sets an option unless a stronger source did. An empty value sets nothing; two from one source clash.
    fn put(&mut self, origin: Origin, option: &'static Opt, value: String) -> Result<(), Problem> {
        if value.is_empty() {
            return Ok(());
        }
        match self.set.get(option.name) {
            Some((stronger, _)) if *stronger > origin => {}
            Some((same, _)) if *same == origin && origin == Origin::Environment => {
                let name = option.env_name();
                return Err(Problem::usage(format!("Both {name} and {name}_FILE are set. Leave one of them away.")));
            }
            _ => {
                self.set.insert(option.name, (origin, value));
            }
        }
        Ok(())
    }

    fn put_from_file(
        &mut self,
        origin: Origin,
        option: &'static Opt,
        path: &str,
        sources: &Sources<'_>,
    ) -> Result<(), Problem> {
        if path.is_empty() {
            return Ok(());
        }
        let text = (sources.read)(Path::new(path)).map_err(|e| {
            Problem::usage(format!("The file '{path}' with the value of '{}' cannot be read: {e}.", option.name))
        })?;
        let text = text.strip_suffix('\n').map_or(text.as_str(), |t| t.strip_suffix('\r').unwrap_or(t)).to_owned();
        self.put(origin, option, text)
    }

    /// Levels of single categories join the list of levels, whichever source that came from.
    fn put_categories(&mut self, origin: Origin, categories: &[String]) {
        let option = &options::LOG_LEVEL;
        if let (Some((was, list)), false) = (self.get(option), categories.is_empty()) {
            let merged = (was.max(origin), format!("{list},{}", categories.join(",")));
            self.set.insert(option.name, merged);
        }
    }

    fn flags(&mut self, sources: &Sources<'_>) -> Result<(), Problem> {
        let mut categories = Vec::new();
        let mut words = sources.args.iter().peekable();
        while let Some(word) = words.next() {
            let (flag, inline) = word.split_once('=').map_or((word.as_str(), None), |(f, v)| (f, Some(v.to_owned())));
            let name = match flag {
                "-cf" => "config-file",
                "-v" => "verbose",
                _ => flag.strip_prefix("--").ok_or_else(|| {
                    Problem::usage(format!("'{word}' is not understood here: options start with two dashes."))
                })?,
            };
            let mut value = |bare: Option<&str>| -> Result<String, Problem> {
                if let Some(value) = &inline {
                    return Ok(value.clone());
                }
                if let (Some(bare), true) = (bare, words.peek().is_none_or(|next| next.starts_with('-'))) {
                    return Ok(bare.to_owned());
                }
                words.next().cloned().ok_or_else(|| Problem::usage(format!("Option '{flag}' needs a value.")))
            };
            match meaning(name) {
                Meaning::Value(option) => {
                    let value = match option.kind {
                        Kind::Switch => inline.clone().unwrap_or_else(|| "true".to_owned()),
                        Kind::Bool => value(Some("true"))?,
                        _ => value(None)?,
                    };
                    self.put(Origin::Flag, option, value)?;
                }
                Meaning::InFile(option) => {
                    let path = value(None)?;
                    self.put_from_file(Origin::Flag, option, &path, sources)?;
                }
                Meaning::CategoryLevel(category) => categories.push(format!("{category}:{}", value(None)?)),
                Meaning::Ignored => {
                    if !options::IGNORED_SWITCHES.contains(&name) {
                        value(Some(""))?;
                    }
                    self.notices.push(Notice::Detail(format!("The option '--{name}' has no effect here.")));
                }
                Meaning::Unknown => return Err(unknown_flag(flag, name)),
            }
        }
        self.put_categories(Origin::Flag, &categories);
        Ok(())
    }

    fn environment(&mut self, sources: &Sources<'_>) -> Result<(), Problem> {
        let mut categories = Vec::new();
        for (variable, value) in sources.env {
            let Some(name) = variable.strip_prefix("KC_").map(|n| n.to_ascii_lowercase().replace('_', "-")) else {
                continue;
            };
            match meaning(&name) {
                Meaning::Value(option) => self.put(Origin::Environment, option, value.clone())?,
                Meaning::InFile(option) => self.put_from_file(Origin::Environment, option, value, sources)?,
                Meaning::CategoryLevel(category) => categories.push(format!("{}:{value}", category.replace('-', "."))),
                Meaning::Ignored => {
                    self.notices.push(Notice::Detail(format!("The variable {variable} has no effect here.")))
                }
                // set in Keycloak's own container image
                Meaning::Unknown if name == "run-in-container" => {}
                Meaning::Unknown => self.notices.push(Notice::Warning(unknown_variable(variable, &name))),
            }
        }
        self.put_categories(Origin::Environment, &categories);
        self.old_administrator(sources)
    }

    /// `KEYCLOAK_ADMIN` and `KEYCLOAK_ADMIN_PASSWORD`: Keycloak's names before 26, still found everywhere.
    fn old_administrator(&mut self, sources: &Sources<'_>) -> Result<(), Problem> {
        let renamed = [
            ("KEYCLOAK_ADMIN", &options::BOOTSTRAP_ADMIN_USERNAME),
            ("KEYCLOAK_ADMIN_PASSWORD", &options::BOOTSTRAP_ADMIN_PASSWORD),
        ];
        for (old, option) in renamed {
            let Some(value) = sources.env.get(old).filter(|v| !v.is_empty()) else { continue };
            let new = option.env_name();
            self.notices.push(Notice::Warning(format!("The variable {old} is now called {new}.")));
            if self.explicit(option).is_none() {
                self.put(Origin::Environment, option, value.clone())?;
            }
        }
        Ok(())
    }

    fn file(&mut self, sources: &Sources<'_>) -> Result<(), Problem> {
        let asked_for = self.explicit(&options::CONFIG_FILE).is_some();
        let Some(path) = self.get(&options::CONFIG_FILE).map(|(_, path)| PathBuf::from(path)) else { return Ok(()) };
        let text = match (sources.read)(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound && !asked_for => return Ok(()),
            Err(e) => {
                return Err(Problem::usage(format!(
                    "The configuration file '{}' cannot be read: {e}.",
                    path.display()
                )));
            }
        };
        let mut categories = Vec::new();
        for (key, value) in file::parse(&text, sources.env)? {
            let name = key.strip_prefix("kc.").unwrap_or(&key);
            match meaning(name) {
                Meaning::Value(option) => self.put(Origin::File, option, value)?,
                Meaning::InFile(option) => self.put_from_file(Origin::File, option, &value, sources)?,
                Meaning::CategoryLevel(category) => categories.push(format!("{category}:{value}")),
                Meaning::Ignored => {
                    self.notices.push(Notice::Detail(format!("The setting '{key}' has no effect here.")))
                }
                Meaning::Unknown => {
                    let hint = did_you_mean("", name);
                    self.notices.push(Notice::Warning(format!("The setting '{key}' of the file is not known.{hint}")));
                }
            }
        }
        self.put_categories(Origin::File, &categories);
        Ok(())
    }
}

fn unknown_flag(flag: &str, name: &str) -> Problem {
    Problem::usage(format!("Unknown option: '{flag}'.{} See --help for every option.", did_you_mean("--", name)))
}

fn unknown_variable(variable: &str, name: &str) -> String {
    let near = nearest(name, options::ALL.iter().map(|o| o.name))
        .first()
        .and_then(|n| options::ALL.iter().find(|o| o.name == *n));
    let hint = near.map(|o| format!(" Did you mean {}?", o.env_name())).unwrap_or_default();
    format!("The variable {variable} is not known and has no effect.{hint}")
}

fn did_you_mean(dashes: &str, name: &str) -> String {
    let near = nearest(name, options::ALL.iter().map(|o| o.name));
    if near.is_empty() {
        return String::new();
    }
    let near: Vec<_> = near.iter().map(|n| format!("{dashes}{n}")).collect();
    format!(" Did you mean {}?", near.join(" or "))
}
