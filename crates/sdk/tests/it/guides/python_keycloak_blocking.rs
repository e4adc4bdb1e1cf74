//! Tables of `python_keycloak.rs` without `async`: the same less each `.await`.

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
use cloakroom::blocking::Client;
use cloakroom::{ ClientAuth, Login, OidcClient, Realm, Retry, Settings};


fn realms(kc: &Client, acme: Realm<'_, Client>, realm: &realms::Realm, import: &PartialImport, profile: &ProfileConfig) -> cloakroom::Result<()> {
    kc.realm("acme");
    kc.realm("other");
    kc.realms().create(realm)?;
    kc.realms().partial_import("acme", import)?;
    kc.realms().partial_export("acme", &PartialExport { export_clients: Some(true), export_groups_and_roles: Some(true) })?;
    kc.realms().list(&RealmQuery::default())?;
    kc.realms().get("acme")?;
    kc.realms().create(realm)?;
    kc.realms().modify("acme", |realm| realm.registration_allowed = Some(true))?;
    kc.realms().delete("acme")?;
    kc.server().info()?;
    acme.keys().list()?;
    acme.profile().get()?;
    acme.profile().update(&Some(profile.clone()))?;
    acme.caches().clear_keys()?;
    acme.caches().clear_realms()?;
    acme.caches().clear_users()?;
    Ok(())
}

fn organizations(acme: Realm<'_, Client>, org_id: &str, user_id: &str, org: &Organization) -> cloakroom::Result<()> {
    acme.orgs().list_all(&OrganizationQuery::default()).into_vec()?;
    acme.orgs().get(org_id)?;
    acme.orgs().create(org)?.id();
    acme.orgs().update(org_id, org)?;
    acme.orgs().delete(org_id)?;
    acme.org(org_id).idps().list()?;
    acme.org(org_id).idps().add("google")?;
    acme.org(org_id).idps().remove("google")?;
    acme.orgs().of_user(user_id, &Brief::default())?;
    acme.org(org_id).members().list_all(&MemberQuery::default()).into_vec()?;
    acme.org(org_id).members().count()?;
    acme.org(org_id).members().add(user_id)?;
    acme.org(org_id).members().remove(user_id)?;
    Ok(())
}

fn users(acme: Realm<'_, Client>, user_id: &str, user: &User, password: &str) -> cloakroom::Result<()> {
    acme.users().list_all(&UserQuery::default()).into_vec()?;
    acme.users().create(user)?.id();
    acme.users().count(&UserQuery::default())?;
    acme.users().find("bob")?.and_then(|user| user.id);
    acme.users().get(user_id, &UserDetail { user_profile_metadata: Some(true) })?;
    acme.users().groups_all(user_id, &UserGroupQuery::default()).into_vec()?;
    acme.users().modify(user_id, |user| user.email = Some("bob@example.com".into()))?;
    acme.users().modify(user_id, |user| user.enabled = Some(false))?;
    acme.users().modify(user_id, |user| user.enabled = Some(true))?;
    for user in acme.users().list_all(&UserQuery::default()).into_vec()? { acme.users().modify(user.id.as_deref().unwrap_or_default(), |user| user.enabled = Some(false))?; };
    for user in acme.users().list_all(&UserQuery::default()).into_vec()? { acme.users().modify(user.id.as_deref().unwrap_or_default(), |user| user.enabled = Some(true))?; };
    acme.users().delete(user_id)?;
    acme.user(user_id).credentials().reset_password(&Credential { r#type: Some("password".into()), value: Some(password.into()), temporary: Some(true), ..Credential::default() })?;
    acme.user(user_id).credentials().list()?;
    acme.user(user_id).credentials().delete("credential-id")?;
    acme.users().logout(user_id)?;
    acme.users().consents(user_id)?;
    acme.users().revoke_consent(user_id, "app")?;
    acme.users().federated_identities(user_id)?;
    acme.users().link(user_id, "google", &FederatedIdentity { user_id: Some("42".into()), user_name: Some("bob".into()), ..FederatedIdentity::default() })?;
    acme.users().unlink(user_id, "google")?;
    acme.users().execute_actions_email(user_id, &MailLink { client_id: Some("app".into()), ..MailLink::default() }, &vec!["UPDATE_PASSWORD".into()])?;
    acme.users().send_verify_email(user_id, &MailLink::default())?;
    acme.users().sessions(user_id)?;
    acme.attack_detection().get(user_id)?;
    acme.attack_detection().clear(user_id)?;
    acme.attack_detection().clear_all()?;
    Ok(())
}

fn groups(acme: Realm<'_, Client>, group_id: &str, user_id: &str, group: &Group) -> cloakroom::Result<()> {
    acme.groups().list_all(&GroupQuery::default()).into_vec()?;
    acme.groups().get(group_id)?;
    acme.groups().by_path("staff/europe")?;
    acme.groups().children_all(group_id, &ChildQuery::default()).into_vec()?;
    acme.groups().members_all(group_id, &BriefPage::default()).into_vec()?;
    acme.groups().by_path("staff/europe")?;
    acme.groups().create(group)?.map(|made| made.id().to_owned());
    acme.groups().modify(group_id, |group| group.name = Some("crew".into()))?;
    acme.groups().count(&GroupCount::default())?;
    acme.groups().set_permissions(group_id, &ManagementPermissions { enabled: Some(true), ..ManagementPermissions::default() })?;
    acme.users().join_group(user_id, group_id)?;
    acme.users().leave_group(user_id, group_id)?;
    acme.groups().delete(group_id)?;
    Ok(())
}

fn identity_providers(acme: Realm<'_, Client>, mapper_id: &str, idp: &IdentityProvider, mapper: &IdentityProviderMapper) -> cloakroom::Result<()> {
    acme.idps().create(idp)?;
    acme.idps().update("google", idp)?;
    acme.idp("google").mappers().create(mapper)?.id();
    acme.idp("google").mappers().update(mapper_id, mapper)?;
    acme.idp("google").mappers().list()?;
    acme.idps().list_all(&IdentityProviderQuery::default()).into_vec()?;
    acme.idps().get("google")?;
    acme.idps().delete("google")?;
    Ok(())
}

fn clients(kc: &Client, acme: Realm<'_, Client>, client_id: &str, mapper_id: &str, client: &clients::Client, mapper: &ProtocolMapper, pem: &str) -> cloakroom::Result<()> {
    acme.clients().list_all(&ClientQuery::default()).into_vec()?;
    acme.clients().get(client_id)?;
    acme.clients().find("app")?.and_then(|client| client.id);
    acme.clients().create(client)?.id();
    acme.clients().modify(client_id, |client| client.enabled = Some(false))?;
    acme.clients().delete(client_id)?;
    acme.clients().installation(client_id, "keycloak-oidc-keycloak-json")?;
    acme.clients().service_account_user(client_id)?;
    acme.clients().regenerate_secret(client_id)?;
    acme.clients().secret(client_id)?;
    acme.client(client_id).mappers().list()?;
    acme.client(client_id).mappers().create(mapper)?.id();
    acme.client(client_id).mappers().update(mapper_id, mapper)?;
    acme.client(client_id).mappers().delete(mapper_id)?;
    acme.clients().user_sessions_all(client_id, &Page::default()).into_vec()?;
    kc.realms().client_session_stats("acme")?;
    acme.clients().permissions(client_id)?;
    acme.clients().set_permissions(client_id, &ManagementPermissions { enabled: Some(true), ..ManagementPermissions::default() })?;
    acme.client(client_id).certificates("jwt.credential").get()?;
    acme.client(client_id).certificates("jwt.credential").upload_certificate(&Content::multipart([Part::field("keystoreFormat", "Certificate PEM"), Part::file("file", "cert.pem", "text/plain", pem.to_owned())]))?;
    acme.initial_access().create(&ClientInitialAccessCreate { count: Some(1), expiration: Some(3600), ..ClientInitialAccessCreate::default() })?;
    acme.client(client_id).default_client_scopes().list()?;
    acme.client(client_id).default_client_scopes().add("scope-id")?;
    acme.client(client_id).default_client_scopes().remove("scope-id")?;
    acme.client(client_id).optional_client_scopes().list()?;
    acme.client(client_id).optional_client_scopes().add("scope-id")?;
    acme.client(client_id).optional_client_scopes().remove("scope-id")?;
    Ok(())
}

fn authorization(acme: Realm<'_, Client>, client_id: &str, id: &str, settings: &ResourceServer, resource: &Resource, scope: &Scope, role_policy: &RolePolicy, policy: &Policy, client_policy: &ClientPolicy, on_resource: &ResourcePermission, on_scope: &ScopePermission) -> cloakroom::Result<()> {
    acme.client(client_id).authz().settings().export()?;
    acme.client(client_id).authz().settings().import(settings)?;
    acme.client(client_id).authz().resources().create(resource)?;
    acme.client(client_id).authz().resources().update(id, resource)?;
    acme.client(client_id).authz().resources().delete(id)?;
    acme.client(client_id).authz().resources().list_all(&ResourceQuery::default()).into_vec()?;
    acme.client(client_id).authz().resources().get(id)?;
    acme.client(client_id).authz().role_policies().create(role_policy)?;
    acme.client(client_id).authz().policies().create(policy)?;
    acme.client(client_id).authz().resource_permissions().create(on_resource)?;
    acme.client(client_id).authz().scopes().list_all(&ScopeQuery::default()).into_vec()?;
    acme.client(client_id).authz().scopes().create(scope)?;
    acme.client(client_id).authz().permissions().list_all(&PolicyQuery::default()).into_vec()?;
    acme.client(client_id).authz().policies().list_all(&PolicyQuery { permission: Some(false), ..PolicyQuery::default() }).into_vec()?;
    acme.client(client_id).authz().policies().delete(id)?;
    acme.client(client_id).authz().policies().get(id)?;
    acme.client(client_id).authz().policies().scopes(id)?;
    acme.client(client_id).authz().policies().resources(id)?;
    acme.client(client_id).authz().scope_permissions().get(id)?;
    acme.client(client_id).authz().scope_permissions().create(on_scope)?;
    acme.client(client_id).authz().scope_permissions().update(id, on_scope)?;
    acme.client(client_id).authz().resource_permissions().update(id, on_resource)?;
    acme.client(client_id).authz().client_policies().list_all(&PolicyQuery::default()).into_vec()?;
    acme.client(client_id).authz().client_policies().create(client_policy)?;
    acme.client(client_id).authz().policies().associated(id)?;
    Ok(())
}

fn client_roles(acme: Realm<'_, Client>, client_id: &str, role: &Role, roles: &Vec<Role>) -> cloakroom::Result<()> {
    acme.client(client_id).roles().list_all(&RoleQuery::default()).into_vec()?;
    acme.client(client_id).roles().get("reader")?;
    acme.client(client_id).roles().get("reader")?.id;
    acme.client(client_id).roles().create(role)?.id();
    acme.client(client_id).roles().modify("reader", |role| role.description = Some("reads".into()))?;
    acme.client(client_id).roles().delete("reader")?;
    acme.client(client_id).roles().add_composites("reader", roles)?;
    acme.client(client_id).roles().remove_composites("reader", roles)?;
    acme.client(client_id).roles().composites("reader")?;
    acme.client(client_id).roles().users_all("reader", &BriefPage::default()).into_vec()?;
    acme.client(client_id).roles().groups_all("reader", &BriefPage::default()).into_vec()?;
    acme.roles_by_id().client_composites("role-id", client_id)?;
    acme.group("group-id").role_mappings().client(client_id).effective(&Brief::default())?;
    Ok(())
}

fn realm_roles(acme: Realm<'_, Client>, role_id: &str, role: &Role, roles: &Vec<Role>) -> cloakroom::Result<()> {
    acme.roles().list_all(&RoleQuery::default()).into_vec()?;
    acme.roles().groups_all("staff", &BriefPage::default()).into_vec()?;
    acme.roles().users_all("staff", &BriefPage::default()).into_vec()?;
    acme.roles().get("default-roles-acme")?.id;
    acme.roles().composites("default-roles-acme")?;
    acme.roles().remove_composites("default-roles-acme", roles)?;
    acme.roles().add_composites("default-roles-acme", roles)?;
    acme.roles().create(role)?.id();
    acme.roles().get("staff")?;
    acme.roles_by_id().get(role_id)?;
    acme.roles().modify("staff", |role| role.description = Some("works here".into()))?;
    acme.roles().delete("staff")?;
    acme.roles().add_composites("staff", roles)?;
    acme.roles().remove_composites("staff", roles)?;
    acme.roles().realm_composites("staff")?;
    acme.roles_by_id().get(role_id)?;
    acme.roles_by_id().modify(role_id, |role| role.description = None)?;
    acme.roles_by_id().delete(role_id)?;
    acme.roles_by_id().composites_all(role_id, &CompositeQuery::default()).into_vec()?;
    Ok(())
}

fn role_mappings(acme: Realm<'_, Client>, user_id: &str, group_id: &str, client_id: &str, roles: &Vec<Role>) -> cloakroom::Result<()> {
    acme.user(user_id).role_mappings().client(client_id).add(roles)?;
    acme.user(user_id).role_mappings().realm().add(roles)?;
    acme.user(user_id).role_mappings().realm().remove(&Some(roles.clone()))?;
    acme.user(user_id).role_mappings().realm().list()?;
    acme.user(user_id).role_mappings().realm().available()?;
    acme.user(user_id).role_mappings().realm().effective(&Brief::default())?;
    acme.group(group_id).role_mappings().realm().add(roles)?;
    acme.group(group_id).role_mappings().realm().remove(&Some(roles.clone()))?;
    acme.group(group_id).role_mappings().realm().list()?;
    acme.group(group_id).role_mappings().client(client_id).add(roles)?;
    acme.group(group_id).role_mappings().client(client_id).list()?;
    acme.group(group_id).role_mappings().client(client_id).remove(&Some(roles.clone()))?;
    acme.user(user_id).role_mappings().all().list()?;
    acme.user(user_id).role_mappings().client(client_id).list()?;
    acme.user(user_id).role_mappings().client(client_id).available()?;
    acme.user(user_id).role_mappings().client(client_id).effective(&Brief::default())?;
    acme.user(user_id).role_mappings().client(client_id).remove(&Some(roles.clone()))?;
    Ok(())
}

fn scope_mappings(acme: Realm<'_, Client>, client_id: &str, owner_id: &str, scope_id: &str, roles: &Vec<Role>) -> cloakroom::Result<()> {
    acme.client(client_id).scope_mappings().realm().add(roles)?;
    acme.client(client_id).scope_mappings().realm().remove(&Some(roles.clone()))?;
    acme.client(client_id).scope_mappings().realm().list()?;
    acme.client(client_id).scope_mappings().client(owner_id).add(roles)?;
    acme.client(client_id).scope_mappings().client(owner_id).remove(&Some(roles.clone()))?;
    acme.client(client_id).scope_mappings().client(owner_id).list()?;
    acme.client_scope(scope_id).scope_mappings().client(owner_id).add(roles)?;
    acme.client_scope(scope_id).scope_mappings().client(owner_id).remove(&Some(roles.clone()))?;
    acme.client_scope(scope_id).scope_mappings().client(owner_id).list()?;
    acme.client_scope(scope_id).scope_mappings().all().list()?;
    Ok(())
}

fn client_scopes(acme: Realm<'_, Client>, scope_id: &str, mapper_id: &str, scope: &ClientScope, mapper: &ProtocolMapper) -> cloakroom::Result<()> {
    acme.client_scopes().list()?;
    acme.client_scopes().get(scope_id)?;
    acme.client_scopes().find("email")?;
    acme.client_scopes().create(scope)?.id();
    acme.client_scopes().modify(scope_id, |scope| scope.description = Some("mail".into()))?;
    acme.client_scopes().delete(scope_id)?;
    acme.client_scope(scope_id).mappers().list()?;
    acme.client_scope(scope_id).mappers().create(mapper)?.id();
    acme.client_scope(scope_id).mappers().delete(mapper_id)?;
    acme.client_scope(scope_id).mappers().update(mapper_id, mapper)?;
    acme.default_client_scopes().list()?;
    acme.default_client_scopes().add(scope_id)?;
    acme.default_client_scopes().remove(scope_id)?;
    acme.optional_client_scopes().list()?;
    acme.optional_client_scopes().add(scope_id)?;
    acme.optional_client_scopes().remove(scope_id)?;
    Ok(())
}

fn authentication(acme: Realm<'_, Client>, id: &str, flow: &AuthenticationFlow, execution: &AuthenticationExecutionInfo, subflow: &NewSubflow, config: &AuthenticatorConfig, action: &RequiredAction) -> cloakroom::Result<()> {
    acme.flows().list()?;
    acme.flows().get(id)?;
    acme.flows().create(flow)?.id();
    acme.flows().update(id, flow)?;
    acme.flows().copy("browser", &FlowCopy { new_name: Some("my browser".into()) })?.id();
    acme.flows().delete(id)?;
    acme.flows().executions("my browser")?;
    acme.flows().update_execution("my browser", execution)?;
    acme.executions().get(id)?;
    acme.flows().add_execution("my browser", &NewExecution { provider: Some("auth-cookie".into()), ..NewExecution::default() })?.id();
    acme.executions().delete(id)?;
    acme.executions().raise_priority(id)?;
    acme.flows().add_subflow("my browser", subflow)?.id();
    acme.authentication_providers().authenticators()?;
    acme.authenticator_configs().description("auth-cookie")?;
    acme.authenticator_configs().get(id)?;
    acme.executions().create_config(id, config)?.id();
    acme.authenticator_configs().update(id, config)?;
    acme.authenticator_configs().delete(id)?;
    acme.required_actions().list()?;
    acme.required_actions().get("CONFIGURE_TOTP").or_none()?;
    acme.required_actions().update("CONFIGURE_TOTP", action)?;
    Ok(())
}

fn components(acme: Realm<'_, Client>, id: &str, component: &Component, events: &RealmEventsConfig) -> cloakroom::Result<()> {
    acme.components().list(&ComponentQuery::default())?;
    acme.components().create(component)?.id();
    acme.components().get(id)?;
    acme.components().modify(id, |component| component.name = Some("ldap".into()))?;
    acme.components().delete(id)?;
    acme.user_storage().sync(id, &SyncQuery { action: Some("triggerFullSync".into()) })?;
    acme.admin_events().list_all(&AdminEventQuery::default()).into_vec()?;
    acme.events().list_all(&EventQuery::default()).into_vec()?;
    acme.events().set_config(events)?;
    Ok(())
}
