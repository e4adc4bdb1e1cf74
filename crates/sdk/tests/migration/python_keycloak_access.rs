//! `KeycloakAdmin`: client scopes, authorization services, roles.

use cloakroom::api::admin::{
    authz::{
        Policy, Resource, ResourceServer, Scope,
        typed::{client::ClientPolicy, resource::ResourcePermission, role::RolePolicy, scope::ScopePermission},
    },
    client_scopes::ClientScope,
    mappers::ProtocolMapper,
    roles::Role,
};
use cloakroom::prelude::*;
use cloakroom::{Client, Realm};

use crate::tables;

tables! {
    scopes_of_client_rows "KeycloakAdmin: client scopes of a client" (acme: Realm<'_, Client>, id: &str, scope: &str) {
        get_client_default_client_scopes => acme.client(id).default_client_scopes().list().await?;
        add_client_default_client_scope => acme.client(id).default_client_scopes().add(scope).await?;
        delete_client_default_client_scope => acme.client(id).default_client_scopes().remove(scope).await?;
        get_client_optional_client_scopes => acme.client(id).optional_client_scopes().list().await?;
        add_client_optional_client_scope => acme.client(id).optional_client_scopes().add(scope).await?;
        delete_client_optional_client_scope => acme.client(id).optional_client_scopes().remove(scope).await?;
    }

    authz_rows "KeycloakAdmin: authorization services" (
        acme: Realm<'_, Client>, client: &str, id: &str, settings: &ResourceServer, resource: &Resource, scope: &Scope,
        policy: &Policy, role_policy: &RolePolicy, client_policy: &ClientPolicy, on_resource: &ResourcePermission,
        on_scope: &ScopePermission,
    ) {
        get_client_authz_settings => acme.client(client).authz().settings().export().await?;
        import_client_authz_config => acme.client(client).authz().settings().import(settings).await?;
        create_client_authz_resource => acme.client(client).authz().resources().create(resource).await?;
        update_client_authz_resource => acme.client(client).authz().resources().update(id, resource).await?;
        delete_client_authz_resource => acme.client(client).authz().resources().delete(id).await?;
        get_client_authz_resources => acme.client(client).authz().resources().list_all(&Default::default()).into_vec().await?;
        get_client_authz_resource => acme.client(client).authz().resources().get(id).await?;
        create_client_authz_role_based_policy => acme.client(client).authz().role_policies().create(role_policy).await?;
        create_client_authz_policy => acme.client(client).authz().policies().create(policy).await?;
        create_client_authz_resource_based_permission => acme.client(client).authz().resource_permissions().create(on_resource).await?;
        get_client_authz_scopes => acme.client(client).authz().scopes().list_all(&Default::default()).into_vec().await?;
        create_client_authz_scopes => acme.client(client).authz().scopes().create(scope).await?;
        get_client_authz_permissions => acme.client(client).authz().permissions().list_all(&Default::default()).into_vec().await?;
        get_client_authz_policies => acme.client(client).authz().policies().list_all(&Default::default()).into_vec().await?;
        delete_client_authz_policy => acme.client(client).authz().policies().delete(id).await?;
        get_client_authz_policy => acme.client(client).authz().policies().get(id).await?;
        get_client_authz_policy_scopes => acme.client(client).authz().policies().scopes(id).await?;
        get_client_authz_policy_resources => acme.client(client).authz().policies().resources(id).await?;
        get_client_authz_scope_permission => acme.client(client).authz().scope_permissions().get(id).await?;
        create_client_authz_scope_permission => acme.client(client).authz().scope_permissions().create(on_scope).await?;
        update_client_authz_scope_permission => acme.client(client).authz().scope_permissions().update(id, on_scope).await?;
        update_client_authz_resource_permission => acme.client(client).authz().resource_permissions().update(id, on_resource).await?;
        get_client_authz_client_policies => acme.client(client).authz().client_policies().list_all(&Default::default()).into_vec().await?;
        create_client_authz_client_policy => acme.client(client).authz().client_policies().create(client_policy).await?;
        get_client_authz_permission_associated_policies => acme.client(client).authz().policies().associated(id).await?;
    }

    client_role_rows "KeycloakAdmin: roles of clients" (
        acme: Realm<'_, Client>, client: &str, other: &str, group: &str, role: &Role, roles: &Vec<Role>,
    ) {
        get_client_roles => acme.client(client).roles().list_all(&Default::default()).into_vec().await?;
        get_client_role => acme.client(client).roles().get("reader").await?;
        get_client_role_id => acme.client(client).roles().get("reader").await?.id;
        create_client_role => acme.client(client).roles().ensure(role).await?;
        update_client_role => acme.client(client).roles().modify("reader", |role| role.description = Some("Reads".into())).await?;
        delete_client_role => acme.client(client).roles().delete("reader").await?;
        add_composite_client_roles_to_role => acme.client(client).roles().add_composites("reader", roles).await?;
        remove_composite_client_roles_from_role => acme.client(client).roles().remove_composites("reader", roles).await?;
        get_composite_client_roles_of_role => acme.client(client).roles().composites("reader").await?;
        get_client_role_members => acme.client(client).roles().users_all("reader", &Default::default()).into_vec().await?;
        get_client_role_groups => acme.client(client).roles().groups_all("reader", &Default::default()).into_vec().await?;
        get_role_client_level_children => acme.roles_by_id().client_composites("role", other).await?;
        get_composite_client_roles_of_group => acme.group(group).role_mappings().client(client).effective(&Default::default()).await?;
    }

    realm_role_rows "KeycloakAdmin: roles of the realm" (kc: &Client, acme: Realm<'_, Client>, id: &str, role: &Role, roles: &Vec<Role>) {
        get_realm_roles => acme.roles().list_all(&Default::default()).into_vec().await?;
        get_realm_role_groups => acme.roles().groups_all("staff", &Default::default()).into_vec().await?;
        get_realm_role_members => acme.roles().users_all("staff", &Default::default()).into_vec().await?;
        get_default_realm_role_id => kc.realms().get("acme").await?.default_role.and_then(|role| role.id);
        get_realm_default_roles => acme.roles().composites("default-roles-acme").await?;
        remove_realm_default_roles => acme.roles().remove_composites("default-roles-acme", roles).await?;
        add_realm_default_roles => acme.roles().add_composites("default-roles-acme", roles).await?;
        create_realm_role => acme.roles().ensure(role).await?;
        get_realm_role => acme.roles().get("staff").await?;
        get_realm_role_by_id => acme.roles_by_id().get(id).await?;
        update_realm_role => acme.roles().modify("staff", |role| role.description = Some("Staff".into())).await?;
        delete_realm_role => acme.roles().delete("staff").await?;
        add_composite_realm_roles_to_role => acme.roles().add_composites("staff", roles).await?;
        remove_composite_realm_roles_to_role => acme.roles().remove_composites("staff", roles).await?;
        get_composite_realm_roles_of_role => acme.roles().realm_composites("staff").await?;
        get_role_by_id => acme.roles_by_id().get(id).await.or_none()?;
        update_role_by_id => acme.roles_by_id().modify(id, |role| role.name = Some("staff".into())).await?;
        delete_role_by_id => acme.roles_by_id().delete(id).await?;
        get_role_composites_by_id => acme.roles_by_id().composites_all(id, &Default::default()).into_vec().await?;
    }

    role_mapping_rows "KeycloakAdmin: roles of users and groups" (
        acme: Realm<'_, Client>, user: &str, group: &str, client: &str, roles: &Vec<Role>, taken: &Option<Vec<Role>>,
    ) {
        assign_client_role => acme.user(user).role_mappings().client(client).add(roles).await?;
        assign_realm_roles => acme.user(user).role_mappings().realm().add(roles).await?;
        delete_realm_roles_of_user => acme.user(user).role_mappings().realm().remove(taken).await?;
        get_realm_roles_of_user => acme.user(user).role_mappings().realm().list().await?;
        get_available_realm_roles_of_user => acme.user(user).role_mappings().realm().available().await?;
        get_composite_realm_roles_of_user => acme.user(user).role_mappings().realm().effective(&Default::default()).await?;
        assign_group_realm_roles => acme.group(group).role_mappings().realm().add(roles).await?;
        delete_group_realm_roles => acme.group(group).role_mappings().realm().remove(taken).await?;
        get_group_realm_roles => acme.group(group).role_mappings().realm().list().await?;
        assign_group_client_roles => acme.group(group).role_mappings().client(client).add(roles).await?;
        get_group_client_roles => acme.group(group).role_mappings().client(client).list().await?;
        delete_group_client_roles => acme.group(group).role_mappings().client(client).remove(taken).await?;
        get_all_roles_of_user => acme.user(user).role_mappings().all().list().await?;
        get_client_roles_of_user => acme.user(user).role_mappings().client(client).list().await?;
        get_available_client_roles_of_user => acme.user(user).role_mappings().client(client).available().await?;
        get_composite_client_roles_of_user => acme.user(user).role_mappings().client(client).effective(&Default::default()).await?;
        delete_client_roles_of_user => acme.user(user).role_mappings().client(client).remove(taken).await?;
    }

    scope_mapping_rows "KeycloakAdmin: roles in tokens" (
        acme: Realm<'_, Client>, id: &str, scope: &str, client: &str, roles: &Vec<Role>, taken: &Option<Vec<Role>>,
    ) {
        assign_realm_roles_to_client_scope => acme.client(id).scope_mappings().realm().add(roles).await?;
        delete_realm_roles_of_client_scope => acme.client(id).scope_mappings().realm().remove(taken).await?;
        get_realm_roles_of_client_scope => acme.client(id).scope_mappings().realm().list().await?;
        assign_client_roles_to_client_scope => acme.client(id).scope_mappings().client(client).add(roles).await?;
        delete_client_roles_of_client_scope => acme.client(id).scope_mappings().client(client).remove(taken).await?;
        get_client_roles_of_client_scope => acme.client(id).scope_mappings().client(client).list().await?;
        add_client_specific_roles_to_client_scope => acme.client_scope(scope).scope_mappings().client(client).add(roles).await?;
        remove_client_specific_roles_of_client_scope => acme.client_scope(scope).scope_mappings().client(client).remove(taken).await?;
        get_client_specific_roles_of_client_scope => acme.client_scope(scope).scope_mappings().client(client).list().await?;
        get_all_roles_of_client_scope => acme.client_scope(scope).scope_mappings().all().list().await?;
    }

    client_scope_rows "KeycloakAdmin: client scopes" (acme: Realm<'_, Client>, id: &str, scope: &ClientScope, mapper: &ProtocolMapper) {
        get_client_scopes => acme.client_scopes().list().await?;
        get_client_scope => acme.client_scopes().get(id).await?;
        get_client_scope_by_name => acme.client_scopes().list().await?.into_iter().find(|scope| scope.name.as_deref() == Some("email"));
        create_client_scope => acme.client_scopes().ensure(scope).await?;
        update_client_scope => acme.client_scopes().modify(id, |scope| scope.description = Some("Mail".into())).await?;
        delete_client_scope => acme.client_scopes().delete(id).await?;
        get_mappers_from_client_scope => acme.client_scope(id).mappers().list().await?;
        add_mapper_to_client_scope => acme.client_scope(id).mappers().ensure(mapper).await?;
        delete_mapper_from_client_scope => acme.client_scope(id).mappers().delete("mapper").await?;
        update_mapper_in_client_scope => acme.client_scope(id).mappers().update("mapper", mapper).await?;
        get_default_default_client_scopes => acme.default_client_scopes().list().await?;
        add_default_default_client_scope => acme.default_client_scopes().add(id).await?;
        delete_default_default_client_scope => acme.default_client_scopes().remove(id).await?;
        get_default_optional_client_scopes => acme.optional_client_scopes().list().await?;
        add_default_optional_client_scope => acme.optional_client_scopes().add(id).await?;
        delete_default_optional_client_scope => acme.optional_client_scopes().remove(id).await?;
    }
}
