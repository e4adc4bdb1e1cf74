//! `-f FILE`: JSON or YAML.

use std::fmt;
use std::io::Read;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::body::is_stdin;
use crate::failure::{Failure, Result};

/// Reads a file, or the standard input for `-`.
pub(crate) fn read(file: &Path) -> Result<Value> {
    let unreadable = |e: &dyn fmt::Display| Failure::Usage(format!("{} cannot be read: {e}", file.display()));
    let text = String::from_utf8(bytes(file)?).map_err(|e| unreadable(&e))?;
    parse(&text).map_err(|e| unreadable(&e))
}

/// The same as it is.
pub(crate) fn bytes(file: &Path) -> Result<Vec<u8>> {
    let bytes = if is_stdin(file) {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(file)
    };
    bytes.map_err(|e| Failure::Usage(format!("{} cannot be read: {e}", file.display())))
}

/// JSON is tried first: it is YAML too, but its errors are better told by its own parser.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    let json = serde_json::from_str(text);
    if json.is_ok() || text.trim_start().starts_with(['{', '[']) {
        return json.map_err(|e| e.to_string());
    }
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options::<Yaml>(text, options).map(|yaml| yaml.0).map_err(|e| e.to_string())
}

/// YAML as JSON. `no`, `off` and the like are text. Keycloak has no fractions, so a number that is not whole is a text that
/// lost its quotes, such as `012` or a version, and is refused.
struct Yaml(Value);

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Builder).map(Yaml)
    }
}

struct Builder;

impl<'de> Visitor<'de> for Builder {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Err(E::custom(format!("a number that is not whole ({value}): put text in quotes, such as \"012\" or \"1.0\"")))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Yaml(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(values.into())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Yaml(value))) = map.next_entry::<String, _>()? {
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_and_yaml_are_told_apart() {
        assert_eq!(parse(r#"{"a": 1.5, "b": [true]}"#), Ok(json!({ "a": 1.5, "b": [true] })));
        let yaml = "username: bob\nenabled: true\nattributes:\n  country: [no]\n  n: null\nlist:\n- id: 1\n- \"012\"\n";
        let expected = json!({ "username": "bob", "enabled": true, "attributes": { "country": ["no"], "n": null },
            "list": [{ "id": 1 }, "012"] });
        assert_eq!(parse(yaml), Ok(expected));
    }

    #[test]
    fn a_number_that_lost_its_quotes_is_refused() {
        for text in ["zip: 1.50", "zip: 012"] {
            let e = parse(text).unwrap_err();
            assert!(e.contains("put text in quotes"), "{e}");
        }
    }

    #[test]
    fn broken_input_says_where() {
        assert!(parse("{\"a\":\n 1,}").unwrap_err().contains("line 2"));
        assert!(parse("a: [1").is_err());
    }
}
