//! Which peers are trusted proxies, and what they tell of the request as the caller made it.

use super::Problem;
use http::HeaderMap;
use std::net::IpAddr;

/// Which headers count, and from whom.
#[derive(Debug, Clone)]
pub struct Proxy {
    pub headers: ProxyHeaders,
    /// Every peer, when empty.
    pub trusted: Vec<Network>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyHeaders {
    /// `Forwarded`, RFC 7239.
    Forwarded,
    /// `X-Forwarded-For`, `-Proto`, `-Host`, `-Port` and `-Prefix`.
    XForwarded,
}

impl Proxy {
    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.is_empty() || self.trusted.iter().any(|network| network.contains(address))
    }
}

/// An address, or a network in CIDR form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    /// Leading bits that count.
    prefix: u8,
}

impl Network {
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(a, p)| (a, Some(p)));
        let bad = || Problem::usage(format!("'{text}' is neither an IP address nor a network such as 10.0.0.0/8."));
        let address: IpAddr = address.parse().map_err(|_| bad())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(most), |p| p.parse().map_err(|_| bad()))?;
        if prefix > most { Err(bad()) } else { Ok(Self { address, prefix }) }
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                (ours.to_bits() ^ theirs.to_bits()).checked_shr(32 - u32::from(self.prefix)).unwrap_or(0) == 0
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                (ours.to_bits() ^ theirs.to_bits()).checked_shr(128 - u32::from(self.prefix)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// What a trusted proxy says of the request it passed on. The outermost proxy's word counts: the first of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Forwarded<'a> {
    pub(crate) scheme: Option<&'a str>,
    /// With its port, if it has one.
    pub(crate) host: Option<&'a str>,
    pub(crate) port: Option<u16>,
    pub(crate) prefix: Option<&'a str>,
}

impl<'a> Forwarded<'a> {
    /// Nothing, unless a proxy is configured and the peer is one.
    pub(crate) fn read(proxy: Option<&Proxy>, headers: &'a HeaderMap, peer: IpAddr) -> Self {
        match proxy.filter(|p| p.trusts(peer)).map(|p| p.headers) {
            Some(ProxyHeaders::XForwarded) => Self {
                scheme: first(headers, "x-forwarded-proto"),
                host: first(headers, "x-forwarded-host"),
                port: first(headers, "x-forwarded-port").and_then(|p| p.parse().ok()).filter(|p| *p != 0),
                prefix: first(headers, "x-forwarded-prefix").map(|p| p.trim_end_matches('/')).filter(|p| !p.is_empty()),
            },
            Some(ProxyHeaders::Forwarded) => {
                let element =
                    headers.get("forwarded").and_then(|v| v.to_str().ok()).map(elements).and_then(|mut e| e.next());
                let parameter = |name| element.and_then(|e| parameter(e, name));
                Self { scheme: parameter("proto"), host: parameter("host"), port: None, prefix: None }
            }
            None => Self::default(),
        }
    }
}

/// The caller's address: the peer, or what trusted proxies say of it. When proxies are listed, the last address that is none
/// of them, since a caller can write the ones before; when all are trusted, the first.
pub fn client_address(proxy: Option<&Proxy>, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
    let Some(proxy) = proxy.filter(|p| p.trusts(peer)) else { return peer.to_canonical() };
    let told: Vec<IpAddr> = match proxy.headers {
        ProxyHeaders::XForwarded => {
            values(headers, "x-forwarded-for").flat_map(|v| v.split(',')).map_while(node).collect()
        }
        ProxyHeaders::Forwarded => {
            values(headers, "forwarded").flat_map(elements).map_while(|e| node(parameter(e, "for")?)).collect()
        }
    };
    let beyond_the_proxies = told.iter().rev().find(|a| !proxy.trusts(**a));
    beyond_the_proxies.or(told.first()).copied().unwrap_or(peer).to_canonical()
}

fn values<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).into_iter().filter_map(|v| v.to_str().ok())
}

fn first<'a>(headers: &'a HeaderMap, name: &'static str) -> Option<&'a str> {
    let value = values(headers, name).next()?.split(',').next()?.trim();
    (!value.is_empty()).then_some(value)
}

/// The elements of a `Forwarded` header: divided by commas outside quotes.
fn elements(header: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    header.split(move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
}

fn parameter<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    element.split(';').filter_map(|pair| pair.split_once('=')).find_map(|(key, value)| {
        let value = value.trim();
        let bare = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
        (key.trim().eq_ignore_ascii_case(name) && !bare.is_empty()).then_some(bare)
    })
}

/// An address of a forwarding header, with or without brackets and port.
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split(']').next()?.parse().ok();
    }
    text.parse().ok().or_else(|| text.rsplit_once(':')?.0.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (http::HeaderName::from_static(k), v.parse().unwrap())).collect()
    }
    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }
    fn proxy(headers: ProxyHeaders, trusted: &[&str]) -> Proxy {
        Proxy { headers, trusted: trusted.iter().map(|t| Network::parse(t).unwrap()).collect() }
    }

    #[test]
    fn a_network_holds_its_addresses() {
        let network = Network::parse("10.1.0.0/16").unwrap();
        assert!(network.contains(ip("10.1.2.3")) && !network.contains(ip("10.2.0.1")));
        assert!(network.contains(ip("::ffff:10.1.2.3")), "an IPv4 peer on an IPv6 socket");
        assert!(Network::parse("0.0.0.0/0").unwrap().contains(ip("1.2.3.4")));
        assert!(Network::parse("::1").unwrap().contains(ip("::1")));
        for bad in ["", "10.0.0.0/33", "host", "10.0.0.0/x"] {
            assert!(Network::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn without_a_proxy_the_peer_is_the_caller() {
        let told = headers(&[("x-forwarded-for", "9.9.9.9")]);
        assert_eq!(client_address(None, &told, ip("1.1.1.1")), ip("1.1.1.1"));
        let elsewhere = proxy(ProxyHeaders::XForwarded, &["10.0.0.1"]);
        assert_eq!(client_address(Some(&elsewhere), &told, ip("1.1.1.1")), ip("1.1.1.1"));
    }

    #[test]
    fn a_caller_cannot_hide_behind_listed_proxies() {
        let told = headers(&[("x-forwarded-for", "6.6.6.6, 9.9.9.9, 10.0.0.2")]);
        let listed = proxy(ProxyHeaders::XForwarded, &["10.0.0.0/8"]);
        assert_eq!(client_address(Some(&listed), &told, ip("10.0.0.1")), ip("9.9.9.9"));
        assert_eq!(client_address(Some(&listed), &HeaderMap::new(), ip("10.0.0.1")), ip("10.0.0.1"));
        let any = proxy(ProxyHeaders::XForwarded, &[]);
        assert_eq!(client_address(Some(&any), &told, ip("10.0.0.1")), ip("6.6.6.6"));
    }

    #[test]
    fn forwarded_is_read_with_quotes_brackets_and_ports() {
        let any = proxy(ProxyHeaders::Forwarded, &[]);
        let told =
            headers(&[("forwarded", r#"For="[2001:db8::1]:47011";proto=https;host="a.example:8443", for=10.0.0.2"#)]);
        assert_eq!(client_address(Some(&any), &told, ip("10.0.0.1")), ip("2001:db8::1"));
        let read = Forwarded::read(Some(&any), &told, ip("10.0.0.1"));
        assert_eq!((read.scheme, read.host), (Some("https"), Some("a.example:8443")));
    }
}
