//! Where clients let browsers be sent to.

use std::net::IpAddr;

use cloakroom::api::admin::clients::Client;
use url::Url;

use crate::doctor::check::{Check, Found, Severity};
use crate::doctor::facts::Facts;

pub(super) const CHECKS: &[Check] = &[
    Check {
        code: "redirect-anywhere",
        severity: Severity::High,
        why: "Any site can have itself sent the codes and tokens of the client's users",
        source: "RFC 9700, 2.1 and 4.1",
        look: anywhere,
    },
    Check {
        code: "redirect-wildcard",
        severity: Severity::Medium,
        why: "Redirect URIs are to be compared character by character: one open redirect below the path leaks codes",
        source: "RFC 9700, 2.1",
        look: wildcard,
    },
    Check {
        code: "redirect-http",
        severity: Severity::High,
        why: "Codes and tokens travel in the open",
        source: "RFC 9700, 2.6; RFC 8252, 8.3",
        look: http,
    },
    Check {
        code: "redirect-scheme",
        severity: Severity::Low,
        why: "A scheme that is not a domain name reversed may be another app's too",
        source: "RFC 8252, 7.1",
        look: scheme,
    },
    Check {
        code: "redirect-localhost",
        severity: Severity::Low,
        why: "The name localhost may lead elsewhere; 127.0.0.1 and [::1] cannot",
        source: "RFC 8252, 8.3",
        look: localhost,
    },
    Check {
        code: "native-consent",
        severity: Severity::Low,
        why: "Any app of the device can pretend to be this one; asking the user keeps it from doing so unseen",
        source: "RFC 8252, 8.6",
        look: native_consent,
    },
    Check {
        code: "web-origins-any",
        severity: Severity::Medium,
        why: "Scripts of any site may call the token endpoint as this client and read the answers",
        source: "RFC 9700, 2.1 and 4.1",
        look: web_origins,
    },
    Check {
        code: "logout-http",
        severity: Severity::Medium,
        why: "Logout tokens travel in the open",
        source: "OpenID Connect Back-Channel Logout, 2.2",
        look: logout_http,
    },
];

/// Clients that send browsers, with each of their redirect URIs; relative ones are below the root URL.
fn redirects(facts: &Facts) -> impl Iterator<Item = (&Client, String)> {
    let sends = |c: &&Client| c.standard_flow_enabled != Some(false) || c.implicit_flow_enabled == Some(true);
    let oidc = |c: &&Client| c.protocol.as_deref().unwrap_or("openid-connect") == "openid-connect";
    facts.applications().filter(oidc).filter(sends).flat_map(|client| {
        let root = client.root_url.as_deref().unwrap_or_default();
        let whole = move |uri: &String| if uri.starts_with('/') { format!("{root}{uri}") } else { uri.clone() };
        client.redirect_uris.iter().flatten().map(move |uri| (client, whole(uri)))
    })
}

fn each(facts: &Facts, wrong: impl Fn(&str) -> bool, what: &str, fix: &str) -> Vec<Found> {
    let found = |(client, uri): (&Client, String)| Found {
        object: object(client),
        what: format!("redirect URI {uri}: {what}"),
        fix: facts.set_client(client, fix),
    };
    redirects(facts).filter(|(_, uri)| wrong(uri)).map(found).collect()
}

pub(super) fn object(client: &Client) -> String {
    format!("client {}", client.client_id.as_deref().unwrap_or_default())
}

const EXACT: &str = r#"redirectUris=["https://app.example.com/callback"]"#;

fn anywhere(facts: &Facts) -> Vec<Found> {
    each(facts, leads_anywhere, "leads anywhere", EXACT)
}

fn wildcard(facts: &Facts) -> Vec<Found> {
    each(facts, |uri| uri.contains('*') && !leads_anywhere(uri), "a wildcard", EXACT)
}

fn http(facts: &Facts) -> Vec<Found> {
    each(facts, in_the_open, "without TLS", EXACT)
}

fn scheme(facts: &Facts) -> Vec<Found> {
    let wrong = |uri: &str| own_scheme(uri).is_some_and(|scheme| !scheme.contains('.'));
    each(facts, wrong, "a scheme that is not a domain reversed", r#"redirectUris=["com.example.app:/callback"]"#)
}

fn localhost(facts: &Facts) -> Vec<Found> {
    let wrong = |uri: &str| host(uri).as_deref() == Some("localhost");
    each(facts, wrong, "a name where an address is safer", r#"redirectUris=["http://127.0.0.1/callback"]"#)
}

fn native_consent(facts: &Facts) -> Vec<Found> {
    let native = |uri: &str| own_scheme(uri).is_some() || host(uri).is_some_and(|host| loopback(&host));
    let mut found: Vec<Found> = Vec::new();
    for (client, uri) in redirects(facts).filter(|(_, uri)| native(uri)) {
        let asks = client.consent_required == Some(true) || client.public_client != Some(true);
        if !asks && found.iter().all(|f| f.object != object(client)) {
            let what = format!("an app on a device ({uri}) whose users are not asked for consent");
            found.push(Found { object: object(client), what, fix: facts.set_client(client, "consentRequired=true") });
        }
    }
    found
}

fn web_origins(facts: &Facts) -> Vec<Found> {
    let any = |client: &&Client| client.web_origins.iter().flatten().any(|origin| origin == "*");
    let found = |client: &Client| Found {
        object: object(client),
        what: "web origin *".to_owned(),
        // those of the redirect URIs
        fix: facts.set_client(client, r#"webOrigins=["+"]"#),
    };
    facts.applications().filter(any).map(found).collect()
}

fn logout_http(facts: &Facts) -> Vec<Found> {
    let url = |client: &Client| Some(client.attributes.as_ref()?.get("backchannel.logout.url")?.to_owned());
    let found = |client| {
        let url = url(client).filter(|url| in_the_open(url))?;
        let fix = facts.set_client(client, r#"attributes."backchannel.logout.url"=https://app.example.com/logout"#);
        Some(Found { object: object(client), what: format!("back-channel logout URL {url}: without TLS"), fix })
    };
    facts.applications().filter_map(found).collect()
}

/// A wildcard before the path begins.
fn leads_anywhere(uri: &str) -> bool {
    let authority = match uri.split_once("://") {
        Some((scheme, rest)) if !scheme.contains('*') => rest.split(['/', '?']).next().unwrap_or_default(),
        _ => uri,
    };
    authority.contains('*') && own_scheme(uri).is_none()
}

/// The host, in lower case; wildcards are taken as a part of it.
fn host(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once("://")?;
    if !matches!(scheme, "http" | "https") {
        return None;
    }
    let url = Url::parse(&format!("{scheme}://{}", rest.replace('*', "x"))).ok()?;
    Some(url.host_str()?.trim_matches(['[', ']']).to_ascii_lowercase())
}

fn loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether a URL is plain HTTP beyond the machine.
pub(super) fn in_the_open(url: &str) -> bool {
    url.to_ascii_lowercase().starts_with("http://") && host(url).is_none_or(|host| !loopback(&host))
}

/// A scheme that an app has registered with its device.
fn own_scheme(uri: &str) -> Option<&str> {
    let (scheme, rest) = uri.split_once(':')?;
    let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    // `localhost:8080` is a host and a port
    let first = rest.split('/').next().unwrap_or_default();
    let port = !first.is_empty() && first.chars().all(|c| c.is_ascii_digit());
    (valid && !port && !matches!(scheme, "http" | "https")).then_some(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::fixtures::{client, of_client};
    use serde_json::json;

    fn redirecting(uri: &str) -> Facts {
        of_client(json!({ "publicClient": true, "redirectUris": [uri] }))
    }

    #[test]
    fn redirects_are_told_apart() {
        type Look = fn(&Facts) -> Vec<Found>;
        let all: [Look; 5] = [anywhere, wildcard, http, scheme, localhost];
        for (uri, expected) in [
            ("https://app.example.com/callback", [0, 0, 0, 0, 0]),
            ("http://127.0.0.1/callback", [0, 0, 0, 0, 0]),
            ("http://[::1]:7777/callback", [0, 0, 0, 0, 0]),
            ("com.example.app:/callback", [0, 0, 0, 0, 0]),
            ("*", [1, 0, 0, 0, 0]),
            ("https://*", [1, 0, 0, 0, 0]),
            ("https://*.example.com/callback", [1, 0, 0, 0, 0]),
            ("https://app.example.com*", [1, 0, 0, 0, 0]),
            ("http*", [1, 0, 0, 0, 0]),
            ("https://app.example.com/*", [0, 1, 0, 0, 0]),
            ("https://app.example.com/a?x=*", [0, 1, 0, 0, 0]),
            ("http://app.example.com/callback", [0, 0, 1, 0, 0]),
            ("http://localhost.example.com/", [0, 0, 1, 0, 0]),
            ("http://localhost:3000/*", [0, 1, 0, 0, 1]),
            ("myapp://callback", [0, 0, 0, 1, 0]),
        ] {
            let facts = redirecting(uri);
            assert_eq!(all.map(|look| look(&facts).len()), expected, "{uri}");
        }
    }

    #[test]
    fn a_relative_redirect_is_below_the_root() {
        let facts = of_client(json!({ "rootUrl": "http://app.example.com", "redirectUris": ["/cb"] }));
        assert_eq!(http(&facts).len(), 1);
    }

    #[test]
    fn clients_that_send_no_browser_are_left_alone() {
        assert_eq!(anywhere(&of_client(json!({ "redirectUris": ["*"], "standardFlowEnabled": false }))), []);
        assert_eq!(anywhere(&of_client(json!({ "redirectUris": ["*"], "enabled": false }))), []);
        let mut built_in = client(json!({ "redirectUris": ["*"] }));
        built_in.client_id = Some("account".to_owned());
        assert_eq!(anywhere(&Facts { clients: vec![built_in], ..Facts::default() }), []);
    }

    #[test]
    fn an_app_on_a_device_asks_for_consent() {
        for uri in ["com.example.app:/callback", "http://127.0.0.1/callback"] {
            assert_eq!(native_consent(&redirecting(uri)).len(), 1);
        }
        assert_eq!(native_consent(&redirecting("https://app.example.com/")), []);
        let asks = json!({ "publicClient": true, "consentRequired": true, "redirectUris": ["com.example.app:/x"] });
        assert_eq!(native_consent(&of_client(asks)), []);
    }

    #[test]
    fn origins_and_logout_addresses() {
        assert_eq!(web_origins(&of_client(json!({ "webOrigins": ["*"] }))).len(), 1);
        assert_eq!(web_origins(&of_client(json!({ "webOrigins": ["+", "https://x"] }))), []);
        let logout = |url: &str| of_client(json!({ "attributes": { "backchannel.logout.url": url } }));
        assert_eq!(logout_http(&logout("http://app.example.com/x")).len(), 1);
        for fine in ["https://app.example.com/x", "http://localhost:9/x", ""] {
            assert_eq!(logout_http(&logout(fine)), []);
        }
    }
}
