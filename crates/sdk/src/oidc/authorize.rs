//! Sending a browser to log in: the authorization request, with PKCE.

use aws_lc_rs::digest;
use data_encoding::BASE64URL_NOPAD;
use url::Url;

use crate::error::{Error, Result};
use cloakroom_api::fields::Secret;

/// Proof Key for Code Exchange (RFC 7636), method S256: who redeems a code is who asked for it.
///
/// ```
/// # fn main() -> cloakroom::Result<()> {
/// let pkce = cloakroom::oidc::Pkce::generate()?;
/// assert_eq!(pkce.challenge().len(), 43);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Pkce(Secret);

impl Pkce {
    /// A verifier of 43 random characters.
    ///
    /// Errors: [`Error::Config`] where the system gives no random numbers.
    pub fn generate() -> Result<Self> {
        random(32).map(Pkce)
    }

    /// A verifier that was kept, in a cookie say.
    pub fn from_verifier(verifier: impl Into<Secret>) -> Self {
        Pkce(verifier.into())
    }

    /// What goes to the token endpoint.
    pub fn verifier(&self) -> &Secret {
        &self.0
    }

    /// What goes to the authorization endpoint: the verifier's SHA-256.
    pub fn challenge(&self) -> String {
        let hash = digest::digest(&digest::SHA256, self.0.expose().as_bytes());
        BASE64URL_NOPAD.encode(hash.as_ref())
    }
}

pub(crate) fn random(bytes: usize) -> Result<Secret> {
    let secret = cloakroom_jose::Secret::generate(bytes);
    secret
        .map(|s| Secret::from(s.to_base64url().as_str()))
        .map_err(|e| Error::Config(format!("no random numbers: {e}")))
}

/// What to keep while the browser is away, in the user's session: the answer is checked against it.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// Where to send the browser.
    pub url: Url,
    /// The browser must bring this back as `state`.
    pub state: Secret,
    /// The ID token must have this as `nonce`.
    pub nonce: Secret,
    /// The code is redeemed with its verifier.
    pub pkce: Pkce,
    /// The code is redeemed with the same address.
    pub redirect_uri: String,
}

/// An authorization request (OpenID Connect Core, 3.1.2.1) for a code, with `state`, `nonce` and PKCE. Begin with
/// [`OidcClient::authorize`](crate::OidcClient::authorize).
#[derive(Debug, Clone)]
#[must_use]
pub struct AuthorizationUrl {
    endpoint: Url,
    client_id: String,
    redirect_uri: String,
    scope: String,
    more: Vec<(String, String)>,
}

impl AuthorizationUrl {
    pub(crate) fn new(endpoint: Url, client_id: &str, redirect_uri: &str) -> Self {
        let (client_id, redirect_uri) = (client_id.to_owned(), redirect_uri.to_owned());
        AuthorizationUrl { endpoint, client_id, redirect_uri, scope: "openid".to_owned(), more: Vec::new() }
    }

    /// The scopes to ask for, separated by spaces. Default: `openid`.
    pub fn scope(mut self, scope: &str) -> Self {
        self.scope = scope.to_owned();
        self
    }

    /// Any further parameter: `prompt`, `login_hint`, `max_age`, `kc_idp_hint`, `ui_locales`, …
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.more.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The address, and what to keep.
    ///
    /// Errors: [`Error::Config`] where the system gives no random numbers.
    pub fn build(self) -> Result<Authorization> {
        let (state, nonce, pkce) = (random(16)?, random(16)?, Pkce::generate()?);
        let mut url = self.endpoint;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", &self.scope)
            .append_pair("state", state.expose())
            .append_pair("nonce", nonce.expose())
            .append_pair("code_challenge", &pkce.challenge())
            .append_pair("code_challenge_method", "S256")
            .extend_pairs(&self.more);
        Ok(Authorization { url, state, nonce, pkce, redirect_uri: self.redirect_uri })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636() {
        let pkce = Pkce::from_verifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(pkce.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn every_value_is_escaped() {
        let endpoint = Url::parse("https://id/realms/a/protocol/openid-connect/auth").unwrap();
        let sent = AuthorizationUrl::new(endpoint, "a&b", "https://app/?x=1&y=2")
            .with("login_hint", "bob+x@y")
            .build()
            .unwrap();
        let pairs: Vec<_> = sent.url.query_pairs().into_owned().collect();
        assert!(pairs.contains(&("client_id".into(), "a&b".into())));
        assert!(pairs.contains(&("redirect_uri".into(), "https://app/?x=1&y=2".into())));
        assert!(pairs.contains(&("login_hint".into(), "bob+x@y".into())));
        assert_eq!(sent.url.query_pairs().find(|(n, _)| n == "state").unwrap().1, sent.state.expose());
    }
}
