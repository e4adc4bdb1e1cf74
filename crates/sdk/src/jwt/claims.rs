//! What Keycloak's tokens say: who, with which roles and scopes, permitted to do what.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cloakroom_api::admin::authz::Permission;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The claims of Keycloak's access and ID tokens. What is not named here stands in `other`.
///
/// ```
/// use cloakroom::{OidcClient, Result, jwt::TokenClaims};
///
/// async fn may_print(api: &OidcClient, token: &str) -> Result<bool> {
///     let claims: TokenClaims = api.verifier().audience("printer").verify(token).await?;
///     Ok(claims.has_role("staff") && claims.has_client_role("printer", "operator") && claims.has_scope("print"))
/// }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenClaims {
    /// The user's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The session's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// The client that the token was issued to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub azp: Option<String>,
    /// `Bearer`, `ID`, `Refresh`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typ: Option<String>,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// When the user logged in: seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// How the user logged in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// Separated by spaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// The realm's roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub realm_access: Option<Roles>,
    /// Roles of clients, by `clientId`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub resource_access: BTreeMap<String, Roles>,
    /// What a requesting party token permits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization: Option<Authorization>,
    /// All other claims, `aud` among them.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A list of roles.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Roles {
    /// Their names.
    pub roles: Vec<String>,
}

/// What a requesting party token permits.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Authorization {
    /// One entry a resource.
    pub permissions: Vec<Permission>,
}

impl TokenClaims {
    /// The realm's roles of the user.
    pub fn roles(&self) -> &[String] {
        self.realm_access.as_ref().map_or(&[], |access| &access.roles)
    }

    /// The roles of the user at one client.
    pub fn client_roles(&self, client_id: &str) -> &[String] {
        self.resource_access.get(client_id).map_or(&[], |access| &access.roles)
    }

    /// Whether the user has a role of the realm.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles().iter().any(|r| r == role)
    }

    /// Whether the user has a role of a client.
    pub fn has_client_role(&self, client_id: &str, role: &str) -> bool {
        self.client_roles(client_id).iter().any(|r| r == role)
    }

    /// The scopes of the token.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.as_deref().unwrap_or_default().split_ascii_whitespace()
    }

    /// Whether the token has a scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes().any(|s| s == scope)
    }

    /// Whom the token is for.
    pub fn audiences(&self) -> impl Iterator<Item = &str> {
        let one = self.other.get("aud").and_then(Value::as_str);
        let many = self.other.get("aud").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        one.into_iter().chain(many)
    }

    /// What a requesting party token permits.
    pub fn permissions(&self) -> &[Permission] {
        self.authorization.as_ref().map_or(&[], |authorization| &authorization.permissions)
    }

    /// Whether a requesting party token permits something: a resource by name or id, and one of its scopes if one is asked
    /// for.
    pub fn permits(&self, resource: &str, scope: Option<&str>) -> bool {
        let is_it = |p: &&Permission| [&p.rsname, &p.rsid].into_iter().any(|name| name.as_deref() == Some(resource));
        let has_scope =
            |p: &Permission| scope.is_none_or(|scope| p.scopes.iter().flatten().any(|granted| granted == scope));
        self.permissions().iter().filter(is_it).any(has_scope)
    }

    /// How long the token is good for yet: zero where it has expired, `None` where it does not say.
    pub fn expires_in(&self, now: SystemTime) -> Option<Duration> {
        let exp = u64::try_from(self.exp?).ok()?;
        let until = UNIX_EPOCH.checked_add(Duration::from_secs(exp))?;
        Some(until.duration_since(now).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claims() -> TokenClaims {
        serde_json::from_value(json!({
            "sub": "7", "aud": ["a", "b"], "exp": 1000, "scope": "openid print",
            "realm_access": { "roles": ["staff"] }, "resource_access": { "printer": { "roles": ["operator"] } },
            "authorization": { "permissions": [{ "rsid": "1", "rsname": "Album", "scopes": ["read"] }, { "rsid": "2" }] },
            "custom": { "x": 1 }
        }))
        .unwrap()
    }

    #[test]
    fn roles_scopes_and_permissions_are_found() {
        let claims = claims();
        assert!(claims.has_role("staff") && !claims.has_role("operator"));
        assert!(claims.has_client_role("printer", "operator") && claims.client_roles("other").is_empty());
        assert!(claims.has_scope("print") && !claims.has_scope("pri"));
        assert!(claims.permits("Album", Some("read")) && claims.permits("1", None) && claims.permits("2", None));
        assert!(!claims.permits("Album", Some("write")) && !claims.permits("2", Some("read")));
        assert_eq!(claims.audiences().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(claims.other["custom"]["x"], 1);
    }

    #[test]
    fn the_rest_of_a_tokens_life_is_told() {
        let at = |seconds| claims().expires_in(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!((at(990), at(1001)), (Some(Duration::from_secs(10)), Some(Duration::ZERO)));
        assert_eq!(TokenClaims::default().expires_in(UNIX_EPOCH), None);
    }
}
