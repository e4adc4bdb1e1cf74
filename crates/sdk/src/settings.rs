//! Settings from outside: the environment, or profiles in a file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::config::ClientBuilder;
use crate::error::{Error, Result};
use crate::login::Login;
use crate::oidc::ClientAuth;
use cloakroom_api::fields::Secret;

/// Where a server is and who logs in, as the environment or a file says it.
///
/// ```no_run
/// use cloakroom::Settings;
///
/// # async fn run() -> cloakroom::Result<()> {
/// let settings = Settings::from_env()?; // KEYCLOAK_URL, KEYCLOAK_REALM, KEYCLOAK_CLIENT_ID, …
/// let kc = settings.builder()?.build()?;
/// let users = kc.realm(settings.realm()).users().list(&Default::default()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    /// `KEYCLOAK_URL`: the server's address.
    pub url: Option<String>,
    /// `KEYCLOAK_MANAGEMENT_URL`: its management interface.
    pub management_url: Option<String>,
    /// `KEYCLOAK_REALM`: the realm to work with.
    pub realm: Option<String>,
    /// `KEYCLOAK_AUTH_REALM`: the realm to log in to. Default: `realm`, then `master`.
    pub auth_realm: Option<String>,
    /// `KEYCLOAK_CLIENT_ID`: the client to log in as.
    pub client_id: Option<String>,
    /// `KEYCLOAK_CLIENT_SECRET`: its secret.
    pub client_secret: Option<Secret>,
    /// `KEYCLOAK_USERNAME`: the user to log in, in place of the client's service account.
    pub username: Option<String>,
    /// `KEYCLOAK_PASSWORD`: the user's password.
    pub password: Option<Secret>,
    /// `CF_ACCESS_CLIENT_ID`: a service token of Cloudflare Access.
    pub cf_access_client_id: Option<String>,
    /// `CF_ACCESS_CLIENT_SECRET`: its secret.
    pub cf_access_client_secret: Option<Secret>,
}

impl Settings {
    /// Reads the environment. With `KEYCLOAK_ENV_PREFIX` set, a name with that prefix (`STAGING_KEYCLOAK_URL` for
    /// `STAGING` or `STAGING_`) goes before the one without. An empty variable is as an absent one.
    ///
    /// Errors: [`Error::Config`] for a variable that is not Unicode.
    pub fn from_env() -> Result<Self> {
        let mut unreadable = None;
        let settings = Self::from_vars(|name| match std::env::var(name) {
            Ok(value) => Some(value),
            Err(std::env::VarError::NotPresent) => None,
            Err(std::env::VarError::NotUnicode(_)) => {
                unreadable = Some(name.to_owned());
                None
            }
        });
        match unreadable {
            Some(name) => Err(Error::Config(format!("the environment variable {name} is not Unicode"))),
            None => Ok(settings),
        }
    }

    /// The same from variables that are kept elsewhere.
    pub fn from_vars(mut get: impl FnMut(&str) -> Option<String>) -> Self {
        let mut filled = |name: &str| get(name).filter(|value| !value.is_empty());
        let mut prefix = filled("KEYCLOAK_ENV_PREFIX").unwrap_or_default();
        if !prefix.is_empty() && !prefix.ends_with('_') {
            prefix.push('_');
        }
        let mut var = |name: &str| {
            let prefixed = if prefix.is_empty() { None } else { filled(&format!("{prefix}{name}")) };
            prefixed.or_else(|| filled(name))
        };
        Settings {
            url: var("KEYCLOAK_URL"),
            management_url: var("KEYCLOAK_MANAGEMENT_URL"),
            realm: var("KEYCLOAK_REALM"),
            auth_realm: var("KEYCLOAK_AUTH_REALM"),
            client_id: var("KEYCLOAK_CLIENT_ID"),
            client_secret: var("KEYCLOAK_CLIENT_SECRET").map(Secret::from),
            username: var("KEYCLOAK_USERNAME"),
            password: var("KEYCLOAK_PASSWORD").map(Secret::from),
            cf_access_client_id: var("CF_ACCESS_CLIENT_ID"),
            cf_access_client_secret: var("CF_ACCESS_CLIENT_SECRET").map(Secret::from),
        }
    }

    /// Reads one of several profiles, by its name, from JSON: `{"production": {"url": "https://…", "client-id": "robot"}}`.
    /// The fields are those of this type, in kebab case; they can be read from other formats by `serde`.
    ///
    /// Errors: [`Error::Config`] for text that is not profiles, and a name that is none of them.
    pub fn from_profile(json: &str, name: &str) -> Result<Self> {
        let profiles: BTreeMap<String, Settings> =
            serde_json::from_str(json).map_err(|e| Error::Config(format!("the profiles cannot be read: {e}")))?;
        let names = profiles.keys().cloned().collect::<Vec<_>>().join(", ");
        let unknown = || Error::Config(format!("there is no profile \"{name}\", but {names}"));
        profiles.get(name).cloned().ok_or_else(unknown)
    }

    /// The realm to work with. Default: `master`.
    pub fn realm(&self) -> &str {
        self.realm.as_deref().unwrap_or("master")
    }

    /// The beginning of a client: address, login and headers. The login is the user's where there is one, else the client's
    /// service account, else none.
    ///
    /// Errors: [`Error::Config`] without an address, and for a user without a password.
    pub fn builder(&self) -> Result<ClientBuilder> {
        let url = self.url.as_deref().ok_or_else(|| Error::Config("KEYCLOAK_URL is not set".to_owned()))?;
        let mut builder = ClientBuilder::new(url);
        if let Some(login) = self.login()? {
            builder = builder.login(login);
        }
        match (&self.cf_access_client_id, &self.cf_access_client_secret) {
            (Some(id), Some(secret)) => builder.cloudflare_access(id, secret.clone()),
            _ => Ok(builder),
        }
    }

    fn login(&self) -> Result<Option<Login>> {
        let auth = self.client_secret.clone().map_or_else(ClientAuth::none, ClientAuth::basic);
        let realm = self.auth_realm.as_deref().or(self.realm.as_deref()).unwrap_or("master");
        let login = match (&self.username, &self.client_id) {
            (Some(username), client) => {
                let missing = || Error::Config("KEYCLOAK_PASSWORD is not set".to_owned());
                let login = Login::password(username, self.password.clone().ok_or_else(missing)?);
                client.iter().fold(login, |login, id| login.client(id, auth.clone()))
            }
            (None, Some(id)) => Login::client_credentials(id, auth),
            (None, None) => return Ok(None),
        };
        Ok(Some(login.realm(realm)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(vars: &[(&str, &str)]) -> Settings {
        Settings::from_vars(|name| vars.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn a_prefixed_name_goes_before_the_plain_one() {
        let settings = read(&[
            ("KEYCLOAK_ENV_PREFIX", "STAGING"),
            ("KEYCLOAK_URL", "https://plain"),
            ("STAGING_KEYCLOAK_URL", "https://staging"),
            ("KEYCLOAK_REALM", "acme"),
            ("STAGING_KEYCLOAK_REALM", ""),
        ]);
        assert_eq!((settings.url.as_deref(), settings.realm()), (Some("https://staging"), "acme"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let e = read(&[]).builder().unwrap_err().to_string();
        assert!(e.contains("KEYCLOAK_URL"), "{e}");
        let e = read(&[("KEYCLOAK_URL", "https://x"), ("KEYCLOAK_USERNAME", "u")]).builder().unwrap_err().to_string();
        assert!(e.contains("KEYCLOAK_PASSWORD"), "{e}");
    }

    #[test]
    fn who_logs_in_where() {
        let base = [("KEYCLOAK_URL", "https://x"), ("KEYCLOAK_CLIENT_ID", "robot"), ("KEYCLOAK_CLIENT_SECRET", "s")];
        let login = |more: &[(&str, &str)]| format!("{:?}", read(&[&base, more].concat()).login().unwrap().unwrap());
        assert!(login(&[]).contains("\"master\""));
        assert!(login(&[("KEYCLOAK_REALM", "acme")]).contains("\"acme\""));
        assert!(login(&[("KEYCLOAK_REALM", "acme"), ("KEYCLOAK_AUTH_REALM", "ops")]).contains("\"ops\""));
        assert!(login(&[("KEYCLOAK_USERNAME", "u"), ("KEYCLOAK_PASSWORD", "p")]).contains("Password"));
        assert!(read(&[("KEYCLOAK_URL", "https://x")]).login().unwrap().is_none());
    }

    #[test]
    fn profiles_are_chosen_by_name() {
        let json = r#"{"a": {"url": "https://a", "client-secret": "hunter2"}, "b": {"url": "https://b"}}"#;
        let a = Settings::from_profile(json, "a").unwrap();
        assert_eq!(a.url.as_deref(), Some("https://a"));
        assert!(!format!("{a:?}").contains("hunter2"));
        assert!(Settings::from_profile(json, "c").unwrap_err().to_string().contains("a, b"));
        assert!(Settings::from_profile(r#"{"a": {"uri": "x"}}"#, "a").unwrap_err().to_string().contains("uri"));
    }
}
