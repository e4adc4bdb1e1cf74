//! JSON Web Signatures and Keys on aws-lc-rs: what Keycloak signs and verifies with.
//!
//! Covers JWS compact serialisation (RFC 7515), JWK and JWKS (RFC 7517), the signature algorithms of RFC 7518 and
//! RFC 8037 (Ed25519), thumbprints (RFC 7638) and the claims of a JWT (RFC 7519).
//!
//! Keys are parsed once and bound to **one** algorithm: a [`SigningKey`] or [`VerifyingKey`] refuses a token that
//! names another, and a public key has no way to become an HMAC secret. Keys named inside a token (`jwk`, `jku`,
//! `x5u`, `x5c`) are never used. `alg: none` does not exist here.
//!
//! ```
//! use cloakroom_jose::{Algorithm, Claims, KeySpec, PrivateKey, SigningKey, Validation, verify};
//! use serde_json::json;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let private = PrivateKey::generate(KeySpec::P256)?;
//! let key = SigningKey::new(Algorithm::ES256, &private)?.with_kid("key-1");
//! let token = key.sign(&json!({ "iss": "https://id.example", "aud": "shop", "exp": 1_700_000_300 }))?;
//!
//! let verified = verify(&token, &key.verifying_key()?)?;
//! let claims: Claims = verified.claims()?;
//! Validation::at(1_700_000_000).issuer("https://id.example").audience("shop").check(&claims)?;
//! # Ok(())
//! # }
//! ```
//!
//! # Limits
//! A token is at most [`MAX_TOKEN`] bytes, imported key text at most 64 KiB. RSA keys have 2048 to 8192 bits, for
//! signing as for verification. HMAC secrets may be short (clients choose their own, see
//! [`VerifyingKey::from_secret`]) but not empty.

mod algorithm;
mod base64;
mod claims;
mod der;
mod error;
mod hash;
mod header;
mod jwk;
mod jws;
mod key_set;
mod pem;
mod private_key;
mod public_key;
mod secret;
mod signing;
mod verifying;

pub use algorithm::{Algorithm, Curve};
pub use claims::{ClaimError, Claims, Validation};
pub use error::{Error, Result};
pub use hash::half_hash;
pub use header::Header;
pub use jwk::{Jwk, JwkSet, PrivateJwk};
pub use jws::{MAX_TOKEN, Unverified, Verified, sign, sign_bytes, verify};
pub use key_set::{KeySet, Keys};
pub use private_key::{KeySpec, PrivateKey};
pub use public_key::PublicKey;
pub use secret::Secret;
pub use signing::SigningKey;
pub use verifying::VerifyingKey;
