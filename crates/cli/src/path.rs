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

/// The path and query that a request goes to.
pub(crate) fn uri(path: &str, realm: Option<&str>, parameters: &[String]) -> Result<String, String> {
    let (path, own_query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let first = path.split('/').next().unwrap_or_default();
    let base = match (first, realm) {
        ("", _) if path.starts_with('/') => String::new(),
        ("", _) => return Err("the path is empty: try `users` or `clients`".to_owned()),
        ("realms" | "serverinfo", _) => "/admin/".to_owned(),
        (_, Some(realm)) => format!("/admin/realms/{}/", segment(realm)?),
        (_, None) => return Err(format!("which realm's {first}? Give -r REALM, or set KEYCLOAK_REALM")),
    };
    let segments: Result<Vec<_>, _> =
        path.trim_start_matches('/').trim_end_matches('/').split('/').map(checked).collect();
    let lead = if base.is_empty() { "/" } else { &base };
    let whole = format!("{lead}{}", segments?.join("/"));
    query(&own_query.map_or(whole.clone(), |q| format!("{whole}?{q}")), parameters)
}

/// Adds parameters to a path that may have some.
pub(crate) fn query(uri: &str, parameters: &[String]) -> Result<String, String> {
    if parameters.is_empty() {
        return Ok(uri.to_owned());
    }
    let mut text = Serializer::new(String::new());
    for parameter in parameters {
        let (name, value) =
            parameter.split_once('=').ok_or_else(|| format!("-q {parameter}: write it like key=value"))?;
        text.append_pair(name, value);
    }
    let sign = if uri.contains('?') { '&' } else { '?' };
    Ok(format!("{uri}{sign}{}", text.finish()))
}

/// A name as one segment.
fn segment(name: &str) -> Result<String, String> {
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

    fn of(path: &str, parameters: &[&str]) -> Result<String, String> {
        let parameters: Vec<String> = parameters.iter().map(|p| (*p).to_owned()).collect();
        uri(path, Some("ac/me"), &parameters)
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
        for path in ["", "users/../clients", "users//1", "users/%2e%2E", "./users"] {
            assert!(of(path, &[]).is_err(), "{path}");
        }
        assert!(uri("users", None, &[]).unwrap_err().contains("-r REALM"));
        assert!(of("users", &["max"]).unwrap_err().contains("key=value"));
    }
}
