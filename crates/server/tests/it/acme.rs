//! A realm `acme` to get tokens from: the client `app` (secret `secret`), which may introspect its own tokens, the service
//! `rs`, the client `other`, and the user `alice` (password `pw`).

use bytes::Bytes;
use cloakroom::Client;
use cloakroom_api::admin::realms::Realm;
use cloakroom_testkit::TestServer;
use data_encoding::BASE64URL_NOPAD;
use http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::{Value, json};

/// The realm, in a server of its own.
pub(crate) struct Acme {
    pub(crate) kc: TestServer,
    anonymous: Client,
}

/// What was answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// A text of the body.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.body[name].as_str().unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }

    /// The claims of a token in the body.
    pub(crate) fn claims(&self, token: &str) -> Value {
        claims(self.text(token))
    }

    /// Status and words of a refusal.
    pub(crate) fn refusal(&self) -> (u16, &str, &str) {
        let word = |name: &str| self.body[name].as_str().unwrap_or_default();
        (self.status.as_u16(), word("error"), word("error_description"))
    }
}

/// The claims of a token, unverified.
pub(crate) fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a JWT");
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).expect("base64url")).expect("JSON")
}

/// A protocol mapper; its claims go everywhere unless the configuration says otherwise.
pub(crate) fn mapper(kind: &str, config: Value) -> Value {
    let mut all = json!({"access.token.claim": "true", "id.token.claim": "true", "userinfo.token.claim": "true",
        "introspection.token.claim": "true"});
    for (name, value) in config.as_object().expect("an object") {
        all[name] = value.clone();
    }
    json!({"name": format!("{kind} {config}"), "protocol": "openid-connect", "protocolMapper": kind, "config": all})
}

/// Puts a client into the audience of tokens.
pub(crate) fn audience(client: &str) -> Value {
    mapper("oidc-audience-mapper", json!({"included.client.audience": client, "id.token.claim": "false"}))
}

/// A confidential client with the secret `secret`.
pub(crate) fn client(id: &str, change: Value) -> Value {
    merge(
        json!({"clientId": id, "enabled": true, "secret": "secret", "directAccessGrantsEnabled": true,
            "serviceAccountsEnabled": true, "redirectUris": ["http://localhost/*"]}),
        change,
    )
}

/// A user with the password `pw`.
pub(crate) fn user(name: &str, change: Value) -> Value {
    merge(
        json!({"username": name, "enabled": true, "email": format!("{name}@example.org"), "emailVerified": true,
            "firstName": "F", "lastName": "L", "realmRoles": ["default-roles-acme"], "credentials": [{"type": "password", "value": "pw"}]}),
        change,
    )
}

fn merge(mut base: Value, change: Value) -> Value {
    for (name, value) in change.as_object().expect("an object") {
        base[name] = value.clone();
    }
    base
}

impl Acme {
    /// The realm with these changes to its representation.
    pub(crate) async fn start(change: Value) -> Self {
        let app = client("app", json!({"protocolMappers": [audience("app"), audience("rs")]}));
        Self::of(
            json!({
                "clients": [app, client("rs", json!({})), client("other", json!({})),
                    client("public", json!({"publicClient": true, "serviceAccountsEnabled": false}))],
                "users": [user("alice", json!({}))],
            }),
            change,
        )
        .await
    }

    /// A realm with nothing but what is named.
    pub(crate) async fn of(base: Value, change: Value) -> Self {
        let settings = json!({"realm": "acme", "enabled": true,
            "passwordPolicy": "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)"});
        let realm: Realm = serde_json::from_value(merge(merge(settings, base), change)).expect("a realm");
        let kc = TestServer::start().await;
        kc.realms().create(&realm).await.expect("the realm is made");
        let anonymous = kc.anonymous();
        Acme { kc, anonymous }
    }

    /// Sends any request.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        if !form.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request.body(Bytes::from(body)).expect("a request");
        let answer = self.anonymous.request(request).await.expect("an answer");
        let (parts, body) = answer.into_parts();
        let body = serde_json::from_slice(&body).unwrap_or_else(|_| String::from_utf8_lossy(&body).into());
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Posts a form to a protocol endpoint of the realm.
    pub(crate) async fn post(&self, endpoint: &str, form: &[(&str, &str)]) -> Answer {
        let path = format!("/realms/acme/protocol/openid-connect/{endpoint}");
        self.send(Method::POST, &path, &[], form).await
    }

    /// Posts a form as a client with its secret.
    pub(crate) async fn post_as(&self, client: &str, endpoint: &str, form: &[(&str, &str)]) -> Answer {
        let mut all = vec![("client_id", client), ("client_secret", "secret")];
        all.extend(form);
        self.post(endpoint, &all).await
    }

    /// Alice's tokens for `app`, by her password.
    pub(crate) async fn login(&self, scope: &str) -> Answer {
        let form = [("grant_type", "password"), ("username", "alice"), ("password", "pw"), ("scope", scope)];
        let answer = self.post_as("app", "token", &form).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer
    }

    /// Exchanges a refresh token, as `app`.
    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        self.post_as("app", "token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// Asks about a token, as `app`.
    pub(crate) async fn introspect(&self, token: &str) -> Answer {
        self.post_as("app", "token/introspect", &[("token", token)]).await
    }

    /// Whether a token is good in the eyes of `app`.
    pub(crate) async fn is_active(&self, token: &str) -> bool {
        self.introspect(token).await.body["active"] == true
    }

    /// Asks for userinfo with a token.
    pub(crate) async fn userinfo(&self, token: &str) -> Answer {
        let headers = [("authorization", &*format!("Bearer {token}"))];
        self.send(Method::GET, "/realms/acme/protocol/openid-connect/userinfo", &headers, &[]).await
    }

    /// Changes something by the Admin API.
    pub(crate) async fn admin(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = Request::builder().method(method).uri(format!("/admin/realms/acme{path}"));
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Bytes::from(body.to_string())).expect("a request");
        let (parts, body) = self.kc.admin().request(request).await.expect("an answer").into_parts();
        assert!(parts.status.is_success(), "{path}: {}", String::from_utf8_lossy(&body));
        let body = serde_json::from_slice(&body).unwrap_or_default();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// The id of a client or user, by the list that has it.
    pub(crate) async fn id(&self, list: &str) -> String {
        let found = self.admin(Method::GET, list, json!(null)).await;
        found.body[0]["id"].as_str().unwrap_or_else(|| panic!("nothing at {list}")).to_owned()
    }
}
