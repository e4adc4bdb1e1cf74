//! Signing, decoding and verifying in the compact serialisation (RFC 7515, 7.1).

use serde::{Serialize, de::DeserializeOwned};

use crate::{Error, Header, Keys, Result, SigningKey, VerifyingKey, base64};

/// The longest token that is read, in bytes.
pub const MAX_TOKEN: usize = 64 * 1024;

/// Signs claims as JSON under a header of one's own.
///
/// The header's `alg` must be the key's; `kid` is taken as it stands. [`SigningKey::header`] is a good start.
///
/// ```
/// use cloakroom_jose::{Algorithm, Header, SigningKey, sign};
/// # fn main() -> cloakroom_jose::Result<()> {
/// let key = SigningKey::from_secret(Algorithm::HS256, b"a secret of thirty-two octets...")?;
/// let header = Header { typ: Some("logout+jwt".to_owned()), ..key.header() };
/// let token = sign(&header, &serde_json::json!({ "sid": "1" }), &key)?;
/// # Ok(())
/// # }
/// ```
pub fn sign(header: &Header, claims: &impl Serialize, key: &SigningKey) -> Result<String> {
    let payload = serde_json::to_vec(claims).map_err(|_| Error::Claims)?;
    sign_bytes(header, &payload, key)
}

/// Signs any bytes: [`sign`] without the JSON.
pub fn sign_bytes(header: &Header, payload: &[u8], key: &SigningKey) -> Result<String> {
    if header.alg != key.algorithm() {
        return Err(Error::AlgorithmMismatch);
    }
    let header = serde_json::to_vec(header).map_err(|_| Error::Malformed("the header is not JSON"))?;
    let mut token = base64::encode(&header);
    token.push('.');
    token.push_str(&base64::encode(payload));
    let signature = key.signature(token.as_bytes())?;
    token.push('.');
    token.push_str(&base64::encode(&signature));
    Ok(token)
}

/// Verifies a token's signature with a [`VerifyingKey`] or a [`crate::KeySet`]. Says nothing about its claims: check
/// those with [`crate::Validation`].
///
/// Errors: those of [`Unverified::parse`], [`Error::NoKey`], [`Error::AlgorithmMismatch`], [`Error::Signature`].
pub fn verify(token: &str, keys: &impl Keys) -> Result<Verified> {
    Unverified::parse(token)?.verify(keys)
}

/// A token that has been taken apart but not verified. Look at it to find out who claims to have sent it, and
/// nothing else.
///
/// ```
/// use cloakroom_jose::{Algorithm, Claims, SigningKey, Unverified};
/// # fn main() -> cloakroom_jose::Result<()> {
/// let key = SigningKey::from_secret(Algorithm::HS256, b"a secret of thirty-two octets...")?;
/// let token = key.sign(&serde_json::json!({ "iss": "shop" }))?;
///
/// let unverified = Unverified::parse(&token)?;
/// let claims: Claims = unverified.claims()?;
/// assert_eq!(claims.iss.as_deref(), Some("shop")); // so take the key of `shop`
/// let verified = unverified.verify(&key.verifying_key()?)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Unverified<'a> {
    header: Header,
    payload: Vec<u8>,
    /// `header.payload` as it was signed.
    message: &'a str,
    signature: Vec<u8>,
}

impl<'a> Unverified<'a> {
    /// Takes a token apart.
    ///
    /// Errors: [`Error::TooLarge`] above [`MAX_TOKEN`], [`Error::Malformed`], [`Error::UnsupportedAlgorithm`]
    /// (which `none` is), [`Error::CriticalExtension`].
    pub fn parse(token: &'a str) -> Result<Unverified<'a>> {
        if token.len() > MAX_TOKEN {
            return Err(Error::TooLarge);
        }
        let parts = Error::Malformed("a signed token has three parts");
        let (message, signature) = token.rsplit_once('.').ok_or(parts.clone())?;
        let (header, payload) = message.split_once('.').ok_or(parts.clone())?;
        if payload.contains('.') {
            return Err(parts);
        }
        let part = |text: &str, bad| base64::decode(text.as_bytes()).ok_or(Error::Malformed(bad));
        Ok(Unverified {
            header: Header::parse(&part(header, "the header is not base64url")?)?,
            payload: part(payload, "the payload is not base64url")?,
            message,
            signature: part(signature, "the signature is not base64url")?,
        })
    }

    pub fn header(&self) -> &Header {
        &self.header
    }

    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The payload as a JSON object, read as `T`. Anyone may have written it.
    pub fn claims<T: DeserializeOwned>(&self) -> Result<T> {
        claims(&self.payload)
    }

    /// Verifies the signature.
    pub fn verify(self, keys: &impl Keys) -> Result<Verified> {
        let mut outcome = Err(Error::NoKey);
        for key in keys.candidates(&self.header) {
            outcome = self.verify_with(key);
            if outcome.is_ok() {
                break;
            }
        }
        outcome.map(|()| Verified { header: self.header, payload: self.payload })
    }

    fn verify_with(&self, key: &VerifyingKey) -> Result<()> {
        if key.algorithm() != self.header.alg {
            return Err(Error::AlgorithmMismatch);
        }
        key.check(self.message.as_bytes(), &self.signature)
    }
}

/// A token whose signature is good.
#[derive(Clone, Debug)]
pub struct Verified {
    pub header: Header,
    /// The signed bytes, decoded.
    pub payload: Vec<u8>,
}

impl Verified {
    /// The payload as a JSON object, read as `T`: [`crate::Claims`], a type of one's own, or `serde_json::Value`.
    pub fn claims<T: DeserializeOwned>(&self) -> Result<T> {
        claims(&self.payload)
    }
}

/// A claims set is an object (RFC 7519, 3); serde would fill a struct from a list too.
fn claims<T: DeserializeOwned>(payload: &[u8]) -> Result<T> {
    if payload.trim_ascii_start().first() != Some(&b'{') {
        return Err(Error::Claims);
    }
    serde_json::from_slice(payload).map_err(|_| Error::Claims)
}
