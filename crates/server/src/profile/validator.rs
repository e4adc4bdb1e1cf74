//! The validators of a user profile: their configuration, and what they say of a value.

use super::values;
use fancy_regex::{Regex, RegexBuilder};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A validator, configured.
#[derive(Debug)]
pub(super) struct Validator {
    rule: Rule,
    /// A message of the realm's own instead of the validator's.
    message: Option<String>,
}

#[derive(Debug)]
enum Rule {
    Length { limits: Limits, trim: bool },
    Integer(Limits),
    Double(Limits),
    Pattern(Box<Regex>, String),
    Options(Vec<String>),
    Email { max_local: usize },
    Uri { schemes: Vec<String>, fragment: bool },
    LocalDate,
    IsoDate,
    PersonName,
    Username,
    NotHomograph,
    NotBlank,
    NotEmpty,
    Multivalued(Limits),
}

/// A lower and an upper bound, as configured and as numbers.
#[derive(Debug, Clone, Default)]
struct Limits {
    min: Option<(f64, Value)>,
    max: Option<(f64, Value)>,
}

/// What is wrong with a validator's configuration.
#[derive(Debug)]
pub(super) struct ConfigError {
    validator: String,
    setting: &'static str,
    message: &'static str,
    param: Option<String>,
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ConfigError { validator, setting, message, param } = self;
        let param = param.as_deref().unwrap_or_default();
        write!(
            f,
            "ValidationError{{validatorId='{validator}', inputHint='{setting}', message='{message}', messageParameters=[{param}]}}"
        )
    }
}

const MISSING: &str = "error-validator-config-missing-value";
const INVALID: &str = "error-validator-config-invalid-value";
const NO_NUMBER: &str = "error-validator-config-invalid-number-value";

/// What a validator says of a value: a message and its parameters behind the attribute's name.
pub(super) struct Complaint {
    pub(super) message: String,
    pub(super) params: Vec<Value>,
}

/// How long a pattern may search, and how large it may get.
const BACKTRACKS: usize = 100_000;
const PATTERN_MEMORY: usize = 1 << 20;

type Config = BTreeMap<String, Value>;

impl Validator {
    /// Reads a validator's configuration; `None` when there is no such validator.
    pub(super) fn read(name: &str, config: &Config) -> Option<Result<Self, Vec<ConfigError>>> {
        let mut reader = Reader { name, config, errors: Vec::new() };
        let rule = match name {
            "length" => {
                let limits = reader.limits(true);
                Rule::Length { limits, trim: !reader.flag("trim-disabled", false) }
            }
            "integer" => Rule::Integer(reader.limits(false)),
            "double" => Rule::Double(reader.limits(false)),
            "multivalued" => Rule::Multivalued(reader.limits(false)),
            "pattern" => reader.pattern(),
            "options" => reader.options(),
            "email" => Rule::Email { max_local: reader.number("max-local-length").map_or(64, |n| n as usize) },
            "uri" => Rule::Uri {
                schemes: reader.list("allowedSchemes").unwrap_or_else(|| vec!["http".to_owned(), "https".to_owned()]),
                fragment: reader.flag("allowFragment", true),
            },
            "local-date" => Rule::LocalDate,
            "iso-date" => Rule::IsoDate,
            "person-name-prohibited-characters" => Rule::PersonName,
            "username-prohibited-characters" => Rule::Username,
            "up-username-not-idn-homograph" => Rule::NotHomograph,
            "not-blank" => Rule::NotBlank,
            "not-empty" => Rule::NotEmpty,
            _ => return None,
        };
        let message = config.get("error-message").and_then(Value::as_str).filter(|m| !m.trim().is_empty());
        let message = message.map(str::to_owned);
        Some(if reader.errors.is_empty() { Ok(Validator { rule, message }) } else { Err(reader.errors) })
    }

    /// What this validator says of one value; blank values never get here.
    pub(super) fn check(&self, value: &str) -> Result<(), Complaint> {
        let verdict = match &self.rule {
            Rule::Length { limits, trim } => {
                let length = if *trim { value.trim() } else { value }.chars().count();
                limits.check(length as f64, "error-invalid-length", ["-too-short", "-too-long"])
            }
            Rule::Integer(limits) => match value.trim().parse::<i64>() {
                Ok(number) => limits.check(number as f64, OUT_OF_RANGE, ["-too-small", "-too-big"]),
                Err(_) => Err(("error-invalid-number".into(), vec![])),
            },
            Rule::Double(limits) => match value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => limits.check(number, OUT_OF_RANGE, ["-too-small", "-too-big"]),
                _ => Err(("error-invalid-number".into(), vec![])),
            },
            Rule::Pattern(regex, text) => {
                when(regex.is_match(value).unwrap_or(false), "error-pattern-no-match", vec![json!(text)])
            }
            Rule::Options(options) => when(options.iter().any(|o| o == value), "error-invalid-value", vec![]),
            Rule::Email { max_local } => {
                when(values::is_email(value, *max_local), "error-invalid-email", vec![json!(value)])
            }
            Rule::Uri { schemes, fragment } => values::uri(value, schemes, *fragment)
                .map_err(|(message, detail)| (message.into(), std::iter::once(json!(value)).chain(detail).collect())),
            Rule::LocalDate => when(values::is_local_date(value), "error-invalid-date", vec![]),
            Rule::IsoDate => when(values::is_iso_date(value), "error-invalid-date", vec![json!(value)]),
            Rule::PersonName => when(values::is_person_name(value), "error-person-name-invalid-character", vec![]),
            Rule::Username => when(values::is_username(value), "error-username-invalid-character", vec![]),
            Rule::NotHomograph => when(values::is_latin(value), "error-username-invalid-character", vec![]),
            Rule::NotBlank => when(!value.trim().is_empty(), "error-invalid-blank", vec![]),
            Rule::NotEmpty => when(!value.is_empty(), "error-empty", vec![]),
            Rule::Multivalued(_) => Ok(()),
        };
        verdict.map_err(|(message, params)| Complaint { message: self.message.clone().unwrap_or(message), params })
    }

    /// What this validator says of the number of values.
    pub(super) fn check_number(&self, number: usize) -> Result<(), Complaint> {
        let Rule::Multivalued(limits) = &self.rule else { return Ok(()) };
        let verdict = limits.check(number as f64, "error-invalid-multivalued-size", ["", ""]);
        verdict.map_err(|(message, params)| Complaint { message, params })
    }
}

const OUT_OF_RANGE: &str = "error-number-out-of-range";

type Verdict = Result<(), (String, Vec<Value>)>;

fn when(good: bool, message: &str, params: Vec<Value>) -> Verdict {
    if good { Ok(()) } else { Err((message.to_owned(), params)) }
}

impl Limits {
    /// The message says which bound it is when there is only one.
    fn check(&self, number: f64, message: &str, [below, above]: [&str; 2]) -> Verdict {
        let within = self.min.as_ref().is_none_or(|(min, _)| number >= *min)
            && self.max.as_ref().is_none_or(|(max, _)| number <= *max);
        let suffix = match (&self.min, &self.max) {
            (None, Some(_)) => above,
            (Some(_), None) => below,
            _ => "",
        };
        let shown = |bound: &Option<(f64, Value)>| bound.as_ref().map_or(Value::Null, |(_, shown)| shown.clone());
        when(within, &format!("{message}{suffix}"), vec![shown(&self.min), shown(&self.max)])
    }
}

/// Reads a configuration and notes what is wrong with it.
struct Reader<'a> {
    name: &'a str,
    config: &'a Config,
    errors: Vec<ConfigError>,
}

impl Reader<'_> {
    fn wrong(&mut self, setting: &'static str, message: &'static str, param: Option<String>) {
        self.errors.push(ConfigError { validator: self.name.to_owned(), setting, message, param });
    }

    fn flag(&self, setting: &str, usual: bool) -> bool {
        match self.config.get(setting) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
            _ => usual,
        }
    }

    fn number(&mut self, setting: &'static str) -> Option<f64> {
        let value = self.config.get(setting).filter(|v| !v.is_null() && v.as_str() != Some(""))?;
        let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|n| n.is_finite());
        if number.is_none() {
            self.wrong(setting, NO_NUMBER, Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
        }
        number
    }

    fn limits(&mut self, one_at_least: bool) -> Limits {
        let given = |setting| self.config.get(setting).is_some_and(|v| !v.is_null());
        let missing = one_at_least && !given("min") && !given("max");
        let mut bound = |setting| {
            let number = self.number(setting)?;
            let shown = if number.fract() == 0.0 { json!(number as i64) } else { json!(number) };
            Some((number, shown))
        };
        let limits = Limits { min: bound("min"), max: bound("max") };
        if missing {
            self.wrong("min", MISSING, None);
            self.wrong("max", MISSING, None);
        }
        if let (Some((min, _)), Some((max, _))) = (&limits.min, &limits.max)
            && max < min
        {
            self.wrong("max", INVALID, None);
        }
        limits
    }

    fn list(&self, setting: &str) -> Option<Vec<String>> {
        let list = self.config.get(setting)?.as_array()?;
        Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    fn options(&mut self) -> Rule {
        let options = self.list("options");
        match (&options, self.config.get("options")) {
            (Some(_), _) => {}
            (None, None | Some(Value::Null)) => self.wrong("options", MISSING, None),
            (None, Some(_)) => self.wrong("options", INVALID, None),
        }
        Rule::Options(options.unwrap_or_default())
    }

    fn pattern(&mut self) -> Rule {
        let text = self.config.get("pattern").and_then(Value::as_str).unwrap_or_default().to_owned();
        let regex = RegexBuilder::new(&format!(r"\A(?:{text})\z"))
            .backtrack_limit(BACKTRACKS)
            .delegate_size_limit(PATTERN_MEMORY)
            .build();
        match regex {
            _ if text.is_empty() => self.wrong("pattern", MISSING, None),
            Ok(regex) => return Rule::Pattern(Box::new(regex), text),
            Err(error) => self.wrong("pattern", INVALID, Some(format!("{text}, {error}"))),
        }
        Rule::NotEmpty
    }
}
