//! Sessions of users: listed, counted, and ended.

use super::access::AdminRole::{ManageUsers, ViewClients, ViewRealm, ViewUsers};
use super::access::{Admin, AdminRole};
use crate::{Result, caches::Touched, cx::Cx, error::not_found, realm_view::ClientView, route::Routes};
use cloakroom_api::{
    admin::{
        clients,
        query::{Count, Page},
        realms,
        sessions::{ClientSessionStats, UserSession},
        users,
    },
    fields::StringMap,
};
use cloakroom_store::{
    realms as realm_rows,
    sessions::{self, Filter, Listed},
    users as user_rows,
    users::UserRow,
};
use std::sync::Arc;

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::new()
        .at(of_user)
        .at(offline_of_user)
        .at(log_user_out)
        .at(of_client)
        .at(offline_of_client)
        .at(count_of_client)
        .at(count_offline_of_client)
        .at(stats)
        .at(delete)
        .at(log_all_out)
}

/// How many sessions a list has unless the query says otherwise.
const PAGE: i64 = 100;

fn representation(listed: Listed) -> UserSession {
    let Listed { session, username, clients } = listed;
    UserSession {
        id: Some(session.id),
        username: Some(username),
        user_id: Some(session.user),
        ip_address: Some(session.doc.address),
        start: Some(session.started),
        last_access: Some(session.last_refresh),
        remember_me: Some(session.remember_me),
        clients: Some(clients.into_iter().collect::<StringMap>()),
        transient_user: Some(false),
    }
}

fn list(cx: &mut Cx, admin: &Admin, filter: &Filter<'_>) -> Result<Vec<UserSession>> {
    let now = cx.now();
    let listed = sessions::list(cx.read()?, &admin.realm.id, filter, now)?;
    Ok(listed.into_iter().map(representation).collect())
}

fn user(cx: &mut Cx, id: &str, roles: &[AdminRole]) -> Result<(Admin, UserRow)> {
    let admin = cx.admin()?.clone();
    admin.require(roles)?;
    let user = user_rows::by_id(cx.read()?, &admin.realm.id, id)?;
    Ok((admin, user.ok_or_else(|| not_found("User not found"))?))
}

fn client(cx: &mut Cx, admin: &Admin, id: &str) -> Result<Arc<ClientView>> {
    cx.find_client_by_id(&admin.realm, id)?.ok_or_else(|| not_found("Could not find client"))
}

fn of_user(cx: &mut Cx, req: users::sessions::Request) -> Result<Vec<UserSession>> {
    let (admin, user) = user(cx, &req.id, &[ViewUsers, ManageUsers])?;
    list(cx, &admin, &Filter { user: Some(&user.id), max: i64::MAX, ..Filter::default() })
}

fn offline_of_user(cx: &mut Cx, req: users::offline_sessions::Request) -> Result<Vec<UserSession>> {
    let (admin, user) = user(cx, &req.id, &[ViewUsers, ManageUsers])?;
    let client = client(cx, &admin, &req.client)?;
    let filter =
        Filter { user: Some(&user.id), client: Some(&client.id), offline: true, max: i64::MAX, ..Filter::default() };
    list(cx, &admin, &filter)
}

fn log_user_out(cx: &mut Cx, req: users::logout::Request) -> Result<()> {
    let (admin, mut user) = user(cx, &req.id, &[ManageUsers])?;
    user.not_before = cx.now_seconds();
    let duplicates = admin.realm.settings.duplicate_emails_allowed == Some(true);
    let db = cx.write()?;
    user_rows::update(db, &admin.realm.id, &mut user, duplicates)?;
    sessions::delete_of_user(db, &admin.realm.id, &user.id)?;
    Ok(())
}

fn of_client_in(cx: &mut Cx, id: &str, page: &Page, offline: bool) -> Result<Vec<UserSession>> {
    let admin = cx.admin()?.clone();
    admin.require(&[ViewClients, AdminRole::ManageClients])?;
    let client = client(cx, &admin, id)?;
    let max = page.max.map_or(PAGE, |max| if max < 0 { i64::MAX } else { i64::from(max) });
    let first = i64::from(page.first.unwrap_or(0)).max(0);
    list(cx, &admin, &Filter { client: Some(&client.id), offline, first, max, ..Filter::default() })
}

fn of_client(cx: &mut Cx, req: clients::user_sessions::Request) -> Result<Vec<UserSession>> {
    of_client_in(cx, &req.id, &req.query, false)
}

fn offline_of_client(cx: &mut Cx, req: clients::offline_sessions::Request) -> Result<Vec<UserSession>> {
    of_client_in(cx, &req.id, &req.query, true)
}

fn count_in(cx: &mut Cx, id: &str, offline: bool) -> Result<Count> {
    let admin = cx.admin()?.clone();
    admin.require(&[ViewClients, AdminRole::ManageClients])?;
    let (client, now) = (client(cx, &admin, id)?, cx.now());
    Ok(Count { count: Some(sessions::count(cx.read()?, &admin.realm.id, &client.id, offline, now)?) })
}

fn count_of_client(cx: &mut Cx, req: clients::session_count::Request) -> Result<Count> {
    count_in(cx, &req.id, false)
}

fn count_offline_of_client(cx: &mut Cx, req: clients::offline_session_count::Request) -> Result<Count> {
    count_in(cx, &req.id, true)
}

fn stats(cx: &mut Cx, _: realms::client_session_stats::Request) -> Result<Vec<ClientSessionStats>> {
    let admin = cx.admin()?.clone();
    admin.require(&[ViewRealm, AdminRole::ManageRealm])?;
    let now = cx.now();
    let stats = sessions::stats(cx.read()?, &admin.realm.id, now)?.into_iter();
    Ok(stats
        .map(|(id, client_id, active, offline)| ClientSessionStats {
            id: Some(id),
            client_id: Some(client_id),
            active: Some(active.to_string()),
            offline: Some(offline.to_string()),
        })
        .collect())
}

fn delete(cx: &mut Cx, req: realms::delete_session::Request) -> Result<()> {
    let admin = cx.admin()?.clone();
    admin.require(&[ManageUsers])?;
    let offline = req.query.is_offline == Some(true);
    let ended = sessions::delete(cx.write()?, &admin.realm.id, &req.id, offline)?;
    // the word as Keycloak spells it
    if ended { Ok(()) } else { Err(not_found("Sesssion not found")) }
}

fn log_all_out(cx: &mut Cx, _: realms::logout_all::Request) -> Result<realms::GlobalRequestResult> {
    let admin = cx.admin()?.clone();
    admin.require(&[ManageUsers])?;
    let not_before = i32::try_from(cx.now_seconds()).ok();
    let db = cx.write()?;
    let mut realm = realm_rows::lock(db, &admin.realm.id)?.ok_or_else(|| not_found("Realm not found."))?;
    realm.settings.not_before = not_before;
    realm_rows::update(db, &realm)?;
    sessions::delete_of_realm(db, &realm.id)?;
    cx.touched(Touched::Realm { id: realm.id });
    Ok(realms::GlobalRequestResult::default())
}
