//! The Rust of `docs/from-ackc.md`: a function for each table, a line for each row. It is compiled, never run.

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
    let settings = Settings::from_env()?;
    let kc = settings.builder()?.build()?;
    let acme = kc.realm(settings.realm());
    let bob = User { username: Some("bob".into()), enabled: Some(true), ..User::default() };
    let made = acme.users().create(&bob).await?;
    let password = Credential { r#type: Some("password".into()), value: Some("hunter2".into()), ..Credential::default() };
    acme.user(made.id()).credentials().reset_password(&password).await?;
    for user in acme.users().list_all(&UserQuery { search: Some("bo".into()), ..UserQuery::default() }).into_vec().await? {
        println!("{}", user.username.unwrap_or_default());
    }
    Ok(())
}

async fn on_a_television(kc: &Client) -> cloakroom::Result<()> {
    let app = kc.oidc("acme", "tv", ClientAuth::none());
    let login = app.device("openid").await?;
    println!("{}", login.answer.verification_uri_complete.as_deref().unwrap_or_default());
    let tokens = login.wait().await?;
    println!("{}", jwt::decode::<TokenClaims>(tokens.access_token.unwrap_or_default().expose())?.scopes().count());
    Ok(())
}

async fn tokens(kc: &Client, app: &OidcClient, token: &str) -> cloakroom::Result<()> {
    Login::client_credentials("app", ClientAuth::basic("secret")).realm("master");
    kc.url();
    kc.oidc("acme", "app", ClientAuth::basic("secret"));
    kc.access_token().await?;
    kc.access_token().await?;
    kc.access_token().await?;
    kc.access_token().await?;
    app.token(TokenRequest::password("bob", "hunter2").totp("123456").scope("openid")).await?;
    app.device("openid").await?.wait().await?;
    app.token(TokenRequest::plain_code("code", "https://app.example.com/back")).await?;
    app.userinfo(token).await?;
    app.introspect(token, None).await?;
    app.token(TokenRequest::refresh(token)).await?;
    jwt::decode::<TokenClaims>(token)?;
    jwt::needs_refresh(token, Duration::from_secs(60))?;
    Ok(())
}

async fn addresses(kc: &Client, app: &OidcClient) -> cloakroom::Result<()> {
    app.authorize("https://app.example.com/back").await?.scope("openid").with("prompt", "login").build()?.url;
    app.authorize("https://app.example.com/back").await?.build()?.url;
    app.register("https://app.example.com/back").await?.build()?.url;
    kc.realms().get("acme").await?.registration_allowed;
    kc.realms().export("acme").users(true).write(&mut std::io::stdout(), |_| {}).await?;
    Ok(())
}

async fn users(acme: Realm<'_, Client>, user_id: &str, user: &User, password: &str, profile: &ProfileConfig) -> cloakroom::Result<()> {
    acme.users().list_all(&UserQuery::default()).into_vec().await?;
    acme.users().create(user).await?.id();
    acme.users().get(user_id, &UserDetail::default()).await.or_none()?;
    acme.users().update(user_id, user).await?;
    acme.users().delete(user_id).await?;
    acme.users().count(&UserQuery::default()).await?;
    acme.users().groups_all(user_id, &UserGroupQuery::default()).into_vec().await?;
    acme.users().join_group(user_id, "group-id").await?;
    acme.users().leave_group(user_id, "group-id").await?;
    acme.user(user_id).credentials().reset_password(&Credential { r#type: Some("password".into()), value: Some(password.into()), temporary: Some(true), ..Credential::default() }).await?;
    acme.users().send_verify_email(user_id, &MailLink::default()).await?;
    acme.users().sessions(user_id).await?;
    acme.users().logout(user_id).await?;
    acme.user(user_id).credentials().list().await?;
    acme.user(user_id).credentials().delete("credential-id").await?;
    acme.users().count_groups(user_id, &UserGroupCount::default()).await?.count;
    acme.users().consents(user_id).await?;
    acme.users().revoke_consent(user_id, "app").await?;
    acme.users().federated_identities(user_id).await?;
    acme.users().link(user_id, "google", &FederatedIdentity { user_id: Some("42".into()), ..FederatedIdentity::default() }).await?;
    acme.users().unlink(user_id, "google").await?;
    acme.users().impersonate(user_id).await?;
    acme.users().offline_sessions(user_id, "client-id").await?;
    acme.users().execute_actions_email(user_id, &MailLink { client_id: Some("app".into()), ..MailLink::default() }, &vec!["UPDATE_PASSWORD".into()]).await?;
    acme.user(user_id).credentials().storage_types().await?;
    acme.users().unmanaged_attributes(user_id).await?;
    acme.user(user_id).credentials().move_after("credential-id", "previous-id").await?;
    acme.user(user_id).credentials().move_to_first("credential-id").await?;
    acme.user(user_id).credentials().disable_types(&vec!["otp".into()]).await?;
    acme.users().reset_password_email(user_id, &MailLink::default()).await?;
    acme.profile().get().await?;
    acme.profile().update(&Some(profile.clone())).await?;
    acme.profile().metadata().await?;
    Ok(())
}

async fn realms(kc: &Client, acme: Realm<'_, Client>, realm: &realms::Realm, import: &PartialImport, events: &RealmEventsConfig) -> cloakroom::Result<()> {
    kc.realms().list(&RealmQuery::default()).await?;
    kc.realms().create(realm).await?;
    kc.realms().get("acme").await.or_none()?;
    kc.realms().update("acme", realm).await?;
    kc.realms().delete("acme").await?;
    acme.events().list_all(&EventQuery::default()).into_vec().await?;
    acme.events().clear().await?;
    acme.admin_events().list_all(&AdminEventQuery::default()).into_vec().await?;
    acme.admin_events().clear().await?;
    acme.events().config().await?;
    acme.events().set_config(events).await?;
    kc.realms().default_groups("acme").await?;
    kc.realms().add_default_group("acme", "group-id").await?;
    kc.realms().remove_default_group("acme", "group-id").await?;
    kc.realms().partial_export("acme", &PartialExport { export_clients: Some(true), export_groups_and_roles: Some(true) }).await?;
    kc.realms().partial_import("acme", import).await?;
    kc.realms().logout_all("acme").await?;
    kc.realms().client_session_stats("acme").await?;
    acme.default_client_scopes().list().await?;
    acme.default_client_scopes().add("scope-id").await?;
    acme.default_client_scopes().remove("scope-id").await?;
    acme.optional_client_scopes().list().await?;
    acme.optional_client_scopes().add("scope-id").await?;
    acme.optional_client_scopes().remove("scope-id").await?;
    Ok(())
}

async fn clients(acme: Realm<'_, Client>, client_id: &str, client: &clients::Client, node: &cloakroom::api::fields::StringMap) -> cloakroom::Result<()> {
    acme.clients().list_all(&ClientQuery::default()).into_vec().await?;
    acme.clients().create(client).await?.id();
    acme.clients().get(client_id).await.or_none()?;
    acme.clients().update(client_id, client).await?;
    acme.clients().delete(client_id).await?;
    acme.clients().secret(client_id).await?;
    acme.clients().regenerate_secret(client_id).await?;
    acme.clients().service_account_user(client_id).await?;
    acme.clients().session_count(client_id).await?.count;
    acme.clients().offline_session_count(client_id).await?.count;
    acme.clients().user_sessions_all(client_id, &Page::default()).into_vec().await?;
    acme.clients().offline_sessions_all(client_id, &Page::default()).into_vec().await?;
    acme.client(client_id).default_client_scopes().list().await?;
    acme.client(client_id).default_client_scopes().add("scope-id").await?;
    acme.client(client_id).default_client_scopes().remove("scope-id").await?;
    acme.client(client_id).optional_client_scopes().list().await?;
    acme.client(client_id).optional_client_scopes().add("scope-id").await?;
    acme.client(client_id).optional_client_scopes().remove("scope-id").await?;
    acme.clients().push_revocation(client_id).await?;
    acme.clients().regenerate_registration_access_token(client_id).await?;
    acme.clients().permissions(client_id).await?;
    acme.clients().set_permissions(client_id, &ManagementPermissions { enabled: Some(true), ..ManagementPermissions::default() }).await?;
    acme.clients().add_node(client_id, node).await?;
    acme.clients().remove_node(client_id, "node-1").await?;
    acme.clients().test_nodes(client_id).await?;
    Ok(())
}

async fn roles(acme: Realm<'_, Client>, client_id: &str, role: &Role, roles: &Vec<Role>) -> cloakroom::Result<()> {
    acme.roles().list_all(&RoleQuery::default()).into_vec().await?;
    acme.roles().create(role).await?.id();
    acme.roles().get("staff").await.or_none()?;
    acme.roles().update("staff", role).await?;
    acme.roles().delete("staff").await?;
    acme.roles().users_all("staff", &BriefPage::default()).into_vec().await?;
    acme.roles().groups_all("staff", &BriefPage::default()).into_vec().await?;
    acme.roles().composites("staff").await?;
    acme.roles().add_composites("staff", roles).await?;
    acme.roles().remove_composites("staff", roles).await?;
    acme.roles().realm_composites("staff").await?;
    acme.roles().client_composites("staff", client_id).await?;
    acme.client(client_id).roles().list_all(&RoleQuery::default()).into_vec().await?;
    acme.client(client_id).roles().create(role).await?.id();
    acme.client(client_id).roles().get("reader").await.or_none()?;
    acme.client(client_id).roles().update("reader", role).await?;
    acme.client(client_id).roles().delete("reader").await?;
    acme.client(client_id).roles().users_all("reader", &BriefPage::default()).into_vec().await?;
    Ok(())
}

async fn groups(acme: Realm<'_, Client>, group_id: &str, group: &Group) -> cloakroom::Result<()> {
    acme.groups().list_all(&GroupQuery::default()).into_vec().await?;
    acme.groups().create(group).await?.map(|made| made.id().to_owned());
    acme.groups().get(group_id).await.or_none()?;
    acme.groups().update(group_id, group).await?;
    acme.groups().delete(group_id).await?;
    acme.groups().members_all(group_id, &BriefPage::default()).into_vec().await?;
    acme.groups().count(&GroupCount::default()).await?.count;
    acme.groups().children_all(group_id, &ChildQuery::default()).into_vec().await?;
    acme.groups().create_child(group_id, group).await?;
    acme.groups().permissions(group_id).await?;
    acme.groups().set_permissions(group_id, &ManagementPermissions { enabled: Some(true), ..ManagementPermissions::default() }).await?;
    Ok(())
}

async fn organizations(acme: Realm<'_, Client>, org_id: &str, user_id: &str, org: &Organization) -> cloakroom::Result<()> {
    acme.orgs().list_all(&OrganizationQuery::default()).into_vec().await?;
    acme.orgs().create(org).await?.id();
    acme.orgs().get(org_id).await.or_none()?;
    acme.orgs().update(org_id, org).await?;
    acme.orgs().delete(org_id).await?;
    acme.org(org_id).members().list_all(&MemberQuery::default()).into_vec().await?;
    acme.org(org_id).members().add(user_id).await?;
    acme.org(org_id).members().remove(user_id).await?;
    acme.orgs().count(&OrganizationCount::default()).await?;
    acme.org(org_id).members().count().await?;
    acme.org(org_id).members().get(user_id).await.or_none()?;
    acme.org(org_id).members().invite_user(&Form::default().with("id", user_id)).await?;
    acme.org(org_id).members().invite(&Form::default().with("email", "bob@example.com").with("firstName", "Bob")).await?;
    acme.org(org_id).idps().list().await?;
    acme.org(org_id).idps().get("google").await.or_none()?;
    acme.org(org_id).idps().add("google").await?;
    acme.org(org_id).idps().remove("google").await?;
    acme.orgs().of_user(user_id, &Brief::default()).await?;
    Ok(())
}

async fn identity_providers(acme: Realm<'_, Client>, id: &str, idp: &IdentityProvider, mapper: &IdentityProviderMapper, upload: &Content) -> cloakroom::Result<()> {
    acme.idps().list_all(&IdentityProviderQuery::default()).into_vec().await?;
    acme.idps().create(idp).await?;
    acme.idps().get("google").await.or_none()?;
    acme.idps().update("google", idp).await?;
    acme.idps().delete("google").await?;
    acme.idp("google").mappers().list().await?;
    acme.idp("google").mappers().create(mapper).await?.id();
    acme.idp("google").mappers().get(id).await.or_none()?;
    acme.idp("google").mappers().update(id, mapper).await?;
    acme.idp("google").mappers().delete(id).await?;
    acme.idp("google").mappers().types().await?;
    acme.idps().export("google", &ExportQuery::default()).await?;
    acme.idps().import_config(upload).await?;
    Ok(())
}

async fn client_scopes(acme: Realm<'_, Client>, scope_id: &str, scope: &ClientScope) -> cloakroom::Result<()> {
    acme.client_scopes().list().await?;
    acme.client_scopes().create(scope).await?.id();
    acme.client_scopes().get(scope_id).await.or_none()?;
    acme.client_scopes().update(scope_id, scope).await?;
    acme.client_scopes().delete(scope_id).await?;
    Ok(())
}

async fn components(acme: Realm<'_, Client>, id: &str, component: &Component) -> cloakroom::Result<()> {
    acme.components().list(&ComponentQuery::default()).await?;
    acme.components().create(component).await?.id();
    acme.components().get(id).await.or_none()?;
    acme.components().update(id, component).await?;
    acme.components().delete(id).await?;
    acme.components().sub_types(id, &ProviderQuery { r#type: Some("org.keycloak.storage.ldap.mappers.LDAPStorageMapper".into()) }).await?;
    Ok(())
}

async fn sessions(kc: &Client, acme: Realm<'_, Client>, client_id: &str, user_id: &str) -> cloakroom::Result<()> {
    kc.realms().client_session_stats("acme").await?;
    kc.realms().delete_session("acme", "session-id", &SessionKind { is_offline: Some(false) }).await?;
    acme.clients().session_count(client_id).await?.count;
    acme.clients().user_sessions_all(client_id, &Page::default()).into_vec().await?;
    acme.clients().offline_sessions_all(client_id, &Page::default()).into_vec().await?;
    acme.clients().offline_session_count(client_id).await?.count;
    acme.users().sessions(user_id).await?;
    acme.users().offline_sessions(user_id, client_id).await?;
    Ok(())
}

async fn events(acme: Realm<'_, Client>, config: &RealmEventsConfig) -> cloakroom::Result<()> {
    acme.events().list_all(&EventQuery { user: Some("user-id".into()), ..EventQuery::default() }).into_vec().await?;
    acme.events().clear().await?;
    acme.admin_events().list_all(&AdminEventQuery::default()).into_vec().await?;
    acme.admin_events().clear().await?;
    acme.events().config().await?;
    acme.events().set_config(config).await?;
    Ok(())
}

async fn flows(acme: Realm<'_, Client>, id: &str, flow: &AuthenticationFlow, execution: &AuthenticationExecutionInfo, whole: &AuthenticationExecution, subflow: &NewSubflow, config: &AuthenticatorConfig) -> cloakroom::Result<()> {
    acme.flows().list().await?;
    acme.flows().create(flow).await?.id();
    acme.flows().get(id).await.or_none()?;
    acme.flows().update(id, flow).await?;
    acme.flows().delete(id).await?;
    acme.flows().copy("browser", &FlowCopy { new_name: Some("my browser".into()) }).await?.id();
    acme.flows().executions("my browser").await?;
    acme.flows().update_execution("my browser", execution).await?;
    acme.flows().add_execution("my browser", &NewExecution { provider: Some("auth-cookie".into()), ..NewExecution::default() }).await?.id();
    acme.flows().add_subflow("my browser", subflow).await?.id();
    acme.executions().get(id).await.or_none()?;
    acme.executions().delete(id).await?;
    acme.executions().create_config(id, config).await?.id();
    acme.executions().lower_priority(id).await?;
    acme.executions().raise_priority(id).await?;
    acme.executions().config(id, "config-id").await?;
    acme.executions().create(whole).await?.id();
    Ok(())
}

async fn configurations(acme: Realm<'_, Client>, id: &str, config: &AuthenticatorConfig) -> cloakroom::Result<()> {
    acme.authenticator_configs().get(id).await.or_none()?;
    acme.authenticator_configs().create(config).await?.id();
    acme.authenticator_configs().update(id, config).await?;
    acme.authenticator_configs().delete(id).await?;
    acme.authenticator_configs().description("auth-cookie").await?;
    acme.authenticator_configs().client_descriptions().await?;
    acme.authentication_providers().authenticators().await?;
    acme.authentication_providers().client_authenticators().await?;
    acme.authentication_providers().form_actions().await?;
    acme.authentication_providers().forms().await?;
    Ok(())
}

async fn required_actions(acme: Realm<'_, Client>, action: &RequiredAction, new: &UnregisteredAction, config: &RequiredActionConfig) -> cloakroom::Result<()> {
    acme.required_actions().list().await?;
    acme.required_actions().get("CONFIGURE_TOTP").await.or_none()?;
    acme.required_actions().update("CONFIGURE_TOTP", action).await?;
    acme.required_actions().delete("CONFIGURE_TOTP").await?;
    acme.required_actions().unregistered().await?;
    acme.required_actions().register(new).await?;
    acme.required_actions().lower_priority("CONFIGURE_TOTP").await?;
    acme.required_actions().raise_priority("CONFIGURE_TOTP").await?;
    acme.required_actions().config("CONFIGURE_TOTP").await?;
    acme.required_actions().set_config("CONFIGURE_TOTP", config).await?;
    acme.required_actions().delete_config("CONFIGURE_TOTP").await?;
    acme.required_actions().config_description("CONFIGURE_TOTP").await?;
    Ok(())
}

async fn resources(acme: Realm<'_, Client>, client_id: &str, id: &str, server: &ResourceServer, resource: &Resource, scope: &Scope) -> cloakroom::Result<()> {
    acme.client(client_id).authz().settings().get().await?;
    acme.client(client_id).authz().settings().update(server).await?;
    acme.client(client_id).authz().settings().export().await?;
    acme.client(client_id).authz().settings().import(server).await?;
    acme.client(client_id).authz().resources().list_all(&ResourceQuery::default()).into_vec().await?;
    acme.client(client_id).authz().resources().create(resource).await?;
    acme.client(client_id).authz().resources().get(id).await.or_none()?;
    acme.client(client_id).authz().resources().update(id, resource).await?;
    acme.client(client_id).authz().resources().delete(id).await?;
    acme.client(client_id).authz().resources().find(&NameQuery { name: Some("Album".into()) }).await?;
    acme.client(client_id).authz().resources().attributes(id).await?;
    acme.client(client_id).authz().resources().permissions(id).await?;
    acme.client(client_id).authz().resources().scopes(id).await?;
    acme.client(client_id).authz().scopes().list_all(&ScopeQuery::default()).into_vec().await?;
    acme.client(client_id).authz().scopes().create(scope).await?;
    acme.client(client_id).authz().scopes().get(id).await.or_none()?;
    acme.client(client_id).authz().scopes().update(id, scope).await?;
    acme.client(client_id).authz().scopes().delete(id).await?;
    acme.client(client_id).authz().scopes().find(&NameQuery { name: Some("view".into()) }).await?;
    acme.client(client_id).authz().scopes().permissions(id).await?;
    acme.client(client_id).authz().scopes().resources(id).await?;
    Ok(())
}

async fn policies(acme: Realm<'_, Client>, client_id: &str, policy: &Policy, asked: &PolicyEvaluationRequest) -> cloakroom::Result<()> {
    acme.client(client_id).authz().policies().list_all(&PolicyQuery::default()).into_vec().await?;
    acme.client(client_id).authz().policies().create(policy).await?;
    acme.client(client_id).authz().policies().find(&PolicySearch { name: Some("office hours".into()), ..PolicySearch::default() }).await?;
    acme.client(client_id).authz().policies().providers().await?;
    acme.client(client_id).authz().policies().evaluate(asked).await?;
    acme.client(client_id).authz().permissions().list_all(&PolicyQuery::default()).into_vec().await?;
    acme.client(client_id).authz().permissions().create(policy).await?;
    acme.client(client_id).authz().permissions().find(&PolicySearch { name: Some("albums".into()), ..PolicySearch::default() }).await?;
    acme.client(client_id).authz().permissions().providers().await?;
    acme.client(client_id).authz().permissions().evaluate(asked).await?;
    Ok(())
}

async fn protocol_mappers(acme: Realm<'_, Client>, client_id: &str, scope_id: &str, id: &str, mapper: &ProtocolMapper, mappers: &Vec<ProtocolMapper>) -> cloakroom::Result<()> {
    acme.client(client_id).mappers().list().await?;
    acme.client(client_id).mappers().create(mapper).await?.id();
    acme.client(client_id).mappers().get(id).await.or_none()?;
    acme.client(client_id).mappers().update(id, mapper).await?;
    acme.client(client_id).mappers().delete(id).await?;
    acme.client(client_id).mappers().of_protocol("openid-connect").await?;
    acme.client(client_id).mappers().create_all(mappers).await?;
    acme.client_scope(scope_id).mappers().list().await?;
    acme.client_scope(scope_id).mappers().create(mapper).await?.id();
    acme.client_scope(scope_id).mappers().get(id).await.or_none()?;
    acme.client_scope(scope_id).mappers().update(id, mapper).await?;
    acme.client_scope(scope_id).mappers().delete(id).await?;
    acme.client_scope(scope_id).mappers().of_protocol("openid-connect").await?;
    acme.client_scope(scope_id).mappers().create_all(mappers).await?;
    Ok(())
}

async fn keys(acme: Realm<'_, Client>) -> cloakroom::Result<()> {
    acme.keys().list().await?;
    Ok(())
}

async fn scope_mappings_of_client(acme: Realm<'_, Client>, client_id: &str, owner_id: &str, roles: &Vec<Role>) -> cloakroom::Result<()> {
    acme.client(client_id).scope_mappings().all().list().await?;
    acme.client(client_id).scope_mappings().realm().list().await?;
    acme.client(client_id).scope_mappings().realm().available().await?;
    acme.client(client_id).scope_mappings().realm().effective(&Brief::default()).await?;
    acme.client(client_id).scope_mappings().realm().add(roles).await?;
    acme.client(client_id).scope_mappings().realm().remove(&Some(roles.clone())).await?;
    acme.client(client_id).scope_mappings().client(owner_id).list().await?;
    acme.client(client_id).scope_mappings().client(owner_id).available().await?;
    acme.client(client_id).scope_mappings().client(owner_id).effective(&Brief::default()).await?;
    acme.client(client_id).scope_mappings().client(owner_id).add(roles).await?;
    acme.client(client_id).scope_mappings().client(owner_id).remove(&Some(roles.clone())).await?;
    Ok(())
}

async fn scope_mappings_of_client_scope(acme: Realm<'_, Client>, scope_id: &str, owner_id: &str, roles: &Vec<Role>) -> cloakroom::Result<()> {
    acme.client_scope(scope_id).scope_mappings().all().list().await?;
    acme.client_scope(scope_id).scope_mappings().realm().list().await?;
    acme.client_scope(scope_id).scope_mappings().realm().available().await?;
    acme.client_scope(scope_id).scope_mappings().realm().effective(&Brief::default()).await?;
    acme.client_scope(scope_id).scope_mappings().realm().add(roles).await?;
    acme.client_scope(scope_id).scope_mappings().realm().remove(&Some(roles.clone())).await?;
    acme.client_scope(scope_id).scope_mappings().client(owner_id).list().await?;
    acme.client_scope(scope_id).scope_mappings().client(owner_id).available().await?;
    acme.client_scope(scope_id).scope_mappings().client(owner_id).effective(&Brief::default()).await?;
    acme.client_scope(scope_id).scope_mappings().client(owner_id).add(roles).await?;
    acme.client_scope(scope_id).scope_mappings().client(owner_id).remove(&Some(roles.clone())).await?;
    Ok(())
}

async fn client_role_mappings(acme: Realm<'_, Client>, user_id: &str, group_id: &str, client_id: &str, roles: &Vec<Role>) -> cloakroom::Result<()> {
    acme.user(user_id).role_mappings().client(client_id).list().await?;
    acme.user(user_id).role_mappings().client(client_id).available().await?;
    acme.user(user_id).role_mappings().client(client_id).effective(&Brief::default()).await?;
    acme.user(user_id).role_mappings().client(client_id).add(roles).await?;
    acme.user(user_id).role_mappings().client(client_id).remove(&Some(roles.clone())).await?;
    acme.group(group_id).role_mappings().client(client_id).list().await?;
    acme.group(group_id).role_mappings().client(client_id).available().await?;
    acme.group(group_id).role_mappings().client(client_id).effective(&Brief::default()).await?;
    acme.group(group_id).role_mappings().client(client_id).add(roles).await?;
    acme.group(group_id).role_mappings().client(client_id).remove(&Some(roles.clone())).await?;
    Ok(())
}

async fn role_mapper(acme: Realm<'_, Client>, user_id: &str, group_id: &str, roles: &Vec<Role>) -> cloakroom::Result<()> {
    acme.user(user_id).role_mappings().all().list().await?;
    acme.user(user_id).role_mappings().realm().list().await?;
    acme.user(user_id).role_mappings().realm().available().await?;
    acme.user(user_id).role_mappings().realm().effective(&Brief::default()).await?;
    acme.user(user_id).role_mappings().realm().add(roles).await?;
    acme.user(user_id).role_mappings().realm().remove(&Some(roles.clone())).await?;
    acme.group(group_id).role_mappings().all().list().await?;
    acme.group(group_id).role_mappings().realm().list().await?;
    acme.group(group_id).role_mappings().realm().available().await?;
    acme.group(group_id).role_mappings().realm().effective(&Brief::default()).await?;
    acme.group(group_id).role_mappings().realm().add(roles).await?;
    acme.group(group_id).role_mappings().realm().remove(&Some(roles.clone())).await?;
    Ok(())
}

async fn roles_by_id(acme: Realm<'_, Client>, role_id: &str, client_id: &str, role: &Role, roles: &Vec<Role>) -> cloakroom::Result<()> {
    acme.roles_by_id().get(role_id).await.or_none()?;
    acme.roles_by_id().update(role_id, role).await?;
    acme.roles_by_id().delete(role_id).await?;
    acme.roles_by_id().composites_all(role_id, &CompositeQuery::default()).into_vec().await?;
    acme.roles_by_id().realm_composites(role_id).await?;
    acme.roles_by_id().client_composites(role_id, client_id).await?;
    acme.roles_by_id().add_composites(role_id, roles).await?;
    acme.roles_by_id().remove_composites(role_id, roles).await?;
    acme.roles_by_id().permissions(role_id).await?;
    acme.roles_by_id().set_permissions(role_id, &ManagementPermissions { enabled: Some(true), ..ManagementPermissions::default() }).await?;
    Ok(())
}

async fn attack_detection(acme: Realm<'_, Client>, user_id: &str) -> cloakroom::Result<()> {
    acme.attack_detection().get(user_id).await?;
    acme.attack_detection().clear_all().await?;
    acme.attack_detection().clear(user_id).await?;
    Ok(())
}

async fn client_initial_access(acme: Realm<'_, Client>, id: &str) -> cloakroom::Result<()> {
    acme.initial_access().list().await?;
    acme.initial_access().create(&ClientInitialAccessCreate { count: Some(1), expiration: Some(3600), ..ClientInitialAccessCreate::default() }).await?;
    acme.initial_access().delete(id).await?;
    Ok(())
}

async fn client_attribute_certificate(acme: Realm<'_, Client>, client_id: &str, store: &KeystoreConfig, upload: &Content) -> cloakroom::Result<()> {
    acme.client(client_id).certificates("jwt.credential").get().await?;
    acme.client(client_id).certificates("jwt.credential").download(store).await?.bytes;
    acme.client(client_id).certificates("jwt.credential").generate().await?;
    acme.client(client_id).certificates("jwt.credential").generate_and_download(store).await?.bytes;
    acme.client(client_id).certificates("jwt.credential").upload(upload).await?;
    acme.client(client_id).certificates("jwt.credential").upload_certificate(upload).await?;
    Ok(())
}

async fn client_registration_policy(acme: Realm<'_, Client>) -> cloakroom::Result<()> {
    acme.registration_policies().providers().await?;
    Ok(())
}

async fn management(kc: &Client) -> cloakroom::Result<()> {
    kc.management();
    kc.management().health().await?.is_up();
    kc.management().live().await?.is_up();
    kc.management().ready().await?.is_up();
    kc.management().started().await?.is_up();
    kc.request(http::Request::get("/metrics").body(Bytes::new()).unwrap_or_default()).await?.into_body();
    kc.management().metrics().await?.sum("keycloak_user_events_total", &[("event", "login")]);
    Ok(())
}

async fn environment(settings: Settings) -> cloakroom::Result<()> {
    Settings::from_env()?.url;
    Settings::from_env()?.management_url;
    Settings::from_env()?.realm();
    Settings::from_env()?.auth_realm;
    Settings::from_env()?.client_id;
    Settings::from_env()?.client_secret;
    Settings::from_env()?.cf_access_client_id;
    Settings::from_env()?.cf_access_client_secret;
    settings.builder()?;
    Ok(())
}

async fn arguments() -> cloakroom::Result<()> {
    Client::builder("https://id.example.com").build()?.realm("acme");
    Client::builder("https://id.example.com").danger_accept_invalid_certs(true);
    Client::builder("https://id.example.com").timeout(Duration::from_secs(30));
    Client::builder("https://id.example.com").header("X-Tenant", "acme")?;
    Client::builder("https://id.example.com").header("CF-Access-Client-Id", "id")?.header("CF-Access-Client-Secret", "secret")?;
    Client::builder("https://id.example.com").refresh_margin(Duration::from_secs(60));
    Client::builder("https://id.example.com").pool(32, Duration::from_secs(90));
    Client::builder("https://id.example.com").login(Login::client_credentials("app", ClientAuth::basic("secret")).realm("master"));
    Ok(())
}

async fn functions(app: &OidcClient, token: &str) -> cloakroom::Result<()> {
    Client::builder("https://id.example.com").build()?;
    app.device("openid").await?.wait().await?;
    app.token(TokenRequest::password("bob", "hunter2")).await?;
    app.token(TokenRequest::client_credentials().scope("openid")).await?;
    app.token(TokenRequest::refresh(token)).await?;
    Ok(())
}

async fn errors(e: &cloakroom::Error) -> cloakroom::Result<()> {
    e.message();
    e.is_login() || e.is_unauthorized();
    e.is_invalid_token() || e.code() == Some("invalid_grant");
    e.is_not_found();
    Ok(())
}
