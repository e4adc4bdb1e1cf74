//! What users have consented to, and the clients that have offline access.

use super::{
    paging::ALL,
    users::{find_to_manage, find_to_view},
};
use crate::{Result, cx::Cx, error::not_found, realm_view::RealmView, route::Routes};
use cloakroom_api::admin::users::{self as api, AdditionalGrant, ClientConsent};
use cloakroom_store::{
    consents,
    consents::ConsentRow,
    sessions::{self, Filter, Listed},
};
use std::collections::BTreeMap;

/// The operations on consents.
pub(crate) fn routes() -> Routes {
    Routes::new().at(list).at(revoke)
}

fn list(cx: &mut Cx, req: api::consents::Request) -> Result<Vec<ClientConsent>> {
    let (admin, user) = find_to_view(cx, &req.id)?;
    let realm = &admin.realm;
    let consents = consents::list(cx.read()?, &user.id)?;
    let offline = sessions_of(cx, realm, &user.id, None, true)?;
    let mut by_client: BTreeMap<String, (Option<ConsentRow>, bool)> = BTreeMap::new();
    for consent in consents {
        by_client.insert(consent.client.clone(), (Some(consent), false));
    }
    for (client, _) in offline.into_iter().flat_map(|listed| listed.clients) {
        by_client.entry(client).or_default().1 = true;
    }
    let mut shown = Vec::new();
    for (id, (consent, offline)) in by_client {
        let Some(client) = cx.find_client_by_id(realm, &id)? else { continue };
        let scopes = consent.iter().flat_map(|c| &c.scopes);
        let grant = AdditionalGrant { client: Some(id), key: Some("Offline Token".to_owned()) };
        shown.push(ClientConsent {
            client_id: Some(client.client_id.clone()),
            granted_client_scopes: Some(scopes.filter_map(|id| realm.scope(id)?.name.clone()).collect()),
            created_date: consent.as_ref().map(|c| c.created),
            last_updated_date: consent.as_ref().map(|c| c.updated),
            additional_grants: Some(if offline { vec![grant] } else { Vec::new() }),
        });
    }
    Ok(shown)
}

fn revoke(cx: &mut Cx, req: api::revoke_consent::Request) -> Result<()> {
    let (admin, user) = find_to_manage(cx, &req.id)?;
    let realm = &admin.realm;
    let client = cx.find_client(realm, &req.client)?.ok_or_else(|| not_found("Client not found"))?;
    let online = sessions_of(cx, realm, &user.id, Some(&client.id), false)?;
    let offline = sessions_of(cx, realm, &user.id, Some(&client.id), true)?;
    let db = cx.write()?;
    let consented = consents::delete(db, &user.id, &client.id)?;
    if !consented && offline.is_empty() {
        return Err(not_found("Consent nor offline token not found"));
    }
    for Listed { session, .. } in online {
        sessions::delete_client(db, &session.id, false, &client.id)?;
    }
    for Listed { session, .. } in offline {
        sessions::delete_client(db, &session.id, true, &client.id)?;
        sessions::delete_if_unused(db, &session.id, true)?;
    }
    Ok(())
}

/// A user's sessions, all of them or those with one client.
fn sessions_of(cx: &mut Cx, realm: &RealmView, user: &str, client: Option<&str>, offline: bool) -> Result<Vec<Listed>> {
    let now = cx.now();
    let filter = Filter { user: Some(user), client, offline, first: 0, max: ALL };
    Ok(sessions::list(cx.read()?, &realm.id, &filter, now)?)
}
