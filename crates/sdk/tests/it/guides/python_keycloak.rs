//! The Rust of `docs/from-python-keycloak.md`: a function for each table, a line for each row. It is compiled, never run.

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
    let kc = Client::builder("https://id.example.com/").login(Login::password("admin", "secret")).build()?;
    let acme = kc.realm("acme");
    let bob = User { username: Some("bob".into()), enabled: Some(true), ..User::default() };
    let id = acme.users().ensure(&bob).await?.value.id.unwrap_or_default();
    let role = acme.roles().get("staff").await?;
    acme.user(&id).role_mappings().realm().add(&vec![role]).await?;
    let mut users = acme.users().list_all(&UserQuery { search: Some("bo".into()), ..UserQuery::default() });
    while let Some(user) = users.try_next().await? {
        println!("{}", user.username.unwrap_or_default());
    }
    Ok(())
}

fn welcome_blocking() -> cloakroom::Result<()> {
    let login = Login::password("admin", "secret");
    let kc = cloakroom::blocking::Client::builder("https://id.example.com/").login(login).build_blocking()?;
    let bob = User { username: Some("bob".into()), enabled: Some(true), ..User::default() };
    println!("{:?}", kc.realm("acme").users().ensure(&bob)?.value.id);
    for user in kc.realm("acme").users().list_all(&UserQuery::default()) {
        println!("{}", user?.username.unwrap_or_default());
    }
    Ok(())
}

async fn log_in(kc: &Client, query_of_the_way_back: &str) -> cloakroom::Result<()> {
    let app = kc.oidc("acme", "app", ClientAuth::basic("secret"));
    let sent = app.authorize("https://app.example.com/back").await?.scope("openid email").build()?;
    println!("send the browser to {} and keep `sent` in its session", sent.url);
    let user = app.callback(&sent, query_of_the_way_back).await?;
    println!("{:?}", user.user.map(|claims| claims.sub));
    Ok(())
}

async fn realms(kc: &Client, acme: Realm<'_, Client>, realm: &realms::Realm, import: &PartialImport, profile: &ProfileConfig) -> cloakroom::Result<()> {
    kc.realm("acme");
    kc.realm("other");
    kc.realms().create(realm).await?;
    kc.realms().partial_import("acme", import).await?;
    kc.realms().partial_export("acme", &PartialExport { export_clients: Some(true), export_groups_and_roles: Some(true) }).await?;
    kc.realms().list(&RealmQuery::default()).await?;
    kc.realms().get("acme").await?;
    kc.realms().create(realm).await?;
    kc.realms().modify("acme", |realm| realm.registration_allowed = Some(true)).await?;
    kc.realms().delete("acme").await?;
    kc.server().info().await?;
    acme.keys().list().await?;
    acme.profile().get().await?;
    acme.profile().update(&Some(profile.clone())).await?;
    acme.caches().clear_keys().await?;
    acme.caches().clear_realms().await?;
    acme.caches().clear_users().await?;
    Ok(())
}

async fn organizations(acme: Realm<'_, Client>, org_id: &str, user_id: &str, org: &Organization) -> cloakroom::Result<()> {
    acme.orgs().list_all(&OrganizationQuery::default()).into_vec().await?;
    acme.orgs().get(org_id).await?;
    acme.orgs().create(org).await?.id();
    acme.orgs().update(org_id, org).await?;
    acme.orgs().delete(org_id).await?;
    acme.org(org_id).idps().list().await?;
    acme.org(org_id).idps().add("google").await?;
    acme.org(org_id).idps().remove("google").await?;
    acme.orgs().of_user(user_id, &Brief::default()).await?;
    acme.org(org_id).members().list_all(&MemberQuery::default()).into_vec().await?;
    acme.org(org_id).members().count().await?;
    acme.org(org_id).members().add(user_id).await?;
    acme.org(org_id).members().remove(user_id).await?;
    Ok(())
}

async fn users(acme: Realm<'_, Client>, user_id: &str, user: &User, password: &str) -> cloakroom::Result<()> {
    acme.users().list_all(&UserQuery::default()).into_vec().await?;
    acme.users().create(user).await?.id();
    acme.users().count(&UserQuery::default()).await?;
    acme.users().find("bob").await?.and_then(|user| user.id);
    acme.users().get(user_id, &UserDetail { user_profile_metadata: Some(true) }).await?;
    acme.users().groups_all(user_id, &UserGroupQuery::default()).into_vec().await?;
    acme.users().modify(user_id, |user| user.email = Some("bob@example.com".into())).await?;
    acme.users().modify(user_id, |user| user.enabled = Some(false)).await?;
    acme.users().modify(user_id, |user| user.enabled = Some(true)).await?;
    for user in acme.users().list_all(&UserQuery::default()).into_vec().await? { acme.users().modify(user.id.as_deref().unwrap_or_default(), |user| user.enabled = Some(false)).await?; };
    for user in acme.users().list_all(&UserQuery::default()).into_vec().await? { acme.users().modify(user.id.as_deref().unwrap_or_default(), |user| user.enabled = Some(true)).await?; };
    acme.users().delete(user_id).await?;
    acme.user(user_id).credentials().reset_password(&Credential { r#type: Some("password".into()), value: Some(password.into()), temporary: Some(true), ..Credential::default() }).await?;
    acme.user(user_id).credentials().list().await?;
    acme.user(user_id).credentials().delete("credential-id").await?;
    acme.users().logout(user_id).await?;
    acme.users().consents(user_id).await?;
    acme.users().revoke_consent(user_id, "app").await?;
    acme.users().federated_identities(user_id).await?;
    acme.users().link(user_id, "google", &FederatedIdentity { user_id: Some("42".into()), user_name: Some("bob".into()), ..FederatedIdentity::default() }).await?;
    acme.users().unlink(user_id, "google").await?;
    acme.users().execute_actions_email(user_id, &MailLink { client_id: Some("app".into()), ..MailLink::default() }, &vec!["UPDATE_PASSWORD".into()]).await?;
    acme.users().send_verify_email(user_id, &MailLink::default()).await?;
    acme.users().sessions(user_id).await?;
    acme.attack_detection().get(user_id).await?;
    acme.attack_detection().clear(user_id).await?;
    acme.attack_detection().clear_all().await?;
    Ok(())
}

async fn groups(acme: Realm<'_, Client>, group_id: &str, user_id: &str, group: &Group) -> cloakroom::Result<()> {
    acme.groups().list_all(&GroupQuery::default()).into_vec().await?;
    acme.groups().get(group_id).await?;
    acme.groups().by_path("staff/europe").await?;
    acme.groups().children_all(group_id, &ChildQuery::default()).into_vec().await?;
    acme.groups().members_all(group_id, &BriefPage::default()).into_vec().await?;
    acme.groups().by_path("staff/europe").await?;
    acme.groups().create(group).await?.map(|made| made.id().to_owned());
    acme.groups().modify(group_id, |group| group.name = Some("crew".into())).await?;
    acme.groups().count(&GroupCount::default()).await?;
    acme.groups().set_permissions(group_id, &ManagementPermissions { enabled: Some(true), ..ManagementPermissions::default() }).await?;
    acme.users().join_group(user_id, group_id).await?;
    acme.users().leave_group(user_id, group_id).await?;
    acme.groups().delete(group_id).await?;
    Ok(())
}

async fn identity_providers(acme: Realm<'_, Client>, mapper_id: &str, idp: &IdentityProvider, mapper: &IdentityProviderMapper) -> cloakroom::Result<()> {
    acme.idps().create(idp).await?;
    acme.idps().update("google", idp).await?;
    acme.idp("google").mappers().create(mapper).await?.id();
    acme.idp("google").mappers().update(mapper_id, mapper).await?;
    acme.idp("google").mappers().list().await?;
    acme.idps().list_all(&IdentityProviderQuery::default()).into_vec().await?;
    acme.idps().get("google").await?;
    acme.idps().delete("google").await?;
    Ok(())
}

async fn clients(kc: &Client, acme: Realm<'_, Client>, client_id: &str, mapper_id: &str, client: &clients::Client, mapper: &ProtocolMapper, pem: &str) -> cloakroom::Result<()> {
    acme.clients().list_all(&ClientQuery::default()).into_vec().await?;
    acme.clients().get(client_id).await?;
    acme.clients().find("app").await?.and_then(|client| client.id);
    acme.clients().create(client).await?.id();
    acme.clients().modify(client_id, |client| client.enabled = Some(false)).await?;
    acme.clients().delete(client_id).await?;
    acme.clients().installation(client_id, "keycloak-oidc-keycloak-json").await?;
    acme.clients().service_account_user(client_id).await?;
    acme.clients().regenerate_secret(client_id).await?;
    acme.clients().secret(client_id).await?;
    acme.client(client_id).mappers().list().await?;
    acme.client(client_id).mappers().create(mapper).await?.id();
    acme.client(client_id).mappers().update(mapper_id, mapper).await?;
    acme.client(client_id).mappers().delete(mapper_id).await?;
    acme.clients().user_sessions_all(client_id, &Page::default()).into_vec().await?;
    kc.realms().client_session_stats("acme").await?;
    acme.clients().permissions(client_id).await?;
    acme.clients().set_permissions(client_id, &ManagementPermissions { enabled: Some(true), ..ManagementPermissions::default() }).await?;
    acme.client(client_id).certificates("jwt.credential").get().await?;
    acme.client(client_id).certificates("jwt.credential").upload_certificate(&Content::multipart([Part::field("keystoreFormat", "Certificate PEM"), Part::file("file", "cert.pem", "text/plain", pem.to_owned())])).await?;
    acme.initial_access().create(&ClientInitialAccessCreate { count: Some(1), expiration: Some(3600), ..ClientInitialAccessCreate::default() }).await?;
    acme.client(client_id).default_client_scopes().list().await?;
    acme.client(client_id).default_client_scopes().add("scope-id").await?;
    acme.client(client_id).default_client_scopes().remove("scope-id").await?;
    acme.client(client_id).optional_client_scopes().list().await?;
    acme.client(client_id).optional_client_scopes().add("scope-id").await?;
    acme.client(client_id).optional_client_scopes().remove("scope-id").await?;
    Ok(())
}

async fn authorization(acme: Realm<'_, Client>, client_id: &str, id: &str, settings: &ResourceServer, resource: &Resource, scope: &Scope, role_policy: &RolePolicy, policy: &Policy, client_policy: &ClientPolicy, on_resource: &ResourcePermission, on_scope: &ScopePermission) -> cloakroom::Result<()> {
    acme.client(client_id).authz().settings().export().await?;
    acme.client(client_id).authz().settings().import(settings).await?;
    acme.client(client_id).authz().resources().create(resource).await?;
    acme.client(client_id).authz().resources().update(id, resource).await?;
    acme.client(client_id).authz().resources().delete(id).await?;
    acme.client(client_id).authz().resources().list_all(&ResourceQuery::default()).into_vec().await?;
    acme.client(client_id).authz().resources().get(id).await?;
    acme.client(client_id).authz().role_policies().create(role_policy).await?;
    acme.client(client_id).authz().policies().create(policy).await?;
    acme.client(client_id).authz().resource_permissions().create(on_resource).await?;
    acme.client(client_id).authz().scopes().list_all(&ScopeQuery::default()).into_vec().await?;
    acme.client(client_id).authz().scopes().create(scope).await?;
    acme.client(client_id).authz().permissions().list_all(&PolicyQuery::default()).into_vec().await?;
    acme.client(client_id).authz().policies().list_all(&PolicyQuery { permission: Some(false), ..PolicyQuery::default() }).into_vec().await?;
    acme.client(client_id).authz().policies().delete(id).await?;
    acme.client(client_id).authz().policies().get(id).await?;
    acme.client(client_id).authz().policies().scopes(id).await?;
    acme.client(client_id).authz().policies().resources(id).await?;
    acme.client(client_id).authz().scope_permissions().get(id).await?;
    acme.client(client_id).authz().scope_permissions().create(on_scope).await?;
    acme.client(client_id).authz().scope_permissions().update(id, on_scope).await?;
    acme.client(client_id).authz().resource_permissions().update(id, on_resource).await?;
    acme.client(client_id).authz().client_policies().list_all(&PolicyQuery::default()).into_vec().await?;
    acme.client(client_id).authz().client_policies().create(client_policy).await?;
    acme.client(client_id).authz().policies().associated(id).await?;
    Ok(())
}

async fn client_roles(acme: Realm<'_, Client>, client_id: &str, role: &Role, roles: &Vec<Role>) -> cloakroom::Result<()> {
    acme.client(client_id).roles().list_all(&RoleQuery::default()).into_vec().await?;
    acme.client(client_id).roles().get("reader").await?;
    acme.client(client_id).roles().get("reader").await?.id;
    acme.client(client_id).roles().create(role).await?.id();
    acme.client(client_id).roles().modify("reader", |role| role.description = Some("reads".into())).await?;
    acme.client(client_id).roles().delete("reader").await?;
    acme.client(client_id).roles().add_composites("reader", roles).await?;
    acme.client(client_id).roles().remove_composites("reader", roles).await?;
    acme.client(client_id).roles().composites("reader").await?;
    acme.client(client_id).roles().users_all("reader", &BriefPage::default()).into_vec().await?;
    acme.client(client_id).roles().groups_all("reader", &BriefPage::default()).into_vec().await?;
    acme.roles_by_id().client_composites("role-id", client_id).await?;
    acme.group("group-id").role_mappings().client(client_id).effective(&Brief::default()).await?;
    Ok(())
}

async fn realm_roles(acme: Realm<'_, Client>, role_id: &str, role: &Role, roles: &Vec<Role>) -> cloakroom::Result<()> {
    acme.roles().list_all(&RoleQuery::default()).into_vec().await?;
    acme.roles().groups_all("staff", &BriefPage::default()).into_vec().await?;
    acme.roles().users_all("staff", &BriefPage::default()).into_vec().await?;
    acme.roles().get("default-roles-acme").await?.id;
    acme.roles().composites("default-roles-acme").await?;
    acme.roles().remove_composites("default-roles-acme", roles).await?;
    acme.roles().add_composites("default-roles-acme", roles).await?;
    acme.roles().create(role).await?.id();
    acme.roles().get("staff").await?;
    acme.roles_by_id().get(role_id).await?;
    acme.roles().modify("staff", |role| role.description = Some("works here".into())).await?;
    acme.roles().delete("staff").await?;
    acme.roles().add_composites("staff", roles).await?;
    acme.roles().remove_composites("staff", roles).await?;
    acme.roles().realm_composites("staff").await?;
    acme.roles_by_id().get(role_id).await?;
    acme.roles_by_id().modify(role_id, |role| role.description = None).await?;
    acme.roles_by_id().delete(role_id).await?;
    acme.roles_by_id().composites_all(role_id, &CompositeQuery::default()).into_vec().await?;
    Ok(())
}

async fn role_mappings(acme: Realm<'_, Client>, user_id: &str, group_id: &str, client_id: &str, roles: &Vec<Role>) -> cloakroom::Result<()> {
    acme.user(user_id).role_mappings().client(client_id).add(roles).await?;
    acme.user(user_id).role_mappings().realm().add(roles).await?;
    acme.user(user_id).role_mappings().realm().remove(&Some(roles.clone())).await?;
    acme.user(user_id).role_mappings().realm().list().await?;
    acme.user(user_id).role_mappings().realm().available().await?;
    acme.user(user_id).role_mappings().realm().effective(&Brief::default()).await?;
    acme.group(group_id).role_mappings().realm().add(roles).await?;
    acme.group(group_id).role_mappings().realm().remove(&Some(roles.clone())).await?;
    acme.group(group_id).role_mappings().realm().list().await?;
    acme.group(group_id).role_mappings().client(client_id).add(roles).await?;
    acme.group(group_id).role_mappings().client(client_id).list().await?;
    acme.group(group_id).role_mappings().client(client_id).remove(&Some(roles.clone())).await?;
    acme.user(user_id).role_mappings().all().list().await?;
    acme.user(user_id).role_mappings().client(client_id).list().await?;
    acme.user(user_id).role_mappings().client(client_id).available().await?;
    acme.user(user_id).role_mappings().client(client_id).effective(&Brief::default()).await?;
    acme.user(user_id).role_mappings().client(client_id).remove(&Some(roles.clone())).await?;
    Ok(())
}

async fn scope_mappings(acme: Realm<'_, Client>, client_id: &str, owner_id: &str, scope_id: &str, roles: &Vec<Role>) -> cloakroom::Result<()> {
    acme.client(client_id).scope_mappings().realm().add(roles).await?;
    acme.client(client_id).scope_mappings().realm().remove(&Some(roles.clone())).await?;
    acme.client(client_id).scope_mappings().realm().list().await?;
    acme.client(client_id).scope_mappings().client(owner_id).add(roles).await?;
    acme.client(client_id).scope_mappings().client(owner_id).remove(&Some(roles.clone())).await?;
    acme.client(client_id).scope_mappings().client(owner_id).list().await?;
    acme.client_scope(scope_id).scope_mappings().client(owner_id).add(roles).await?;
    acme.client_scope(scope_id).scope_mappings().client(owner_id).remove(&Some(roles.clone())).await?;
    acme.client_scope(scope_id).scope_mappings().client(owner_id).list().await?;
    acme.client_scope(scope_id).scope_mappings().all().list().await?;
    Ok(())
}

async fn client_scopes(acme: Realm<'_, Client>, scope_id: &str, mapper_id: &str, scope: &ClientScope, mapper: &ProtocolMapper) -> cloakroom::Result<()> {
    acme.client_scopes().list().await?;
    acme.client_scopes().get(scope_id).await?;
    acme.client_scopes().find("email").await?;
    acme.client_scopes().create(scope).await?.id();
    acme.client_scopes().modify(scope_id, |scope| scope.description = Some("mail".into())).await?;
    acme.client_scopes().delete(scope_id).await?;
    acme.client_scope(scope_id).mappers().list().await?;
    acme.client_scope(scope_id).mappers().create(mapper).await?.id();
    acme.client_scope(scope_id).mappers().delete(mapper_id).await?;
    acme.client_scope(scope_id).mappers().update(mapper_id, mapper).await?;
    acme.default_client_scopes().list().await?;
    acme.default_client_scopes().add(scope_id).await?;
    acme.default_client_scopes().remove(scope_id).await?;
    acme.optional_client_scopes().list().await?;
    acme.optional_client_scopes().add(scope_id).await?;
    acme.optional_client_scopes().remove(scope_id).await?;
    Ok(())
}

async fn authentication(acme: Realm<'_, Client>, id: &str, flow: &AuthenticationFlow, execution: &AuthenticationExecutionInfo, subflow: &NewSubflow, config: &AuthenticatorConfig, action: &RequiredAction) -> cloakroom::Result<()> {
    acme.flows().list().await?;
    acme.flows().get(id).await?;
    acme.flows().create(flow).await?.id();
    acme.flows().update(id, flow).await?;
    acme.flows().copy("browser", &FlowCopy { new_name: Some("my browser".into()) }).await?.id();
    acme.flows().delete(id).await?;
    acme.flows().executions("my browser").await?;
    acme.flows().update_execution("my browser", execution).await?;
    acme.executions().get(id).await?;
    acme.flows().add_execution("my browser", &NewExecution { provider: Some("auth-cookie".into()), ..NewExecution::default() }).await?.id();
    acme.executions().delete(id).await?;
    acme.executions().raise_priority(id).await?;
    acme.flows().add_subflow("my browser", subflow).await?.id();
    acme.authentication_providers().authenticators().await?;
    acme.authenticator_configs().description("auth-cookie").await?;
    acme.authenticator_configs().get(id).await?;
    acme.executions().create_config(id, config).await?.id();
    acme.authenticator_configs().update(id, config).await?;
    acme.authenticator_configs().delete(id).await?;
    acme.required_actions().list().await?;
    acme.required_actions().get("CONFIGURE_TOTP").await.or_none()?;
    acme.required_actions().update("CONFIGURE_TOTP", action).await?;
    Ok(())
}

async fn components(acme: Realm<'_, Client>, id: &str, component: &Component, events: &RealmEventsConfig) -> cloakroom::Result<()> {
    acme.components().list(&ComponentQuery::default()).await?;
    acme.components().create(component).await?.id();
    acme.components().get(id).await?;
    acme.components().modify(id, |component| component.name = Some("ldap".into())).await?;
    acme.components().delete(id).await?;
    acme.user_storage().sync(id, &SyncQuery { action: Some("triggerFullSync".into()) }).await?;
    acme.admin_events().list_all(&AdminEventQuery::default()).into_vec().await?;
    acme.events().list_all(&EventQuery::default()).into_vec().await?;
    acme.events().set_config(events).await?;
    Ok(())
}

async fn openid(kc: &Client, app: &OidcClient, token: &str, client: &ClientMetadata) -> cloakroom::Result<()> {
    app.discovery().await?;
    app.authorize("https://app.example.com/back").await?.scope("openid email").build()?.url;
    app.token(TokenRequest::password("bob", "hunter2").totp("123456").scope("openid")).await?;
    app.token(TokenRequest::refresh(token)).await?;
    app.token(TokenRequest::exchange(token).audience("other").requested(TokenType::AccessToken)).await?;
    app.userinfo(token).await?;
    app.logout(token).await?;
    kc.realm("acme").oidc().certs().get().await?;
    kc.realm("acme").public().get().await?.public_key;
    app.introspect(token, None).await?;
    app.verifier().verify::<TokenClaims>(token).await?;
    app.device("openid").await?.wait().await?;
    kc.token(token).realm("acme").oidc().registration().create(client).await?;
    kc.token(token).realm("acme").oidc().registration().update("app", client).await?;
    kc.oidc("acme", "app", ClientAuth::basic("secret"));
    ClientAuth::basic("secret");
    kc.oidc("other", "app", ClientAuth::none());
    kc.anonymous();
    Ok(())
}

async fn permissions(app: &OidcClient, token: &str, settings: &str) -> Result<(), Box<dyn std::error::Error>> {
    Model::from_json(settings)?;
    Model::from_json(&std::fs::read_to_string("authz.json").unwrap_or_default())?;
    Model::from_json(settings)?.decide(&Identity::from_claims(jwt::decode(token)?), &Context::at(0), &Request::new())?.results().len();
    Model::from_json(settings)?.decide(&Identity::from_claims(jwt::decode(token)?), &Context::at(0), &Request::new())?.permissions();
    app.permissions(RptRequest::user(token).audience("photos")).await?;
    app.permissions(RptRequest::user(token).audience("photos").permission(PermissionExpr::resource("Album").scope("view"))).await?;
    app.access(RptRequest::user(token).audience("photos").permission(PermissionExpr::resource("Album").scope("view"))).await?.is_granted();
    Ok(())
}

async fn uma(photos: &Client, app: &OidcClient, id: &str, token: &str, resource: &UmaResource, policy: &UmaPolicy) -> cloakroom::Result<()> {
    photos.realm("acme").uma().realm().discovery().await?;
    photos.realm("acme").uma().resources().create(resource).await?;
    photos.realm("acme").uma().resources().update(id, resource).await?;
    photos.realm("acme").uma().resources().get(id).await?;
    photos.realm("acme").uma().resources().delete(id).await?;
    photos.realm("acme").uma().resources().list(&UmaResourceQuery { uri: Some("/albums/7".into()), matching_uri: Some(true), ..UmaResourceQuery::default() }).await?;
    photos.realm("acme").uma().resources().list_all(&UmaResourceQuery { deep: Some(true), ..UmaResourceQuery::default() }).into_vec().await?;
    photos.realm("acme").uma().permissions().create(&vec![PermissionRequest { resource_id: Some(id.into()), resource_scopes: Some(vec!["view".into()]), claims: None }]).await?;
    app.decide(RptRequest::user(token).audience("photos").permission(PermissionExpr::resource("Album").scope("view"))).await?;
    photos.realm("acme").uma().policies().create(id, policy).await?;
    photos.realm("acme").uma().policies().update(id, policy).await?;
    photos.realm("acme").uma().policies().delete(id).await?;
    photos.realm("acme").uma().policies().list_all(&UmaPolicyQuery { resource: Some(id.into()), ..UmaPolicyQuery::default() }).into_vec().await?;
    photos.url();
    Ok(())
}

async fn connection(kc: &Client) -> cloakroom::Result<()> {
    Client::builder("https://id.example.com/auth");
    Login::password("admin", "secret").totp("123456");
    Login::password("admin", "secret").client("app", ClientAuth::basic("secret"));
    kc.realm("acme");
    Login::password("admin", "secret").realm("acme");
    kc.access_token().await?;
    kc.oidc("acme", "app", ClientAuth::none());
    kc.access_token().await?;
    kc.access_token().await?;
    Ok(())
}

async fn requests(kc: &Client, path: &str, body: Vec<u8>) -> cloakroom::Result<()> {
    kc.request(http::Request::get(path).body(Bytes::new()).unwrap_or_default()).await?;
    kc.request(http::Request::post(path).header("content-type", "application/json").body(body.clone().into()).unwrap_or_default()).await?;
    kc.request(http::Request::put(path).header("content-type", "application/json").body(body.clone().into()).unwrap_or_default()).await?;
    kc.request(http::Request::delete(path).body(Bytes::new()).unwrap_or_default()).await?;
    Ok(())
}

async fn settings(kc: &Client, pem: &str) -> cloakroom::Result<()> {
    kc.url();
    Client::builder("https://id.example.com").timeout(Duration::from_secs(10));
    Client::builder("https://id.example.com").ca_pem(pem);
    Client::builder("https://id.example.com").client_certificate_pem(pem);
    Client::builder("https://id.example.com").proxy("http://proxy.example.com:3128");
    Client::builder("https://id.example.com").retry(Retry::DEFAULT.times(5));
    Client::builder("https://id.example.com").pool(32, Duration::from_secs(90));
    Client::builder("https://id.example.com").header("X-Tenant", "acme")?;
    Client::builder("https://id.example.com");
    Client::builder("https://id.example.com").build()?;
    drop(kc.clone());
    Ok(())
}

async fn helpers(kc: &Client, app: &OidcClient, token: &str, settings: &str) -> Result<(), Box<dyn std::error::Error>> {
    Pkce::generate()?.verifier();
    Pkce::from_verifier("the verifier").challenge();
    "Album#view,print".parse::<PermissionExpr>()?;
    PermissionExpr::resource("Album").scope("view");
    app.access(RptRequest::user(token).audience("photos")).await?;
    kc.realm("acme").users().get("id", &UserDetail::default()).await?;
    Model::from_json(settings)?;
    Ok(())
}

async fn errors(e: &cloakroom::Error) -> cloakroom::Result<()> {
    e.message();
    e.is_unauthorized() || e.is_login();
    e.is_network();
    e.is_not_found() || e.is_conflict() || e.is_forbidden() || e.is_bad_request();
    e.is_invalid_token();
    e.code();
    e.message();
    e.is_not_found();
    Ok(())
}
