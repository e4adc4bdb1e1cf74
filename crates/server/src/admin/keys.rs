//! The keys of a realm: which there are, and which one is active for each algorithm.

use super::access::AdminRole::*;
use crate::{
    Result,
    cx::Cx,
    keys::{Material, RealmKey, providers},
    route::Routes,
};
use cloakroom_api::{
    admin::keys::{self, Key, KeyUse, Keys},
    fields::StringMap,
};
use data_encoding::BASE64;

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::new().at(list)
}

fn list(cx: &mut Cx, _: keys::list::Request) -> Result<Keys> {
    let admin = cx.admin()?.clone();
    admin.require(&[ViewRealm, ManageRealm])?;
    let mut active = StringMap::new();
    for key in admin.realm.keys.iter().filter(|key| key.active && key.enabled) {
        if !active.contains_key(&key.algorithm) {
            active.insert(&key.algorithm, &key.kid);
        }
    }
    Ok(Keys { active: Some(active), keys: Some(admin.realm.keys.iter().map(shown).collect()) })
}

fn shown(key: &RealmKey) -> Key {
    let status = match (key.enabled, key.active) {
        (false, _) => "DISABLED",
        (true, true) => "ACTIVE",
        (true, false) => "PASSIVE",
    };
    let all = Key {
        provider_id: Some(key.component.clone()),
        provider_priority: Some(key.priority),
        kid: Some(key.kid.clone()),
        status: Some(status.to_owned()),
        algorithm: Some(key.algorithm.clone()),
        r#use: Some(if key.signs { KeyUse::Sig } else { KeyUse::Enc }),
        ..Key::default()
    };
    match &key.material {
        Material::Secret(_) => Key { r#type: Some("OCT".to_owned()), ..all },
        Material::Pair { private, certificate } => Key {
            r#type: Some(private.public().kty().to_owned()),
            public_key: Some(BASE64.encode(private.public().spki_der())),
            certificate: certificate.clone(),
            valid_to: certificate.as_deref().and_then(providers::valid_to),
            ..all
        },
    }
}
