//! Master's part in every realm: the client `NAME-realm` with its roles, which master's `admin` contains without saying so.

use super::{
    defaults::{management_client, management_client_id, management_roles},
    import::{Import, duplicate},
};
use crate::{App, Result, admin::access::MASTER, error::Expected, realm_view::RealmView};
use cloakroom_api::admin::roles::Roles;
use cloakroom_store::{Db, clients, realms, roles, roles::RoleRow};
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
    let roles =
        Roles { client: Some(BTreeMap::from([(client_id.clone(), management_roles(&client_id))])), ..Roles::default() };
    Import::new(app, db, &master.id, now).roles(roles)
}

/// What a role contains by knowledge, beside what is stored: master's `admin` contains the roles of every realm's
/// administration. Empty for every other role. In the order of names of clients, then roles.
pub fn contained(db: &mut Db, realm: &RealmView, role: &RoleRow) -> Result<Vec<RoleRow>> {
    if realm.name != MASTER || role.client.is_some() || role.name != "admin" {
        return Ok(Vec::new());
    }
    Ok(roles::of_administration(db, &realm.id)?)
}
