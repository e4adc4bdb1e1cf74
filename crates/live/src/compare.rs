//! What an answer held, and its representation does not.

use bytes::Bytes;
use http::Response;
use serde_json::Value;

/// How an answer differs from itself read and written again: the status, and each field of a JSON body. An absent field and
/// one that is null are the same.
pub(crate) fn differences(came: &Response<Bytes>, written: &Response<Bytes>) -> Vec<String> {
    let mut found = Vec::new();
    if came.status() != written.status() {
        found.push(format!("status {}, and the row says {}", came.status().as_u16(), written.status().as_u16()));
    }
    match (json(came), json(written)) {
        (Some(came), Some(written)) => walk(&came, &written, "$", &mut found),
        (Some(_), None) => found.push("a body, and the row has none".to_owned()),
        (None, _) => {}
    }
    found
}

fn json(answer: &Response<Bytes>) -> Option<Value> {
    serde_json::from_slice(answer.body()).ok()
}

fn walk(came: &Value, written: &Value, at: &str, found: &mut Vec<String>) {
    match (came, written) {
        (Value::Object(a), Value::Object(b)) => {
            for (name, value) in a {
                walk(value, b.get(name).unwrap_or(&Value::Null), &format!("{at}.{name}"), found);
            }
            let new = b.iter().filter(|(name, value)| !value.is_null() && !a.contains_key(*name));
            found.extend(new.map(|(name, _)| format!("{at}.{name}: is added")));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).for_each(|(a, b)| walk(a, b, &format!("{at}[]"), found));
        }
        (a, b) if a == b => {}
        (_, Value::Null) => found.push(format!("{at}: is lost")),
        (a, b) => found.push(format!("{at}: {} becomes {}", kind(a), kind(b))),
    }
}

/// Values differ from run to run, their kinds do not.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cloakroom_api::{
        admin::roles::Role,
        endpoint::{Json, Reply},
    };

    fn of(body: &str) -> Vec<String> {
        let came = Response::new(Bytes::from(body.to_owned()));
        let value = Json::<Vec<Role>>::decode(Response::new(came.body().clone())).unwrap();
        differences(&came, &Json::<Vec<Role>>::encode(value).unwrap())
    }

    #[test]
    fn what_is_lost_is_named_by_its_place() {
        assert_eq!(of(r#"[{"name": "a", "description": null, "attributes": {"b": ["c"]}}]"#), [""; 0]);
        assert_eq!(of(r#"[{"name": "a", "colour": "red"}]"#), ["$[].colour: is lost"]);
        assert_eq!(of(r#"[{"name": "a", "attributes": {"b": "c"}}]"#), ["$[].attributes.b: text becomes a list"]);
    }
}
