//! Which URLs a client may have: no scripts, no fragments where a response is appended, and absolute ones that are URLs.
//!
//! The syntax is RFC 2396's with further letters allowed, as Java's `URI` reads it.

use crate::{Result, error::oauth};
use cloakroom_api::admin::clients::Client;
use http::StatusCode;

/// Several values in one attribute stand between these.
pub(crate) const SEPARATOR: &str = "##";

/// What a URL is checked for.
#[derive(Debug, Clone, Copy, Default)]
struct Rule {
    /// Whether it must be absolute and of a scheme that is a locator.
    locator: bool,
    /// Whether `/path` stands for one below the root URL.
    relative: bool,
    /// Whether it must have no fragment.
    no_fragment: bool,
}

/// How a URL is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Scheme,
    Fragment,
    Invalid,
}

/// 400 that names everything that is wrong with the client's URLs.
pub(crate) fn check(client: &Client) -> Result<()> {
    let plain = Rule::default();
    let page = Rule { locator: true, ..plain };
    let below_root = Rule { relative: true, ..page };
    let redirect = Rule { no_fragment: true, ..plain };
    let mut words: Vec<String> = Vec::new();
    let mut add = |text: String| {
        if !words.contains(&text) {
            words.push(text);
        }
    };
    let root = client.root_url.as_deref().filter(|root| !matches!(*root, "${authBaseUrl}" | "${authAdminUrl}"));
    one(&mut add, "Root URL", root, Rule { no_fragment: true, ..page });
    one(&mut add, "Base URL", client.base_url.as_deref(), below_root);
    one(&mut add, "Admin URL", client.admin_url.as_deref(), below_root);
    let attribute = |name: &str| client.attributes.as_ref().and_then(|a| a.get(name));
    one(&mut add, "Logo URL", attribute("logoUri"), plain);
    one(&mut add, "Policy URL", attribute("policyUri"), page);
    one(&mut add, "Terms of service URL", attribute("tosUri"), page);
    one(&mut add, "Backchannel logout URL", attribute("backchannel.logout.url"), below_root);
    one(&mut add, "Front-channel logout URL", attribute("frontchannel.logout.url"), below_root);
    one(&mut add, "JWKS URL", attribute("jwks.url"), below_root);
    for uri in client.redirect_uris.iter().flatten() {
        many(&mut add, "A redirect URI", uri, redirect);
    }
    for uri in attribute("post.logout.redirect.uris").unwrap_or_default().split(SEPARATOR) {
        many(&mut add, "A post-logout redirect URI", uri, redirect);
    }
    for uri in attribute("request.uris").unwrap_or_default().split(SEPARATOR) {
        match wrong(uri, plain) {
            Some(Wrong::Scheme) => add("Valid request URIs has a value with illegal scheme".to_owned()),
            Some(_) => add("Valid request URIs has an invalid value".to_owned()),
            None => {}
        }
    }
    if words.is_empty() { Ok(()) } else { Err(invalid(words.join("; "))) }
}

/// 400 `invalid_input`.
pub(crate) fn invalid(words: impl Into<String>) -> crate::Error {
    oauth(StatusCode::BAD_REQUEST, "invalid_input", words)
}

fn one(add: &mut impl FnMut(String), name: &str, url: Option<&str>, rule: Rule) {
    let Some(wrong) = url.and_then(|url| wrong(url, rule)) else { return };
    add(match wrong {
        Wrong::Scheme => format!("{name} uses an illegal scheme"),
        Wrong::Fragment => format!("{name} must not contain an URL fragment"),
        Wrong::Invalid => format!("{name} is not a valid URL"),
    });
}

fn many(add: &mut impl FnMut(String), name: &str, url: &str, rule: Rule) {
    let Some(wrong) = wrong(url, rule) else { return };
    add(match wrong {
        Wrong::Scheme => format!("{name} uses an illegal scheme"),
        Wrong::Fragment => format!("{name} must not contain an URL fragment"),
        Wrong::Invalid => format!("{name} is not a valid URI"),
    });
}

fn wrong(url: &str, rule: Rule) -> Option<Wrong> {
    if url.is_empty() {
        return None;
    }
    let Some(Parts { scheme, fragment, rest }) = parse(url) else { return Some(Wrong::Invalid) };
    if scheme.is_some_and(|s| s.eq_ignore_ascii_case("javascript") || s.eq_ignore_ascii_case("data")) {
        return Some(Wrong::Scheme);
    }
    if rule.no_fragment && fragment {
        return Some(Wrong::Fragment);
    }
    let locates = match scheme {
        Some(scheme) => LOCATORS.iter().any(|known| scheme.eq_ignore_ascii_case(known)) && port_is_number(rest),
        None => rule.relative && url.starts_with('/'),
    };
    (rule.locator && !locates).then_some(Wrong::Invalid)
}

/// The schemes of locators.
const LOCATORS: [&str; 6] = ["http", "https", "ftp", "file", "jar", "mailto"];

/// The parts of a URI that are looked at.
struct Parts<'u> {
    scheme: Option<&'u str>,
    fragment: bool,
    /// What follows the scheme, without the fragment.
    rest: &'u str,
}

/// Takes a URI apart; `None` is no URI.
fn parse(uri: &str) -> Option<Parts<'_>> {
    let (before, fragment) = uri.split_once('#').map_or((uri, None), |(b, f)| (b, Some(f)));
    if !allowed(before) || fragment.is_some_and(|f| !allowed(f)) {
        return None;
    }
    let scheme = before.split_once(':').filter(|(scheme, _)| !scheme.contains(['/', '?']));
    let (scheme, rest) = match scheme {
        Some((scheme, rest)) if is_scheme(scheme) && !rest.is_empty() => (Some(scheme), rest),
        Some(_) => return None,
        None => (None, before),
    };
    if let Some(authority) = rest.strip_prefix("//") {
        let authority = authority.split(['/', '?']).next().unwrap_or_default();
        let unclosed = authority.contains('[') != authority.contains(']');
        if unclosed || rest.len() == 2 && scheme.is_some() {
            return None;
        }
    }
    Some(Parts { scheme, fragment: fragment.is_some(), rest })
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// Whether all characters may stand in a URI, and each `%` begins an escape.
fn allowed(text: &str) -> bool {
    let bad = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}')
    };
    let escapes = |(at, _): (usize, &str)| {
        text.as_bytes().get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    };
    !text.contains(bad) && text.match_indices('%').all(escapes)
}

/// Whether a locator's port, if it has one, is a number.
fn port_is_number(rest: &str) -> bool {
    let Some(authority) = rest.strip_prefix("//") else { return true };
    let authority = authority.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.rsplit_once(':').filter(|(host, _)| !host.contains('[') || host.ends_with(']')) {
        Some((_, port)) => port.chars().all(|c| c.is_ascii_digit()),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(client: Client) -> Vec<String> {
        match check(&client) {
            Ok(()) => Vec::new(),
            Err(error) => match error.body {
                crate::error::Body::Json(body) => {
                    body.error_description.unwrap_or_default().split("; ").map(str::to_owned).collect()
                }
                other => panic!("{other:?}"),
            },
        }
    }

    fn redirect(uri: &str) -> Vec<String> {
        words(Client { redirect_uris: Some(vec![uri.to_owned()]), ..Client::default() })
    }

    #[test]
    fn redirect_uris_may_be_relative_wild_or_of_an_app() {
        for good in [
            "/rel",
            "rel",
            "*",
            "http://h/*",
            "custom.app:/cb",
            "urn:x:y",
            "http://ü.example/ü",
            "http://h:xx/",
            "+",
            "",
        ] {
            assert_eq!(redirect(good), Vec::<String>::new(), "{good}");
        }
    }

    #[test]
    fn redirect_uris_are_uris_without_scripts_and_fragments() {
        for bad in ["javascript:x", "JavaScript:x", "data:x"] {
            assert_eq!(redirect(bad), ["A redirect URI uses an illegal scheme"], "{bad}");
        }
        for bad in ["http://h/#f", "#", "/rel#f", "myscheme:opaque#x"] {
            assert_eq!(redirect(bad), ["A redirect URI must not contain an URL fragment"], "{bad}");
        }
        for bad in [
            "http://a b",
            "http://[::1",
            "${authBaseUrl}/x",
            "http://h/%zz",
            "http:",
            "http://",
            " http://h/",
            "http://h\\x",
            "http://h/^",
        ] {
            assert_eq!(redirect(bad), ["A redirect URI is not a valid URI"], "{bad}");
        }
    }

    #[test]
    fn a_root_url_is_absolute_or_stands_for_the_server() {
        let root = |url: &str| words(Client { root_url: Some(url.to_owned()), ..Client::default() });
        for good in ["https://h", "ftp://x", "${authBaseUrl}", "${authAdminUrl}", "http://h/*", "mailto:x@y", ""] {
            assert_eq!(root(good), Vec::<String>::new(), "{good}");
        }
        for bad in [
            "/rel",
            "rel",
            "not a url",
            "vbscript:x",
            "urn:x:y",
            "http://h:xx/",
            "${authBaseUrl}/x",
            "com.x://cb",
            "//host/x",
        ] {
            assert_eq!(root(bad), ["Root URL is not a valid URL"], "{bad}");
        }
        assert_eq!(root("ftp://x#f"), ["Root URL must not contain an URL fragment"]);
        assert_eq!(root("data:x"), ["Root URL uses an illegal scheme"]);
    }

    #[test]
    fn a_base_url_may_be_below_the_root_and_have_a_fragment() {
        let base = |url: &str| words(Client { base_url: Some(url.to_owned()), ..Client::default() });
        for good in ["/rel", "/rel#f", "//host/x", "http://h/#f"] {
            assert_eq!(base(good), Vec::<String>::new(), "{good}");
        }
        for bad in ["rel", "#", "custom.app:/cb", "+"] {
            assert_eq!(base(bad), ["Base URL is not a valid URL"], "{bad}");
        }
    }

    #[test]
    fn everything_wrong_is_named_once() {
        let client = Client {
            root_url: Some("javascript:x".to_owned()),
            redirect_uris: Some(vec!["javascript:y".to_owned(), "javascript:z".to_owned()]),
            ..Client::default()
        };
        assert_eq!(words(client), ["Root URL uses an illegal scheme", "A redirect URI uses an illegal scheme"]);
    }
}
