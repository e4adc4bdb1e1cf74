//! Key pairs: generated, or read from PKCS#8, PKCS#1, SEC1 and JWK.

use std::fmt;

use aws_lc_rs::{
    encoding::{AsBigEndian, AsDer, Curve25519SeedBin, EcPrivateKeyBin, Pkcs8V1Der},
    error::KeyRejected,
    rsa,
    signature::{EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaPublicKeyComponents},
};
use zeroize::Zeroizing;

use crate::{Curve, Error, PrivateJwk, PublicKey, Result, base64, der, pem, public_key::Parts};

/// What to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySpec {
    Rsa2048,
    Rsa3072,
    Rsa4096,
    P256,
    P384,
    P521,
    Ed25519,
}

impl KeySpec {
    /// An RSA key of this many bits; `None` unless it is 2048, 3072 or 4096.
    pub fn rsa(bits: u32) -> Option<KeySpec> {
        match bits {
            2048 => Some(KeySpec::Rsa2048),
            3072 => Some(KeySpec::Rsa3072),
            4096 => Some(KeySpec::Rsa4096),
            _ => None,
        }
    }
}

impl From<Curve> for KeySpec {
    fn from(curve: Curve) -> KeySpec {
        match curve {
            Curve::P256 => KeySpec::P256,
            Curve::P384 => KeySpec::P384,
            Curve::P521 => KeySpec::P521,
        }
    }
}

/// A key pair, not yet bound to an algorithm: [`crate::SigningKey::new`] does that. Cloning is cheap; `Debug` shows
/// the public half.
///
/// ```
/// use cloakroom_jose::{KeySpec, PrivateKey};
/// # fn main() -> cloakroom_jose::Result<()> {
/// let key = PrivateKey::generate(KeySpec::P384)?;
/// let stored = key.to_base64()?; // what Keycloak keeps as `privateKey`
/// assert_eq!(PrivateKey::from_pem(&stored)?.public(), key.public());
/// assert_eq!(PrivateKey::from_pem(&key.to_pem()?)?.public(), key.public());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PrivateKey {
    pub(crate) pair: Pair,
    public: PublicKey,
}

#[derive(Clone)]
pub(crate) enum Pair {
    Rsa(rsa::KeyPair),
    Ec(Curve, EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Pair {
    fn rsa(size: rsa::KeySize) -> Result<Pair> {
        Ok(Pair::Rsa(rsa::KeyPair::generate(size)?))
    }

    fn ec(curve: Curve) -> Result<Pair> {
        Ok(Pair::Ec(curve, EcdsaKeyPair::generate(curve.signing())?))
    }
}

impl PrivateKey {
    /// Makes a key pair from the system's randomness. RSA takes tens to hundreds of milliseconds: not on an async
    /// thread.
    pub fn generate(spec: KeySpec) -> Result<PrivateKey> {
        PrivateKey::new(match spec {
            KeySpec::Rsa2048 => Pair::rsa(rsa::KeySize::Rsa2048)?,
            KeySpec::Rsa3072 => Pair::rsa(rsa::KeySize::Rsa3072)?,
            KeySpec::Rsa4096 => Pair::rsa(rsa::KeySize::Rsa4096)?,
            KeySpec::P256 => Pair::ec(Curve::P256)?,
            KeySpec::P384 => Pair::ec(Curve::P384)?,
            KeySpec::P521 => Pair::ec(Curve::P521)?,
            KeySpec::Ed25519 => Pair::Ed25519(Ed25519KeyPair::generate()?),
        })
    }

    fn new(pair: Pair) -> Result<PrivateKey> {
        let public = match &pair {
            Pair::Rsa(pair) => PublicKey::from_der(pair.public_key().as_ref())?,
            Pair::Ec(curve, pair) => PublicKey::ec(*curve, pair.public_key().as_ref())?,
            Pair::Ed25519(pair) => PublicKey::ed25519(pair.public_key().as_ref())?,
        };
        Ok(PrivateKey { pair, public })
    }

    /// Reads DER: PKCS#8 (unencrypted), `RSAPrivateKey` (PKCS#1) or `ECPrivateKey` (SEC1, with a named curve).
    pub fn from_der(der: &[u8]) -> Result<PrivateKey> {
        let rejected = |_| Error::InvalidKey("not a consistent private key");
        let mut key = der::Reader::sequence(der)?;
        key.take(der::INTEGER)?;
        PrivateKey::new(match key.peek() {
            Some(der::INTEGER) => Pair::Rsa(rsa::KeyPair::from_der(der).map_err(rsa_rejected(key))?),
            Some(der::OCTET_STRING) => {
                key.take(der::OCTET_STRING)?;
                let curve = Curve::from_oid(key.reader(der::CONTEXT_0)?.take(der::OID)?)?;
                Pair::Ec(curve, EcdsaKeyPair::from_private_key_der(curve.signing(), der).map_err(rejected)?)
            }
            _ => {
                let mut algorithm = key.reader(der::SEQUENCE)?;
                match algorithm.take(der::OID)? {
                    der::OID_RSA => {
                        let rsa = rsa_private_key(der)?;
                        Pair::Rsa(rsa::KeyPair::from_pkcs8(der).map_err(rsa_rejected(rsa))?)
                    }
                    der::OID_EC => {
                        let curve = Curve::from_oid(algorithm.take(der::OID)?)?;
                        Pair::Ec(curve, EcdsaKeyPair::from_pkcs8(curve.signing(), der).map_err(rejected)?)
                    }
                    der::OID_ED25519 => Pair::Ed25519(Ed25519KeyPair::from_pkcs8(der).map_err(rejected)?),
                    _ => return Err(Error::InvalidKey("unsupported kind of key")),
                }
            }
        })
    }

    /// Reads PEM (`PRIVATE KEY`, `RSA PRIVATE KEY`, `EC PRIVATE KEY`) or the base64 of its DER without armour, as
    /// Keycloak stores it. An encrypted key is refused.
    pub fn from_pem(text: &str) -> Result<PrivateKey> {
        let block = pem::parse(text)?;
        match block.label.as_deref() {
            None | Some("PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY") => PrivateKey::from_der(&block.der),
            Some(_) => Err(Error::InvalidKey("not a private key")),
        }
    }

    /// Reads a private JWK of kind `RSA` (with its five CRT members), `EC` or `OKP`. The public members must belong
    /// to the private ones.
    pub fn from_jwk(jwk: &PrivateJwk) -> Result<PrivateKey> {
        let rejected = |_| Error::InvalidKey("not a consistent private key");
        let secret = |member: &Option<Zeroizing<String>>| {
            let text = member.as_deref().ok_or(Error::InvalidKey("the JWK lacks a private member"))?;
            base64::decode(text.as_bytes()).map(Zeroizing::new).ok_or(Error::InvalidKey("not base64url"))
        };
        let public = PublicKey::from_jwk(&jwk.public)?;
        let d = secret(&jwk.d)?;
        let pair = match &public.parts {
            Parts::Rsa { n, e } => {
                let public_key = RsaPublicKeyComponents { n, e };
                let (p, q) = (secret(&jwk.p)?, secret(&jwk.q)?);
                let (dp, dq, qi) = (secret(&jwk.dp)?, secret(&jwk.dq)?, secret(&jwk.qi)?);
                let all = rsa::KeyPairComponents { public_key, d, p, q, dP: dp, dQ: dq, qInv: qi };
                Pair::Rsa(rsa::KeyPair::from_components(&all).map_err(rejected)?)
            }
            Parts::Ec { curve, point } if d.len() == curve.size() => {
                let pair = EcdsaKeyPair::from_private_key_and_public_key(curve.signing(), &d, point);
                Pair::Ec(*curve, pair.map_err(rejected)?)
            }
            Parts::Ed25519(x) if d.len() == 32 => {
                Pair::Ed25519(Ed25519KeyPair::from_seed_and_public_key(&d, x).map_err(rejected)?)
            }
            Parts::Ec { .. } | Parts::Ed25519(_) => return Err(Error::InvalidKey("d has the wrong length")),
        };
        Ok(PrivateKey { pair, public })
    }

    /// The whole key as JWK, secrets included.
    pub fn to_jwk(&self) -> Result<PrivateJwk> {
        let text = |bytes: &[u8]| Some(Zeroizing::new(base64::encode(bytes)));
        let jwk = PrivateJwk { public: self.public.to_jwk(), ..PrivateJwk::default() };
        Ok(match &self.pair {
            Pair::Ec(_, pair) => {
                let d: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes()?;
                PrivateJwk { d: text(d.as_ref()), ..jwk }
            }
            Pair::Ed25519(pair) => {
                let d: Curve25519SeedBin<'_> = pair.seed()?.as_be_bytes()?;
                PrivateJwk { d: text(d.as_ref()), ..jwk }
            }
            Pair::Rsa(_) => {
                let pkcs8 = self.to_pkcs8_der()?;
                let mut rsa = rsa_private_key(&pkcs8)?;
                let (_n, _e) = (rsa.positive()?, rsa.positive()?);
                let mut next = || rsa.positive().map(text);
                PrivateJwk { d: next()?, p: next()?, q: next()?, dp: next()?, dq: next()?, qi: next()?, ..jwk }
            }
        })
    }

    /// Unencrypted PKCS#8, version 1, in DER.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>> {
        let der = |bytes: &[u8]| Ok(Zeroizing::new(bytes.to_vec()));
        match &self.pair {
            Pair::Rsa(pair) => der(AsDer::<Pkcs8V1Der<'_>>::as_der(pair)?.as_ref()),
            Pair::Ec(_, pair) => der(pair.to_pkcs8v1()?.as_ref()),
            Pair::Ed25519(pair) => der(pair.to_pkcs8v1()?.as_ref()),
        }
    }

    /// Unencrypted PKCS#8 as PEM.
    pub fn to_pem(&self) -> Result<Zeroizing<String>> {
        Ok(pem::encode("PRIVATE KEY", &self.to_pkcs8_der()?))
    }

    /// PKCS#8 in base64 without armour: the form of `privateKey` in Keycloak's key components.
    pub fn to_base64(&self) -> Result<Zeroizing<String>> {
        Ok(Zeroizing::new(data_encoding::BASE64.encode(&self.to_pkcs8_der()?)))
    }

    pub fn public(&self) -> &PublicKey {
        &self.public
    }
}

/// Says of a refused RSA key whether it was its size. Takes a reader that stands before the modulus.
fn rsa_rejected(mut key: der::Reader<'_>) -> impl FnOnce(KeyRejected) -> Error {
    move |_| match (key.positive(), key.positive()) {
        (Ok(n), Ok(e)) => PublicKey::rsa(n, e).err().unwrap_or(Error::InvalidKey("not a consistent private key")),
        _ => Error::InvalidKey("not a consistent private key"),
    }
}

/// The fields of the `RSAPrivateKey` inside PKCS#8, from the modulus on.
fn rsa_private_key(pkcs8: &[u8]) -> Result<der::Reader<'_>> {
    let mut key = der::Reader::sequence(pkcs8)?;
    key.take(der::INTEGER)?;
    key.take(der::SEQUENCE)?;
    let mut rsa = der::Reader::sequence(key.take(der::OCTET_STRING)?)?;
    rsa.take(der::INTEGER)?;
    Ok(rsa)
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({} {})", self.public.kty(), self.public.key_id())
    }
}
