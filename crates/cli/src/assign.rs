//! `-s key=value` and `-d key`: how the command line writes JSON.

use serde_json::{Map, Value};

/// A step into a value.
#[derive(Debug, PartialEq)]
enum Step {
    Field(String),
    Index(usize),
}

/// What an assignment does with its value.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Does {
    Set,
    /// `+=`: another item of a list.
    Add,
    /// `-=`: no such item in a list.
    Take,
}

/// Does what `key=value`, `key+=value` or `key-=value` says. Dots go into objects and `[0]` into lists, both made where they are
/// missing; `"…"` takes a name with dots. The value is JSON if it reads as such, else text.
pub(crate) fn assign(target: &mut Value, assignment: &str) -> Result<(), String> {
    let bad = |why: &str| format!("-s {}: {why}", shown(assignment));
    let (steps, does, text) = parse(assignment).map_err(|why| bad(&why))?;
    let mut place = target;
    for step in steps {
        place = enter(place, step).map_err(|why| bad(&why))?;
    }
    let value = value(text).map_err(|why| bad(&why))?;
    match does {
        Does::Set => *place = value,
        // as with kcadm, what is no list becomes one
        Does::Add => match place.as_array_mut() {
            Some(list) => list.push(value),
            None => *place = Value::Array(vec![value]),
        },
        Does::Take => {
            if let Some(list) = place.as_array_mut() {
                list.retain(|item| *item != value);
            } else if place.is_null() {
                *place = Value::Array(Vec::new());
            } else {
                return Err(bad("-= takes from a list, and this is none"));
            }
        }
    }
    Ok(())
}

/// Deletes what a key leads to, if it leads somewhere. What follows in a list moves up.
pub(crate) fn delete(target: &mut Value, key: &str) -> Result<(), String> {
    let bad = |why: String| format!("-d {key}: {why}");
    let (mut steps, rest) = steps(key).map_err(bad)?;
    if !rest.is_empty() {
        return Err(bad("write a name, without a value".to_owned()));
    }
    let Some(last) = steps.pop() else { return Ok(()) };
    let mut place = target;
    for step in steps {
        let next = match step {
            Step::Field(name) => place.get_mut(&name),
            Step::Index(index) => place.get_mut(index),
        };
        let Some(next) = next else { return Ok(()) };
        place = next;
    }
    match (last, place) {
        (Step::Field(name), Value::Object(object)) => drop(object.shift_remove(&name)),
        (Step::Index(index), Value::Array(list)) if index < list.len() => drop(list.remove(index)),
        _ => {}
    }
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

fn parse(assignment: &str) -> Result<(Vec<Step>, Does, &str), String> {
    let (steps, rest) = steps(assignment)?;
    let forms = [("=", Does::Set), ("+=", Does::Add), ("-=", Does::Take)];
    let found = forms.iter().find_map(|(sign, does)| Some((*does, rest.strip_prefix(sign)?)));
    let (does, value) = found.ok_or("no \"=\": write it like key=value")?;
    Ok((steps, does, value))
}

/// The steps of a key, and what follows it.
fn steps(text: &str) -> Result<(Vec<Step>, &str), String> {
    let mut steps = Vec::new();
    let mut rest = text;
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
            let end = end_of_name(rest);
            if end == 0 {
                return Err("a name is missing: write it like key=value".to_owned());
            }
            steps.push(Step::Field(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        match rest.as_bytes().first() {
            Some(b'.') => rest = &rest[1..],
            Some(b'[') => {}
            _ => return Ok((steps, rest)),
        }
    }
}

/// A name ends where a list or object is entered, and before the sign of the assignment.
fn end_of_name(text: &str) -> usize {
    let end = text.find(['.', '[', '=']).unwrap_or(text.len());
    let signed = text[end..].starts_with('=') && text[..end].ends_with(['+', '-']);
    if signed && end > 1 { end - 1 } else { end }
}

/// JSON, or text. Numbers are taken for such only where they come out as they went in: `007` and `1e5` are text. Text may stand
/// in single quotes, as kcadm has it.
fn value(text: &str) -> Result<Value, String> {
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Number(number)) if number.to_string() != text.trim() => Ok(text.into()),
        Ok(value) => Ok(value),
        Err(_) if text.starts_with(['\'', '"']) => {
            let inner = text.get(1..text.len() - 1).filter(|_| text.len() > 1 && text.ends_with(['\'', '"']));
            inner.map(Value::from).ok_or_else(|| "a quote that does not end".to_owned())
        }
        Err(_) => Ok(text.into()),
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
            ("'12'", json!("12")),
            ("'it''s'", json!("it''s")),
        ] {
            assert_eq!(value(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn lists_are_added_to_and_taken_from() {
        assert_eq!(built(&["a+=x", "a+={\"b\":1}", "a+=12", "a-=x"]), Ok(json!({ "a": [{ "b": 1 }, 12] })));
        assert_eq!(built(&["a=text", "a+=x", "b-=x", "c.d+=1"]), Ok(json!({ "a": ["x"], "b": [], "c": { "d": [1] } })));
        assert_eq!(built(&["\"x.y\"+=1"]), Ok(json!({ "x.y": [1] })));
        assert!(built(&["a=1", "a-=1"]).unwrap_err().contains("takes from a list"));
    }

    #[test]
    fn names_are_deleted_and_items_move_up() {
        let mut value = json!({ "a": { "x.y": 1, "z": 2 }, "list": [1, 2, 3], "gone": true });
        for key in ["a.\"x.y\"", "list[0]", "gone", "not.there", "list[9]", "a.z.w"] {
            delete(&mut value, key).unwrap();
        }
        assert_eq!(value, json!({ "a": { "z": 2 }, "list": [2, 3] }));
        assert!(delete(&mut value, "a=1").unwrap_err().contains("without a value"));
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
