//! A realm to log in to.

use crate::browser::{Browser, Page};
use axum::Router;
use cloakroom_api::admin::{clients::Client, realms::Realm};
use cloakroom_server::{
    App,
    config::{Command, Config, Sources},
};
use cloakroom_store::{
    Store, clients,
    components::{self, ComponentRow},
    credentials,
    realms::{self, RealmRow},
    users::{self, UserRow},
};
use http::StatusCode;
use serde_json::json;
use std::{collections::BTreeMap, io, path::Path, sync::Arc};

pub(crate) const CB: &str = "http://localhost/cb";

/// A realm `acme` with the client `app` and the user `alice`, whose password is `pw`.
pub(crate) struct Site {
    pub(crate) app: Arc<App>,
    router: Router,
}

impl Site {
    pub(crate) fn start(change: serde_json::Value) -> Site {
        let open = |_: &Path| Err(io::Error::from(io::ErrorKind::NotFound));
        let config =
            Config::from(Command::StartDev, &Sources { args: &[], env: &BTreeMap::new(), read: &open }).unwrap();
        let store = Store::memory().unwrap();
        let app = Arc::new(App::new(store, config));
        let mut settings = json!({
            "realm": "acme", "enabled": true, "loginWithEmailAllowed": true, "browserFlow": "browser",
            "defaultSignatureAlgorithm": "HS512", "ssoSessionIdleTimeout": 1800, "ssoSessionMaxLifespan": 36000,
            "passwordPolicy": "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)",
            "browserSecurityHeaders": {"xFrameOptions": "SAMEORIGIN", "contentSecurityPolicy": "frame-ancestors 'self'"},
            "requiredActions": [
                {"alias": "UPDATE_PASSWORD", "enabled": true, "priority": 30},
                {"alias": "TERMS_AND_CONDITIONS", "enabled": true, "priority": 20},
                {"alias": "UPDATE_PROFILE", "enabled": true, "priority": 40},
                {"alias": "VERIFY_PROFILE", "enabled": true, "priority": 90},
                {"alias": "CONFIGURE_TOTP", "enabled": true, "priority": 10},
            ],
            "authenticationFlows": [
                {"alias": "browser", "authenticationExecutions": [
                    {"authenticator": "auth-cookie", "requirement": "ALTERNATIVE", "priority": 10},
                    {"flowAlias": "forms", "requirement": "ALTERNATIVE", "priority": 30}]},
                {"alias": "forms", "authenticationExecutions": [
                    {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 10}]},
                {"alias": "two factors", "authenticationExecutions": [
                    {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 10},
                    {"flowAlias": "second", "requirement": "CONDITIONAL", "priority": 20}]},
                {"alias": "second", "authenticationExecutions": [
                    {"authenticator": "conditional-user-configured", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "auth-otp-form", "requirement": "REQUIRED", "priority": 20}]},
                {"alias": "two pages", "authenticationExecutions": [
                    {"authenticator": "auth-username-form", "requirement": "REQUIRED", "priority": 10},
                    {"authenticator": "auth-password-form", "requirement": "REQUIRED", "priority": 20}]},
                {"alias": "closed", "authenticationExecutions": [
                    {"authenticator": "deny-access-authenticator", "requirement": "REQUIRED", "priority": 10}]},
                {"alias": "odd", "authenticationExecutions": [
                    {"authenticator": "some-extension", "requirement": "REQUIRED", "priority": 10}]},
            ],
        });
        settings.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let settings: Realm = serde_json::from_value(settings).unwrap();
        let mut work = app.store.work();
        let db = work.write().unwrap();
        realms::insert(db, &RealmRow { id: "r".into(), name: "acme".into(), settings, default_role: None }).unwrap();
        let hs512 = ComponentRow {
            id: "k".into(),
            parent: Some("r".into()),
            name: Some("hmac".into()),
            provider_type: Some("org.keycloak.keys.KeyProvider".into()),
            provider: Some("hmac-generated".into()),
            sub_type: None,
            config: [
                ("secret", ["c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC1zZWNyZXQ"]),
                ("algorithm", ["HS512"]),
            ]
            .into(),
        };
        components::insert(db, "r", &hs512, 0).unwrap();
        for (id, more) in [("app", json!({})), ("two", json!({})), ("off", json!({"enabled": false}))] {
            let mut client = json!({"id": id, "clientId": id, "enabled": true, "standardFlowEnabled": true, "redirectUris": ["http://localhost/*"], "baseUrl": "http://localhost/home"});
            client.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            clients::insert(db, "r", &serde_json::from_value::<Client>(client).unwrap()).unwrap();
        }
        for name in ["alice", "bob"] {
            let user = UserRow {
                id: name.into(),
                username: name.into(),
                email: Some(format!("{name}@example.org")),
                first_name: Some("F".into()),
                last_name: Some("L".into()),
                enabled: true,
                ..UserRow::default()
            };
            users::insert(db, "r", &user, false).unwrap();
        }
        work.commit().unwrap();
        let router = cloakroom_server::routes().into_router(app.clone());
        let site = Site { app, router };
        for name in ["alice", "bob"] {
            site.password(name, "pw");
        }
        site
    }

    pub(crate) fn password(&self, user: &str, password: &str) {
        // what a PBKDF2 hash with one iteration looks like in Keycloak's store
        let mut value = [0; 64];
        let one = std::num::NonZeroU32::MIN;
        aws_lc_rs::pbkdf2::derive(aws_lc_rs::pbkdf2::PBKDF2_HMAC_SHA256, one, b"salt", password.as_bytes(), &mut value);
        let secret =
            json!({"value": data_encoding::BASE64.encode(&value), "salt": data_encoding::BASE64.encode(b"salt")});
        let row = credentials::CredentialRow {
            id: format!("c-{user}"),
            kind: "password".into(),
            label: None,
            created: Some(0),
            secret_data: secret.to_string().into(),
            credential_data: json!({"algorithm": "pbkdf2-sha256", "hashIterations": 1}).to_string(),
        };
        let mut work = self.app.store.work();
        credentials::insert(work.write().unwrap(), user, &row).unwrap();
        work.commit().unwrap();
    }

    pub(crate) fn user(&self, name: &str, change: impl FnOnce(&mut UserRow)) {
        let mut work = self.app.store.work();
        let db = work.write().unwrap();
        let mut user = users::by_id(db, "r", name).unwrap().unwrap();
        change(&mut user);
        users::update(db, "r", &mut user, false).unwrap();
        work.commit().unwrap();
    }

    pub(crate) fn client(&self, id: &str, change: serde_json::Value) {
        let mut work = self.app.store.work();
        let db = work.write().unwrap();
        let client = clients::by_id(db, "r", id).unwrap().unwrap();
        let mut client = serde_json::to_value(client).unwrap();
        client.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        clients::update(db, "r", &serde_json::from_value(client).unwrap()).unwrap();
        work.commit().unwrap();
    }

    /// Gives the realm this user profile.
    pub(crate) fn profile(&self, profile: serde_json::Value) {
        let row = ComponentRow {
            id: "p".into(),
            parent: Some("r".into()),
            name: None,
            provider_type: Some("org.keycloak.userprofile.UserProfileProvider".into()),
            provider: Some("declarative-user-profile".into()),
            sub_type: None,
            config: [("kc.user.profile.config", [profile.to_string()])].into(),
        };
        let mut work = self.app.store.work();
        components::insert(work.write().unwrap(), "r", &row, 1).unwrap();
        work.commit().unwrap();
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }
}

pub(crate) fn auth(more: &str) -> String {
    format!(
        "/realms/acme/protocol/openid-connect/auth?client_id=app&redirect_uri=http%3A%2F%2Flocalhost%2Fcb&response_type=code&scope=openid&state=st{more}"
    )
}

/// Logs in with the usual form.
pub(crate) async fn log_in(browser: &mut Browser, name: &str, password: &str) -> Page {
    let page = browser.get(&auth("")).await;
    browser.submit(&page, &[("username", name), ("password", password)]).await
}

#[track_caller]
pub(crate) fn code(page: &Page) -> String {
    assert_eq!(page.status, StatusCode::FOUND, "{}", page.html);
    page.parameter("code").unwrap_or_else(|| panic!("no code: {:?}", page.location()))
}

/// The six digits of a secret at a time.
pub(crate) fn one_time_code(secret: &str, seconds: i64) -> String {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes());
    let mac = aws_lc_rs::hmac::sign(&key, &(seconds / 30).to_be_bytes());
    let at = usize::from(mac.as_ref()[19] & 15);
    let word = u32::from_be_bytes(mac.as_ref()[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}
