//! From what is typed to a path of the server.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::form_urlencoded::Serializer;

/// What a path cannot hold; a `%` that begins an escape is kept.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'#')
    .add(b'?')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'|')
    .add(b'[')
    .add(b']');

/// Where what is typed leads from.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The server's address, without a trailing slash.
    pub(crate) server: String,
    /// The Admin API's, without a trailing slash.
    pub(crate) root: String,
    pub(crate) realm: String,
}

/// The address that a request goes to: below the realm, unless what is typed says otherwise.
pub(crate) fn url(place: &Place, typed: &str, parameters: &[(String, String)]) -> Result<String, String> {
    let (path, own_query) = typed.split_once('?').map_or((typed, None), |(path, query)| (path, Some(query)));
    let whole = if path.starts_with("http://") || path.starts_with("https://") {
        let (origin, path) = split(path)?;
        format!("{origin}/{}", segments(path)?)
    } else {
        match path.split('/').next().unwrap_or_default() {
            "" if path.starts_with('/') => format!("{}/{}", place.server, segments(path)?),
            "" => return Err("the path is empty: try `users` or `clients`".to_owned()),
            "realms" | "serverinfo" => format!("{}/{}", place.root, segments(path)?),
            _ => format!("{}/realms/{}/{}", place.root, segment(&place.realm)?, segments(path)?),
        }
    };
    Ok(query(&own_query.map_or(whole.clone(), |q| format!("{whole}?{q}")), parameters))
}

/// An address as scheme, host and port, and what follows.
pub(crate) fn split(url: &str) -> Result<(&str, &str), String> {
    let host = url.find("://").map(|at| at + 3).ok_or_else(|| format!("\"{url}\" is not an address"))?;
    let path = url[host..].find('/').map_or(url.len(), |at| host + at);
    Ok(url.split_at(path))
}

fn segments(path: &str) -> Result<String, String> {
    let checked: Result<Vec<_>, _> = path.trim_matches('/').split('/').map(checked).collect();
    Ok(checked?.join("/"))
}

/// Adds parameters to an address that may have some.
pub(crate) fn query(url: &str, parameters: &[(String, String)]) -> String {
    if parameters.is_empty() {
        return url.to_owned();
    }
    let mut text = Serializer::new(String::new());
    text.extend_pairs(parameters);
    let sign = if url.contains('?') { '&' } else { '?' };
    format!("{url}{sign}{}", text.finish())
}

/// `key=value`, as a parameter is typed.
pub(crate) fn parameter(typed: &str) -> Result<(String, String), String> {
    let (name, value) = typed.split_once('=').ok_or_else(|| format!("-q {typed}: write it like key=value"))?;
    Ok((name.to_owned(), value.to_owned()))
}

/// A name as one segment.
pub(crate) fn segment(name: &str) -> Result<String, String> {
    checked(&name.replace('%', "%25").replace('/', "%2F"))
}

/// A segment as it is typed. URL parsers fold dots, and the request would reach something else.
fn checked(segment: &str) -> Result<String, String> {
    if matches!(segment.replace("%2e", ".").replace("%2E", ".").as_str(), "" | "." | "..") {
        return Err("a path has no empty, \".\" or \"..\" segments".to_owned());
    }
    let mut out = String::new();
    let mut rest = segment;
    while let Some(at) = rest.find('%') {
        out.extend(utf8_percent_encode(&rest[..at], ESCAPED));
        let escape = rest.as_bytes().get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        out.push_str(if escape { "%" } else { "%25" });
        rest = &rest[at + 1..];
    }
    out.extend(utf8_percent_encode(rest, ESCAPED));
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(typed: &str, parameters: &[&str]) -> Result<String, String> {
        let server = "http://localhost:8080/auth".to_owned();
        let place = Place { root: format!("{server}/admin"), server, realm: "ac/me".to_owned() };
        let parameters: Result<Vec<_>, _> = parameters.iter().map(|typed| parameter(typed)).collect();
        let url = url(&place, typed, &parameters?)?;
        Ok(url.strip_prefix("http://localhost:8080/auth").unwrap_or(&url).to_owned())
    }

    #[test]
    fn paths_are_below_the_realm_unless_they_say_otherwise() {
        for (path, expected) in [
            ("users", "/admin/realms/ac%2Fme/users"),
            ("users/1/", "/admin/realms/ac%2Fme/users/1"),
            ("realms", "/admin/realms"),
            ("realms/x", "/admin/realms/x"),
            ("serverinfo", "/admin/serverinfo"),
            ("/realms/x/.well-known/openid-configuration", "/realms/x/.well-known/openid-configuration"),
            ("http://other:1/admin/realms/my realm", "http://other:1/admin/realms/my%20realm"),
            ("roles/my role é", "/admin/realms/ac%2Fme/roles/my%20role%20%C3%A9"),
            ("roles/a%2Fb 100%", "/admin/realms/ac%2Fme/roles/a%2Fb%20100%25"),
            ("users?max=1", "/admin/realms/ac%2Fme/users?max=1"),
        ] {
            assert_eq!(of(path, &[]).as_deref(), Ok(expected));
        }
        assert_eq!(
            of("users?max=1", &["search=a b&c"]).as_deref(),
            Ok("/admin/realms/ac%2Fme/users?max=1&search=a+b%26c")
        );
    }

    #[test]
    fn a_path_that_would_lead_elsewhere_is_refused() {
        for path in ["", "users/../clients", "users//1", "users/%2e%2E", "./users", "http://host"] {
            assert!(of(path, &[]).is_err(), "{path}");
        }
        assert!(of("users", &["max"]).unwrap_err().contains("key=value"));
    }
}
