//! Hearing of it when a user logged out elsewhere.

use cloakroom::Error;
use cloakroom::jose::{Algorithm, Header, KeySpec, PrivateKey, SigningKey, sign};
use cloakroom::oidc::AuthorizationError;
use serde_json::{Value, json};

use crate::issuer::{ISSUER, Issuer};
use crate::support::NOW;

fn claims() -> Value {
    json!({ "iss": ISSUER, "aud": "app", "typ": "Logout", "iat": NOW, "exp": NOW + 120, "jti": "1", "sub": "7", "sid": "s",
        "events": { "http://schemas.openid.net/event/backchannel-logout": {}, "revoke_offline_access": true } })
}

fn signed(key: &SigningKey, typ: &str, claims: &Value) -> String {
    let header = Header { typ: Some(typ.into()), kid: key.kid().map(str::to_owned), ..Header::new(key.algorithm()) };
    sign(&header, claims, key).unwrap()
}

#[tokio::test]
async fn a_logout_token_says_whose_session_is_over() {
    let (issuer, key) = Issuer::start().await;
    let over = issuer.app.logout_token(&signed(&key, "logout+jwt", &claims())).await.unwrap();
    assert_eq!((over.sub.as_deref(), over.sid.as_deref(), &*over.jti), (Some("7"), Some("s"), "1"));
    assert!(over.revoke_offline_access);
}

#[tokio::test]
async fn what_is_no_logout_token_logs_nobody_out() {
    let (issuer, key) = Issuer::start().await;
    let other = SigningKey::new(Algorithm::ES256, &PrivateKey::generate(KeySpec::P256).unwrap()).unwrap();
    assert!(issuer.app.logout_token(&signed(&other.with_kid("first"), "logout+jwt", &claims())).await.is_err());
    assert!(issuer.app.logout_token(&signed(&key, "at+jwt", &claims())).await.is_err());
    for (name, value) in [
        ("aud", json!("other")),
        ("iss", json!("https://other")),
        ("typ", json!("ID")),
        ("exp", json!(NOW - 60)),
        ("events", json!({})),
        ("events", json!({ "http://schemas.openid.net/event/backchannel-logout": null })),
        ("nonce", json!("n")),
        ("jti", Value::Null),
    ] {
        let mut claims = claims();
        claims[name] = value;
        let refused = issuer.app.logout_token(&signed(&key, "logout+jwt", &claims)).await.unwrap_err();
        assert!(refused.is_invalid_token(), "{name}: {refused:?}");
    }
    let mut nobody = claims();
    (nobody["sub"], nobody["sid"]) = (Value::Null, Value::Null);
    assert!(issuer.app.logout_token(&signed(&key, "logout+jwt", &nobody)).await.is_err());
    assert!(matches!(issuer.app.logout_token("x").await, Err(Error::Token(_))));
}

#[tokio::test]
async fn a_frame_of_the_realm_names_the_session() {
    let (issuer, _) = Issuer::start().await;
    let query = |iss: &str| format!("?sid=abc&iss={}", iss.replace(':', "%3A"));
    assert_eq!(issuer.app.frontchannel_logout(&query(ISSUER)).await.unwrap(), "abc");
    let e = issuer.app.frontchannel_logout(&query("https://other")).await.unwrap_err();
    assert!(matches!(e, Error::Authorization(AuthorizationError::Issuer)), "{e:?}");
    assert!(issuer.app.frontchannel_logout(&format!("iss={ISSUER}")).await.is_err());
}
