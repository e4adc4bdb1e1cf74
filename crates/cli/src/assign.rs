//! `-s key=value`: how the command line writes JSON.

use serde_json::{Map, Value};

/// A step into a value.
#[derive(Debug, PartialEq)]
enum Step {
    Field(String),
    Index(usize),
}

/// Sets what `key=value` says. Dots go into objects and `[0]` into lists, both made where they are missing; `"…"` takes a name
/// with dots. The value is JSON if it reads as such, else text.
pub(crate) fn assign(target: &mut Value, assignment: &str) -> Result<(), String> {
    let bad = |why: &str| format!("-s {}: {why}", shown(assignment));
    let (steps, text) = parse(assignment).map_err(|why| bad(&why))?;
    let mut place = target;
    for step in steps {
        place = enter(place, step).map_err(|why| bad(&why))?;
    }
    *place = value(text);
    Ok(())
}

/// The key alone: the value may be a password.
fn shown(assignment: &str) -> &str {
    assignment.split('=').next().unwrap_or_default()
}

fn enter(place: &mut Value, step: Step) -> Result<&mut Value, String> {
    match step {
        Step::Field(name) => {
            if place.is_null() {
                *place = Value::Object(Map::new());
            }
            let object = place.as_object_mut().ok_or_else(|| format!("\"{name}\" is not in an object"))?;
            Ok(object.entry(name).or_insert(Value::Null))
        }
        Step::Index(index) => {
            if place.is_null() {
                *place = Value::Array(Vec::new());
            }
            let list = place.as_array_mut().ok_or_else(|| format!("[{index}] is not in a list"))?;
            if index == list.len() {
                list.push(Value::Null);
            }
            let length = list.len();
            list.get_mut(index).ok_or_else(|| format!("[{index}] leaves a gap: the list has {length}"))
        }
    }
}

fn parse(assignment: &str) -> Result<(Vec<Step>, &str), String> {
    let mut steps = Vec::new();
    let mut rest = assignment;
    loop {
        if let Some(after) = rest.strip_prefix('[') {
            let (index, after) = after.split_once(']').ok_or("\"[\" without \"]\"")?;
            steps.push(Step::Index(index.parse().map_err(|_| format!("[{index}] is not a number"))?));
            rest = after;
        } else if let Some(after) = rest.strip_prefix('"') {
            let (name, after) = after.split_once('"').ok_or("a quote that does not end")?;
            steps.push(Step::Field(name.to_owned()));
            rest = after;
        } else {
            let end = rest.find(['.', '[', '=']).ok_or("no \"=\": write it like key=value")?;
            if end == 0 {
                return Err("a name is missing: write it like key=value".to_owned());
            }
            steps.push(Step::Field(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        match rest.as_bytes().first() {
            Some(b'=') => return Ok((steps, &rest[1..])),
            Some(b'.') => rest = &rest[1..],
            Some(b'[') => {}
            _ => return Err("no \"=\": write it like key=value".to_owned()),
        }
    }
}

/// JSON, or text. Numbers are taken for such only where they come out as they went in: `007` and `1e5` are text.
fn value(text: &str) -> Value {
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Number(number)) if number.to_string() != text.trim() => Value::String(text.to_owned()),
        Ok(value) => value,
        Err(_) => Value::String(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn built(assignments: &[&str]) -> Result<Value, String> {
        let mut value = Value::Null;
        assignments.iter().try_for_each(|a| assign(&mut value, a)).map(|()| value)
    }

    #[test]
    fn keys_nest_by_dots_and_brackets() {
        let made = built(&[
            "username=bob",
            "enabled=true",
            "credentials[0].type=password",
            "credentials[0].value=hunter=2",
            r#"attributes."post.logout.redirect.uris"=+"#,
            r#"attributes.roles=["a","b"]"#,
            "x[0][1-]=",
        ]);
        assert_eq!(made, Err("-s x[0][1-]: [1-] is not a number".to_owned()));
        let made = built(&[
            "username=bob",
            "enabled=true",
            "credentials[0].type=password",
            "credentials[0].value=hunter=2",
            r#"attributes."post.logout.redirect.uris"=+"#,
            r#"attributes.roles=["a","b"]"#,
        ]);
        let expected = json!({ "username": "bob", "enabled": true,
            "credentials": [{ "type": "password", "value": "hunter=2" }],
            "attributes": { "post.logout.redirect.uris": "+", "roles": ["a", "b"] } });
        assert_eq!(made, Ok(expected));
        assert_eq!(built(&["[0].id=1", "[0].name=a", "[1].id=2"]), Ok(json!([{ "id": 1, "name": "a" }, { "id": 2 }])));
    }

    #[test]
    fn what_does_not_come_out_as_it_went_in_is_text() {
        for (text, expected) in [
            ("12", json!(12)),
            ("-1", json!(-1)),
            ("007", json!("007")),
            ("1e5", json!("1e5")),
            ("12345678901234567890123", json!("12345678901234567890123")),
            ("\"12\"", json!("12")),
            ("null", json!(null)),
            ("", json!("")),
            ("True", json!("True")),
            ("{a", json!("{a")),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn a_wrong_key_is_named_without_its_value() {
        for bad in ["password", "=hunter2", "a[0=hunter2", "a[2]=hunter2", "\"a=hunter2", "a..b=hunter2"] {
            let e = built(&[bad]).unwrap_err();
            assert!(!e.contains("hunter2"), "{e}");
        }
        assert!(built(&["a=1", "a.b=2"]).unwrap_err().contains("not in an object"));
    }
}
