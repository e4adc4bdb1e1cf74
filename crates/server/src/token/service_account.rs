//! The user that a client acts as in its own name.

use crate::{
    Result,
    caches::Touched,
    cx::Cx,
    error::{self, Expected},
    realm_view::{ClientView, RealmView},
};
use cloakroom_store::{clients, users, users::UserRow};

/// The client scope of service accounts.
const SCOPE: &str = "service_account";

/// The service account of a client that is allowed one. It is made where it is missing: clients come in by import without.
pub fn of(cx: &mut Cx, realm: &RealmView, client: &ClientView) -> Result<UserRow> {
    if let Some(user) = users::service_account(cx.read()?, &realm.id, &client.id)? {
        return Ok(user);
    }
    let user = UserRow {
        id: cx.new_id(),
        username: format!("service-account-{}", client.client_id).to_lowercase(),
        enabled: true,
        created: Some(cx.now()),
        service_account_client: Some(client.id.clone()),
        ..UserRow::default()
    };
    let db = cx.write()?;
    users::insert(db, &realm.id, &user, true).or_conflict(error::outrun)?;
    if let Some(role) = &realm.default_role {
        users::add_role(db, &user.id, role)?;
    }
    // its tokens name the client, by the mappers of this scope
    if let Some(scope) = realm.token_scopes.iter().find(|scope| scope.name == SCOPE) {
        clients::add_scope(db, &client.id, &scope.id, true)?;
        cx.touched(Touched::Client { realm: realm.id.clone(), id: client.id.clone() });
    }
    Ok(user)
}
