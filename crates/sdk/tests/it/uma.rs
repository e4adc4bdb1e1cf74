//! Permissions asked of the server.

use cloakroom::api::uma::resources::{Listed, UmaResource};
use cloakroom::api::uma::tickets::PermissionRequest;
use cloakroom::uma::{Access, PermissionExpr, RptRequest};
use cloakroom::{ClientAuth, Ensure};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, Request, ResponseTemplate};

use crate::issuer::Issuer;
use crate::support::{bearer, field, form, received};

const TOKEN: &str = "/realms/acme/protocol/openid-connect/token";
const PROTECTION: &str = "/realms/acme/authz/protection";

fn expr(text: &str) -> PermissionExpr {
    text.parse().unwrap()
}

/// A server that grants `Album#view` to the token `alice`, and nothing to others.
async fn grants(issuer: &Issuer) {
    let refuse = |status: u16, error: &str| ResponseTemplate::new(status).set_body_json(json!({ "error": error }));
    let answer = move |request: &Request| match (&*bearer(request), field(request, "response_mode").as_deref()) {
        ("Bearer forged", _) => refuse(400, "invalid_grant"),
        ("Bearer bob", _) => refuse(403, "access_denied"),
        (_, _) if field(request, "permission").as_deref() == Some("Nothing") => refuse(400, "invalid_resource"),
        (_, Some("decision")) => ResponseTemplate::new(200).set_body_json(json!({ "result": true })),
        (_, Some("permissions")) => {
            let album = json!([{ "rsid": "1", "rsname": "Album", "scopes": ["view"] }]);
            ResponseTemplate::new(200).set_body_json(album)
        }
        _ => ResponseTemplate::new(200).set_body_json(json!({ "access_token": "rpt", "upgraded": false })),
    };
    Mock::given(path(TOKEN)).respond_with(answer).mount(&issuer.server).await;
}

#[tokio::test]
async fn every_option_goes_into_the_form() {
    let (issuer, _) = Issuer::start().await;
    grants(&issuer).await;
    let request = RptRequest::user("alice")
        .audience("photos")
        .permissions([expr("Album#view"), expr("/x/*")])
        .ticket("t")
        .rpt("old")
        .claims(&json!({ "organization": ["acme"] }))
        .unwrap()
        .submit_request(true)
        .resource_names(false)
        .limit(3)
        .by_uri(true);
    let answer = issuer.app.rpt(request).await.unwrap();
    assert_eq!((answer.access_token.unwrap().expose(), answer.upgraded), ("rpt", Some(false)));
    let asked = &received(&issuer.server, TOKEN).await[0];
    assert_eq!(bearer(asked), "Bearer alice");
    let expected = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:uma-ticket"),
        ("audience", "photos"),
        ("permission", "Album#view"),
        ("permission", "/x/*"),
        ("ticket", "t"),
        ("rpt", "old"),
        ("claim_token", "eyJvcmdhbml6YXRpb24iOlsiYWNtZSJdfQ=="),
        ("claim_token_format", "urn:ietf:params:oauth:token-type:jwt"),
        ("submit_request", "true"),
        ("response_include_resource_name", "false"),
        ("response_permissions_limit", "3"),
        ("permission_resource_format", "uri"),
        ("permission_resource_matching_uri", "true"),
    ];
    assert_eq!(form(asked), expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
}

#[tokio::test]
async fn a_client_asks_for_itself_or_for_another_with_its_own_credentials() {
    let (issuer, _) = Issuer::start().await;
    grants(&issuer).await;
    let app = issuer.app_with(ClientAuth::basic("s"));
    app.rpt(RptRequest::client().audience("photos")).await.unwrap();
    app.rpt(RptRequest::subject("alice").audience("photos")).await.unwrap();
    let asked = received(&issuer.server, TOKEN).await;
    assert!(asked.iter().all(|call| bearer(call) == "Basic YXBwOnM="));
    assert_eq!(field(&asked[1], "subject_token").as_deref(), Some("alice"));
}

#[tokio::test]
async fn a_denial_is_an_answer() {
    let (issuer, _) = Issuer::start().await;
    grants(&issuer).await;
    let ask = |token: &str, what: &str| RptRequest::user(token).audience("photos").permission(expr(what));
    let app = &issuer.app;
    assert!(app.decide(ask("alice", "Album#view")).await.unwrap());
    assert!(!app.decide(ask("bob", "Album#view")).await.unwrap());
    assert_eq!(app.permissions(ask("bob", "Album")).await.unwrap(), []);
    assert!(app.rpt(ask("bob", "Album")).await.unwrap_err().is_forbidden());

    assert_eq!(app.access(ask("alice", "Album#view")).await.unwrap(), Access::Granted);
    let more = ask("alice", "Album#view").permission(expr("Album#print"));
    assert_eq!(app.access(more).await.unwrap(), Access::Missing(vec![expr("Album#print")]));
    assert_eq!(app.access(ask("bob", "Album")).await.unwrap(), Access::Missing(vec![expr("Album")]));
    assert_eq!(app.access(ask("forged", "Album")).await.unwrap(), Access::NotLoggedIn);
    assert_eq!(app.access(ask("alice", "Nothing")).await.unwrap_err().code(), Some("invalid_resource"));
}

#[tokio::test]
async fn resources_are_registered_once_and_tickets_made_for_them() {
    let (issuer, _) = Issuer::start().await;
    let set = format!("{PROTECTION}/resource_set");
    let album = json!({ "_id": "1", "name": "Album", "resource_scopes": [{ "name": "view" }], "owner": { "id": "o" } });
    let found = ResponseTemplate::new(200).set_body_json(json!([album]));
    let none = ResponseTemplate::new(200).set_body_json(json!([]));
    Mock::given(method("GET"))
        .and(path(&set))
        .and(query_param("deep", "true"))
        .respond_with(none)
        .up_to_n_times(1)
        .mount(&issuer.server)
        .await;
    Mock::given(method("GET"))
        .and(path(&set))
        .and(query_param("deep", "true"))
        .respond_with(found)
        .mount(&issuer.server)
        .await;
    let ids = ResponseTemplate::new(200).set_body_json(json!(["1"]));
    Mock::given(method("GET")).and(path(&set)).respond_with(ids).mount(&issuer.server).await;
    let made = ResponseTemplate::new(201).set_body_json(&album);
    Mock::given(method("POST")).and(path(&set)).respond_with(made).mount(&issuer.server).await;
    let ticket = ResponseTemplate::new(201).set_body_json(json!({ "ticket": "t" }));
    Mock::given(path(format!("{PROTECTION}/permission"))).respond_with(ticket).mount(&issuer.server).await;

    let kc = issuer.client().token("pat");
    let uma = kc.realm("acme").uma();
    let wanted = UmaResource {
        name: Some("Album".into()),
        resource_scopes: Some(vec!["view".into()]),
        ..UmaResource::default()
    };
    assert!(uma.resources().ensure(&wanted).await.unwrap().created);
    let there = uma.resources().ensure(&wanted).await.unwrap();
    assert!(!there.created);
    assert_eq!(there.value.resource_scopes.unwrap()[0].name(), "view");
    assert_eq!(uma.resources().list(&Default::default()).await.unwrap(), [Listed::Id("1".into())]);
    let posted = received(&issuer.server, &set).await.into_iter().find(|call| call.method == "POST").unwrap();
    let body: Value = serde_json::from_slice(&posted.body).unwrap();
    assert_eq!(body, json!({ "name": "Album", "resource_scopes": ["view"] }));

    let lacking = PermissionRequest { resource_id: Some("1".into()), ..PermissionRequest::default() };
    let ticket = uma.permissions().create(&vec![lacking]).await.unwrap().body.ticket.unwrap();
    assert_eq!(ticket.expose(), "t");
    assert_eq!(bearer(&received(&issuer.server, &format!("{PROTECTION}/permission")).await[0]), "Bearer pat");
}
