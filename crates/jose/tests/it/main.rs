//! The behaviour of the crate, seen from outside.
#![expect(clippy::unwrap_used, reason = "a test may panic; clippy spares only the functions marked #[test]")]

mod claims;
mod josekit;
mod refused_keys;
mod refused_tokens;
mod rfc;
mod round_trip;

use cloakroom_jose::{Algorithm, PrivateJwk, PrivateKey, Secret, SigningKey};

/// Binds a private or symmetric JWK to an algorithm.
fn signing_key(alg: Algorithm, jwk: &PrivateJwk) -> SigningKey {
    if alg.is_symmetric() {
        SigningKey::from_secret(alg, Secret::from_jwk(jwk).unwrap().as_bytes()).unwrap()
    } else {
        SigningKey::new(alg, &PrivateKey::from_jwk(jwk).unwrap()).unwrap()
    }
}
