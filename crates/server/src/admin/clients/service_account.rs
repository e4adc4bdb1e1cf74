//! The user that a client acts as in its own name: made, renamed and removed with the client's setting.

use super::access;
use crate::{
    Result,
    admin::user_page,
    cx::Cx,
    error::{Expected, bad_request, conflict, error},
    realm::new_client::OPENID_CONNECT,
    realm_view::RealmView,
};
use cloakroom_api::admin::{
    clients::{Client, service_account_user},
    users::User,
};
use cloakroom_store::{clients, groups, users, users::UserRow};
use http::StatusCode;

/// The client scope that tells a service account's tokens about the client.
const SCOPE: &str = "service_account";

/// The service account's name; usernames are lower case.
fn username(client_id: &str) -> String {
    format!("service-account-{}", client_id.to_lowercase())
}

/// Makes the user exist or not, be named after the client, and gives the client the scope, as the client's settings say.
pub(crate) fn settle(cx: &mut Cx, realm: &RealmView, client: &Client) -> Result<()> {
    let id = client.id.as_deref().unwrap_or_default();
    let client_id = client.client_id.as_deref().unwrap_or_default();
    let wanted = client.service_accounts_enabled == Some(true);
    let scope = realm.scopes.iter().find(|s| s.name.as_deref() == Some(SCOPE) && s.protocol == client.protocol);
    let scope = scope.and_then(|s| s.id.as_deref()).filter(|_| client.protocol.as_deref() == Some(OPENID_CONNECT));
    let existing = users::service_account(cx.read()?, &realm.id, id)?;
    let duplicates = realm.settings.duplicate_emails_allowed == Some(true);
    let taken = || conflict(format!("Client {client_id} already exists"));
    match existing {
        Some(user) if !wanted => {
            users::delete(cx.write()?, &realm.id, &user.id)?;
            if let Some(scope) = scope {
                clients::remove_scope(cx.write()?, id, scope)?;
            }
            return Ok(());
        }
        Some(user) if user.username != username(client_id) => {
            let mut renamed = UserRow { username: username(client_id), ..user };
            users::update(cx.write()?, &realm.id, &mut renamed, duplicates).or_conflict(taken)?;
        }
        Some(_) => {}
        None if wanted => {
            let user = UserRow {
                id: cx.new_id(),
                username: username(client_id),
                enabled: true,
                created: Some(cx.now()),
                service_account_client: Some(id.to_owned()),
                ..UserRow::default()
            };
            let db = cx.write()?;
            users::insert(db, &realm.id, &user, duplicates).or_conflict(taken)?;
            if let Some(role) = &realm.default_role {
                users::add_role(db, &user.id, role)?;
            }
            groups::join_defaults(db, &realm.id, &user.id)?;
        }
        None => return Ok(()),
    }
    if let Some(scope) = scope {
        clients::add_scope(cx.write()?, id, scope, true)?;
    }
    Ok(())
}

/// `GET …/service-account-user`.
pub(crate) fn get(cx: &mut Cx, req: service_account_user::Request) -> Result<User> {
    let client = access::view(cx, &req.id)?;
    let realm = cx.admin()?.realm.clone();
    let words = || bad(&format!("Service account not enabled for the client '{}'", client.client_id));
    let user = users::service_account(cx.read()?, &realm.id, &client.id)?.ok_or_else(words)?;
    let attributes = users::attributes(cx.read()?, &user.id)?;
    Ok(user_page::full(user, attributes, false))
}

fn bad(words: &str) -> crate::Error {
    error(StatusCode::BAD_REQUEST, words)
}

/// Authorization services decide in the name of the service account, so they need one.
pub(crate) fn required(client: &Client) -> Result<()> {
    let lacking = client.authorization_services_enabled == Some(true) && client.service_accounts_enabled != Some(true);
    if lacking { Err(bad_request("Authorization services need the service account of the client")) } else { Ok(()) }
}
