//! Layers around an axum application: tokens and permissions are enforced before its handlers run.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use axum::routing::any;
use axum::{Extension, Router};
use cloakroom::ClientAuth;
use cloakroom::enforcer::{
    Bearer, BearerLayer, ClaimSource, Enforcer, EnforcerBuilder, Granted, Mode, PathRule, ScopeMode,
};
use cloakroom::jose::SigningKey;
use cloakroom::policy::Paths;
use serde_json::{Value, json};
use tower::ServiceExt;
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::issuer::{ISSUER, Issuer};
use crate::support::{NOW, bearer, field, received};

pub(crate) const TOKEN: &str = "/realms/acme/protocol/openid-connect/token";
const RESOURCES: &str = "/realms/acme/authz/protection/resource_set";
const TICKETS: &str = "/realms/acme/authz/protection/permission";

/// A realm with a resource server whose resources and permissions can be changed at any time.
pub(crate) struct World {
    pub(crate) issuer: Issuer,
    key: SigningKey,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
pub(crate) struct State {
    /// Ids with their URIs.
    pub(crate) resources: Vec<(&'static str, Vec<&'static str>)>,
    /// Scopes by user and resource.
    pub(crate) granted: BTreeMap<(&'static str, &'static str), Vec<&'static str>>,
    down: bool,
}

impl World {
    pub(crate) async fn start() -> Self {
        let (issuer, key) = Issuer::start().await;
        let state = Arc::new(Mutex::new(State::default()));
        let this = state.clone();
        let tokens = move |request: &wiremock::Request| this.lock().unwrap().token(request);
        Mock::given(method("POST")).and(path(TOKEN)).respond_with(tokens).mount(&issuer.server).await;
        let this = state.clone();
        let resources = move |request: &wiremock::Request| this.lock().unwrap().list(request);
        Mock::given(method("GET")).and(path(RESOURCES)).respond_with(resources).mount(&issuer.server).await;
        let ticket = ResponseTemplate::new(201).set_body_json(json!({ "ticket": "t1" }));
        Mock::given(method("POST")).and(path(TICKETS)).respond_with(ticket).mount(&issuer.server).await;
        let uma = ResponseTemplate::new(200).set_body_json(json!({ "issuer": ISSUER }));
        Mock::given(path("/realms/acme/.well-known/uma2-configuration")).respond_with(uma).mount(&issuer.server).await;
        Self { issuer, key, state }
    }

    pub(crate) fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
    }

    pub(crate) fn enforcer(&self) -> EnforcerBuilder {
        Enforcer::builder(&self.issuer.client(), "acme", "api", ClientAuth::basic("secret"))
    }

    pub(crate) fn token(&self, user: &str, more: Value) -> String {
        let mut claims = json!({ "iss": ISSUER, "typ": "Bearer", "sub": user, "iat": NOW, "exp": NOW + 60 });
        for (name, value) in more.as_object().into_iter().flatten() {
            claims[name] = value.clone();
        }
        self.key.sign(&claims).unwrap()
    }

    pub(crate) async fn asked(&self) -> usize {
        let sent = received(&self.issuer.server, TOKEN).await;
        sent.iter().filter(|request| field(request, "permission").is_some()).count()
    }
}

impl State {
    fn token(&self, request: &wiremock::Request) -> ResponseTemplate {
        if self.down {
            return ResponseTemplate::new(503);
        }
        let Some(permission) = field(request, "permission") else {
            return ResponseTemplate::new(200).set_body_json(json!({ "access_token": "pat", "expires_in": 60 }));
        };
        let error = |status, error: &str| ResponseTemplate::new(status).set_body_json(json!({ "error": error }));
        let claims =
            bearer(request).split('.').nth(1).map(|part| data_encoding::BASE64URL_NOPAD.decode(part.as_bytes()));
        let claims: Value = serde_json::from_slice(&claims.unwrap().unwrap()).unwrap();
        let (id, scopes) = permission.split_once('#').unwrap_or((&permission, ""));
        if !self.resources.iter().any(|(known, _)| *known == id) {
            return error(400, "invalid_resource");
        }
        let mine = self.granted.iter().find(|((user, resource), _)| claims["sub"] == *user && *resource == id);
        let Some((_, granted)) = mine else { return error(403, "access_denied") };
        let wanted = |scope: &&&str| scopes.is_empty() || scopes.split(',').any(|wanted| wanted == **scope);
        let granted: Vec<&&str> = granted.iter().filter(wanted).collect();
        if granted.is_empty() && !scopes.is_empty() {
            return error(403, "access_denied");
        }
        ResponseTemplate::new(200).set_body_json(json!([{ "rsid": id, "rsname": id, "scopes": granted }]))
    }

    fn list(&self, request: &wiremock::Request) -> ResponseTemplate {
        let query =
            |wanted: &str| request.url.query_pairs().find(|(name, _)| name == wanted).map(|(_, v)| v.into_owned());
        let mut paths = Paths::default();
        for (id, uris) in &self.resources {
            uris.iter().for_each(|uri| paths.add(uri, *id));
        }
        let found: Vec<&str> = match (query("uri"), query("name")) {
            (Some(uri), _) if query("matchingUri").as_deref() == Some("true") => paths.best(&uri).to_vec(),
            (Some(uri), _) => paths.exact(&uri).to_vec(),
            (None, name) => {
                self.resources.iter().map(|(id, _)| *id).filter(|id| Some(*id) == name.as_deref()).collect()
            }
        };
        let found: Vec<Value> = found.iter().map(|id| json!({ "_id": id, "name": id })).collect();
        ResponseTemplate::new(200).set_body_json(found)
    }
}

/// An application that says what it sees.
pub(crate) fn app(enforcer: EnforcerBuilder) -> Router {
    async fn seen(bearer: Option<Extension<Bearer>>, granted: Option<Extension<Granted>>) -> String {
        let who = bearer.map(|bearer| bearer.claims()["sub"].as_str().unwrap().to_owned());
        let may = granted.map(|granted| granted.permissions().len());
        format!("{} {}", who.unwrap_or_default(), may.unwrap_or_default())
    }
    Router::new().route("/{*path}", any(seen)).route("/", any(seen)).layer(enforcer.build().unwrap().layer())
}

pub(crate) async fn send(app: &Router, request: axum::http::request::Builder) -> Response<Body> {
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn status(app: &Router, method: &str, path: &str, token: &str) -> u16 {
    let request = Request::builder().method(method).uri(path);
    let request = if token.is_empty() { request } else { request.header("authorization", format!("Bearer {token}")) };
    send(app, request).await.status().as_u16()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(axum::body::to_bytes(response.into_body(), 10_000).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn an_application_is_protected_while_its_permissions_change() {
    let world = World::start().await;
    let app =
        app(world.enforcer().path(PathRule::new("/albums/{id}").method("GET", ["view"]).method("DELETE", ["delete"])));
    let alice = world.token("alice", json!({}));
    world.set(|state| state.resources.push(("albums", vec!["/albums/*"])));
    assert_eq!(status(&app, "GET", "/albums/1", &alice).await, 403, "nothing is granted yet");

    world.set(|state| drop(state.granted.insert(("alice", "albums"), vec!["view"])));
    let got = send(&app, Request::get("/albums/1").header("authorization", format!("Bearer {alice}"))).await;
    assert_eq!((got.status(), text(got).await), (StatusCode::OK, "alice 1".to_owned()));
    assert_eq!(status(&app, "DELETE", "/albums/1", &alice).await, 403);
    assert_eq!(status(&app, "GET", "/albums/1", &world.token("bob", json!({}))).await, 403);

    world.set(|state| drop(state.granted.insert(("alice", "albums"), vec!["view", "delete"])));
    assert_eq!(status(&app, "DELETE", "/albums/1", &alice).await, 200);
    world.set(|state| state.granted.clear());
    assert_eq!(status(&app, "GET", "/albums/1", &alice).await, 403, "taken away at once");
    assert_eq!(received(&world.issuer.server, RESOURCES).await.len(), 1, "which resource it is was asked once");
}

#[tokio::test]
async fn a_resource_that_was_replaced_is_found_again() {
    let world = World::start().await;
    let app = app(world.enforcer());
    let alice = world.token("alice", json!({}));
    world.set(|state| {
        state.resources.push(("old", vec!["/a"]));
        state.granted.insert(("alice", "old"), vec![]);
    });
    assert_eq!(status(&app, "GET", "/a", &alice).await, 200);
    world.set(|state| {
        state.resources = vec![("new", vec!["/a"])];
        state.granted.insert(("alice", "new"), vec![]);
    });
    assert_eq!(status(&app, "GET", "/a", &alice).await, 200);
    world.set(|state| state.resources.clear());
    assert_eq!(status(&app, "GET", "/a", &alice).await, 403);
}

#[tokio::test]
async fn without_a_good_token_there_is_no_way_in() {
    let world = World::start().await;
    world.set(|state| state.resources.push(("a", vec!["/a"])));
    let app = app(world.enforcer());
    let challenge = |response: &Response<Body>| {
        (response.status().as_u16(), response.headers()["www-authenticate"].to_str().unwrap().to_owned())
    };
    let anonymous = send(&app, Request::get("/a")).await;
    assert_eq!(challenge(&anonymous), (401, r#"Bearer realm="acme""#.to_owned()));
    let expired = world.token("alice", json!({ "exp": NOW - 100 }));
    let id_token = world.token("alice", json!({ "typ": "ID" }));
    for bad in [expired.as_str(), &id_token, "abc", ""] {
        let refused = send(&app, Request::get("/a").header("authorization", format!("Bearer {bad}"))).await;
        assert_eq!(challenge(&refused), (401, r#"Bearer realm="acme", error="invalid_token""#.to_owned()), "{bad}");
    }
    let good = format!("Bearer {}", world.token("alice", json!({})));
    let two = Request::get("/a").header("authorization", &good).header("authorization", &good);
    assert_eq!(send(&app, two).await.status(), 401);
    assert_eq!(send(&app, Request::get("/a").header("authorization", "Basic eDp5")).await.status(), 401);
    assert_eq!(world.asked().await, 0);
}

#[tokio::test]
async fn modes_say_what_happens_to_paths_without_a_resource() {
    let world = World::start().await;
    world.set(|state| state.resources.push(("a", vec!["/a"])));
    let alice = world.token("alice", json!({}));
    let open = PathRule::new("/open/*").mode(Mode::Disabled);
    let enforcing = app(world.enforcer().path(open.clone()));
    let permissive = app(world.enforcer().mode(Mode::Permissive).path(PathRule::new("/strict")));
    let disabled = app(world.enforcer().mode(Mode::Disabled));
    assert_eq!(status(&enforcing, "GET", "/b", &alice).await, 403);
    assert_eq!(status(&enforcing, "GET", "/open/x", "").await, 200, "a rule that is disabled needs no token");
    assert_eq!(status(&permissive, "GET", "/b", &alice).await, 200);
    assert_eq!(status(&permissive, "GET", "/b", "").await, 401, "but a token it needs");
    assert_eq!(status(&permissive, "GET", "/a", &alice).await, 403, "what a policy denies is denied");
    assert_eq!(status(&permissive, "GET", "/strict", &alice).await, 403);
    assert_eq!(status(&permissive, "GET", "/a/", &alice).await, 403, "a slash at the end opens nothing");
    assert_eq!(status(&permissive, "GET", "/strict/", &alice).await, 403);
    assert_eq!(status(&disabled, "GET", "/a", "").await, 200);
    let closed = app(world.enforcer().find_resources(false));
    assert_eq!(status(&closed, "GET", "/a", &alice).await, 403, "rules only");
}

#[tokio::test]
async fn methods_can_be_scopes_and_scopes_can_be_alternatives() {
    let world = World::start().await;
    world.set(|state| {
        state.resources.push(("a", vec!["/a/*"]));
        state.granted.insert(("alice", "a"), vec!["GET", "edit"]);
    });
    let alice = world.token("alice", json!({}));
    let rules = world.enforcer().method_as_scope(true);
    let rules = rules.path(PathRule::new("/a/any").method_with("PUT", ["edit", "own"], ScopeMode::Any));
    let rules = rules.path(PathRule::new("/a/all").method("PUT", ["edit", "own"]));
    let app = app(rules.path(PathRule::new("/a/none").method_with("PUT", ["own"], ScopeMode::Disabled)));
    for (method, path, expected) in [
        ("GET", "/a/1", 200),
        ("POST", "/a/1", 403),
        ("PUT", "/a/any", 200),
        ("PUT", "/a/all", 403),
        ("PUT", "/a/none", 200),
        ("GET", "/a/any", 200),
        ("DELETE", "/a/any", 403),
    ] {
        assert_eq!(status(&app, method, path, &alice).await, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn user_managed_access_answers_with_a_ticket_and_takes_an_rpt() {
    let world = World::start().await;
    world.set(|state| state.resources.push(("a", vec!["/a"])));
    let rules = world.enforcer().user_managed_access(true).path(PathRule::new("/a").method("GET", ["view"]));
    let app = app(rules.claim("via", ClaimSource::query("via")));
    let ticket = format!(r#"UMA realm="acme", as_uri="{ISSUER}", ticket="t1""#);
    for token in [String::new(), world.token("alice", json!({}))] {
        let request = Request::get("/a?via=web");
        let request =
            if token.is_empty() { request } else { request.header("authorization", format!("Bearer {token}")) };
        let refused = send(&app, request).await;
        let challenge = refused.headers()["www-authenticate"].to_str().unwrap();
        assert_eq!((refused.status(), challenge), (StatusCode::UNAUTHORIZED, &*ticket));
    }
    let asked: Value = serde_json::from_slice(&received(&world.issuer.server, TICKETS).await[0].body).unwrap();
    assert_eq!(asked, json!([{ "resource_id": "a", "resource_scopes": ["view"], "claims": { "via": ["web"] } }]));

    let rpt = |aud: &str, id: &str, scope: &str| {
        let permissions = json!([{ "rsid": id, "rsname": id, "scopes": [scope] }]);
        world.token("alice", json!({ "aud": aud, "authorization": { "permissions": permissions } }))
    };
    assert_eq!(status(&app, "GET", "/a", &rpt("api", "a", "view")).await, 200);
    for other in [rpt("other", "a", "view"), rpt("api", "b", "view"), rpt("api", "a", "edit")] {
        assert_eq!(status(&app, "GET", "/a", &other).await, 401);
    }
    assert_eq!(world.asked().await, 0, "permissions are not asked for");
}

#[tokio::test]
async fn a_path_that_can_be_read_in_two_ways_is_refused() {
    let world = World::start().await;
    let alice = world.token("alice", json!({}));
    let app = app(world.enforcer().path(PathRule::new("/open").mode(Mode::Disabled)));
    for odd in [
        "/albums/..%2f..%2fopen",
        "/albums/../open",
        "/a//open",
        "/open;x=1",
        "/%252e%252e/open",
        "/albums/%2e%2e/open",
    ] {
        assert_eq!(status(&app, "GET", odd, &alice).await, 400, "{odd}");
        assert_eq!(status(&app, "GET", odd, "").await, 400, "{odd}");
    }
    assert_eq!(status(&app, "GET", "/%6fpen", "").await, 200);
}

#[tokio::test]
async fn where_keycloak_cannot_be_asked_nobody_gets_in() {
    let world = World::start().await;
    world.set(|state| {
        state.resources.push(("a", vec!["/a"]));
        state.granted.insert(("alice", "a"), vec![]);
    });
    let app = app(world.enforcer());
    let alice = world.token("alice", json!({}));
    assert_eq!(status(&app, "GET", "/a", &alice).await, 200);
    world.set(|state| state.down = true);
    let refused = send(&app, Request::get("/a").header("authorization", format!("Bearer {alice}"))).await;
    assert_eq!((refused.status().as_u16(), refused.headers().contains_key("retry-after")), (503, true));
    world.set(|state| state.down = false);
    assert_eq!(status(&app, "GET", "/a", &alice).await, 200);
}

#[tokio::test]
async fn the_denied_can_be_sent_elsewhere() {
    let world = World::start().await;
    world.set(|state| state.resources.push(("a", vec!["/a"])));
    let app = app(world.enforcer().on_deny_redirect_to("/denied"));
    let alice = format!("Bearer {}", world.token("alice", json!({})));
    let refused = send(&app, Request::get("/a").header("authorization", &alice)).await;
    assert_eq!((refused.status().as_u16(), refused.headers()["location"].to_str().unwrap()), (302, "/denied"));
    assert_eq!(status(&app, "GET", "/denied", "").await, 200);
}

#[tokio::test]
async fn the_configuration_of_the_java_adapters_is_understood() {
    let world = World::start().await;
    world.set(|state| {
        state.resources.push(("Album", vec!["/elsewhere"]));
        state.granted.insert(("alice", "Album"), vec!["view"]);
    });
    let settings = json!({ "realm": "x", "policy-enforcer": {
        "enforcement-mode": "PERMISSIVE", "path-cache": { "lifespan": 1000, "max-entries": 10 }, "http-method-as-scope": false,
        "claim-information-point": { "claims": { "country": "{request.header['x-country']}", "fixed": ["a", "b"] } },
        "paths": [
            { "path": "/open", "enforcement-mode": "DISABLED" },
            { "name": "Album", "path": "/albums/{id}", "methods": [
                { "method": "GET", "scopes": ["view"] },
                { "method": "PUT", "scopes": ["view", "edit"], "scopes-enforcement-mode": "ANY" },
                { "method": "DELETE", "scopes": ["delete"], "scopes-enforcement-mode": "DISABLED" } ] } ] } });
    let app = app(world.enforcer().settings(&settings.to_string()).unwrap());
    let alice = world.token("alice", json!({}));
    for (method, path, expected) in
        [("GET", "/albums/1", 200), ("PUT", "/albums/1", 200), ("DELETE", "/albums/1", 200), ("GET", "/other", 200)]
    {
        assert_eq!(status(&app, method, path, &alice).await, expected, "{method} {path}");
    }
    assert_eq!(status(&app, "GET", "/albums/1", &world.token("bob", json!({}))).await, 403);
    assert_eq!(status(&app, "GET", "/open", "").await, 200);
    for wrong in [
        "[]".to_owned(),
        json!({ "paths": [{}] }).to_string(),
        json!({ "enforcement-mode": "LAX" }).to_string(),
        json!({ "claim-information-point": { "claims": { "a": "{request.remoteAddr}" } } }).to_string(),
        json!({ "claim-information-point": { "http": {} } }).to_string(),
        json!({ "claim-information-point": { "http": { "url": "https://x", "method": "PUT" } } }).to_string(),
        json!({ "claim-information-point": { "my-provider": {} } }).to_string(),
    ] {
        assert!(world.enforcer().settings(&wrong).is_err(), "{wrong}");
    }
    assert!(world.enforcer().path(PathRule::new("a")).build().is_err());
    assert!(world.enforcer().path(PathRule::new("/a")).path(PathRule::new("/a")).build().is_err());
}

#[tokio::test]
async fn paths_are_forgotten_after_a_while() {
    let world = World::start().await;
    let app = app(world.enforcer().path_cache(Duration::from_secs(20), 10));
    let alice = world.token("alice", json!({}));
    for (seconds, looked_up) in [(0, 1), (19, 1), (1, 2)] {
        world.issuer.clock.advance(seconds);
        assert_eq!(status(&app, "GET", "/a", &alice).await, 403);
        assert_eq!(received(&world.issuer.server, RESOURCES).await.len(), looked_up, "{seconds}");
    }
}

#[tokio::test]
async fn a_bearer_layer_puts_verified_claims_among_the_extensions() {
    let world = World::start().await;
    async fn hello(bearer: Option<Extension<Bearer>>) -> String {
        bearer.map_or("nobody".to_owned(), |bearer| bearer.claims()["sub"].to_string())
    }
    let verifier = world.issuer.app.verifier().audience("api");
    let layer = BearerLayer::new("acme", verifier);
    let routes = Router::new().route("/", any(hello));
    let (demanding, lenient) = (routes.clone().layer(layer.clone()), routes.layer(layer.optional()));
    let good = world.token("alice", json!({ "aud": "api" }));
    let other = world.token("alice", json!({ "aud": "other" }));
    let request = || Request::get("/").header("authorization", format!("bearer {good}"));
    assert_eq!(text(send(&demanding, request()).await).await, r#""alice""#);
    assert_eq!(status(&demanding, "GET", "/", "").await, 401);
    assert_eq!(text(send(&lenient, Request::get("/")).await).await, "nobody");
    for app in [&demanding, &lenient] {
        assert_eq!(status(app, "GET", "/", &other).await, 401);
    }
}
