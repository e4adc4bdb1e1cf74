//! The query `q`: conditions on attributes, `name:value` each, with quotes around what has blanks.

use std::collections::BTreeMap;

/// The conditions, by name. What has no colon is passed over; of a name that is there twice the last value counts.
pub(crate) fn parse(q: &str) -> BTreeMap<String, String> {
    let mut conditions = BTreeMap::new();
    let (mut word, mut colon, mut quoted, mut chars) = (String::new(), None, false, q.chars());
    loop {
        let next = chars.next();
        match next {
            Some('\\') if quoted => word.extend(chars.next()),
            Some('"') => quoted = !quoted,
            Some(':') if !quoted && colon.is_none() => colon = Some(std::mem::take(&mut word)),
            Some(c) if quoted || !c.is_whitespace() => word.push(c),
            _ => {
                let value = std::mem::take(&mut word);
                if let Some(name) = colon.take() {
                    conditions.insert(name, value);
                }
            }
        }
        if next.is_none() {
            return conditions;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn pairs(q: &str) -> Vec<(String, String)> {
        parse(q).into_iter().collect()
    }

    #[test]
    fn conditions_are_separated_by_blanks_and_quotes_keep_blanks() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(pairs("a:b c:d"), [pair("a", "b"), pair("c", "d")]);
        assert_eq!(pairs("\"a b\":\"c d\""), [pair("a b", "c d")]);
        assert_eq!(pairs("a:\"x\\\"y\""), [pair("a", "x\"y")]);
        assert_eq!(pairs("a:b:c"), [pair("a", "b:c")]);
        assert_eq!(pairs("a: nocolon"), [pair("a", "")]);
        assert_eq!(pairs(""), []);
        assert_eq!(pairs("a:1 a:2"), [pair("a", "2")]);
    }
}
