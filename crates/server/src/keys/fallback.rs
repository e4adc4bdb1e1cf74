//! The key for an algorithm that the realm has none for: made when it is first needed, and kept.

use super::{PROVIDER_TYPE, RealmKeys, generate};
use crate::{Result, caches::Touched, cx::Cx, error, realm_view::RealmView};
use cloakroom_api::fields::Attributes;
use cloakroom_jose::{Algorithm, SigningKey};
use cloakroom_store::{components, components::ComponentRow};
use std::sync::Arc;

/// What signs new tokens of this algorithm. A realm without a key for it gets one of priority -100, so that any other key
/// goes before it. That takes a tenth of a second and writes: ask before the request's own writes.
pub fn signing(cx: &mut Cx, realm: &RealmView, algorithm: Algorithm) -> Result<Arc<SigningKey>> {
    if let Some(key) = realm.keys.signing(algorithm) {
        return Ok(key.clone());
    }
    let name = algorithm.name();
    // this request may have made it already
    let there = components::list(cx.read()?, &realm.id)?;
    if let Some(key) = RealmKeys::load(&there)?.signing(algorithm) {
        return Ok(key.clone());
    }
    let (provider, settings) = match name {
        "ES256" => ("ecdsa-generated", [("ecdsaEllipticCurveKey", "P-256")]),
        "ES384" => ("ecdsa-generated", [("ecdsaEllipticCurveKey", "P-384")]),
        "ES512" => ("ecdsa-generated", [("ecdsaEllipticCurveKey", "P-521")]),
        "EdDSA" => ("eddsa-generated", [("eddsaEllipticCurveKey", "Ed25519")]),
        "HS256" | "HS384" | "HS512" => ("hmac-generated", [("algorithm", name)]),
        _ => ("rsa-generated", [("algorithm", name)]),
    };
    let mut config: Attributes = settings.into_iter().map(|(name, value)| (name, [value])).collect();
    config.insert("priority".to_owned(), vec!["-100".to_owned()]);
    let (app, now) = (cx.app.clone(), cx.now());
    generate::keys(&app, &realm.name, now, vec![generate::Wanted { provider, config: &mut config }])?;
    let row = ComponentRow {
        id: cx.new_id(),
        parent: Some(realm.id.clone()),
        name: Some(format!("fallback-{name}")),
        provider_type: Some(PROVIDER_TYPE.to_owned()),
        provider: Some(provider.to_owned()),
        sub_type: None,
        config,
    };
    components::insert(cx.write()?, &realm.id, &row, now)?;
    cx.touched(Touched::Realm { id: realm.id.clone() });
    let made = RealmKeys::load(&[row])?;
    let missing = || error::internal(format!("realm {} has no key for {name}", realm.name));
    made.signing(algorithm).cloned().ok_or_else(missing)
}
