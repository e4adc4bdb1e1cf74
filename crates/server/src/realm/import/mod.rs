//! Importing: from a representation to the rows of a realm, ids kept where they are given.
//!
//! What is slow or can be decided beforehand (defaults, keys, hashes) happens in [`prepare`]; then [`write()`] runs
//! straight through the tables.

mod clients;
mod older;
mod overlay;
mod partial;
mod passwords;
mod roles;
mod users;

pub use clients::fill;
pub use overlay::merged;
pub use partial::partial;

use crate::{
    App, Result,
    admin::access::MASTER,
    caches::Touched,
    cx::Cx,
    error::{self, Expected, conflict},
    keys::{self, generate},
    realm::{defaults, master, settings},
};
use cloakroom_api::{
    admin::{components::ComponentExport, realms::Realm},
    fields::{Attributes, Config},
};
use cloakroom_store::{Db, client_scopes, components, components::ComponentRow, groups, realms, realms::RealmRow};
use std::collections::HashMap;

/// Creates a realm from what is said of it; the rest are defaults. The name must be set.
pub fn create(cx: &mut Cx, given: Realm) -> Result<RealmRow> {
    let app = cx.app.clone();
    let now = cx.now();
    let name = given.realm.clone().unwrap_or_default();
    if realms::by_name(cx.read()?, &name)?.is_some() {
        return Err(conflict(format!("Realm {name} already exists")));
    }
    let realm = prepare(&app, given, now)?;
    let row = write(&app, cx.write()?, realm, now)?;
    cx.touched(Touched::Realm { id: row.id.clone() });
    Ok(row)
}

/// Refuses names and ids that are longer than the columns of Keycloak's database.
pub fn limits(realm: &Realm) -> Result<()> {
    let long = |text: &Option<String>, most: usize| text.as_ref().is_some_and(|t| t.chars().count() > most);
    if long(&realm.id, 36) {
        return Err(error::bad_request("The realm's id is longer than 36 characters"));
    }
    if long(&realm.realm, 255) {
        return Err(error::bad_request("The realm's name is longer than 255 characters"));
    }
    Ok(())
}

/// Everything that is decided or computed before the transaction: the defaults, keys, hashes of passwords.
pub fn prepare(app: &App, given: Realm, now: i64) -> Result<Realm> {
    let name = given.realm.clone().unwrap_or_default();
    let mut realm = overlay::overlay(defaults::realm(&name)?, given)?;
    legacy_keys(&mut realm);
    let mut wanted = Vec::new();
    for component in realm.components.iter_mut().flatten().filter(|(kind, _)| *kind == keys::PROVIDER_TYPE) {
        for key in component.1 {
            let Some(provider) = key.provider_id.as_deref() else { continue };
            wanted.push(generate::Wanted { provider, config: key.config.get_or_insert_default() });
        }
    }
    generate::keys(app, &name, now, wanted)?;
    let policy = settings::check(&realm)?;
    for user in realm.users.iter_mut().chain(&mut realm.federated_users).flatten() {
        passwords::hash(app, &policy, user)?;
    }
    Ok(realm)
}

/// Old exports carry the realm's key beside its settings instead of as a component.
fn legacy_keys(realm: &mut Realm) {
    let (private, certificate) = (realm.private_key.take(), realm.certificate.take());
    (realm.public_key, realm.code_secret) = (None, None);
    let Some(private) = private else { return };
    let mut config = Attributes::from([("priority", ["100"]), ("privateKey", [private.expose()])]);
    config.extend(certificate.map(|c| ("certificate".to_owned(), vec![c])));
    let key = ComponentExport {
        name: Some("rsa".to_owned()),
        provider_id: Some("rsa".to_owned()),
        config: Some(Config(config)),
        ..ComponentExport::default()
    };
    let list = realm.components.get_or_insert_default().entry(keys::PROVIDER_TYPE.to_owned()).or_default();
    list.retain(|c| c.provider_id.as_deref() != Some("rsa-generated"));
    list.push(key);
}

/// Writes a prepared realm, and for any but master the client in master that administrates it.
pub fn write(app: &App, db: &mut Db, realm: Realm, now: i64) -> Result<RealmRow> {
    let (mut settings, parts) = split(realm);
    let name = parts.realm.unwrap_or_default();
    let id = parts.id.filter(|id| !id.is_empty()).unwrap_or_else(|| app.random.uuid());
    give_ids(app, &mut settings);
    let mut import = Import::new(app, db, &id, now);
    let mut row = RealmRow { id: id.clone(), name, settings, default_role: None };
    realms::insert(import.db, &row).or_conflict(duplicate)?;
    for (kind, list) in parts.components.into_iter().flatten() {
        import.components(&id, &kind, list)?;
    }
    import.client_scopes(
        parts.client_scopes.unwrap_or_default(),
        parts.default_default_client_scopes.as_deref(),
        parts.default_optional_client_scopes.as_deref(),
    )?;
    import.clients(parts.clients.unwrap_or_default())?;
    import.roles(parts.roles.unwrap_or_default())?;
    row.default_role = match parts.default_role.and_then(|r| r.name) {
        Some(name) => Some(import.role(None, &name)?),
        None => None,
    };
    realms::update(import.db, &row)?;
    import.scope_mappings(None, parts.scope_mappings.unwrap_or_default())?;
    for (client, list) in parts.client_scope_mappings.into_iter().chain(parts.application_scope_mappings).flatten() {
        import.scope_mappings(Some(&client), list)?;
    }
    import.groups(parts.groups.unwrap_or_default())?;
    for path in parts.default_groups.into_iter().flatten() {
        let group = import.group_of_path(&path)?.ok_or_else(|| unknown("default group", &path))?;
        groups::add_default(import.db, &id, &group)?;
    }
    for user in parts.users.into_iter().chain(parts.federated_users).flatten() {
        import.user(&row.settings, user)?;
    }
    import.service_accounts(row.default_role.as_deref())?;
    if row.name != MASTER {
        master::add(app, db, &row.name, now)?;
    }
    Ok(row)
}

/// Splits a representation into the settings, which are kept as one document, and the parts that have tables.
pub fn split(mut realm: Realm) -> (Realm, Realm) {
    let parts = Realm {
        id: realm.id.take(),
        realm: realm.realm.take(),
        roles: realm.roles.take(),
        groups: realm.groups.take(),
        default_roles: realm.default_roles.take(),
        default_role: realm.default_role.take(),
        default_groups: realm.default_groups.take(),
        users: realm.users.take(),
        federated_users: realm.federated_users.take(),
        scope_mappings: realm.scope_mappings.take(),
        client_scope_mappings: realm.client_scope_mappings.take(),
        application_scope_mappings: realm.application_scope_mappings.take(),
        clients: realm.clients.take(),
        applications: realm.applications.take(),
        oauth_clients: realm.oauth_clients.take(),
        client_templates: realm.client_templates.take(),
        client_scopes: realm.client_scopes.take(),
        default_default_client_scopes: realm.default_default_client_scopes.take(),
        default_optional_client_scopes: realm.default_optional_client_scopes.take(),
        components: realm.components.take(),
        private_key: realm.private_key.take(),
        public_key: realm.public_key.take(),
        certificate: realm.certificate.take(),
        code_secret: realm.code_secret.take(),
        keycloak_version: realm.keycloak_version.take(),
        ..Realm::default()
    };
    (realm, parts)
}

/// What stays in the settings has ids too: flows, authenticator configurations, identity providers, organizations.
fn give_ids(app: &App, settings: &mut Realm) {
    let fill = |id: &mut Option<String>| {
        id.get_or_insert_with(|| app.random.uuid());
    };
    settings.authentication_flows.iter_mut().flatten().for_each(|f| fill(&mut f.id));
    settings.authenticator_config.iter_mut().flatten().for_each(|c| fill(&mut c.id));
    for provider in settings.identity_providers.iter_mut().flatten() {
        fill(&mut provider.internal_id);
        provider.enabled.get_or_insert(true);
    }
    settings.identity_provider_mappers.iter_mut().flatten().for_each(|m| fill(&mut m.id));
    for action in settings.required_actions.iter_mut().flatten() {
        action.config.get_or_insert_default();
    }
    settings.organizations.iter_mut().flatten().for_each(|o| fill(&mut o.id));
}

/// The answer where an id or a name is there already.
pub fn duplicate() -> crate::Error {
    conflict("Duplicate resource error")
}

/// The answer to a name that leads nowhere.
pub fn unknown(what: &str, name: &str) -> crate::Error {
    error::bad_request(format!("Unable to find {what}: {name}"))
}

/// An import under way: the connection, and what names stand for which ids.
pub struct Import<'a> {
    pub(super) app: &'a App,
    pub(super) db: &'a mut Db,
    pub(super) realm: &'a str,
    pub(super) now: i64,
    clients: HashMap<String, String>,
    scopes: Option<HashMap<String, String>>,
    roles: HashMap<(Option<String>, String), String>,
    groups: HashMap<String, String>,
    accounts: Vec<clients::Account>,
}

impl<'a> Import<'a> {
    /// An import into the realm of this id.
    pub fn new(app: &'a App, db: &'a mut Db, realm: &'a str, now: i64) -> Self {
        let (clients, roles, groups) = (HashMap::new(), HashMap::new(), HashMap::new());
        Import { app, db, realm, now, clients, scopes: None, roles, groups, accounts: Vec::new() }
    }

    /// The given id, or a new one.
    fn id(&self, given: Option<String>) -> String {
        given.filter(|id| !id.is_empty()).unwrap_or_else(|| self.app.random.uuid())
    }

    fn components(&mut self, parent: &str, kind: &str, list: Vec<ComponentExport>) -> Result<()> {
        for component in list {
            let row = ComponentRow {
                id: self.id(component.id),
                parent: Some(parent.to_owned()),
                name: component.name,
                provider_type: Some(kind.to_owned()),
                provider: component.provider_id,
                sub_type: component.sub_type,
                config: component.config.unwrap_or_default().0,
            };
            components::insert(self.db, self.realm, &row, self.now).or_conflict(duplicate)?;
            for (kind, below) in component.sub_components.into_iter().flatten() {
                self.components(&row.id, &kind, below)?;
            }
        }
        Ok(())
    }

    fn client_scopes(
        &mut self,
        list: Vec<cloakroom_api::admin::client_scopes::ClientScope>,
        required: Option<&[String]>,
        optional: Option<&[String]>,
    ) -> Result<()> {
        let mut ids = HashMap::new();
        for mut scope in list {
            let id = self.id(scope.id.take());
            ids.insert(scope.name.clone().unwrap_or_default(), id.clone());
            scope.id = Some(id);
            scope.protocol.get_or_insert_with(|| "openid-connect".to_owned());
            self.mappers(&mut scope.protocol_mappers);
            client_scopes::insert(self.db, self.realm, &scope).or_conflict(duplicate)?;
        }
        for (names, is_default) in [(required, true), (optional, false)] {
            for id in names.into_iter().flatten().filter_map(|name| ids.get(name)) {
                client_scopes::add_to_realm(self.db, self.realm, id, is_default).or_conflict(duplicate)?;
            }
        }
        self.scopes = Some(ids);
        Ok(())
    }

    /// Ids by name of the realm's client scopes.
    fn scope_ids(&mut self) -> Result<&HashMap<String, String>> {
        if self.scopes.is_none() {
            let list = client_scopes::list(self.db, self.realm)?;
            self.scopes = Some(list.into_iter().filter_map(|s| Some((s.name?, s.id?))).collect());
        }
        Ok(self.scopes.get_or_insert_default())
    }
}
