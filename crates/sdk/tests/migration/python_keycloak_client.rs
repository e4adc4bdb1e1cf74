//! python-keycloak-client: `KeycloakRealm` and what hangs off it.

use cloakroom::api::admin::{credentials::Credential, groups::Group, roles::Role, users::User};
use cloakroom::api::uma::{policies::UmaPolicy, resources::UmaResource, tickets::PermissionRequest};
use cloakroom::jwt::TokenClaims;
use cloakroom::oidc::TokenRequest;
use cloakroom::prelude::*;
use cloakroom::uma::{PermissionExpr, RptRequest};
use cloakroom::{Client, ClientAuth, Login, OidcClient, Realm};

use crate::tables;

tables! {
    realm_rows "KeycloakRealm and KeycloakClient" (kc: &Client, request: http::Request<bytes::Bytes>) {
        "KeycloakRealm(server_url, realm_name)" => Client::builder("https://id.example.com/auth").build()?;
        "realm.admin" => kc.realm("acme");
        "realm.open_id_connect" => kc.oidc("acme", "app", ClientAuth::basic("secret"));
        "realm.authz" => kc.oidc("acme", "app", ClientAuth::basic("secret"));
        "realm.uma, uma2, uma1" => kc.realm("acme").uma();
        "realm.close" => kc.logout().await?;
        "client.get_full_url" => kc.url();
        "client.get, post, put, delete" => kc.request(request).await?;
    }

    openid_rows "OpenidConnect" (acme: Realm<'_, Client>, app: &OidcClient, token: &str) {
        "get_url, well_known" => app.discovery().await?;
        "decode_token" => app.verifier().audience("app").verify::<TokenClaims>(token).await?;
        "logout" => app.logout(token).await?;
        "certs" => acme.oidc().certs().get().await?;
        "userinfo" => app.user::<TokenClaims>(token).await?;
        "uma_ticket" => app.rpt(RptRequest::user(token).audience("photos")).await?;
        "authorization_url" => app.authorize("https://app.example.com/back").await?.scope("openid email").build()?;
        "authorization_code" => app.token(TokenRequest::plain_code("code", "https://app.example.com/back")).await?;
        "password_credentials" => app.token(TokenRequest::password("bob", "hunter2")).await?;
        "client_credentials" => app.token(TokenRequest::client_credentials()).await?;
        "refresh_token" => app.token(TokenRequest::refresh(token)).await?;
        "token_exchange" => app.token(TokenRequest::exchange(token).audience("billing")).await?;
    }

    authz_rows "Authz" (app: &OidcClient, token: &str, asked: PermissionExpr) {
        "entitlement" => app.permissions(RptRequest::user(token).audience("photos")).await?;
        "get_permissions" => app.permissions(RptRequest::user(token).audience("photos").permission(asked.clone()).submit_request(false)).await?;
        "eval_permission" => app.decide(RptRequest::user(token).audience("photos").permission(asked.clone())).await?;
        "eval_permissions" => app.access(RptRequest::user(token).audience("photos").permissions([asked.clone()])).await?;
    }

    uma_rows "UMA2" (
        acme: Realm<'_, Client>, id: &str, resource: &UmaResource, policy: &UmaPolicy, lacking: &Vec<PermissionRequest>,
    ) {
        "resource_set_create" => acme.uma().resources().create(resource).await?;
        "resource_set_update" => acme.uma().resources().update(id, resource).await?;
        "resource_set_read" => acme.uma().resources().get(id).await?;
        "resource_set_delete" => acme.uma().resources().delete(id).await?;
        "resource_set_list" => acme.uma().resources().list(&Default::default()).await?;
        "resource_create_ticket" => acme.uma().permissions().create(lacking).await?;
        "resource_associate_permission" => acme.uma().policies().create(id, policy).await?;
        "permission_update" => acme.uma().policies().update(id, policy).await?;
        "permission_delete" => acme.uma().policies().delete(id).await?;
        "permission_list" => acme.uma().policies().list_all(&Default::default()).into_vec().await?;
    }

    uma1_rows "UMA1" (acme: Realm<'_, Client>, id: &str, resource: &UmaResource) {
        "resource_set_create" => acme.uma().resources().create(resource).await?;
        "resource_set_update" => acme.uma().resources().update(id, resource).await?;
        "resource_set_read" => acme.uma().resources().get(id).await?;
        "resource_set_delete" => acme.uma().resources().delete(id).await?;
        "resource_set_list" => acme.uma().resources().list(&Default::default()).await?;
    }

    admin_rows "Admin" (
        kc: &Client, acme: Realm<'_, Client>, id: &str, group: &str, user: &User, role: &Role, roles: &Vec<Role>,
        taken: &Option<Vec<Role>>, new: &Group, password: &Credential,
    ) {
        "admin.set_token" => kc.login(Login::password("admin", "secret"));
        "root" => kc.server().info().await?;
        "realms.by_name" => kc.realm("acme");
        "clients.all" => acme.clients().list_all(&Default::default()).into_vec().await?;
        "clients.by_id" => acme.clients().get(id).await?;
        "clients.by_id(id).roles.create" => acme.client(id).roles().create(role).await?;
        "clients.by_id(id).roles.by_name" => acme.client(id).roles().get("reader").await?;
        "roles.by_name(r).update" => acme.client(id).roles().modify("reader", |role| role.description = Some("Reads".into())).await?;
        "users.create" => acme.users().create(user).await?;
        "users.all" => acme.users().list_all(&Default::default()).into_vec().await?;
        "users.by_id(id).get, user" => acme.users().get(id, &Default::default()).await?;
        "users.by_id(id).update" => acme.users().modify(id, |user| user.email = Some("bob@example.com".into())).await?;
        "users.by_id(id).delete" => acme.users().delete(id).await?;
        "users.by_id(id).reset_password" => acme.user(id).credentials().reset_password(password).await?;
        "users.by_id(id).logout" => acme.users().logout(id).await?;
        "users.by_id(id).groups.all" => acme.users().groups_all(id, &Default::default()).into_vec().await?;
        "users.by_id(id).groups.add" => acme.users().join_group(id, group).await?;
        "users.by_id(id).groups.delete" => acme.users().leave_group(id, group).await?;
        "users.by_id(id).role_mappings.realm.available" => acme.user(id).role_mappings().realm().available().await?;
        "users.by_id(id).role_mappings.realm.get" => acme.user(id).role_mappings().realm().list().await?;
        "users.by_id(id).role_mappings.realm.add" => acme.user(id).role_mappings().realm().add(roles).await?;
        "users.by_id(id).role_mappings.realm.delete" => acme.user(id).role_mappings().realm().remove(taken).await?;
        "groups.all" => acme.groups().tree().await?;
        "groups.create" => acme.groups().create(new).await?;
    }
}
