//! Bodies that are no representation: uploads, and whatever has a media type.

use bytes::Bytes;
use serde::Serialize;

use super::CallError;

/// Bytes and what they are: the value of a [`File`](super::File) answer, or a body to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The `Content-Type`.
    pub media_type: String,
    /// The body.
    pub bytes: Bytes,
}

impl Content {
    /// Text as it is.
    pub fn text(text: impl Into<String>) -> Self {
        Content { media_type: "text/plain".to_owned(), bytes: text.into().into() }
    }

    /// A value as JSON.
    pub fn json(value: &impl Serialize) -> Result<Self, CallError> {
        let bytes = serde_json::to_vec(value).map_err(|e| CallError::Body(e.to_string()))?;
        Ok(Content { media_type: "application/json".to_owned(), bytes: bytes.into() })
    }

    /// The fields and files of an upload (RFC 7578).
    ///
    /// ```
    /// use cloakroom_api::endpoint::{Content, Part};
    /// let pem = "-----BEGIN CERTIFICATE-----";
    /// let upload = Content::multipart([
    ///     Part::field("keystoreFormat", "Certificate PEM"),
    ///     Part::file("file", "cert.pem", "text/plain", pem),
    /// ]);
    /// assert!(upload.media_type.starts_with("multipart/form-data; boundary="));
    /// ```
    pub fn multipart(parts: impl IntoIterator<Item = Part>) -> Self {
        let parts: Vec<Part> = parts.into_iter().collect();
        let within = |line: &str| parts.iter().any(|part| contains(&part.bytes, line.as_bytes()));
        // a boundary may be any text that no part holds
        let mut number = 0_u64;
        let boundary = loop {
            let boundary = format!("cloakroom-part-{number}");
            if !within(&boundary) {
                break boundary;
            }
            number += 1;
        };
        let mut bytes = Vec::new();
        for part in &parts {
            bytes.extend_from_slice(format!("--{boundary}\r\n{}\r\n\r\n", part.head).as_bytes());
            bytes.extend_from_slice(&part.bytes);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Content { media_type: format!("multipart/form-data; boundary={boundary}"), bytes: bytes.into() }
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// One field or file of an upload.
#[derive(Debug, Clone)]
pub struct Part {
    head: String,
    bytes: Bytes,
}

impl Part {
    /// A field: text under a name.
    pub fn field(name: &str, value: impl Into<String>) -> Self {
        let head = format!("Content-Disposition: form-data; name=\"{}\"", quoted(name));
        Part { head, bytes: value.into().into() }
    }

    /// A file: bytes under a name, with the file's own name and media type.
    pub fn file(name: &str, file_name: &str, media_type: &str, bytes: impl Into<Bytes>) -> Self {
        let (name, file_name) = (quoted(name), quoted(file_name));
        let media_type: String = media_type.chars().filter(|c| !c.is_control()).collect();
        let head = format!(
            "Content-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: {media_type}"
        );
        Part { head, bytes: bytes.into() }
    }
}

/// Text between quotes in a part's head, as browsers write it: what would end it is percent-encoded.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_has_a_boundary_that_no_part_holds() {
        let upload = Content::multipart([Part::field("a\"b", "--cloakroom-part-0")]);
        assert_eq!(upload.media_type, "multipart/form-data; boundary=cloakroom-part-1");
        let text = String::from_utf8_lossy(&upload.bytes).into_owned();
        let head = "Content-Disposition: form-data; name=\"a%22b\"";
        assert_eq!(text, format!("--cloakroom-part-1\r\n{head}\r\n\r\n--cloakroom-part-0\r\n--cloakroom-part-1--\r\n"));
    }
}
