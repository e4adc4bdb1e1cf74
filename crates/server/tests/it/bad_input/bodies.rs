//! Bodies: not JSON, of other types, too deep, too large, of another media type; and names in any script.

use super::{JSON, World, method, with_body};
use crate::admins::by;
use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn a_body_that_is_not_json_is_refused_and_changes_nothing() {
    let world = World::start().await;
    let before = world.all().await;
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    let bodies: Vec<Vec<u8>> = vec![
        b"{".to_vec(),
        b"nul".to_vec(),
        b"[{}".to_vec(),
        b"{}}".to_vec(),
        b"{\"a\" 1}".to_vec(),
        b"{\"name\":\"\xff\xfe\"}".to_vec(),
        b"{\"name\":\"\\ud800\"}".to_vec(),
        b"{\"name\":1e999}".to_vec(),
        b"\0".to_vec(),
        deep("[", "]").into(),
        deep("{\"a\":", "}").into(),
        (String::from("[{\"attributes\":") + &deep("[", "]") + "}]").into(),
    ];
    for operation in with_body() {
        let path = world.path(&operation, "acme");
        for body in &bodies {
            let answer = world.json(&operation, &path, body.clone()).await;
            let shown = String::from_utf8_lossy(&body[..body.len().min(20)]);
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{} {path} {shown}: {answer:?}", operation.method);
            assert!(answer.text.contains("error"), "{path}: {answer:?}");
        }
    }
    world.unchanged(&before).await;
}

#[tokio::test]
async fn fields_and_types_that_no_representation_has_are_refused_and_change_nothing() {
    let world = World::start().await;
    let before = world.all().await;
    let bodies =
        ["{\"noSuchField\": 1}", "[{\"noSuchField\": 1}]", "[[[]]]", "\"text\"", "7", "true", "[7]", "{\"id\": {}}"];
    for operation in with_body() {
        let path = world.path(&operation, "acme");
        for body in bodies {
            // maps of text, lists of text, and what ignores unknown fields in Keycloak too, take some of these
            let answer = world.json(&operation, &path, body).await;
            let harmless = operation.path.ends_with("/nodes")
                || operation.path.ends_with("/partialImport")
                || operation.path.ends_with("disable-credential-types")
                || answer.text.is_empty()
                    && ["client-scopes", "client-templates"].iter().any(|p| operation.path.contains(p));
            assert!(answer.status.is_client_error() || harmless, "{} {path} {body}: {answer:?}", operation.method);
        }
    }
    world.unchanged(&before).await;
}

#[tokio::test]
async fn every_field_refuses_what_is_deeper_than_it_is_and_numbers_beyond_its_range() {
    let world = World::start().await;
    let before = world.all().await;
    for operation in with_body() {
        let path = world.path(&operation, "acme");
        let read = world.send(Method::GET, &path, &[], "").await;
        if read.status != StatusCode::OK {
            continue;
        }
        let Ok(read) = serde_json::from_str::<Value>(&read.text) else { continue };
        let (one, many) = match &read {
            Value::Array(list) => (list.first().cloned().unwrap_or_default(), operation.path.contains("mappings")),
            one => (one.clone(), false),
        };
        let Value::Object(fields) = one else { continue };
        for (field, value) in fields {
            let bad = match value {
                Value::Number(_) => vec!["1e300", "-99999999999999999999", "\"x\"", "{}", "[[[]]]"],
                Value::String(_) | Value::Bool(_) => vec!["{\"a\":{\"b\":[{}]}}", "[[[]]]"],
                _ => vec!["\"x\"", "{\"a\":{\"b\":{\"c\":{\"d\":{}}}}}"],
            };
            for bad in bad {
                let body = format!("{{\"{field}\": {bad}}}");
                let body = if many { format!("[{body}]") } else { body };
                // a failure ends the test in `send`; a few fields hold anything
                let answer = world.json(&operation, &path, body.clone()).await;
                let free = ["access", "config", "authenticationFlowBindingOverrides", "attributes", "subComponents"];
                let refused = answer.status.is_client_error() || free.contains(&field.as_str());
                assert!(refused, "{} {path} {body}: {answer:?}", operation.method);
            }
        }
    }
    world.unchanged(&before).await;
}

#[tokio::test]
async fn nul_is_in_no_name_and_changes_nothing() {
    let world = World::start().await;
    let before = world.all().await;
    for operation in with_body() {
        let path = world.path(&operation, "acme");
        for field in ["name", "username", "clientId", "realm", "type", "value", "id", "description", "alias"] {
            for body in [format!("{{\"{field}\":\"a\\u0000b\"}}"), format!("[{{\"{field}\":\"a\\u0000b\"}}]")] {
                let answer = world.json(&operation, &path, body.clone()).await;
                assert!(answer.status.is_client_error(), "{} {path} {body}: {answer:?}", operation.method);
            }
        }
    }
    world.unchanged(&before).await;
}

#[tokio::test]
async fn names_may_be_in_any_script() {
    let world = World::start().await;
    let name = "Zoë 🦀 名前 \u{202e}rtl\u{301}";
    let realm = world.kc.realm("acme");
    let role = json!({"name": name, "description": name});
    realm.roles().create(&serde_json::from_value(role).unwrap()).await.unwrap();
    assert_eq!(realm.roles().get(name).await.unwrap().description.as_deref(), Some(name));
    let group = json!({"name": name, "attributes": {name: [name]}});
    realm.groups().create(&serde_json::from_value(group).unwrap()).await.unwrap();
    assert_eq!(realm.groups().by_path(name).await.unwrap().attributes.unwrap()[name], [name]);
    let client = json!({"clientId": name, "name": name, "attributes": {"note": name}});
    let made = realm.clients().create(&serde_json::from_value(client).unwrap()).await.unwrap();
    assert_eq!(realm.clients().get(made.id()).await.unwrap().client_id.as_deref(), Some(name));
}

#[tokio::test]
async fn another_media_type_is_refused_before_the_body_is_read() {
    let world = World::start().await;
    let before = world.all().await;
    for operation in with_body() {
        let path = world.path(&operation, "acme");
        for kind in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "json", "\u{ff}"] {
            let answer = world.send(method(&operation), &path, &[("content-type", kind.as_bytes())], "{").await;
            assert_eq!(
                answer.status,
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "{} {path} {kind}: {answer:?}",
                operation.method
            );
        }
    }
    world.unchanged(&before).await;
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_413_and_of_somebody_unknown_not_read() {
    let world = World::start().await;
    let viewer = by(&world.kc, "acme-person").access_token().await.unwrap();
    let bearer = format!("Bearer {}", viewer.expose());
    let before = world.all().await;
    let large = Bytes::from(vec![b' '; (10 << 20) + 1]);
    // reading ends long before an operation is known: some of them show it
    for operation in with_body().filter(|o| o.path.starts_with("/admin/realms/{realm}/users")) {
        let path = world.path(&operation, "acme");
        let answer = world.json(&operation, &path, large.clone()).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert_eq!(answer.text, r#"{"error":"HTTP 413 Request Entity Too Large"}"#);
    }
    for path in ["/admin/realms", "/admin/realms/acme/partialImport", "/admin/realms/acme/users"] {
        let headers = [("content-type", JSON.as_bytes()), ("authorization", b"Bearer none")];
        let answer = world.send(Method::POST, path, &headers, large.clone()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    // a whole realm is read only of who may import it
    for path in ["/admin/realms", "/admin/realms/acme/partialImport"] {
        let headers = [("content-type", JSON.as_bytes()), ("authorization", bearer.as_bytes())];
        let answer = world.send(Method::POST, path, &headers, large.clone()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    // one that is within the limit is read, and one of a whole realm may be larger
    let name = "x".repeat(10 << 20);
    let headers = [("content-type", JSON.as_bytes())];
    let fits = world.send(Method::POST, "/admin/realms", &headers, format!("{{\"x\":\"{name}\"}}")).await;
    assert_eq!(fits.status, StatusCode::BAD_REQUEST);
    let form = [("content-type", &b"application/x-www-form-urlencoded"[..]), ("authorization", b"")];
    let token = world.send(Method::POST, "/realms/acme/protocol/openid-connect/token", &form, large).await;
    assert_eq!(token.status, StatusCode::PAYLOAD_TOO_LARGE);
    world.unchanged(&before).await;
}
