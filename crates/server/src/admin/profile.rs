//! The user profile of a realm.

use super::access::AdminRole::*;
use crate::{
    Result,
    caches::Touched,
    cx::Cx,
    error::{bad_request, internal},
    profile::{Context, Profile, Rules, config},
    route::Routes,
};
use cloakroom_api::{
    admin::profile::{self as api, ProfileConfig, ProfileMetadata},
    fields::Attributes,
};
use cloakroom_store::components::{self, ComponentRow};

/// The operations on user profiles.
pub(crate) fn routes() -> Routes {
    Routes::new().at(get).at(metadata).at(update)
}

fn get(cx: &mut Cx, _: api::get::Request) -> Result<ProfileConfig> {
    let admin = cx.admin()?;
    admin.require_some()?;
    Ok(admin.realm.profile.config.clone())
}

fn metadata(cx: &mut Cx, _: api::metadata::Request) -> Result<ProfileMetadata> {
    let admin = cx.admin()?;
    admin.require_some()?;
    let realm = &admin.realm;
    Ok(realm.profile.metadata(Context::Admin, Rules::of(&realm.settings), None))
}

fn update(cx: &mut Cx, req: api::update::Request) -> Result<ProfileConfig> {
    let admin = cx.admin()?.clone();
    admin.require(&[ManageRealm])?;
    let realm = &admin.realm;
    let config = match req.optional {
        Some(config) => {
            let scopes: Vec<&str> = realm.scopes.iter().filter_map(|s| s.name.as_deref()).collect();
            let mistakes = config::mistakes(&config, &scopes);
            if !mistakes.is_empty() {
                return Err(bad_request(format!("[{}]", mistakes.join(", "))));
            }
            Some(config::normalized(config))
        }
        None => None,
    };
    let is_profile = |c: &&ComponentRow| c.provider_type.as_deref() == Some(config::COMPONENT_TYPE);
    let stored = realm.components.iter().find(is_profile).cloned();
    let (id, now) = (cx.new_id(), cx.now());
    let db = cx.write()?;
    match (&config, stored) {
        (Some(config), Some(stored)) => {
            components::update(db, &realm.id, &ComponentRow { config: setting(config)?, ..stored })?;
        }
        (Some(config), None) => {
            let component = ComponentRow {
                id,
                parent: Some(realm.id.clone()),
                name: None,
                provider_type: Some(config::COMPONENT_TYPE.to_owned()),
                provider: Some(config::PROVIDER.to_owned()),
                sub_type: None,
                config: setting(config)?,
            };
            components::insert(db, &realm.id, &component, now)?;
        }
        (None, Some(stored)) => drop(components::delete(db, &realm.id, &stored.id)?),
        (None, None) => {}
    }
    cx.touched(Touched::Realm { id: realm.id.clone() });
    Ok(config.unwrap_or_else(|| Profile::default().config))
}

fn setting(config: &ProfileConfig) -> Result<Attributes> {
    let text = serde_json::to_string(config).map_err(internal)?;
    Ok(Attributes::from([(config::SETTING, [text])]))
}
