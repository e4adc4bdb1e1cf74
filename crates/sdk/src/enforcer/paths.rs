//! Request paths, as rules and resources write them.

/// The path that a request is about, percent-decoded. `None` for a path that two readers might take for two different ones:
/// with `.` or `..`, empty segments, encoded slashes, backslashes, matrix parameters, or encoded twice. Routers, file servers
/// and proxies behind the enforcer disagree about those, and what is allowed for one path must not open another.
pub(super) fn plain(path: &str) -> Option<String> {
    let segments = path.strip_prefix('/')?;
    if segments.is_empty() {
        return Some("/".to_owned());
    }
    let segments = segments.strip_suffix('/').map_or((segments, ""), |without| (without, "/"));
    let (segments, slash) = segments;
    let mut out = String::with_capacity(path.len());
    for segment in segments.split('/') {
        let segment = decode(segment)?;
        let odd = segment.contains(['/', '\\', ';', '\0']) || looks_encoded(&segment);
        if odd || matches!(&*segment, "" | "." | "..") {
            return None;
        }
        out.push('/');
        out.push_str(&segment);
    }
    Some(out + slash)
}

fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                out.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
            }
            byte => out.push(byte),
        }
    }
    String::from_utf8(out).ok()
}

fn looks_encoded(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(3).any(|three| three[0] == b'%' && three[1].is_ascii_hexdigit() && three[2].is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn paths_are_decoded() {
        for (path, expected) in
            [("/", "/"), ("/api/%61dmin", "/api/admin"), ("/api/", "/api/"), ("/%C3%BC", "/ü"), ("/100%25", "/100%")]
        {
            assert_eq!(plain(path).as_deref(), Some(expected), "{path}");
        }
    }

    #[test]
    fn a_path_that_can_be_read_in_two_ways_is_none() {
        for odd in [
            "",
            "*",
            "//api",
            "/api//admin",
            "/api/./admin",
            "/api/../admin",
            "/api/%2e%2E/admin",
            "/api/..",
            "/a%2Fb",
            "/a%5Cb",
            "/a\\b",
            "/admin;v=1",
            "/a%3Bb",
            "/a%00b",
            "/%zz",
            "/%",
            "/%ff",
            "/%252e%252e/x",
            "/a//",
        ] {
            assert_eq!(plain(odd), None, "{odd}");
        }
    }
}
