//! Every algorithm signs and verifies with keys made here; every form of a key comes back as the same key.

use cloakroom_jose::{
    Algorithm, Error, JwkSet, KeySet, KeySpec, PrivateKey, PublicKey, Secret, SigningKey, VerifyingKey, verify,
};
use serde_json::{Value, json};

use crate::KEYS;

fn key_for(alg: Algorithm) -> SigningKey {
    if alg.is_symmetric() {
        return SigningKey::from_secret(alg, Secret::generate(64).unwrap().as_bytes()).unwrap();
    }
    let spec = alg.curve().map_or(KeySpec::Ed25519, KeySpec::from);
    let spec = if alg.kty() == "RSA" { KeySpec::Rsa2048 } else { spec };
    SigningKey::new(alg, &PrivateKey::generate(spec).unwrap()).unwrap()
}

#[test]
fn every_algorithm_verifies_what_it_signed() {
    for alg in Algorithm::ALL {
        let key = key_for(alg).with_kid("k");
        let token = key.sign(&json!({ "sub": "alice" })).unwrap();
        let verified = verify(&token, &key.verifying_key().unwrap()).unwrap();
        assert_eq!(verified.header, key.header(), "{alg}");
        assert_eq!(verified.claims::<Value>().unwrap(), json!({ "sub": "alice" }));
        let stranger = key_for(alg).verifying_key().unwrap();
        assert_eq!(verify(&token, &stranger).err(), Some(Error::Signature), "{alg}");
    }
}

#[test]
fn a_key_survives_every_form_it_can_be_stored_in() {
    for (spec, key) in KEYS.iter() {
        let jwk = serde_json::to_string(&key.to_jwk().unwrap()).unwrap();
        let copies = [
            PrivateKey::from_der(&key.to_pkcs8_der().unwrap()),
            PrivateKey::from_pem(&key.to_pem().unwrap()),
            PrivateKey::from_pem(&key.to_base64().unwrap()),
            PrivateKey::from_jwk(&serde_json::from_str(&jwk).unwrap()),
        ];
        let alg = key.public().algorithms().next().unwrap();
        let verifier = VerifyingKey::new(alg, key.public()).unwrap();
        for copy in copies {
            let copy = copy.unwrap();
            assert_eq!(copy.public(), key.public(), "{spec:?}");
            let token = SigningKey::new(alg, &copy).unwrap().sign(&json!({})).unwrap();
            assert!(verify(&token, &verifier).is_ok());
        }
        let public = key.public();
        assert_eq!(&PublicKey::from_der(public.spki_der()).unwrap(), public);
        assert_eq!(&PublicKey::from_pem(&public.to_pem()).unwrap(), public);
        assert_eq!(&PublicKey::from_jwk(&public.to_jwk()).unwrap(), public);
    }
}

#[test]
fn a_published_set_verifies_by_kid_and_algorithm() {
    let keys: Vec<SigningKey> =
        [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA].map(|alg| key_for(alg).with_kid(alg.name())).into();
    let set = JwkSet { keys: keys.iter().filter_map(SigningKey::public_jwk).collect() };
    let set: JwkSet = serde_json::from_str(&serde_json::to_string(&set).unwrap()).unwrap();
    let set = KeySet::from_jwks(&set);
    for key in &keys {
        assert!(verify(&key.sign(&json!({})).unwrap(), &set).is_ok());
        let unknown = key.clone().with_kid("other");
        assert_eq!(verify(&unknown.sign(&json!({})).unwrap(), &set).err(), Some(Error::NoKey));
    }
}

#[test]
fn an_rsa_jwk_without_alg_serves_every_rsa_algorithm_of_a_set() {
    let private = PrivateKey::generate(KeySpec::Rsa2048).unwrap();
    let set = KeySet::from_jwks(&JwkSet { keys: vec![private.public().to_jwk()] });
    for alg in private.public().algorithms() {
        let token = SigningKey::new(alg, &private).unwrap().sign(&json!({})).unwrap();
        assert!(verify(&token, &set).is_ok(), "{alg}");
    }
    assert!(VerifyingKey::from_jwk(&private.public().to_jwk()).is_err());
}
