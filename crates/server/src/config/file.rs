//! `conf/keycloak.conf`: a Java properties file with `${NAME:default}` placeholders.

use super::Problem;
use crate::properties;
use std::collections::BTreeMap;

/// The settings of a properties file. `${NAME}` stands for a variable of the environment.
pub(crate) fn parse(text: &str, env: &BTreeMap<String, String>) -> Result<Vec<(String, String)>, Problem> {
    let mut settings = Vec::new();
    for (key, value) in properties::read(text) {
        let value = expand(&value, env, 0).map_err(|missing| {
            Problem::usage(format!(
                "The configuration file uses '${{{missing}}}' for '{key}', but there is no such variable."
            ))
        })?;
        settings.push((key, value));
    }
    Ok(settings)
}

/// Puts variables in place of `${NAME}` and `${NAME:default}`; a default may hold placeholders itself. The error is the name
/// of a variable that is neither set nor given a default.
fn expand(text: &str, env: &BTreeMap<String, String>, depth: usize) -> Result<String, String> {
    let Some(start) = text.find("${") else { return Ok(text.to_owned()) };
    let Some(end) = closing_brace(&text[start + 2..]).map(|n| start + 2 + n) else { return Ok(text.to_owned()) };
    let inner = &text[start + 2..end];
    let (name, default) = inner.split_once(':').map_or((inner, None), |(name, default)| (name, Some(default)));
    let value = match (env.get(name), default) {
        (Some(value), _) => value.clone(),
        // where Keycloak is unpacked; here everything lies below the working directory
        (None, _) if name == "kc.home.dir" => ".".to_owned(),
        (None, Some(default)) if depth < 8 => expand(default, env, depth + 1)?,
        _ => return Err(name.to_owned()),
    };
    Ok(format!("{}{value}{}", &text[..start], expand(&text[end + 1..], env, depth)?))
}

/// Where the brace closes that was opened before `text`.
fn closing_brace(text: &str) -> Option<usize> {
    let mut open = 1;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        (open == 0).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let env = BTreeMap::from([("HOST".to_owned(), "db.example".to_owned())]);
        parse(text, &env).unwrap()
    }
    fn value(line: &str) -> String {
        read(line).remove(0).1
    }

    #[test]
    fn comments_and_blank_lines_are_skipped() {
        assert_eq!(read("# one\n! two\n\n  a = b \n"), [("a".to_owned(), "b".to_owned())]);
    }

    #[test]
    fn a_value_may_hold_equal_signs_and_go_on() {
        assert_eq!(value("db-url=jdbc:postgresql://h/d?a=b"), "jdbc:postgresql://h/d?a=b");
        assert_eq!(value("features=a,\\\n   b"), "a,b");
        assert_eq!(value("db-password=a\\\\b\\=c\\u0041"), "a\\b=cA");
    }

    #[test]
    fn placeholders_come_from_the_environment_or_their_default() {
        assert_eq!(value("a=${HOST}:${PORT:5432}"), "db.example:5432");
        assert_eq!(value("a=${NOT:${HOST}}"), "db.example");
        assert_eq!(value("a=${unclosed"), "${unclosed");
    }

    #[test]
    fn a_missing_variable_is_named() {
        let problem = parse("a=${NOT}", &BTreeMap::new()).unwrap_err();
        assert!(problem.to_string().contains("${NOT}"), "{problem}");
    }
}
