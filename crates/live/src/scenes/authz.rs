//! Authorization services: resources, scopes, policies and permissions of every type, and what they decide.

use super::{Played, Scene, any, of};
use serde_json::{Value, json};

pub(super) fn settings() -> Value {
    json!({"roles": {"realm": [{"name": "clerk"}]}})
}

/// Calls each row of policies, or permissions, of one type, and gives the id of one.
macro_rules! typed {
    ($group:expr, $name:literal, $policy:expr) => {{
        let group = $group;
        let mut policy = $policy;
        policy["name"] = $name.into();
        let made = group.create(&of(policy.clone())).await;
        group.list(&any()).await.ok();
        group.find(&of(json!({"name": $name}))).await.ok();
        match made.map(|made| made.body.id.unwrap_or_default()) {
            Err(_) => String::new(),
            Ok(id) => {
                group.get(&id).await.ok();
                policy["description"] = "changed".into();
                group.update(&id, &of(policy.clone())).await.ok();
                group.delete(&id).await.ok();
                group.create(&of(policy)).await.ok().and_then(|made| made.body.id).unwrap_or_default()
            }
        }
    }};
}

/// Calls each row of policies, or permissions, whatever their type.
macro_rules! untyped {
    ($group:expr, $one:expr, $name:literal, $new:expr, $user:expr, $client:expr) => {
        let group = $group;
        group.providers().await.ok();
        group.list(&any()).await.ok();
        group.list(&of(json!({"first": 0, "max": 3, "fields": "*"}))).await.ok();
        group.find(&of(json!({"name": $name}))).await.ok();
        group.get($one).await.ok();
        group.associated($one).await.ok();
        group.dependent($one).await.ok();
        group.resources($one).await.ok();
        group.scopes($one).await.ok();
        if let Ok(made) = group.create(&of($new)).await {
            let id = made.body.id.clone().unwrap_or_default();
            let mut policy = made.body;
            policy.description = Some("changed".into());
            policy.config = policy.config.filter(|config| config.iter().next().is_some());
            group.update(&id, &policy).await.ok();
            group.delete(&id).await.ok();
        }
        for entitlements in [false, true] {
            let asked = json!({"resources": [], "userId": $user, "clientId": $client, "roleIds": [],
                "entitlements": entitlements, "context": {"attributes": {"colour": "blue"}}});
            group.evaluate(&of(asked)).await.ok();
        }
        let asked = json!({"resources": [{"name": "Album", "scopes": [{"name": "view"}]}], "userId": $user,
            "roleIds": [], "context": {"attributes": {}}});
        group.evaluate(&of(asked)).await.ok();
    };
}

pub(super) async fn play(scene: &Scene<'_>) -> Played {
    let realm = scene.realm();
    let settings = json!({"authorizationServicesEnabled": true});
    let client = scene.client("photos", settings).await?;
    let user = scene.user("frank").await?;
    let authz = realm.client(&client).authz();
    let (resource, scope) = things(scene, &client).await?;

    let group = realm.groups().create(&of(json!({"name": "team"}))).await?;
    let group = group.map(|made| made.id().to_owned()).unwrap_or_default();
    let role = realm.roles().get("clerk").await?.id;
    let of_user = typed!(authz.user_policies(), "user", json!({"users": [user]}));
    typed!(authz.role_policies(), "role", json!({"roles": [{"id": role, "required": true}], "fetchRoles": true}));
    typed!(authz.group_policies(), "group", json!({"groups": [{"id": group, "extendChildren": true}]}));
    typed!(authz.client_policies(), "client", json!({"clients": [client], "logic": "NEGATIVE"}));
    let scopes = realm.client_scopes().list().await?;
    let openid = scopes.iter().find(|s| s.name.as_deref() == Some("email")).and_then(|s| s.id.clone());
    let asked = json!({"clientScopes": [{"id": openid, "required": false}]});
    typed!(authz.client_scope_policies(), "client-scope", asked);
    typed!(authz.regex_policies(), "regex", json!({"targetClaim": "email", "pattern": ".*@example.org"}));
    let night = json!({"notBefore": "2020-01-01 00:00:00", "notOnOrAfter": "2090-01-01 00:00:00", "hour": "0", "hourEnd": "23",
        "minute": "0", "minuteEnd": "59", "dayMonth": "1", "dayMonthEnd": "31", "month": "1", "monthEnd": "12",
        "year": "2020", "yearEnd": "2090"});
    typed!(authz.time_policies(), "time", night);
    typed!(authz.js_policies(), "js", json!({"code": "$evaluation.grant();"}));
    let both = json!({"policies": ["user", "regex"], "decisionStrategy": "AFFIRMATIVE"});
    typed!(authz.aggregate_policies(), "aggregate", both);
    let on_all = json!({"resources": [resource], "policies": ["user"], "decisionStrategy": "UNANIMOUS"});
    typed!(authz.resource_permissions(), "album", on_all);
    let on_one = json!({"resources": [resource], "scopes": [scope], "policies": ["user"]});
    let permission = typed!(authz.scope_permissions(), "view album", on_one);
    typed!(authz.resource_permissions(), "albums", json!({"resourceType": "urn:album", "policies": ["user"]}));

    let generic = json!({"name": "generic", "type": "user", "config": {"users": json!([user]).to_string()}});
    untyped!(authz.policies(), &of_user, "user", generic, user, client);
    let generic = json!({"name": "generic", "type": "resource", "resources": [resource], "policies": ["user"]});
    untyped!(authz.permissions(), &permission, "view album", generic, user, client);

    let resources = authz.resources();
    resources.list(&of(json!({"deep": true, "name": "Al"}))).await.ok();
    resources.permissions(&resource).await.ok();
    authz.scopes().permissions(&scope).await.ok();
    authz.scopes().resources(&scope).await.ok();
    let export = authz.settings().export().await?;
    authz.settings().import(&export).await.ok();
    authz.settings().get().await?;
    authz
        .settings()
        .update(&of(json!({"policyEnforcementMode": "PERMISSIVE", "decisionStrategy": "AFFIRMATIVE"})))
        .await
        .ok();
    resources.delete(&resource).await.ok();
    authz.scopes().delete(&scope).await
}

/// A resource and a scope, by their ids.
async fn things(scene: &Scene<'_>, client: &str) -> Result<(String, String), crate::probe::Refused> {
    let realm = scene.realm();
    let authz = realm.client(client).authz();
    let scopes = authz.scopes();
    let made =
        scopes.create(&of(json!({"name": "view", "displayName": "View", "iconUri": "http://localhost/i"}))).await?;
    let scope = made.body.id.unwrap_or_default();
    scopes.list(&any()).await.ok();
    scopes.find(&of(json!({"name": "view"}))).await.ok();
    scopes.get(&scope).await.ok();
    scopes.update(&scope, &of(json!({"id": scope, "name": "view", "displayName": "See"}))).await.ok();

    let resources = authz.resources();
    let album = json!({"name": "Album", "displayName": "An album", "type": "urn:album", "uris": ["/albums/*"],
        "icon_uri": "http://localhost/i", "scopes": [{"name": "view"}, {"name": "print"}],
        "attributes": {"a": ["b"]}, "ownerManagedAccess": true});
    let resource = resources.create(&of(album.clone())).await?.body.id.unwrap_or_default();
    resources.list(&any()).await.ok();
    resources.find(&of(json!({"name": "Album"}))).await.ok();
    resources.get(&resource).await.ok();
    resources.attributes(&resource).await.ok();
    resources.scopes(&resource).await.ok();
    resources.update(&resource, &of(album)).await.ok();
    Ok((resource, scope))
}
