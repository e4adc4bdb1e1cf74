//! Roles of a realm, of its clients, and by id.

use super::{
    access::{Admin, AdminRole::*, MASTER},
    composites,
    handing_out::{MASTER_ROLES, administrates},
    paging::{ALL, page},
    role_holders,
};
use crate::{
    Result,
    cx::Cx,
    error::{Expected, bad_request, conflict, error, forbidden, not_found, oauth},
    realm_view::ClientView,
    route::Routes,
};
use cloakroom_api::{
    admin::roles::{self as api, CompositeQuery, Role, RoleQuery},
    endpoint::Created,
};
use cloakroom_store::roles::{self, RoleRow};
use http::StatusCode;
use std::sync::Arc;

/// The same operations on the realm's roles and on those of a client: `$client` is the id of the client that a request
/// names, or `None`.
macro_rules! rows {
    ($rows:path, |$req:ident| $client:expr) => {{
        use $rows as rows;
        Routes::new()
            .at(|cx: &mut Cx, $req: rows::create::Request| create(cx, $client, $req.body))
            .at(|cx: &mut Cx, $req: rows::list::Request| list(cx, $client, $req.query))
            .at(|cx: &mut Cx, $req: rows::get::Request| {
                let role = find(cx, To::View, $client, &$req.name)?;
                get(cx, role)
            })
            .at(|cx: &mut Cx, $req: rows::update::Request| {
                let role = find(cx, To::Manage, $client, &$req.name)?;
                update(cx, role, $req.body)
            })
            .at(|cx: &mut Cx, $req: rows::delete::Request| {
                let role = find(cx, To::Manage, $client, &$req.name)?;
                delete(cx, &role)
            })
            .at(|cx: &mut Cx, $req: rows::composites::Request| {
                let role = find(cx, To::View, $client, &$req.name)?;
                composites::list(cx, &role, CompositeQuery::default())
            })
            .at(|cx: &mut Cx, $req: rows::realm_composites::Request| {
                let role = find(cx, To::View, $client, &$req.name)?;
                composites::of_realm(cx, &role)
            })
            .at(|cx: &mut Cx, $req: rows::client_composites::Request| {
                let role = find(cx, To::View, $client, &$req.name)?;
                composites::of_client(cx, &role, &$req.of)
            })
            .at(|cx: &mut Cx, $req: rows::add_composites::Request| {
                let role = find(cx, To::Manage, $client, &$req.name)?;
                composites::add(cx, &role, &$req.body)
            })
            .at(|cx: &mut Cx, $req: rows::remove_composites::Request| {
                let role = find(cx, To::Manage, $client, &$req.name)?;
                composites::remove(cx, &role, &$req.body)
            })
            .at(|cx: &mut Cx, $req: rows::users::Request| {
                let container = Container::of(cx, $client)?;
                role_holders::users(cx, &container, &$req.name, $req.query)
            })
            .at(|cx: &mut Cx, $req: rows::groups::Request| {
                let container = Container::of(cx, $client)?;
                role_holders::groups(cx, &container, &$req.name, $req.query)
            })
    }};
}

/// The operations on roles.
pub(super) fn routes() -> Routes {
    Routes::new().merge(rows!(api, |req| None)).merge(rows!(api::of_client, |req| Some(&req.client))).merge(by_id())
}

fn by_id() -> Routes {
    use api::by_id as rows;
    Routes::new()
        .at(|cx: &mut Cx, req: rows::get::Request| {
            let role = find_by_id(cx, To::View, &req.id)?;
            get(cx, role)
        })
        .at(|cx: &mut Cx, req: rows::update::Request| {
            let role = find_by_id(cx, To::Manage, &req.id)?;
            update(cx, role, req.body)
        })
        .at(|cx: &mut Cx, req: rows::delete::Request| {
            let role = find_by_id(cx, To::Manage, &req.id)?;
            delete(cx, &role)
        })
        .at(|cx: &mut Cx, req: rows::composites::Request| {
            let role = find_by_id(cx, To::View, &req.id)?;
            composites::list(cx, &role, req.query)
        })
        .at(|cx: &mut Cx, req: rows::realm_composites::Request| {
            let role = find_by_id(cx, To::View, &req.id)?;
            composites::of_realm(cx, &role)
        })
        .at(|cx: &mut Cx, req: rows::client_composites::Request| {
            let role = find_by_id(cx, To::View, &req.id)?;
            composites::of_client(cx, &role, &req.of)
        })
        .at(|cx: &mut Cx, req: rows::add_composites::Request| {
            let role = find_by_id(cx, To::Manage, &req.id)?;
            composites::add(cx, &role, &req.body)
        })
        .at(|cx: &mut Cx, req: rows::remove_composites::Request| {
            let role = find_by_id(cx, To::Manage, &req.id)?;
            composites::remove(cx, &role, &req.body)
        })
}

/// The longest name of a role, in characters.
const NAME: usize = 255;

/// What roles belong to.
pub(super) struct Container {
    /// Who asks, and about which realm.
    pub(super) admin: Admin,
    /// The client; `None` for the realm itself.
    pub(super) client: Option<Arc<ClientView>>,
}

impl Container {
    /// The realm, or the client of this id: that there is none, only those learn who may look for clients.
    pub(super) fn of(cx: &mut Cx, client: Option<&String>) -> Result<Self> {
        let admin = cx.admin()?.clone();
        let Some(id) = client else { return Ok(Container { admin, client: None }) };
        match cx.find_client_by_id(&admin.realm, id)? {
            Some(client) => Ok(Container { admin, client: Some(client) }),
            None if admin.has_any(&[QueryClients, ViewClients, ManageClients]) => {
                Err(not_found("Could not find client"))
            }
            None => Err(forbidden()),
        }
    }

    /// The client's id.
    pub(super) fn client_id(&self) -> Option<&str> {
        self.client.as_ref().map(|c| c.id.as_str())
    }

    /// 403 for those who may not do this with the roles; those of an administration nobody may change.
    pub(super) fn require(&self, to: To) -> Result<()> {
        match (&self.client, to) {
            (None, To::List) => self.admin.require(&[ViewRealm, ManageRealm, ManageIdentityProviders]),
            (None, To::View) => self.admin.require(&[ViewRealm, ManageRealm]),
            (None, To::Manage) => self.admin.require(&[ManageRealm]),
            (Some(_), To::List | To::View) => self.admin.require(&[ViewClients, ManageClients]),
            (Some(c), To::Manage) if administrates(&self.admin.realm.name, &c.client_id) => Err(forbidden()),
            (Some(_), To::Manage) => self.admin.require(&[ManageClients]),
        }
    }

    /// The role of this name.
    pub(super) fn role(&self, cx: &mut Cx, name: &str) -> Result<RoleRow> {
        let found = roles::by_name(cx.read()?, &self.admin.realm.id, self.client_id(), name)?;
        found.ok_or_else(|| not_found("Could not find role"))
    }
}

/// What an administrator wants with roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum To {
    /// See which there are.
    List,
    /// See one, and who has it.
    View,
    /// Make, change or delete one.
    Manage,
}

fn find(cx: &mut Cx, to: To, client: Option<&String>, name: &str) -> Result<RoleRow> {
    let container = Container::of(cx, client)?;
    container.require(to)?;
    let role = container.role(cx, name)?;
    unprotected(&container.admin, to, role)
}

/// A role by its id: 404 comes before 403.
fn find_by_id(cx: &mut Cx, to: To, id: &str) -> Result<RoleRow> {
    let admin = cx.admin()?.clone();
    let nothing = || not_found("Could not find role with id");
    let role = roles::by_id(cx.read()?, &admin.realm.id, id)?.ok_or_else(nothing)?;
    let client = match &role.client {
        Some(id) => Some(cx.find_client_by_id(&admin.realm, id)?.ok_or_else(nothing)?),
        None => None,
    };
    Container { admin: admin.clone(), client }.require(to)?;
    unprotected(&admin, to, role)
}

/// 403 for master's roles that make administrators: they are not to be changed.
fn unprotected(admin: &Admin, to: To, role: RoleRow) -> Result<RoleRow> {
    let protected = admin.realm.name == MASTER && role.client.is_none() && MASTER_ROLES.contains(&role.name.as_str());
    if protected && to == To::Manage { Err(forbidden()) } else { Ok(role) }
}

fn create(cx: &mut Cx, client: Option<&String>, body: Role) -> Result<Created> {
    let container = Container::of(cx, client)?;
    container.require(To::Manage)?;
    let realm = container.admin.realm.clone();
    let name = name_of(&body)?.to_owned();
    let contained = match body.composites {
        Some(names) if body.composite == Some(true) => composites::named(cx, &container.admin, names)?,
        _ => Vec::new(),
    };
    let row = RoleRow {
        id: cx.new_id(),
        client: container.client_id().map(str::to_owned),
        name,
        description: body.description,
        attributes: body.attributes.unwrap_or_default(),
        composite: false,
    };
    let db = cx.write()?;
    roles::insert(db, &realm.id, &row)
        .or_conflict(|| conflict(format!("Role with name {} already exists", row.name)))?;
    for role in contained {
        roles::add_composite(db, &row.id, &role.id)?;
    }
    let location = match container.client_id() {
        Some(client) => cx.location(&realm.name, &["clients", client, "roles", &row.name]),
        None => cx.location(&realm.name, &["roles", &row.name]),
    };
    Ok(Created::at(location))
}

fn list(cx: &mut Cx, client: Option<&String>, query: RoleQuery) -> Result<Vec<Role>> {
    let container = Container::of(cx, client)?;
    container.require(To::List)?;
    let realm = container.admin.realm.clone();
    let (first, max) = match (query.first, query.max) {
        (Some(first), Some(max)) => page(Some(first), Some(max), ALL),
        _ => (0, ALL),
    };
    let search = query.search.as_deref().unwrap_or_default().trim();
    let rows = roles::list(cx.read()?, &realm.id, container.client_id(), search, first, max)?;
    let brief = query.brief_representation != Some(false);
    Ok(rows.into_iter().map(|r| r.representation(&realm.id, brief)).collect())
}

fn get(cx: &mut Cx, role: RoleRow) -> Result<Role> {
    Ok(role.representation(&cx.admin()?.realm.id, false))
}

fn update(cx: &mut Cx, role: RoleRow, body: Role) -> Result<()> {
    let realm = cx.admin()?.realm.clone();
    let name = name_of(&body)?.to_owned();
    let attributes = body.attributes.unwrap_or(role.attributes);
    let row = RoleRow { name, description: body.description, attributes, ..role };
    let duplicate = || oauth(StatusCode::CONFLICT, "conflict", "Duplicate resource error");
    roles::update(cx.write()?, &realm.id, &row).or_conflict(duplicate)?;
    Ok(())
}

fn delete(cx: &mut Cx, role: &RoleRow) -> Result<()> {
    let realm = cx.admin()?.realm.clone();
    if realm.default_role.as_deref() == Some(&role.id) {
        return Err(bad_request(format!("{} is default role of the realm and cannot be removed.", role.name)));
    }
    roles::delete(cx.write()?, &realm.id, &role.id)?;
    Ok(())
}

/// The name that a body has, which must be one.
fn name_of(body: &Role) -> Result<&str> {
    let refused = |words: String| Err(error(StatusCode::BAD_REQUEST, words));
    match body.name.as_deref() {
        None | Some("") => refused("role has no name".to_owned()),
        Some(name) if name.chars().count() > NAME => refused(format!("role name is longer than {NAME} characters")),
        Some(name) => Ok(name),
    }
}
