//! Tokens verified locally.

use cloakroom::Error;
use cloakroom::jose::{Algorithm, SigningKey};
use cloakroom::jwt::{self, TokenError};
use serde_json::{Value, json};

use crate::issuer::{ISSUER, Issuer, key};
use crate::support::NOW;

fn claims() -> Value {
    json!({ "iss": ISSUER, "aud": ["api", "account"], "azp": "app", "typ": "Bearer", "sub": "bob",
        "iat": NOW, "exp": NOW + 60 })
}

fn with(name: &str, value: impl Into<Value>) -> Value {
    let mut claims = claims();
    claims[name] = value.into();
    claims
}

fn refused(outcome: cloakroom::Result<Value>) -> TokenError {
    match outcome {
        Err(Error::Token(e)) => e,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_good_token_gives_its_claims() {
    let (issuer, key) = Issuer::start().await;
    let token = key.sign(&claims()).unwrap();
    assert_eq!(issuer.verify(&token).await.unwrap()["sub"], "bob");
    issuer.verify(&token).await.unwrap();
    assert_eq!(issuer.fetches().await, 1);
}

#[tokio::test]
async fn a_token_for_somebody_else_or_another_time_is_refused() {
    let (issuer, key) = Issuer::start().await;
    for (claims, words) in [
        (with("iss", "https://evil/realms/acme"), "wrong issuer"),
        (with("iss", Value::Null), "wrong issuer"),
        (with("aud", "other"), "wrong audience"),
        (with("typ", "ID"), "wrong type of token"),
        (with("typ", "Refresh"), "wrong type of token"),
        (with("exp", NOW - 31), "has expired"),
        (with("exp", Value::Null), "no expiry"),
        (with("nbf", NOW + 31), "not valid yet"),
        (with("iat", NOW + 31), "issued in the future"),
    ] {
        let e = refused(issuer.verify(&key.sign(&claims).unwrap()).await).to_string();
        assert!(e.contains(words), "{claims}: {e}");
    }
    issuer.verify(&key.sign(&with("exp", NOW - 29)).unwrap()).await.unwrap();
    let expired = key.sign(&with("exp", NOW - 1)).unwrap();
    assert!(issuer.app.verifier().leeway(0).verify::<Value>(&expired).await.is_err());
    let azp = issuer.app.verifier().azp("other").verify(&key.sign(&claims()).unwrap()).await;
    assert!(refused(azp).to_string().contains("authorized party"));
}

#[tokio::test]
async fn a_forged_token_is_refused() {
    let (issuer, first) = Issuer::start().await;
    let forged = key("first").sign(&claims()).unwrap();
    assert!(matches!(refused(issuer.verify(&forged).await), TokenError::Signature(_)));
    let good = first.sign(&claims()).unwrap();
    let (head, rest) = good.split_once('.').unwrap();
    let none = format!("eyJhbGciOiJub25lIn0.{}.", rest.split_once('.').unwrap().0);
    for bad in [none.as_str(), head, "", "a.b.c", &good[..good.len() - 2], &format!("{good}.")] {
        assert!(matches!(refused(issuer.verify(bad).await), TokenError::Signature(_)), "{bad}");
    }
}

#[tokio::test]
async fn algorithms_can_be_pinned_and_a_secret_is_never_a_key() {
    let (issuer, first) = Issuer::start().await;
    let pinned = issuer.app.verifier().algorithms(&[Algorithm::RS256]);
    let outcome = pinned.verify(&first.sign(&claims()).unwrap()).await;
    assert!(matches!(refused(outcome), TokenError::Algorithm(Algorithm::ES256)));
    let public = serde_json::to_vec(&first.public_jwk()).unwrap();
    let confused = SigningKey::from_secret(Algorithm::HS256, &public).unwrap().with_kid("first");
    let outcome = issuer.verify(&confused.sign(&claims()).unwrap()).await;
    assert!(matches!(refused(outcome), TokenError::UnknownKey));
}

#[tokio::test]
async fn a_new_key_is_fetched_at_most_once_an_interval() {
    let (issuer, first) = Issuer::start().await;
    issuer.verify(&first.sign(&claims()).unwrap()).await.unwrap();
    let second = key("second");
    let token = second.sign(&with("exp", NOW + 600)).unwrap();
    for _ in 0..20 {
        assert!(matches!(refused(issuer.verify(&token).await), TokenError::UnknownKey));
    }
    assert_eq!(issuer.fetches().await, 1, "fetched a moment ago");
    issuer.publish(&second);
    issuer.clock.advance(11);
    issuer.verify(&token).await.unwrap();
    issuer.verify(&first.sign(&with("exp", NOW + 600)).unwrap()).await.unwrap();
    assert_eq!(issuer.fetches().await, 2);
}

#[tokio::test]
async fn many_tokens_at_once_fetch_the_keys_once() {
    let (issuer, first) = Issuer::start().await;
    let token = first.sign(&claims()).unwrap();
    let begin = || {
        let (verifier, token) = (issuer.app.verifier(), token.clone());
        tokio::spawn(async move { verifier.verify::<Value>(&token).await.map(drop) })
    };
    let tasks: Vec<_> = (0..50).map(|_| begin()).collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(issuer.fetches().await, 1);
}

#[tokio::test]
async fn keys_are_believed_for_an_hour() {
    let (issuer, first) = Issuer::start().await;
    let token = first.sign(&with("exp", NOW + 10_000)).unwrap();
    issuer.verify(&token).await.unwrap();
    issuer.published.lock().unwrap().keys.clear();
    issuer.clock.advance(3601);
    assert!(matches!(refused(issuer.verify(&token).await), TokenError::UnknownKey));
}

#[tokio::test]
async fn an_id_token_is_for_this_client_and_this_login() {
    let (issuer, first) = Issuer::start().await;
    let mut claims = with("typ", "ID");
    claims["aud"] = "app".into();
    claims["nonce"] = "n1".into();
    let token = first.sign(&claims).unwrap();
    issuer.app.id_token_verifier(Some("n1")).verify::<Value>(&token).await.unwrap();
    assert!(matches!(refused(issuer.app.id_token_verifier(Some("n2")).verify(&token).await), TokenError::Nonce));
}

#[tokio::test]
async fn a_server_that_is_down_is_not_the_tokens_fault() {
    let (issuer, first) = Issuer::start().await;
    issuer.server.reset().await;
    let e = issuer.verify(&first.sign(&claims()).unwrap()).await.unwrap_err();
    assert!(!e.is_invalid_token(), "{e:?}");
}

#[test]
fn decoding_verifies_nothing() {
    let token = SigningKey::from_secret(Algorithm::HS256, b"whatever").unwrap().sign(&claims()).unwrap();
    assert_eq!(jwt::decode::<Value>(&token).unwrap()["sub"], "bob");
    assert!(jwt::decode::<Value>("x.y").unwrap_err().is_invalid_token());
}
