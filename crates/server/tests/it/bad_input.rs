//! What no honest caller sends, to every operation that is served: refused in words, never a failure, nothing half-written.

mod bodies;
mod paths;
mod protocol;
mod tokens;

use crate::admins::{acme, user};
use bytes::Bytes;
use cloakroom_api::endpoint::Operation;
use cloakroom_testkit::TestServer;
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const JSON: &str = "application/json";

/// What takes no body: Keycloak reads none there, and so does nothing with a bad one.
const BODYLESS: &[&str] = &[
    "/client-secret",
    "/registration-access-token",
    "/push-revocation",
    "/logout",
    "/logout-all",
    "/impersonation",
    "/moveToFirst",
    "/moveAfter/{previous}",
    "/generate",
    "/send-verify-email",
    "/reset-password-email",
    "/partial-export",
    "/groups/{group}",
    "/default-groups/{group}",
    "-client-scopes/{scope}",
];

/// A server with two realms alike, `acme` and `other`, in which everything has the realm's name in its id.
struct World {
    kc: TestServer,
    token: String,
    /// Ids that the server chose, by realm and kind.
    chosen: BTreeMap<(&'static str, &'static str), String>,
}

#[derive(Debug)]
struct Answer {
    status: StatusCode,
    text: String,
}

/// The parts of a realm.
fn parts(realm: &str) -> Value {
    let id = |kind: &str| format!("{realm}-{kind}");
    let mapper = |kind: &str| {
        json!({"id": id(kind), "name": id(kind), "protocol": "openid-connect",
            "protocolMapper": "oidc-hardcoded-claim-mapper", "config": {"claim.name": "c", "claim.value": "v"}})
    };
    let mut person = user(&id("person"), &["view-users"]);
    person["id"] = id("user").into();
    person["attributes"] = json!({"colour": ["blue"]});
    json!({
        "id": id("realm"),
        "roles": {
            "realm": [{"id": id("role"), "name": id("role-name"), "composite": true,
                "composites": {"client": {id("app"): [id("client-role-name")]}}}],
            "client": {id("app"): [{"id": id("client-role"), "name": id("client-role-name")}]},
        },
        "groups": [{"id": id("group"), "name": id("group-name"), "subGroups": [{"id": id("child"), "name": "child"}]}],
        "users": [person],
        "clients": [{"id": id("client"), "clientId": id("app"), "enabled": true, "secret": "secret",
            "serviceAccountsEnabled": true, "directAccessGrantsEnabled": true, "protocolMappers": [mapper("mapper")]}],
        "clientScopes": [{"id": id("scope"), "name": id("scope-name"), "protocol": "openid-connect",
            "protocolMappers": [mapper("scope-mapper")]}],
    })
}

impl World {
    async fn start() -> Self {
        let kc = acme(parts("acme")).await;
        let mut other = parts("other");
        (other["realm"], other["enabled"]) = ("other".into(), true.into());
        other["passwordPolicy"] = "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)".into();
        kc.realms().create(&serde_json::from_value(other).unwrap()).await.unwrap();
        let token = kc.admin().access_token().await.unwrap().expose().to_owned();
        let mut world = World { kc, token, chosen: BTreeMap::new() };
        for realm in ["acme", "other"] {
            for (kind, list) in [("component", "components"), ("credential", "users/REALM-user/credentials")] {
                let list = list.replace("REALM", realm);
                let found = world.send(Method::GET, &format!("/admin/realms/{realm}/{list}"), &[], "").await;
                let found: Value = serde_json::from_str(&found.text).unwrap();
                world.chosen.insert((realm, kind), found[0]["id"].as_str().unwrap().to_owned());
            }
        }
        world
    }

    /// Sends a request as the administrator, or with the `Authorization` that is among the headers. A failure of the
    /// server, or a connection that it drops, ends the test.
    async fn send(&self, method: Method, path: &str, headers: &[(&str, &[u8])], body: impl Into<Bytes>) -> Answer {
        let shown: String = format!("{method} {path}").chars().take(300).collect();
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).unwrap_or_else(|e| panic!("{shown}: {e}"));
        let answer = self.kc.anonymous().request(request).await.unwrap_or_else(|e| panic!("{shown}: {e}"));
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        assert!(!answer.status().is_server_error(), "{shown}: {} {text}", answer.status());
        Answer { status: answer.status(), text }
    }

    async fn json(&self, operation: &Operation, path: &str, body: impl Into<Bytes>) -> Answer {
        self.send(method(operation), path, &[("content-type", JSON.as_bytes())], body).await
    }

    /// An operation's path in `acme`, with the ids of things in one of the realms.
    fn path(&self, operation: &Operation, of: &'static str) -> String {
        let mut before = "";
        let segments = operation.path.split('/').map(|segment| {
            let value = if segment.starts_with('{') { self.value(before, segment, of) } else { segment.to_owned() };
            before = segment;
            value
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// What stands behind a segment of a path.
    fn value(&self, before: &str, placeholder: &str, of: &'static str) -> String {
        let id = |kind: &str| format!("{of}-{kind}");
        match before {
            "realms" => "acme".to_owned(),
            "users" => id("user"),
            "groups" | "default-groups" => id("group"),
            "group-by-path" => id("group-name"),
            "consents" => id("app"),
            "clients" | "offline-sessions" => id("client"),
            "scope-mappings" if placeholder == "{container}" => id("client"),
            "models" => id("mapper"),
            "roles-by-id" => id("role"),
            "roles" => id("role-name"),
            "components" => self.chosen[&(of, "component")].clone(),
            "credentials" | "moveAfter" => self.chosen[&(of, "credential")].clone(),
            "protocol" => "openid-connect".to_owned(),
            scopes if scopes.ends_with("client-scopes") || scopes == "client-templates" => id("scope"),
            _ => id("thing"),
        }
    }

    /// All that can be read of both realms.
    async fn all(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for operation in operations("GET") {
            // what is made up anew for each question
            if operation.path.contains("/evaluate-scopes/") {
                continue;
            }
            for realm in ["acme", "other"] {
                let path = self.path(&operation, realm).replacen("/acme", &format!("/{realm}"), 1);
                let answer = self.send(Method::GET, &path, &[], "").await;
                all.insert(path, format!("{} {}", answer.status, answer.text));
            }
        }
        all
    }

    /// The records of what is in the realms, to be compared with how it was.
    async fn unchanged(&self, before: &BTreeMap<String, String>) {
        for (path, now) in self.all().await {
            assert_eq!(Some(&now), before.get(&path), "{path} is not as it was");
        }
    }
}

/// The operations of the Admin API that are served, with this verb, or all.
fn operations(verb: &str) -> Vec<Operation> {
    let known: BTreeSet<_> = cloakroom_api::operations().map(|o| (o.path, o.method, o.name)).collect();
    let mut served = cloakroom_server::routes().served().to_vec();
    assert!(served.iter().all(|o| known.contains(&(o.path, o.method, o.name))));
    served.retain(|o| o.path.starts_with("/admin/") && (verb.is_empty() || o.method == verb));
    served.sort_by_key(|o| (o.path, o.method));
    served
}

/// The operations that read a body of JSON.
fn with_body() -> impl Iterator<Item = Operation> {
    let takes = |o: &Operation| match o.method {
        "GET" => false,
        "DELETE" => {
            o.path.contains("/role-mappings/") || o.path.contains("/scope-mappings/") || o.path.ends_with("/composites")
        }
        _ => !BODYLESS.iter().any(|end| o.path.ends_with(end)),
    };
    // text, files, and texts by any name
    let kinds = ["/userLabel", "/upload", "/localization/"];
    let other_kinds = move |o: &Operation| kinds.iter().any(|kind| o.path.contains(kind));
    operations("").into_iter().filter(move |o| takes(o) && !other_kinds(o))
}

fn method(operation: &Operation) -> Method {
    operation.method.parse().unwrap()
}
