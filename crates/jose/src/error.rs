//! What can go wrong. No variant holds key material, a claim's value or a token.

/// Shorthand for a result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a token or a key was refused. Messages are safe to log and to show.
///
/// ```
/// use cloakroom_jose::{Error, Unverified};
/// assert_eq!(Unverified::parse("a.b").err(), Some(Error::Malformed("a signed token has three parts")));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The token is not JWS compact serialisation, or a part of it is not canonical base64url or not JSON.
    #[error("malformed token: {0}")]
    Malformed(&'static str),
    /// The token or the key text is longer than this crate reads.
    #[error("too large")]
    TooLarge,
    /// The `alg` is `none`, unknown, or not one for signatures.
    #[error("unsupported algorithm")]
    UnsupportedAlgorithm,
    /// The header has `crit`; no extension is understood, so the token must be refused (RFC 7515, 4.1.11).
    #[error("the token demands an extension that is not understood")]
    CriticalExtension,
    /// No key has the token's `kid` and `alg`.
    #[error("no key for this token")]
    NoKey,
    /// The header names another algorithm than the key is bound to.
    #[error("the key is for another algorithm")]
    AlgorithmMismatch,
    /// The signature does not belong to this token and key.
    #[error("invalid signature")]
    Signature,
    /// The claims do not have the expected shape.
    #[error("unexpected claims")]
    Claims,
    /// The key cannot be read, is inconsistent, on the wrong curve, or of a kind that does not suit the algorithm.
    #[error("invalid key: {0}")]
    InvalidKey(&'static str),
    /// The key is too short: RSA under 2048 bits, an empty secret.
    #[error("weak key: {0}")]
    WeakKey(&'static str),
    /// The cryptographic library failed on valid input, for want of memory or randomness.
    #[error("cryptographic failure")]
    Crypto,
}

impl From<aws_lc_rs::error::Unspecified> for Error {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Error::Crypto
    }
}
