//! The few calls of a real Keycloak's Admin API that this needs.

use serde_json::{Value, json};

/// A realm of a running Keycloak, as its administrator.
pub(crate) struct Keycloak {
    http: reqwest::Client,
    url: String,
    realm: String,
    token: String,
}

impl Keycloak {
    /// Makes the realm.
    pub(crate) async fn start(url: &str, realm: &str) -> Self {
        let url = url.trim_end_matches('/').to_owned();
        let mut keycloak = Self { http: reqwest::Client::new(), url, realm: realm.to_owned(), token: String::new() };
        keycloak.login().await;
        let url = format!("{}/admin/realms", keycloak.url);
        let made = keycloak.http.post(url).bearer_auth(&keycloak.token);
        let made = made.json(&json!({ "realm": realm, "enabled": true })).send().await.unwrap();
        assert!(made.status().is_success(), "{}", made.status());
        keycloak
    }

    async fn login(&mut self) {
        let form =
            [("grant_type", "password"), ("client_id", "admin-cli"), ("username", "admin"), ("password", "admin")];
        let url = format!("{}/realms/master/protocol/openid-connect/token", self.url);
        let answer: Value = self.http.post(url).form(&form).send().await.unwrap().json().await.unwrap();
        self.token = answer["access_token"].as_str().unwrap().to_owned();
    }

    /// Creates something, and returns the id that the answer names.
    pub(crate) async fn create(&mut self, path: &str, body: &Value) -> String {
        self.login().await; // tokens live a minute
        let url = format!("{}/admin/realms/{}{path}", self.url, self.realm);
        let answer = self.http.post(url).bearer_auth(&self.token).json(body).send().await.unwrap();
        let status = answer.status();
        let location = answer.headers().get("location").map(|location| location.to_str().unwrap().to_owned());
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "POST {path}: {status} {text}\n{body}");
        let id = || serde_json::from_str::<Value>(&text).ok()?["id"].as_str().map(str::to_owned);
        location.and_then(|at| at.rsplit('/').next().map(str::to_owned)).or_else(id).unwrap_or_default()
    }

    pub(crate) async fn put(&self, path: &str) {
        let url = format!("{}/admin/realms/{}{path}", self.url, self.realm);
        let answer = self.http.put(url).bearer_auth(&self.token).json(&json!({})).send().await.unwrap();
        assert!(answer.status().is_success(), "PUT {path}: {}", answer.status());
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let url = format!("{}/admin/realms/{}{path}", self.url, self.realm);
        self.http.get(url).bearer_auth(&self.token).send().await.unwrap().json().await.unwrap()
    }

    pub(crate) async fn evaluate(&self, client: &str, body: &Value) -> Value {
        let path = format!("/clients/{client}/authz/resource-server/policy/evaluate");
        let url = format!("{}/admin/realms/{}{path}", self.url, self.realm);
        let answer = self.http.post(url).bearer_auth(&self.token).json(body).send().await.unwrap();
        assert!(answer.status().is_success(), "{} for {body}", answer.status());
        answer.json().await.unwrap()
    }

    pub(crate) async fn drop_client(&self, client: &str) {
        self.delete(&format!("/clients/{client}")).await;
    }

    /// Removes the realm.
    pub(crate) async fn stop(mut self) {
        self.login().await;
        self.delete("").await;
    }

    async fn delete(&self, path: &str) {
        let url = format!("{}/admin/realms/{}{path}", self.url, self.realm);
        self.http.delete(url).bearer_auth(&self.token).send().await.unwrap();
    }
}
