use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;
use crate::admin::{
    clients::Client,
    realms::{BruteForceStrategy, Realm},
    users::{User, UserQuery},
};
use crate::fields::StringMap;

fn read<T: DeserializeOwned>(value: Value) -> Result<T, BodyError> {
    read_json(value.to_string().as_bytes())
}

fn unknown<T: DeserializeOwned + std::fmt::Debug>(body: &str) -> String {
    read_json::<T>(body.as_bytes()).unwrap_err().to_string()
}

#[test]
fn scalars_are_taken_for_one_another_where_they_are_used() {
    let realm: Realm = read(json!({
        "realm": 12, "displayName": true, "enabled": "TRUE", "rememberMe": 1,
        "accessTokenLifespan": "60", "ssoSessionIdleTimeout": 12.9, "bruteForceStrategy": "LINEAR",
    }))
    .unwrap();
    assert_eq!((realm.realm.as_deref(), realm.display_name.as_deref()), (Some("12"), Some("true")));
    assert_eq!((realm.enabled, realm.remember_me), (Some(true), Some(true)));
    assert_eq!((realm.access_token_lifespan, realm.sso_session_idle_timeout), (Some(60), Some(12)));
    assert_eq!(realm.brute_force_strategy, Some(BruteForceStrategy::Linear));
}

#[test]
fn null_and_for_numbers_and_booleans_the_empty_text_are_no_value() {
    let realm: Realm = read(json!({"realm": null, "displayName": "", "enabled": "", "failureFactor": " "})).unwrap();
    assert_eq!((realm.realm, realm.enabled, realm.failure_factor), (None, None, None));
    assert_eq!(realm.display_name.as_deref(), Some(""));
}

#[test]
fn a_body_of_nothing_but_blanks_is_refused_and_not_read_for_ever() {
    let users: Vec<Value> = (0..10_000).map(|_| json!({"enabled": ""})).collect();
    assert!(matches!(read::<Vec<User>>(json!(users)), Err(BodyError::Type { .. })));
}

#[test]
fn what_cannot_be_taken_for_the_type_is_named_by_its_path() {
    for (body, path) in [
        (json!({"enabled": "maybe"}), "enabled"),
        (json!({"enabled": 1.5}), "enabled"),
        (json!({"failureFactor": true}), "failureFactor"),
        (json!({"failureFactor": 9_999_999_999_u64}), "failureFactor"),
        (json!({"failureFactor": 1e300}), "failureFactor"),
        (json!({"realm": {}}), "realm"),
        (json!({"realm": ["x"]}), "realm"),
        (json!({"supportedLocales": "de"}), "supportedLocales"),
        (json!({"bruteForceStrategy": "SUDDEN"}), "bruteForceStrategy"),
        (json!({"roles": []}), "roles"),
        (json!({"clients": [{}, {"redirectUris": [{}]}]}), "clients[1].redirectUris[0]"),
        (json!([]), ""),
        (json!("realm"), ""),
        (json!(null), ""),
    ] {
        match read::<Realm>(body.clone()) {
            Err(BodyError::Type { path: found, .. }) => assert_eq!(found, path, "{body}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn what_is_not_json_or_too_deep_is_a_syntax_error() {
    let deep = "{\"a\":".repeat(100_000);
    for body in ["", "{", "{'realm': 1}", "{} {}", "\u{feff}{}", &deep] {
        assert_eq!(read_json::<Realm>(body.as_bytes()).unwrap_err(), BodyError::Syntax, "{body:.20}");
    }
}

#[test]
fn what_begins_as_another_type_is_refused_as_that_whatever_comes_after() {
    for (body, is_type) in [("[", true), ("[[[", true), (" [1", true), ("{", false), ("\"a", false)] {
        let error = read_json::<Realm>(body.as_bytes()).unwrap_err();
        assert_eq!(matches!(error, BodyError::Type { .. }), is_type, "{body}: {error:?}");
    }
}

#[test]
fn of_a_name_given_twice_the_last_counts() {
    let realm: Realm = read_json(br#"{"realm": "a", "realm": "b"}"#).unwrap();
    assert_eq!(realm.realm.as_deref(), Some("b"));
}

#[test]
fn an_unknown_field_is_refused_in_keycloaks_words() {
    assert_eq!(
        unknown::<Client>(r#"{"clientId": "a", "unknownField": true}"#),
        r#"Invalid json representation for ClientRepresentation. Unrecognized field "unknownField" at line 1 column 39."#
    );
    assert_eq!(
        unknown::<Client>("{\n \"nope\": \"text\"}"),
        r#"Invalid json representation for ClientRepresentation. Unrecognized field "nope" at line 2 column 11."#
    );
}

#[test]
fn an_unknown_field_further_down_is_told_of_its_own_representation() {
    let body = r#"[{"a\"]}": {}, "credentials": [{"type": "x", "config": {"k": ["]"]}}, {"colour": {}}]}]"#;
    let body = body.replace(r#""a\"]}": {}, "#, r#""username": "\"]}", "#);
    let column = body.find("\"colour\": {").unwrap() + "\"colour\": {".len() + 1;
    let BodyError::Unknown { java_name, field, line, column: found, .. } =
        read_json::<Vec<User>>(body.as_bytes()).unwrap_err()
    else {
        panic!("refused for another reason")
    };
    assert_eq!((java_name, field.as_str(), line, found), ("CredentialRepresentation", "colour", 1, column));
}

#[test]
fn client_scopes_and_answers_may_hold_unknown_fields() {
    assert!(read::<crate::admin::client_scopes::ClientScope>(json!({"name": "a", "colour": 1})).is_ok());
    assert!(decode::<Client>(br#"{"clientId": "a", "colour": 1}"#).is_ok());
    assert!(decode::<Client>(br#"{"clientId": {}}"#).is_err());
}

#[test]
fn attributes_take_single_values_and_scalars() {
    let user: User = read(json!({"attributes": {"a": "x", "b": true, "c": [1, "y", null], "d": null}})).unwrap();
    let expected = [("a", vec!["x"]), ("b", vec!["true"]), ("c", vec!["1", "y"]), ("d", vec![])];
    assert_eq!(user.attributes, Some(expected.into()));
}

#[test]
fn configurations_tell_null_from_absent() {
    let client: Client = read(json!({"attributes": {"a": 1, "b": null, "c": ""}})).unwrap();
    let changes = client.attributes.unwrap();
    assert_eq!((changes.get("a"), changes.get("b"), changes.nulls().collect::<Vec<_>>()), (Some("1"), None, vec!["b"]));

    let mut stored = StringMap::from([("b", "old"), ("c", "old"), ("d", "old")]);
    stored.merge(changes);
    assert_eq!(stored, [("a", "1"), ("d", "old")].into());
}

#[test]
fn debug_output_holds_no_secrets() {
    let client: Client = read(json!({
        "secret": "hunter2", "attributes": {"client.secret.rotated": "hunter2", "tls": "shown"},
    }))
    .unwrap();
    let shown = format!("{client:?}");
    assert!(!shown.contains("hunter2") && shown.contains("shown"), "{shown}");
    assert_eq!(serde_json::to_value(&client).unwrap()["secret"], "hunter2");
}

#[test]
fn a_query_is_read_like_keycloak_does() {
    let query: UserQuery =
        read_query("max=-1&first=+3&enabled=True&exact=yes&search=J%C3%BCrg+X&search=2&other=1&q").unwrap();
    assert_eq!((query.max, query.first), (Some(-1), Some(3)));
    assert_eq!((query.enabled, query.exact, query.email_verified), (Some(true), Some(false), None));
    assert_eq!((query.search.as_deref(), query.q.as_deref()), (Some("Jürg X"), Some("")));
    assert_eq!(read_query::<UserQuery>("max=&enabled=").unwrap(), UserQuery::default());
    assert_eq!(read_query::<UserQuery>("").unwrap(), UserQuery::default());
}

#[test]
fn a_number_in_a_query_that_is_none_is_an_error() {
    for query in ["max=abc", "max=1.5", "max=99999999999", "a=1&max=0x1"] {
        assert_eq!(read_query::<UserQuery>(query).unwrap_err().parameter, "max", "{query}");
    }
}

#[test]
fn nul_is_refused_wherever_it_stands() {
    for body in
        [r#"{"username": "a\u0000"}"#, r#"{"attributes": {"a": ["\u0000"]}}"#, r#"{"attributes": {"\u0000": []}}"#]
    {
        assert!(matches!(read_json::<User>(body.as_bytes()), Err(BodyError::Type { .. })), "{body}");
    }
    assert!(read_json::<User>(br#"{"username": "\\u0000"}"#).is_ok());
    assert!(read_query::<UserQuery>("search=a%00").is_err());
}
