//! Organizations, their members, invitations, groups and identity providers.

use super::{Played, Scene, any, of};
use cloakroom_api::{
    admin::orgs::members::{Invitation, UserInvitation},
    endpoint::Form,
};
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({"organizationsEnabled": true, "registrationAllowed": true,
        "identityProviders": [{"alias": "corp", "providerId": "oidc", "enabled": true, "config": {"clientId": "c",
            "clientSecret": "s", "authorizationUrl": "http://localhost/a", "tokenUrl": "http://localhost/t"}}]})
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let orgs = realm.orgs();
    let acme = json!({"name": "acme", "alias": "acme", "enabled": true, "description": "Makes it",
        "redirectUrl": "http://localhost/", "attributes": {"a": ["b"]}, "domains": [{"name": "acme.example", "verified": true}]});
    let made = orgs.create(&of(acme.clone())).await?;
    let id = made.id();
    orgs.list(&of(json!({"briefRepresentation": false, "search": "ac", "first": 0, "max": 5}))).await.ok();
    orgs.count(&any()).await.ok();
    orgs.get(id).await.ok();
    orgs.update(id, &of(acme)).await.ok();

    let (member, guest) = (scene.user("gina").await?, scene.user("hugo").await?);
    let org = realm.org(id);
    let members = org.members();
    members.add(&member).await?;
    members.list(&any()).await.ok();
    members.count().await.ok();
    members.get(&member).await.ok();
    members.organizations(&member, &any()).await.ok();
    orgs.of_user(&member, &any()).await.ok();

    let invited = Invitation {
        email: Some("new@acme.example".into()),
        first_name: Some("New".into()),
        last_name: Some("Comer".into()),
    };
    members.invite(&Form::of(&invited).unwrap_or_default()).await.ok();
    members.invite_user(&Form::of(&UserInvitation { id: Some(guest) }).unwrap_or_default()).await.ok();
    let invitations = org.invitations();
    let listed = invitations.list(&any()).await.unwrap_or_default();
    if let Some(one) = listed.first().and_then(|one| one.id.as_deref()) {
        invitations.get(one).await.ok();
        invitations.resend(one).await.ok();
    }
    let listed = invitations.list(&of(json!({"status": "PENDING", "first": 0, "max": 5}))).await.unwrap_or_default();
    if let Some(one) = listed.first().and_then(|one| one.id.as_deref()) {
        invitations.delete(one).await.ok();
    }

    let idps = org.idps();
    idps.add("corp").await.ok();
    idps.list().await.ok();
    idps.get("corp").await.ok();
    idps.groups("corp", &any()).await.ok();
    groups(scene, id, &member).await?;
    idps.remove("corp").await.ok();
    members.remove(&member).await.ok();
    orgs.delete(id).await
}

async fn groups(scene: &Scene<'_>, org: &str, member: &str) -> Played {
    let realm = scene.realm();
    let groups = realm.org(org).groups();
    let Some(made) = groups.create(&of(json!({"name": "team", "attributes": {"a": ["b"]}}))).await? else {
        return Ok(());
    };
    let id = made.body.id.unwrap_or_default();
    groups.create_child(&id, &of(json!({"name": "squad"}))).await.ok();
    groups.list(&of(json!({"briefRepresentation": false, "subGroupsCount": true}))).await.ok();
    groups.get(&id, &of(json!({"subGroupsCount": true}))).await.ok();
    groups.by_path("team/squad", &any()).await.ok();
    groups.children(&id, &any()).await.ok();
    groups.update(&id, &of(json!({"name": "crew", "description": "All hands"}))).await.ok();
    groups.add_member(&id, member).await.ok();
    groups.members(&id, &any()).await.ok();
    realm.org(org).members().groups(member, &any()).await.ok();
    groups.remove_member(&id, member).await.ok();
    groups.delete(&id).await
}
