//! A realm `acme` to administrate, and logins of its administrators.

use cloakroom::{Client, ClientAuth, Login};
use cloakroom_api::admin::users::UserQuery;
use cloakroom_testkit::TestServer;
use serde_json::{Value, json};

/// A server with the realm `acme`, which is imported with these parts besides.
pub(crate) async fn acme(parts: Value) -> TestServer {
    let kc = TestServer::start().await;
    let mut realm = json!({
        "realm": "acme", "enabled": true,
        "passwordPolicy": "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)",
    });
    let Value::Object(parts) = parts else { panic!("the parts of a realm are an object") };
    realm.as_object_mut().unwrap().extend(parts);
    kc.realms().create(&serde_json::from_value(realm).unwrap()).await.unwrap();
    kc
}

/// A user for [`acme`] with these roles of the realm's administration; the password is `pw`.
pub(crate) fn user(name: &str, roles: &[&str]) -> Value {
    json!({
        "username": name, "enabled": true, "email": format!("{name}@example.org"), "firstName": "F", "lastName": "L",
        "credentials": [{"type": "password", "value": "pw"}],
        "clientRoles": {"realm-management": roles},
    })
}

/// The client of a user of [`acme`].
pub(crate) fn by(kc: &TestServer, user: &str) -> Client {
    kc.login(Login::password(user, "pw").realm("acme").client("admin-cli", ClientAuth::none()))
}

/// The id of a user of [`acme`].
pub(crate) async fn user_id(kc: &TestServer, name: &str) -> String {
    let query = UserQuery { username: Some(name.to_owned()), exact: Some(true), ..UserQuery::default() };
    kc.realm("acme").users().list(&query).await.unwrap().remove(0).id.unwrap()
}

/// What a refused call says: its status and its words.
pub(crate) fn refused<T: std::fmt::Debug>(result: cloakroom::Result<T>) -> (u16, String) {
    let error = result.unwrap_err();
    (error.status(), error.message().to_owned())
}
