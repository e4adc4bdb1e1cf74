//! The signature algorithms and the curves, by their names in the IANA registry.

use std::{fmt, str::FromStr};

use aws_lc_rs::{digest, hmac, signature as sig};
use serde::{Deserialize, Serialize};

use crate::Error;

/// A signature algorithm of RFC 7518 section 3 or RFC 8037, by its `alg` name.
///
/// ```
/// use cloakroom_jose::Algorithm;
/// assert_eq!("PS384".parse(), Ok(Algorithm::PS384));
/// assert_eq!(Algorithm::EdDSA.to_string(), "EdDSA");
/// assert!("none".parse::<Algorithm>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Algorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    /// ECDSA on P-256 with SHA-256. The signature is `r || s`, 64 bytes.
    ES256,
    /// ECDSA on P-384 with SHA-384, 96 bytes.
    ES384,
    /// ECDSA on P-521 with SHA-512, 132 bytes.
    ES512,
    /// Ed25519. (Ed448 shares the name and is not supported.)
    EdDSA,
    HS256,
    HS384,
    HS512,
}

use Algorithm::*;

/// How an algorithm computes: what the rest of the crate switches on.
pub(crate) enum Scheme {
    Rsa(&'static sig::RsaSignatureEncoding, &'static sig::RsaParameters),
    Ecdsa(Curve),
    Ed25519,
    Hmac(hmac::Algorithm),
}

impl Algorithm {
    /// Every algorithm, in the order of Keycloak's lists.
    pub const ALL: [Algorithm; 13] =
        [RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, HS256, HS384, HS512];

    /// The name in a header's `alg`.
    pub fn name(self) -> &'static str {
        match self {
            RS256 => "RS256",
            RS384 => "RS384",
            RS512 => "RS512",
            PS256 => "PS256",
            PS384 => "PS384",
            PS512 => "PS512",
            ES256 => "ES256",
            ES384 => "ES384",
            ES512 => "ES512",
            EdDSA => "EdDSA",
            HS256 => "HS256",
            HS384 => "HS384",
            HS512 => "HS512",
        }
    }

    /// The `kty` of its keys: `RSA`, `EC`, `OKP` or `oct`.
    pub fn kty(self) -> &'static str {
        match self.scheme() {
            Scheme::Rsa(..) => "RSA",
            Scheme::Ecdsa(_) => "EC",
            Scheme::Ed25519 => "OKP",
            Scheme::Hmac(_) => "oct",
        }
    }

    /// Whether one secret both signs and verifies (HS256, HS384, HS512).
    pub fn is_symmetric(self) -> bool {
        matches!(self, HS256 | HS384 | HS512)
    }

    /// The curve of its keys: for ES256, ES384 and ES512 only.
    pub fn curve(self) -> Option<Curve> {
        match self.scheme() {
            Scheme::Ecdsa(curve) => Some(curve),
            _ => None,
        }
    }

    /// The digest inside the signature; SHA-512 for Ed25519, as Keycloak hashes `at_hash` for it.
    pub(crate) fn digest(self) -> &'static digest::Algorithm {
        match self {
            RS256 | PS256 | ES256 | HS256 => &digest::SHA256,
            RS384 | PS384 | ES384 | HS384 => &digest::SHA384,
            RS512 | PS512 | ES512 | HS512 | EdDSA => &digest::SHA512,
        }
    }

    pub(crate) fn scheme(self) -> Scheme {
        match self {
            RS256 => Scheme::Rsa(&sig::RSA_PKCS1_SHA256, &sig::RSA_PKCS1_2048_8192_SHA256),
            RS384 => Scheme::Rsa(&sig::RSA_PKCS1_SHA384, &sig::RSA_PKCS1_2048_8192_SHA384),
            RS512 => Scheme::Rsa(&sig::RSA_PKCS1_SHA512, &sig::RSA_PKCS1_2048_8192_SHA512),
            PS256 => Scheme::Rsa(&sig::RSA_PSS_SHA256, &sig::RSA_PSS_2048_8192_SHA256),
            PS384 => Scheme::Rsa(&sig::RSA_PSS_SHA384, &sig::RSA_PSS_2048_8192_SHA384),
            PS512 => Scheme::Rsa(&sig::RSA_PSS_SHA512, &sig::RSA_PSS_2048_8192_SHA512),
            ES256 => Scheme::Ecdsa(Curve::P256),
            ES384 => Scheme::Ecdsa(Curve::P384),
            ES512 => Scheme::Ecdsa(Curve::P521),
            EdDSA => Scheme::Ed25519,
            HS256 => Scheme::Hmac(hmac::HMAC_SHA256),
            HS384 => Scheme::Hmac(hmac::HMAC_SHA384),
            HS512 => Scheme::Hmac(hmac::HMAC_SHA512),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Exact and case-sensitive, as the registry's names are.
impl FromStr for Algorithm {
    type Err = Error;
    fn from_str(name: &str) -> Result<Self, Error> {
        Algorithm::ALL.into_iter().find(|a| a.name() == name).ok_or(Error::UnsupportedAlgorithm)
    }
}

/// An elliptic curve for ECDSA (RFC 7518, 6.2.1.1). Each belongs to exactly one algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    pub(crate) const ALL: [Curve; 3] = [Curve::P256, Curve::P384, Curve::P521];

    /// The name in a JWK's `crv`, and in Keycloak's `ecdsaEllipticCurveKey`: `P-256`, `P-384`, `P-521`.
    pub fn name(self) -> &'static str {
        match self {
            Curve::P256 => "P-256",
            Curve::P384 => "P-384",
            Curve::P521 => "P-521",
        }
    }

    /// The algorithm that signs on this curve.
    pub fn algorithm(self) -> Algorithm {
        match self {
            Curve::P256 => ES256,
            Curve::P384 => ES384,
            Curve::P521 => ES512,
        }
    }

    /// The length of a coordinate or a private scalar in bytes: 32, 48, 66.
    pub(crate) fn size(self) -> usize {
        match self {
            Curve::P256 => 32,
            Curve::P384 => 48,
            Curve::P521 => 66,
        }
    }

    /// The contents of the DER object identifier.
    pub(crate) fn oid(self) -> &'static [u8] {
        match self {
            Curve::P256 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
            Curve::P384 => &[0x2b, 0x81, 0x04, 0x00, 0x22],
            Curve::P521 => &[0x2b, 0x81, 0x04, 0x00, 0x23],
        }
    }

    pub(crate) fn from_oid(oid: &[u8]) -> Result<Curve, Error> {
        Curve::ALL.into_iter().find(|c| c.oid() == oid).ok_or(Error::InvalidKey("unsupported curve"))
    }

    pub(crate) fn signing(self) -> &'static sig::EcdsaSigningAlgorithm {
        match self {
            Curve::P256 => &sig::ECDSA_P256_SHA256_FIXED_SIGNING,
            Curve::P384 => &sig::ECDSA_P384_SHA384_FIXED_SIGNING,
            Curve::P521 => &sig::ECDSA_P521_SHA512_FIXED_SIGNING,
        }
    }

    pub(crate) fn verification(self) -> &'static sig::EcdsaVerificationAlgorithm {
        match self {
            Curve::P256 => &sig::ECDSA_P256_SHA256_FIXED,
            Curve::P384 => &sig::ECDSA_P384_SHA384_FIXED,
            Curve::P521 => &sig::ECDSA_P521_SHA512_FIXED,
        }
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Curve {
    type Err = Error;
    fn from_str(name: &str) -> Result<Self, Error> {
        Curve::ALL.into_iter().find(|c| c.name() == name).ok_or(Error::InvalidKey("unsupported curve"))
    }
}
