//! Which redirect URIs a client may use: the one gate between a code and the place it is sent to.
//!
//! Patterns are Keycloak's: an exact URI, a URI that ends in `*`, a path under the client's root URL, or `*` alone.
//! Deciding is stricter than comparing text: what a browser would make of the URI (WHATWG) has to stay at the pattern's
//! origin, and a wildcard never matches a path that could be folded into another one.

use percent_encoding::percent_decode_str;
use url::Url;

/// Where relative patterns of a client lead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Base<'a> {
    /// The client's root URL, if it has one.
    pub(crate) root_url: Option<&'a str>,
    /// The server's own origin, `https://id.example.org`, for clients without a root URL.
    pub(crate) server: &'a str,
}

/// Parameters of an authorization response. A redirect URI that already has one could pass it off as the server's.
const RESPONSE_PARAMETERS: [&str; 14] = [
    "access_token",
    "code",
    "error",
    "error_description",
    "error_uri",
    "expires_in",
    "id_token",
    "iss",
    "kc_action",
    "kc_action_status",
    "response",
    "session_state",
    "state",
    "token_type",
];

/// Schemes whose "redirect" would run in the browser or read its files.
const FORBIDDEN_SCHEMES: [&str; 7] = ["about", "blob", "data", "file", "filesystem", "javascript", "vbscript"];

/// The longest redirect URI that is looked at.
const MAX_LENGTH: usize = 4096;

/// Whether the client that registered `patterns` may be redirected to `uri`.
pub(crate) fn allows<S: AsRef<str>>(patterns: &[S], base: Base<'_>, uri: &str) -> bool {
    let Some(asked) = Asked::read(uri) else { return false };
    let matches = |asked: &Asked<'_>| patterns.iter().any(|pattern| asked.matches(&resolve(pattern.as_ref(), base)));
    matches(&asked)
        || asked.without_loopback_port().and_then(|uri| Asked::read(&uri).map(|a| matches(&a))) == Some(true)
}

/// The redirect URI of a client that has exactly one, for requests that leave it out (RFC 6749 section 3.1.2.3).
pub(crate) fn only<S: AsRef<str>>(patterns: &[S], base: Base<'_>) -> Option<String> {
    let [pattern] = patterns else { return None };
    let uri = resolve(pattern.as_ref(), base);
    let uri = uri.strip_suffix("/*").unwrap_or(&uri);
    Asked::read(uri).filter(|_| !uri.contains('*'))?;
    Some(uri.to_owned())
}

/// The patterns for `post_logout_redirect_uri`: the client's attribute `post.logout.redirect.uris`, joined by `##`.
/// `+` stands for the client's redirect URIs; `-` and an absent attribute for none.
pub(crate) fn after_logout<'a>(attribute: Option<&'a str>, redirect_uris: &'a [String]) -> Vec<&'a str> {
    let mut patterns = Vec::new();
    for part in attribute.unwrap_or_default().split("##") {
        match part {
            "" | "-" => {}
            "+" => patterns.extend(redirect_uris.iter().map(String::as_str)),
            pattern => patterns.push(pattern),
        }
    }
    patterns
}

/// A pattern with its root: a path belongs to the client's root URL or to this server.
pub(crate) fn resolve(pattern: &str, base: Base<'_>) -> String {
    if !pattern.starts_with('/') {
        return pattern.to_owned();
    }
    let root = base.root_url.filter(|root| !root.is_empty()).unwrap_or(base.server);
    format!("{}{pattern}", root.trim_end_matches('/'))
}

/// A redirect URI that was asked for, taken apart once: as the browser reads it and as it was written.
struct Asked<'a> {
    text: &'a str,
    url: Url,
    parts: Parts<'a>,
}

/// A hierarchical URI as written, without its query and fragment.
struct Parts<'a> {
    authority: &'a str,
    path: &'a str,
}

impl<'a> Asked<'a> {
    /// None for what no pattern may ever match.
    fn read(text: &'a str) -> Option<Self> {
        let readable = !text.is_empty() && text.len() <= MAX_LENGTH && !text.chars().any(unsafe_character);
        let url = readable.then(|| Url::parse(text).ok()).flatten()?;
        if FORBIDDEN_SCHEMES.contains(&url.scheme()) || carries_response(&url) {
            return None;
        }
        Some(Asked { text, parts: Parts::of(text), url })
    }

    fn matches(&self, pattern: &str) -> bool {
        match pattern.strip_suffix('*') {
            Some(prefix) if !prefix.contains(['?', '#']) => {
                self.text == pattern || (self.fit_for_wildcards() && self.is_under(prefix))
            }
            _ => self.text == pattern,
        }
    }

    /// Wildcards are only for URIs that mean what they say: nobody's credentials in them, one way to read the host, and
    /// a path that neither browsers, proxies nor application servers would fold into another.
    fn fit_for_wildcards(&self) -> bool {
        !self.parts.authority.contains(['@', '%'])
            && (!self.url.is_special()
                || self.text.as_bytes().get(self.url.scheme().len()..).is_some_and(plain_slashes))
            && !folds(self.parts.path)
    }

    fn is_under(&self, prefix: &str) -> bool {
        if matches!(prefix, "" | "http://" | "https://") {
            return matches!(self.url.scheme(), "http" | "https") && self.text.starts_with(prefix);
        }
        // `http://localhost:*` is any port of that host
        let (any_port, origin) = match prefix.strip_suffix(':') {
            Some(origin) if origin.contains("://") => (true, origin),
            _ => (false, prefix),
        };
        let Ok(allowed) = Url::parse(origin) else { return false };
        if !allowed.is_special() && allowed.host().is_none() {
            return self.text.starts_with(prefix); // an application's own scheme has no origin to stay at
        }
        let same_origin = self.url.scheme() == allowed.scheme()
            && self.url.host() == allowed.host()
            && (any_port || self.url.port_or_known_default() == allowed.port_or_known_default())
            && allowed.username().is_empty();
        same_origin && (any_port || starts_path(self.parts.path, Parts::of(prefix).path))
    }

    /// An application on the person's own device listens on any free port (RFC 8252 section 7.3).
    fn without_loopback_port(&self) -> Option<String> {
        let host = self.url.host_str()?;
        let loopback = self.url.scheme() == "http" && matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        let port = self.url.port().filter(|_| loopback)?;
        let written = self.text.strip_prefix("http://")?.strip_prefix(host)?;
        let rest = written.strip_prefix(&format!(":{port}"))?;
        (rest.is_empty() || rest.starts_with(['/', '?', '#'])).then(|| format!("http://{host}{rest}"))
    }
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Self {
        let end = text.find(['?', '#']).unwrap_or(text.len());
        let after_scheme = text[..end].split_once(':').map_or("", |(_, rest)| rest);
        match after_scheme.strip_prefix("//") {
            Some(rest) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                Parts { authority, path }
            }
            None => Parts { authority: "", path: after_scheme },
        }
    }
}

/// `/app/` also covers `/app`: whoever registers a folder means the folder itself too.
fn starts_path(path: &str, prefix: &str) -> bool {
    match prefix {
        "" | "/" => true,
        prefix => path.starts_with(prefix) || prefix.strip_suffix('/') == Some(path),
    }
}

/// Browsers drop some of these and read others as slashes, so the text would not be the URI they follow.
fn unsafe_character(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c, '\\' | '<' | '>' | '"' | '`' | '{' | '}' | '|' | '^')
        || !c.is_ascii()
}

/// `http:/host` and `http:///host` are both `http://host` to a browser.
fn plain_slashes(after_scheme: &[u8]) -> bool {
    after_scheme.starts_with(b"://") && after_scheme.get(3).is_some_and(|next| *next != b'/')
}

/// Whether a path has a dot segment, however it is encoded; also `..;x`, which servlet containers read as `..`.
fn folds(path: &str) -> bool {
    let mut text = path.to_owned();
    for _ in 0..8 {
        let segments = text.split(['/', '\\']).map(|s| s.split(';').next().unwrap_or_default());
        if segments.into_iter().any(|s| matches!(s, "." | "..")) || text.chars().any(|c| c.is_control()) {
            return true;
        }
        match percent_decode_str(&text).decode_utf8() {
            Ok(decoded) if decoded == text => return false,
            Ok(decoded) => text = decoded.into_owned(),
            Err(_) => return true,
        }
    }
    true
}

fn carries_response(url: &Url) -> bool {
    let reserved = |pairs: url::form_urlencoded::Parse<'_>| {
        pairs.into_iter().any(|(name, _)| RESPONSE_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()))
    };
    reserved(url.query_pairs()) || reserved(url::form_urlencoded::parse(url.fragment().unwrap_or_default().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BASE: Base<'_> = Base { root_url: None, server: "https://id.example.org" };

    fn ok(pattern: &str, uri: &str) -> bool {
        allows(&[pattern], BASE, uri)
    }

    #[test]
    fn an_exact_uri_matches_only_itself() {
        assert!(ok("https://app.example/cb", "https://app.example/cb"));
        assert!(ok("https://app.example/cb?x=1", "https://app.example/cb?x=1"));
        for other in [
            "https://app.example/cb/",
            "https://app.example/cb?x=1",
            "https://app.example/cb#f",
            "https://APP.example/cb",
            "https://app.example/c",
            "http://app.example/cb",
            "https://app.example:443/cb",
            "",
        ] {
            assert!(!ok("https://app.example/cb", other), "{other}");
        }
    }

    #[test]
    fn a_trailing_wildcard_matches_everything_below() {
        for uri in [
            "http://localhost/",
            "http://localhost",
            "http://localhost/cb",
            "http://localhost/a/b?x=1&y=2",
            "http://localhost/cb#frag",
            "http://localhost?x=1",
        ] {
            assert!(ok("http://localhost/*", uri), "{uri}");
        }
        assert!(ok("https://app.example/in/*", "https://app.example/in"));
        assert!(ok("https://app.example/in*", "https://app.example/inside"));
        assert!(!ok("https://app.example/in/*", "https://app.example/inside"));
        assert!(ok("https://app.example*", "https://app.example/cb"));
        assert!(ok("http://localhost:*", "http://localhost:3000/cb"));
        assert!(!ok("http://localhost:*", "http://localhost.evil.example/cb"));
        assert!(ok("myapp://*", "myapp://cb"));
        assert!(!ok("myapp://*", "otherapp://cb"));
        assert!(ok("myapp:/cb/*", "myapp:/cb/x"));
        assert!(ok("com.example.app://cb/*", "com.example.app://cb/x"));
    }

    #[test]
    fn a_star_alone_is_any_web_address_and_nothing_else() {
        assert!(ok("*", "https://anywhere.example/cb"));
        assert!(ok("https://*", "https://anywhere.example/cb"));
        assert!(!ok("https://*", "http://anywhere.example/cb"));
        for uri in [
            "javascript:alert(1)",
            "data:text/html,x",
            "myapp://cb",
            "file:///etc/passwd",
            "vbscript:x",
            "JavaScript:alert(1)",
        ] {
            assert!(!ok("*", uri), "{uri}");
        }
        assert!(!ok("javascript:*", "javascript:alert(1)"));
        assert!(!ok("javascript:alert(1)", "javascript:alert(1)"));
    }

    #[test]
    fn relative_patterns_belong_to_the_root_url_or_to_this_server() {
        let rooted = Base { root_url: Some("https://app.example/base/"), ..BASE };
        assert!(allows(&["/cb/*"], rooted, "https://app.example/base/cb/x"));
        assert!(allows(&["/*"], rooted, "https://app.example/base"));
        assert!(!allows(&["/cb/*"], rooted, "https://id.example.org/cb/x"));
        assert!(ok("/realms/acme/account/*", "https://id.example.org/realms/acme/account/"));
        assert!(!ok("/realms/acme/account/*", "/realms/acme/account/"));
        assert!(!ok("/*", "//evil.example/"));
    }

    #[test]
    fn a_loopback_address_may_use_any_port() {
        for pattern in ["http://127.0.0.1/*", "http://127.0.0.1/x"] {
            assert!(ok(pattern, "http://127.0.0.1:3456/x"));
        }
        assert!(ok("http://localhost/cb", "http://localhost:8000/cb"));
        assert!(ok("http://[::1]/cb", "http://[::1]:8000/cb"));
        assert!(!ok("http://127.0.0.1:80/x", "http://127.0.0.1:3456/x"));
        assert!(!ok("https://localhost/cb", "https://localhost:8000/cb"));
        assert!(!ok("http://app.example/cb", "http://app.example:8000/cb"));
        assert!(!ok("http://127.0.0.1/*", "http://127.0.0.1:80@evil.example/x"));
    }

    #[test]
    fn the_only_uri_is_the_default() {
        assert_eq!(only(&["https://app.example/cb"], BASE).as_deref(), Some("https://app.example/cb"));
        assert_eq!(only(&["https://app.example/*"], BASE).as_deref(), Some("https://app.example"));
        assert_eq!(only(&["/cb"], BASE).as_deref(), Some("https://id.example.org/cb"));
        assert_eq!(only(&["*"], BASE), None);
        assert_eq!(only(&["https://a.example/", "https://b.example/"], BASE), None);
    }

    #[test]
    fn after_logout_a_plus_means_the_redirect_uris() {
        let uris = ["http://localhost/*".to_owned()];
        assert_eq!(after_logout(Some("+"), &uris), ["http://localhost/*"]);
        assert_eq!(after_logout(Some("http://a/##http://b/*"), &uris), ["http://a/", "http://b/*"]);
        assert_eq!(after_logout(Some("+##http://a/"), &uris), ["http://localhost/*", "http://a/"]);
        for none in [None, Some(""), Some("-")] {
            assert!(after_logout(none, &uris).is_empty());
        }
    }

    #[test]
    fn a_redirect_uri_cannot_bring_its_own_answer() {
        for name in RESPONSE_PARAMETERS {
            assert!(!ok("http://localhost/*", &format!("http://localhost/cb?{name}=x")), "{name}");
            assert!(!ok("http://localhost/*", &format!("http://localhost/cb?a=b&{name}")), "{name}");
            assert!(!ok("http://localhost/*", &format!("http://localhost/cb#{name}=x")), "{name}");
            assert!(
                !ok("http://localhost/*", &format!("http://localhost/cb?%{:02x}{}=x", name.as_bytes()[0], &name[1..])),
                "{name}"
            );
        }
        assert!(ok("http://localhost/*", "http://localhost/cb?codes=x"));
    }

    /// Ways around redirect validation, against the pattern `https://app.example/cb/*`.
    #[test]
    fn known_bypasses_are_refused() {
        let after_host = [
            "@evil.example",
            ":x@evil.example",
            "%40evil.example",
            ".evil.example",
            "%2eevil.example",
            "evil.example",
            "%00.evil.example",
            "%0d%0a.evil.example",
            "\\.evil.example",
            "\\@evil.example",
            "%5c@evil.example",
            "%5cevil.example",
            "#@evil.example",
            "?@evil.example",
            ":443@evil.example",
            ":80",
            "%252eevil.example",
            "\u{3002}evil.example",
            "&evil.example",
            ",evil.example",
            ";evil.example",
            " .evil.example",
            "\t.evil.example",
            "\n.evil.example",
            "^.evil.example",
            "%",
            "%zz",
        ];
        let after_path = [
            "../",
            "..",
            "./../",
            "%2e%2e/",
            "%2e%2e%2f",
            "..%2f",
            "..%5c",
            "..\\",
            "%252e%252e%252f",
            "%25252e%25252e/",
            "..;/",
            "..;x=1/",
            "x/../../admin",
            "x/%2e%2e/%2e%2e/admin",
            ".%2e/",
            "%2e./",
            "x/..",
            "x/.",
            "%c0%ae%c0%ae/",
            "%ff",
            "x\u{0}",
            "x y",
            "x\r\nLocation:evil",
            "x\\..\\..\\",
            "<script>",
            "\"onload=x",
            "%0d%0ax",
            "%00",
        ];
        let whole = [
            "//evil.example/cb/",
            "/\\evil.example/cb/",
            "https:evil.example/cb/",
            "https:/evil.example/cb/",
            "https:///evil.example/cb/",
            "https:////evil.example",
            "https:/app.example/cb/x",
            "https:///app.example/cb/x",
            "https:app.example/cb/x",
            "https:\\\\app.example/cb/x",
            "http://app.example/cb/x",
            "HTTPS://evil.example/cb/",
            "ftp://app.example/cb/x",
            "https://app.example:8443/cb/x",
            "https://user@app.example/cb/x",
            "https://user:pw@app.example/cb/x",
            "https://@app.example/cb/x",
            "https://evil.example\\@app.example/cb/x",
            "https://evil.example#@app.example/cb/x",
            "https://evil.example?@app.example/cb/x",
            "https://evil.example;@app.example/cb/",
            "https://app.example/cbx",
            "https://app.example/c",
            "https://app.example//cb/x",
            "https://app.example/./cb/x",
            "https://app.example/x/../cb/x",
            "https://xn--app.example/cb/x",
            "https://app.example./cb/x",
            "https://app%2eexample/cb/x",
            "https://ａpp.example/cb/x",
            "https://app.exam\u{AD}ple/cb/x",
            "javascript://app.example/cb/%0aalert(1)",
            "data://app.example/cb/,x",
            "blob:https://app.example/cb/x",
            "view-source:https://app.example/cb/x",
            " https://app.example/cb/x",
            "https://app.example/cb/x ",
            "\thttps://app.example/cb/x",
            "https://app.example\t/cb/x",
            "https://[::1]/cb/x",
            "https://0x7f000001/cb/",
            "app.example/cb/x",
            "cb/x",
            "?x",
            "#x",
        ];
        let pattern = "https://app.example/cb/*";
        assert!(ok(pattern, "https://app.example/cb/x"));
        let host = after_host.iter().map(|s| format!("https://app.example{s}/cb/x"));
        let path = after_path.iter().map(|s| format!("https://app.example/cb/{s}"));
        for uri in host.chain(path).chain(whole.iter().map(|s| (*s).to_owned())) {
            assert!(!ok(pattern, &uri), "{uri:?} was accepted");
        }
    }

    proptest! {
        /// Whatever is accepted under a wildcard is, to a browser, at that origin and below that path.
        #[test]
        fn accepted_uris_stay_where_the_pattern_says(tail in "[a-z0-9:/@.;%\\\\?#&=_\\- \t]{0,40}", joint in prop::sample::select(vec!["", "/", "/cb", "/cb/", ":", "@", "."])) {
            let uri = format!("https://app.example{joint}{tail}");
            if ok("https://app.example/cb/*", &uri) {
                let seen = Url::parse(&uri).expect("accepted URIs parse");
                prop_assert_eq!(seen.origin().ascii_serialization(), "https://app.example");
                prop_assert!(seen.path() == "/cb" || seen.path().starts_with("/cb/"), "{}", seen.path());
                prop_assert!(seen.username().is_empty() && seen.password().is_none());
            }
        }

        #[test]
        fn no_text_makes_it_panic(pattern in ".{0,60}", uri in ".{0,60}") {
            let _ = ok(&pattern, &uri);
            let _ = only(&[pattern.as_str()], BASE);
        }
    }
}
