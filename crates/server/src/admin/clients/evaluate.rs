//! What a client's tokens would hold: which mappers take part, which roles they may carry, and examples.

use super::access;
use crate::{
    Result,
    admin::access::AdminRole,
    cx::Cx,
    error::{error, not_found},
    realm_view::ClientView,
    route::Routes,
    token::{
        claims::Claims,
        context::{Context, SessionPart},
        mappers::{LEVEL, Place},
        mint::{self, Kind, Order},
        scope::Scopes,
        sessions::{Times, expiry},
    },
};
use cloakroom_api::admin::{
    clients::{
        EvaluationQuery,
        evaluate::{access_token, granted, id_token, not_granted, protocol_mappers, userinfo},
    },
    mappers::ProtocolMapperEvaluation,
    roles::Role,
};
use cloakroom_store::{claims::roles_in_reach, roles, users};
use http::StatusCode;
use serde_json::{Map, Value};
use std::{collections::HashSet, sync::Arc};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .at(access_token)
        .at(id_token)
        .at(userinfo)
        .at(mappers)
        .at(|cx: &mut Cx, req: granted::Request| {
            in_scope(cx, &req.client, &req.container, req.query.scope.as_deref(), true)
        })
        .at(|cx: &mut Cx, req: not_granted::Request| {
            in_scope(cx, &req.client, &req.container, req.query.scope.as_deref(), false)
        })
}

fn mappers(cx: &mut Cx, req: protocol_mappers::Request) -> Result<Vec<ProtocolMapperEvaluation>> {
    let client = access::view(cx, &req.client)?;
    let realm = cx.admin()?.realm.clone();
    let scopes = Scopes::recall(&realm, &client, req.query.scope.as_deref());
    let own = client.settings.protocol_mappers.iter().flatten().map(|m| (m, &client.id, "", "client"));
    let shared = scopes.granted.iter().filter_map(|s| realm.scope(&s.id)).flat_map(|scope| {
        let name = scope.name.as_deref().unwrap_or_default();
        let id = scope.id.iter();
        id.flat_map(move |id| scope.protocol_mappers.iter().flatten().map(move |m| (m, id, name, "client-scope")))
    });
    let shown = own.chain(shared).map(|(mapper, container, name, kind)| ProtocolMapperEvaluation {
        mapper_id: mapper.id.clone(),
        mapper_name: mapper.name.clone(),
        container_id: Some(container.clone()),
        container_name: Some(name.to_owned()),
        container_type: Some(kind.to_owned()),
        protocol_mapper: mapper.protocol_mapper.clone(),
    });
    Ok(shown.collect())
}

/// The roles of a realm or client that tokens with this scope may carry, or may not.
fn in_scope(cx: &mut Cx, client: &str, container: &str, scope: Option<&str>, granted: bool) -> Result<Vec<Role>> {
    let client = access::view(cx, client)?;
    let realm = cx.admin()?.realm.clone();
    let of = if container == realm.name {
        None
    } else {
        let found = cx.find_client_by_id(&realm, container)?;
        Some(found.ok_or_else(|| not_found("Role Container not found"))?.id.clone())
    };
    let reach: Option<HashSet<String>> = if client.settings.full_scope_allowed == Some(true) {
        None
    } else {
        let scopes = Scopes::recall(&realm, &client, scope);
        let bound = scopes.granted.iter().flat_map(|scope| &scope.roles);
        let seeds: Vec<&str> = client.scope_mappings.iter().chain(bound).map(String::as_str).collect();
        Some(roles_in_reach(cx.read()?, &seeds, Some(&client.id))?.into_iter().collect())
    };
    let all = roles::list(cx.read()?, &realm.id, of.as_deref(), "", 0, i64::MAX)?;
    let wanted = all.into_iter().filter(|role| reach.as_ref().is_none_or(|reach| reach.contains(&role.id)) == granted);
    Ok(wanted.map(|role| role.representation(&realm.id, true)).collect())
}

fn access_token(cx: &mut Cx, req: access_token::Request) -> Result<Map<String, Value>> {
    let audience = req.query.audience.clone().filter(|audience| !audience.is_empty());
    let client = access::view(cx, &req.client)?;
    let claims = example(cx, &client, req.query, mint::access_claims)?;
    let Some(audience) = audience else { return Ok(claims.into_map()) };
    let realm = cx.admin()?.realm.clone();
    // one that is no client is passed over
    let unreachable = cx.find_client(&realm, &audience)?.is_some() && !claims.audience().contains(&audience);
    if unreachable {
        return Err(not_found(format!("Requested audience not available: {audience}")));
    }
    Ok(claims.into_map())
}

fn id_token(cx: &mut Cx, req: id_token::Request) -> Result<Map<String, Value>> {
    let client = access::view(cx, &req.client)?;
    Ok(example(cx, &client, req.query, |context, order| mint::id_claims(context, order, None))?.into_map())
}

fn userinfo(cx: &mut Cx, req: userinfo::Request) -> Result<Map<String, Value>> {
    let client = access::view(cx, &req.client)?;
    let claims = example(cx, &client, req.query, |context, _| {
        let mut claims = Claims::new();
        claims.set("sub", context.subject.user.id.as_str());
        context.add_claims(Place::Userinfo, &mut claims);
        claims
    })?;
    Ok(claims.into_map())
}

/// The claims that a user would get in a session of now.
fn example(
    cx: &mut Cx,
    client: &Arc<ClientView>,
    query: EvaluationQuery,
    claims: impl FnOnce(&Context<'_>, &Order) -> Claims,
) -> Result<Claims> {
    let admin = cx.admin()?.clone();
    if !admin.has_any(&[AdminRole::ManageUsers, AdminRole::ViewUsers]) {
        return Err(error(StatusCode::FORBIDDEN, "You have no access to this user"));
    }
    let realm = &admin.realm;
    let user = query.user_id.filter(|id| !id.is_empty()).ok_or_else(|| not_found("No userId provided"))?;
    let user = users::by_id(cx.read()?, &realm.id, &user)?.ok_or_else(|| not_found("No user found"))?;
    let scopes = Scopes::recall(realm, client, query.scope.as_deref());
    let level = [(LEVEL.to_owned(), "1".to_owned())].into();
    let session = SessionPart { id: Some(cx.app.random.token()), client_notes: level, ..SessionPart::default() };
    let now = cx.now();
    let times = Times { offline: false, remember_me: false, started: now, client_started: now };
    let order = Order {
        now: cx.now_seconds(),
        kind: Kind::Online,
        grant: "ro",
        expiry: expiry(&realm.settings, client, times, now),
        ids: [cx.new_id(), cx.new_id()],
        id_token: true,
        refresh: None,
    };
    let context = Context::load(cx, realm, client, user, scopes, session)?;
    Ok(claims(&context, &order))
}
