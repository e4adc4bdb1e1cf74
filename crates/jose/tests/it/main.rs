//! The behaviour of the crate, seen from outside.
#![expect(clippy::unwrap_used, reason = "a test may panic; clippy spares only the functions marked #[test]")]

mod claims;
mod josekit;
mod refused_keys;
mod refused_tokens;
mod rfc;
mod round_trip;

use std::sync::LazyLock;

use cloakroom_jose::{Algorithm, KeySpec, PrivateJwk, PrivateKey, Secret, SigningKey};

/// A key of every kind, made once: large RSA keys take their time.
static KEYS: LazyLock<Vec<(KeySpec, PrivateKey)>> = LazyLock::new(|| {
    use KeySpec::*;
    [Rsa2048, Rsa3072, Rsa4096, P256, P384, P521, Ed25519]
        .map(|spec| (spec, PrivateKey::generate(spec).unwrap()))
        .into()
});

/// Binds a private or symmetric JWK to an algorithm.
fn signing_key(alg: Algorithm, jwk: &PrivateJwk) -> SigningKey {
    if alg.is_symmetric() {
        SigningKey::from_secret(alg, Secret::from_jwk(jwk).unwrap().as_bytes()).unwrap()
    } else {
        SigningKey::new(alg, &PrivateKey::from_jwk(jwk).unwrap()).unwrap()
    }
}
