//! How a client proves who it is (OpenID Connect Core, 9).

use std::fmt;
use std::future::Future;

use cloakroom_api::endpoint::Form;
use cloakroom_jose::{Algorithm, PrivateKey, SigningKey};
use data_encoding::BASE64;
use http::HeaderValue;
use serde_json::json;
use url::form_urlencoded::byte_serialize;

use crate::error::{Error, Result};
use crate::login::{Ask, BoxError};
use cloakroom_api::fields::Secret;

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How a client proves who it is at the endpoints that ask for it.
///
/// ```
/// use cloakroom::{ClientAuth, jose::{Algorithm, KeySpec, PrivateKey, SigningKey}};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let public = ClientAuth::none();
/// let secret = ClientAuth::basic("secret");
/// let key = SigningKey::new(Algorithm::ES256, &PrivateKey::generate(KeySpec::P256)?)?.with_kid("2026");
/// let signed = ClientAuth::private_key_jwt(key);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientAuth(Method);

#[derive(Clone)]
enum Method {
    None,
    Tls,
    Basic(Secret),
    Post(Secret),
    SecretJwt(Secret, Algorithm),
    PrivateKeyJwt(SigningKey),
    Assertion(Ask<Secret>),
}

impl fmt::Debug for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Method::None => "None",
            Method::Tls => "Tls",
            Method::Basic(_) => "Basic",
            Method::Post(_) => "Post",
            Method::SecretJwt(..) => "SecretJwt",
            Method::PrivateKeyJwt(_) => "PrivateKeyJwt",
            Method::Assertion(_) => "Assertion",
        })
    }
}

impl ClientAuth {
    /// `none`: a public client.
    pub const fn none() -> Self {
        ClientAuth(Method::None)
    }

    /// `client_secret_basic`: the secret in the `Authorization` header.
    pub fn basic(secret: impl Into<Secret>) -> Self {
        ClientAuth(Method::Basic(secret.into()))
    }

    /// `client_secret_post`: the secret in the form.
    pub fn post(secret: impl Into<Secret>) -> Self {
        ClientAuth(Method::Post(secret.into()))
    }

    /// `client_secret_jwt`: an assertion signed with the secret, by HS256. The secret does not travel.
    pub fn secret_jwt(secret: impl Into<Secret>) -> Self {
        ClientAuth(Method::SecretJwt(secret.into(), Algorithm::HS256))
    }

    /// `private_key_jwt`: an assertion signed with a key whose public half the server knows (RFC 7523).
    pub fn private_key_jwt(key: SigningKey) -> Self {
        ClientAuth(Method::PrivateKeyJwt(key))
    }

    /// `private_key_jwt` with a private key in PEM, and the `kid` under which the server knows it if it asks for one.
    ///
    /// Errors: [`Error::Config`] for a key that cannot be read or does not suit the algorithm.
    pub fn private_key_pem(alg: Algorithm, pem: &str, kid: Option<&str>) -> Result<Self> {
        let key = PrivateKey::from_pem(pem).and_then(|key| SigningKey::new(alg, &key));
        let key = key.map_err(|e| Error::Config(format!("the client's private key: {e}")))?;
        Ok(Self::private_key_jwt(kid.into_iter().fold(key, SigningKey::with_kid)))
    }

    /// `tls_client_auth`: the certificate of the connection (RFC 8705). Give it to the client with
    /// [`client_certificate_pem`](crate::ClientBuilder::client_certificate_pem). Requests go to the endpoints that the realm
    /// publishes for those who show a certificate (`mtls_endpoint_aliases`), where it has such.
    pub const fn tls() -> Self {
        ClientAuth(Method::Tls)
    }

    /// An assertion that somebody else signs, asked for each time: the token of a workload's identity, or a key that is kept
    /// elsewhere (RFC 7523).
    ///
    /// ```
    /// use cloakroom::{ClientAuth, Secret};
    ///
    /// let workload = ClientAuth::assertion_from(async || Ok(Secret::from(std::fs::read_to_string("/run/token")?)));
    /// ```
    pub fn assertion_from<F, Fut>(ask: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Secret, BoxError>> + Send + 'static,
    {
        ClientAuth(Method::Assertion(std::sync::Arc::new(move || Box::pin(ask()))))
    }

    /// An assertion that somebody else signs, if that is how it goes.
    pub(crate) async fn asked(&self) -> Result<Option<Secret>> {
        match &self.0 {
            Method::Assertion(ask) => ask().await.map(Some).map_err(Error::TokenSource),
            _ => Ok(None),
        }
    }

    /// Whether the certificate of the connection is the proof.
    pub(crate) const fn is_tls(&self) -> bool {
        matches!(self.0, Method::Tls)
    }

    /// Whether an assertion is signed, for which the issuer must be known.
    pub(crate) fn signs(&self) -> bool {
        matches!(self.0, Method::SecretJwt(..) | Method::PrivateKeyJwt(_))
    }

    /// Adds the proof to a form; some of it goes into a header.
    pub(crate) fn prove(&self, id: &str, form: Form, issuer: &str, now: i64) -> Result<(Form, Option<HeaderValue>)> {
        let unsigned =
            |e: cloakroom_jose::Error| Error::Config(format!("the client's assertion cannot be signed: {e}"));
        let key = match &self.0 {
            // that of an assertion from elsewhere is added by who asked for it
            Method::None | Method::Tls | Method::Assertion(_) => return Ok((form.with("client_id", id), None)),
            Method::Post(secret) => {
                return Ok((form.with("client_id", id).with("client_secret", secret.expose()), None));
            }
            Method::Basic(secret) => return Ok((form, Some(basic(id, secret)?))),
            Method::SecretJwt(secret, alg) => {
                &SigningKey::from_secret(*alg, secret.expose().as_bytes()).map_err(unsigned)?
            }
            Method::PrivateKeyJwt(key) => key,
        };
        let jti = cloakroom_jose::Secret::generate(16).map_err(unsigned)?.to_base64url();
        // a minute is ample for one request, and Keycloak remembers each `jti` that long
        let claims = json!({ "iss": id, "sub": id, "aud": issuer, "jti": *jti, "iat": now, "exp": now + 60 });
        let assertion = key.sign(&claims).map_err(unsigned)?;
        Ok((asserted(form.with("client_id", id), &assertion), None))
    }
}

/// Adds an assertion to a form.
pub(crate) fn asserted(form: Form, assertion: &str) -> Form {
    form.with("client_assertion_type", JWT_BEARER).with("client_assertion", assertion)
}

/// Id and secret are form-encoded before they are joined (RFC 6749, 2.3.1).
fn basic(id: &str, secret: &Secret) -> Result<HeaderValue> {
    let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encode(id), encode(secret.expose()));
    let value = HeaderValue::try_from(format!("Basic {}", BASE64.encode(pair.as_bytes())));
    let mut value = value.map_err(|e| Error::Config(format!("the client's credentials: {e}")))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cloakroom_jose::{Claims, Validation, VerifyingKey, verify};

    #[test]
    fn basic_credentials_are_encoded_before_they_are_joined() {
        let (form, header) = ClientAuth::basic("s:e c%").prove("a:b", Form::default(), "", 0).unwrap();
        assert_eq!(form.0, []);
        assert_eq!(BASE64.decode(&header.unwrap().as_bytes()[6..]).unwrap(), b"a%3Ab:s%3Ae+c%25");
    }

    #[test]
    fn an_assertion_is_for_the_issuer_and_used_once() {
        let auth = ClientAuth::secret_jwt("a secret that is long enough");
        let prove = || auth.prove("app", Form::default(), "https://id/realms/a", 1000).unwrap().0;
        let key = VerifyingKey::from_secret(Algorithm::HS256, b"a secret that is long enough").unwrap();
        let claims =
            |form: &Form| verify(form.get("client_assertion").unwrap(), &key).unwrap().claims::<Claims>().unwrap();
        let (one, two) = (claims(&prove()), claims(&prove()));
        Validation::at(1000).issuer("app").audience("https://id/realms/a").max_age(0).check(&one).unwrap();
        assert_eq!((one.sub.as_deref(), one.exp), (Some("app"), Some(1060)));
        assert_ne!(one.jti, two.jti);
    }
}
