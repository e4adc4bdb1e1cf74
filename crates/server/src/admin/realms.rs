//! Realms: created, listed, read, changed and deleted; what anybody may know of one.

use super::access::{
    self,
    AdminRole::{self, *},
    MASTER, roles_among,
};
use crate::{
    Result,
    caches::Touched,
    cx::Cx,
    error::{self, Expected, bad_request, conflict, not_found},
    keys::Material,
    oidc::{cors, cors::Exposed},
    realm::{export, import, master, settings, show},
    route::Routes,
};
use axum::response::{IntoResponse, Response};
use cloakroom_api::{
    admin::realms::{self, GlobalRequestResult, PartialImportResults, PublishedRealm},
    endpoint::{Created, Endpoint},
};
use cloakroom_store::{realms as store, roles};
use data_encoding::BASE64;
use http::{Method, StatusCode, header};
use std::collections::HashMap;

/// Who may look.
const VIEW: [AdminRole; 2] = [ViewRealm, ManageRealm];

/// The routes of this file.
pub(super) fn routes() -> Routes {
    let preflight = |cx: &mut Cx, _: Vec<String>, _: &[u8]| Ok(cors::preflight(&cx.parts.headers, cors::READ));
    Routes::new()
        .at(create)
        .at(list)
        .at(get)
        .at(update)
        .at(delete)
        .at(partial_export)
        .at(partial_import)
        .at(push_revocation)
        .at(credential_registrators)
        .at(public)
        .page(Method::OPTIONS, realms::public::get::Request::PATH, preflight)
        .page(Method::GET, "/realms/{realm}/", public_with_slash)
}

fn create(cx: &mut Cx, req: realms::create::Request) -> Result<Created> {
    let (home, bearer) = cx.caller()?;
    access::require_creator(cx, &home, &bearer)?;
    let mut realm = req.body;
    let name = realm.realm.clone().unwrap_or_default();
    if name.trim().is_empty() {
        return Err(bad_request("Realm name cannot be empty"));
    }
    settings::reserved_as(&name, |words| error::error(StatusCode::BAD_REQUEST, words))?;
    import::limits(&realm)?;
    settings::complete_otp_policy(&mut realm);
    let row = import::create(cx, realm)?;
    let now = cx.now();
    let app = cx.app.clone();
    // who may make realms shall be able to work in those that they made
    master::entrust(&app, cx.write()?, &row.name, &bearer.user.id, now)?;
    Ok(Created::at(cx.location(&row.name, &[])))
}

fn list(cx: &mut Cx, req: realms::list::Request) -> Result<Vec<realms::Realm>> {
    let (home, bearer) = cx.caller()?;
    let granted = roles::of_user(cx.read()?, &bearer.user.id)?;
    let sees = |id: &str, name: &str| -> Option<bool> {
        let roles = roles_among(&granted, &home, id, name);
        (!roles.is_empty()).then(|| roles.contains(&ViewRealm) || roles.contains(&ManageRealm))
    };
    let mut all = store::names(cx.read()?)?;
    all.retain(|realm| sees(&realm.id, &realm.name).is_some());
    if all.is_empty() {
        return Err(error::forbidden());
    }
    let name_only = |name: String| realms::Realm { realm: Some(name), ..realms::Realm::default() };
    if req.query.brief_representation == Some(true) {
        let shown = |realm: store::RealmName| match sees(&realm.id, &realm.name) {
            Some(true) => show::brief(realm),
            _ => name_only(realm.name),
        };
        return Ok(all.into_iter().map(shown).collect());
    }
    let db = cx.read()?;
    let rows = if home.name == MASTER { store::list(db)? } else { Vec::from_iter(store::by_id(db, &home.id)?) };
    let mut default_roles: HashMap<_, _> =
        store::default_roles(db)?.into_iter().map(|role| (role.id.clone(), role)).collect();
    let with_groups = store::with_default_groups(db)?;
    let mut shown = Vec::new();
    for row in rows {
        match sees(&row.id, &row.name) {
            Some(true) => {
                let role = row.default_role.as_ref().and_then(|id| default_roles.remove(id));
                let groups =
                    if with_groups.contains(&row.id) { show::default_groups(db, &row.id)? } else { Vec::new() };
                shown.push(show::with(row, role, groups.into_iter().map(|(_, path)| path).collect()));
            }
            Some(false) => shown.push(name_only(row.name)),
            None => {}
        }
    }
    Ok(shown)
}

fn get(cx: &mut Cx, _: realms::get::Request) -> Result<realms::Realm> {
    let admin = cx.admin()?.clone();
    admin.require_some()?;
    if !admin.has_any(&[ViewRealm, ManageRealm]) {
        return Ok(show::few(&admin.realm));
    }
    show::whole(cx.read()?, &admin.realm)
}

fn update(cx: &mut Cx, req: realms::update::Request) -> Result<()> {
    let admin = cx.admin_with(&[ManageRealm])?;
    let old = &admin.realm;
    let name = req.body.realm.clone().filter(|name| *name != old.name);
    if let Some(name) = &name {
        if old.name == MASTER {
            return Err(bad_request("Can't rename master realm"));
        }
        if name.trim().is_empty() {
            return Err(bad_request("Realm name cannot be empty"));
        }
        settings::reserved(name)?;
        if cx.find_realm(name)?.is_some() {
            return Err(taken());
        }
    }
    import::limits(&req.body)?;
    let changes = req.body;
    let id = old.id.clone();
    // read again under the lock: another change may have come between
    let mut row = store::lock(cx.write()?, &id)?.ok_or_else(|| not_found("Realm not found."))?;
    row.settings = settings::change(&row.settings, changes)?;
    if let Some(new) = &name {
        row.name.clone_from(new);
    }
    store::update(cx.write()?, &row).or_conflict(taken)?;
    if let Some(new) = &name {
        for touched in master::renamed(cx.write()?, &id, &old.name, new)? {
            cx.touched(touched);
        }
    }
    cx.touched(Touched::Realm { id });
    Ok(())
}

fn taken() -> crate::Error {
    conflict("Realm with same name exists")
}

fn delete(cx: &mut Cx, _: realms::delete::Request) -> Result<()> {
    let admin = cx.admin_with(&[ManageRealm])?;
    let realm = &admin.realm;
    if realm.name == MASTER {
        return Err(error::error(StatusCode::BAD_REQUEST, "Can't remove master realm"));
    }
    store::delete(cx.write()?, &realm.id)?;
    if let Some(touched) = master::remove(cx.write()?, &realm.name)? {
        cx.touched(touched);
    }
    cx.touched(Touched::Realm { id: realm.id.clone() });
    Ok(())
}

fn partial_export(cx: &mut Cx, req: realms::partial_export::Request) -> Result<realms::Realm> {
    let realm = cx.admin_with(&[ManageRealm])?.realm;
    let (clients, groups_and_roles) = (req.query.export_clients, req.query.export_groups_and_roles);
    export::partial(cx.read()?, &realm, clients == Some(true), groups_and_roles == Some(true))
}

fn partial_import(cx: &mut Cx, req: realms::partial_import::Request) -> Result<PartialImportResults> {
    let realm = cx.admin_with(&[ManageRealm])?.realm;
    import::partial(cx, &realm, req.body)
}

/// Clients ask whether a token still counts; none is told beforehand.
fn push_revocation(cx: &mut Cx, _: realms::push_revocation::Request) -> Result<GlobalRequestResult> {
    cx.admin_with(&[ManageRealm])?;
    Ok(GlobalRequestResult::default())
}

/// The required actions that leave a credential behind, in the order in which they are offered.
const REGISTRATORS: [&str; 4] =
    ["CONFIGURE_TOTP", "webauthn-register", "webauthn-register-passwordless", "CONFIGURE_RECOVERY_AUTHN_CODES"];

fn credential_registrators(cx: &mut Cx, _: realms::credential_registrators::Request) -> Result<Vec<String>> {
    let admin = cx.admin_with(&VIEW)?;
    let actions = &admin.realm.lists.required_actions;
    let offered =
        |name: &&str| actions.iter().any(|a| a.provider_id.as_deref() == Some(*name) && a.enabled == Some(true));
    Ok(REGISTRATORS.into_iter().filter(offered).map(str::to_owned).collect())
}

fn public(cx: &mut Cx, req: realms::public::get::Request) -> Result<PublishedRealm> {
    let realm = cx.realm(&req.realm)?;
    let issuer = realm.issuer(&cx.base);
    cors::any(cx, Exposed::Nothing);
    let mut keys = realm.keys.iter().filter(|k| k.signs && k.active && k.enabled);
    let public_key = keys.find_map(|key| match &key.material {
        Material::Pair { private, .. } if private.public().kty() == "RSA" => Some(private.public().spki_der()),
        _ => None,
    });
    Ok(PublishedRealm {
        realm: Some(realm.name.clone()),
        public_key: public_key.map(|der| BASE64.encode(der)),
        token_service: Some(format!("{issuer}/protocol/openid-connect")),
        account_service: Some(format!("{issuer}/account")),
        tokens_not_before: Some(realm.settings.not_before.unwrap_or(0)),
    })
}

/// Links to a realm often end in a slash.
fn public_with_slash(cx: &mut Cx, path: Vec<String>, _: &[u8]) -> Result<Response> {
    let realm = path.into_iter().next().unwrap_or_default();
    let shown = public(cx, realms::public::get::Request { realm })?;
    let body = serde_json::to_vec(&shown).map_err(error::internal)?;
    Ok(([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], body).into_response())
}
