//! `multipart/form-data` (RFC 7578): the parts of an upload.

use cloakroom_api::endpoint::Content;

/// One field.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part<'b> {
    /// The field's name.
    pub(crate) name: String,
    /// What was sent for it.
    pub(crate) bytes: &'b [u8],
}

/// The most parts that are read.
const MOST: usize = 100;

/// The parts of a body; `None` if it is not well-formed.
pub(crate) fn parts(body: &Content) -> Option<Vec<Part<'_>>> {
    let boundary = parameter(&body.media_type, "boundary").filter(|b| !b.is_empty() && b.len() <= 70)?;
    let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
    // the first delimiter needs no line break before it
    let mut rest = match body.bytes.strip_prefix(&delimiter[2..]) {
        Some(rest) => rest,
        None => &body.bytes[find(&body.bytes, &delimiter)? + delimiter.len()..],
    };
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let head = find(rest, b"\r\n")? + 2;
        let end = find(rest, b"\r\n\r\n")?;
        let headers = std::str::from_utf8(rest.get(head..end).unwrap_or_default()).ok()?;
        let name = headers.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-disposition").then(|| parameter(value, "name")).flatten()
        })?;
        let body = &rest[end + 4..];
        // an empty part's delimiter begins with the break that ended its headers
        let length = find(body, &delimiter)?;
        parts.push(Part { name, bytes: &body[..length] });
        rest = &body[length + delimiter.len()..];
        if parts.len() > MOST {
            return None;
        }
    }
    Some(parts)
}

/// A parameter of a header's value, without its quotes.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Content {
        Content { media_type: "multipart/form-data; boundary=\"xx\"".to_owned(), bytes: text.to_owned().into() }
    }

    #[test]
    fn fields_and_files_are_found_by_name() {
        let text = "--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--xx\r\nContent-Disposition: form-data; \
                    name=\"file\"; filename=\"f\"\r\nContent-Type: text/plain\r\n\r\nl1\r\nl2\r\n--xx--\r\n";
        let body = body(text);
        let found = parts(&body).unwrap();
        assert_eq!(found[0], Part { name: "a".to_owned(), bytes: b"one" });
        assert_eq!(found[1], Part { name: "file".to_owned(), bytes: b"l1\r\nl2" });
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn what_is_cut_off_or_has_no_names_is_refused() {
        for bad in [
            "",
            "--xx",
            "--xx\r\n",
            "--xx\r\n\r\nno name\r\n--xx--",
            "--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut",
        ] {
            assert_eq!(parts(&body(bad)), None, "{bad:?}");
        }
        assert_eq!(parts(&Content { media_type: "multipart/form-data".to_owned(), bytes: "--\r\n".into() }), None);
    }
}
