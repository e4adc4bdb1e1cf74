//! The user profile: what is declared of attributes, and what that means for users.

use crate::admins::{acme, by, refused, user};
use cloakroom_api::{
    admin::{
        profile::ProfileConfig,
        users::{User, UserDetail},
    },
    error::FieldError,
};
use cloakroom_testkit::TestServer;
use serde_json::{Value, json};

/// A realm with these attributes besides the default ones, and this policy for others.
async fn realm(attributes: Value, unmanaged: Option<&str>) -> TestServer {
    let kc = acme(json!({})).await;
    let mut config = serde_json::to_value(kc.realm("acme").profile().get().await.unwrap()).unwrap();
    for attribute in attributes.as_array().unwrap() {
        let both = json!({"view": ["admin", "user"], "edit": ["admin", "user"]});
        let mut declared = json!({"permissions": both});
        declared.as_object_mut().unwrap().extend(attribute.as_object().unwrap().clone());
        config["attributes"].as_array_mut().unwrap().push(declared);
    }
    if let Some(policy) = unmanaged {
        config["unmanagedAttributePolicy"] = policy.into();
    }
    put(&kc, config).await.unwrap();
    kc
}

async fn put(kc: &TestServer, config: Value) -> cloakroom::Result<ProfileConfig> {
    kc.realm("acme").profile().update(&Some(serde_json::from_value(config).unwrap())).await
}

fn person(fields: Value) -> User {
    let mut all = json!({"username": "ann", "email": "ann@example.org", "firstName": "Ann", "lastName": "A"});
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

/// What is wrong with a user: field, message and parameters of each error.
async fn wrong(kc: &TestServer, fields: Value) -> Vec<(String, String, Value)> {
    let error = match kc.realm("acme").users().create(&person(fields.clone())).await {
        Ok(made) => {
            kc.realm("acme").users().delete(made.id()).await.unwrap();
            return Vec::new();
        }
        Err(error) => error,
    };
    assert_eq!(error.status(), 400, "{fields}: {error}");
    let body = error.answer().unwrap().error.clone();
    let one = |e: FieldError| (e.field, e.message, serde_json::to_value(e.params).unwrap());
    match body.field {
        Some(field) => vec![(field, body.message.unwrap_or_default(), serde_json::to_value(body.params).unwrap())],
        None => body.errors.into_iter().map(one).collect(),
    }
}

#[tokio::test]
async fn names_and_addresses_are_checked_as_the_default_profile_says() {
    let kc = realm(json!([]), None).await;
    let long = "x".repeat(256);
    for (fields, field, message, params) in [
        (json!({"username": "ab"}), "username", "error-invalid-length", json!(["username", "3", "255"])),
        (json!({"username": long}), "username", "error-invalid-length", json!(["username", "3", "255"])),
        (json!({"firstName": long}), "firstName", "error-invalid-length-too-long", json!(["firstName", null, "255"])),
        (json!({"email": "nowhere"}), "email", "error-invalid-email", json!(["email", "nowhere"])),
        (json!({"firstName": "a<b>"}), "firstName", "error-person-name-invalid-character", json!(["firstName"])),
    ] {
        let found = wrong(&kc, fields.clone()).await;
        assert_eq!(found.len(), 1, "{fields}: {found:?}");
        assert_eq!((found[0].0.as_str(), found[0].1.as_str()), (field, message), "{fields}");
        let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        let params: Vec<String> = params.as_array().unwrap().iter().map(text).collect();
        let given: Vec<String> = found[0].2.as_array().unwrap().iter().map(text).collect();
        assert_eq!(given[..params.len()], params[..], "{fields}");
    }
    let several = wrong(&kc, json!({"username": "a$", "email": "nowhere"})).await;
    let fields: Vec<&str> = several.iter().map(|(field, ..)| field.as_str()).collect();
    assert!(fields.contains(&"username") && fields.contains(&"email"), "{several:?}");
}

#[tokio::test]
async fn an_attribute_is_checked_by_each_of_its_validators() {
    let kc = realm(
        json!([
            {"name": "code", "validations": {"pattern": {"pattern": "[a-z]{3}-\\d+", "error-message": "bad-code"}}},
            {"name": "shade", "validations": {"options": {"options": ["dark", "light"]}}},
            {"name": "age", "validations": {"integer": {"min": "0", "max": "150"}}},
            {"name": "weight", "validations": {"double": {"min": 1}}},
            {"name": "born", "validations": {"iso-date": {}}},
            {"name": "site", "validations": {"uri": {}}},
            {"name": "nick", "validations": {"length": {"min": 2, "max": 4}}},
            {"name": "tags", "multivalued": true, "validations": {"multivalued": {"min": 1, "max": 2}}},
        ]),
        None,
    )
    .await;
    for (name, good, bad) in [
        ("code", json!(["abc-12"]), json!(["ABC-12"])),
        ("shade", json!(["dark"]), json!(["Dark"])),
        ("age", json!(["42"]), json!(["151"])),
        ("age", json!(["0"]), json!(["old"])),
        ("weight", json!(["1.5"]), json!(["0.5"])),
        ("born", json!(["2000-02-29"]), json!(["2001-02-29"])),
        ("site", json!(["https://example.org/a"]), json!(["nowhere"])),
        ("nick", json!(["abc"]), json!(["abcde"])),
        ("nick", json!(["éé"]), json!(["é"])),
        ("tags", json!(["a", "b"]), json!(["a", "b", "c"])),
        ("code", json!(["abc-1"]), json!(["abc-1", "abc-2"])),
    ] {
        let with = |value: &Value| {
            let mut attributes = json!({"tags": ["a"]});
            attributes[name] = value.clone();
            json!({"attributes": attributes})
        };
        assert_eq!(wrong(&kc, with(&good)).await, [], "{name} {good}");
        let found = wrong(&kc, with(&bad)).await;
        assert!(!found.is_empty() && found.iter().all(|(field, ..)| field == name), "{name} {bad}: {found:?}");
    }
    let code = wrong(&kc, json!({"attributes": {"code": ["x"], "tags": ["a"]}})).await;
    assert_eq!(code[0].1, "bad-code");
}

#[tokio::test]
async fn what_is_required_of_administrators_must_be_there() {
    let kc = realm(
        json!([
            {"name": "always", "required": {}},
            {"name": "of-users", "required": {"roles": ["user"]}},
            {"name": "with-scope", "required": {"scopes": ["phone"]}},
        ]),
        None,
    )
    .await;
    let missing = wrong(&kc, json!({})).await;
    let fields: Vec<(&str, &str)> = missing.iter().map(|(f, m, _)| (f.as_str(), m.as_str())).collect();
    assert_eq!(fields, [("always", "error-user-attribute-required")]);
    assert_eq!(wrong(&kc, json!({"attributes": {"always": ["  "]}})).await.len(), 1);
    assert_eq!(wrong(&kc, json!({"attributes": {"always": ["x"]}})).await, []);
}

#[tokio::test]
async fn what_an_administrator_may_not_edit_keeps_its_value() {
    let edit = json!({"view": ["admin", "user"], "edit": ["user"]});
    let kc = realm(json!([{"name": "fixed", "permissions": edit}]), None).await;
    let users = kc.realm("acme");
    let made = users.users().create(&person(json!({}))).await.unwrap();
    let error = users.users().update(made.id(), &person(json!({"attributes": {"fixed": ["x"]}}))).await.unwrap_err();
    assert_eq!((error.status(), error.message()), (400, "error-user-attribute-read-only"));
    let metadata = users.profile().metadata().await.unwrap();
    let shown = metadata.attributes.unwrap().into_iter().find(|a| a.name.as_deref() == Some("fixed")).unwrap();
    assert_eq!((shown.read_only, shown.required), (Some(true), Some(false)));
}

#[tokio::test]
async fn attributes_that_are_not_declared_are_used_as_the_policy_says() {
    for (policy, kept) in
        [(None, false), (Some("ADMIN_VIEW"), false), (Some("ADMIN_EDIT"), true), (Some("ENABLED"), true)]
    {
        let kc = realm(json!([{"name": "declared"}]), policy).await;
        let users = kc.realm("acme");
        let fields = json!({"attributes": {"declared": ["d"], "other": ["o"]}});
        let Ok(made) = users.users().create(&person(fields)).await else {
            assert_eq!(policy, Some("ADMIN_VIEW"));
            continue;
        };
        let shown = users.users().get(made.id(), &UserDetail::default()).await.unwrap().attributes.unwrap();
        assert_eq!((shown.contains_key("declared"), shown.contains_key("other")), (true, kept), "{policy:?}");
        let unmanaged = users.users().unmanaged_attributes(made.id()).await.unwrap();
        assert_eq!(unmanaged.contains_key("other"), kept, "{policy:?}");
        assert!(!unmanaged.contains_key("declared"), "{policy:?}");
    }
}

#[tokio::test]
async fn a_form_is_told_of_defaults_groups_and_validators() {
    let mut config = serde_json::to_value(acme(json!({})).await.realm("acme").profile().get().await.unwrap()).unwrap();
    config["groups"] = json!([{"name": "work", "displayHeader": "Work"}]);
    config["attributes"].as_array_mut().unwrap().push(json!({
        "name": "department", "displayName": "Department", "group": "work", "defaultValue": "it",
        "annotations": {"inputType": "select"}, "validations": {"options": {"options": ["it", "hr"]}},
        "permissions": {"view": ["admin"], "edit": ["admin"]},
    }));
    let kc = acme(json!({})).await;
    let stored = put(&kc, config.clone()).await.unwrap();
    assert_eq!(stored, kc.realm("acme").profile().get().await.unwrap());
    let metadata = kc.realm("acme").profile().metadata().await.unwrap();
    assert!(metadata.groups.unwrap().iter().any(|g| g.display_header.as_deref() == Some("Work")));
    let shown = metadata.attributes.unwrap().into_iter().find(|a| a.name.as_deref() == Some("department")).unwrap();
    assert_eq!(shown.default_value.as_deref(), Some("it"));
    assert_eq!((shown.group.as_deref(), shown.read_only, shown.multivalued), (Some("work"), Some(false), Some(false)));
    assert_eq!(shown.validators.unwrap()["options"]["options"], json!(["it", "hr"]));
}

#[tokio::test]
async fn a_profile_that_makes_no_sense_is_refused_whole() {
    let kc = acme(json!({})).await;
    let before = kc.realm("acme").profile().get().await.unwrap();
    let default = serde_json::to_value(&before).unwrap();
    let with = |attribute: Value| {
        let mut config = default.clone();
        config["attributes"].as_array_mut().unwrap().push(attribute);
        config
    };
    let mut nameless = default.clone();
    nameless["attributes"] = json!([{"name": "other"}]);
    for bad in [
        nameless,
        with(json!({"name": "username"})),
        with(json!({"displayName": "without a name"})),
        with(json!({"name": "a", "validations": {"nonsense": {}}})),
        with(json!({"name": "a", "group": "nowhere"})),
        with(json!({"name": "a", "permissions": {"view": ["somebody"], "edit": []}})),
        with(json!({"name": "a", "validations": {"pattern": {"pattern": "("}}})),
    ] {
        let error = refused(put(&kc, bad.clone()).await);
        assert_eq!(error.0, 400, "{bad}");
    }
    assert_eq!(kc.realm("acme").profile().get().await.unwrap(), before);
    kc.realm("acme").profile().update(&None).await.unwrap();
    assert_eq!(kc.realm("acme").profile().get().await.unwrap(), before);
}

#[tokio::test]
async fn those_who_see_the_realm_or_its_users_see_the_profile_and_its_managers_change_it() {
    let kc = acme(json!({"users": [
        user("realm-viewer", &["view-realm"]), user("users-viewer", &["view-users"]),
        user("users", &["manage-users"]), user("realm", &["manage-realm"]), user("nobody", &[]),
    ]}))
    .await;
    for (who, sees, changes) in [
        ("realm-viewer", true, false),
        ("users-viewer", true, false),
        ("users", true, false),
        ("realm", true, true),
        ("nobody", false, false),
    ] {
        let client = by(&kc, who);
        let realm = client.realm("acme");
        assert_eq!(realm.profile().get().await.is_ok(), sees, "{who}");
        assert_eq!(realm.profile().update(&None).await.is_ok(), changes, "{who}");
    }
}
