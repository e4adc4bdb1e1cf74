//! Master's part in every realm: the client `NAME-realm` with its roles, which master's `admin` contains without saying so.

use super::{
    defaults::{management_client, management_client_id, management_roles},
    import::{Import, duplicate},
};
use crate::{
    App, Result,
    admin::access::{ADMIN, AdminRole, MASTER},
    caches::Touched,
    error::Expected,
    realm_view::RealmView,
};
use cloakroom_api::admin::{clients::Client, roles::Roles};
use cloakroom_store::{Db, clients, realms, role_mappings::Holder, roles, roles::RoleRow};
use std::collections::BTreeMap;

/// Gives master the client that administrates a new realm. Nothing else in master changes: that `admin` contains its
/// roles is known, not stored, so making a realm costs the same however many there are.
pub fn add(app: &App, db: &mut Db, realm: &str, now: i64) -> Result<()> {
    let Some(master) = realms::by_name(db, MASTER)? else { return Ok(()) };
    let mut client = management_client(realm);
    let client_id = management_client_id(realm);
    super::import::fill(&mut client);
    client.id = Some(app.random.uuid());
    client.protocol = None;
    client.node_re_registration_timeout = Some(0);
    clients::insert(db, &master.id, &client).or_conflict(duplicate)?;
    let of_client = BTreeMap::from([(client_id.clone(), management_roles(&client_id))]);
    Import::new(app, db, &master.id, now).roles(Roles { client: Some(of_client), ..Roles::default() })
}

/// Lets a user of master who may make realms administrate the one just made. `admin` may already.
pub fn entrust(app: &App, db: &mut Db, realm: &str, user: &str, now: i64) -> Result<()> {
    let Some(master) = realms::by_name(db, MASTER)? else { return Ok(()) };
    if roles::has_realm_role(db, &master.id, user, ADMIN)? {
        return Ok(());
    }
    let of_client = AdminRole::ALL.map(|r| r.name().to_owned()).to_vec();
    let of_clients = BTreeMap::from([(management_client_id(realm), of_client)]);
    Import::new(app, db, &master.id, now).grant(&Holder::User(user.to_owned()), None, Some(of_clients))
}

/// Takes the client of a deleted realm out of master.
pub fn remove(db: &mut Db, realm: &str) -> Result<Option<Touched>> {
    let Some((master, client)) = client(db, realm)? else { return Ok(None) };
    let id = client.id.unwrap_or_default();
    clients::delete(db, &master, &id)?;
    Ok(Some(Touched::Client { realm: master, id }))
}

/// What a realm's new name changes elsewhere: the client in master, and the addresses of the realm's own pages.
pub fn renamed(db: &mut Db, realm: &str, old: &str, new: &str) -> Result<Vec<Touched>> {
    let mut touched = Vec::new();
    if let Some((master, mut client)) = client(db, old)? {
        client.client_id = Some(management_client_id(new));
        clients::update(db, &master, &client).or_conflict(duplicate)?;
        touched.push(Touched::Client { realm: master, id: client.id.unwrap_or_default() });
    }
    for (client_id, prefix) in
        [("account", "/realms/"), ("account-console", "/realms/"), ("security-admin-console", "/admin/")]
    {
        let Some(mut client) = clients::by_client_id(db, realm, client_id)? else { continue };
        let (from, to) = (format!("{prefix}{old}/"), format!("{prefix}{new}/"));
        for url in client.base_url.iter_mut().chain(client.redirect_uris.iter_mut().flatten()) {
            if let Some(rest) = url.strip_prefix(&from) {
                *url = format!("{to}{rest}");
            }
        }
        clients::update(db, realm, &client)?;
        touched.push(Touched::Client { realm: realm.to_owned(), id: client.id.unwrap_or_default() });
    }
    Ok(touched)
}

/// Master's id, and its client for a realm.
fn client(db: &mut Db, realm: &str) -> Result<Option<(String, Client)>> {
    let Some(master) = realms::by_name(db, MASTER)? else { return Ok(None) };
    let client = clients::by_client_id(db, &master.id, &management_client_id(realm))?;
    Ok(client.map(|client| (master.id, client)))
}

/// What a role contains by knowledge, beside what is stored: master's `admin` contains the roles of every realm's
/// administration, or of one such client. Empty for every other role. In the order of names of clients, then roles.
pub fn contained(db: &mut Db, realm: &RealmView, role: &RoleRow, client: Option<&str>) -> Result<Vec<RoleRow>> {
    if realm.name != MASTER || role.client.is_some() || role.name != "admin" {
        return Ok(Vec::new());
    }
    Ok(roles::of_administration(db, &realm.id, client)?)
}
