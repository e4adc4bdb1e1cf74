//! Users: made, found, changed and deleted; their credentials, links and consents; and who may do what with them.

use crate::{
    acme::Acme,
    admins::{acme, by, refused, user, user_id},
};
use cloakroom_api::{
    admin::{
        credentials::Credential,
        profile::UnmanagedAttributePolicy,
        query::BriefPage,
        users::{FederatedIdentity, User, UserDetail, UserQuery},
    },
    fields::Attributes,
};
use cloakroom_testkit::{START, TestServer};
use http::Method;
use serde_json::{Value, json};

fn make(fields: Value) -> User {
    serde_json::from_value(fields).unwrap()
}

#[tokio::test]
async fn administrators_who_change_one_user_at_the_same_moment_lose_nothing() {
    let kc = acme(json!({"users": [user("bob", &[])]})).await;
    let id = user_id(&kc, "bob").await;
    let bob = kc.realm("acme").users();
    for round in 0..10 {
        let first = make(json!({"firstName": format!("F{round}")}));
        let last = make(json!({"lastName": format!("L{round}")}));
        let again = || bob.update(&id, &last);
        let all = tokio::join!(bob.update(&id, &first), again(), again(), again(), again(), again(), again(), again());
        all.0.and(all.1).and(all.2).and(all.3).and(all.4).and(all.5).and(all.6).and(all.7).unwrap();
        let left = bob.get(&id, &UserDetail::default()).await.unwrap();
        assert_eq!((left.first_name, left.last_name), (first.first_name, last.last_name));
    }
}

fn query(fields: Value) -> UserQuery {
    serde_json::from_value(fields).unwrap()
}

fn password(value: &str, temporary: bool) -> Credential {
    serde_json::from_value(json!({"type": "password", "value": value, "temporary": temporary})).unwrap()
}

async fn get(kc: &TestServer, id: &str) -> User {
    kc.realm("acme").users().get(id, &UserDetail::default()).await.unwrap()
}

async fn create(kc: &TestServer, fields: Value) -> String {
    kc.realm("acme").users().create(&make(fields)).await.unwrap().id().to_owned()
}

/// The usernames that a query finds, in their order.
async fn found(kc: &TestServer, fields: Value) -> String {
    let users = kc.realm("acme").users().list(&query(fields)).await.unwrap();
    users.into_iter().filter_map(|u| u.username).collect::<Vec<_>>().join(" ")
}

/// Some users with names alike.
async fn crowd() -> TestServer {
    let person = |name: &str, first: &str, last: &str, attributes: Value| {
        json!({"username": name, "firstName": first, "lastName": last, "email": format!("{name}@example.org"),
            "enabled": name != "carl", "emailVerified": name == "bob", "attributes": attributes})
    };
    let kc = acme(json!({
        "users": [
            person("alice", "Alice", "Anders", json!({"team": ["red", "blue"], "site": ["New York"]})),
            person("alicia", "Alicia", "Brown", json!({"team": ["RED"]})),
            person("bob", "Bob", "Anders", json!({})),
            person("carl", "Carl", "100%_sure", json!({})),
        ],
    }))
    .await;
    let app = serde_json::from_value(json!({"clientId": "app", "serviceAccountsEnabled": true})).unwrap();
    kc.realm("acme").clients().create(&app).await.unwrap();
    let_any_attribute(&kc).await;
    kc
}

/// Lets users have attributes that the profile does not declare.
async fn let_any_attribute(kc: &TestServer) {
    let mut profile = kc.realm("acme").profile().get().await.unwrap();
    profile.unmanaged_attribute_policy = Some(UnmanagedAttributePolicy::Enabled);
    kc.realm("acme").profile().update(&Some(profile)).await.unwrap();
}

#[tokio::test]
async fn a_new_user_is_disabled_unless_told_and_has_its_name_and_address_in_lower_case() {
    let kc = acme(json!({})).await;
    let id = create(&kc, json!({"username": "Bob", "email": "Bob@Example.ORG", "firstName": "Bob"})).await;
    let bob = get(&kc, &id).await;
    assert_eq!((bob.username.as_deref(), bob.email.as_deref()), (Some("bob"), Some("bob@example.org")));
    assert_eq!((bob.enabled, bob.email_verified, bob.totp), (Some(false), Some(false), Some(false)));
    assert_eq!((bob.first_name.as_deref(), bob.last_name), (Some("Bob"), None));
    assert_eq!((bob.created_timestamp, bob.not_before), (Some(START), Some(0)));
    assert_eq!(bob.required_actions.as_deref(), Some(&[][..]));
    let access = bob.access.unwrap();
    assert!(["manage", "view", "mapRoles", "impersonate", "manageGroupMembership"].iter().all(|right| access[*right]));
}

#[tokio::test]
async fn a_username_and_an_address_are_unique_in_a_realm() {
    let kc = acme(json!({})).await;
    create(&kc, json!({"username": "bob", "email": "bob@example.org"})).await;
    let realm = kc.realm("acme");
    for (fields, words) in [
        (json!({"username": "bob"}), "User exists with same username"),
        (json!({"username": "BOB"}), "User exists with same username"),
        (json!({"username": "bobby", "email": "BOB@example.org"}), "User exists with same email"),
    ] {
        assert_eq!(refused(realm.users().create(&make(fields)).await), (409, words.to_owned()));
    }
    let other = create(&kc, json!({"username": "other"})).await;
    let taken = realm.users().update(&other, &make(json!({"email": "bob@example.org"}))).await;
    assert_eq!(refused(taken).0, 409);
    assert_eq!(realm.users().count(&UserQuery::default()).await.unwrap(), 2);
    kc.realm("master").users().create(&make(json!({"username": "bob", "email": "bob@example.org"}))).await.unwrap();
}

#[tokio::test]
async fn a_user_comes_with_a_password_groups_and_required_actions_or_not_at_all() {
    let kc = acme(json!({
        "passwordPolicy": "length(4) and hashAlgorithm(pbkdf2-sha256) and hashIterations(1)",
        "groups": [{"name": "staff", "subGroups": [{"name": "night"}]}],
    }))
    .await;
    let realm = kc.realm("acme");
    let fields = |password: &str, group: &str| {
        json!({"username": "eve", "enabled": true, "groups": [group], "requiredActions": ["CONFIGURE_TOTP", "NO_SUCH"],
            "credentials": [{"type": "password", "value": password, "temporary": true}]})
    };
    let weak = realm.users().create(&make(fields("pw", "/staff/night"))).await;
    assert_eq!(refused(weak).0, 400);
    let nowhere = realm.users().create(&make(fields("pass", "/nowhere"))).await;
    assert_eq!(refused(nowhere).0, 400);
    assert_eq!(realm.users().count(&UserQuery::default()).await.unwrap(), 0);

    let id = create(&kc, fields("pass", "/staff/night")).await;
    let night = realm.groups().by_path("staff/night").await.unwrap().id.unwrap();
    assert_eq!(realm.groups().members(&night, &BriefPage::default()).await.unwrap().len(), 1);
    assert_eq!(get(&kc, &id).await.required_actions.unwrap(), ["CONFIGURE_TOTP", "UPDATE_PASSWORD"]);
    let credentials = realm.user(&id).credentials().list().await.unwrap();
    assert_eq!(credentials.len(), 1);
    assert!(credentials[0].secret_data.is_none() && credentials[0].value.is_none());
}

#[tokio::test]
async fn a_search_is_for_the_beginning_of_each_word_in_any_field() {
    let kc = crowd().await;
    for (search, expected) in [
        ("ali", "alice alicia"),
        ("ALI", "alice alicia"),
        ("lice", ""),
        ("*lice*", "alice"),
        ("al*ce", "alice"),
        ("anders", "alice bob"),
        ("alice anders", "alice"),
        ("anders ali", "alice"),
        ("\"ali\"", ""),
        ("\"alice\"", "alice"),
        ("bob@", "bob"),
        ("100%", "carl"),
        ("%", ""),
        ("", "alice alicia bob carl"),
        ("*", "alice alicia bob carl"),
        ("service", ""),
    ] {
        assert_eq!(found(&kc, json!({"search": search})).await, expected, "{search}");
        let counted = kc.realm("acme").users().count(&query(json!({"search": search}))).await.unwrap();
        assert_eq!(counted, expected.split_whitespace().count() as i64, "{search}");
    }
    let alice = kc.realm("acme").users().list(&query(json!({"search": "alice"}))).await.unwrap();
    let id = alice[0].id.clone().unwrap();
    assert_eq!(found(&kc, json!({"search": format!("id:{id} none")})).await, "alice");
}

#[tokio::test]
async fn a_field_is_searched_for_a_part_of_it_or_exactly() {
    let kc = crowd().await;
    for (fields, expected) in [
        (json!({"username": "lic"}), "alice alicia"),
        (json!({"username": "LIC", "lastName": "brown"}), "alicia"),
        (json!({"username": "alice", "exact": true}), "alice"),
        (json!({"username": "alic", "exact": true}), ""),
        (json!({"username": "*"}), ""),
        (json!({"email": "example.org"}), "alice alicia bob carl"),
        (json!({"email": "BOB@example.org", "exact": true}), "bob"),
        (json!({"firstName": "ali", "lastName": "and"}), "alice"),
        (json!({"lastName": "100%_"}), "carl"),
        (json!({"lastName": "%"}), "carl"),
        (json!({"enabled": false}), "carl"),
        (json!({"emailVerified": true}), "bob"),
        (json!({"search": "bob", "username": "alice"}), "bob"),
        (json!({"username": "service-account-app", "exact": true}), "service-account-app"),
        (json!({"q": "team:red"}), "alice alicia"),
        (json!({"q": "team:blue"}), "alice"),
        (json!({"q": "site:\"new york\" team:red"}), "alice"),
        (json!({"q": "site:york"}), ""),
        (json!({"q": "nonsense"}), "alice alicia bob carl"),
        (json!({"q": "team:red", "lastName": "brown"}), "alicia"),
    ] {
        assert_eq!(found(&kc, fields.clone()).await, expected, "{fields}");
    }
}

#[tokio::test]
async fn a_list_is_paged_and_brief_if_asked() {
    let kc = crowd().await;
    for (fields, expected) in [
        (json!({"first": 1, "max": 2}), "alicia bob"),
        (json!({"max": 0}), ""),
        (json!({"max": -1}), "alice alicia bob carl"),
        (json!({"first": 3}), "carl"),
        (json!({"first": 10}), ""),
        (json!({"first": -1, "max": 1}), "alice"),
        (json!({"search": "ali", "first": 1, "max": 5}), "alicia"),
    ] {
        assert_eq!(found(&kc, fields.clone()).await, expected, "{fields}");
    }
    let realm = kc.realm("acme");
    let list = |brief: bool| query(json!({"username": "alice", "briefRepresentation": brief}));
    let (brief, full) =
        (realm.users().list(&list(true)).await.unwrap(), realm.users().list(&list(false)).await.unwrap());
    assert!(brief[0].attributes.is_none());
    assert_eq!(full[0].attributes.as_ref().map(|a| a["site"].clone()), Some(vec!["New York".to_owned()]));
    assert_eq!(brief[0].access.as_ref().map(|a| a.len()), Some(1));
    for date in ["yesterday", "2026-13-01"] {
        let odd = realm.users().list(&query(json!({"createdAfter": date}))).await;
        assert_eq!(refused(odd).0, 400, "{date}");
    }
}

#[tokio::test]
async fn an_update_keeps_what_it_does_not_name_unless_it_names_attributes() {
    let kc = acme(json!({})).await;
    let_any_attribute(&kc).await;
    let id = create(
        &kc,
        json!({"username": "ann", "email": "ann@example.org", "firstName": "Ann", "lastName": "A",
        "attributes": {"colour": ["blue"]}}),
    )
    .await;
    let users = kc.realm("acme");
    let users = users.users();
    users.update(&id, &make(json!({"enabled": true, "emailVerified": true}))).await.unwrap();
    let ann = get(&kc, &id).await;
    assert_eq!((ann.enabled, ann.email_verified, ann.first_name.as_deref()), (Some(true), Some(true), Some("Ann")));
    assert_eq!(ann.attributes.unwrap()["colour"], ["blue"]);
    let attributes = json!({"attributes": {"size": ["1", "2"]}, "email": "ann@example.org", "firstName": "Anna"});
    users.update(&id, &make(attributes)).await.unwrap();
    let ann = get(&kc, &id).await;
    assert_eq!((ann.first_name.as_deref(), ann.last_name.as_deref()), (Some("Anna"), None));
    assert_eq!(ann.attributes, Some(Attributes([("size".to_owned(), vec!["1".to_owned(), "2".to_owned()])].into())));
    let renamed = users.update(&id, &make(json!({"username": "anna"}))).await;
    assert_eq!(refused(renamed), (400, "error-user-attribute-read-only".to_owned()));
}

#[tokio::test]
async fn a_username_changes_where_the_realm_lets_it() {
    let kc = acme(json!({"editUsernameAllowed": true})).await;
    let id = create(&kc, json!({"username": "ann"})).await;
    create(&kc, json!({"username": "bob"})).await;
    let realm = kc.realm("acme");
    realm.users().update(&id, &make(json!({"username": "Anna"}))).await.unwrap();
    assert_eq!(get(&kc, &id).await.username.as_deref(), Some("anna"));
    let taken = realm.users().update(&id, &make(json!({"username": "bob"}))).await;
    assert_eq!(refused(taken).0, 409);
}

#[tokio::test]
async fn a_password_is_set_checked_against_the_policy_and_used_at_once() {
    let acme = Acme::start(json!({"passwordPolicy":
        "length(3) and notUsername and passwordHistory(2) and hashAlgorithm(pbkdf2-sha256) and hashIterations(1)"}))
    .await;
    let id = acme.id("/users?username=alice").await;
    let realm = acme.kc.realm("acme");
    let credentials = realm.user(&id);
    let credentials = credentials.credentials();
    for (bad, words) in [("ab", "invalidPasswordMinLengthMessage"), ("alice", "invalidPasswordNotUsernameMessage")] {
        let error = credentials.reset_password(&password(bad, false)).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (400, Some(words)), "{bad}");
    }
    assert_eq!(refused(credentials.reset_password(&password(" ", false)).await).0, 400);
    let none = credentials.reset_password(&Credential::default()).await;
    assert_eq!(refused(none), (400, "No password provided".to_owned()));

    credentials.reset_password(&password("first", false)).await.unwrap();
    let login = |password: &'static str| {
        let form = [("grant_type", "password"), ("username", "alice"), ("password", password)];
        let acme = &acme;
        async move { acme.post_as("app", "token", &form).await.status.as_u16() }
    };
    assert_eq!((login("first").await, login("pw").await), (200, 400));
    credentials.reset_password(&password("second", false)).await.unwrap();
    let again = credentials.reset_password(&password("first", false)).await.unwrap_err();
    assert_eq!(again.code(), Some("invalidPasswordHistoryMessage"));
    credentials.reset_password(&password("third", true)).await.unwrap();
    assert_eq!(login("third").await, 400, "it must be changed first");
    assert_eq!(get(&acme.kc, &id).await.required_actions.unwrap(), ["UPDATE_PASSWORD"]);
    assert_eq!(credentials.list().await.unwrap().len(), 1, "the history is nobody's to see");
}

#[tokio::test]
async fn credentials_are_named_ordered_and_deleted() {
    let otp = |id: &str| {
        json!({"id": id, "type": "otp", "secretData": "{\"value\":\"s\"}",
            "credentialData": "{\"subType\":\"totp\",\"digits\":6,\"period\":30,\"algorithm\":\"HmacSHA1\"}"})
    };
    let mut person = user("alice", &[]);
    person["id"] = "alice-id".into();
    person["credentials"] = json!([{"id": "pw", "type": "password", "value": "pw"}, otp("phone"), otp("tablet")]);
    let kc = acme(json!({"users": [person, user("bob", &[])]})).await;
    let realm = kc.realm("acme");
    let alice = realm.user("alice-id");
    let credentials = alice.credentials();
    let order = || async {
        let list = credentials.list().await.unwrap();
        list.into_iter().filter_map(|c| c.user_label.or(c.r#type)).collect::<Vec<_>>().join(" ")
    };
    credentials.set_label("phone", "Phone").await.unwrap();
    let taken = credentials.set_label("tablet", "Phone").await.unwrap_err();
    assert_eq!((taken.status(), taken.message()), (409, "Device already exists with the same name"));
    credentials.set_label("tablet", "Tablet").await.unwrap();
    assert_eq!(order().await, "password Phone Tablet");
    credentials.move_to_first("tablet").await.unwrap();
    assert_eq!(order().await, "Tablet password Phone");
    credentials.move_after("tablet", "phone").await.unwrap();
    assert_eq!(order().await, "password Phone Tablet");
    assert_eq!(get(&kc, "alice-id").await.totp, Some(true));

    credentials.delete("phone").await.unwrap();
    assert_eq!(refused(credentials.delete("phone").await), (404, "Credential not found".to_owned()));
    let list = realm.users().list(&query(json!({"username": "bob"}))).await.unwrap();
    let bob = realm.user(list[0].id.as_deref().unwrap());
    assert!(bob.credentials().delete("tablet").await.unwrap_err().is_not_found(), "it is somebody else's");
    assert_eq!(order().await, "password Tablet");
}

#[tokio::test]
async fn with_a_user_goes_all_that_is_theirs() {
    let acme = Acme::start(json!({})).await;
    let id = acme.id("/users?username=alice").await;
    let tokens = acme.login("openid").await;
    let realm = acme.kc.realm("acme");
    realm.users().delete(&id).await.unwrap();
    assert_eq!(refused(realm.users().delete(&id).await), (404, "User not found".to_owned()));
    assert_eq!(acme.userinfo(tokens.text("access_token")).await.status, 401);
    assert_eq!(acme.refresh(tokens.text("refresh_token")).await.status, 400);
    assert!(!acme.is_active(tokens.text("access_token")).await);
    acme.kc.realm("acme").users().create(&make(json!({"username": "alice"}))).await.unwrap();
}

#[tokio::test]
async fn an_account_at_a_provider_is_linked_once() {
    let kc = acme(json!({})).await;
    let id = create(&kc, json!({"username": "ray"})).await;
    let realm = kc.realm("acme");
    let at = |user: &str| FederatedIdentity {
        user_id: Some(user.to_owned()),
        user_name: Some(format!("{user} there")),
        ..FederatedIdentity::default()
    };
    realm.users().link(&id, "hub", &at("h-1")).await.unwrap();
    let again = realm.users().link(&id, "hub", &at("h-2")).await;
    assert_eq!(refused(again), (409, "User is already linked with provider".to_owned()));
    let links = realm.users().federated_identities(&id).await.unwrap();
    assert_eq!(links.len(), 1);
    assert_eq!((links[0].user_id.as_deref(), links[0].user_name.as_deref()), (Some("h-1"), Some("h-1 there")));
    assert_eq!(found(&kc, json!({"idpAlias": "hub", "idpUserId": "h-1"})).await, "ray");
    assert_eq!(found(&kc, json!({"idpAlias": "hub", "idpUserId": "h-2"})).await, "");
    realm.users().unlink(&id, "hub").await.unwrap();
    assert_eq!(refused(realm.users().unlink(&id, "hub").await), (404, "Link not found".to_owned()));
}

#[tokio::test]
async fn a_consent_is_listed_and_revoked_with_offline_access() {
    let acme = Acme::start(json!({})).await;
    let id = acme.id("/users?username=alice").await;
    let realm = acme.kc.realm("acme");
    assert!(realm.users().consents(&id).await.unwrap().is_empty());
    let nothing = realm.users().revoke_consent(&id, "app").await;
    assert_eq!(refused(nothing), (404, "Consent nor offline token not found".to_owned()));
    let tokens = acme.login("openid offline_access").await;
    let consents = realm.users().consents(&id).await.unwrap();
    assert_eq!(consents[0].client_id.as_deref(), Some("app"));
    assert_eq!(consents[0].additional_grants.as_ref().unwrap()[0].key.as_deref(), Some("Offline Token"));
    realm.users().revoke_consent(&id, "app").await.unwrap();
    assert_eq!(acme.refresh(tokens.text("refresh_token")).await.status, 400);
    assert_eq!(refused(realm.users().revoke_consent(&id, "none").await), (404, "Client not found".to_owned()));
}

#[tokio::test]
async fn a_logout_by_an_administrator_ends_every_session() {
    let acme = Acme::start(json!({})).await;
    let id = acme.id("/users?username=alice").await;
    let (one, two) = (acme.login("openid").await, acme.login("openid").await);
    let realm = acme.kc.realm("acme");
    assert_eq!(realm.users().sessions(&id).await.unwrap().len(), 2);
    acme.admin(Method::POST, &format!("/users/{id}/logout"), json!(null)).await;
    assert!(realm.users().sessions(&id).await.unwrap().is_empty());
    for tokens in [one, two] {
        assert_eq!(acme.refresh(tokens.text("refresh_token")).await.status, 400);
    }
}

#[tokio::test]
async fn viewers_see_seekers_see_nothing_and_managers_change() {
    let names = ["viewer", "seeker", "manager", "settings", "nobody"];
    let roles = ["view-users", "query-users", "manage-users", "manage-realm", ""];
    let mut users: Vec<Value> = names
        .iter()
        .zip(roles)
        .map(|(n, r)| user(n, if r.is_empty() { &[] } else { std::slice::from_ref(&r) }))
        .collect();
    let mut target = user("target", &[]);
    target["id"] = "target".into();
    users.push(target);
    let kc = acme(json!({"users": users})).await;
    let forbidden = (403, "HTTP 403 Forbidden".to_owned());
    for (who, seeks, sees, changes) in [
        ("viewer", true, true, false),
        ("seeker", true, false, false),
        ("manager", true, true, true),
        ("settings", false, false, false),
        ("nobody", false, false, false),
    ] {
        let client = by(&kc, who);
        let realm = client.realm("acme");
        let all = realm.users();
        match all.list(&UserQuery::default()).await {
            Ok(list) => assert_eq!((seeks, list.len()), (true, if sees { 6 } else { 0 }), "{who}"),
            error => assert_eq!((seeks, refused(error)), (false, forbidden.clone()), "{who}"),
        }
        match all.count(&UserQuery::default()).await {
            Ok(count) => assert_eq!((seeks, count), (true, if sees { 6 } else { 0 }), "{who}"),
            error => assert_eq!((seeks, refused(error)), (false, forbidden.clone()), "{who}"),
        }
        let one = all.get("target", &UserDetail::default()).await;
        assert_eq!(one.is_ok(), sees, "{who}");
        if let Ok(one) = one {
            assert_eq!(one.access.unwrap()["manage"], changes, "{who}");
        }
        // of ids that are not there only those learn who may look for users
        let unknown = refused(all.get("none", &UserDetail::default()).await);
        assert_eq!(unknown.0, if seeks { 404 } else { 403 }, "{who}");
        let credentials = realm.user("target");
        assert_eq!(credentials.credentials().list().await.is_ok(), sees, "{who}");
        assert_eq!(all.consents("target").await.is_ok(), sees, "{who}");
        assert_eq!(all.federated_identities("target").await.is_ok(), sees, "{who}");
        let reset = credentials.credentials().reset_password(&password("new", false)).await;
        assert_eq!(reset.is_ok(), changes, "{who}");
        assert_eq!(all.update("target", &make(json!({"enabled": true}))).await.is_ok(), changes, "{who}");
        assert_eq!(all.create(&make(json!({"username": format!("by-{who}")}))).await.is_ok(), changes, "{who}");
        if changes {
            let made = realm.users().list(&query(json!({"username": format!("by-{who}")}))).await.unwrap();
            all.delete(made[0].id.as_deref().unwrap()).await.unwrap();
        } else {
            assert_eq!(refused(all.delete("target").await), forbidden, "{who}");
        }
    }
}
