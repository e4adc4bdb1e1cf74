//! `$(env:NAME)` and `$(file:PATH)` in files, as keycloak-config-cli writes them.

use cloakroom_api::names::pointer_step;
use serde_json::{Map, Value};

/// Where variables have their values from: the kind (`env`, `file`) and the name. `None` for one that is not there.
pub(crate) type Source<'a> = &'a dyn Fn(&str, &str) -> Option<String>;

/// A variable that has no value.
#[derive(Debug, PartialEq)]
pub(crate) struct Unset {
    /// The way to the text as a JSON Pointer.
    pub(crate) pointer: String,
    pub(crate) reason: String,
}

/// Replaces the variables in all texts of a tree, those of field names included.
pub(crate) fn filled(value: Value, pointer: &mut String, source: Source<'_>) -> Result<Value, Unset> {
    let length = pointer.len();
    let text = |text: &str, pointer: &str| {
        expand(text, source).map_err(|reason| Unset { pointer: pointer.to_owned(), reason })
    };
    match value {
        Value::String(before) if before.contains("$(") => text(&before, pointer).map(Value::String),
        Value::Array(list) => {
            let mut filled_list = Vec::with_capacity(list.len());
            for (index, entry) in list.into_iter().enumerate() {
                pointer.push_str(&format!("/{index}"));
                filled_list.push(filled(entry, pointer, source)?);
                pointer.truncate(length);
            }
            Ok(Value::Array(filled_list))
        }
        Value::Object(fields) => {
            let mut map = Map::new();
            for (name, value) in fields {
                pointer.push('/');
                pointer.push_str(&pointer_step(&name));
                let name = if name.contains("$(") { text(&name, pointer)? } else { name };
                map.insert(name, filled(value, pointer, source)?);
                pointer.truncate(length);
            }
            Ok(Value::Object(map))
        }
        other => Ok(other),
    }
}

/// `$(kind:name)` or `$(kind:name:-otherwise)`; `$$(` is `$(` itself, and so is what has no kind.
fn expand(text: &str, source: Source<'_>) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("$(") {
        if rest[..at].ends_with('$') {
            out.push_str(&rest[..at - 1]);
            out.push_str("$(");
            rest = &rest[at + 2..];
            continue;
        }
        out.push_str(&rest[..at]);
        let Some(end) = closing(&rest[at + 2..]) else { break };
        let inner = &rest[at + 2..at + 2 + end];
        let after = &rest[at + 2 + end + 1..];
        match inner.split_once(':').filter(|(kind, _)| !kind.is_empty() && kind.chars().all(char::is_alphanumeric)) {
            Some((kind, name)) => out.push_str(&value(kind, name, source)?),
            None => out.extend(["$(", inner, ")"]),
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// Where the bracket that is open closes.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' => open += 1,
            ')' if open == 0 => return Some(at),
            ')' => open -= 1,
            _ => {}
        }
    }
    None
}

fn value(kind: &str, name: &str, source: Source<'_>) -> Result<String, String> {
    let (name, otherwise) = name.split_once(":-").map_or((name, None), |(name, otherwise)| (name, Some(otherwise)));
    if !matches!(kind, "env" | "file") {
        return Err(format!("$({kind}:…) is not known: there are $(env:NAME) and $(file:PATH), and $$( for $( itself"));
    }
    match (source(kind, name), otherwise) {
        (Some(value), _) => Ok(value),
        (None, Some(otherwise)) => expand(otherwise, source),
        (None, None) if kind == "env" => {
            Err(format!("the variable {name} is not set: export it, or write $(env:{name}:-DEFAULT)"))
        }
        (None, None) => {
            Err(format!("the file {name} cannot be read: write $(file:{name}:-DEFAULT) if it may be missing"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn source(kind: &str, name: &str) -> Option<String> {
        (kind == "env" && name == "A").then(|| "a".to_owned()).or((kind == "file").then(|| format!("<{name}>")))
    }

    #[test]
    fn variables_are_replaced_wherever_text_is() {
        let tree = json!({ "x": ["$(env:A)-$(file:f)"], "$(env:A)": "$(env:B:-none) $(env:B:-$(env:A))", "n": 1 });
        let expected = json!({ "x": ["a-<f>"], "a": "none a", "n": 1 });
        assert_eq!(filled(tree, &mut String::new(), &source), Ok(expected));
    }

    #[test]
    fn what_is_no_variable_stays() {
        for (text, expected) in
            [("${role_x} $(document).x", "${role_x} $(document).x"), ("$$(env:A)", "$(env:A)"), ("$(env:A", "$(env:A")]
        {
            assert_eq!(expand(text, &source).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn a_variable_without_a_value_is_named() {
        let unset = filled(json!({ "a": ["x", "$(env:B)"] }), &mut String::new(), &source).unwrap_err();
        assert_eq!(unset.pointer, "/a/1");
        assert!(unset.reason.contains("variable B is not set"));
        assert!(expand("$(sys:x)", &source).unwrap_err().contains("$(sys:…) is not known"));
    }
}
