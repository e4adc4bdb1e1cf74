//! `KeycloakAdmin`: realms, organizations, users, groups, identity providers, clients.

use cloakroom::api::admin::{
    clients::{self, ClientQuery},
    credentials::Credential,
    groups::Group,
    idps::{IdentityProvider, mappers::IdentityProviderMapper},
    initial_access::ClientInitialAccessCreate,
    mappers::ProtocolMapper,
    orgs::Organization,
    permissions::ManagementPermissions,
    realms::{self, PartialExport, PartialImport},
    users::{FederatedIdentity, MailLink, User, UserQuery},
};
use cloakroom::api::endpoint::Content;
use cloakroom::prelude::*;
use cloakroom::{Client, Realm, each};

use crate::tables;

tables! {
    realm_rows "KeycloakAdmin: realms" (kc: &Client, realm: &realms::Realm, import: &PartialImport, export: &PartialExport) {
        get_current_realm => kc.realm("acme");
        change_current_realm => kc.realm("other");
        import_realm => kc.realms().create(realm).await?;
        partial_import_realm => kc.realms().partial_import("acme", import).await?;
        export_realm => kc.realms().partial_export("acme", export).await?;
        get_realms => kc.realms().list(&Default::default()).await?;
        get_realm => kc.realms().get("acme").await?;
        create_realm => kc.realms().ensure(realm).await?;
        update_realm => kc.realms().modify("acme", |realm| realm.display_name = Some("Acme".into())).await?;
        delete_realm => kc.realms().delete("acme").await?;
    }

    organization_rows "KeycloakAdmin: organizations" (acme: Realm<'_, Client>, id: &str, user: &str, org: &Organization) {
        get_organizations => acme.orgs().list_all(&Default::default()).into_vec().await?;
        get_organization => acme.orgs().get(id).await?;
        create_organization => acme.orgs().create(org).await?;
        update_organization => acme.orgs().update(id, org).await?;
        delete_organization => acme.orgs().delete(id).await?;
        get_organization_idps => acme.org(id).idps().list().await?;
        organization_idp_add => acme.org(id).idps().add("github").await?;
        organization_idp_remove => acme.org(id).idps().remove("github").await?;
        get_user_organizations => acme.orgs().of_user(user, &Default::default()).await?;
        get_organization_members => acme.org(id).members().list_all(&Default::default()).into_vec().await?;
        get_organization_members_count => acme.org(id).members().count().await?;
        organization_user_add => acme.org(id).members().add(user).await?;
        organization_user_remove => acme.org(id).members().remove(user).await?;
    }

    user_rows "KeycloakAdmin: users" (
        kc: &Client, acme: Realm<'_, Client>, id: &str, client: &str, user: &User, password: &Credential, link: &MailLink,
        actions: &Vec<String>, identity: &FederatedIdentity,
    ) {
        get_users => acme.users().list_all(&Default::default()).into_vec().await?;
        create_user => acme.users().ensure(user).await?;
        users_count => acme.users().count(&Default::default()).await?;
        get_user_id => acme.users().list(&UserQuery { username: Some("bob".into()), exact: Some(true), ..Default::default() }).await?.pop();
        get_user => acme.users().get(id, &Default::default()).await?;
        get_user_groups => acme.users().groups_all(id, &Default::default()).into_vec().await?;
        update_user => acme.users().modify(id, |user| user.first_name = Some("Bob".into())).await?;
        disable_user => acme.users().modify(id, |user| user.enabled = Some(false)).await?;
        enable_user => acme.users().modify(id, |user| user.enabled = Some(true)).await?;
        disable_all_users => each(acme.users().list_all(&Default::default()).into_vec().await?, 8, async |u: User| acme.users().modify(&u.id.unwrap_or_default(), |user| user.enabled = Some(false)).await).await;
        enable_all_users => each(acme.users().list_all(&Default::default()).into_vec().await?, 8, async |u: User| acme.users().modify(&u.id.unwrap_or_default(), |user| user.enabled = Some(true)).await).await;
        delete_user => acme.users().delete(id).await?;
        set_user_password => acme.user(id).credentials().reset_password(password).await?;
        get_credentials => acme.user(id).credentials().list().await?;
        delete_credential => acme.user(id).credentials().delete("credential").await?;
        user_logout => acme.users().logout(id).await?;
        user_consents => acme.users().consents(id).await?;
        revoke_consent => acme.users().revoke_consent(id, client).await?;
        get_user_social_logins => acme.users().federated_identities(id).await?;
        add_user_social_login => acme.users().link(id, "github", identity).await?;
        delete_user_social_login => acme.users().unlink(id, "github").await?;
        send_update_account => acme.users().execute_actions_email(id, link, actions).await?;
        send_verify_email => acme.users().send_verify_email(id, link).await?;
        get_sessions => acme.users().sessions(id).await?;
        get_server_info => kc.server().info().await?;
    }

    group_rows "KeycloakAdmin: groups" (
        acme: Realm<'_, Client>, id: &str, user: &str, group: &Group, permissions: &ManagementPermissions,
    ) {
        get_groups => acme.groups().tree().await?;
        get_group => acme.groups().get(id).await?;
        get_subgroups => acme.groups().by_path("sales/europe").await?;
        get_group_children => acme.groups().children_all(id, &Default::default()).into_vec().await?;
        get_group_members => acme.groups().members_all(id, &Default::default()).into_vec().await?;
        get_group_by_path => acme.groups().by_path("sales/europe").await.or_none()?;
        create_group => acme.groups().create_child(id, group).await?;
        update_group => acme.groups().modify(id, |group| group.name = Some("sales".into())).await?;
        groups_count => acme.groups().count(&Default::default()).await?;
        group_set_permissions => acme.groups().set_permissions(id, permissions).await?;
        group_user_add => acme.users().join_group(user, id).await?;
        group_user_remove => acme.users().leave_group(user, id).await?;
        delete_group => acme.groups().delete(id).await?;
    }

    idp_rows "KeycloakAdmin: identity providers" (
        acme: Realm<'_, Client>, idp: &IdentityProvider, id: &str, mapper: &IdentityProviderMapper,
    ) {
        create_idp => acme.idps().create(idp).await?;
        update_idp => acme.idps().update("github", idp).await?;
        add_mapper_to_idp => acme.idp("github").mappers().create(mapper).await?;
        update_mapper_in_idp => acme.idp("github").mappers().update(id, mapper).await?;
        get_idp_mappers => acme.idp("github").mappers().list().await?;
        get_idps => acme.idps().list_all(&Default::default()).into_vec().await?;
        get_idp => acme.idps().get("github").await?;
        delete_idp => acme.idps().delete("github").await?;
    }

    client_rows "KeycloakAdmin: clients" (
        kc: &Client, acme: Realm<'_, Client>, id: &str, client: &clients::Client, mapper: &ProtocolMapper, upload: &Content,
        permissions: &ManagementPermissions, request: &ClientInitialAccessCreate,
    ) {
        get_clients => acme.clients().list_all(&Default::default()).into_vec().await?;
        get_client => acme.clients().get(id).await?;
        get_client_id => acme.clients().list(&ClientQuery { client_id: Some("app".into()), ..Default::default() }).await?.pop();
        create_client => acme.clients().ensure(client).await?;
        update_client => acme.clients().modify(id, |client| client.enabled = Some(false)).await?;
        delete_client => acme.clients().delete(id).await?;
        get_client_installation_provider => acme.clients().installation(id, "keycloak-oidc-keycloak-json").await?;
        get_client_service_account_user => acme.clients().service_account_user(id).await?;
        generate_client_secrets => acme.clients().regenerate_secret(id).await?;
        get_client_secrets => acme.clients().secret(id).await?;
        get_mappers_from_client => acme.client(id).mappers().list().await?;
        add_mapper_to_client => acme.client(id).mappers().create(mapper).await?;
        update_client_mapper => acme.client(id).mappers().update("mapper", mapper).await?;
        remove_client_mapper => acme.client(id).mappers().delete("mapper").await?;
        get_client_all_sessions => acme.clients().user_sessions_all(id, &Default::default()).into_vec().await?;
        get_client_sessions_stats => kc.realms().client_session_stats("acme").await?;
        get_client_management_permissions => acme.clients().permissions(id).await?;
        update_client_management_permissions => acme.clients().set_permissions(id, permissions).await?;
        get_client_certificate_key_info => acme.client(id).certificates("jwt.credential").get().await?;
        upload_certificate => acme.client(id).certificates("jwt.credential").upload_certificate(upload).await?;
        create_initial_access_token => acme.initial_access().create(request).await?;
    }
}
