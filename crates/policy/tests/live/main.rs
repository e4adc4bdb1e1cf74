//! Generated settings and requests, decided here and by a real Keycloak: the answers must be the same.
//!
//! `CLOAKROOM_TEST_KEYCLOAK=http://localhost:8180 cargo test -p cloakroom-policy --test live`; the administrator is
//! `admin` with the password `admin`. `CLOAKROOM_TEST_SEED` chooses other settings, `CLOAKROOM_TEST_REQUESTS` more
//! requests than 500.

#![expect(clippy::unwrap_used, reason = "a test ends where its world is not as it should be")]

mod answers;
mod generate;
mod keycloak;

use cloakroom_policy::{Context, Model, Request};
use generate::{Random, World};
use keycloak::Keycloak;

/// Requests to each generated model.
const EACH: u64 = 10;

#[tokio::test]
async fn generated_requests_are_decided_as_keycloak_decides_them() {
    let Ok(url) = std::env::var("CLOAKROOM_TEST_KEYCLOAK") else {
        eprintln!("NOT TESTED against a real Keycloak: CLOAKROOM_TEST_KEYCLOAK is not set");
        return;
    };
    let number = |name: &str, default: u64| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let (seed, requests) = (number("CLOAKROOM_TEST_SEED", 1), number("CLOAKROOM_TEST_REQUESTS", 500));

    let realm = format!("policy-{}", std::process::id());
    let mut keycloak = Keycloak::start(&url, &realm).await;
    let world = World::make(&mut keycloak).await;
    let (mut wrong, mut granted) = (Vec::new(), 0);
    for model in 0..requests.div_ceil(EACH) {
        let mut random = Random::seeded(seed, model);
        let server = world.serve(&mut keycloak, &mut random).await;
        let ours = Model::new(serde_json::from_value(server.settings.clone()).unwrap()).unwrap();
        for request in 0..EACH {
            let asked = world.request(&mut random, &server);
            let theirs = keycloak.evaluate(&server.client, &asked.body).await;
            let decided = Request::from(&serde_json::from_value(asked.body.clone()).unwrap());
            let decided = ours.decide(&asked.identity, &Context::at(0), &decided).unwrap();
            granted += decided.permissions().len();
            let (ours, theirs) = (answers::ours(&decided), answers::theirs(&theirs));
            if ours != theirs {
                let settings = &server.settings;
                wrong.push(format!(
                    "model {model}, request {request}: {}\nours:   {ours}\ntheirs: {theirs}\n{settings}",
                    asked.body
                ));
            }
        }
        keycloak.drop_client(&server.client).await;
    }
    keycloak.stop().await;
    eprintln!("{requests} requests, {granted} permissions granted, {} decided otherwise", wrong.len());
    assert!(wrong.is_empty(), "{} of {requests} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(granted > 0, "requests that grant nothing show nothing");
}
