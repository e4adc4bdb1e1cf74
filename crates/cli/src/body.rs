//! The body of a request: a file, a text, and what is set and deleted on top.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use clap::Args;
use cloakroom::plan::files::parse;
use serde_json::{Map, Value};

use crate::assign::{assign, delete};
use crate::failure::{Failure, Result};
use crate::input;

#[derive(Args, Debug, Clone, Default)]
pub(crate) struct Body {
    /// The body: a file in JSON or YAML, `-` for the standard input
    #[arg(short, long, value_name = "FILE", conflicts_with = "body", help_heading = "Body")]
    pub(crate) file: Option<PathBuf>,
    /// The body itself
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true, help_heading = "Body")]
    pub(crate) body: Option<String>,
    /// Sets a field of the body (`a.b[0]=value`), adds to a list (`list+=value`) or takes from it (`list-=value`); may be given
    /// more than once
    #[arg(short, long, value_name = "KEY=VALUE", allow_hyphen_values = true, help_heading = "Body")]
    pub(crate) set: Vec<String>,
    /// Deletes a field of the body; may be given more than once
    #[arg(short, long, value_name = "KEY", help_heading = "Body")]
    pub(crate) delete: Vec<String>,
}

impl Body {
    /// Whether fields are set or deleted one by one.
    pub(crate) fn edits(&self) -> bool {
        !self.set.is_empty() || !self.delete.is_empty()
    }

    /// Whether there is no body at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.file.is_none() && self.body.is_none() && !self.edits()
    }

    /// What the file or the text says, on top of what is there, then the edits. `raw` sends it as it is: not everything is JSON.
    pub(crate) fn read(&self, present: Option<Value>, raw: bool) -> Result<Option<Bytes>> {
        if self.is_empty() {
            return Ok(None);
        }
        if raw {
            if self.edits() {
                return Err(Failure::Usage("-s and -d edit JSON, and --header says that the body is none".to_owned()));
            }
            return self.bytes().map(Some);
        }
        let given = match (&self.file, &self.body) {
            (Some(file), _) => Some(input::value(file)?),
            (None, Some(text)) => Some(parse(text).map_err(|e| Failure::Usage(format!("--body: {e}")))?),
            (None, None) => None,
        };
        let mut body = match (present, given) {
            (Some(mut present), Some(given)) => {
                merge(&mut present, given)?;
                present
            }
            (present, given) => given.or(present).unwrap_or_default(),
        };
        self.set.iter().try_for_each(|set| assign(&mut body, set)).map_err(Failure::Usage)?;
        self.delete.iter().try_for_each(|key| delete(&mut body, key)).map_err(Failure::Usage)?;
        if body.is_null() {
            body = Value::Object(Map::new());
        }
        Ok(Some(Bytes::from(body.to_string())))
    }

    /// The same with the standard input read: before anybody is asked for a password there.
    pub(crate) fn taken(&self) -> Result<Body> {
        let mut body = self.clone();
        if let Some(file) = body.file.take_if(|file| is_stdin(file)) {
            body.body = Some(input::text(&file)?);
        }
        Ok(body)
    }

    fn bytes(&self) -> Result<Bytes> {
        match (&self.file, &self.body) {
            (Some(file), _) => input::bytes(file).map(Bytes::from),
            (None, text) => Ok(Bytes::from(text.clone().unwrap_or_default())),
        }
    }
}

/// Objects are merged, all else is replaced.
fn merge(present: &mut Value, given: Value) -> Result<()> {
    let (Value::Object(present), Value::Object(given)) = (present, given) else {
        return Err(Failure::Usage("--merge merges objects, and this is none".to_owned()));
    };
    deepen(present, given);
    Ok(())
}

fn deepen(present: &mut Map<String, Value>, given: Map<String, Value>) {
    for (name, value) in given {
        match (present.get_mut(&name), value) {
            (Some(Value::Object(inner)), Value::Object(value)) => deepen(inner, value),
            (_, value) => drop(present.insert(name, value)),
        }
    }
}

/// Whether a header says that the body is not JSON.
pub(crate) fn is_raw<'a>(mut headers: impl Iterator<Item = (&'a str, &'a str)>) -> bool {
    headers.any(|(name, value)| name.eq_ignore_ascii_case("content-type") && !value.contains("json"))
}

/// `-` or a file that is there.
pub(crate) fn is_stdin(file: &Path) -> bool {
    file.as_os_str() == "-"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_given_goes_over_what_is_there_and_edits_over_both() {
        let body = Body {
            body: Some(r#"{"attributes":{"a":"1"},"list":[3]}"#.to_owned()),
            set: vec!["list+=4".to_owned()],
            delete: vec!["gone".to_owned()],
            ..Body::default()
        };
        let present = json!({ "attributes": { "a": "0", "b": "2" }, "list": [1, 2], "gone": true });
        let read: Value = serde_json::from_slice(&body.read(Some(present), false).unwrap().unwrap()).unwrap();
        assert_eq!(read, json!({ "attributes": { "a": "1", "b": "2" }, "list": [3, 4] }));
        assert!(body.read(None, true).is_err());
        assert!(Body::default().read(Some(json!({})), false).unwrap().is_none());
    }
}
