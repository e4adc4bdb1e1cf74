//! Tables of `ackc.rs` without `async`: the same less each `.await`.

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


fn users(acme: Realm<'_, Client>, user_id: &str, user: &User, password: &str, profile: &ProfileConfig) -> cloakroom::Result<()> {
    acme.users().list_all(&UserQuery::default()).into_vec()?;
    acme.users().create(user)?.id();
    acme.users().get(user_id, &UserDetail::default()).or_none()?;
    acme.users().update(user_id, user)?;
    acme.users().delete(user_id)?;
    acme.users().count(&UserQuery::default())?;
    acme.users().groups_all(user_id, &UserGroupQuery::default()).into_vec()?;
    acme.users().join_group(user_id, "group-id")?;
    acme.users().leave_group(user_id, "group-id")?;
    acme.user(user_id).credentials().reset_password(&Credential { r#type: Some("password".into()), value: Some(password.into()), temporary: Some(true), ..Credential::default() })?;
    acme.users().send_verify_email(user_id, &MailLink::default())?;
    acme.users().sessions(user_id)?;
    acme.users().logout(user_id)?;
    acme.user(user_id).credentials().list()?;
    acme.user(user_id).credentials().delete("credential-id")?;
    acme.users().count_groups(user_id, &UserGroupCount::default())?.count;
    acme.users().consents(user_id)?;
    acme.users().revoke_consent(user_id, "app")?;
    acme.users().federated_identities(user_id)?;
    acme.users().link(user_id, "google", &FederatedIdentity { user_id: Some("42".into()), ..FederatedIdentity::default() })?;
    acme.users().unlink(user_id, "google")?;
    acme.users().impersonate(user_id)?;
    acme.users().offline_sessions(user_id, "client-id")?;
    acme.users().execute_actions_email(user_id, &MailLink { client_id: Some("app".into()), ..MailLink::default() }, &vec!["UPDATE_PASSWORD".into()])?;
    acme.user(user_id).credentials().storage_types()?;
    acme.users().unmanaged_attributes(user_id)?;
    acme.user(user_id).credentials().move_after("credential-id", "previous-id")?;
    acme.user(user_id).credentials().move_to_first("credential-id")?;
    acme.user(user_id).credentials().disable_types(&vec!["otp".into()])?;
    acme.users().reset_password_email(user_id, &MailLink::default())?;
    acme.profile().get()?;
    acme.profile().update(&Some(profile.clone()))?;
    acme.profile().metadata()?;
    Ok(())
}

fn realms(kc: &Client, acme: Realm<'_, Client>, realm: &realms::Realm, import: &PartialImport, events: &RealmEventsConfig) -> cloakroom::Result<()> {
    kc.realms().list(&RealmQuery::default())?;
    kc.realms().create(realm)?;
    kc.realms().get("acme").or_none()?;
    kc.realms().update("acme", realm)?;
    kc.realms().delete("acme")?;
    acme.events().list_all(&EventQuery::default()).into_vec()?;
    acme.events().clear()?;
    acme.admin_events().list_all(&AdminEventQuery::default()).into_vec()?;
    acme.admin_events().clear()?;
    acme.events().config()?;
    acme.events().set_config(events)?;
    kc.realms().default_groups("acme")?;
    kc.realms().add_default_group("acme", "group-id")?;
    kc.realms().remove_default_group("acme", "group-id")?;
    kc.realms().partial_export("acme", &PartialExport { export_clients: Some(true), export_groups_and_roles: Some(true) })?;
    kc.realms().partial_import("acme", import)?;
    kc.realms().logout_all("acme")?;
    kc.realms().client_session_stats("acme")?;
    acme.default_client_scopes().list()?;
    acme.default_client_scopes().add("scope-id")?;
    acme.default_client_scopes().remove("scope-id")?;
    acme.optional_client_scopes().list()?;
    acme.optional_client_scopes().add("scope-id")?;
    acme.optional_client_scopes().remove("scope-id")?;
    Ok(())
}

fn clients(acme: Realm<'_, Client>, client_id: &str, client: &clients::Client, node: &cloakroom::api::fields::StringMap) -> cloakroom::Result<()> {
    acme.clients().list_all(&ClientQuery::default()).into_vec()?;
    acme.clients().create(client)?.id();
    acme.clients().get(client_id).or_none()?;
    acme.clients().update(client_id, client)?;
    acme.clients().delete(client_id)?;
    acme.clients().secret(client_id)?;
    acme.clients().regenerate_secret(client_id)?;
    acme.clients().service_account_user(client_id)?;
    acme.clients().session_count(client_id)?.count;
    acme.clients().offline_session_count(client_id)?.count;
    acme.clients().user_sessions_all(client_id, &Page::default()).into_vec()?;
    acme.clients().offline_sessions_all(client_id, &Page::default()).into_vec()?;
    acme.client(client_id).default_client_scopes().list()?;
    acme.client(client_id).default_client_scopes().add("scope-id")?;
    acme.client(client_id).default_client_scopes().remove("scope-id")?;
    acme.client(client_id).optional_client_scopes().list()?;
    acme.client(client_id).optional_client_scopes().add("scope-id")?;
    acme.client(client_id).optional_client_scopes().remove("scope-id")?;
    acme.clients().push_revocation(client_id)?;
    acme.clients().regenerate_registration_access_token(client_id)?;
    acme.clients().permissions(client_id)?;
    acme.clients().set_permissions(client_id, &ManagementPermissions { enabled: Some(true), ..ManagementPermissions::default() })?;
    acme.clients().add_node(client_id, node)?;
    acme.clients().remove_node(client_id, "node-1")?;
    acme.clients().test_nodes(client_id)?;
    Ok(())
}

fn roles(acme: Realm<'_, Client>, client_id: &str, role: &Role, roles: &Vec<Role>) -> cloakroom::Result<()> {
    acme.roles().list_all(&RoleQuery::default()).into_vec()?;
    acme.roles().create(role)?.id();
    acme.roles().get("staff").or_none()?;
    acme.roles().update("staff", role)?;
    acme.roles().delete("staff")?;
    acme.roles().users_all("staff", &BriefPage::default()).into_vec()?;
    acme.roles().groups_all("staff", &BriefPage::default()).into_vec()?;
    acme.roles().composites("staff")?;
    acme.roles().add_composites("staff", roles)?;
    acme.roles().remove_composites("staff", roles)?;
    acme.roles().realm_composites("staff")?;
    acme.roles().client_composites("staff", client_id)?;
    acme.client(client_id).roles().list_all(&RoleQuery::default()).into_vec()?;
    acme.client(client_id).roles().create(role)?.id();
    acme.client(client_id).roles().get("reader").or_none()?;
    acme.client(client_id).roles().update("reader", role)?;
    acme.client(client_id).roles().delete("reader")?;
    acme.client(client_id).roles().users_all("reader", &BriefPage::default()).into_vec()?;
    Ok(())
}

fn groups(acme: Realm<'_, Client>, group_id: &str, group: &Group) -> cloakroom::Result<()> {
    acme.groups().list_all(&GroupQuery::default()).into_vec()?;
    acme.groups().create(group)?.map(|made| made.id().to_owned());
    acme.groups().get(group_id).or_none()?;
    acme.groups().update(group_id, group)?;
    acme.groups().delete(group_id)?;
    acme.groups().members_all(group_id, &BriefPage::default()).into_vec()?;
    acme.groups().count(&GroupCount::default())?.count;
    acme.groups().children_all(group_id, &ChildQuery::default()).into_vec()?;
    acme.groups().create_child(group_id, group)?;
    acme.groups().permissions(group_id)?;
    acme.groups().set_permissions(group_id, &ManagementPermissions { enabled: Some(true), ..ManagementPermissions::default() })?;
    Ok(())
}
