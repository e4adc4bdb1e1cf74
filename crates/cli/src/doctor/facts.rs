//! What the checks look at, and how it is come by.

use cloakroom::api::admin::clients::Client;
use cloakroom::api::admin::components::{Component, ComponentExport};
use cloakroom::api::admin::idps::IdentityProvider;
use cloakroom::api::admin::keys::Key;
use cloakroom::api::admin::profile::{ProfileConfig, UnmanagedAttributePolicy};
use cloakroom::api::admin::realms::Realm;
use cloakroom::{Error, blocking};

use crate::doctor::admins::{self, Admin};
use crate::failure::Result;

/// A realm as the checks see it.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) realm: Realm,
    pub(crate) clients: Vec<Client>,
    pub(crate) keys: Vec<Key>,
    pub(crate) components: Vec<Component>,
    pub(crate) idps: Vec<IdentityProvider>,
    pub(crate) unmanaged: Option<UnmanagedAttributePolicy>,
    /// Whether the registration flow asks for a captcha, where it is known.
    pub(crate) captcha: Option<bool>,
    /// Roles of administrators that every user has.
    pub(crate) default_admin_roles: Vec<String>,
    pub(crate) admins: Vec<Admin>,
    /// Seconds since 1970.
    pub(crate) now: i64,
    /// What could not be looked at, and why.
    pub(crate) unseen: Vec<String>,
}

/// The clients that Keycloak makes itself.
const BUILT_IN: [&str; 6] =
    ["account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console"];

impl Facts {
    pub(crate) fn name(&self) -> &str {
        self.realm.realm.as_deref().unwrap_or_default()
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.realm.attributes.as_ref()?.get(name)
    }

    /// Those that somebody registered and that are in use: the server's own are its maker's.
    pub(crate) fn applications(&self) -> impl Iterator<Item = &Client> {
        self.clients.iter().filter(|client| client.enabled != Some(false) && !self.is_built_in(client))
    }

    pub(crate) fn is_built_in(&self, client: &Client) -> bool {
        let id = client.client_id.as_deref().unwrap_or_default();
        BUILT_IN.contains(&id) || self.name() == "master" && id.ends_with("-realm")
    }

    /// Asks a server. What is refused or not served is noted; the realm itself must be there.
    pub(crate) fn of(kc: &blocking::Client, name: &str, now: i64) -> Result<Facts> {
        let at = kc.realm(name);
        let mut facts = Facts { realm: kc.realms().get(name)?, now, ..Facts::default() };
        let mut unseen = Vec::new();
        let mut see = Unseen(&mut unseen);
        facts.clients = see.or_nothing("clients", at.clients().list_all(&Default::default()).into_vec());
        facts.keys = see.or_nothing("keys", at.keys().list().map(|keys| keys.keys.unwrap_or_default()));
        facts.components = see.or_nothing("components", at.components().list(&Default::default()));
        facts.idps = see.or_nothing("identity providers", at.idps().list_all(&Default::default()).into_vec());
        let profile: ProfileConfig = see.or_nothing("user profile", at.profile().get());
        facts.unmanaged = profile.unmanaged_attribute_policy;
        if let Some(flow) = facts.realm.registration_flow.as_deref().filter(|_| facts.open()) {
            let steps = see.or_nothing("registration flow", at.flows().executions(flow).map(Some));
            facts.captcha = steps.map(|steps| {
                steps.iter().any(|step| {
                    let id = step.provider_id.as_deref().unwrap_or_default();
                    id.contains("captcha") && step.requirement.as_deref() == Some("REQUIRED")
                })
            });
        }
        let default = facts.realm.default_role.as_ref().and_then(|role| role.id.as_deref());
        facts.default_admin_roles = match default {
            Some(id) => see.or_nothing("default roles", admins::default_roles(&at, id)),
            None => Vec::new(),
        };
        facts.admins = see.or_nothing("administrators", admins::of(&at, name, &facts.clients));
        facts.unseen = unseen;
        Ok(facts)
    }

    /// What an export has. Keys, the user profile's server defaults and administrators are not in one.
    pub(crate) fn of_export(mut realm: Realm, now: i64) -> Facts {
        let components = realm.components.take().unwrap_or_default();
        let component = |kind: &str, c: ComponentExport| Component {
            id: c.id,
            name: c.name,
            provider_id: c.provider_id,
            provider_type: Some(kind.to_owned()),
            sub_type: c.sub_type,
            config: c.config,
            ..Component::default()
        };
        Facts {
            clients: realm.clients.take().unwrap_or_default(),
            idps: realm.identity_providers.take().unwrap_or_default(),
            components: components
                .into_iter()
                .flat_map(|(kind, list)| list.into_iter().map(move |c| component(&kind, c)).collect::<Vec<_>>())
                .collect(),
            unseen: vec!["keys and administrators: they are not in a file".to_owned()],
            realm,
            now,
            ..Facts::default()
        }
    }

    /// Whether anybody may register.
    pub(crate) fn open(&self) -> bool {
        self.realm.registration_allowed == Some(true)
    }

    /// The command that sets one of the realm's own fields.
    pub(crate) fn set(&self, assignment: &str) -> String {
        format!("cloakroom update {} -s {}", quoted(&format!("realms/{}", self.name())), quoted(assignment))
    }

    /// The command that sets a field of something in the realm.
    pub(crate) fn set_at(&self, path: &str, assignment: &str) -> String {
        format!("cloakroom update {} -r {} -s {}", quoted(path), quoted(self.name()), quoted(assignment))
    }

    pub(crate) fn set_client(&self, client: &Client, assignment: &str) -> String {
        self.set_at(&format!("clients/{}", client.id.as_deref().unwrap_or("ID")), assignment)
    }
}

/// What was refused becomes a note.
struct Unseen<'a>(&'a mut Vec<String>);

impl Unseen<'_> {
    fn or_nothing<T: Default>(&mut self, what: &str, asked: Result<T, Error>) -> T {
        asked.unwrap_or_else(|e| {
            self.0.push(if e.is_forbidden() {
                format!("{what}: the account that is logged in lacks the role to see them")
            } else {
                format!("{what}: {e}")
            });
            T::default()
        })
    }
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_can_be_pasted() {
        assert_eq!(quoted("clients/1-2"), "clients/1-2");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("a b"), "'a b'");
    }
}
