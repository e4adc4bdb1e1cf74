//! A realm as requests see it: settings, keys parsed once, and client scopes. Immutable; a change makes a new one.

use crate::{Result, keys::RealmKeys};
use cloakroom_api::admin::{client_scopes::ClientScope, clients::Client, realms::Realm};
use cloakroom_store::{Db, client_scopes, clients, components, components::ComponentRow, realms::RealmRow};

/// A realm, without clients, users and sessions.
#[derive(Debug)]
pub struct RealmView {
    /// The id that rows refer to.
    pub id: String,
    /// The name in URLs.
    pub name: String,
    /// The settings: the representation without its lists.
    pub settings: Realm,
    /// The role that every user has.
    pub default_role: Option<String>,
    /// Configured providers, oldest first, with their secrets.
    pub components: Vec<ComponentRow>,
    /// What the realm signs and verifies with.
    pub keys: RealmKeys,
    /// All client scopes, by name.
    pub scopes: Vec<ClientScope>,
    /// What new clients get: ids of scopes, each with whether it is a default (else optional) one.
    pub new_client_scopes: Vec<(String, bool)>,
}

impl RealmView {
    /// Reads the parts that are not in the realm's row.
    pub fn load(db: &mut Db, row: RealmRow) -> Result<Self> {
        let components = components::list(db, &row.id)?;
        let keys = RealmKeys::load(&components)?;
        let scopes = client_scopes::list(db, &row.id)?;
        let new_client_scopes = client_scopes::of_realm(db, &row.id)?;
        let RealmRow { id, name, settings, default_role } = row;
        Ok(RealmView { id, name, settings, default_role, components, keys, scopes, new_client_scopes })
    }

    /// The client scope of this id.
    pub fn scope(&self, id: &str) -> Option<&ClientScope> {
        self.scopes.iter().find(|s| s.id.as_deref() == Some(id))
    }

    /// The row that this view was made from, to change and write back.
    pub fn row(&self) -> RealmRow {
        RealmRow {
            id: self.id.clone(),
            name: self.name.clone(),
            settings: self.settings.clone(),
            default_role: self.default_role.clone(),
        }
    }
}

/// A client as requests see it.
#[derive(Debug)]
pub struct ClientView {
    /// The id that rows refer to.
    pub id: String,
    /// The name in requests.
    pub client_id: String,
    /// The representation with secret and protocol mappers; without scopes.
    pub settings: Client,
    /// Ids of its client scopes, each with whether it is a default (else optional) one.
    pub scopes: Vec<(String, bool)>,
}

impl ClientView {
    /// Reads the parts that are not in the client's row.
    pub fn load(db: &mut Db, settings: Client) -> Result<Self> {
        let id = settings.id.clone().unwrap_or_default();
        let client_id = settings.client_id.clone().unwrap_or_default();
        let scopes = clients::scopes(db, &id)?;
        Ok(ClientView { id, client_id, settings, scopes })
    }
}
