//! The `q` of searches: `name:value other:"two words"`.

/// The names and values of a query, in their order. What has no colon asks for nothing.
pub(crate) fn pairs(q: &str) -> impl Iterator<Item = (String, String)> {
    let mut rest = q.trim_start();
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let (name, after) = word(rest, |c| c == ':' || c.is_whitespace());
            rest = after.trim_start();
            if let Some(value) = after.strip_prefix(':') {
                let (value, after) = word(value, char::is_whitespace);
                rest = after.trim_start();
                if !name.is_empty() {
                    return Some((name, value));
                }
            }
        }
        None
    })
}

/// The first word, which may stand in quotes, and what comes after it.
fn word(text: &str, ends: impl Fn(char) -> bool) -> (String, &str) {
    if let Some((inside, after)) = text.strip_prefix('"').and_then(|quoted| quoted.split_once('"')) {
        return (inside.to_owned(), after);
    }
    let end = text.find(ends).unwrap_or(text.len());
    (text[..end].to_owned(), &text[end..])
}
