//! Keys and tokens made by another implementation, josekit on OpenSSL (see `vectors-josekit/`).

use cloakroom_jose::{Algorithm, PrivateJwk, PrivateKey, PublicKey, sign_bytes, verify};
use serde::Deserialize;

use crate::signing_key;

#[derive(Deserialize)]
struct Vector {
    alg: Algorithm,
    jwk: PrivateJwk,
    pems: Pems,
    payload: String,
    by_josekit: String,
    /// Signed by this crate; josekit accepted it.
    verified_by_josekit: String,
}

#[derive(Deserialize)]
struct Pems {
    #[serde(default)]
    private: Vec<String>,
    #[serde(default)]
    public: Vec<String>,
}

fn vectors() -> Vec<Vector> {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("../vectors/josekit.json")).unwrap();
    assert_eq!(vectors.iter().map(|v| v.alg).collect::<Vec<_>>(), Algorithm::ALL);
    vectors
}

#[test]
fn tokens_verify_in_both_directions() {
    for vector in vectors() {
        let key = signing_key(vector.alg, &vector.jwk).with_kid("key-1");
        let verifier = key.verifying_key().unwrap();
        for token in [&vector.by_josekit, &vector.verified_by_josekit] {
            let verified = verify(token, &verifier).unwrap();
            assert_eq!(verified.header, key.header(), "{}", vector.alg);
            assert_eq!(verified.payload, vector.payload.as_bytes());
        }
        let again = sign_bytes(&key.header(), vector.payload.as_bytes(), &key).unwrap();
        let random = matches!(vector.alg.name().as_bytes()[0], b'P') || vector.alg.curve().is_some();
        assert_eq!(again == vector.verified_by_josekit, !random, "{}", vector.alg);
    }
}

#[test]
fn every_pem_form_is_the_same_key_as_the_jwk() {
    for vector in vectors().into_iter().filter(|v| !v.alg.is_symmetric()) {
        let key = PrivateKey::from_jwk(&vector.jwk).unwrap();
        assert!(!vector.pems.private.is_empty() && !vector.pems.public.is_empty());
        for pem in &vector.pems.private {
            let read = PrivateKey::from_pem(pem).unwrap();
            assert_eq!(read.public(), key.public());
            assert_eq!(*read.to_pkcs8_der().unwrap(), *key.to_pkcs8_der().unwrap());
            assert_eq!(PrivateKey::from_pem(&without_armour(pem)).unwrap().public(), key.public());
        }
        for pem in &vector.pems.public {
            assert_eq!(&PublicKey::from_pem(pem).unwrap(), key.public());
            assert_eq!(&PublicKey::from_pem(&without_armour(pem)).unwrap(), key.public());
            assert_eq!(&PublicKey::from_pem(&pem.replace('\n', "")).unwrap(), key.public());
        }
    }
}

fn without_armour(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}
