//! Writes `crates/jose/tests/vectors/josekit.json`: keys and tokens made by josekit on OpenSSL, and tokens made by
//! cloakroom-jose that josekit has verified. Run by hand, `cargo run` in this folder, when an algorithm is added.

use std::{error::Error, fs};

use cloakroom_jose::{Algorithm, PrivateJwk, PrivateKey, Secret, SigningKey};
use josekit::{
    jwk::{
        Jwk, KeyPair,
        alg::{
            ec::{EcCurve, EcKeyPair},
            ed::{EdCurve, EdKeyPair},
            rsa::RsaKeyPair,
        },
    },
    jws::{
        self, ES256, ES384, ES512, EdDSA, HS256, HS384, HS512, JwsHeader, JwsSigner, JwsVerifier, PS256, PS384, PS512,
        RS256, RS384, RS512,
    },
};
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const PAYLOAD: &str = r#"{"iss":"https://id.example/realms/shop","sub":"älice","exp":1700000300}"#;

fn main() -> Result<()> {
    let vectors = Algorithm::ALL.into_iter().map(vector).collect::<Result<Vec<Value>>>()?;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/jose/tests/vectors/josekit.json");
    fs::write(path, serde_json::to_string_pretty(&vectors)? + "\n")?;
    Ok(())
}

fn vector(alg: Algorithm) -> Result<Value> {
    let (key, pems) = key(alg)?;
    let (signer, verifier) = signer_and_verifier(alg, &key)?;

    let mut header = JwsHeader::new();
    header.set_token_type("JWT");
    header.set_key_id("key-1");
    let theirs = jws::serialize_compact(PAYLOAD.as_bytes(), &header, &*signer)?;

    let jwk: PrivateJwk = serde_json::from_str(&key.to_string())?;
    let own = if alg.is_symmetric() {
        SigningKey::from_secret(alg, Secret::from_jwk(&jwk)?.as_bytes())?
    } else {
        SigningKey::new(alg, &PrivateKey::from_jwk(&jwk)?)?
    };
    let own = own.with_kid("key-1");
    let ours = cloakroom_jose::sign_bytes(&own.header(), PAYLOAD.as_bytes(), &own)?;
    let (payload, _) = jws::deserialize_compact(&ours, &*verifier)?;
    assert_eq!(payload, PAYLOAD.as_bytes(), "{alg}");

    Ok(json!({
        "alg": alg.name(),
        "jwk": key,
        "pems": pems,
        "payload": PAYLOAD,
        "by_josekit": theirs,
        "verified_by_josekit": ours,
    }))
}

/// A new key as JWK, and in every PEM form that OpenSSL writes of it.
fn key(alg: Algorithm) -> Result<(Jwk, Value)> {
    let text = |pem: Vec<u8>| String::from_utf8(pem).map_err(Box::new);
    use Algorithm::*;
    Ok(match alg {
        HS256 | HS384 | HS512 => (Jwk::generate_oct_key(64)?, json!({})),
        EdDSA => {
            let pair = EdKeyPair::generate(EdCurve::Ed25519)?;
            let (private, public) = (text(pair.to_pem_private_key())?, text(pair.to_pem_public_key())?);
            (pair.to_jwk_key_pair(), json!({ "private": [private], "public": [public] }))
        }
        ES256 | ES384 | ES512 => {
            let curve = match alg {
                ES256 => EcCurve::P256,
                ES384 => EcCurve::P384,
                _ => EcCurve::P521,
            };
            let pair = EcKeyPair::generate(curve)?;
            let private = [text(pair.to_pem_private_key())?, text(pair.to_traditional_pem_private_key())?];
            (pair.to_jwk_key_pair(), json!({ "private": private, "public": [text(pair.to_pem_public_key())?] }))
        }
        _ => {
            let pair = RsaKeyPair::generate(match alg {
                RS256 | PS256 => 2048,
                RS384 | PS384 => 3072,
                _ => 4096,
            })?;
            let private = [text(pair.to_pem_private_key())?, text(pair.to_traditional_pem_private_key())?];
            let public = [text(pair.to_pem_public_key())?, text(pair.to_traditional_pem_public_key())?];
            (pair.to_jwk_key_pair(), json!({ "private": private, "public": public }))
        }
    })
}

fn signer_and_verifier(alg: Algorithm, key: &Jwk) -> Result<(Box<dyn JwsSigner>, Box<dyn JwsVerifier>)> {
    macro_rules! by_name {
        ($($name:ident)*) => {
            match alg {
                $(Algorithm::$name => (Box::new($name.signer_from_jwk(key)?), Box::new($name.verifier_from_jwk(key)?)),)*
            }
        };
    }
    Ok(by_name!(RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA HS256 HS384 HS512))
}
