//! What came back, and what would be sent, as values and as text.

use bytes::Bytes;
use clap::Args;
use cloakroom::api::secrets::is_secret;
use http::{Response, StatusCode, header};
use serde_json::Value;

use crate::api::{Asked, done};
use crate::failure::{Failure, Result};
use crate::output::{Look, say};

/// How an answer is shown.
#[derive(Args, Debug, Clone, Default)]
pub(crate) struct Shown {
    /// Prints the status and the headers of the answer first
    #[arg(short = 'H', long, help_heading = "Output")]
    print_headers: bool,
    #[command(flatten)]
    pub(crate) look: Look,
}

impl Shown {
    /// An answer of success, whose head is printed if that was asked for.
    pub(crate) fn checked(&self, asked: &Asked, answer: Response<Bytes>) -> Result<Response<Bytes>> {
        if self.print_headers {
            say(&(head(&answer) + "\n\n"))?;
        }
        done(asked, answer)
    }

    /// Prints what came back, if anything did.
    pub(crate) fn print(&self, answer: &Response<Bytes>) -> Result<()> {
        read(answer)?.map_or(Ok(()), |value| self.look.print(&value))
    }
}

/// JSON, or text where the answer is something else; nothing for an empty one.
pub(crate) fn read(answer: &Response<Bytes>) -> Result<Option<Value>> {
    if answer.body().is_empty() || answer.status() == StatusCode::NO_CONTENT {
        return Ok(None);
    }
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if kind.contains("json") {
        let value = serde_json::from_slice(answer.body());
        return value.map(Some).map_err(|e| Failure::Io(format!("the answer is not the JSON it says it is: {e}")));
    }
    if kind.starts_with("text/html") {
        return Err(Failure::Usage("HTML instead of JSON: is --server right? It is the part before /admin".to_owned()));
    }
    Ok(Some(String::from_utf8_lossy(answer.body()).into_owned().into()))
}

/// The status and the headers of an answer, as they came.
pub(crate) fn head(answer: &Response<Bytes>) -> String {
    let mut text = format!("{:?} {}", answer.version(), answer.status());
    for (name, value) in answer.headers() {
        text += &format!("\n{name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    text
}

/// The address of what was created.
pub(crate) fn location(answer: &Response<Bytes>) -> Option<&str> {
    answer.headers().get(header::LOCATION)?.to_str().ok()
}

/// Prints a request in place of sending it, without its secrets.
pub(crate) fn request(asked: &Asked) -> Result<()> {
    let mut text = asked.name();
    for (name, value) in &asked.headers {
        let hidden = ["authorization", "cookie", "proxy-authorization"].contains(&name.to_ascii_lowercase().as_str());
        text += &format!("\n{name}: {}", if hidden { MASK } else { value });
    }
    if let Some(body) = &asked.body {
        let shown = match serde_json::from_slice(body) {
            Ok(mut value) => {
                mask(&mut value);
                serde_json::to_string_pretty(&value).unwrap_or_default()
            }
            Err(_) => format!("({} bytes)", body.len()),
        };
        text += &format!("\n\n{shown}");
    }
    say(&text)
}

const MASK: &str = "***";

/// Masks what must not be read over a shoulder: by its name, and a credential's `value`.
pub(crate) fn mask(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(mask),
        Value::Object(object) => {
            let credential = object.get("type").is_some_and(|kind| kind == "password" || kind == "secret");
            for (name, value) in object {
                let secret = is_secret(name) || (credential && name == "value");
                match value {
                    Value::String(text) if secret && !text.is_empty() => MASK.clone_into(text),
                    Value::Array(list) if secret => {
                        list.iter_mut().filter(|item| item.is_string()).for_each(|item| *item = MASK.into());
                    }
                    other => mask(other),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_are_masked_by_their_names() {
        let mut value = json!({ "username": "bob", "credentials": [{ "type": "password", "value": "hunter2" }],
            "smtpServer": { "password": "x", "host": "h" }, "config": { "privateKey": ["k"], "value": "seen" },
            "passwordPolicy": "length(8)" });
        mask(&mut value);
        assert_eq!(
            value,
            json!({ "username": "bob", "credentials": [{ "type": "password", "value": "***" }],
            "smtpServer": { "password": "***", "host": "h" }, "config": { "privateKey": ["***"], "value": "seen" },
            "passwordPolicy": "length(8)" })
        );
    }
}
