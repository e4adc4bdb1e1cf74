//! Keys that must not be accepted, and secrets that must not be shown.

use cloakroom_jose::{
    Algorithm, Error, Jwk, JwkSet, KeySet, KeySpec, PrivateJwk, PrivateKey, PublicKey, Secret, SigningKey, VerifyingKey,
};
use data_encoding::{BASE64, BASE64URL_NOPAD as BASE64URL};
use serde_json::{Value, json};

use crate::KEYS;

/// Made with `openssl genrsa 1024`.
const RSA_1024: &str = "-----BEGIN RSA PRIVATE KEY-----
MIICXQIBAAKBgQDLgXdKStYPhHBHgt4NNihZYVg/PWMewyb5jyAfZGNgn+j8YFxB
fVqDRl5R3pZ9L7ktXabHlAl2xEPyRBWb4+Hm0KjaQvorXmvvOW3y+aO604UUsbtY
W/qFNXwRyND9um1AMW5NNWBYaBSWSRP1VdmOWmhUBTdB9OkJoFpVVOzsSQIDAQAB
AoGAG1qOlzzR4woRMXuEr0/tQn5UJ0PwE811aqvzTGTo+q7j2TB2lhLsXKLTwLtj
jPYiNNfWuBLM5trgqyq9oNOTpH38h8/tBCWXYo8fZPom5qpFr01ugaENRHXETOO5
Az5/m6kK78xSQhCH94EQl6nPGPap6Hg8cIZ+YmgA1+up2FECQQD/nkh2cdANnNjD
XTduokROsNCxMLs05bRNkGKFJOK/DVlhEZoPBiL4kbUhl7INFD61iD+RUgHvk7ih
y4GUL+5VAkEAy89C8VQ/dRdFd6pCi56aJJF+0Y4Zdc+ispmvFtze/Br+MHM6Esrl
lOINypLwPqoWXxL2T+Quhyb3eYIwEMeSJQJBAIqidfqHT6eSYZ3TeLTwHMvw6b6w
B1hxHJDUthowHyovO0KCIWP0mBLoM6y8cTzWtgwOkStnptUg8QoPLYAJXuECQQCy
LA4cxYb4SRDczUaBonSk1WElt3FAkfVs53euqAZ0JPDk0EcLmL7dykU+O/i0/6Kx
GPWl4Bhg5MriOdLlSGLVAkAsTP7VKVuFiXhX4Q/INWFJUuB0xi5df+jV7tMt8mNS
XjHc004GiujKo2zYH5UBus8n0VjvmC8mX2KjfRjvv28p
-----END RSA PRIVATE KEY-----";
const RSA_1024_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDLgXdKStYPhHBHgt4NNihZYVg/
PWMewyb5jyAfZGNgn+j8YFxBfVqDRl5R3pZ9L7ktXabHlAl2xEPyRBWb4+Hm0Kja
QvorXmvvOW3y+aO604UUsbtYW/qFNXwRyND9um1AMW5NNWBYaBSWSRP1VdmOWmhU
BTdB9OkJoFpVVOzsSQIDAQAB
-----END PUBLIC KEY-----";
/// Made with `openssl ecparam -name secp256k1 -genkey`.
const SECP256K1: &str = "-----BEGIN PRIVATE KEY-----
MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgoaa/M5G1FvnGtw2Iw+Hg
jjugb5FDMRB4pi50VcKER4qhRANCAAQsLohwecgz3rI1dGOhH9sMuqIzBsgMzhrt
5SXW/x3BVcOzIRuRd2R7nc1eDl5e1GEazyBkRBGuBtWnczj9eCzs
-----END PRIVATE KEY-----";

fn jwk(json: Value) -> Jwk {
    serde_json::from_value(json).unwrap()
}

fn rsa(bytes: usize, last: u8, e: &[u8]) -> Result<PublicKey, Error> {
    let mut n = vec![0xc5; bytes];
    n[bytes - 1] = last;
    PublicKey::from_jwk(&jwk(json!({ "kty": "RSA", "n": BASE64URL.encode(&n), "e": BASE64URL.encode(e) })))
}

#[test]
fn an_rsa_key_has_2048_to_8192_bits_and_a_usable_exponent() {
    assert!(rsa(256, 1, &[1, 0, 1]).is_ok());
    assert!(rsa(1024, 1, &[1, 0, 1]).is_ok());
    assert!(rsa(256, 1, &[0, 1, 0, 1]).is_ok(), "a leading zero is read over");
    assert!(matches!(rsa(255, 1, &[1, 0, 1]), Err(Error::WeakKey(_))));
    assert!(matches!(rsa(0x80, 1, &[1, 0, 1]), Err(Error::WeakKey(_))));
    assert!(matches!(rsa(1025, 1, &[1, 0, 1]), Err(Error::InvalidKey(_))));
    assert!(matches!(rsa(40_000, 1, &[1, 0, 1]), Err(Error::InvalidKey(_))));
    assert!(rsa(256, 2, &[1, 0, 1]).is_err(), "an even modulus");
    for e in [&[][..], &[0], &[1], &[2], &[1, 0, 0], &[0xff; 9]] {
        assert!(rsa(256, 1, e).is_err(), "{e:?}");
    }
}

#[test]
fn a_1024_bit_rsa_key_is_refused_in_every_form() {
    assert!(matches!(PrivateKey::from_pem(RSA_1024), Err(Error::WeakKey(_))));
    assert!(matches!(PublicKey::from_pem(RSA_1024_PUBLIC), Err(Error::WeakKey(_))));
}

#[test]
fn a_point_must_lie_on_the_curve_that_the_key_names() {
    for (spec, other) in [(KeySpec::P256, "P-384"), (KeySpec::P384, "P-521"), (KeySpec::P521, "P-256")] {
        let good = PrivateKey::generate(spec).unwrap().public().to_jwk();
        assert!(PublicKey::from_jwk(&good).is_ok());
        let x = BASE64URL.decode(good.x.as_ref().unwrap().as_bytes()).unwrap();
        let (mut moved, mut short, long) = (x.clone(), x.clone(), [&[0], x.as_slice()].concat());
        moved[20] ^= 1;
        short.pop();
        for x in [moved, short, long, Vec::new(), vec![0; x.len()], vec![0xff; x.len()]] {
            let bad = Jwk { x: Some(BASE64URL.encode(&x)), ..good.clone() };
            assert!(matches!(PublicKey::from_jwk(&bad), Err(Error::InvalidKey(_))), "{bad:?}");
        }
        for crv in [other, "secp256k1", "p-256", ""] {
            assert!(PublicKey::from_jwk(&Jwk { crv: Some(crv.into()), ..good.clone() }).is_err());
        }
        for missing in [Jwk { x: None, ..good.clone() }, Jwk { y: None, ..good.clone() }, Jwk { crv: None, ..good }] {
            assert!(PublicKey::from_jwk(&missing).is_err());
        }
    }
    assert_eq!(PrivateKey::from_pem(SECP256K1).err(), Some(Error::InvalidKey("unsupported curve")));
}

#[test]
fn a_key_suits_only_the_algorithms_of_its_kind() {
    for (spec, key) in KEYS.iter() {
        for alg in Algorithm::ALL {
            let suits = key.public().algorithms().any(|a| a == alg);
            assert_eq!(SigningKey::new(alg, key).is_ok(), suits, "{spec:?} {alg}");
            assert_eq!(VerifyingKey::new(alg, key.public()).is_ok(), suits, "{spec:?} {alg}");
            let jwk = Jwk { alg: Some(alg.name().into()), ..key.public().to_jwk() };
            assert_eq!(VerifyingKey::from_jwk(&jwk).is_ok(), suits, "{spec:?} {alg}");
        }
    }
}

#[test]
fn an_empty_secret_is_refused() {
    assert!(matches!(SigningKey::from_secret(Algorithm::HS256, b""), Err(Error::WeakKey(_))));
    assert!(matches!(VerifyingKey::from_secret(Algorithm::HS512, b""), Err(Error::WeakKey(_))));
    assert!(VerifyingKey::from_secret(Algorithm::HS512, b"short").is_ok());
}

#[test]
fn a_private_jwk_must_be_whole_and_consistent() {
    for spec in [KeySpec::Rsa2048, KeySpec::P256, KeySpec::P521, KeySpec::Ed25519] {
        let good = serde_json::to_value(PrivateKey::generate(spec).unwrap().to_jwk().unwrap()).unwrap();
        let other = serde_json::to_value(PrivateKey::generate(spec).unwrap().to_jwk().unwrap()).unwrap();
        let read = |json: &Value| PrivateKey::from_jwk(&serde_json::from_value(json.clone()).unwrap());
        assert!(read(&good).is_ok());
        for member in good.as_object().unwrap().keys().filter(|m| !["kty", "crv", "e"].contains(&m.as_str())) {
            let mut mixed = good.clone();
            mixed[member] = other[member].clone();
            assert!(read(&mixed).is_err(), "{spec:?} with the {member} of another key");
            mixed[member] = json!("not/base64url");
            assert!(read(&mixed).is_err());
            mixed.as_object_mut().unwrap().remove(member);
            assert!(read(&mixed).is_err(), "{spec:?} without {member}");
        }
        let d = BASE64URL.decode(good["d"].as_str().unwrap().as_bytes()).unwrap();
        if spec != KeySpec::Rsa2048 {
            for d in [vec![0; d.len()], vec![0xff; d.len()], d[1..].to_vec(), [&[0], d.as_slice()].concat()] {
                let mut bad = good.clone();
                bad["d"] = json!(BASE64URL.encode(&d));
                assert!(read(&bad).is_err(), "{spec:?}");
            }
        }
    }
}

#[test]
fn der_is_read_to_its_last_byte_and_never_panics() {
    for spec in [KeySpec::Rsa2048, KeySpec::P384, KeySpec::Ed25519] {
        let key = PrivateKey::generate(spec).unwrap();
        let (private, public) = (key.to_pkcs8_der().unwrap(), key.public().spki_der());
        for at in 0..private.len() {
            assert!(PrivateKey::from_der(&private[..at]).is_err());
        }
        for at in 0..public.len() {
            assert!(PublicKey::from_der(&public[..at]).is_err());
            let mut changed = public.to_vec();
            changed[at] ^= 0x81;
            let _ = PublicKey::from_der(&changed);
        }
        assert!(PrivateKey::from_der(&[&private[..], &[0]].concat()).is_err());
        assert!(PublicKey::from_der(&[public, &[0]].concat()).is_err());
        assert!(PrivateKey::from_der(public).is_err(), "a public key is not a private one");
        assert!(PublicKey::from_der(&private).is_err(), "nor the other way round");
    }
}

#[test]
fn text_that_is_no_key_is_refused_by_name() {
    let private = |text: &str| PrivateKey::from_pem(text).err().unwrap();
    let block = |label: &str, body: &str| format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
    assert_eq!(private(&block("ENCRYPTED PRIVATE KEY", "MIIB")), Error::InvalidKey("the key is encrypted"));
    let legacy = block("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nMIIB");
    assert_eq!(private(&legacy), Error::InvalidKey("the key is encrypted"));
    assert_eq!(private(&block("CERTIFICATE", "MIIB")), Error::InvalidKey("not a private key"));
    assert_eq!(private("-----BEGIN PRIVATE KEY-----\nMIIB"), Error::InvalidKey("broken PEM armour"));
    assert_eq!(private("MIIB-----END PRIVATE KEY-----"), Error::InvalidKey("broken PEM armour"));
    assert_eq!(private("hello, world"), Error::InvalidKey("not base64"));
    assert_eq!(private(""), Error::InvalidKey("empty"));
    assert_eq!(private("AAAA"), Error::InvalidKey("not valid DER"));
    assert_eq!(private(&BASE64.encode(&[0x30; 65_536])), Error::TooLarge);
}

#[test]
fn unusable_entries_of_a_published_set_are_left_out() {
    let good = PrivateKey::generate(KeySpec::P256).unwrap().public().to_jwk();
    let with = |member: &str, value: Value| {
        let mut jwk = serde_json::to_value(&good).unwrap();
        jwk[member] = value;
        jwk
    };
    let set: JwkSet = serde_json::from_value(json!({ "keys": [
        with("kty", json!("quantum")),
        with("alg", json!("ES384")),
        with("alg", json!("ECDH-ES")),
        with("use", json!("enc")),
        with("key_ops", json!(["sign"])),
        with("key_ops", json!("verify")),
        with("kid", json!(7)),
        with("x", json!("AAAA")),
        "text", null, {}, [],
        with("kid", json!("usable")),
    ] }))
    .unwrap();
    let keys = KeySet::from_jwks(&set);
    assert_eq!(keys.iter().map(|key| key.kid()).collect::<Vec<_>>(), [Some("usable")]);
    assert!(serde_json::from_str::<JwkSet>(r#"{"keys":{}}"#).is_err());
    assert!(serde_json::from_str::<JwkSet>("{}").is_err());

    let many = JwkSet { keys: vec![good; KeySet::MAX_KEYS + 50] };
    assert_eq!(KeySet::from_jwks(&many).iter().count(), KeySet::MAX_KEYS);
}

#[test]
fn no_secret_is_printed_or_published() {
    let key = PrivateKey::generate(KeySpec::P256).unwrap();
    let whole = key.to_jwk().unwrap();
    let d = whole.d.as_ref().unwrap().to_string();
    let secret = Secret::from_bytes(*b"correct horse battery staple 123");
    let signing = SigningKey::from_secret(Algorithm::HS256, secret.as_bytes()).unwrap();
    let shown = format!(
        "{key:?} {whole:?} {secret:?} {:?} {signing:?} {:?}",
        secret.to_jwk(),
        signing.verifying_key().unwrap()
    );
    for hidden in [d.as_str(), "correct horse", secret.to_base64url().as_str()] {
        assert!(!shown.contains(hidden), "{shown}");
    }
    assert!(signing.public_jwk().is_none());
    let published: Jwk = serde_json::from_str(&serde_json::to_string(&whole).unwrap()).unwrap();
    assert!(!serde_json::to_string(&published).unwrap().contains(&d));
    let kept: PrivateJwk = serde_json::from_str(&serde_json::to_string(&whole).unwrap()).unwrap();
    assert_eq!(*kept.d.unwrap(), d);
}

#[test]
fn keys_are_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>() {}
    shared::<PrivateKey>();
    shared::<PublicKey>();
    shared::<SigningKey>();
    shared::<VerifyingKey>();
    shared::<KeySet>();
}
