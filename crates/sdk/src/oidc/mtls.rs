//! Where clients go that show a certificate: endpoints of their own, where a realm publishes such (RFC 8705, 5).

use http::Uri;

use crate::error::{Error, Result};
use crate::oidc::Discovery;

/// The endpoint that stands in for the one at this path; `None` where the realm has no other.
pub(crate) fn alias(discovery: &Discovery, path: &str) -> Result<Option<Uri>> {
    let Some(aliases) = &discovery.mtls_endpoint_aliases else { return Ok(None) };
    let known = [
        (&discovery.token_endpoint, &aliases.token_endpoint),
        (&discovery.introspection_endpoint, &aliases.introspection_endpoint),
        (&discovery.revocation_endpoint, &aliases.revocation_endpoint),
        (&discovery.userinfo_endpoint, &aliases.userinfo_endpoint),
        (&discovery.device_authorization_endpoint, &aliases.device_authorization_endpoint),
        (&discovery.pushed_authorization_request_endpoint, &aliases.pushed_authorization_request_endpoint),
        (&discovery.backchannel_authentication_endpoint, &aliases.backchannel_authentication_endpoint),
    ];
    let of_path = |endpoint: &Option<String>| endpoint.as_deref().is_some_and(|url| url.ends_with(path));
    let Some((usual, Some(alias))) = known.into_iter().find(|(endpoint, _)| of_path(endpoint)) else {
        return Ok(None);
    };
    if usual.as_deref() == Some(alias) {
        return Ok(None);
    }
    let is_secure = |url: &str| url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    if !is_secure(alias) {
        return Err(Error::Config(format!("no certificate can be shown at {alias}: it does not begin with https://")));
    }
    alias.parse().map(Some).map_err(|e| Error::Config(format!("the realm publishes an endpoint \"{alias}\": {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn published(alias: &str) -> Discovery {
        let endpoint = "https://id/realms/a/protocol/openid-connect/token";
        let discovery = json!({ "token_endpoint": endpoint, "userinfo_endpoint": "https://id/realms/a/userinfo",
            "mtls_endpoint_aliases": { "token_endpoint": alias } });
        serde_json::from_value(discovery).unwrap()
    }

    const TOKEN: &str = "/realms/a/protocol/openid-connect/token";

    #[test]
    fn an_endpoint_of_its_own_stands_in() {
        let alias_of = |alias, path| alias_of(alias, path).unwrap().map(|uri| uri.to_string());
        let other = "https://mtls.id/realms/a/protocol/openid-connect/token";
        assert_eq!(alias_of(other, TOKEN).as_deref(), Some(other));
        assert_eq!(alias_of(other, "/realms/a/userinfo"), None);
        assert_eq!(alias_of("https://id/realms/a/protocol/openid-connect/token", TOKEN), None);
        assert_eq!(alias(&Discovery::default(), TOKEN).unwrap(), None);
    }

    #[test]
    fn one_without_tls_is_refused() {
        assert!(alias_of("http://mtls.id/token", TOKEN).is_err());
    }

    fn alias_of(url: &str, path: &str) -> Result<Option<Uri>> {
        alias(&published(url), path)
    }
}
