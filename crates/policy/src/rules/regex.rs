//! Regex policies: the value of a claim, or of an attribute of the context, matches a pattern as a whole.

use std::borrow::Cow;

use regex::{Regex, RegexBuilder};
use serde_json::Value;

use super::{Rule, Subject};
use crate::{config::Config, error::Result};

/// The most memory that one pattern may take once compiled.
const SIZE: usize = 1 << 20;

#[derive(Debug)]
pub(crate) struct RegexRule {
    claim: String,
    /// The way into the claim's JSON, when the target names one: `address.country`.
    path: Vec<String>,
    of_context: bool,
    pattern: Regex,
}

impl RegexRule {
    /// Matching takes time linear in the text. A pattern that cannot (look-around, back-references) makes the policy
    /// undecidable: it may well be valid in Java.
    pub(super) fn read(config: Config<'_>) -> Result<Rule> {
        let (target, pattern) = (config.required("targetClaim")?, config.required("pattern")?);
        let built = from_java(pattern).and_then(|pattern| {
            let whole = format!(r"\A(?:{pattern})\z");
            let built = RegexBuilder::new(&whole).size_limit(SIZE).nest_limit(100).build();
            built.map_err(|e| e.to_string().lines().next_back().unwrap_or_default().to_owned())
        });
        let pattern = match built {
            Ok(pattern) => pattern,
            Err(why) => return Ok(Rule::Undecidable(format!("its pattern cannot be used: {why}"))),
        };
        let mut steps = split(target).into_iter();
        let claim = steps.next().unwrap_or_default();
        let of_context = config.flag("targetContextAttributes");
        Ok(Rule::Regex(Self { claim, path: steps.collect(), of_context, pattern }))
    }

    /// Of several values the first counts.
    pub(super) fn holds(&self, subject: Subject<'_>) -> bool {
        let values =
            if self.of_context { subject.attribute(&self.claim) } else { subject.identity.attribute(&self.claim) };
        let Some(first) = values.into_iter().next() else { return false };
        let value = if self.path.is_empty() { Some(first) } else { follow(&first, &self.path).map(Cow::from) };
        value.is_some_and(|value| self.pattern.is_match(&value))
    }
}

/// The parts of a claim's path; a backslash takes the dot behind it for a letter.
fn split(target: &str) -> Vec<String> {
    let (mut parts, mut part, mut letters) = (Vec::new(), String::new(), target.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => part.extend(letters.next()),
            '.' => parts.push(std::mem::take(&mut part)),
            letter => part.push(letter),
        }
    }
    parts.push(part);
    parts
}

/// What stands at the end of a path in a JSON text: text trimmed, numbers and booleans as text, the rest as JSON.
fn follow(json: &str, path: &[String]) -> Option<String> {
    let document: Value = serde_json::from_str(json).ok()?;
    let mut at = &document;
    for step in path {
        at = match step.strip_suffix(']').and_then(|step| step.split_once('[')) {
            None => at.get(step)?,
            Some((name, index)) => match at.get(name.trim())? {
                Value::Array(values) => values.get(index.trim().parse::<usize>().ok()?)?,
                other => other,
            },
        };
    }
    match at {
        Value::Null => None,
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        // a list of texts is written the way Java prints lists
        Value::Array(values) => {
            let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            (!texts.is_empty()).then(|| format!("[{}]", texts.join(", ")))
        }
        other => Some(other.to_string()),
    }
}

/// A pattern of Java's in the words of the `regex` crate: `\d`, `\w` and `\s` mean ASCII, `\Q…\E` quotes. Possessive
/// quantifiers are refused, since the crate would read them as something else.
fn from_java(pattern: &str) -> Result<String, String> {
    let mut out = String::with_capacity(pattern.len());
    let (mut rest, mut classes, mut quantified) = (pattern, 0_usize, false);
    while let Some(letter) = rest.chars().next() {
        rest = &rest[letter.len_utf8()..];
        let repeats = classes == 0 && matches!(letter, '*' | '+' | '?' | '}');
        if quantified && letter == '+' {
            return Err("possessive quantifiers are not supported".to_owned());
        }
        quantified = repeats && !quantified;
        match letter {
            '\\' => {
                let Some(escaped) = rest.chars().next() else { return Err("it ends with a backslash".to_owned()) };
                rest = &rest[escaped.len_utf8()..];
                match escaped {
                    'Q' => {
                        let (quoted, after) = rest.split_once("\\E").unwrap_or((rest, ""));
                        out.push_str(&regex::escape(quoted));
                        rest = after;
                    }
                    'd' => out.push_str("[0-9]"),
                    'D' => out.push_str("[^0-9]"),
                    'w' => out.push_str("[0-9A-Za-z_]"),
                    'W' => out.push_str("[^0-9A-Za-z_]"),
                    's' => out.push_str(r"[ \t\n\x0B\f\r]"),
                    'S' => out.push_str(r"[^ \t\n\x0B\f\r]"),
                    other => out.extend(['\\', other]),
                }
                continue;
            }
            '[' => classes += 1,
            ']' => classes = classes.saturating_sub(1),
            _ => {}
        }
        out.push(letter);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::from_java;

    #[test]
    fn java_patterns_are_translated() {
        for (java, ours) in
            [(r"\d+", "[0-9]+"), (r"[\w.-]+@x", "[[0-9A-Za-z_].-]+@x"), (r"\Qa.b\E.", r"a\.b."), (r"\\d", r"\\d")]
        {
            assert_eq!(from_java(java).as_deref(), Ok(ours));
        }
        assert!(from_java("a++").is_err() && from_java("a{2}+").is_err());
        assert!(from_java("[+*]+").is_ok() && from_java("a+?b+").is_ok());
    }
}
