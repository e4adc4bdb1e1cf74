//! Tokens looked at and verified locally, by the realm's published keys.

mod claims;

use std::time::{Duration, SystemTime};

use cloakroom_jose::{Algorithm, ClaimError, Claims, Unverified, Validation};
use serde::{Deserialize, de::DeserializeOwned};

pub use claims::{Authorization, Roles, TokenClaims};

use crate::clock::Clock;
use crate::error::Result;
use crate::oidc::OidcClient;

/// Why a token is not accepted. The messages say what is wrong, and repeat nothing of the token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// Not a signed JWT, or the signature is not the realm's.
    #[error("invalid token: {0}")]
    Signature(#[from] cloakroom_jose::Error),
    /// Signed with an algorithm that is not among [`Verifier::algorithms`].
    #[error("invalid token: signed with {0}, which is not accepted here")]
    Algorithm(Algorithm),
    /// Signed with a key that the realm does not publish: another realm's, or one that was removed.
    #[error("invalid token: the realm has no such key")]
    UnknownKey,
    /// Expired, for somebody else, or of the wrong kind.
    #[error("invalid token: {0}")]
    Claims(#[from] ClaimError),
    /// The ID token answers another request than ours.
    #[error("invalid token: wrong nonce")]
    Nonce,
    /// No logout token, or not all of one.
    #[error("invalid logout token: {0}")]
    Logout(&'static str),
}

/// Reads the claims of a token **without verifying it**: anyone may have written them.
///
/// ```
/// # fn main() -> cloakroom::Result<()> {
/// # let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IifQ.c2ln";
/// let claims: serde_json::Value = cloakroom::jwt::decode(token)?;
/// assert_eq!(claims["sub"], "bob");
/// # Ok(())
/// # }
/// ```
pub fn decode<T: DeserializeOwned>(token: &str) -> Result<T> {
    let claims = Unverified::parse(token).and_then(|token| token.claims());
    Ok(claims.map_err(TokenError::Signature)?)
}

/// Whether a token expires within `buffer`, by the system's clock; false for one that does not expire. The token is not
/// verified: this is for one's own.
///
/// ```
/// use std::time::Duration;
///
/// # fn main() -> cloakroom::Result<()> {
/// # let token = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjEwMDB9.c2ln";
/// assert!(cloakroom::jwt::needs_refresh(token, Duration::from_secs(60))?);
/// # Ok(())
/// # }
/// ```
pub fn needs_refresh(token: &str, buffer: Duration) -> Result<bool> {
    needs_refresh_at(token, buffer, Clock::system().now())
}

/// [`needs_refresh`] at another time than now.
pub fn needs_refresh_at(token: &str, buffer: Duration, now: SystemTime) -> Result<bool> {
    let claims: TokenClaims = decode(token)?;
    Ok(claims.expires_in(now).is_some_and(|left| left <= buffer))
}

/// Verifies tokens of a realm by its published keys, without asking the server about each. Begin with
/// [`OidcClient::verifier`] or [`OidcClient::id_token_verifier`].
///
/// Demanded are a signature by one of the realm's keys, with the algorithm that the key is for; the realm as issuer; `exp`,
/// `nbf` and `iat`, with 30 s of leeway; and what is asked for beyond that. Keys are fetched at first need, again for an
/// unknown `kid`, at most every ten seconds, and after an hour. Sessions that have ended are not noticed:
/// [`OidcClient::introspect`] asks the server.
///
/// ```
/// use cloakroom::{Client, ClientAuth, Result};
///
/// #[derive(serde::Deserialize)]
/// struct Caller {
///     sub: String,
///     preferred_username: String,
/// }
///
/// async fn caller(kc: &Client, token: &str) -> Result<Caller> {
///     let api = kc.oidc("acme", "api", ClientAuth::none());
///     api.verifier().audience("api").verify(token).await
/// }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Verifier {
    oidc: OidcClient,
    issuer: Option<String>,
    audiences: Vec<String>,
    azp: Option<String>,
    types: Vec<String>,
    nonce: Option<String>,
    algorithms: Vec<Algorithm>,
    leeway: i64,
    may_lack_expiry: bool,
}

impl Verifier {
    pub(crate) fn new(oidc: OidcClient) -> Self {
        Verifier {
            oidc,
            issuer: None,
            audiences: Vec::new(),
            azp: None,
            types: Vec::new(),
            nonce: None,
            algorithms: Vec::new(),
            leeway: 30,
            may_lack_expiry: false,
        }
    }

    /// Demands this `iss`, compared exactly, in place of the one that the realm's discovery names.
    pub fn issuer(mut self, issuer: &str) -> Self {
        self.issuer = Some(issuer.to_owned());
        self
    }

    /// Demands this among `aud`. Called again, either will do.
    pub fn audience(mut self, audience: &str) -> Self {
        self.audiences.push(audience.to_owned());
        self
    }

    /// Demands that the token was issued to this client.
    pub fn azp(mut self, client_id: &str) -> Self {
        self.azp = Some(client_id.to_owned());
        self
    }

    /// Demands this claim `typ`: `Bearer`, `ID`, `Logout`, … Called again, it replaces the last.
    pub fn typ(mut self, typ: &str) -> Self {
        self.types = vec![typ.to_owned()];
        self
    }

    /// Demands this `nonce`.
    pub fn nonce(mut self, nonce: &str) -> Self {
        self.nonce = Some(nonce.to_owned());
        self
    }

    /// Accepts these algorithms only. Default: each key's own; never HMAC.
    pub fn algorithms(mut self, algorithms: &[Algorithm]) -> Self {
        self.algorithms = algorithms.to_vec();
        self
    }

    /// How many seconds the clocks may differ. Default: 30.
    pub fn leeway(mut self, seconds: u32) -> Self {
        self.leeway = seconds.into();
        self
    }

    /// Accepts a JWT without `exp`, such as signed userinfo.
    pub fn without_expiry(mut self) -> Self {
        self.may_lack_expiry = true;
        self
    }

    /// Verifies a token, and reads its claims as `T`.
    ///
    /// Errors: [`Error::Token`](crate::Error::Token) for a token that is not accepted; those of a call where keys or discovery
    /// cannot be fetched.
    pub async fn verify<T: DeserializeOwned>(&self, token: &str) -> Result<T> {
        let unverified = Unverified::parse(token).map_err(TokenError::Signature)?;
        let header = unverified.header().clone();
        if !self.algorithms.is_empty() && !self.algorithms.contains(&header.alg) {
            return Err(TokenError::Algorithm(header.alg).into());
        }
        let (client, realm) = (self.oidc.client(), self.oidc.realm());
        let keys = self.oidc.cache().keys(client, realm, header.kid.as_deref(), header.alg).await?;
        let verified = unverified.verify(&*keys.ok_or(TokenError::UnknownKey)?).map_err(TokenError::Signature)?;

        let issuer = match &self.issuer {
            Some(issuer) => issuer.clone(),
            None => self.oidc.issuer().await?,
        };
        let rules = Validation::at(client.clock().seconds()).leeway(self.leeway).issuer(issuer);
        let rules = if self.may_lack_expiry { rules.without_expiry() } else { rules };
        let rules = self.audiences.iter().fold(rules, Validation::audience);
        let rules = self.types.iter().fold(rules, Validation::typ);
        let rules = self.azp.iter().fold(rules, Validation::azp);
        rules.check(&verified.claims::<Claims>().map_err(TokenError::Signature)?).map_err(TokenError::Claims)?;
        if self.nonce.is_some() && verified.claims::<Nonce>().map_err(TokenError::Signature)?.nonce != self.nonce {
            return Err(TokenError::Nonce.into());
        }
        Ok(verified.claims().map_err(TokenError::Signature)?)
    }
}

#[derive(Deserialize)]
struct Nonce {
    nonce: Option<String>,
}
