//! Changing a client: fields that are set replace what is stored, attributes and nodes are merged.

use super::{create, service_account};
use crate::{
    App, Result,
    admin::mappers,
    caches::Touched,
    cx::Cx,
    error::{self, Expected, oauth},
    realm::new_client::{OPENID_CONNECT, REALM_CLIENT, SECRET},
};
use cloakroom_api::admin::{
    clients::{Client, update},
    mappers::ProtocolMapper,
};
use cloakroom_store::clients;
use http::StatusCode;

/// `PUT …/clients/{id}`.
pub(crate) fn update(cx: &mut Cx, req: update::Request) -> Result<()> {
    super::access::manage(cx, &req.id)?;
    let realm = cx.admin()?.realm.clone();
    if let Some(client_id) = &req.body.client_id {
        create::check_id(client_id)?;
    }
    let before = create::locked(cx, &req.id)?;
    let mut client = before.clone();
    apply(&cx.app, &mut client, req.body, cx.now())?;
    create::check(&realm, &client)?;
    clients::update(cx.write()?, &realm.id, &client).or_conflict(duplicate)?;
    if client.protocol != before.protocol {
        let db = cx.write()?;
        clients::clear_scopes(db, &req.id)?;
        for (scope, is_default) in create::of_realm(&realm, client.protocol.as_deref()) {
            clients::add_scope(db, &req.id, &scope, is_default)?;
        }
    }
    let of_account = |c: &Client| (c.service_accounts_enabled, c.client_id.clone(), c.protocol.clone());
    if of_account(&client) != of_account(&before) {
        service_account::settle(cx, &realm, &client)?;
    }
    cx.touched(Touched::Client { realm: realm.id.clone(), id: req.id });
    Ok(())
}

fn duplicate() -> crate::Error {
    oauth(StatusCode::CONFLICT, "conflict", "Duplicate resource error")
}

/// Replaces the named fields of `$stored` where `$given` has them.
macro_rules! replace {
    ($stored:ident, $given:ident, $($field:ident),+ $(,)?) => { $( if $given.$field.is_some() { $stored.$field = $given.$field; } )+ };
}

/// Changes the stored client to what is given.
fn apply(app: &App, stored: &mut Client, mut given: Client, now: i64) -> Result<()> {
    create::drop_blank(&mut given.redirect_uris);
    create::drop_blank(&mut given.web_origins);
    if let Some(changes) = given.attributes {
        let attributes = stored.attributes.get_or_insert_default();
        let realm_client = attributes.get(REALM_CLIENT).unwrap_or("false").to_owned();
        attributes.merge(changes);
        attributes.insert(REALM_CLIENT, realm_client);
    }
    if let Some(changes) = given.authentication_flow_binding_overrides {
        stored.authentication_flow_binding_overrides.get_or_insert_default().merge(changes);
    }
    stored.registered_nodes.get_or_insert_default().extend(given.registered_nodes.into_iter().flatten());
    if let Some(list) = given.protocol_mappers {
        let list = keep_ids(list, stored.protocol_mappers.as_deref().unwrap_or_default());
        stored.protocol_mappers = Some(mappers::checked(app, list, duplicate)?);
    }
    // a representation that does not mention authorization services switches them off
    let authorization = given.authorization_services_enabled == Some(true);
    stored.authorization_services_enabled = Some(authorization);
    stored.authorization_settings =
        given.authorization_settings.or(stored.authorization_settings.take()).filter(|_| authorization);
    replace!(
        stored,
        given,
        client_id,
        name,
        description,
        r#type,
        root_url,
        admin_url,
        base_url,
        surrogate_auth_required,
        enabled,
        always_display_in_console,
        client_authenticator_type,
        secret,
        redirect_uris,
        web_origins,
        not_before,
        bearer_only,
        consent_required,
        standard_flow_enabled,
        implicit_flow_enabled,
        direct_access_grants_enabled,
        service_accounts_enabled,
        public_client,
        frontchannel_logout,
        protocol,
        full_scope_allowed,
        node_re_registration_timeout,
    );
    if stored.public_client != Some(true) && stored.secret.is_none() && given.public_client == Some(false) {
        stored.secret = Some(app.random.alphanumeric(SECRET).into());
        stored.attributes.get_or_insert_default().insert(create::SECRET_TIME, (now / 1000).to_string());
    }
    stored.protocol.get_or_insert_with(|| OPENID_CONNECT.to_owned());
    Ok(())
}

/// A mapper that is known by name and protocol keeps its id.
fn keep_ids(mut list: Vec<ProtocolMapper>, stored: &[ProtocolMapper]) -> Vec<ProtocolMapper> {
    for mapper in &mut list {
        if mapper.id.is_none() {
            let same = stored.iter().find(|s| s.name == mapper.name && s.protocol == mapper.protocol);
            mapper.id = same.and_then(|s| s.id.clone());
        }
    }
    list
}

/// Clients that every realm needs.
pub(crate) const NEEDED: [&str; 6] =
    ["account", "account-console", "admin-cli", "broker", "security-admin-console", "realm-management"];

/// `DELETE …/clients/{id}`.
pub(crate) fn delete(cx: &mut Cx, req: cloakroom_api::admin::clients::delete::Request) -> Result<()> {
    let client = super::access::manage(cx, &req.id)?;
    if NEEDED.contains(&client.client_id.as_str()) {
        return Err(oauth(StatusCode::BAD_REQUEST, "invalid_request", "Could not delete client"));
    }
    let realm = cx.admin()?.realm.id.clone();
    if !clients::delete(cx.write()?, &realm, &client.id)? {
        return Err(error::not_found("Could not find client"));
    }
    cx.touched(Touched::Client { realm, id: req.id });
    Ok(())
}
