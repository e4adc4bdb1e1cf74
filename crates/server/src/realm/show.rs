//! What administrators are shown of a realm.

use super::lists::Lists;
use crate::{Result, admin::group_page::path, realm_view::RealmView};
use cloakroom_api::{admin::realms::Realm, fields::StringMap, secrets::MASK};
use cloakroom_store::{
    Db, groups,
    groups::GroupRow,
    realms::{RealmName, RealmRow},
    roles,
    roles::RoleRow,
};

/// A realm as `GET` shows it: the settings, the default role and the default groups. Lists with endpoints of their own are
/// left out, secrets are masked.
pub fn whole(db: &mut Db, realm: &RealmView) -> Result<Realm> {
    let default_role = match &realm.default_role {
        Some(role) => roles::by_id(db, &realm.id, role)?,
        None => None,
    };
    let defaults = default_groups(db, &realm.id)?;
    let paths = defaults.into_iter().map(|(_, path)| path).collect();
    Ok(shown(&realm.id, &realm.name, realm.settings.clone(), default_role, paths))
}

/// As [`whole`], with what was read before.
pub fn with(row: RealmRow, default_role: Option<RoleRow>, default_groups: Vec<String>) -> Realm {
    let RealmRow { id, name, mut settings, .. } = row;
    Lists::take(&mut settings);
    shown(&id, &name, settings, default_role, default_groups)
}

fn shown(id: &str, name: &str, settings: Realm, default_role: Option<RoleRow>, default_groups: Vec<String>) -> Realm {
    Realm {
        id: Some(id.to_owned()),
        realm: Some(name.to_owned()),
        default_role: default_role.map(|role| role.representation(id, true)),
        default_groups: Some(default_groups).filter(|list| !list.is_empty()),
        supported_locales: settings.supported_locales.filter(|list| !list.is_empty()),
        smtp_server: Some(masked(settings.smtp_server.unwrap_or_default())),
        ..settings
    }
}

/// What somebody sees of a realm who administrates only a part of it.
pub fn few(realm: &RealmView) -> Realm {
    let settings = &realm.settings;
    Realm {
        realm: Some(realm.name.clone()),
        display_name: settings.display_name.clone(),
        supported_locales: Some(settings.supported_locales.clone().unwrap_or_default()),
        registration_email_as_username: settings.registration_email_as_username,
        organizations_enabled: settings.organizations_enabled,
        brute_force_protected: settings.brute_force_protected,
        ..Realm::default()
    }
}

/// Id, name, display name and whether it is enabled.
pub fn brief(realm: RealmName) -> Realm {
    Realm {
        id: Some(realm.id),
        realm: Some(realm.name),
        display_name: realm.display_name,
        enabled: Some(realm.enabled),
        ..Realm::default()
    }
}

/// What is secret of the mail server's settings.
pub const SMTP_SECRETS: [&str; 2] = ["password", "authTokenClientSecret"];

fn masked(mut smtp: StringMap) -> StringMap {
    for name in SMTP_SECRETS {
        if smtp.contains_key(name) {
            smtp.insert(name, MASK);
        }
    }
    smtp
}

/// The groups that new users join, each with its path.
pub fn default_groups(db: &mut Db, realm: &str) -> Result<Vec<(GroupRow, String)>> {
    let list = groups::defaults(db, realm)?;
    if list.is_empty() {
        return Ok(Vec::new());
    }
    let all = groups::with_ancestors(db, list.clone())?;
    let mut list: Vec<_> = list.into_iter().map(|g| (path(&all, &g.id), g)).map(|(path, g)| (g, path)).collect();
    list.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(list)
}
