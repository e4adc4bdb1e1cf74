//! Tokens that must not verify, and how each is refused.

use cloakroom_jose::{
    Algorithm, Error, Header, JwkSet, KeySet, KeySpec, MAX_TOKEN, PrivateKey, SigningKey, Unverified, VerifyingKey,
    sign, verify,
};
use data_encoding::BASE64URL_NOPAD as BASE64URL;
use serde_json::json;

const SECRET: &[u8] = b"a secret of thirty-two octets...";

fn hs256() -> (SigningKey, VerifyingKey) {
    let key = SigningKey::from_secret(Algorithm::HS256, SECRET).unwrap();
    let verifier = key.verifying_key().unwrap();
    (key, verifier)
}

fn pair(spec: KeySpec, alg: Algorithm) -> (SigningKey, VerifyingKey) {
    let key = SigningKey::new(alg, &PrivateKey::generate(spec).unwrap()).unwrap();
    let verifier = key.verifying_key().unwrap();
    (key, verifier)
}

/// Any header, signed with HS256 whatever it says.
fn forge(header: &str) -> String {
    let message = format!("{}.{}", BASE64URL.encode(header.as_bytes()), BASE64URL.encode(b"{}"));
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, SECRET);
    let tag = aws_lc_rs::hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", BASE64URL.encode(tag.as_ref()))
}

fn outcome(token: &str) -> Result<(), Error> {
    verify(token, &hs256().1).map(drop)
}

#[test]
fn an_unsigned_token_is_refused_however_none_is_written() {
    for none in ["none", "None", "NONE", "nOnE", ""] {
        let token = forge(&json!({ "alg": none }).to_string());
        assert_eq!(outcome(&token), Err(Error::UnsupportedAlgorithm));
        let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
        assert_eq!(outcome(&unsigned), Err(Error::UnsupportedAlgorithm));
    }
}

#[test]
fn an_unknown_algorithm_is_refused() {
    for alg in ["hs256", "HS256 ", "HS1", "RS1", "ES256K", "Ed25519", "RSA-OAEP", "dir"] {
        assert_eq!(outcome(&forge(&json!({ "alg": alg }).to_string())), Err(Error::UnsupportedAlgorithm), "{alg}");
    }
}

#[test]
fn a_public_key_never_serves_as_an_hmac_secret() {
    let private = PrivateKey::generate(KeySpec::Rsa2048).unwrap();
    let public = private.public();
    let jwk = serde_json::to_string(&public.to_jwk()).unwrap();
    let own = SigningKey::new(Algorithm::RS256, &private).unwrap();
    let published = KeySet::from_jwks(&JwkSet { keys: own.public_jwk().into_iter().collect() });
    for guess in [public.to_pem().as_bytes(), public.spki_der(), jwk.as_bytes()] {
        let forged = SigningKey::from_secret(Algorithm::HS256, guess).unwrap().sign(&json!({})).unwrap();
        assert_eq!(verify(&forged, &own.verifying_key().unwrap()).err(), Some(Error::AlgorithmMismatch));
        assert_eq!(verify(&forged, &published).err(), Some(Error::NoKey));
    }
    assert!(VerifyingKey::new(Algorithm::HS256, public).is_err());
    assert!(VerifyingKey::from_secret(Algorithm::RS256, public.spki_der()).is_err());
}

#[test]
fn a_symmetric_key_in_a_published_set_is_ignored() {
    let set: JwkSet = serde_json::from_value(json!({ "keys": [
        { "kty": "oct", "alg": "HS256", "k": BASE64URL.encode(SECRET) }
    ] }))
    .unwrap();
    assert!(KeySet::from_jwks(&set).is_empty());
}

#[test]
fn a_key_inside_the_token_is_never_used() {
    let (attacker, _) = pair(KeySpec::P256, Algorithm::ES256);
    let (_, expected) = pair(KeySpec::P256, Algorithm::ES256);
    let mut header = Header::new(Algorithm::ES256);
    header.other.insert("jwk".into(), serde_json::to_value(attacker.public_jwk()).unwrap());
    header.other.insert("jku".into(), json!("https://attacker.example/jwks"));
    header.other.insert("x5u".into(), json!("https://attacker.example/x5u"));
    header.other.insert("x5c".into(), json!(["MIIB"]));
    let token = sign(&header, &json!({}), &attacker).unwrap();
    assert_eq!(verify(&token, &expected).err(), Some(Error::Signature));
    assert_eq!(verify(&token, &KeySet::default()).err(), Some(Error::NoKey));
}

#[test]
fn a_critical_extension_is_refused() {
    for crit in [json!(["exp"]), json!(["b64"]), json!([]), json!("exp"), json!(null)] {
        let token = forge(&json!({ "alg": "HS256", "crit": crit, "exp": 1, "b64": false }).to_string());
        assert_eq!(outcome(&token), Err(Error::CriticalExtension), "{crit}");
    }
}

#[test]
fn a_header_that_is_not_one_plain_object_is_refused() {
    let headers = [
        r#"{"alg":"HS256","alg":"HS256"}"#,
        r#"{"alg":"HS256","kid":"a","kid":"b"}"#,
        r#"{"alg":"HS256","x":1,"x":1}"#,
        r#"{"alg":"HS256","\u0061lg":"HS256"}"#,
        r#"{"alg":"HS256"} {}"#,
        r#"{"alg":"HS256",}"#,
        r#"{"alg":256}"#,
        r#"{"alg":null}"#,
        r#"{"alg":["HS256"]}"#,
        r#"{"alg":"HS256","kid":1}"#,
        r#"{"alg":"HS256","typ":{}}"#,
        r#"{"typ":"JWT"}"#,
        r#"["HS256"]"#,
        "\"HS256\"",
        "null",
        "",
        "\u{feff}{\"alg\":\"HS256\"}",
    ];
    for header in headers {
        let refused = outcome(&forge(header));
        assert!(matches!(refused, Err(Error::Malformed(_))), "{header}: {refused:?}");
    }
    let deep = format!(r#"{{"alg":"HS256","x":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    assert!(matches!(outcome(&forge(&deep)), Err(Error::Malformed(_))));
    assert_eq!(outcome(&forge(r#"{"alg":"HS256","x":{"any":["thing"]}}"#)), Ok(()));
}

#[test]
fn only_the_canonical_encoding_of_three_parts_is_read() {
    let token = hs256().0.sign(&json!({ "a": 1 })).unwrap();
    let [h, p, s] = token.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let last = s.chars().last().unwrap();
    // 32 bytes leave two unused bits in the last character; setting one must not give a second valid token
    let stray = BASE64URL_ALPHABET.chars().nth(BASE64URL_ALPHABET.find(last).unwrap() + 1).unwrap();
    let variants = [
        String::new(),
        ".".into(),
        "..".into(),
        "...".into(),
        h.into(),
        format!("{h}.{p}"),
        format!("{h}.{p}.{s}."),
        format!("{h}.{p}.{s}.{s}"),
        format!("{h}.{p}.{s}.{s}.{s}"),
        format!(".{p}.{s}"),
        format!("{h}.{p}.{s}="),
        format!("{h}=.{p}.{s}"),
        format!("{h}.{p}=.{s}"),
        format!(" {token}"),
        format!("{token}\n"),
        format!("{h}.{p} .{s}"),
        format!("{h}.{p}.{}{stray}", &s[..s.len() - 1]),
        format!("{h}.{p}.{}+", &s[..s.len() - 1]),
        format!("{h}.{p}.{}é", &s[..s.len() - 1]),
        format!("{h}\0.{p}.{s}"),
    ];
    for variant in variants {
        let refused = outcome(&variant);
        assert!(matches!(refused, Err(Error::Malformed(_))), "{variant:?}: {refused:?}");
    }
    assert_eq!(outcome(&format!("{h}.{p}.")), Err(Error::Signature));
    assert_eq!(outcome(&format!("{h}..{s}")), Err(Error::Signature));
}

const BASE64URL_ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[test]
fn no_changed_or_shortened_token_verifies() {
    let keys = [
        hs256(),
        pair(KeySpec::P256, Algorithm::ES256),
        pair(KeySpec::P521, Algorithm::ES512),
        pair(KeySpec::Ed25519, Algorithm::EdDSA),
        pair(KeySpec::Rsa2048, Algorithm::PS256),
    ];
    for (key, verifier) in keys {
        let token = key.sign(&json!({ "sub": "alice", "exp": 1_700_000_300 })).unwrap();
        for at in 0..token.len() {
            assert!(verify(&token[..at], &verifier).is_err());
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(verify(str::from_utf8(&changed).unwrap(), &verifier).is_err(), "{} at {at}", key.algorithm());
        }
    }
}

#[test]
fn a_signature_of_the_wrong_length_or_form_is_refused() {
    let keys = [
        (pair(KeySpec::P256, Algorithm::ES256), 64),
        (pair(KeySpec::P384, Algorithm::ES384), 96),
        (pair(KeySpec::P521, Algorithm::ES512), 132),
        (pair(KeySpec::Ed25519, Algorithm::EdDSA), 64),
        (pair(KeySpec::Rsa2048, Algorithm::RS256), 256),
        (pair(KeySpec::Rsa2048, Algorithm::PS512), 256),
        (hs256(), 32),
    ];
    for ((key, verifier), length) in keys {
        let alg = key.algorithm();
        let token = key.sign(&json!({})).unwrap();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let good = BASE64URL.decode(signature.as_bytes()).unwrap();
        assert_eq!(good.len(), length, "{alg}");
        let variants = [
            Vec::new(),
            vec![0; length],
            vec![0xff; length],
            good[1..].to_vec(),
            good[..length - 1].to_vec(),
            [&[0], good.as_slice()].concat(),
            [good.as_slice(), &[0]].concat(),
            [good.as_slice(), good.as_slice()].concat(),
        ];
        for variant in variants {
            let changed = format!("{message}.{}", BASE64URL.encode(&variant));
            assert_eq!(verify(&changed, &verifier).err(), Some(Error::Signature), "{alg} {variant:x?}");
        }
    }
}

#[test]
fn an_ecdsa_signature_in_der_is_refused() {
    let (key, verifier) = pair(KeySpec::P256, Algorithm::ES256);
    let integer = |bytes: &[u8]| {
        let zeros = bytes.iter().take_while(|b| **b == 0).count();
        let sign: &[u8] = if bytes[zeros] >= 0x80 { &[0] } else { &[] };
        let contents = [sign, &bytes[zeros..]].concat();
        [&[2, contents.len() as u8], contents.as_slice()].concat()
    };
    let token = key.sign(&json!({})).unwrap();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let raw = BASE64URL.decode(signature.as_bytes()).unwrap();
    let numbers = [integer(&raw[..32]), integer(&raw[32..])].concat();
    let der = [&[0x30, numbers.len() as u8], numbers.as_slice()].concat();
    let der = format!("{message}.{}", BASE64URL.encode(&der));
    assert_eq!(verify(&der, &verifier).err(), Some(Error::Signature));
}

#[test]
fn a_token_for_another_algorithm_of_the_same_key_is_refused() {
    let private = PrivateKey::generate(KeySpec::Rsa2048).unwrap();
    let pinned = VerifyingKey::new(Algorithm::RS256, private.public()).unwrap();
    for alg in private.public().algorithms().filter(|alg| *alg != Algorithm::RS256) {
        let token = SigningKey::new(alg, &private).unwrap().sign(&json!({})).unwrap();
        assert_eq!(verify(&token, &pinned).err(), Some(Error::AlgorithmMismatch), "{alg}");
        // the signature under the name that the key is bound to
        let (message, signature) = token.rsplit_once('.').unwrap();
        let header = BASE64URL.encode(br#"{"alg":"RS256"}"#);
        let renamed = format!("{header}.{}.{signature}", message.split_once('.').unwrap().1);
        assert_eq!(verify(&renamed, &pinned).err(), Some(Error::Signature), "{alg}");
    }
}

#[test]
fn a_token_above_the_limit_is_not_looked_at() {
    let (key, verifier) = hs256();
    let largest = MAX_TOKEN / 4 * 3 - 200;
    assert!(verify(&key.sign(&json!({ "x": "a".repeat(largest) })).unwrap(), &verifier).is_ok());
    let token = key.sign(&json!({ "x": "a".repeat(MAX_TOKEN) })).unwrap();
    assert_eq!(verify(&token, &verifier).err(), Some(Error::TooLarge));
    assert_eq!(Unverified::parse(&".".repeat(10_000_000)).err(), Some(Error::TooLarge));
}

#[test]
fn signing_under_another_algorithms_header_is_refused() {
    let (key, _) = hs256();
    assert_eq!(sign(&Header::new(Algorithm::HS512), &json!({}), &key).err(), Some(Error::AlgorithmMismatch));
}

#[test]
fn claims_of_the_wrong_shape_are_an_error() {
    let (key, verifier) = hs256();
    let verified = verify(&key.sign(&json!(["not", "claims"])).unwrap(), &verifier).unwrap();
    assert_eq!(verified.claims::<cloakroom_jose::Claims>().err(), Some(Error::Claims));
}
