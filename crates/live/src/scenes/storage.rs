//! User storage, with a directory in which nobody is.

use super::{Played, Scene, any, of};
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({})
}

const MAPPER: &str = "org.keycloak.storage.ldap.mappers.LDAPStorageMapper";

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let (realm, name) = (scene.realm(), scene.name);
    let url = format!("ldap://localhost:{}", scene.directory);
    let parent = cloakroom_api::admin::realms::Realms::new(scene.probe).get(name).await?.id;
    let config = json!({"enabled": ["true"], "vendor": ["other"], "connectionUrl": [url], "bindDn": ["cn=admin"],
        "bindCredential": ["password"], "authType": ["simple"], "usersDn": ["ou=people,dc=x"],
        "usernameLDAPAttribute": ["uid"], "rdnLDAPAttribute": ["uid"], "uuidLDAPAttribute": ["entryUUID"],
        "userObjectClasses": ["inetOrgPerson"], "editMode": ["READ_ONLY"], "searchScope": ["1"],
        "importEnabled": ["true"], "pagination": ["false"]});
    let ldap = json!({"name": "corp", "providerId": "ldap", "providerType": "org.keycloak.storage.UserStorageProvider",
        "parentId": parent, "config": config});
    let components = realm.components();
    let made = components.create(&of(ldap)).await?;
    components.get(made.id()).await.ok();
    components.list(&of(json!({"parent": made.id()}))).await.ok();
    components.sub_types(made.id(), &of(json!({"type": MAPPER}))).await.ok();

    let storage = realm.user_storage();
    storage.name(made.id()).await.ok();
    storage.sync(made.id(), &of(json!({"action": "triggerFullSync"}))).await.ok();
    let mapper = json!({"name": "groups", "providerId": "group-ldap-mapper", "providerType": MAPPER, "parentId": made.id(),
        "config": {"groups.dn": ["ou=groups,dc=x"], "group.name.ldap.attribute": ["cn"],
            "group.object.classes": ["groupOfNames"], "membership.ldap.attribute": ["member"],
            "membership.attribute.type": ["DN"], "membership.user.ldap.attribute": ["uid"], "mode": ["READ_ONLY"],
            "preserve.group.inheritance": ["false"], "ignore.missing.groups": ["true"],
            "user.roles.retrieve.strategy": ["LOAD_GROUPS_BY_MEMBER_ATTRIBUTE"], "groups.path": ["/"],
            "drop.non.existing.groups.during.sync": ["false"]}});
    if let Ok(mapper) = components.create(&of(mapper)).await {
        let direction = of(json!({"direction": "fedToKeycloak"}));
        storage.sync_mapper(made.id(), mapper.id(), &direction).await.ok();
    }
    let test = |action: &str| {
        of(json!({"action": action, "connectionUrl": url, "bindDn": "cn=admin", "bindCredential": "password",
            "authType": "simple", "useTruststoreSpi": "always", "connectionTimeout": "2000", "startTls": "false"}))
    };
    storage.test_ldap(&test("testConnection")).await.ok();
    storage.test_ldap(&test("testAuthentication")).await.ok();
    storage.ldap_capabilities(&test("queryServerCapabilities")).await.ok();
    storage.unlink(made.id()).await.ok();
    storage.remove_imported(made.id()).await.ok();
    realm.users().list(&any()).await.ok();
    components.delete(made.id()).await
}
