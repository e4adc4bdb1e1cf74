//! A canned realm that signs tokens.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cloakroom::jose::{Algorithm, JwkSet, KeySpec, PrivateKey, SigningKey};
use cloakroom::{Client, ClientAuth, OidcClient};
use serde_json::{Value, json};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{Clock, builder, received};

pub(crate) const CERTS: &str = "/realms/acme/protocol/openid-connect/certs";
pub(crate) const ISSUER: &str = "https://id.example.com/realms/acme";

pub(crate) struct Issuer {
    pub(crate) server: MockServer,
    pub(crate) clock: Clock,
    pub(crate) app: OidcClient,
    pub(crate) published: Arc<Mutex<JwkSet>>,
}

pub(crate) fn key(kid: &str) -> SigningKey {
    SigningKey::new(Algorithm::ES256, &PrivateKey::generate(KeySpec::P256).unwrap()).unwrap().with_kid(kid)
}

impl Issuer {
    pub(crate) async fn start() -> (Self, SigningKey) {
        let (server, clock) = (MockServer::start().await, Clock::new());
        let discovery = ResponseTemplate::new(200).set_body_json(json!({ "issuer": ISSUER,
            "authorization_endpoint": format!("{ISSUER}/protocol/openid-connect/auth") }));
        Mock::given(path("/realms/acme/.well-known/openid-configuration")).respond_with(discovery).mount(&server).await;
        let published = Arc::new(Mutex::new(JwkSet { keys: Vec::new() }));
        let keys = published.clone();
        let answer = move |_: &Request| {
            ResponseTemplate::new(200).set_body_json(&*keys.lock().unwrap()).set_delay(Duration::from_millis(20))
        };
        Mock::given(path(CERTS)).respond_with(answer).mount(&server).await;
        let app = builder(&server, &clock).build().unwrap().oidc("acme", "app", ClientAuth::none());
        let issuer = Issuer { server, clock, app, published };
        let first = key("first");
        issuer.publish(&first);
        (issuer, first)
    }

    pub(crate) fn client(&self) -> Client {
        builder(&self.server, &self.clock).build().unwrap()
    }

    pub(crate) fn app_with(&self, auth: ClientAuth) -> OidcClient {
        self.client().oidc("acme", "app", auth)
    }

    pub(crate) fn publish(&self, key: &SigningKey) {
        self.published.lock().unwrap().keys.extend(key.public_jwk());
    }

    pub(crate) async fn verify(&self, token: &str) -> cloakroom::Result<Value> {
        self.app.verifier().audience("api").verify(token).await
    }

    pub(crate) async fn fetches(&self) -> usize {
        received(&self.server, CERTS).await.len()
    }
}
