//! `KeycloakAdmin`: login, components, events; `KeycloakOpenID`; `KeycloakUMA`.

use cloakroom::api::admin::{
    clients,
    components::Component,
    events::RealmEventsConfig,
    flows::{
        AuthenticationExecutionInfo, AuthenticationFlow, AuthenticatorConfig, FlowCopy, NewExecution, NewSubflow,
        RequiredAction,
    },
    profile::ProfileConfig,
    user_storage::SyncQuery,
};
use cloakroom::api::uma::{
    policies::UmaPolicy,
    resources::{UmaResource, UmaResourceQuery},
    tickets::PermissionRequest,
};
use cloakroom::jwt::TokenClaims;
use cloakroom::oidc::TokenRequest;
use cloakroom::policy::{Context, Identity, Model, Request};
use cloakroom::prelude::*;
use cloakroom::uma::{PermissionExpr, RptRequest};
use cloakroom::{Client, OidcClient, Realm};

use crate::tables;

tables! {
    login_rows "KeycloakAdmin: authentication" (
        acme: Realm<'_, Client>, id: &str, flow: &AuthenticationFlow, copy: &FlowCopy, execution: &AuthenticationExecutionInfo,
        new: &NewExecution, subflow: &NewSubflow, config: &AuthenticatorConfig, action: &RequiredAction,
    ) {
        get_authentication_flows => acme.flows().list().await?;
        get_authentication_flow_for_id => acme.flows().get(id).await?;
        create_authentication_flow => acme.flows().create(flow).await?;
        update_authentication_flow => acme.flows().update(id, flow).await?;
        copy_authentication_flow => acme.flows().copy("browser", copy).await?;
        delete_authentication_flow => acme.flows().delete(id).await?;
        get_authentication_flow_executions => acme.flows().executions("browser").await?;
        update_authentication_flow_executions => acme.flows().update_execution("browser", execution).await?;
        get_authentication_flow_execution => acme.executions().get(id).await?;
        create_authentication_flow_execution => acme.flows().add_execution("browser", new).await?;
        delete_authentication_flow_execution => acme.executions().delete(id).await?;
        change_execution_priority => acme.executions().raise_priority(id).await?;
        create_authentication_flow_subflow => acme.flows().add_subflow("browser", subflow).await?;
        get_authenticator_providers => acme.authentication_providers().authenticators().await?;
        get_authenticator_provider_config_description => acme.authenticator_configs().description("auth-otp-form").await?;
        get_authenticator_config => acme.authenticator_configs().get(id).await?;
        create_execution_config => acme.executions().create_config(id, config).await?;
        update_authenticator_config => acme.authenticator_configs().update(id, config).await?;
        delete_authenticator_config => acme.authenticator_configs().delete(id).await?;
        get_required_actions => acme.required_actions().list().await?;
        get_required_action_by_alias => acme.required_actions().get("VERIFY_EMAIL").await.or_none()?;
        update_required_action => acme.required_actions().update("VERIFY_EMAIL", action).await?;
    }

    other_rows "KeycloakAdmin: components, keys, events" (
        acme: Realm<'_, Client>, id: &str, component: &Component, events: &RealmEventsConfig, sync: &SyncQuery,
        profile: &Option<ProfileConfig>,
    ) {
        get_components => acme.components().list(&Default::default()).await?;
        create_component => acme.components().create(component).await?;
        get_component => acme.components().get(id).await?;
        update_component => acme.components().modify(id, |component| component.name = Some("ldap".into())).await?;
        delete_component => acme.components().delete(id).await?;
        get_keys => acme.keys().list().await?;
        get_admin_events => acme.admin_events().list_all(&Default::default()).into_vec().await?;
        get_events => acme.events().list_all(&Default::default()).into_vec().await?;
        set_events => acme.events().set_config(events).await?;
        sync_users => acme.user_storage().sync(id, sync).await?;
        get_realm_users_profile => acme.profile().get().await?;
        update_realm_users_profile => acme.profile().update(profile).await?;
        get_bruteforce_detection_status => acme.attack_detection().get(id).await?;
        clear_bruteforce_attempts_for_user => acme.attack_detection().clear(id).await?;
        clear_all_bruteforce_attempts => acme.attack_detection().clear_all().await?;
        clear_keys_cache => acme.caches().clear_keys().await?;
        clear_realm_cache => acme.caches().clear_realms().await?;
        clear_user_cache => acme.caches().clear_users().await?;
    }

    openid_rows "KeycloakOpenID" (
        kc: &Client, acme: Realm<'_, Client>, app: &OidcClient, token: &str, client: &clients::Client, settings: &str,
        model: Model, alice: &Identity, now: &Context, asked: PermissionExpr,
    ) {
        well_known => app.discovery().await?;
        auth_url => app.authorize("https://app.example.com/back").await?.scope("email").build()?;
        token => app.token(TokenRequest::password("bob", "hunter2").totp("123456")).await?;
        refresh_token => app.token(TokenRequest::refresh(token)).await?;
        exchange_token => app.token(TokenRequest::exchange(token).audience("billing")).await?;
        userinfo => app.user::<TokenClaims>(token).await?;
        logout => app.logout(token).await?;
        certs => acme.oidc().certs().get().await?;
        public_key => acme.public().get().await?.public_key;
        introspect => app.introspect(token, None).await?;
        device => app.device("openid").await?.wait().await?;
        register_client => kc.token(token).realm("acme").oidc().native_registration().create(client).await?;
        update_client => kc.token(token).realm("acme").oidc().native_registration().update("app", client).await?;
        decode_token => app.verifier().verify::<TokenClaims>(token).await?;
        load_authorization_config => Model::from_json(settings);
        get_policies => model.decide(alice, now, &Request::new()).map(|decision| decision.to_response());
        get_permissions => model.decide(alice, now, &Request::new()).map(|decision| decision.permissions().to_vec());
        entitlement => app.permissions(RptRequest::user(token).audience("photos")).await?;
        uma_permissions => app.permissions(RptRequest::user(token).audience("photos").permission(asked.clone())).await?;
        has_uma_access => app.access(RptRequest::user(token).audience("photos").permission(asked.clone())).await?;
    }

    uma_rows "KeycloakUMA" (
        acme: Realm<'_, Client>, app: &OidcClient, id: &str, token: &str, resource: &UmaResource, policy: &UmaPolicy,
        whole: &UmaResourceQuery, lacking: &Vec<PermissionRequest>, asked: PermissionExpr,
    ) {
        resource_set_create => acme.uma().resources().create(resource).await?;
        resource_set_update => acme.uma().resources().update(id, resource).await?;
        resource_set_read => acme.uma().resources().get(id).await?;
        resource_set_delete => acme.uma().resources().delete(id).await?;
        resource_set_list_ids => acme.uma().resources().list(&Default::default()).await?;
        resource_set_list => acme.uma().resources().list_all(whole).into_vec().await?;
        permission_ticket_create => acme.uma().permissions().create(lacking).await?;
        permissions_check => app.decide(RptRequest::user(token).audience("photos").permission(asked.clone())).await?;
        policy_resource_create => acme.uma().policies().create(id, policy).await?;
        policy_update => acme.uma().policies().update(id, policy).await?;
        policy_delete => acme.uma().policies().delete(id).await?;
        policy_query => acme.uma().policies().list_all(&Default::default()).into_vec().await?;
        format_url => acme.uma().realm().discovery().await?;
    }
}
