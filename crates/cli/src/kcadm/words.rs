//! The words of kcadm's command line, read as its own parser (picocli) reads them.

use std::collections::HashMap;

use super::options::Spec;
use super::stop::{Stop, usage};

/// What was given: options by the last of their names, and the rest.
#[derive(Debug, Default)]
pub(crate) struct Given {
    values: HashMap<&'static str, Vec<String>>,
    pub(crate) argument: Option<String>,
}

impl Given {
    /// Reads what follows a command's own words, of which there were `before`.
    pub(crate) fn read(spec: &Spec, words: &[String], before: usize) -> Result<Self, Stop> {
        let mut given = Given::default();
        let mut rest = words.iter().enumerate().peekable();
        while let Some((at, word)) = rest.next() {
            if !word.starts_with('-') || word == "-" {
                if spec.argument.is_none() || given.argument.replace(word.clone()).is_some() {
                    return Err(usage(format!("Unmatched argument at index {}: '{word}'", at + before)));
                }
                continue;
            }
            let mut word = word.clone();
            // one flag after the other behind one dash, then an option with its value
            loop {
                let (name, attached) = split(&word);
                let option = spec.find(name).ok_or_else(|| usage(format!("Unknown option: '{word}'")))?;
                let shown = option.names.last().copied().unwrap_or_default();
                let Some(label) = option.value else {
                    given.put(shown, String::new());
                    match attached {
                        Some(more) if !name.starts_with("--") && !more.starts_with('=') => {
                            word = format!("-{more}");
                            continue;
                        }
                        Some(_) => return Err(usage(format!("Unknown option: '{word}'"))),
                        None => break,
                    }
                };
                let missing =
                    || usage(format!("Missing required parameter for option '{shown}' (<{}>)", label.to_lowercase()));
                let value = match attached {
                    Some(value) => value.strip_prefix('=').unwrap_or(value).to_owned(),
                    None => rest.next().map(|(_, value)| value.clone()).ok_or_else(missing)?,
                };
                if attached.is_none() && spec.find(&value).is_some() {
                    return Err(usage(format!("Expected parameter for option '{shown}' but found '{value}'")));
                }
                if !option.many && given.has(shown) {
                    let label = label.to_lowercase();
                    return Err(usage(format!("option '{shown}' (<{label}>) should be specified only once")));
                }
                given.put(shown, value);
                break;
            }
        }
        Ok(given)
    }

    fn put(&mut self, name: &'static str, value: String) {
        self.values.entry(name).or_default().push(value);
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.first().map(String::as_str)
    }

    pub(crate) fn owned(&self, name: &str) -> Option<String> {
        self.one(name).map(str::to_owned)
    }

    pub(crate) fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether nothing was given at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.argument.is_none()
    }
}

/// An option's name, and what is attached to it: `--name=value`, `-nvalue`, `-n=value`, `-flags`.
fn split(word: &str) -> (&str, Option<&str>) {
    if word.starts_with("--") {
        return match word.find('=') {
            Some(at) => (&word[..at], Some(&word[at..])),
            None => (word, None),
        };
    }
    let end = word.char_indices().nth(2).map_or(word.len(), |(at, _)| at);
    (&word[..end], Some(&word[end..]).filter(|rest| !rest.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::super::options::COMMANDS;
    use super::*;

    fn read(words: &[&str]) -> Result<Given, String> {
        let spec = COMMANDS.iter().find(|spec| spec.name() == words[0]).unwrap();
        let words: Vec<String> = words[1..].iter().map(|word| (*word).to_owned()).collect();
        Given::read(spec, &words, 1).map_err(|stop| stop.text().to_owned())
    }

    #[test]
    fn values_follow_or_are_attached() {
        let given = read(&["create", "users", "-racme", "--set=a=b", "-s", "c=d", "-s=e=f", "-i", "-Hc"]).unwrap();
        assert_eq!(given.argument.as_deref(), Some("users"));
        assert_eq!(given.one("--target-realm"), Some("acme"));
        assert_eq!(given.all("--set"), ["a=b", "c=d", "e=f"]);
        assert!(given.has("--id") && given.has("--print-headers") && given.has("--compressed"));
        assert_eq!(read(&["get", "users", "-o", "2", "-l10"]).unwrap().one("--limit"), Some("10"));
        assert_eq!(read(&["create", "users", "-f", "-"]).unwrap().one("--file"), Some("-"));
    }

    #[test]
    fn mistakes_are_told_in_kcadms_words() {
        for (words, expected) in [
            (&["get", "users", "extra"][..], "Unmatched argument at index 2: 'extra'"),
            (&["get", "users", "--foo"], "Unknown option: '--foo'"),
            (&["get", "users", "-q"], "Missing required parameter for option '--query' (<name=value>)"),
            (&["get", "users", "-q", "-c"], "Expected parameter for option '--query' but found '-c'"),
            (&["get", "-ra", "-rb"], "option '--target-realm' (<realm>) should be specified only once"),
            (&["set-password", "bob"], "Unmatched argument at index 1: 'bob'"),
        ] {
            assert_eq!(read(words).map(drop).unwrap_err(), expected);
        }
    }
}
