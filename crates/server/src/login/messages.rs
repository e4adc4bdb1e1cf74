//! The words of the pages: bundles of `key=text` with `{0}` for arguments, as in Keycloak, one per language.

use crate::properties;
use std::collections::HashMap;

/// All bundles that are built in; English has every key.
#[derive(Debug)]
pub(crate) struct Messages {
    bundles: Vec<(&'static str, HashMap<String, String>)>,
}

/// The language everything is known in.
pub(crate) const DEFAULT: &str = "en";

const BUNDLES: [(&str, &str); 3] = [
    ("en", include_str!("../../pages/messages/messages_en.properties")),
    ("de", include_str!("../../pages/messages/messages_de.properties")),
    ("fr", include_str!("../../pages/messages/messages_fr.properties")),
];

impl Messages {
    pub(crate) fn load() -> Self {
        Messages {
            bundles: BUNDLES.iter().map(|(language, text)| (*language, properties::read(text).collect())).collect(),
        }
    }

    /// The text of a key in a language: in that language, in English, or else the key itself.
    pub(crate) fn text<'a>(&'a self, language: &str, key: &'a str) -> &'a str {
        self.known(language, key).or_else(|| self.known(DEFAULT, key)).unwrap_or(key)
    }

    fn known(&self, language: &str, key: &str) -> Option<&str> {
        let (_, bundle) = self.bundles.iter().find(|(name, _)| *name == language)?;
        bundle.get(key).map(String::as_str)
    }
}

/// Which language to speak: the first wish that the realm supports, or else its default. `de-CH` is satisfied by `de`.
pub(crate) fn choose<'a>(supported: &'a [String], default: &'a str, wishes: impl Iterator<Item = &'a str>) -> &'a str {
    let mut found = wishes.filter_map(|wish| {
        let language = wish.split(['-', '_']).next().unwrap_or_default();
        let exact = supported.iter().find(|s| s.eq_ignore_ascii_case(wish));
        exact.or_else(|| supported.iter().find(|s| s.eq_ignore_ascii_case(language))).map(String::as_str)
    });
    found.next().unwrap_or(default)
}

/// The languages of an `Accept-Language` header, best first. What has quality 0 is left out.
pub(crate) fn accepted(header: &str) -> Vec<&str> {
    let mut ranked: Vec<(&str, f32)> = header
        .split(',')
        .take(32)
        .filter_map(|part| {
            let (language, quality) = part.split_once(';').unwrap_or((part, "q=1"));
            let quality = quality.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(0.0);
            let language = language.trim();
            (quality > 0.0 && !language.is_empty() && language != "*").then_some((language, quality))
        })
        .collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1)); // stable: equal qualities keep their order
    ranked.into_iter().map(|(language, _)| language).collect()
}

/// A text with its arguments in place. As in Java's MessageFormat `''` is an apostrophe and `'{'` a brace; a lone
/// apostrophe stays what it is. An argument that is missing leaves its place as it stands.
pub(crate) fn format<S: AsRef<str>>(text: &str, arguments: &[S]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '\'']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (written, length) = if rest.starts_with("''") {
            ("'", 2)
        } else if let Some(quoted) = rest.strip_prefix('\'').filter(|q| q.starts_with(['{', '}'])) {
            quoted.split_once('\'').map_or((quoted, rest.len()), |(inside, _)| (inside, inside.len() + 2))
        } else {
            let number = rest[1..].split_once('}').filter(|_| rest.starts_with('{')).map(|(n, _)| n);
            let argument = number.and_then(|n| arguments.get(n.parse::<usize>().ok()?));
            match (argument, number) {
                (Some(argument), Some(number)) => (argument.as_ref(), number.len() + 2),
                _ => (&rest[..1], 1),
            }
        };
        out.push_str(written);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_take_their_places() {
        for (text, expected) in [
            ("Sign in to {0}", "Sign in to acme"),
            ("{1} and {0} and {0}", "x and acme and acme"),
            ("It''s {0}, don't", "It's acme, don't"),
            ("'{0}' is {0}", "{0} is acme"),
            ("{2} {x} { }", "{2} {x} { }"),
            ("end '{", "end {"),
            ("", ""),
        ] {
            assert_eq!(format(text, &["acme", "x"]), expected);
        }
    }

    #[test]
    fn an_argument_is_never_read_as_a_template() {
        assert_eq!(format("{0} {1}", &["{1}", "'"]), "{1} '");
    }

    #[test]
    fn every_language_has_only_keys_that_english_has() {
        let messages = Messages::load();
        for (language, bundle) in &messages.bundles {
            let unknown: Vec<_> = bundle.keys().filter(|key| messages.known(DEFAULT, key).is_none()).collect();
            assert!(unknown.is_empty(), "{language}: {unknown:?}");
        }
    }

    #[test]
    fn a_missing_text_falls_back_to_english_and_then_to_its_key() {
        let messages = Messages::load();
        assert_eq!(messages.text("de", "doSubmit"), "Absenden");
        assert_eq!(messages.text("xx", "doSubmit"), "Submit");
        assert_eq!(messages.text("de", "no-such-key"), "no-such-key");
    }

    #[test]
    fn the_first_supported_wish_wins() {
        let supported = ["en".to_owned(), "de".to_owned(), "pt-BR".to_owned()];
        let pick = |wishes: &'static [&'static str]| choose(&supported, "en", wishes.iter().copied());
        assert_eq!(pick(&["es", "de"]), "de");
        assert_eq!(pick(&["de-CH"]), "de");
        assert_eq!(pick(&["pt-br"]), "pt-BR");
        assert_eq!(pick(&["es"]), "en");
        assert_eq!(pick(&[]), "en");
    }

    #[test]
    fn accepted_languages_are_ranked_by_quality() {
        assert_eq!(accepted("de-DE,de;q=0.9,en;q=0.5"), ["de-DE", "de", "en"]);
        assert_eq!(accepted("en;q=0.2, fr , *;q=0.1, it;q=0"), ["fr", "en"]);
        assert!(accepted("").is_empty() && accepted(";;;,,").is_empty());
    }
}
