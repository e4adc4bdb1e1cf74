//! Paths and queries: what no name can be, and what is in another realm.

use super::{World, operations, with_body};
use http::{Method, StatusCode};

#[tokio::test]
async fn nothing_is_found_by_odd_segments_and_nothing_breaks() {
    let world = World::start().await;
    let before = world.all().await;
    let long = "a".repeat(5000);
    let odd = [
        "%00",
        "a%00b",
        "%ff",
        "%zz",
        "%",
        "%F0%9F%A6%80",
        "'%20OR%201=1--",
        "a%2Fb",
        "..%2F..",
        "%25",
        "*",
        "_",
        "-1",
        &long,
    ];
    for operation in operations("") {
        for value in odd {
            let mut before = "";
            let segments = operation.path.split('/').map(|segment| {
                let bad = segment.starts_with('{')
                    && !matches!((before, operation.path), ("realms", path) if path != "/admin/realms/{realm}");
                let filled = if bad { value.to_owned() } else { world.value(before, segment, "acme") };
                let filled = if segment.starts_with('{') { filled } else { segment.to_owned() };
                before = segment;
                filled
            });
            let path = segments.collect::<Vec<_>>().join("/");
            // only what is not behind an id is there to be changed: leave that alone
            if path == world.path(&operation, "acme") && operation.method != "GET" {
                continue;
            }
            world.json(&operation, &path, "").await;
        }
    }
    for realm in odd {
        let path = format!("/admin/realms/{realm}/users");
        let answer = world.send(Method::GET, &path, &[], "").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {answer:?}");
    }
    world.unchanged(&before).await;
}

#[tokio::test]
async fn odd_queries_break_nothing() {
    let world = World::start().await;
    let (huge, stars) = ("a".repeat(60_000), "*a".repeat(25_000));
    let texts = ["", "%00", "%ff", "%zz", "%25_%25", "'%22%3B--", "%F0%9F%A6%80*", ":a:b", &huge, &stars];
    let numbers = ["-1", "-2147483648", "2147483647", "99999999999999999999", "1e3", "abc", "", "%00"];
    // `search` beats the other fields; all of them together fit into a request line
    let others =
        ["q", "username", "email", "scope", "clientId", "name", "type", "parent", "userId", "audience", "exact"];
    let mut queries: Vec<String> = numbers.iter().map(|n| format!("first={n}&max={n}")).collect();
    for text in texts {
        let part = text.get(..5000).unwrap_or(text);
        queries.push(format!("search={text}&enabled=maybe&briefRepresentation=%ff"));
        queries.push(others.map(|name| format!("{name}={part}")).join("&"));
    }
    for operation in operations("GET") {
        let path = world.path(&operation, "acme");
        for query in &queries {
            // some are refused in words; a failure ends the test in `send`
            world.send(Method::GET, &format!("{path}?{query}"), &[], "").await;
        }
    }
}

#[tokio::test]
async fn what_is_in_another_realm_is_not_there() {
    let world = World::start().await;
    let before = world.all().await;
    // of every user that is not there nothing was counted, which is no failure
    for operation in operations("").into_iter().filter(|o| !o.path.contains("/attack-detection/")) {
        let path = world.path(&operation, "other");
        // failed logins are counted of anybody, and texts have any name
        let by_name = ["/attack-detection/", "/localization/"].iter().any(|part| path.contains(part));
        if by_name || path == world.path(&operation, "acme") {
            continue;
        }
        for body in ["", "{}", "[]", r#"{"name":"x"}"#] {
            let answer = world.json(&operation, &path, body).await;
            assert!(answer.status.is_client_error(), "{} {path} {body}: {answer:?}", operation.method);
            assert!(!answer.text.contains("other-"), "{} {path} {body}: {answer:?}", operation.method);
        }
    }
    // nor can it be named in a body
    let role = r#"[{"id":"other-role","name":"other-role-name"}]"#;
    for operation in with_body().filter(|o| o.path.ends_with("/realm") || o.path.ends_with("/composites")) {
        let path = world.path(&operation, "acme");
        let answer = world.json(&operation, &path, role).await;
        assert!(answer.status.is_client_error(), "{} {path}: {answer:?}", operation.method);
    }
    world.unchanged(&before).await;
}
