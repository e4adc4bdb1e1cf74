//! A realm's password policy: how its text is read, and what it demands of a new password.

use super::hash::Algorithm;
use crate::{Error, error, realm_view::RealmView};
use fancy_regex::{Regex, RegexBuilder};
use http::StatusCode;

/// What a realm demands of passwords, in the order in which it was written.
#[derive(Debug, Default)]
pub struct Policy {
    rules: Vec<Rule>,
    hash_algorithm: Option<String>,
    hash_iterations: Option<u32>,
    /// How many of the last passwords, the present one included, must not be chosen again.
    pub history: usize,
    /// For how many days a password must not be chosen again.
    pub age_days: i64,
    /// After how many days a password must be changed.
    pub expires_days: Option<i64>,
    /// How long ago a login may be for a sensitive action, in seconds.
    pub max_auth_age: Option<i64>,
    /// How few recovery codes may be left before the user is warned.
    pub recovery_codes_warning: Option<i64>,
}

#[derive(Debug)]
enum Rule {
    Length(usize),
    MaxLength(usize),
    Count(Class, usize),
    NotUsername,
    NotContainsUsername,
    NotEmail,
    Pattern(Box<Regex>),
}

#[derive(Debug, Clone, Copy)]
enum Class {
    Digit,
    Lower,
    Upper,
    Special,
}

/// A policy's text that cannot be used, in Keycloak's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// No policy has this name.
    #[error("Password policy not found")]
    Unknown,
    /// A policy's value is wrong.
    #[error("Invalid config for {0}: {1}")]
    Config(String, &'static str),
}

/// What a new password lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The key of the message, such as `invalidPasswordMinLengthMessage`.
    pub key: &'static str,
    /// The message's parameter.
    pub param: Option<usize>,
    english: &'static str,
}

impl Violation {
    fn new(key: &'static str, param: Option<usize>, english: &'static str) -> Self {
        Violation { key, param, english }
    }

    pub(super) fn history(passwords: usize) -> Self {
        let english = "Invalid password: must not be equal to any of last {0} passwords.";
        Violation::new("invalidPasswordHistoryMessage", Some(passwords), english)
    }

    pub(super) fn age() -> Self {
        let english = "Invalid password: new password does not match password policies.";
        Violation::new("invalidPasswordGenericMessage", None, english)
    }

    /// The message in English.
    pub fn text(&self) -> String {
        self.english.replace("{0}", &self.param.unwrap_or_default().to_string())
    }
}

impl From<Violation> for Error {
    fn from(violation: Violation) -> Self {
        error::oauth(StatusCode::BAD_REQUEST, violation.key, violation.text())
    }
}

/// What a password is compared with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Names<'a> {
    /// The user's name.
    pub username: Option<&'a str>,
    /// The user's address.
    pub email: Option<&'a str>,
}

/// How long a pattern may search: enough for sensible ones, an end for those that never would.
const BACKTRACKS: usize = 100_000;
const PATTERN_MEMORY: usize = 1 << 20;

impl Policy {
    /// The policy of a realm. Text that cannot be read was refused when it was set; what is left of it holds.
    pub fn of(realm: &RealmView) -> Self {
        let text = realm.settings.password_policy.as_deref().unwrap_or_default();
        let mut policy = Policy::default();
        for part in parts(text) {
            if let Err(error) = policy.add(part) {
                tracing::warn!(realm = realm.name, %error, "a part of the password policy is passed over");
            }
        }
        policy
    }

    /// Reads a policy: `length(8) and notUsername(undefined) and regexPattern(^[a-z]+$)`.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let mut policy = Policy::default();
        parts(text).try_for_each(|part| policy.add(part))?;
        Ok(policy)
    }

    fn add(&mut self, part: &str) -> Result<(), PolicyError> {
        let (name, value) = match part.split_once('(') {
            Some((name, value)) => (name.trim(), Some(value.strip_suffix(')').unwrap_or(value))),
            None => (part, None),
        };
        let wrong = |why| PolicyError::Config(name.to_owned(), why);
        let number = |usual: i64| match value.map(|v| v.trim().parse::<i32>()) {
            None => Ok(usual),
            Some(Ok(number)) => Ok(i64::from(number)),
            Some(Err(_)) => Err(wrong("Not a valid number")),
        };
        let size = |usual| number(usual).map(|n| usize::try_from(n).unwrap_or(0));
        match name {
            "length" => self.rules.push(Rule::Length(size(8)?)),
            "maxLength" => self.rules.push(Rule::MaxLength(size(64)?)),
            "digits" => self.rules.push(Rule::Count(Class::Digit, size(1)?)),
            "lowerCase" => self.rules.push(Rule::Count(Class::Lower, size(1)?)),
            "upperCase" => self.rules.push(Rule::Count(Class::Upper, size(1)?)),
            "specialChars" => self.rules.push(Rule::Count(Class::Special, size(1)?)),
            "notUsername" => self.rules.push(Rule::NotUsername),
            "notContainsUsername" => self.rules.push(Rule::NotContainsUsername),
            "notEmail" => self.rules.push(Rule::NotEmail),
            "regexPattern" => {
                let pattern = value.filter(|v| !v.is_empty()).ok_or_else(|| wrong("Config must not be empty"))?;
                let regex = RegexBuilder::new(&format!(r"\A(?:{pattern})\z"))
                    .backtrack_limit(BACKTRACKS)
                    .delegate_size_limit(PATTERN_MEMORY)
                    .build()
                    .map_err(|_| wrong("Not a valid regular expression"))?;
                self.rules.push(Rule::Pattern(Box::new(regex)));
            }
            "hashAlgorithm" => {
                let algorithm = value.filter(|v| !v.is_empty()).unwrap_or("argon2");
                Algorithm::named(algorithm, None).ok_or_else(|| wrong("Password hashing provider not found"))?;
                self.hash_algorithm = Some(algorithm.to_owned());
            }
            "hashIterations" => self.hash_iterations = u32::try_from(number(-1)?).ok().filter(|n| *n > 0),
            "passwordHistory" => self.history = size(3)?,
            "passwordAge" => self.age_days = number(30)?.max(0),
            "forceExpiredPasswordChange" => self.expires_days = Some(number(365)?).filter(|days| *days > 0),
            "maxAuthAge" => self.max_auth_age = Some(number(300)?).filter(|seconds| *seconds >= 0),
            "recoveryCodesWarningThreshold" => self.recovery_codes_warning = Some(number(4)?),
            "passwordBlacklist" => return Err(wrong("Password blacklists are not available on this server")),
            _ => return Err(PolicyError::Unknown),
        }
        Ok(())
    }

    /// How new hashes are made.
    pub fn algorithm(&self) -> Algorithm {
        let name = self.hash_algorithm.as_deref().unwrap_or("argon2");
        Algorithm::named(name, self.hash_iterations).unwrap_or_default()
    }

    /// What a new password lacks, the first thing only. Earlier passwords are compared elsewhere: that takes hashing.
    pub fn check(&self, password: &str, names: Names<'_>) -> Result<(), Violation> {
        self.rules.iter().try_for_each(|rule| rule.check(password, names))
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(" and ").map(str::trim).filter(|part| !part.is_empty())
}

impl Rule {
    fn check(&self, password: &str, names: Names<'_>) -> Result<(), Violation> {
        let length = || password.chars().count();
        let (kept, key, param, english) = match self {
            Rule::Length(least) => {
                let english = "Invalid password: minimum length {0}.";
                (length() >= *least, "invalidPasswordMinLengthMessage", Some(*least), english)
            }
            Rule::MaxLength(most) => {
                let english = "Invalid password: maximum length {0}.";
                (length() <= *most, "invalidPasswordMaxLengthMessage", Some(*most), english)
            }
            Rule::Count(class, least) => {
                let (key, english) = class.message();
                (password.chars().filter(|c| class.has(*c)).count() >= *least, key, Some(*least), english)
            }
            Rule::NotUsername => {
                let english = "Invalid password: must not be equal to the username.";
                (!same(names.username, password), "invalidPasswordNotUsernameMessage", None, english)
            }
            Rule::NotContainsUsername => {
                let folded = password.to_lowercase();
                let contains = names.username.is_some_and(|u| !u.is_empty() && folded.contains(&u.to_lowercase()));
                let english = "Invalid password: Can not contain the username.";
                (!contains, "invalidPasswordNotContainsUsernameMessage", None, english)
            }
            Rule::NotEmail => {
                let english = "Invalid password: must not be equal to the email.";
                (!same(names.email, password), "invalidPasswordNotEmailMessage", None, english)
            }
            Rule::Pattern(regex) => {
                let english = "Invalid password: fails to match regex pattern(s).";
                (regex.is_match(password).unwrap_or(false), "invalidPasswordRegexPatternMessage", None, english)
            }
        };
        if kept { Ok(()) } else { Err(Violation::new(key, param, english)) }
    }
}

fn same(name: Option<&str>, password: &str) -> bool {
    name.is_some_and(|name| name.to_lowercase() == password.to_lowercase())
}

impl Class {
    fn has(self, c: char) -> bool {
        match self {
            Class::Digit => c.is_numeric(),
            Class::Lower => c.is_lowercase(),
            Class::Upper => c.is_uppercase(),
            Class::Special => !c.is_alphanumeric(),
        }
    }

    fn message(self) -> (&'static str, &'static str) {
        match self {
            Class::Digit => {
                ("invalidPasswordMinDigitsMessage", "Invalid password: must contain at least {0} numerical digits.")
            }
            Class::Lower => (
                "invalidPasswordMinLowerCaseCharsMessage",
                "Invalid password: must contain at least {0} lower case characters.",
            ),
            Class::Upper => (
                "invalidPasswordMinUpperCaseCharsMessage",
                "Invalid password: must contain at least {0} upper case characters.",
            ),
            Class::Special => (
                "invalidPasswordMinSpecialCharsMessage",
                "Invalid password: must contain at least {0} special characters.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: Names<'static> = Names { username: Some("alice"), email: Some("alice@example.org") };

    #[test]
    fn each_rule_refuses_with_its_own_message() {
        for (policy, password, key) in [
            ("length(8)", "short", "invalidPasswordMinLengthMessage"),
            ("maxLength(3)", "long", "invalidPasswordMaxLengthMessage"),
            ("digits(2)", "one1", "invalidPasswordMinDigitsMessage"),
            ("lowerCase(1)", "NONE", "invalidPasswordMinLowerCaseCharsMessage"),
            ("upperCase(1)", "none", "invalidPasswordMinUpperCaseCharsMessage"),
            ("specialChars(2)", "a!", "invalidPasswordMinSpecialCharsMessage"),
            ("notUsername(undefined)", "ALICE", "invalidPasswordNotUsernameMessage"),
            ("notContainsUsername", "xAlicex", "invalidPasswordNotContainsUsernameMessage"),
            ("notEmail(undefined)", "alice@example.org", "invalidPasswordNotEmailMessage"),
            ("regexPattern(^[a-z]+$)", "abc1", "invalidPasswordRegexPatternMessage"),
            ("length(3) and digits(1)", "none", "invalidPasswordMinDigitsMessage"),
        ] {
            let violation = Policy::parse(policy).unwrap().check(password, ALICE).unwrap_err();
            assert_eq!(violation.key, key, "{policy}");
        }
    }

    #[test]
    fn a_good_password_passes() {
        let policy = "length(8) and digits(1) and upperCase(1) and lowerCase(1) and specialChars(1) and notUsername \
                      and regexPattern((?=.*x).*)";
        assert_eq!(Policy::parse(policy).unwrap().check("Correct-x7", ALICE), Ok(()));
        assert_eq!(Policy::parse("").unwrap().check("", Names::default()), Ok(()));
    }

    #[test]
    fn unreadable_policies_say_why() {
        for (policy, words) in [
            ("bogus(3)", "Password policy not found"),
            ("length(x)", "Invalid config for length: Not a valid number"),
            ("regexPattern([)", "Invalid config for regexPattern: Not a valid regular expression"),
            ("hashAlgorithm(md5)", "Invalid config for hashAlgorithm: Password hashing provider not found"),
        ] {
            assert_eq!(Policy::parse(policy).unwrap_err().to_string(), words);
        }
        assert!(Policy::parse("passwordBlacklist(common.txt)").is_err());
    }

    #[test]
    fn a_hostile_pattern_ends() {
        let policy = Policy::parse(r"regexPattern((a+)+\1b)").unwrap();
        assert!(policy.check(&"a".repeat(5000), ALICE).is_err());
    }

    #[test]
    fn the_policy_chooses_the_hash() {
        let of = |text| Policy::parse(text).unwrap().algorithm();
        assert_eq!(of(""), Algorithm::default());
        assert_eq!(Some(of("hashAlgorithm(pbkdf2-sha512)")), Algorithm::named("pbkdf2-sha512", Some(210_000)));
        assert_eq!(
            Some(of("hashAlgorithm(pbkdf2-sha256) and hashIterations(1)")),
            Algorithm::named("pbkdf2-sha256", Some(1))
        );
    }
}
