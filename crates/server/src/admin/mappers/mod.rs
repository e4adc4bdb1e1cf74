//! Protocol mappers of clients and client scopes.

use super::{client_scopes, clients};
use crate::{
    App, Result,
    caches::Touched,
    cx::Cx,
    error::{bad_request, conflict, not_found, oauth},
    route::Routes,
};
use cloakroom_api::{
    admin::mappers::{ProtocolMapper, of_client, of_client_scope, of_client_template},
    endpoint::Created,
    fields::StringMap,
};
use http::StatusCode;
use std::collections::HashSet;

mod kinds;
mod pairwise;

/// The longest name, in characters, and the most mappers of one client or client scope.
const LONGEST: usize = 255;
const MOST: usize = 1000;

/// What has mappers, by its id, and the path that it was reached by.
#[derive(Debug, Clone, Copy)]
enum Owner<'a> {
    Client(&'a str),
    Scope(&'a str, &'static str),
}

/// The operations of one kind of owner.
macro_rules! serve {
    ($routes:expr, $rows:ident, |$req:ident| $owner:expr) => {
        $routes
            .at(|cx: &mut Cx, $req: $rows::create::Request| create(cx, $owner, $req.body.clone()))
            .at(|cx: &mut Cx, $req: $rows::create_all::Request| create_all(cx, $owner, $req.body.clone()))
            .at(|cx: &mut Cx, $req: $rows::list::Request| list(cx, $owner))
            .at(|cx: &mut Cx, $req: $rows::of_protocol::Request| of_protocol(cx, $owner, &$req.protocol))
            .at(|cx: &mut Cx, $req: $rows::get::Request| get(cx, $owner, &$req.id))
            .at(|cx: &mut Cx, $req: $rows::update::Request| update(cx, $owner, &$req.id, $req.body.clone()))
            .at(|cx: &mut Cx, $req: $rows::delete::Request| delete(cx, $owner, &$req.id))
    };
}

pub(crate) fn routes() -> Routes {
    let routes = serve!(Routes::new(), of_client, |req| Owner::Client(&req.client));
    let routes = serve!(routes, of_client_scope, |req| Owner::Scope(&req.scope, "client-scopes"));
    serve!(routes, of_client_template, |req| Owner::Scope(&req.scope, "client-templates"))
}

/// The mappers that a new client or client scope brings. Of old configurations, userinfo has what the ID token has.
pub(crate) fn of_new_owner(
    app: &App,
    given: Option<Vec<ProtocolMapper>>,
    taken: impl Fn() -> crate::Error,
) -> Result<Vec<ProtocolMapper>> {
    let mut list = checked(app, given.unwrap_or_default(), taken)?;
    for config in list.iter_mut().filter_map(|m| m.config.as_mut()) {
        if let Some(id_token) =
            config.get(kinds::ID).map(str::to_owned).filter(|_| !config.contains_key(kinds::USERINFO))
        {
            config.insert(kinds::USERINFO, id_token);
        }
    }
    Ok(list)
}

/// A whole list of mappers as it is stored: with ids, and no two of one name and protocol.
pub(crate) fn checked(
    app: &App,
    list: Vec<ProtocolMapper>,
    taken: impl Fn() -> crate::Error,
) -> Result<Vec<ProtocolMapper>> {
    if list.len() > MOST {
        return Err(bad_request("Too many protocol mappers"));
    }
    let (mut ids, mut names) = (HashSet::new(), HashSet::new());
    let mut out = Vec::new();
    for mapper in list {
        let mapper = stored(app, mapper)?;
        if mapper.protocol.is_none()
            || !ids.insert(mapper.id.clone())
            || !names.insert((mapper.name.clone(), mapper.protocol.clone()))
        {
            return Err(taken());
        }
        out.push(mapper);
    }
    Ok(out)
}

/// A mapper as it is stored: with an id, without empty configuration, never asking for consent.
fn stored(app: &App, mapper: ProtocolMapper) -> Result<ProtocolMapper> {
    let duplicate = || oauth(StatusCode::CONFLICT, "conflict", "Duplicate resource error");
    let name = mapper.name.ok_or_else(duplicate)?;
    if name.chars().count() > LONGEST {
        return Err(bad_request(format!("The name of a protocol mapper must not be longer than {LONGEST} characters")));
    }
    Ok(ProtocolMapper {
        id: Some(mapper.id.filter(|id| !id.is_empty()).unwrap_or_else(|| app.random.uuid())),
        name: Some(name),
        protocol: mapper.protocol,
        protocol_mapper: mapper.protocol_mapper,
        consent_required: Some(false),
        consent_text: None,
        config: Some(without_blanks(mapper.config.unwrap_or_default())),
    })
}

fn without_blanks(config: StringMap) -> StringMap {
    config.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// 404 for a kind of mapper that there is not.
fn known(mapper: &ProtocolMapper) -> Result<()> {
    let known = mapper.protocol_mapper.as_deref().is_some_and(kinds::is_known);
    if known { Ok(()) } else { Err(not_found("ProtocolMapper provider not found")) }
}

fn missing() -> crate::Error {
    not_found("Model not found")
}

/// The owner's mappers, for somebody who may see them.
fn view(cx: &mut Cx, owner: Owner<'_>) -> Result<Vec<ProtocolMapper>> {
    let list = match owner {
        Owner::Client(id) => clients::view(cx, id)?.settings.protocol_mappers.clone(),
        Owner::Scope(id, _) => client_scopes::view(cx, id)?.protocol_mappers,
    };
    Ok(list.unwrap_or_default())
}

/// Changes the owner's mappers, for somebody who may.
fn change<T>(cx: &mut Cx, owner: Owner<'_>, with: impl FnOnce(&mut Vec<ProtocolMapper>) -> Result<T>) -> Result<T> {
    let realm = cx.admin()?.realm.id.clone();
    match owner {
        Owner::Client(id) => {
            let mut client = clients::locked(cx, id)?;
            let out = with(client.protocol_mappers.get_or_insert_default())?;
            cloakroom_store::clients::update(cx.write()?, &realm, &client)?;
            cx.touched(Touched::Client { realm, id: id.to_owned() });
            Ok(out)
        }
        Owner::Scope(id, _) => {
            let mut scope = client_scopes::locked(cx, id)?;
            let out = with(scope.protocol_mappers.get_or_insert_default())?;
            cloakroom_store::client_scopes::update(cx.write()?, &realm, &scope)?;
            cx.touched(Touched::Realm { id: realm });
            Ok(out)
        }
    }
}

/// 404, then 403, before anything is said about a body.
fn may_change(cx: &mut Cx, owner: Owner<'_>) -> Result<()> {
    match owner {
        Owner::Client(id) => clients::manage(cx, id).map(drop),
        Owner::Scope(id, _) => client_scopes::manage(cx, id),
    }
}

/// Checks of kinds that look at the client.
fn check(cx: &mut Cx, owner: Owner<'_>, mapper: &mut ProtocolMapper) -> Result<()> {
    known(mapper)?;
    if mapper.protocol_mapper.as_deref() == Some(pairwise::KIND) {
        let client = match owner {
            Owner::Client(id) => Some(clients::view(cx, id)?),
            Owner::Scope(..) => None,
        };
        pairwise::check(cx, client.as_deref(), mapper)?;
    }
    Ok(())
}

fn create(cx: &mut Cx, owner: Owner<'_>, mut given: ProtocolMapper) -> Result<Created> {
    may_change(cx, owner)?;
    check(cx, owner, &mut given)?;
    let duplicate = || conflict("Protocol mapper exists with same name");
    let mapper = stored(&cx.app, given)?;
    if mapper.protocol.is_none() {
        return Err(oauth(StatusCode::CONFLICT, "conflict", "Duplicate resource error"));
    }
    let id = mapper.id.clone().unwrap_or_default();
    change(cx, owner, |list| add(list, mapper, duplicate))?;
    let realm = cx.admin()?.realm.name.clone();
    let (path, of) = match owner {
        Owner::Client(id) => ("clients", id),
        Owner::Scope(id, path) => (path, id),
    };
    Ok(Created::at(cx.location(&realm, &[path, of, "protocol-mappers", "models", &id])))
}

/// All of them or none.
fn create_all(cx: &mut Cx, owner: Owner<'_>, given: Vec<ProtocolMapper>) -> Result<()> {
    may_change(cx, owner)?;
    let duplicate = || oauth(StatusCode::CONFLICT, "conflict", "Protocol mapper name must be unique per protocol");
    let mut new = Vec::new();
    for mut mapper in given {
        check(cx, owner, &mut mapper)?;
        new.push(stored(&cx.app, mapper)?);
    }
    change(cx, owner, |list| new.into_iter().try_for_each(|mapper| add(list, mapper, duplicate)))
}

fn add(list: &mut Vec<ProtocolMapper>, mapper: ProtocolMapper, duplicate: impl Fn() -> crate::Error) -> Result<()> {
    let same = |m: &ProtocolMapper| m.id == mapper.id || m.name == mapper.name && m.protocol == mapper.protocol;
    if list.iter().any(same) {
        return Err(duplicate());
    }
    if list.len() >= MOST {
        return Err(bad_request("Too many protocol mappers"));
    }
    list.push(mapper);
    Ok(())
}

fn list(cx: &mut Cx, owner: Owner<'_>) -> Result<Vec<ProtocolMapper>> {
    Ok(view(cx, owner)?.into_iter().map(kinds::effective).collect())
}

fn of_protocol(cx: &mut Cx, owner: Owner<'_>, protocol: &str) -> Result<Vec<ProtocolMapper>> {
    let mut all = list(cx, owner)?;
    all.retain(|m| m.protocol.as_deref() == Some(protocol));
    Ok(all)
}

fn get(cx: &mut Cx, owner: Owner<'_>, id: &str) -> Result<ProtocolMapper> {
    let all = view(cx, owner)?;
    let found = all.into_iter().find(|m| m.id.as_deref() == Some(id));
    found.map(kinds::effective).ok_or_else(missing)
}

/// Kind and configuration are replaced; name and protocol stay.
fn update(cx: &mut Cx, owner: Owner<'_>, id: &str, mut given: ProtocolMapper) -> Result<()> {
    may_change(cx, owner)?;
    if !view(cx, owner)?.iter().any(|m| m.id.as_deref() == Some(id)) {
        return Err(missing());
    }
    check(cx, owner, &mut given)?;
    change(cx, owner, |list| {
        let mapper = list.iter_mut().find(|m| m.id.as_deref() == Some(id)).ok_or_else(missing)?;
        mapper.protocol_mapper = given.protocol_mapper;
        mapper.config = Some(without_blanks(given.config.unwrap_or_default()));
        Ok(())
    })
}

fn delete(cx: &mut Cx, owner: Owner<'_>, id: &str) -> Result<()> {
    change(cx, owner, |list| {
        let before = list.len();
        list.retain(|m| m.id.as_deref() != Some(id));
        if list.len() < before { Ok(()) } else { Err(missing()) }
    })
}
