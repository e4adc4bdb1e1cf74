//! The public half of a key pair: read from and written to JWK, DER and PEM.

use std::fmt;

use aws_lc_rs::{
    encoding::AsDer,
    signature::{ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents},
};

use crate::{Algorithm, Curve, Error, Jwk, Result, base64, der, hash, pem};

/// An RSA key of 2048 to 8192 bits, a point on P-256, P-384 or P-521, or an Ed25519 key. Checked when it is made:
/// a point that is not on its curve does not get this far.
///
/// ```
/// use cloakroom_jose::{KeySpec, PrivateKey, PublicKey};
/// # fn main() -> cloakroom_jose::Result<()> {
/// let public = PrivateKey::generate(KeySpec::Ed25519)?.public().clone();
/// assert_eq!(PublicKey::from_pem(&public.to_pem())?, public);
/// assert_eq!(PublicKey::from_jwk(&public.to_jwk())?, public);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub(crate) parts: Parts,
    spki: Vec<u8>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Parts {
    /// Big-endian, without leading zeros.
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// `0x04 || x || y`.
    Ec {
        curve: Curve,
        point: Vec<u8>,
    },
    Ed25519([u8; 32]),
}

impl PublicKey {
    /// Reads a JWK of kind `RSA`, `EC` or `OKP`. `use`, `alg` and the certificate members are not looked at.
    pub fn from_jwk(jwk: &Jwk) -> Result<PublicKey> {
        let bytes = |member: &Option<String>, missing| {
            let text = member.as_deref().ok_or(Error::InvalidKey(missing))?;
            base64::decode(text.as_bytes()).ok_or(Error::InvalidKey("not base64url"))
        };
        let crv = jwk.crv.as_deref().unwrap_or_default();
        match jwk.kty.as_str() {
            "RSA" => PublicKey::rsa(&bytes(&jwk.n, "the JWK lacks n")?, &bytes(&jwk.e, "the JWK lacks e")?),
            "EC" => {
                let curve: Curve = crv.parse()?;
                let (x, y) = (bytes(&jwk.x, "the JWK lacks x")?, bytes(&jwk.y, "the JWK lacks y")?);
                if x.len() != curve.size() || y.len() != curve.size() {
                    return Err(Error::InvalidKey("coordinates of the wrong length"));
                }
                PublicKey::ec(curve, &[&[4], x.as_slice(), &y].concat())
            }
            "OKP" if crv == "Ed25519" => PublicKey::ed25519(&bytes(&jwk.x, "the JWK lacks x")?),
            "OKP" => Err(Error::InvalidKey("unsupported curve")),
            _ => Err(Error::InvalidKey("not a public key")),
        }
    }

    /// Reads DER: `SubjectPublicKeyInfo` (RFC 5280) or `RSAPublicKey` (PKCS#1).
    pub fn from_der(der: &[u8]) -> Result<PublicKey> {
        let mut key = der::Reader::sequence(der)?;
        if key.peek() == Some(der::INTEGER) {
            let (n, e) = (key.positive()?, key.positive()?);
            key.end()?;
            return PublicKey::rsa(n, e);
        }
        let mut algorithm = key.reader(der::SEQUENCE)?;
        let bits = key.bits()?;
        key.end()?;
        match algorithm.take(der::OID)? {
            der::OID_RSA => {
                let mut rsa = der::Reader::sequence(bits)?;
                let (n, e) = (rsa.positive()?, rsa.positive()?);
                rsa.end()?;
                PublicKey::rsa(n, e)
            }
            der::OID_EC => PublicKey::ec(Curve::from_oid(algorithm.take(der::OID)?)?, bits),
            der::OID_ED25519 => PublicKey::ed25519(bits),
            _ => Err(Error::InvalidKey("unsupported kind of key")),
        }
    }

    /// Reads PEM (`PUBLIC KEY`, `RSA PUBLIC KEY`) or the base64 of its DER without armour, as Keycloak stores it.
    pub fn from_pem(text: &str) -> Result<PublicKey> {
        let block = pem::parse(text)?;
        match block.label.as_deref() {
            None | Some("PUBLIC KEY" | "RSA PUBLIC KEY") => PublicKey::from_der(&block.der),
            Some(_) => Err(Error::InvalidKey("not a public key")),
        }
    }

    pub(crate) fn rsa(n: &[u8], e: &[u8]) -> Result<PublicKey> {
        // Some writers keep the sign byte of their big integers.
        let [n, e] = [n, e].map(|i| &i[i.iter().take_while(|b| **b == 0).count()..]);
        let bits = n.len() * 8 - n.first().map_or(0, |b| b.leading_zeros() as usize);
        match bits {
            0..2048 => return Err(Error::WeakKey("RSA keys have at least 2048 bits")),
            2048..=8192 => {}
            _ => return Err(Error::InvalidKey("RSA keys have at most 8192 bits")),
        }
        let invalid = Error::InvalidKey("not an RSA key");
        let spki = RsaPublicKeyComponents { n, e }.as_der().map_err(|_| invalid.clone())?.as_ref().to_vec();
        // Parsing checks what assembling does not: odd, in range.
        ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &spki).map_err(|_| invalid)?;
        Ok(PublicKey { parts: Parts::Rsa { n: n.to_vec(), e: e.to_vec() }, spki })
    }

    pub(crate) fn ec(curve: Curve, point: &[u8]) -> Result<PublicKey> {
        if point.first() != Some(&4) || point.len() != 1 + 2 * curve.size() {
            return Err(Error::InvalidKey("not an uncompressed point of this curve"));
        }
        let parsed = ParsedPublicKey::new(curve.verification(), point)
            .map_err(|_| Error::InvalidKey("the point is not on its curve"))?;
        let spki = parsed.as_der()?.as_ref().to_vec();
        Ok(PublicKey { parts: Parts::Ec { curve, point: point.to_vec() }, spki })
    }

    pub(crate) fn ed25519(bytes: &[u8]) -> Result<PublicKey> {
        let invalid = Error::InvalidKey("an Ed25519 key has 32 bytes");
        let key: [u8; 32] = bytes.try_into().map_err(|_| invalid.clone())?;
        let spki = ParsedPublicKey::new(&ED25519, key).map_err(|_| invalid)?.as_der()?.as_ref().to_vec();
        Ok(PublicKey { parts: Parts::Ed25519(key), spki })
    }

    /// The key as JWK, with the members that define it and no more: the caller adds `kid`, `alg` and `use`.
    pub fn to_jwk(&self) -> Jwk {
        let text = |bytes: &[u8]| Some(base64::encode(bytes));
        match &self.parts {
            Parts::Rsa { n, e } => Jwk { n: text(n), e: text(e), ..Jwk::of("RSA") },
            Parts::Ec { curve, point } => {
                let (x, y) = point[1..].split_at(curve.size());
                Jwk { crv: Some(curve.name().to_owned()), x: text(x), y: text(y), ..Jwk::of("EC") }
            }
            Parts::Ed25519(x) => Jwk { crv: Some("Ed25519".to_owned()), x: text(x), ..Jwk::of("OKP") },
        }
    }

    /// The `SubjectPublicKeyInfo` in DER.
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// The `SubjectPublicKeyInfo` as PEM.
    pub fn to_pem(&self) -> String {
        pem::encode("PUBLIC KEY", &self.spki).to_string()
    }

    /// The JWK thumbprint (RFC 7638): SHA-256, base64url.
    pub fn thumbprint(&self) -> String {
        let jwk = self.to_jwk();
        // The required members in the order of the alphabet, without white space; base64url needs no escaping.
        let members =
            [("crv", &jwk.crv), ("e", &jwk.e), ("kty", &Some(jwk.kty)), ("n", &jwk.n), ("x", &jwk.x), ("y", &jwk.y)];
        let members: Vec<String> =
            members.into_iter().filter_map(|(name, v)| v.as_ref().map(|v| format!(r#""{name}":"{v}""#))).collect();
        hash::sha256(format!("{{{}}}", members.join(",")).as_bytes())
    }

    /// The `kid` that Keycloak gives a key: base64url of the SHA-256 of its `SubjectPublicKeyInfo`. Not the RFC 7638
    /// thumbprint.
    pub fn key_id(&self) -> String {
        hash::sha256(&self.spki)
    }

    /// `RSA`, `EC` or `OKP`.
    pub fn kty(&self) -> &'static str {
        match self.parts {
            Parts::Rsa { .. } => "RSA",
            Parts::Ec { .. } => "EC",
            Parts::Ed25519(_) => "OKP",
        }
    }

    /// The curve of an EC key.
    pub fn curve(&self) -> Option<Curve> {
        match self.parts {
            Parts::Ec { curve, .. } => Some(curve),
            _ => None,
        }
    }

    /// The algorithms that this key can verify: six for RSA, one for the others.
    pub fn algorithms(&self) -> impl Iterator<Item = Algorithm> + use<> {
        let (kty, curve) = (self.kty(), self.curve());
        Algorithm::ALL.into_iter().filter(move |alg| alg.kty() == kty && alg.curve() == curve)
    }

    pub(crate) fn suits(&self, alg: Algorithm) -> Result<()> {
        if self.algorithms().any(|a| a == alg) {
            Ok(())
        } else {
            Err(Error::InvalidKey("of another kind than the algorithm needs"))
        }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", self.kty(), self.key_id())
    }
}
