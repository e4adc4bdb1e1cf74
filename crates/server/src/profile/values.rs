//! What single values must look like: addresses, names, dates.

use fancy_regex::Regex;
use serde_json::{Value, json};
use std::sync::LazyLock;

/// RFC 5321's limits on an address.
const MAX_DOMAIN: usize = 255;
const MAX_LABEL: usize = 63;

/// Whether this is an e-mail address, international ones included.
pub(super) fn is_email(text: &str, max_local: usize) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let atom = |a: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c) || c > '\u{7f}';
        !a.is_empty() && a.chars().all(|c| allowed(c) && !c.is_whitespace())
    };
    let label = |l: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c > '\u{7f}' && !c.is_whitespace();
        !l.is_empty() && l.len() <= MAX_LABEL && !l.starts_with('-') && !l.ends_with('-') && l.chars().all(allowed)
    };
    local.chars().count() <= max_local
        && domain.len() <= MAX_DOMAIN
        && local.split('.').all(atom)
        && domain.split('.').all(label)
}

/// The message for a text that is not an URI of one of the schemes, and its parameter.
pub(super) fn uri(text: &str, schemes: &[String], fragment: bool) -> Result<(), (&'static str, Option<Value>)> {
    let url = url::Url::parse(text).map_err(|error| {
        let why = match error {
            url::ParseError::RelativeUrlWithoutBase => "URI is not absolute".to_owned(),
            error => error.to_string(),
        };
        ("error-invalid-uri", Some(json!(why)))
    })?;
    if !schemes.is_empty() && !schemes.iter().any(|s| s.eq_ignore_ascii_case(url.scheme())) {
        return Err(("error-invalid-uri-scheme", Some(json!(url.scheme()))));
    }
    match url.fragment() {
        Some(found) if !fragment => Err(("error-invalid-uri-fragment", Some(json!(found)))),
        _ => Ok(()),
    }
}

/// Whether this is a date such as `2026-01-31`.
pub(super) fn is_iso_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    match parts[..] {
        [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2 => is_date(year, month, day),
        _ => false,
    }
}

/// Whether this is a date in English short form, such as `1/31/2026`.
pub(super) fn is_local_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    match parts[..] {
        [month, day, year] => is_date(year, month, day),
        _ => false,
    }
}

fn is_date(year: &str, month: &str, day: &str) -> bool {
    if [year, month, day].iter().any(|part| part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit())) {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse::<u8>(), day.parse()) else { return false };
    time::Month::try_from(month).is_ok_and(|month| time::Date::from_calendar_date(year, month, day).is_ok())
}

/// Whether a given or family name is free of what has a meaning in markup, paths and queries.
pub(super) fn is_person_name(text: &str) -> bool {
    !text.chars().any(|c| "<>&\"$%!#?§;*~/\\|^=[]{}()\u{2028}\u{2029}".contains(c) || c.is_control())
}

/// The same for a username, which has no spaces and quotes either.
pub(super) fn is_username(text: &str) -> bool {
    is_person_name(text) && !text.chars().any(|c| "',:`".contains(c) || c.is_whitespace())
}

/// Whether all letters are Latin ones, so that no name looks like another one that it is not.
pub(super) fn is_latin(text: &str) -> bool {
    static LATIN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\A[\p{Latin}\p{Common}]*\z").ok());
    LATIN.as_ref().is_some_and(|latin| latin.is_match(text).unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_recognised() {
        for good in ["a@b.org", "a+tag@b.org", "o'neil@example.org", "jörg@bücher.example", "a@localhost"] {
            assert!(is_email(good, 64), "{good}");
        }
        let long = format!("{}@b.org", "a".repeat(65));
        for bad in ["", "a", "@b.org", "a@", "a@@b", "a b@c.org", ".a@b.org", "a@-b.org", "a@b..org", &long] {
            assert!(!is_email(bad, 64), "{bad}");
        }
    }

    #[test]
    fn dates_exist_in_the_calendar() {
        assert!(is_iso_date("2024-02-29") && is_local_date("2/29/2024"));
        assert!(!is_iso_date("2023-02-29") && !is_iso_date("2024-2-9") && !is_local_date("31.01.2024"));
        assert!(!is_iso_date("+024-02-01"));
    }

    #[test]
    fn look_alike_letters_are_told_apart() {
        assert!(is_latin("ann.müller-2@x"));
        assert!(!is_latin("\u{430}nn"));
    }
}
