//! JSON as kcadm prints it: names and colons apart, lists on the line they begin on.

use std::io::{self, Write};

use serde_json::Value;

use super::stop::{Stop, failed};

/// The text, without a line's end.
pub(crate) fn pretty(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value, 0);
    text
}

fn write_value(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Array(list) if list.is_empty() => text.push_str("[ ]"),
        Value::Array(list) => {
            for (at, item) in list.iter().enumerate() {
                text.push_str(if at == 0 { "[ " } else { ", " });
                write_value(text, item, depth);
            }
            text.push_str(" ]");
        }
        Value::Object(object) if object.is_empty() => text.push_str("{ }"),
        Value::Object(object) => {
            let indent = "  ".repeat(depth + 1);
            text.push('{');
            for (at, (name, value)) in object.iter().enumerate() {
                let comma = if at == 0 { "" } else { "," };
                *text += &format!("{comma}\n{indent}{} : ", Value::from(name.as_str()));
                write_value(text, value, depth + 1);
            }
            *text += &format!("\n{}}}", "  ".repeat(depth));
        }
        other => *text += &other.to_string(),
    }
}

/// Writes to the standard output; a reader that has hung up is no problem.
pub(crate) fn out(text: &str) -> Result<(), Stop> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(failed(e.to_string())),
        _ => Ok(()),
    }
}

/// The same with what kcadm does at its end: where the text does not end a line, the standard error does.
pub(crate) fn answer(text: &str) -> Result<(), Stop> {
    out(text)?;
    if !text.is_empty() && !text.ends_with('\n') {
        eprintln!();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_looks_as_kcadm_has_it() {
        let value =
            json!([{ "id": 1, "list": ["a", "b"], "none": [], "in": { "x": {}, "y": [{ "z": null }] } }, { "id": 2 }]);
        let expected = r#"[ {
  "id" : 1,
  "list" : [ "a", "b" ],
  "none" : [ ],
  "in" : {
    "x" : { },
    "y" : [ {
      "z" : null
    } ]
  }
}, {
  "id" : 2
} ]"#;
        assert_eq!(pretty(&value), expected);
        assert_eq!(pretty(&json!([])), "[ ]");
        assert_eq!(pretty(&json!([[], [1]])), "[ [ ], [ 1 ] ]");
        assert_eq!(pretty(&json!("a\"b")), r#""a\"b""#);
    }
}
