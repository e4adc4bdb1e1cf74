//! Proof Key for Code Exchange (RFC 7636).

use aws_lc_rs::digest;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

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
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
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

/// So many random bytes, as text for a URL.
pub(crate) fn random(bytes: usize) -> Result<Secret> {
    let secret = cloakroom_jose::Secret::generate(bytes);
    secret
        .map(|s| Secret::from(s.to_base64url().as_str()))
        .map_err(|e| Error::Config(format!("no random numbers: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636() {
        let pkce = Pkce::from_verifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(pkce.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
