//! Tokens: none, forged, of another kind, of yesterday, of another realm.

use super::{JSON, World, method, operations};
use cloakroom_jose::{Algorithm, KeySpec, PrivateKey, SigningKey};
use data_encoding::BASE64URL_NOPAD;
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// The token with other claims, under its own signature.
fn with_claims(token: &str, change: impl Fn(&mut Value)) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let mut claims: Value = serde_json::from_slice(&BASE64URL_NOPAD.decode(parts[1].as_bytes()).unwrap()).unwrap();
    change(&mut claims);
    parts[1] = BASE64URL_NOPAD.encode(claims.to_string().as_bytes());
    parts.join(".")
}

fn claims(token: &str) -> Value {
    serde_json::from_slice(&BASE64URL_NOPAD.decode(token.split('.').nth(1).unwrap().as_bytes()).unwrap()).unwrap()
}

#[tokio::test]
async fn no_token_and_a_forged_one_open_nothing() {
    let world = World::start().await;
    let before = world.all().await;
    let (token, own) = (world.token.clone(), claims(&world.token));
    let header: Value =
        serde_json::from_slice(&BASE64URL_NOPAD.decode(token.split('.').next().unwrap().as_bytes()).unwrap()).unwrap();
    let kid = header["kid"].as_str().unwrap();
    let none = |alg: &str| {
        let header = BASE64URL_NOPAD.encode(json!({"alg": alg, "typ": "JWT", "kid": kid}).to_string().as_bytes());
        format!("{header}.{}.", token.split('.').nth(1).unwrap())
    };
    let stranger = PrivateKey::generate(KeySpec::rsa(2048).unwrap()).unwrap();
    let stranger = SigningKey::new(Algorithm::RS256, &stranger).unwrap().with_kid(kid).sign(&own).unwrap();
    let keys = world.send(Method::GET, "/realms/master/protocol/openid-connect/certs", &[], "").await;
    let keys: Value = serde_json::from_str(&keys.text).unwrap();
    let key = keys["keys"].as_array().unwrap().iter().find(|k| k["kid"] == kid).unwrap();
    let confused =
        |secret: &[u8]| SigningKey::from_secret(Algorithm::HS256, secret).unwrap().with_kid(kid).sign(&own).unwrap();
    let certificate =
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----", key["x5c"][0].as_str().unwrap());
    let form = [("content-type", &b"application/x-www-form-urlencoded"[..]), ("authorization", b"")];
    let login = "grant_type=password&client_id=admin-cli&username=admin&password=admin&scope=openid";
    let tokens = world.send(Method::POST, "/realms/master/protocol/openid-connect/token", &form, login).await;
    let tokens: Value = serde_json::from_str(&tokens.text).unwrap();
    let bearer = |token: &str| format!("Bearer {token}").into_bytes();
    let mut forged: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"Bearer".to_vec(),
        b"Bearer  ".to_vec(),
        b"Bearer a.b.c".to_vec(),
        b"Bearer \xff\xfe".to_vec(),
        b"Basic YWRtaW46YWRtaW4=".to_vec(),
        token.clone().into_bytes(),
        format!("Basic {token}").into_bytes(),
        bearer(&none("none")),
        bearer(&none("NONE")),
        bearer(&none("RS256")),
        bearer(&none("HS256")),
        bearer(&stranger),
        bearer(&confused(key["n"].as_str().unwrap().as_bytes())),
        bearer(&confused(certificate.as_bytes())),
        bearer(&confused(&data_encoding::BASE64.decode(key["x5c"][0].as_str().unwrap().as_bytes()).unwrap())),
        bearer(&with_claims(&token, |c| c["exp"] = 4_000_000_000_u64.into())),
        bearer(&with_claims(&token, |c| c["iss"] = c["iss"].as_str().unwrap().replace("master", "acme").into())),
        bearer(&with_claims(&token, |c| c["iss"] = "http://elsewhere.example/realms/master".into())),
        bearer(&token[..token.len() - 2]),
        bearer(&format!("{token}.")),
        bearer(&"a".repeat(20_000)),
        bearer(&format!("{}.{}.{}", "a".repeat(4000), "b".repeat(4000), "c".repeat(4000))),
    ];
    forged.extend(["id_token", "refresh_token"].map(|kind| bearer(tokens[kind].as_str().unwrap())));
    for operation in operations("") {
        let path = world.path(&operation, "acme");
        for authorization in &forged {
            let headers = [("content-type", JSON.as_bytes()), ("authorization", authorization)];
            let answer = world.send(method(&operation), &path, &headers, "").await;
            let shown = String::from_utf8_lossy(&authorization[..authorization.len().min(60)]);
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{} {path} with {shown}: {answer:?}", operation.method);
            assert_eq!(answer.text, r#"{"error":"HTTP 401 Unauthorized"}"#, "{path}");
        }
    }
    world.unchanged(&before).await;
    world.kc.clock().advance(24 * 60 * 60);
    for operation in operations("") {
        let path = world.path(&operation, "acme");
        let answer = world.json(&operation, &path, "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{} {path} with a token of yesterday", operation.method);
    }
}

#[tokio::test]
async fn a_token_of_another_realm_opens_nothing_here() {
    let world = World::start().await;
    let form = [("content-type", &b"application/x-www-form-urlencoded"[..]), ("authorization", b"")];
    let login = "grant_type=password&client_id=admin-cli&username=other-person&password=pw";
    let tokens = world.send(Method::POST, "/realms/other/protocol/openid-connect/token", &form, login).await;
    let token = serde_json::from_str::<Value>(&tokens.text).unwrap()["access_token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}").into_bytes();
    let read = world.send(Method::GET, "/admin/realms/other/users", &[("authorization", &bearer)], "").await;
    assert_eq!(read.status, StatusCode::OK);
    let before = world.all().await;
    let elsewhere = with_claims(&token, |c| c["iss"] = c["iss"].as_str().unwrap().replace("other", "acme").into());
    let elsewhere = format!("Bearer {elsewhere}").into_bytes();
    for operation in operations("").iter().filter(|o| o.path.starts_with("/admin/realms/{realm}")) {
        let path = world.path(operation, "acme");
        let body = if operation.path.ends_with("s") { "[]" } else { "{}" };
        let headers = [("content-type", JSON.as_bytes()), ("authorization", &bearer)];
        let answer = world.send(method(operation), &path, &headers, body).await;
        // who has no rights learns nothing but what is wrong with the request itself
        assert!(answer.status.is_client_error(), "{} {path}: {answer:?}", operation.method);
        let headers = [("content-type", JSON.as_bytes()), ("authorization", &elsewhere)];
        let answer = world.send(method(operation), &path, &headers, body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{} {path}: {answer:?}", operation.method);
    }
    world.unchanged(&before).await;
}
