//! The server's public address: what stands before `/realms/…` in every link, issuer and cookie path.

use super::{Config, Problem, address::Forwarded};
use http::{HeaderMap, Uri, header::HOST};
use std::net::IpAddr;

/// Where the server is reached, as configured.
#[derive(Debug, Clone, Default)]
pub struct Hostname {
    pub public: Option<PublicUrl>,
    /// The administration console's URL, without a slash at its end.
    pub admin: Option<String>,
    /// Server-to-server addresses follow the request.
    pub backchannel_dynamic: bool,
}

/// A configured public address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicUrl {
    /// Scheme, host, port and path, without a slash at its end. Nothing is taken from the request.
    Full(String),
    /// A host name. Scheme, port and path are the request's.
    Host(String),
}

impl PublicUrl {
    pub(crate) fn parse(option: &str, text: &str) -> Result<Self, Problem> {
        if text.contains("://") {
            return full_url(option, text).map(Self::Full);
        }
        if text.contains(':') && !text.starts_with('[') || !is_authority(text) {
            let message = format!("'{text}' is neither a plain host name nor a URL: see option '{option}'.");
            return Err(Problem::usage(message));
        }
        Ok(Self::Host(text.to_owned()))
    }
}

/// An `http` or `https` URL with nothing behind its path; its last slash is dropped.
pub(crate) fn full_url(option: &str, text: &str) -> Result<String, Problem> {
    let bad = || Problem::usage(format!("'{text}' is not a valid URL for option '{option}'."));
    let url = url::Url::parse(text).map_err(|_| bad())?;
    let plain =
        url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || !plain {
        return Err(bad());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// The request names no host, or one that cannot be an address: answered with 400, never put into a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request's host is missing or malformed")]
pub struct BadHost;

/// The public address for this request, without a slash at its end: `https://id.example/auth`.
///
/// A full `hostname` wins. Else host, scheme and port are the request's own, or those that a trusted proxy tells; a `hostname`
/// that is only a name replaces the host. `uri` is the request's target, which carries the host on HTTP/2.
pub fn base_url(config: &Config, uri: &Uri, headers: &HeaderMap, tls: bool, peer: IpAddr) -> Result<String, BadHost> {
    if let Some(PublicUrl::Full(url)) = &config.hostname.public {
        return Ok(url.clone());
    }
    request_url(config, uri, headers, tls, peer)
}

/// As [`base_url`], for addresses that only servers call: follows the request when `hostname-backchannel-dynamic` says so.
pub fn backchannel_url(
    config: &Config,
    uri: &Uri,
    headers: &HeaderMap,
    tls: bool,
    peer: IpAddr,
) -> Result<String, BadHost> {
    match &config.hostname.public {
        Some(PublicUrl::Full(url)) if !config.hostname.backchannel_dynamic => Ok(url.clone()),
        _ => request_url(config, uri, headers, tls, peer),
    }
}

fn request_url(config: &Config, uri: &Uri, headers: &HeaderMap, tls: bool, peer: IpAddr) -> Result<String, BadHost> {
    let told = Forwarded::read(config.proxy.as_ref(), headers, peer);
    let authority = match told.host.or_else(|| uri.authority().map(|a| a.as_str())) {
        Some(authority) => authority,
        None => headers.get(HOST).and_then(|h| h.to_str().ok()).ok_or(BadHost)?,
    };
    if !is_authority(authority) {
        return Err(BadHost);
    }
    let (host, port) = split_port(authority);
    let host = match &config.hostname.public {
        Some(PublicUrl::Host(name)) => name,
        _ => host,
    };
    let scheme = match told.scheme {
        Some(scheme) => ["https", "http"].into_iter().find(|s| s.eq_ignore_ascii_case(scheme)).ok_or(BadHost)?,
        None if tls => "https",
        None => "http",
    };
    // the port in Host is that of our own listener: another scheme in front of it means another port
    let own_port = port.filter(|_| told.scheme.is_none() || told.host.is_some());
    let default_port = if scheme == "https" { 443 } else { 80 };
    let port = told.port.or(own_port).filter(|port| *port != default_port);
    let prefix = told.prefix.unwrap_or_default();
    if !is_path(prefix) {
        return Err(BadHost);
    }
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    Ok(format!("{scheme}://{host}{port}{prefix}{}", config.relative_path))
}

/// A host name or address with an optional port, and nothing that could end it early in a URL, a header or a page.
fn is_authority(text: &str) -> bool {
    let (host, port) = split_port(text);
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let host_is_fine = match host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.len() <= 253 && host.chars().all(name),
    };
    host_is_fine && (port.is_some() || text.len() == host.len())
}

/// The host, and the port if there is a valid one.
fn split_port(authority: &str) -> (&str, Option<u16>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => {
            let port = port.bytes().all(|b| b.is_ascii_digit()).then(|| port.parse().ok()).flatten();
            (host, port.filter(|p| *p != 0))
        }
        _ => (authority, None),
    }
}

/// Empty, or an absolute path of plain segments.
pub(crate) fn is_path(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~');
    let segment = |s: &str| !matches!(s, "" | "." | "..") && s.chars().all(plain);
    text.is_empty() || text.strip_prefix('/').is_some_and(|rest| rest.split('/').all(segment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Command, tests::config};

    const PEER: &str = "10.0.0.1";

    fn ask(args: &[&str], pairs: &[(&'static str, &str)]) -> Result<String, BadHost> {
        let config = config(Command::StartDev, args, &[]).unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        base_url(&config, &Uri::from_static("/realms/master"), &headers, false, PEER.parse().unwrap())
    }
    fn told(args: &[&str], pairs: &[(&'static str, &str)]) -> String {
        ask(args, pairs).unwrap()
    }

    #[test]
    fn the_request_names_the_address() {
        assert_eq!(told(&[], &[("host", "foo.example:99")]), "http://foo.example:99");
        assert_eq!(told(&[], &[("host", "foo.example:80")]), "http://foo.example");
        assert_eq!(told(&[], &[("host", "[::1]:8080")]), "http://[::1]:8080");
        assert_eq!(told(&["--http-relative-path=/auth"], &[("host", "localhost:8080")]), "http://localhost:8080/auth");
    }

    #[test]
    fn http_2_carries_the_host_in_its_target() {
        let config = config(Command::StartDev, &[], &[]).unwrap();
        let uri = Uri::from_static("https://foo.example:8443/realms/master");
        let url = base_url(&config, &uri, &HeaderMap::new(), true, PEER.parse().unwrap());
        assert_eq!(url.as_deref(), Ok("https://foo.example:8443"));
    }

    #[test]
    fn a_full_hostname_ignores_the_request() {
        let args = ["--hostname=https://id.example/kc/", "--proxy-headers=xforwarded"];
        assert_eq!(
            told(&args, &[("host", "evil.example"), ("x-forwarded-host", "worse.example")]),
            "https://id.example/kc"
        );
        assert_eq!(told(&args, &[]), "https://id.example/kc");
    }

    #[test]
    fn a_bare_hostname_keeps_scheme_port_and_path_of_the_request() {
        let args = ["--hostname=id.example", "--http-relative-path=/auth"];
        assert_eq!(told(&args, &[("host", "localhost:8080")]), "http://id.example:8080/auth");
    }

    #[test]
    fn forwarded_headers_count_only_when_configured_and_trusted() {
        let pairs = [("host", "inside:8080"), ("x-forwarded-host", "id.example"), ("x-forwarded-proto", "https")];
        assert_eq!(told(&[], &pairs), "http://inside:8080");
        assert_eq!(told(&["--proxy-headers=xforwarded"], &pairs), "https://id.example");
        assert_eq!(told(&["--proxy-headers=forwarded"], &pairs), "http://inside:8080");
        let trusted = ["--proxy-headers=xforwarded", "--proxy-trusted-addresses=10.0.0.0/8"];
        assert_eq!(told(&trusted, &pairs), "https://id.example");
        let elsewhere = ["--proxy-headers=xforwarded", "--proxy-trusted-addresses=192.168.0.1"];
        assert_eq!(told(&elsewhere, &pairs), "http://inside:8080");
    }

    /// As a real Keycloak 26.7.4 answers.
    #[test]
    fn x_forwarded_headers_combine_as_in_keycloak() {
        let ask = |pairs: &[(&'static str, &str)]| {
            let mut all = vec![("host", "localhost:8281")];
            all.extend_from_slice(pairs);
            told(&["--proxy-headers=xforwarded"], &all)
        };
        assert_eq!(ask(&[("x-forwarded-host", "p.example")]), "http://p.example");
        assert_eq!(
            ask(&[("x-forwarded-host", "p.example:8443"), ("x-forwarded-proto", "https")]),
            "https://p.example:8443"
        );
        assert_eq!(ask(&[("x-forwarded-host", "p.example:1"), ("x-forwarded-port", "444")]), "http://p.example:444");
        assert_eq!(ask(&[("x-forwarded-proto", "https")]), "https://localhost");
        assert_eq!(ask(&[("x-forwarded-proto", "https"), ("x-forwarded-port", "443")]), "https://localhost");
        assert_eq!(
            ask(&[("x-forwarded-host", "a.example, b.example"), ("x-forwarded-port", "1, 2")]),
            "http://a.example:1"
        );
        assert_eq!(ask(&[("x-forwarded-prefix", "/pre/")]), "http://localhost:8281/pre");
        assert_eq!(ask(&[("x-forwarded-port", "99999")]), "http://localhost:8281");
    }

    #[test]
    fn forwarded_is_read_as_rfc_7239_says() {
        let args = ["--proxy-headers=forwarded"];
        let pairs =
            [("host", "inside:8080"), ("forwarded", r#"for=1.2.3.4;proto=https;host="f.example:8444", for=2.2.2.2"#)];
        assert_eq!(told(&args, &pairs), "https://f.example:8444");
    }

    #[test]
    fn a_host_that_is_no_host_is_refused() {
        let bad = [
            "",
            "a b",
            "evil.example/path",
            "evil.example@x",
            "x@evil.example",
            "foo\"><script>",
            "foo?x",
            "foo#x",
            "foo:0",
            "foo:99999",
            "foo:8a",
            "foo:",
            "[::1",
            "[x]",
            "a:b:c",
            "foo%2f",
            "foo\\bar",
            "ex,ample",
            "a;b",
            "äö.example",
        ];
        for host in bad {
            assert_eq!(ask(&[], &[("host", host)]), Err(BadHost), "{host}");
            if host.is_ascii() && !host.is_empty() && !host.contains(',') {
                let forwarded = [("host", "inside"), ("x-forwarded-host", host)];
                assert_eq!(ask(&["--proxy-headers=xforwarded"], &forwarded), Err(BadHost), "{host}");
            }
        }
        assert_eq!(ask(&[], &[]), Err(BadHost));
        for (name, value) in [
            ("x-forwarded-proto", "javascript"),
            ("x-forwarded-prefix", "//evil"),
            ("x-forwarded-prefix", "/a/../b"),
            ("x-forwarded-prefix", "/a\"b"),
        ] {
            assert_eq!(
                ask(&["--proxy-headers=xforwarded"], &[("host", "inside"), (name, value)]),
                Err(BadHost),
                "{value}"
            );
        }
    }
}
