//! The protocol endpoints and the login page: forms, queries, cookies and credentials that nobody honest sends.

use super::World;
use http::{Method, StatusCode};

const FORM: &[u8] = b"application/x-www-form-urlencoded";

/// Every path of a realm that is not the Admin API's, pages included.
fn paths() -> Vec<String> {
    let served = cloakroom_server::routes();
    let served = served.served().iter().map(|o| o.path).filter(|path| path.starts_with("/realms/"));
    let mut all: Vec<String> = served.map(|path| path.replace("{realm}", "acme")).collect();
    let below =
        ["protocol/openid-connect/auth", "protocol/openid-connect/registrations", "protocol/openid-connect/logout"];
    let actions = ["authenticate", "registration", "reset-credentials", "required-action", "restart", "consent"];
    all.extend(below.map(|path| format!("/realms/acme/{path}")));
    all.extend(actions.map(|action| format!("/realms/acme/login-actions/{action}")));
    all.sort();
    all.dedup();
    all
}

const NAMES: &[&str] = &[
    "grant_type",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "username",
    "password",
    "scope",
    "code",
    "code_verifier",
    "refresh_token",
    "token",
    "token_type_hint",
    "redirect_uri",
    "response_type",
    "response_mode",
    "state",
    "nonce",
    "prompt",
    "max_age",
    "ui_locales",
    "acr_values",
    "claims",
    "request",
    "code_challenge",
    "code_challenge_method",
    "id_token_hint",
    "post_logout_redirect_uri",
    "login_hint",
    "kc_action",
    "execution",
    "session_code",
    "tab_id",
    "client_data",
    "dpop_jkt",
];

#[tokio::test]
async fn odd_parameters_of_the_protocol_break_nothing() {
    let world = World::start().await;
    let before = world.all().await;
    let long = "a".repeat(1500);
    let values = [
        "",
        "%00",
        "%ff%fe",
        "%zz",
        "%",
        "%F0%9F%A6%80",
        "{}",
        "[[[[",
        "-1",
        "99999999999999999999",
        "a.b.c",
        "..",
        &long,
    ];
    let client = "client_id=acme-app&client_secret=secret";
    let good = [
        "grant_type=password&username=acme-person&password=pw&scope=openid",
        "grant_type=client_credentials",
        "grant_type=refresh_token",
        "grant_type=authorization_code",
        "response_type=code&redirect_uri=http://localhost/",
    ];
    for path in paths() {
        for value in values {
            let all: Vec<String> = NAMES.iter().map(|name| format!("{name}={value}")).collect();
            let mut bodies = vec![all.join("&")];
            for good in good {
                // a good request but for what it does not name
                let rest = NAMES.iter().filter(|name| !format!("{client}&{good}").contains(&format!("{name}=")));
                let rest: Vec<String> = rest.map(|name| format!("{name}={value}")).collect();
                bodies.push(format!("{client}&{good}&{}", rest.join("&")));
            }
            for body in bodies {
                let headers = [("authorization", &b""[..]), ("content-type", FORM)];
                world.send(Method::POST, &path, &headers, body.clone()).await;
                world.send(Method::GET, &format!("{path}?{body}"), &headers[..1], "").await;
            }
        }
    }
    // nobody got in, and nobody was locked out
    for (path, now) in world.all().await {
        let counted = path.contains("session") || path.contains("attack-detection");
        assert!(counted || before.get(&path) == Some(&now), "{path} is not as it was: {now}");
    }
}

#[tokio::test]
async fn odd_bodies_and_credentials_of_the_protocol_break_nothing() {
    let world = World::start().await;
    let long = format!("Bearer {}", "a".repeat(20_000)).into_bytes();
    let credentials: [&[u8]; 9] = [
        b"",
        b"Basic",
        b"Basic ====",
        b"Basic Og==",
        b"Basic AGE6AGI=",
        b"Basic //86/w==",
        b"Bearer \xff",
        b"DPoP a.b.c",
        &long,
    ];
    let cookies: [&[u8]; 5] = [
        b"",
        b"KEYCLOAK_IDENTITY=a.b.c",
        b"AUTH_SESSION_ID=\xff\xfe; KC_RESTART={}",
        b";;;=;=",
        b"KEYCLOAK_IDENTITY=; AUTH_SESSION_ID=..",
    ];
    let deep = format!("claims={}", "[".repeat(50_000));
    let many = "a=1&".repeat(20_000);
    let bodies: [(&[u8], &[u8]); 8] = [
        (FORM, b"\xff\xfe\0"),
        (FORM, b"===&&&=&%%%"),
        (FORM, b"grant_type=password&grant_type=password"),
        (FORM, deep.as_bytes()),
        (FORM, many.as_bytes()),
        (b"application/json", b"{\"grant_type\":"),
        (b"multipart/form-data", b"--"),
        (b"\xff", b"x"),
    ];
    for path in paths() {
        for credential in credentials {
            for cookie in cookies {
                let headers = [("authorization", credential), ("cookie", cookie)];
                world.send(Method::GET, &path, &headers, "").await;
            }
            for (kind, body) in bodies {
                let headers = [("authorization", credential), ("content-type", kind)];
                world.send(Method::POST, &path, &headers, body.to_vec()).await;
            }
        }
    }
    for realm in ["%00", "%ff", "%zz", "none", "..%2Facme", "%F0%9F%A6%80"] {
        for path in paths() {
            let path = path.replacen("/acme", &format!("/{realm}"), 1);
            let answer = world.send(Method::GET, &path, &[("authorization", b"")], "").await;
            assert!(answer.status.is_client_error(), "{path}: {answer:?}");
            assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        }
    }
}
