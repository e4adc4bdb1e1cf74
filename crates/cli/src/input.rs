//! Files that are named on the command line, read whole.

use std::io::Read;
use std::path::Path;

use cloakroom::plan::files::parse;
use serde_json::Value;

use crate::body::is_stdin;
use crate::failure::{Failure, Result};

/// The bytes of a file, or of the standard input for `-`.
pub(crate) fn bytes(file: &Path) -> Result<Vec<u8>> {
    let bytes = if is_stdin(file) {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(file)
    };
    bytes.map_err(|e| unreadable(file, &e))
}

/// The same as text.
pub(crate) fn text(file: &Path) -> Result<String> {
    String::from_utf8(bytes(file)?).map_err(|e| unreadable(file, &e.utf8_error()))
}

/// The same as JSON, from JSON or YAML.
pub(crate) fn value(file: &Path) -> Result<Value> {
    parse(&text(file)?).map_err(|e| unreadable(file, &e))
}

pub(crate) fn unreadable(file: &Path, e: &dyn std::error::Error) -> Failure {
    let file = if is_stdin(file) { "the standard input".into() } else { file.display().to_string() };
    Failure::Usage(format!("{file} cannot be read: {e}"))
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
            let e = parse(text).unwrap_err().to_string();
            assert!(e.contains("put text in quotes"), "{e}");
        }
    }

    #[test]
    fn broken_input_says_where() {
        assert!(parse("{\"a\":\n 1,}").unwrap_err().to_string().contains("line 2"));
        assert!(parse("a: [1").is_err());
    }
}
