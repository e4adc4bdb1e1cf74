//! What protocol mappers put into each kind of token.

use crate::acme::{Acme, audience, client, mapper, user};
use serde_json::{Value, json};

/// A realm in which `app` has these mappers.
async fn realm(mappers: Value, change: Value) -> Acme {
    let mut all = vec![audience("app")];
    all.extend(mappers.as_array().unwrap().iter().cloned());
    let app = client("app", json!({"protocolMappers": all}));
    let attributes = json!({"dept": ["sales"], "colour": ["red", "blue"], "num": ["42"], "odd": ["x1"], "flag": ["TRUE"],
        "doc": ["{\"a\":[1,null]}"]});
    let base = json!({"clients": [app, client("api", json!({}))], "users": [user("alice", json!({"attributes": attributes}))]});
    Acme::of(base, change).await
}

/// What is in the access token, the ID token, userinfo and introspection under a name.
async fn everywhere(acme: &Acme, name: &str) -> [Value; 4] {
    let got = acme.login("openid").await;
    let access = got.text("access_token");
    let part = |of: Value| of.get(name).cloned().unwrap_or_default();
    [
        part(got.claims("access_token")),
        part(got.claims("id_token")),
        part(acme.userinfo(access).await.body),
        part(acme.introspect(access).await.body),
    ]
}

#[tokio::test]
async fn attributes_have_types_names_and_one_value_or_many() {
    let attribute = |name: &str, claim: &str, kind: &str, many: bool| {
        let config = json!({"user.attribute": name, "claim.name": claim, "jsonType.label": kind,
            "multivalued": many.to_string()});
        mapper("oidc-usermodel-attribute-mapper", config)
    };
    let mappers = json!([
        attribute("dept", "dept", "String", false),
        attribute("colour", "colour", "String", false),
        attribute("colour", "colours", "String", true),
        attribute("num", "org.unit.num", "long", false),
        attribute("dept", "org.unit.dept", "String", false),
        attribute("dept", "my\\.dotted", "String", false),
        attribute("flag", "flag", "boolean", false),
        attribute("doc", "doc", "JSON", false),
        attribute("odd", "odd", "int", false),
        attribute("nothing", "nothing", "String", true),
    ]);
    let acme = realm(mappers, json!({})).await;
    let claims = acme.login("openid").await.claims("access_token");
    assert_eq!(
        (&claims["dept"], &claims["colour"], &claims["colours"]),
        (&json!("sales"), &json!("red"), &json!(["red", "blue"]))
    );
    assert_eq!(claims["org"], json!({"unit": {"num": 42, "dept": "sales"}}));
    assert_eq!(
        (&claims["my.dotted"], &claims["flag"], &claims["doc"]),
        (&json!("sales"), &json!(true), &json!({"a": [1, null]}))
    );
    assert_eq!((claims.get("odd"), claims.get("nothing")), (None, None));
}

#[tokio::test]
async fn a_mapper_goes_only_where_it_is_sent() {
    let only = |name: &str, place: &str| {
        let config = json!({"claim.name": name, "claim.value": "x", place: "true"});
        json!({"name": name, "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-claim-mapper", "config": config})
    };
    let mappers = json!([
        only("in_access", "access.token.claim"),
        only("in_id", "id.token.claim"),
        only("in_userinfo", "userinfo.token.claim"),
        only("in_introspection", "introspection.token.claim"),
        only("in_light", "lightweight.claim"),
    ]);
    let acme = realm(mappers, json!({})).await;
    let there = |on: [bool; 4]| on.map(|on| if on { json!("x") } else { Value::Null });
    // what older configurations do not name follows the token that it resembles
    assert_eq!(everywhere(&acme, "in_access").await, there([true, false, false, true]));
    assert_eq!(everywhere(&acme, "in_id").await, there([false, true, true, false]));
    assert_eq!(everywhere(&acme, "in_userinfo").await, there([false, false, true, false]));
    assert_eq!(everywhere(&acme, "in_introspection").await, there([false, false, false, true]));
    assert_eq!(everywhere(&acme, "in_light").await, there([false, false, false, false]));
}

#[tokio::test]
async fn roles_are_renamed_added_and_make_audiences() {
    let mappers = json!([
        mapper("oidc-hardcoded-role-mapper", json!({"role": "extra"})),
        mapper("oidc-hardcoded-role-mapper", json!({"role": "api.sub-role"})),
        mapper("oidc-role-name-mapper", json!({"role": "boss", "new.role.name": "chief"})),
        mapper("oidc-role-name-mapper", json!({"role": "clerk", "new.role.name": "api.clerk"})),
        mapper(
            "oidc-usermodel-realm-role-mapper",
            json!({"claim.name": "prefixed", "multivalued": "true", "usermodel.realmRoleMapping.rolePrefix": "R_"})
        ),
        mapper("oidc-usermodel-client-role-mapper", json!({"claim.name": "by.${client_id}", "multivalued": "true"})),
    ]);
    let change = json!({"roles": {"realm": [{"name": "boss"}, {"name": "clerk"}, {"name": "extra"}],
            "client": {"api": [{"name": "sub-role"}]}},
        "users": [user("alice", json!({"realmRoles": ["boss", "clerk"]}))]});
    let acme = realm(mappers, change).await;
    let claims = acme.login("openid").await.claims("access_token");
    assert_eq!(claims["realm_access"]["roles"], json!(["chief", "extra"]));
    assert_eq!(claims["resource_access"], json!({"api": {"roles": ["clerk", "sub-role"]}}));
    assert_eq!(claims["prefixed"], json!(["R_chief", "R_extra"]));
    assert_eq!(claims["by"]["api"], json!(["clerk", "sub-role"]));
    let mut audience: Vec<_> = claims["aud"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
    audience.sort_unstable();
    assert_eq!(audience, ["api", "app"]);
}

#[tokio::test]
async fn a_client_without_full_scope_sees_the_roles_it_is_mapped_to() {
    let change = json!({
        "clients": [client("app", json!({"fullScopeAllowed": false, "protocolMappers": [audience("app")]}))],
        "roles": {"realm": [{"name": "top", "composites": {"realm": ["part"]}}, {"name": "part"}, {"name": "hidden"}],
            "client": {"app": [{"name": "own"}]}},
        "scopeMappings": [{"client": "app", "roles": ["top"]}],
        "users": [user("alice", json!({"realmRoles": ["part", "hidden"], "clientRoles": {"app": ["own"]}}))],
    });
    let acme = realm(json!([]), change).await;
    let claims = acme.login("openid").await.claims("access_token");
    assert_eq!(claims["realm_access"]["roles"], json!(["part"]));
    assert_eq!(claims["resource_access"], json!({"app": {"roles": ["own"]}}));
}

#[tokio::test]
async fn groups_are_named_by_path_or_name_and_lend_their_attributes() {
    let attribute = |claim: &str, aggregate: &str| {
        mapper(
            "oidc-usermodel-attribute-mapper",
            json!({"user.attribute": "k", "claim.name": claim, "multivalued": "true",
            "aggregate.attrs": aggregate}),
        )
    };
    let mappers = json!([
        mapper("oidc-group-membership-mapper", json!({"claim.name": "paths", "full.path": "true"})),
        mapper("oidc-group-membership-mapper", json!({"claim.name": "in.names", "full.path": "false"})),
        attribute("near", "false"),
        attribute("all", "true"),
    ]);
    let groups = json!([{"name": "top", "attributes": {"k": ["far"]},
        "subGroups": [{"name": "sub", "attributes": {"k": ["near"]}}]}]);
    let acme =
        realm(mappers, json!({"groups": groups, "users": [user("alice", json!({"groups": ["/top/sub"]}))]})).await;
    let claims = acme.login("openid").await.claims("access_token");
    assert_eq!((&claims["paths"], &claims["in"]["names"]), (&json!(["/top/sub"]), &json!(["sub"])));
    assert_eq!((&claims["near"], &claims["all"]), (&json!(["near"]), &json!(["near", "far"])));
}

#[tokio::test]
async fn the_rest_of_the_built_in_mappers() {
    let mappers = json!([
        mapper("oidc-full-name-mapper", json!({})),
        mapper("oidc-address-mapper", json!({"user.attribute.street": "dept"})),
        mapper(
            "oidc-usermodel-property-mapper",
            json!({"user.attribute": "emailVerified", "claim.name": "p", "jsonType.label": "boolean"})
        ),
        mapper("oidc-usermodel-property-mapper", json!({"user.attribute": "nonsense", "claim.name": "q"})),
        mapper("oidc-hardcoded-claim-mapper", json!({"claim.name": "iss", "claim.value": "hacked"})),
        mapper("oidc-session-state-mapper", json!({})),
        mapper("unheard-of", json!({"claim.name": "u", "claim.value": "u"})),
    ]);
    let acme = realm(mappers, json!({})).await;
    let claims = acme.login("openid").await.claims("access_token");
    assert_eq!((&claims["name"], &claims["address"]), (&json!("F L"), &json!({"street_address": "sales"})));
    assert_eq!((&claims["p"], claims.get("q"), claims.get("u")), (&json!(true), None, None));
    assert!(claims["iss"].as_str().unwrap().ends_with("/realms/acme"));
    assert_eq!(claims["session_state"], claims["sid"]);
}

#[tokio::test]
async fn a_pairwise_subject_is_stable_and_not_the_users_id() {
    let mappers = json!([mapper("oidc-sha256-pairwise-sub-mapper", json!({"pairwiseSubAlgorithmSalt": "salt"}))]);
    let users = json!([user("alice", json!({"id": "0000aaaa-0000-4000-8000-00000000abcd"}))]);
    let acme = realm(mappers, json!({"users": users})).await;
    let [access, id, userinfo, introspection] = everywhere(&acme, "sub").await;
    assert_eq!([&id, &userinfo, &introspection], [&access; 3]);
    // what Keycloak makes of the host `localhost`, this id and this salt
    assert_eq!(access.as_str().map(str::len), Some(36));
    assert_ne!(access, "0000aaaa-0000-4000-8000-00000000abcd");
    assert_eq!(everywhere(&acme, "sub").await[0], access);
}
