//! The Rust of `docs/from-python-keycloak-client.md`: a function for each table, a line for each row. It is compiled, never run.

use std::time::Duration;

use bytes::Bytes;
use cloakroom::api::admin::authz::typed::{ClientPolicy, ResourcePermission, RolePolicy, ScopePermission};
use cloakroom::api::admin::authz::{Policy, PolicyEvaluationRequest, Resource, ResourceServer, Scope};
use cloakroom::api::admin::authz::policies::*;
use cloakroom::api::admin::authz::resources::*;
use cloakroom::api::admin::authz::scopes::*;
use cloakroom::api::admin::client_scopes::*;
use cloakroom::api::admin::clients::{self, ClientQuery, KeystoreConfig};
use cloakroom::api::admin::components::*;
use cloakroom::api::admin::credentials::Credential;
use cloakroom::api::admin::events::*;
use cloakroom::api::admin::events::admin::*;
use cloakroom::api::admin::flows::*;
use cloakroom::api::admin::flows::configs::*;
use cloakroom::api::admin::flows::execution::*;
use cloakroom::api::admin::flows::required_actions::*;
use cloakroom::api::admin::groups::*;
use cloakroom::api::admin::idps::mappers::*;
use cloakroom::api::admin::idps::*;
use cloakroom::api::admin::initial_access::*;
use cloakroom::api::admin::mappers::ProtocolMapper;
use cloakroom::api::admin::orgs::members::*;
use cloakroom::api::admin::orgs::*;
use cloakroom::api::admin::permissions::ManagementPermissions;
use cloakroom::api::admin::profile::ProfileConfig;
use cloakroom::api::admin::query::*;
use cloakroom::api::admin::realms::{self, PartialExport, PartialImport, RealmQuery};
use cloakroom::api::admin::roles::{CompositeQuery, Role, RoleQuery};
use cloakroom::api::admin::sessions::SessionKind;
use cloakroom::api::admin::user_storage::SyncQuery;
use cloakroom::api::admin::users::*;
use cloakroom::api::endpoint::{Content, Form, Part};
use cloakroom::api::uma::policies::*;
use cloakroom::api::uma::resources::*;
use cloakroom::api::uma::tickets::PermissionRequest;
use cloakroom::jwt::{self, TokenClaims};
use cloakroom::oidc::{ClientMetadata, Pkce, TokenRequest, TokenType};
use cloakroom::policy::{Context, Identity, Model, Request};
use cloakroom::prelude::*;
use cloakroom::uma::{Access, PermissionExpr, RptRequest};
use cloakroom::{Client, ClientAuth, Login, OidcClient, Realm, Retry, Settings};


async fn welcome() -> cloakroom::Result<()> {
    let robot = Login::client_credentials("robot", ClientAuth::basic("secret")).realm("acme");
    let kc = Client::builder("https://id.example.com/auth").login(robot).build()?;
    let acme = kc.realm("acme");
    acme.users().create(&User { username: Some("bob".into()), enabled: Some(true), ..User::default() }).await?;
    let mut users = acme.users().list_all(&UserQuery::default());
    while let Some(user) = users.try_next().await? {
        println!("{}", user.username.unwrap_or_default());
    }
    Ok(())
}

fn welcome_blocking() -> cloakroom::Result<()> {
    let robot = Login::client_credentials("robot", ClientAuth::basic("secret")).realm("acme");
    let kc = cloakroom::blocking::Client::builder("https://id.example.com/auth").login(robot).build_blocking()?;
    let acme = kc.realm("acme");
    acme.users().create(&User { username: Some("bob".into()), enabled: Some(true), ..User::default() })?;
    for user in acme.users().list_all(&UserQuery::default()) {
        println!("{}", user?.username.unwrap_or_default());
    }
    Ok(())
}

async fn entry(kc: &Client, path: &str, body: Vec<u8>) -> cloakroom::Result<()> {
    Client::builder("https://id.example.com/auth").build()?;
    kc.realm("acme");
    kc.url();
    kc.realm("acme");
    kc.oidc("acme", "app", ClientAuth::basic("secret"));
    kc.oidc("acme", "app", ClientAuth::basic("secret"));
    kc.realm("acme").uma();
    drop(kc.clone());
    Client::builder("https://id.example.com").timeout(Duration::from_secs(10));
    kc.url();
    kc.request(http::Request::get(path).body(Bytes::new()).unwrap_or_default()).await?;
    kc.request(http::Request::post(path).body(body.clone().into()).unwrap_or_default()).await?;
    kc.request(http::Request::put(path).body(body.clone().into()).unwrap_or_default()).await?;
    kc.request(http::Request::delete(path).body(Bytes::new()).unwrap_or_default()).await?;
    kc.clone();
    Ok(())
}

async fn openid(kc: &Client, app: &OidcClient, token: &str) -> cloakroom::Result<()> {
    app.discovery().await?;
    kc.realm("acme").oidc().discovery().openid().await?;
    app.discovery().await?.token_endpoint.clone();
    app.verifier().audience("app").verify::<TokenClaims>(token).await?;
    app.logout(token).await?;
    kc.realm("acme").oidc().certs().get().await?;
    app.userinfo(token).await?;
    app.rpt(RptRequest::user(token).audience("photos")).await?;
    app.authorize("https://app.example.com/back").await?.scope("openid").with("prompt", "login").build()?.url;
    app.token(TokenRequest::plain_code("code", "https://app.example.com/back")).await?;
    app.token(TokenRequest::password("bob", "hunter2").totp("123456")).await?;
    app.token(TokenRequest::client_credentials()).await?;
    app.token(TokenRequest::refresh(token)).await?;
    app.token(TokenRequest::exchange(token).audience("other")).await?;
    Ok(())
}

async fn authz(kc: &Client, app: &OidcClient, token: &str, ticket: &str) -> cloakroom::Result<()> {
    kc.realm("acme").uma().realm().discovery().await?;
    app.permissions(RptRequest::user(token).audience("photos")).await?;
    app.permissions(RptRequest::user(token).audience("photos").permission(PermissionExpr::resource("Album").scope("view")).ticket(ticket).submit_request(true)).await?;
    app.decide(RptRequest::user(token).audience("photos").permission(PermissionExpr::resource("Album").scope("view"))).await?;
    app.access(RptRequest::user(token).audience("photos").permissions(["Album#view", "Album#print"].iter().flat_map(|text| text.parse()))).await?.is_granted();
    Ok(())
}

async fn uma(photos: &Client, id: &str, resource: &UmaResource, policy: &UmaPolicy) -> cloakroom::Result<()> {
    photos.realm("acme").uma().realm().discovery().await?;
    photos.realm("acme").uma().resources().create(resource).await?;
    photos.realm("acme").uma().resources().update(id, resource).await?;
    photos.realm("acme").uma().resources().get(id).await?;
    photos.realm("acme").uma().resources().delete(id).await?;
    photos.realm("acme").uma().resources().list_all(&UmaResourceQuery::default()).into_vec().await?;
    photos.realm("acme").uma().permissions().create(&vec![PermissionRequest { resource_id: Some(id.into()), resource_scopes: Some(vec!["view".into()]), claims: None }]).await?.body.ticket;
    photos.realm("acme").uma().policies().create(id, policy).await?;
    photos.realm("acme").uma().policies().update(id, policy).await?;
    photos.realm("acme").uma().policies().delete(id).await?;
    photos.realm("acme").uma().policies().list_all(&UmaPolicyQuery { name: Some("shared".into()), ..UmaPolicyQuery::default() }).into_vec().await?;
    photos.token("a token");
    UmaResource { name: Some("Album".into()), resource_scopes: Some(vec!["view".into()]), ..UmaResource::default() };
    Ok(())
}

async fn admin(kc: &Client, acme: Realm<'_, Client>, id: &str, user_id: &str, client: &str, roles: &Vec<Role>, path: &str, body: Vec<u8>) -> cloakroom::Result<()> {
    kc.token("a token");
    kc.url();
    kc.request(http::Request::get(path).body(Bytes::new()).unwrap_or_default()).await?;
    kc.request(http::Request::post(path).body(body.clone().into()).unwrap_or_default()).await?;
    kc.request(http::Request::put(path).body(body.clone().into()).unwrap_or_default()).await?;
    kc.request(http::Request::delete(path).body(Bytes::new()).unwrap_or_default()).await?;
    kc.realms();
    kc.realm("acme");
    acme.clients();
    acme.users();
    acme.groups();
    acme.clients().list_all(&ClientQuery::default()).into_vec().await?;
    acme.client(id);
    acme.client(id).roles();
    acme.client(id).roles().create(&Role { name: Some("reader".into()), ..Role::default() }).await?;
    acme.client(id).roles().get("reader").await?;
    acme.client(id).roles().modify("reader", |role| role.description = Some("reads".into())).await?;
    acme.users().create(&User { username: Some("bob".into()), ..User::default() }).await?.id();
    acme.users().list_all(&UserQuery::default()).into_vec().await?;
    acme.user(user_id);
    acme.users().get(user_id, &UserDetail::default()).await?;
    acme.users().modify(user_id, |user| user.email = Some("bob@example.com".into())).await?;
    acme.users().delete(user_id).await?;
    acme.user(user_id).credentials().reset_password(&Credential { r#type: Some("password".into()), value: Some("hunter2".into()), ..Credential::default() }).await?;
    acme.users().logout(user_id).await?;
    acme.users();
    acme.users().groups_all(user_id, &UserGroupQuery::default()).into_vec().await?;
    acme.users().join_group(user_id, "group-id").await?;
    acme.users().leave_group(user_id, "group-id").await?;
    acme.user(user_id).role_mappings();
    acme.user(user_id).role_mappings().realm();
    acme.user(user_id).role_mappings().realm().available().await?;
    acme.user(user_id).role_mappings().realm().list().await?;
    acme.user(user_id).role_mappings().realm().add(roles).await?;
    acme.user(user_id).role_mappings().realm().remove(&Some(roles.clone())).await?;
    acme.groups().list_all(&GroupQuery::default()).into_vec().await?;
    acme.groups().create(&Group { name: Some("staff".into()), ..Group::default() }).await?;
    Ok(())
}

async fn errors(e: &cloakroom::Error) -> cloakroom::Result<()> {
    e.message();
    Ok(())
}
