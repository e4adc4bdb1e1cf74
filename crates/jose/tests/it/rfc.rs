//! The examples printed in RFC 7515, 7517, 7520, 7638 and 8037.

use cloakroom_jose::{Jwk, PrivateJwk, PrivateKey, PublicKey, Secret, Unverified, VerifyingKey, sign_bytes, verify};
use serde::Deserialize;

use crate::signing_key;

#[derive(Deserialize)]
struct Examples {
    jws: Vec<Example>,
    private_keys: PrivateKeys,
    thumbprints: Vec<Thumbprint>,
}

#[derive(Deserialize)]
struct Example {
    name: String,
    /// Whether signing gives these very characters: the algorithm is deterministic and the header has no white space.
    reproducible: bool,
    key: PrivateJwk,
    token: String,
}

#[derive(Deserialize)]
struct PrivateKeys {
    keys: Vec<PrivateJwk>,
}

#[derive(Deserialize)]
struct Thumbprint {
    name: String,
    key: Jwk,
    thumbprint: String,
}

fn examples() -> Examples {
    serde_json::from_str(include_str!("../vectors/rfc.json")).unwrap()
}

#[test]
fn the_example_tokens_verify_and_are_reproduced() {
    for example in examples().jws {
        let unverified = Unverified::parse(&example.token).unwrap();
        let header = unverified.header().clone();
        let key = signing_key(header.alg, &example.key);
        let verifier = key.verifying_key().unwrap();
        let verified = unverified.verify(&verifier).unwrap_or_else(|e| panic!("{}: {e}", example.name));

        let again = sign_bytes(&header, &verified.payload, &key).unwrap();
        assert!(verify(&again, &verifier).is_ok(), "{}", example.name);
        if example.reproducible {
            assert_eq!(again, example.token, "{}", example.name);
        }
    }
}

#[test]
fn the_example_private_keys_are_read_and_written_back() {
    for jwk in examples().private_keys.keys {
        let key = PrivateKey::from_jwk(&jwk).unwrap();
        let written = serde_json::to_value(key.to_jwk().unwrap()).unwrap();
        let original = serde_json::to_value(&jwk).unwrap();
        for (member, value) in written.as_object().unwrap() {
            assert_eq!(Some(value), original.get(member), "{member}");
        }
        // RFC 7517 A.2 marks its EC key for encryption.
        assert_eq!(VerifyingKey::from_jwk(&jwk.public).is_ok(), jwk.public.use_.is_none());
    }
}

#[test]
fn the_example_thumbprints_are_computed() {
    for example in examples().thumbprints {
        assert_eq!(PublicKey::from_jwk(&example.key).unwrap().thumbprint(), example.thumbprint, "{}", example.name);
    }
    // Of RFC 7515 A.1's key; computed with `printf '{"k":"…","kty":"oct"}' | openssl dgst -sha256`.
    let k = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    assert_eq!(Secret::from_base64url(k).unwrap().thumbprint(), "y_x3gCJnL6oKGBBIXScabduwxTVy2Wd2bzRVEUbdUzc");
}

#[test]
fn a_kid_is_the_one_that_keycloak_computes() {
    // A key pasted into a Keycloak 26.7 realm, and the `kid` shown for it.
    let jwk: Jwk = serde_json::from_str(
        r#"{"kty":"RSA","e":"AQAB","n":"wSd9f2WQj6F-Wbu0mXaMp6kBwD_4qHBQBck56y3x0OuA1MyBgNybbaNjnc14f3uSeo3HME6SjDFB4djNDnLGzdctEpsNAx4Mkl4HIbFW8nrqeMdXEPfWNzoVUyY3GvFW4G74akkdaPmc22CWy-RR77zfLKhwB3zwsyZe0lkBfIpaofu8F7HMm9o_uj12Ur6gq8BoCE5lmNYZ1LHeNKn4OxMhsIdOQ5gPD6NMv1bNojjjL07NA0fCVp5gqP5bk8UxGqnoPDUp7yutWBwpUAqSwz_nb2zYUzZQTa_Sv-qeae_F3fRatkC5sYEoH6SI_6goir2bddfBP74SSdYtsU6Exw"}"#,
    )
    .unwrap();
    assert_eq!(PublicKey::from_jwk(&jwk).unwrap().key_id(), "_pjYk0CTLZQB03Nwvl2k5OmCAWSQ1bE1ZOkIU82cly0");
}
