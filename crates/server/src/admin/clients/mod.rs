//! Clients: making, listing, changing and deleting them. What hangs off one client has a file each.

mod access;
mod certificates;
mod create;
mod evaluate;
mod installation;
mod nodes;
pub(crate) mod scopes;
mod secret;
mod service_account;
mod update;
mod urls;

pub(crate) use access::{MAY_ASK, MAY_VIEW, manage, view};
pub(crate) use create::locked;
pub(crate) use update::NEEDED;

use crate::{Result, admin::attribute_query, cx::Cx, error::oauth, route::Routes};
use cloakroom_api::admin::clients::{Client, get, list};
use cloakroom_store::clients::{self, ClientFilter};
use http::StatusCode;
use std::collections::HashMap;

/// Everything below `…/clients`, without roles, mappers and scope mappings.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .at(create::create)
        .at(list)
        .at(get)
        .at(update::update)
        .at(update::delete)
        .at(service_account::get)
        .merge(certificates::routes())
        .merge(evaluate::routes())
        .merge(installation::routes())
        .merge(nodes::routes())
        .merge(scopes::routes())
        .merge(secret::routes())
}

/// The attributes that clients can be found by.
const SEARCHABLE: [&str; 4] = [
    "jwt.credential.issuer",
    "jwt.credential.sub",
    "saml.artifact.binding.identifier",
    "saml_idp_initiated_sso_url_name",
];

fn list(cx: &mut Cx, req: list::Request) -> Result<Vec<Client>> {
    let admin = cx.admin()?.clone();
    admin.require(&MAY_ASK)?;
    let query = req.query;
    let attributes = attribute_query::parse(query.q.as_deref().unwrap_or_default());
    let others: Vec<&str> = attributes.keys().map(String::as_str).filter(|name| !SEARCHABLE.contains(name)).collect();
    if !others.is_empty() {
        let words = format!("Attributes [{}] not allowed for search", others.join(", "));
        return Err(oauth(StatusCode::BAD_REQUEST, "invalid_request", words));
    }
    if !admin.has_any(&MAY_VIEW) {
        return Ok(Vec::new());
    }
    let (realm, part) = (&admin.realm, query.search == Some(true));
    let named = query.client_id.filter(|name| !name.trim().is_empty());
    let filter =
        ClientFilter { client_id: named.clone().filter(|_| !part), search: named.filter(|_| part), attributes };
    let first = query.first.map_or(0, i64::from).max(0);
    let max = query.max.map(i64::from).filter(|max| *max >= 0).unwrap_or(i64::MAX);
    let page = clients::list(cx.read()?, &realm.id, &filter, first, max)?;
    let ids: Vec<&str> = page.iter().filter_map(|c| c.id.as_deref()).collect();
    let mut scopes: HashMap<String, Vec<(String, bool)>> = HashMap::new();
    for (client, scope, is_default) in clients::scopes_of(cx.read()?, &ids)? {
        scopes.entry(client).or_default().push((scope, is_default));
    }
    let shown = page.into_iter().map(|client| {
        let of_client = client.id.as_ref().and_then(|id| scopes.remove(id)).unwrap_or_default();
        let access = access::access(&admin, &client);
        Client { access: Some(access), ..access::represent(realm, client, &of_client) }
    });
    Ok(shown.collect())
}

fn get(cx: &mut Cx, req: get::Request) -> Result<Client> {
    let client = access::view(cx, &req.id)?;
    let admin = cx.admin()?;
    let access = access::access(admin, &client.settings);
    Ok(Client { access: Some(access), ..access::represent(&admin.realm, client.settings.clone(), &client.scopes) })
}
