//! Sets of keys, and which of them may verify a token.

use crate::{Algorithm, Header, JwkSet, VerifyingKey};

/// Where [`crate::verify`] looks for a key.
pub trait Keys {
    /// The keys that may have signed a token with this header. Each must have the header's algorithm;
    /// verification checks that again.
    fn candidates<'a>(&'a self, header: &'a Header) -> impl Iterator<Item = &'a VerifyingKey>;
}

/// One key is tried whatever the token's `kid` is.
impl Keys for VerifyingKey {
    fn candidates<'a>(&'a self, _: &'a Header) -> impl Iterator<Item = &'a VerifyingKey> {
        std::iter::once(self)
    }
}

/// Parsed keys, found by `kid` and `alg`.
///
/// ```
/// use cloakroom_jose::{Algorithm, JwkSet, KeySet, KeySpec, PrivateKey, SigningKey, verify};
/// # fn main() -> cloakroom_jose::Result<()> {
/// let key = SigningKey::new(Algorithm::ES256, &PrivateKey::generate(KeySpec::P256)?)?.with_kid("a");
/// let published = JwkSet { keys: key.public_jwk().into_iter().collect() };
///
/// let keys = KeySet::from_jwks(&published);
/// assert!(keys.find(Some("a"), Algorithm::ES256).is_some());
/// assert!(keys.find(Some("b"), Algorithm::ES256).is_none());
/// assert!(verify(&key.sign(&serde_json::json!({}))?, &keys).is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct KeySet(Vec<VerifyingKey>);

impl KeySet {
    /// At most so many entries of a JWK set are read: a token without `kid` is tried against each of its algorithm.
    pub const MAX_KEYS: usize = 100;

    /// The usable keys of a set. Left out are keys that are symmetric (a published secret is none), for encryption,
    /// of an unknown kind or algorithm, or weak, and what follows the first [`KeySet::MAX_KEYS`]. An RSA key that
    /// does not say its `alg` serves all six.
    pub fn from_jwks(set: &JwkSet) -> KeySet {
        set.keys
            .iter()
            .take(KeySet::MAX_KEYS)
            .flat_map(|jwk| VerifyingKey::all_of_jwk(jwk).unwrap_or_default())
            .collect()
    }

    /// The first key with this `kid` and algorithm; any `kid` will do if the token has none.
    pub fn find(&self, kid: Option<&str>, alg: Algorithm) -> Option<&VerifyingKey> {
        self.0.iter().find(|key| matches(key, kid, alg))
    }

    /// Whether there is a key with this `kid`, of whatever algorithm.
    pub fn has_kid(&self, kid: &str) -> bool {
        self.0.iter().any(|key| key.kid() == Some(kid))
    }

    pub fn iter(&self) -> impl Iterator<Item = &VerifyingKey> {
        self.0.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Keys for KeySet {
    fn candidates<'a>(&'a self, header: &'a Header) -> impl Iterator<Item = &'a VerifyingKey> {
        self.0.iter().filter(|key| matches(key, header.kid.as_deref(), header.alg))
    }
}

fn matches(key: &VerifyingKey, kid: Option<&str>, alg: Algorithm) -> bool {
    key.algorithm() == alg && (kid.is_none() || key.kid() == kid)
}

/// A set of own keys, which may hold secrets too.
impl FromIterator<VerifyingKey> for KeySet {
    fn from_iter<I: IntoIterator<Item = VerifyingKey>>(keys: I) -> KeySet {
        KeySet(keys.into_iter().collect())
    }
}
