//! One JSON object, written field by field, with a list that is written item by item.

use std::io::Write;

use serde_json::Value;

use crate::error::{Error, Result};

pub(super) struct Document<'a, W> {
    out: &'a mut W,
    pretty: bool,
    /// Whether a comma goes before the next field, or the next item.
    more: bool,
}

impl<'a, W: Write> Document<'a, W> {
    pub(super) fn begin(out: &'a mut W, pretty: bool) -> Result<Self> {
        let mut document = Document { out, pretty, more: false };
        document.raw("{")?;
        Ok(document)
    }

    pub(super) fn field(&mut self, name: &str, value: &Value) -> Result<()> {
        self.name(name)?;
        self.value(value, 1)
    }

    /// Begins a list.
    pub(super) fn list(&mut self, name: &str) -> Result<()> {
        self.name(name)?;
        self.more = false;
        self.raw("[")
    }

    pub(super) fn item(&mut self, value: &Value) -> Result<()> {
        self.next(2)?;
        self.value(value, 2)
    }

    pub(super) fn end_list(&mut self) -> Result<()> {
        if self.more {
            self.line(1)?;
        }
        self.more = true;
        self.raw("]")
    }

    pub(super) fn end(mut self) -> Result<()> {
        self.line(0)?;
        self.raw("}\n")?;
        self.out.flush().map_err(Error::Write)
    }

    fn name(&mut self, name: &str) -> Result<()> {
        self.next(1)?;
        self.value(&Value::from(name), 0)?;
        self.raw(if self.pretty { ": " } else { ":" })
    }

    fn next(&mut self, depth: usize) -> Result<()> {
        if self.more {
            self.raw(",")?;
        }
        self.more = true;
        self.line(depth)
    }

    fn line(&mut self, depth: usize) -> Result<()> {
        if self.pretty { self.raw(&format!("\n{:1$}", "", 2 * depth)) } else { Ok(()) }
    }

    fn value(&mut self, value: &Value, depth: usize) -> Result<()> {
        if !self.pretty {
            return self.raw(&value.to_string());
        }
        // a text within JSON has no line of its own: every break is between its parts
        let text = format!("{value:#}").replace('\n', &format!("\n{:1$}", "", 2 * depth));
        self.raw(&text)
    }

    fn raw(&mut self, text: &str) -> Result<()> {
        self.out.write_all(text.as_bytes()).map_err(Error::Write)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(pretty: bool, users: &[Value]) -> String {
        let mut out = Vec::new();
        let mut document = Document::begin(&mut out, pretty).unwrap();
        document.field("realm", &json!("a\nb")).unwrap();
        document.field("roles", &json!({ "realm": [{ "name": "x" }] })).unwrap();
        document.list("users").unwrap();
        users.iter().for_each(|user| document.item(user).unwrap());
        document.end_list().unwrap();
        document.end().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_is_written_piece_by_piece_is_what_is_written_at_once() {
        for users in [&[][..], &[json!({ "username": "bob" })], &[json!({ "a": [1, { "b": 2 }] }), json!(2)]] {
            let whole = json!({ "realm": "a\nb", "roles": { "realm": [{ "name": "x" }] }, "users": users });
            assert_eq!(written(false, users), format!("{whole}\n"));
            assert_eq!(written(true, users), format!("{whole:#}\n"));
        }
    }
}
