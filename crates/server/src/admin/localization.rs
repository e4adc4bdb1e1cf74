//! A realm's own texts, by locale and key.

use super::access::AdminRole::*;
use crate::{
    Result,
    caches::Touched,
    cx::Cx,
    error::{bad_request, not_found},
    realm_view::RealmView,
    route::Routes,
};
use cloakroom_api::{
    admin::localization::{self, LocalizationQuery},
    fields::StringMap,
};
use cloakroom_store::realms;
use std::collections::BTreeMap;

/// The longest locale and the longest key, in characters.
const LONGEST: usize = 255;

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::new().at(locales).at(list).at(add).at(delete).at(get).at(set).at(remove)
}

fn texts<'r>(realm: &'r RealmView, locale: &str) -> Option<&'r StringMap> {
    realm.lists.texts.get(locale)
}

/// Changes the texts of all locales: what is stored is read again under the lock.
fn change<T>(cx: &mut Cx, with: impl FnOnce(&mut BTreeMap<String, StringMap>) -> Result<T>) -> Result<T> {
    let id = cx.admin_with(&[ManageRealm])?.realm.id.clone();
    let db = cx.write()?;
    let mut row = realms::lock(db, &id)?.ok_or_else(|| not_found("Realm not found."))?;
    let done = with(row.settings.localization_texts.get_or_insert_default())?;
    realms::update(db, &row)?;
    cx.touched(Touched::Realm { id });
    Ok(done)
}

fn locales(cx: &mut Cx, _: localization::locales::Request) -> Result<Vec<String>> {
    let realm = cx.admin_with(&[ViewRealm, ManageRealm])?.realm;
    Ok(realm.lists.texts.keys().cloned().collect())
}

fn list(cx: &mut Cx, req: localization::list::Request) -> Result<StringMap> {
    let admin = cx.admin()?;
    admin.require_some()?;
    let realm = &admin.realm;
    let LocalizationQuery { use_realm_default_locale_fallback: fall_back } = req.query;
    let usual = realm.settings.default_locale.as_deref();
    let usual = usual.filter(|_| fall_back == Some(true) && realm.settings.internationalization_enabled == Some(true));
    let mut all = usual.and_then(|locale| texts(realm, locale)).cloned().unwrap_or_default();
    all.extend(texts(realm, &req.locale).cloned().unwrap_or_default());
    Ok(all)
}

fn get(cx: &mut Cx, req: localization::get::Request) -> Result<String> {
    let realm = cx.admin_with(&[ViewRealm, ManageRealm])?.realm;
    let text = texts(&realm, &req.locale).and_then(|texts| texts.get(&req.key));
    text.map(str::to_owned).ok_or_else(|| not_found("Localization text not found"))
}

fn limits<'a>(mut names: impl Iterator<Item = &'a str>) -> Result<()> {
    match names.any(|name| name.chars().count() > LONGEST) {
        true => Err(bad_request(format!("Locales and keys have at most {LONGEST} characters"))),
        false => Ok(()),
    }
}

fn add(cx: &mut Cx, req: localization::add::Request) -> Result<()> {
    limits(req.body.iter().map(|(key, _)| key).chain([req.locale.as_str()]))?;
    change(cx, |all| {
        all.entry(req.locale).or_default().extend(req.body);
        Ok(())
    })
}

fn set(cx: &mut Cx, req: localization::set::Request) -> Result<()> {
    limits([req.locale.as_str(), req.key.as_str()].into_iter())?;
    change(cx, |all| {
        all.entry(req.locale).or_default().insert(req.key, req.text);
        Ok(())
    })
}

fn delete(cx: &mut Cx, req: localization::delete::Request) -> Result<()> {
    change(cx, |all| match all.remove(&req.locale) {
        Some(_) => Ok(()),
        None => Err(not_found(format!("No localization texts for locale {} found.", req.locale))),
    })
}

fn remove(cx: &mut Cx, req: localization::remove::Request) -> Result<()> {
    change(cx, |all| match all.get_mut(&req.locale).and_then(|texts| texts.remove(&req.key)) {
        Some(_) => Ok(()),
        None => Err(not_found("Localization text not found")),
    })
}
