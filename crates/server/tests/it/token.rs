//! Getting, using and ending tokens, as applications see it.

use crate::acme::{Acme, Answer, audience, client, user};
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// What a refusal says.
pub(crate) fn words(answer: &Answer) -> (u16, &str, &str) {
    answer.refusal()
}

/// That tokens were given.
pub(crate) fn alive(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}

#[tokio::test]
async fn a_password_gives_tokens_that_say_who_and_for_whom() {
    let acme = Acme::start(json!({})).await;
    let got = acme.login("openid").await;
    let (access, id) = (got.claims("access_token"), got.claims("id_token"));
    assert_eq!(access["typ"], "Bearer");
    assert_eq!(access["preferred_username"], "alice");
    assert_eq!(access["azp"], "app");
    assert_eq!(access["exp"].as_i64(), access["iat"].as_i64().map(|at| at + 300));
    assert_eq!(id["aud"], "app");
    assert_eq!(id["sub"], access["sub"]);
    assert_eq!(got.body["scope"], "openid email profile");
    assert_eq!((&got.body["expires_in"], &got.body["refresh_expires_in"]), (&json!(300), &json!(1800)));
    assert_eq!(got.headers["cache-control"], "no-store");
    assert_eq!(acme.userinfo(got.text("access_token")).await.body["email"], "alice@example.org");
}

#[tokio::test]
async fn an_id_token_is_bound_to_its_access_token() {
    use cloakroom_jose::{Algorithm, half_hash};
    let acme = Acme::start(json!({})).await;
    let got = acme.login("openid").await;
    let expected = half_hash(Algorithm::RS256, got.text("access_token"));
    assert_eq!(got.claims("id_token")["at_hash"], expected.as_str());
    assert!(acme.login("email").await.body.get("id_token").is_none());
}

#[tokio::test]
async fn a_token_that_was_good_is_not_trusted_once_it_is_altered_or_its_key_is_gone() {
    use cloakroom_api::admin::components::ComponentQuery;
    let acme = Acme::start(json!({})).await;
    let token = acme.login("openid").await.text("access_token").to_owned();
    for _ in 0..2 {
        alive(&acme.userinfo(&token).await);
    }
    let (message, signature) = token.rsplit_once('.').unwrap();
    let other = if signature.starts_with('A') { 'B' } else { 'A' };
    let altered = format!("{message}.{other}{}", &signature[1..]);
    assert_eq!(acme.userinfo(&altered).await.status, StatusCode::UNAUTHORIZED);
    let components = acme.kc.realm("acme").components();
    let query =
        ComponentQuery { r#type: Some("org.keycloak.keys.KeyProvider".to_owned()), ..ComponentQuery::default() };
    let mut keys = components.list(&query).await.unwrap();
    keys.retain(|key| key.provider_id.as_deref() == Some("rsa-generated"));
    for mut key in keys {
        key.config.get_or_insert_default().insert("enabled".to_owned(), vec!["false".to_owned()]);
        components.update(key.id.as_deref().unwrap(), &key).await.unwrap();
    }
    assert_eq!(acme.userinfo(&token).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn requests_that_are_none_are_told_what_they_lack() {
    let acme = Acme::start(json!({})).await;
    let missing = acme.post_as("app", "token", &[]).await;
    assert_eq!(words(&missing), (400, "invalid_request", "Missing form parameter: grant_type"));
    let unknown = acme.post_as("app", "token", &[("grant_type", "urn:ietf:params:oauth:grant-type:device_code")]).await;
    assert_eq!(words(&unknown), (400, "unsupported_grant_type", "Unsupported grant_type"));
    let twice = [("grant_type", "password"), ("username", "alice"), ("username", "alice"), ("password", "pw")];
    assert_eq!(words(&acme.post_as("app", "token", &twice).await), (400, "invalid_request", "duplicated parameter"));
    let nameless = acme.post_as("app", "token", &[("grant_type", "password"), ("password", "pw")]).await;
    assert_eq!(words(&nameless), (401, "invalid_request", "Missing parameter: username"));
    let elsewhere = "/realms/nowhere/protocol/openid-connect/token";
    let elsewhere = acme.send(Method::POST, elsewhere, &[], &[("grant_type", "password")]).await;
    assert_eq!((elsewhere.status.as_u16(), &elsewhere.body["error"]), (404, &json!("Realm does not exist")));
    let json = acme.send(
        Method::POST,
        "/realms/acme/protocol/openid-connect/token",
        &[("content-type", "application/json")],
        &[],
    );
    assert_eq!(json.await.refusal().1, "invalid_request");
    let nul = [("grant_type", "password"), ("username", "a\0b"), ("password", "pw")];
    assert_eq!(acme.post_as("app", "token", &nul).await.refusal().1, "invalid_request");
}

#[tokio::test]
async fn who_does_not_exist_and_who_mistypes_are_answered_alike() {
    let acme = Acme::start(json!({"users": [user("alice", json!({})), user("off", json!({"enabled": false}))]})).await;
    let ask = async |name: &str, password: &str| {
        let form = [("grant_type", "password"), ("username", name), ("password", password)];
        acme.post_as("app", "token", &form).await
    };
    let wrong = (400, "invalid_grant", "Invalid user credentials");
    for (name, password) in [("alice", "wrong"), ("nobody", "pw"), ("off", "wrong"), ("", "")] {
        assert_eq!(words(&ask(name, password).await), wrong, "{name:?}");
    }
    // only who knows the password learns more
    assert_eq!(words(&ask("off", "pw").await), (400, "invalid_grant", "Account disabled"));
}

#[tokio::test]
async fn users_whom_a_page_would_ask_something_get_no_tokens_by_password() {
    let users = json!([
        user("alice", json!({})),
        user("todo", json!({"requiredActions": ["UPDATE_PASSWORD"]})),
        user("nameless", json!({"lastName": ""})),
    ]);
    let acme = Acme::start(json!({"users": users})).await;
    for name in ["todo", "nameless"] {
        let form = [("grant_type", "password"), ("username", name), ("password", "pw")];
        let answer = acme.post_as("app", "token", &form).await;
        assert_eq!(words(&answer), (400, "invalid_grant", "Account is not fully set up"), "{name}");
    }
}

#[tokio::test]
async fn scopes_are_the_clients_own_and_every_word_counts() {
    let acme = Acme::start(json!({})).await;
    let ask = async |scope: &str| {
        let form = [("grant_type", "password"), ("username", "alice"), ("password", "pw"), ("scope", scope)];
        acme.post_as("app", "token", &form).await
    };
    assert_eq!(ask("phone phone").await.body["scope"], "email phone profile");
    for scope in ["", "nosuch", "phone nosuch", "PHONE", "  phone", "organization:acme"] {
        let answer = ask(scope).await;
        assert_eq!(words(&answer), (400, "invalid_scope", &*format!("Invalid scopes: {scope}")));
    }
}

#[tokio::test]
async fn a_token_works_only_as_what_it_is() {
    let acme = Acme::start(json!({})).await;
    let got = acme.login("openid").await;
    for wrong in [got.text("access_token"), got.text("id_token"), "garbage", ""] {
        assert_eq!(words(&acme.refresh(wrong).await), (400, "invalid_grant", "Invalid refresh token"));
    }
    for wrong in [got.text("refresh_token"), got.text("id_token")] {
        assert_eq!(acme.userinfo(wrong).await.status, StatusCode::UNAUTHORIZED);
        let form = [("grant_type", "authorization_code"), ("code", wrong), ("redirect_uri", "http://localhost/cb")];
        assert_eq!(words(&acme.post_as("app", "token", &form).await), (400, "invalid_grant", "Code not valid"));
    }
    assert!(!acme.is_active(got.text("refresh_token")).await);
    let foreign = [("grant_type", "refresh_token"), ("refresh_token", got.text("refresh_token"))];
    let foreign = acme.post_as("other", "token", &foreign).await;
    assert_eq!(foreign.refusal().2, "Invalid refresh token. Token client and authorized client don't match");
}

#[tokio::test]
async fn a_public_key_is_no_secret_to_sign_with() {
    use cloakroom_jose::{Algorithm, PublicKey, SigningKey};
    let acme = Acme::start(json!({})).await;
    let got = acme.login("openid").await;
    let keys = acme.send(Method::GET, "/realms/acme/protocol/openid-connect/certs", &[], &[]).await.body;
    let jwk = keys["keys"].as_array().unwrap().iter().find(|key| key["use"] == "sig").unwrap().clone();
    let public = PublicKey::from_jwk(&serde_json::from_value(jwk.clone()).unwrap()).unwrap();
    let claims = got.claims("access_token");
    for text in [public.to_pem(), jwk["n"].as_str().unwrap().to_owned(), jwk["x5c"][0].as_str().unwrap().to_owned()] {
        for algorithm in [Algorithm::HS256, Algorithm::HS512] {
            let key = SigningKey::from_secret(algorithm, text.as_bytes()).unwrap();
            let forged = key.with_kid(jwk["kid"].as_str().unwrap()).sign(&claims).unwrap();
            assert_eq!(acme.userinfo(&forged).await.status, StatusCode::UNAUTHORIZED);
            assert!(!acme.is_active(&forged).await);
        }
    }
    let unsigned = data_encoding::BASE64URL_NOPAD.encode(br#"{"alg":"none","typ":"JWT"}"#);
    let payload = got.text("access_token").split('.').nth(1).unwrap();
    assert_eq!(acme.userinfo(&format!("{unsigned}.{payload}.")).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn only_its_audience_may_ask_about_a_token() {
    let acme = Acme::start(json!({})).await;
    let got = acme.login("openid").await;
    let access = got.text("access_token");
    for (asks, active) in [("app", true), ("rs", true), ("other", false)] {
        let answer = acme.post_as(asks, "token/introspect", &[("token", access)]).await;
        assert_eq!(answer.body["active"], active, "{asks}");
        assert_eq!(answer.body.as_object().unwrap().len() > 1, active, "{asks}");
    }
    let public = acme.post("token/introspect", &[("client_id", "public"), ("token", access)]).await;
    assert_eq!(words(&public), (403, "invalid_request", "Client not allowed."));
    let hint = [("token", got.text("refresh_token")), ("token_type_hint", "refresh_token")];
    let refresh = acme.post_as("app", "token/introspect", &hint).await;
    assert_eq!((&refresh.body["active"], &refresh.body["typ"]), (&json!(true), &json!("Refresh")));
    let odd = acme.post_as("app", "token/introspect", &[("token", access), ("token_type_hint", "x")]).await;
    assert_eq!(words(&odd), (400, "invalid_request", "Unsupported token type."));
}

#[tokio::test]
async fn not_before_makes_older_tokens_stale_at_once() {
    let acme = Acme::start(json!({})).await;
    let got = acme.login("openid").await;
    let offline = acme.login("openid offline_access").await;
    assert!(acme.is_active(got.text("access_token")).await);
    acme.kc.clock().advance(2);
    acme.admin(Method::POST, "/logout-all", json!(null)).await;
    for token in [&got, &offline] {
        assert!(!acme.is_active(token.text("access_token")).await);
        assert_eq!(words(&acme.refresh(token.text("refresh_token")).await), (400, "invalid_grant", "Stale token"));
    }
    let challenge = acme.userinfo(got.text("access_token")).await.headers["www-authenticate"].clone();
    let expected = r#"Bearer realm="acme", error="invalid_token", error_description="Token verification failed""#;
    assert_eq!(challenge, expected);
    let fresh = acme.login("openid").await;
    assert!(acme.is_active(fresh.text("access_token")).await);
    assert!(fresh.body["not-before-policy"].as_i64().is_some_and(|at| at > 0));
}

#[tokio::test]
async fn a_realm_that_is_switched_off_serves_no_tokens() {
    let acme = Acme::start(json!({})).await;
    let got = acme.login("openid").await;
    let off = json!({"realm": "acme", "enabled": false});
    acme.admin(Method::PUT, "", off).await;
    let refused = (403, "access_denied", "Realm not enabled");
    let grants = [
        vec![("grant_type", "password"), ("username", "alice"), ("password", "pw")],
        vec![("grant_type", "client_credentials")],
        vec![("grant_type", "refresh_token"), ("refresh_token", got.text("refresh_token"))],
        vec![("grant_type", "authorization_code"), ("code", "x")],
    ];
    for form in grants {
        assert_eq!(words(&acme.post_as("app", "token", &form).await), refused);
    }
    assert_eq!(words(&acme.introspect(got.text("access_token")).await), refused);
    assert_eq!(words(&acme.post_as("app", "revoke", &[("token", "x")]).await), refused);
    assert_eq!(acme.userinfo(got.text("access_token")).await.status, StatusCode::FORBIDDEN);
    // what is public stays so
    for path in ["protocol/openid-connect/certs", ".well-known/openid-configuration"] {
        assert_eq!(acme.send(Method::GET, &format!("/realms/acme/{path}"), &[], &[]).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_service_account_speaks_for_its_client_without_a_session() {
    let acme = Acme::start(json!({})).await;
    let form = [("grant_type", "client_credentials"), ("scope", "openid")];
    // the account of an imported client is made by its first request
    alive(&acme.post_as("app", "token", &form).await);
    let answer = acme.post_as("app", "token", &form).await;
    let claims = answer.claims("access_token");
    assert_eq!(claims["preferred_username"], "service-account-app");
    assert_eq!((&claims["client_id"], &claims["sid"]), (&json!("app"), &Value::Null));
    assert_eq!((&answer.body["refresh_expires_in"], answer.body.get("refresh_token")), (&json!(0), None));
    assert!(acme.is_active(answer.text("access_token")).await);
    assert_eq!(acme.userinfo(answer.text("access_token")).await.body["preferred_username"], "service-account-app");
    let form = [("client_id", "public"), ("grant_type", "client_credentials")];
    let public = acme.post("token", &form).await;
    assert_eq!(public.refusal().2, "Public client not allowed to retrieve service account");
}

#[tokio::test]
async fn a_client_may_ask_that_its_service_account_has_a_session() {
    let clients = json!([client("app", json!({"attributes": {"client_credentials.use_refresh_token": "true"}}))]);
    let acme = Acme::start(json!({"clients": clients})).await;
    let answer = acme.post_as("app", "token", &[("grant_type", "client_credentials")]).await;
    alive(&acme.refresh(answer.text("refresh_token")).await);
}

#[tokio::test]
async fn revoking_an_access_token_ends_it_alone_and_a_refresh_token_all() {
    let acme = Acme::start(json!({})).await;
    let got = acme.login("openid").await;
    let revoke = async |client: &str, token: &str| acme.post_as(client, "revoke", &[("token", token)]).await;
    assert_eq!(words(&revoke("other", got.text("access_token")).await), (400, "invalid_request", "Unmatching clients"));
    assert_eq!(revoke("app", got.text("access_token")).await.body, "");
    assert!(!acme.is_active(got.text("access_token")).await);
    assert_eq!(acme.userinfo(got.text("access_token")).await.status, StatusCode::UNAUTHORIZED);
    let next = acme.refresh(got.text("refresh_token")).await;
    assert!(acme.is_active(next.text("access_token")).await);
    assert_eq!(revoke("app", next.text("refresh_token")).await.body, "");
    assert!(!acme.is_active(next.text("access_token")).await);
    assert_eq!(words(&acme.refresh(next.text("refresh_token")).await), (400, "invalid_grant", "Session not active"));
    // what is worth nothing already is no failure
    for dead in [next.text("refresh_token"), got.text("access_token"), "garbage", ""] {
        assert_eq!(words(&revoke("app", dead).await), (200, "invalid_token", "Invalid token"));
    }
    let id = acme.login("openid").await;
    assert_eq!(words(&revoke("app", id.text("id_token")).await).1, "unsupported_token_type");
}

#[tokio::test]
async fn lightweight_tokens_say_little_and_introspection_tells_the_rest() {
    let attributes = json!({"client.use.lightweight.access.token.enabled": "true"});
    let app = client("app", json!({"attributes": attributes, "protocolMappers": [audience("app")]}));
    let acme = Acme::start(json!({"clients": [app]})).await;
    let got = acme.login("openid").await;
    let claims = got.claims("access_token");
    let mut names: Vec<_> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["azp", "exp", "iat", "iss", "jti", "scope", "sid", "typ"]);
    assert_eq!(acme.introspect(got.text("access_token")).await.body["email"], "alice@example.org");
    let refused = acme.userinfo(got.text("access_token")).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(got.claims("id_token")["preferred_username"], "alice");
}

#[tokio::test]
async fn tokens_are_signed_as_the_client_asks() {
    let keys = json!({"org.keycloak.keys.KeyProvider": [
        {"name": "ec", "providerId": "ecdsa-generated", "config": {"ecdsaEllipticCurveKey": ["P-256"], "priority": ["50"]}},
        {"name": "rsa", "providerId": "rsa-generated", "config": {"priority": ["100"], "algorithm": ["RS256"]}},
        {"name": "hmac", "providerId": "hmac-generated", "config": {"algorithm": ["HS512"], "priority": ["100"]}},
    ]});
    let attributes = json!({"access.token.signed.response.alg": "ES256", "user.info.response.signature.alg": "ES256"});
    let app = client("app", json!({"attributes": attributes, "protocolMappers": [audience("app")]}));
    let acme = Acme::start(json!({"clients": [app], "components": keys})).await;
    let got = acme.login("openid").await;
    let alg = |token: &str| cloakroom_jose::Unverified::parse(got.text(token)).unwrap().header().alg.name();
    assert_eq!((alg("access_token"), alg("id_token"), alg("refresh_token")), ("ES256", "RS256", "HS512"));
    let info = acme.userinfo(got.text("access_token")).await;
    assert_eq!(info.headers["content-type"], "application/jwt");
    let signed = crate::acme::claims(info.body.as_str().unwrap());
    assert_eq!((&signed["aud"], &signed["email"]), (&json!("app"), &json!("alice@example.org")));
}

#[tokio::test]
async fn a_token_of_one_realm_is_worth_nothing_in_another() {
    let acme = Acme::start(json!({})).await;
    let other = json!({"realm": "other", "enabled": true, "clients": [client("app", json!({"protocolMappers": [audience("app")]}))],
        "users": [{"username": "alice", "enabled": true}]});
    acme.kc.realms().create(&serde_json::from_value(other).unwrap()).await.unwrap();
    let got = acme.login("openid").await;
    let bearer = format!("Bearer {}", got.text("access_token"));
    let there = "/realms/other/protocol/openid-connect";
    let info = acme.send(Method::GET, &format!("{there}/userinfo"), &[("authorization", &bearer)], &[]).await;
    assert_eq!(info.status, StatusCode::UNAUTHORIZED);
    let ask = async |endpoint: &str, fields: &[(&str, &str)]| {
        let mut form = vec![("client_id", "app"), ("client_secret", "secret")];
        form.extend(fields);
        acme.send(Method::POST, &format!("{there}/{endpoint}"), &[], &form).await
    };
    let refresh = got.text("refresh_token");
    assert_eq!(ask("token/introspect", &[("token", got.text("access_token"))]).await.body["active"], false);
    let hint = [("token", refresh), ("token_type_hint", "refresh_token")];
    assert_eq!(ask("token/introspect", &hint).await.body["active"], false);
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    assert_eq!(words(&ask("token", &form).await), (400, "invalid_grant", "Invalid refresh token"));
    assert_eq!(ask("revoke", &[("token", refresh)]).await.refusal().1, "invalid_token");
    alive(&acme.refresh(refresh).await);
    // nor does an administrator of one realm rule another
    let admin = acme.send(Method::GET, "/admin/realms/other/users", &[("authorization", &bearer)], &[]).await;
    assert_eq!(admin.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn wrong_passwords_lock_a_user_out_and_the_right_one_says_nothing_more() {
    let guarded = json!({"bruteForceProtected": true, "failureFactor": 3, "quickLoginCheckMilliSeconds": 0});
    let acme = Acme::start(guarded).await;
    let ask = async |password: &str| {
        let form = [("grant_type", "password"), ("username", "alice"), ("password", password)];
        acme.post_as("app", "token", &form).await
    };
    for _ in 0..3 {
        assert_eq!(ask("wrong").await.refusal().2, "Invalid user credentials");
    }
    assert_eq!(words(&ask("pw").await), (400, "invalid_grant", "Invalid user credentials"));
    acme.kc.clock().advance(61);
    alive(&ask("pw").await);
}

#[tokio::test]
async fn discovery_names_every_endpoint_under_the_realms_own_address() {
    let acme = Acme::start(json!({"attributes": {"frontendUrl": "https://login.example/base/"}})).await;
    let path = "/realms/acme/.well-known/openid-configuration";
    let found = acme.send(Method::GET, path, &[("origin", "http://any")], &[]).await;
    assert_eq!(found.body["issuer"], "https://login.example/base/realms/acme");
    assert_eq!(found.headers["access-control-allow-origin"], "http://any");
    let root = acme.send(Method::GET, "/.well-known/oauth-authorization-server/realms/acme", &[], &[]).await;
    assert_eq!(root.body, found.body);
    let got = acme.login("openid").await;
    assert_eq!(got.claims("access_token")["iss"], found.body["issuer"]);
    alive(&acme.userinfo(got.text("access_token")).await);
}

/// Which ways to get and use tokens still work: password, refresh, an access token, a service account, an offline token.
async fn working(acme: &Acme, got: &Answer, offline: &Answer) -> [bool; 5] {
    let password = [("grant_type", "password"), ("username", "alice"), ("password", "pw")];
    let ok = |answer: Answer| answer.status == StatusCode::OK;
    let access = acme.post_as("rs", "token/introspect", &[("token", got.text("access_token"))]).await;
    [
        ok(acme.post_as("app", "token", &password).await),
        ok(acme.refresh(got.text("refresh_token")).await),
        access.body["active"] == true && acme.userinfo(got.text("access_token")).await.status == StatusCode::OK,
        ok(acme.post_as("app", "token", &[("grant_type", "client_credentials")]).await),
        ok(acme.refresh(offline.text("refresh_token")).await),
    ]
}

#[tokio::test]
async fn a_disabled_user_can_do_nothing_until_enabled_again() {
    let acme = Acme::start(json!({})).await;
    let (got, offline) = (acme.login("openid").await, acme.login("openid offline_access").await);
    assert_eq!(working(&acme, &got, &offline).await, [true; 5]);
    let alice = format!("/users/{}", acme.id("/users?username=alice").await);
    acme.admin(Method::PUT, &alice, json!({"enabled": false})).await;
    assert_eq!(working(&acme, &got, &offline).await, [false, false, false, true, false]);
    assert_eq!(words(&acme.refresh(got.text("refresh_token")).await), (400, "invalid_grant", "User disabled"));
    acme.admin(Method::PUT, &alice, json!({"enabled": true})).await;
    assert_eq!(working(&acme, &got, &offline).await, [true; 5]);
    acme.admin(Method::DELETE, &alice, json!(null)).await;
    assert_eq!(working(&acme, &got, &offline).await, [false, false, false, true, false]);
}
