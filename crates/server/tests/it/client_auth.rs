//! How clients prove who they are, and what is no proof.

use crate::acme::{Acme, Answer, client};
use cloakroom_jose::{Algorithm, KeySpec, PrivateKey, SigningKey};
use cloakroom_testkit::START;
use http::{Method, StatusCode};
use serde_json::{Value, json};

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const SECRET: &str = "a-secret-of-at-least-thirty-two-bytes!";
const UNKNOWN: (u16, &str, &str) = (401, "invalid_client", "Invalid client or Invalid client credentials");
const WRONG: (u16, &str, &str) = (401, "unauthorized_client", "Invalid client or Invalid client credentials");

async fn realm(clients: Value) -> Acme {
    Acme::of(json!({"clients": clients}), json!({})).await
}

async fn ask(acme: &Acme, fields: &[(&str, &str)]) -> Answer {
    let mut form = vec![("grant_type", "client_credentials")];
    form.extend(fields);
    acme.post("token", &form).await
}

async fn basic(acme: &Acme, id: &str, secret: &str, fields: &[(&str, &str)]) -> Answer {
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = data_encoding::BASE64.encode(format!("{}:{}", encode(id), encode(secret)).as_bytes());
    let mut form = vec![("grant_type", "client_credentials")];
    form.extend(fields);
    let path = "/realms/acme/protocol/openid-connect/token";
    acme.send(Method::POST, path, &[("authorization", &format!("Basic {pair}"))], &form).await
}

#[tokio::test]
async fn a_secret_comes_in_the_header_or_the_form() {
    let odd = client("odd:client +ü", json!({"secret": "p%20 +&=:/é"}));
    let acme = realm(json!([client("app", json!({})), odd, client("off", json!({"enabled": false}))])).await;
    assert_eq!(basic(&acme, "app", "secret", &[]).await.status, StatusCode::OK);
    assert_eq!(basic(&acme, "odd:client +ü", "p%20 +&=:/é", &[]).await.status, StatusCode::OK);
    assert_eq!(ask(&acme, &[("client_id", "app"), ("client_secret", "secret")]).await.status, StatusCode::OK);
    // the form wins over the header
    let both = [("client_id", "app"), ("client_secret", "secret")];
    assert_eq!(basic(&acme, "app", "wrong", &both).await.status, StatusCode::OK);
    assert_eq!(basic(&acme, "app", "wrong", &[]).await.refusal(), WRONG);
    assert_eq!(ask(&acme, &[("client_id", "app"), ("client_secret", "")]).await.refusal(), WRONG);
    assert_eq!(ask(&acme, &[("client_id", "app")]).await.refusal(), WRONG);
    // one that is not there, one that is off, none at all: all the same
    assert_eq!(basic(&acme, "nosuch", "secret", &[]).await.refusal(), UNKNOWN);
    assert_eq!(ask(&acme, &[("client_id", "off"), ("client_secret", "secret")]).await.refusal(), UNKNOWN);
    assert_eq!(ask(&acme, &[("client_id", "APP"), ("client_secret", "secret")]).await.refusal(), UNKNOWN);
    assert_eq!(ask(&acme, &[("client_secret", "secret")]).await.refusal(), UNKNOWN);
    assert_eq!(basic(&acme, "app", "secret", &[("client_id", "odd:client +ü")]).await.refusal(), WRONG);
}

#[tokio::test]
async fn clients_of_other_kinds_get_no_tokens_here() {
    let acme = realm(json!([
        client("bearer", json!({"bearerOnly": true})),
        client("saml", json!({"protocol": "saml"})),
        client("tls", json!({"clientAuthenticatorType": "client-x509"})),
    ]))
    .await;
    let ask = async |id: &str| ask(&acme, &[("client_id", id), ("client_secret", "secret")]).await;
    assert_eq!(ask("bearer").await.refusal(), (400, "invalid_client", "Bearer-only not allowed"));
    assert_eq!(ask("saml").await.refusal(), (400, "invalid_client", "Wrong client protocol."));
    assert_eq!(ask("tls").await.refusal(), UNKNOWN);
}

/// A client whose assertions are signed with its secret, and one with its own key.
async fn with_assertions() -> (Acme, SigningKey) {
    let key = SigningKey::new(Algorithm::ES256, &PrivateKey::generate(KeySpec::P256).unwrap()).unwrap().with_kid("k1");
    let jwks = json!({"keys": [key.public_jwk()]}).to_string();
    let attributes = json!({"use.jwks.string": "true", "jwks.string": jwks});
    let acme = realm(json!([
        client("hmac", json!({"secret": SECRET, "clientAuthenticatorType": "client-secret-jwt"})),
        client("key", json!({"clientAuthenticatorType": "client-jwt", "attributes": attributes})),
        client("plain", json!({})),
        client("keyless", json!({"clientAuthenticatorType": "client-jwt"})),
    ]))
    .await;
    (acme, key)
}

/// The claims of an assertion for the realm; null leaves one out.
fn claims(acme: &Acme, id: &str, jti: &str, change: Value) -> Value {
    let now = START / 1000;
    let issuer = format!("{}/realms/acme", acme.kc.url());
    let mut claims = json!({"iss": id, "sub": id, "aud": issuer, "jti": jti, "iat": now, "exp": now + 60});
    for (name, value) in change.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

async fn assert_as(acme: &Acme, assertion: &str, fields: &[(&str, &str)]) -> Answer {
    let mut form = vec![("client_assertion_type", JWT_BEARER), ("client_assertion", assertion)];
    form.extend(fields);
    ask(acme, &form).await
}

fn secret_key(alg: Algorithm) -> SigningKey {
    SigningKey::from_secret(alg, SECRET.as_bytes()).unwrap()
}

#[tokio::test]
async fn an_assertion_is_checked_claim_by_claim() {
    let (acme, _) = with_assertions().await;
    let now = START / 1000;
    let token_endpoint = format!("{}/realms/acme/protocol/openid-connect/token", acme.kc.url());
    let cases = [
        (json!({}), None),
        (json!({"aud": token_endpoint}), None),
        (json!({"aud": [token_endpoint.as_str(), "http://elsewhere"]}), Some("Multiple audiences not allowed")),
        (json!({"aud": "http://elsewhere"}), Some("Invalid token audience")),
        (json!({"aud": null}), Some("Invalid token audience")),
        (json!({"jti": null}), Some("Token jti claim is required")),
        (json!({"exp": null}), Some("Token exp claim is required")),
        (json!({"exp": now - 300}), Some("Token is not active")),
        (json!({"nbf": now + 600}), Some("Token is not active")),
        (json!({"iat": now - 120}), Some("Token was issued too far in the past to be used now")),
    ];
    for (n, (change, refusal)) in cases.into_iter().enumerate() {
        let claims = claims(&acme, "hmac", &format!("id {n}"), change.clone());
        let answer = assert_as(&acme, &secret_key(Algorithm::HS256).sign(&claims).unwrap(), &[]).await;
        let expected = refusal.map_or((200, "", ""), |words| (400, "invalid_client", words));
        assert_eq!(answer.refusal(), expected, "{change}");
    }
    for change in [json!({"iss": "other"}), json!({"sub": "other"}), json!({"sub": null})] {
        let claims = claims(&acme, "hmac", "x", change);
        let answer = assert_as(&acme, &secret_key(Algorithm::HS256).sign(&claims).unwrap(), &[]).await;
        assert_eq!(answer.refusal(), UNKNOWN);
    }
}

#[tokio::test]
async fn an_assertion_is_good_once_also_when_many_come_at_once() {
    let (acme, key) = with_assertions().await;
    let assertion = key.sign(&claims(&acme, "key", "once", json!({}))).unwrap();
    let ask = || assert_as(&acme, &assertion, &[]);
    let (a, b, c, d) = tokio::join!(ask(), ask(), ask(), ask());
    let answers = [a, b, c, d];
    assert_eq!(answers.iter().filter(|a| a.status == StatusCode::OK).count(), 1);
    let reused = (400, "invalid_client", "Token reuse detected");
    assert_eq!(answers.iter().filter(|a| a.refusal() == reused).count(), 3);
    // and it is used up by a request that fails
    let other = key.sign(&claims(&acme, "key", "failing", json!({}))).unwrap();
    assert_eq!(assert_as(&acme, &other, &[("scope", "nosuch")]).await.refusal().1, "invalid_scope");
    assert_eq!(assert_as(&acme, &other, &[]).await.refusal(), reused);
}

#[tokio::test]
async fn an_assertion_is_signed_with_the_clients_own_key() {
    let (acme, key) = with_assertions().await;
    let sign = |key: &SigningKey, id: &str, jti: &str| key.sign(&claims(&acme, id, jti, json!({}))).unwrap();
    let invalid = |words| (400, "invalid_client", words);
    let failed = "Client authentication with signed JWT failed: Signature on JWT token failed validation";
    let stranger = SigningKey::new(Algorithm::ES256, &PrivateKey::generate(KeySpec::P256).unwrap()).unwrap();
    let forged = sign(&stranger.clone().with_kid("k1"), "key", "1");
    assert_eq!(assert_as(&acme, &forged, &[]).await.refusal(), invalid(failed));
    let unknown_key = sign(&key.clone().with_kid("nosuch"), "key", "2");
    assert_eq!(assert_as(&acme, &unknown_key, &[]).await.refusal(), invalid("Unable to load public key"));
    assert_eq!(
        assert_as(&acme, &sign(&key, "keyless", "3"), &[]).await.refusal(),
        invalid("Unable to load public key")
    );
    // a key does not speak for a client that authenticates otherwise, nor the secret for one with a key
    assert_eq!(assert_as(&acme, &sign(&key, "plain", "4"), &[]).await.refusal(), UNKNOWN);
    assert_eq!(assert_as(&acme, &sign(&key, "key", "5"), &[("client_id", "plain")]).await.refusal(), WRONG);
    assert_eq!(assert_as(&acme, &sign(&key, "key", "6"), &[("client_id", "keyless")]).await.refusal(), UNKNOWN);
    let hmac = SigningKey::from_secret(Algorithm::HS256, b"secret").unwrap().with_kid("k1");
    assert_eq!(assert_as(&acme, &sign(&hmac, "key", "7"), &[]).await.refusal(), invalid(failed));
    let by_secret = ask(&acme, &[("client_id", "key"), ("client_secret", "secret")]).await;
    assert_eq!(by_secret.refusal(), invalid("Parameter client_assertion_type is missing"));
    let unsigned = sign(&key, "key", "8");
    let payload = unsigned.split('.').nth(1).unwrap();
    let none = data_encoding::BASE64URL_NOPAD.encode(br#"{"alg":"none"}"#);
    let none = assert_as(&acme, &format!("{none}.{payload}."), &[]).await;
    assert_eq!(none.refusal(), invalid("Invalid signature algorithm"));
    assert_eq!(assert_as(&acme, &sign(&key, "key", "9"), &[("client_id", "key")]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn wrong_secrets_are_told_apart_at_introspection() {
    let acme = realm(json!([client("app", json!({}))])).await;
    let form = [("client_id", "app"), ("client_secret", "wrong"), ("token", "x")];
    let wrong = acme.post("token/introspect", &form).await;
    assert_eq!(wrong.refusal(), (401, "invalid_client", "Client authentication failed."));
    let unknown = acme.post("token/introspect", &[("client_id", "nosuch"), ("token", "x")]).await;
    assert_eq!(unknown.refusal(), UNKNOWN);
}
