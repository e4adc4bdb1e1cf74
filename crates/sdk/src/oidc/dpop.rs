//! Tokens bound to a key: demonstrating proof of possession (RFC 9449).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest;
use cloakroom_jose::{Algorithm, Header, KeySpec, PrivateKey, SigningKey, sign};
use data_encoding::BASE64URL_NOPAD;
use http::{HeaderValue, Method, Response};
use serde_json::json;
use url::Url;

use crate::clock::Clock;
use crate::error::{Error, Result};

/// A key that tokens are bound to: each use of such a token comes with a proof that its user has the key.
///
/// Clones share the key and the nonces that servers have asked for.
///
/// ```
/// use cloakroom::{OidcClient, Result, oidc::{DpopKey, TokenRequest, Userinfo}};
///
/// async fn bound(app: &OidcClient) -> Result<Userinfo> {
///     let app = app.with_dpop(DpopKey::generate()?);
///     let tokens = app.token(TokenRequest::password("bob", "hunter2").scope("openid")).await?;
///     app.userinfo(tokens.access_token.unwrap_or_default().expose()).await
/// }
/// ```
#[derive(Debug, Clone)]
pub struct DpopKey(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    key: SigningKey,
    header: Header,
    thumbprint: String,
    /// The last nonce of each origin.
    nonces: Mutex<HashMap<String, String>>,
}

impl DpopKey {
    /// A new key, for ES256.
    ///
    /// Errors: [`Error::Config`] where the system gives no random numbers.
    pub fn generate() -> Result<Self> {
        let key = PrivateKey::generate(KeySpec::P256).map_err(unusable)?;
        Self::new(Algorithm::ES256, &key)
    }

    /// A key of one's own, to keep tokens across restarts.
    ///
    /// Errors: [`Error::Config`] for a key that does not suit the algorithm.
    pub fn new(alg: Algorithm, key: &PrivateKey) -> Result<Self> {
        let signing = SigningKey::new(alg, key).map_err(unusable)?;
        let public = key.public();
        let jwk = serde_json::to_value(public.to_jwk())
            .map_err(|e| Error::Config(format!("the DPoP key cannot be written: {e}")))?;
        let mut header = Header { typ: Some("dpop+jwt".to_owned()), ..Header::new(alg) };
        header.other.insert("jwk".to_owned(), jwk);
        let thumbprint = public.thumbprint();
        Ok(DpopKey(Arc::new(Inner { key: signing, header, thumbprint, nonces: Mutex::default() })))
    }

    /// The key's SHA-256 thumbprint (RFC 7638): `cnf.jkt` of tokens, `dpop_jkt` of authorization requests.
    pub fn thumbprint(&self) -> &str {
        &self.0.thumbprint
    }

    /// The proof for one request, to go into its header `DPoP`: with the access token where one goes with the request, and
    /// the last nonce that the server asked for. Good for a few seconds, once.
    pub fn proof(&self, method: &Method, url: &Url, access_token: Option<&str>) -> Result<String> {
        self.proof_at(Clock::system().seconds(), method, url, access_token)
    }

    /// The proof as the header's value.
    pub(crate) fn header(&self, now: i64, method: &Method, url: &Url, token: Option<&str>) -> Result<HeaderValue> {
        let proof = self.proof_at(now, method, url, token)?;
        HeaderValue::try_from(proof).map_err(|_| Error::Config("the DPoP key: not a proof".to_owned()))
    }

    fn proof_at(&self, now: i64, method: &Method, url: &Url, access_token: Option<&str>) -> Result<String> {
        let mut htu = url.clone();
        htu.set_query(None);
        htu.set_fragment(None);
        let jti = cloakroom_jose::Secret::generate(16).map_err(unusable)?.to_base64url();
        let mut claims = json!({ "jti": *jti, "htm": method.as_str(), "htu": htu.as_str(), "iat": now });
        if let Some(token) = access_token {
            let hash = digest::digest(&digest::SHA256, token.as_bytes());
            claims["ath"] = BASE64URL_NOPAD.encode(hash.as_ref()).into();
        }
        if let Some(nonce) = self.nonces().get(&url.origin().ascii_serialization()) {
            claims["nonce"] = nonce.as_str().into();
        }
        sign(&self.0.header, &claims, &self.0.key).map_err(unusable)
    }

    /// Takes note of the nonce that an answer asks for. True where it is new: the request may be sent again with it.
    pub fn note<B>(&self, url: &Url, answer: &Response<B>) -> bool {
        let Some(nonce) = answer.headers().get("dpop-nonce").and_then(|v: &HeaderValue| v.to_str().ok()) else {
            return false;
        };
        let mut nonces = self.nonces();
        let origin = url.origin().ascii_serialization();
        nonces.insert(origin, nonce.to_owned()).is_none_or(|before| before != nonce)
    }

    fn nonces(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.0.nonces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unusable(e: cloakroom_jose::Error) -> Error {
    Error::Config(format!("the DPoP key: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cloakroom_jose::{Unverified, VerifyingKey, verify};
    use serde_json::Value;

    #[test]
    fn a_proof_names_the_request_and_the_token() {
        let private = PrivateKey::generate(KeySpec::P256).unwrap();
        let key = DpopKey::new(Algorithm::ES256, &private).unwrap();
        let url = Url::parse("https://id/realms/a/userinfo?x=1#y").unwrap();
        let proof = key.proof_at(1000, &Method::GET, &url, Some("token")).unwrap();
        let verifying = VerifyingKey::new(Algorithm::ES256, private.public()).unwrap();
        let claims: Value = verify(&proof, &verifying).unwrap().claims().unwrap();
        assert_eq!(claims["htu"], "https://id/realms/a/userinfo");
        assert_eq!((&claims["htm"], &claims["iat"]), (&json!("GET"), &json!(1000)));
        assert_eq!(claims["ath"], "PEaenWxYddN6Q_NT1PiOYfz4EsZu7jRXRlpAsNpBU-A");
        let header = Unverified::parse(&proof).unwrap().header().clone();
        assert_eq!(header.typ.as_deref(), Some("dpop+jwt"));
        assert_eq!(header.other["jwk"]["kty"], "EC");
        assert!(header.other["jwk"].get("d").is_none());
    }

    #[test]
    fn a_nonce_is_kept_for_its_origin() {
        let key = DpopKey::generate().unwrap();
        let (here, there) = (Url::parse("https://a/x").unwrap(), Url::parse("https://b/x").unwrap());
        let answer = Response::builder().header("DPoP-Nonce", "n1").body(()).unwrap();
        assert!(key.note(&here, &answer));
        assert!(!key.note(&here, &answer), "the same nonce will not help");
        let claims = |url| crate::jwt::decode::<Value>(&key.proof(&Method::GET, url, None).unwrap()).unwrap();
        assert_eq!(claims(&here)["nonce"], "n1");
        assert!(claims(&there).get("nonce").is_none());
    }
}
