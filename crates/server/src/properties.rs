//! Java properties: the form of `conf/keycloak.conf` and of message bundles.

/// Reads `key=value`, `key: value` and `key value` lines, in UTF-8. A `#` or `!` at the start of a line makes it a comment, a
/// backslash at its end goes on with the next line, and a backslash elsewhere escapes as in Java.
pub(crate) fn read(text: &str) -> impl Iterator<Item = (String, String)> {
    logical_lines(text).into_iter().map(|line| split(&line))
}

/// Lines without comments, joined where they end in an odd number of backslashes.
fn logical_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut open: Option<String> = None;
    for line in text.strip_prefix('\u{feff}').unwrap_or(text).lines() {
        let line = line.trim_start();
        if open.is_none() && (line.is_empty() || line.starts_with(['#', '!'])) {
            continue;
        }
        let backslashes = line.len() - line.trim_end_matches('\\').len();
        let goes_on = backslashes % 2 == 1;
        let part = if goes_on { &line[..line.len() - 1] } else { line.trim_end() };
        let whole = open.take().unwrap_or_default() + part;
        if goes_on { open = Some(whole) } else { lines.push(whole) }
    }
    lines.extend(open);
    lines
}

/// Key and value, divided by the first unescaped `=`, `:` or blank.
fn split(line: &str) -> (String, String) {
    let mut escaped = false;
    let end = line
        .find(|c: char| {
            let divides = !escaped && (c == '=' || c == ':' || c.is_whitespace());
            escaped = c == '\\' && !escaped;
            divides
        })
        .unwrap_or(line.len());
    let rest = line[end..].trim_start();
    let value = rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_start();
    (unescape(&line[..end]), unescape(value))
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('u') => {
                let hex: String = chars.by_ref().take(4).collect();
                out.extend(u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32));
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_left_out_lines_joined_and_escapes_undone() {
        let read: Vec<_> =
            read("# note\n! note\n\na=one\n  b : two \\\n   more\nc=\\u00dc\\t\\\\x\nd=e=f\nempty=\n").collect();
        let expected = [("a", "one"), ("b", "two more"), ("c", "\u{dc}\t\\x"), ("d", "e=f"), ("empty", "")];
        assert_eq!(read, expected.map(|(k, v)| (k.to_owned(), v.to_owned())));
    }
}
