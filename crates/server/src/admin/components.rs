//! Components: keys, registration policies and other configured providers of a realm.

use super::access::AdminRole::{self, *};
use crate::{
    App, Result,
    caches::Touched,
    cx::Cx,
    error::{Expected, bad_request, not_found},
    keys,
    realm::{
        import::duplicate,
        providers::{self, REGISTRATION_POLICY},
    },
    route::Routes,
};
use cloakroom_api::{
    admin::components::{self, Component},
    endpoint::Created,
    fields::Attributes,
};
use cloakroom_store::components::{self as store, ComponentRow};

/// Who may look.
const VIEW: [AdminRole; 2] = [ViewRealm, ManageRealm];

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::new().at(create).at(list).at(get).at(update).at(delete)
}

fn create(cx: &mut Cx, req: components::create::Request) -> Result<Created> {
    let admin = cx.admin_with(&[ManageRealm])?;
    let realm = &admin.realm;
    let body = req.body;
    let mut row = ComponentRow {
        id: body.id.filter(|id| !id.is_empty()).unwrap_or_else(|| cx.new_id()),
        parent: body.parent_id.or_else(|| Some(realm.id.clone())),
        name: body.name,
        provider_type: body.provider_type,
        provider: body.provider_id,
        sub_type: body.sub_type,
        config: body.config.unwrap_or_default().0,
    };
    if row.id.len() > ID {
        return Err(bad_request("The component's id is longer than 36 characters"));
    }
    if row.parent.as_deref().is_none_or(|p| p != realm.id && !realm.components.iter().any(|c| c.id == p)) {
        return Err(bad_request("There is no parent with this id in the realm"));
    }
    let (app, now) = (cx.app.clone(), cx.now());
    complete(&app, &realm.name, now, &mut row, None)?;
    store::insert(cx.write()?, &realm.id, &row, now).or_conflict(duplicate)?;
    cx.touched(Touched::Realm { id: realm.id.clone() });
    Ok(Created::at(cx.location(&realm.name, &["components", &row.id])))
}

/// The longest id.
const ID: usize = 36;

fn list(cx: &mut Cx, req: components::list::Request) -> Result<Vec<Component>> {
    let admin = cx.admin_with(&VIEW)?;
    let query = req.query;
    let fits = |asked: &Option<String>, value: &Option<String>| asked.is_none() || asked == value;
    let wanted = |c: &&ComponentRow| {
        fits(&query.name, &c.name)
            && fits(&query.parent, &c.parent)
            && fits(&query.r#type, &c.provider_type)
            && fits(&query.provider_id, &c.provider)
    };
    Ok(admin.realm.components.iter().filter(wanted).map(providers::component).collect())
}

fn get(cx: &mut Cx, req: components::get::Request) -> Result<Component> {
    let admin = cx.admin_with(&VIEW)?;
    let found = admin.realm.components.iter().find(|c| c.id == req.id);
    found.map(providers::component).ok_or_else(missing)
}

fn update(cx: &mut Cx, req: components::update::Request) -> Result<()> {
    let admin = cx.admin_with(&[ManageRealm])?;
    let realm = &admin.realm;
    let stored = store::get(cx.read()?, &realm.id, &req.id)?.ok_or_else(missing)?;
    let body = req.body;
    let mut row = ComponentRow {
        id: stored.id.clone(),
        parent: body.parent_id.or_else(|| stored.parent.clone()),
        name: body.name.or_else(|| stored.name.clone()),
        provider_type: body.provider_type.or_else(|| stored.provider_type.clone()),
        provider: body.provider_id.or_else(|| stored.provider.clone()),
        sub_type: body.sub_type.or_else(|| stored.sub_type.clone()),
        config: Attributes::default(),
    };
    let (kind, provider) = names(&row);
    row.config = providers::changed(kind, provider, &stored.config, body.config.unwrap_or_default().0);
    let (app, now) = (cx.app.clone(), cx.now());
    complete(&app, &realm.name, now, &mut row, Some(&stored.config))?;
    if !store::update(cx.write()?, &realm.id, &row)? {
        return Err(missing());
    }
    cx.touched(Touched::Realm { id: realm.id.clone() });
    Ok(())
}

fn delete(cx: &mut Cx, req: components::delete::Request) -> Result<()> {
    let admin = cx.admin_with(&[ManageRealm])?;
    if !store::delete(cx.write()?, &admin.realm.id, &req.id)? {
        return Err(missing());
    }
    cx.touched(Touched::Realm { id: admin.realm.id.clone() });
    Ok(())
}

fn names(row: &ComponentRow) -> (&str, &str) {
    (row.provider_type.as_deref().unwrap_or_default(), row.provider.as_deref().unwrap_or_default())
}

/// Checks a component's configuration and adds what its provider makes.
fn complete(app: &App, realm: &str, now: i64, row: &mut ComponentRow, stored: Option<&Attributes>) -> Result<()> {
    let (kind, provider) = (row.provider_type.clone().unwrap_or_default(), row.provider.clone().unwrap_or_default());
    if providers::settings(&kind, &provider).is_none() {
        return Err(keys::providers::unknown());
    }
    if kind == keys::PROVIDER_TYPE {
        return keys::providers::complete(app, realm, now, &provider, &mut row.config, stored);
    }
    let number = row.config.first("max-clients").filter(|_| kind == REGISTRATION_POLICY);
    match number.is_some_and(|n| n.parse::<i64>().is_err()) {
        true => Err(bad_request("'Max Clients Per Realm' should be a number")),
        false => Ok(()),
    }
}

fn missing() -> crate::Error {
    not_found("Could not find component")
}
