//! The cookies of a login: what a browser sent, and what it is told to keep. Names and attributes are Keycloak's.

use http::{HeaderMap, HeaderValue, header};

/// Which login in progress belongs to this browser.
pub(crate) const AUTH_SESSION_ID: &str = "AUTH_SESSION_ID";
/// A digest of that, which scripts of our own pages may read.
pub(crate) const AUTH_SESSION_HASH: &str = "KC_AUTH_SESSION_HASH";
/// What a login needs to begin again after it was forgotten here.
pub(crate) const RESTART: &str = "KC_RESTART";
/// Who is logged in: a signed token.
pub(crate) const IDENTITY: &str = "KEYCLOAK_IDENTITY";
/// A digest of the session, which the session-status frame may read.
pub(crate) const SESSION: &str = "KEYCLOAK_SESSION";
/// The name that fills in the login form next time.
pub(crate) const REMEMBER_ME: &str = "KEYCLOAK_REMEMBER_ME";
/// The language a person chose.
pub(crate) const LOCALE: &str = "KEYCLOAK_LOCALE";

/// A cookie to be set. All of them are `Secure` and `SameSite=None`, over http too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cookie<'a> {
    pub(crate) name: &'static str,
    pub(crate) value: &'a str,
    /// Seconds; None ends with the browser.
    pub(crate) max_age: Option<i64>,
    /// Whether scripts may not read it.
    pub(crate) http_only: bool,
}

impl Cookie<'_> {
    /// The header, for the folder of a realm (`/realms/acme/`). None for values that a cookie cannot hold.
    pub(crate) fn header(&self, path: &str) -> Option<HeaderValue> {
        let fits = self.value.bytes().all(|b| b.is_ascii_graphic() && !b"\",;\\".contains(&b));
        let max_age = self.max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let http_only = if self.http_only { "; HttpOnly" } else { "" };
        let text = format!("{}={}; Path={path}{max_age}; Secure{http_only}; SameSite=None", self.name, self.value);
        fits.then(|| HeaderValue::from_str(&text).ok()).flatten()
    }
}

/// The header that makes a browser forget a cookie.
pub(crate) fn forget(name: &'static str, path: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{name}=; Path={path}; Max-Age=0")).ok()
}

/// The value of a cookie that the browser sent; the first, which has the longest path (RFC 6265 section 5.4).
pub(crate) fn find<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|h| h.to_str().ok()).flat_map(|h| h.split(';'));
    let mut values = pairs.filter_map(|pair| pair.trim().split_once('=')).filter(|(n, _)| *n == name);
    values.next().map(|(_, value)| value.trim_matches('"')).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_have_the_attributes_that_browsers_need() {
        let cookie = Cookie { name: IDENTITY, value: "a.b.c", max_age: None, http_only: true };
        assert_eq!(
            cookie.header("/realms/acme/").unwrap(),
            "KEYCLOAK_IDENTITY=a.b.c; Path=/realms/acme/; Secure; HttpOnly; SameSite=None"
        );
        let session = Cookie { name: SESSION, value: "x", max_age: Some(36000), http_only: false };
        assert_eq!(
            session.header("/realms/acme/").unwrap(),
            "KEYCLOAK_SESSION=x; Path=/realms/acme/; Max-Age=36000; Secure; SameSite=None"
        );
        assert_eq!(forget(RESTART, "/realms/acme/").unwrap(), "KC_RESTART=; Path=/realms/acme/; Max-Age=0");
    }

    #[test]
    fn a_value_cannot_bring_its_own_attributes() {
        for value in ["a; Domain=evil.example", "a\r\nSet-Cookie: b=c", "é", "a\"b", "a b", "a,b"] {
            assert_eq!(
                Cookie { name: REMEMBER_ME, value, max_age: None, http_only: true }.header("/"),
                None,
                "{value:?}"
            );
        }
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("XAUTH_SESSION_ID=no; AUTH_SESSION_ID=\"first\"; AUTH_SESSION_ID=second"),
        );
        headers.append(header::COOKIE, HeaderValue::from_static("KC_RESTART=; broken; KEYCLOAK_IDENTITY=a=b"));
        assert_eq!(find(&headers, AUTH_SESSION_ID), Some("first"));
        assert_eq!(find(&headers, IDENTITY), Some("a=b"));
        assert_eq!(find(&headers, RESTART), None);
        assert_eq!(find(&headers, SESSION), None);
    }
}
