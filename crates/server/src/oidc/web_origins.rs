//! From which web pages a client's tokens may be asked for: CORS, and the claim `allowed-origins`.

use std::collections::BTreeSet;

use url::Url;

use super::redirect_uri::{self, Base};

/// The origins a client allows: those it lists, and with `+` those of its redirect URIs. `*` stays as it is.
pub(crate) fn of_client(web_origins: &[String], redirect_uris: &[String], base: Base<'_>) -> BTreeSet<String> {
    let mut origins = BTreeSet::new();
    for origin in web_origins {
        match origin.as_str() {
            "" => {}
            "+" => origins.extend(redirect_uris.iter().filter_map(|uri| of_uri(&redirect_uri::resolve(uri, base)))),
            origin => {
                origins.insert(origin.trim_end_matches('/').to_owned());
            }
        }
    }
    origins
}

/// The origin of a redirect URI or pattern, `https://app.example:8443`; None where it has none a browser would send.
pub(crate) fn of_uri(uri: &str) -> Option<String> {
    let url = Url::parse(uri.trim_end_matches('*')).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.origin().ascii_serialization())
}

/// Whether a request's `Origin` header is one of these. `null` (sandboxed pages, files) never is.
pub(crate) fn allow(origins: &BTreeSet<String>, origin: &str) -> bool {
    origin != "null" && (origins.contains("*") || origins.contains(origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: Base<'_> = Base { root_url: Some("https://root.example"), server: "https://id.example.org" };

    fn texts(of: &[&str]) -> Vec<String> {
        of.iter().map(|&s| s.to_owned()).collect()
    }

    #[test]
    fn a_plus_stands_for_the_redirect_uris() {
        let uris = texts(&[
            "https://app.example/cb/*",
            "http://localhost:3000/*",
            "/in",
            "myapp://cb",
            "*",
            "https://app.example/x",
        ]);
        let origins = of_client(&texts(&["+", "https://more.example/"]), &uris, BASE);
        let expected = ["http://localhost:3000", "https://app.example", "https://more.example", "https://root.example"];
        assert_eq!(origins.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn only_listed_origins_are_allowed() {
        let listed = of_client(&texts(&["https://app.example"]), &[], BASE);
        assert!(allow(&listed, "https://app.example"));
        for other in ["https://app.example.evil", "http://app.example", "https://app.example:8443", "null", "", "*"] {
            assert!(!allow(&listed, other), "{other}");
        }
    }

    #[test]
    fn a_star_allows_every_origin_but_null() {
        let any = of_client(&texts(&["*"]), &[], BASE);
        assert!(allow(&any, "https://anywhere.example"));
        assert!(!allow(&any, "null"));
    }

    #[test]
    fn the_default_port_is_not_part_of_an_origin() {
        assert_eq!(of_uri("https://app.example:443/cb").as_deref(), Some("https://app.example"));
        assert_eq!(of_uri("https://app.example:8443/*").as_deref(), Some("https://app.example:8443"));
        assert_eq!(of_uri("javascript:alert(1)"), None);
    }
}
