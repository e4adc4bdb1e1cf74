//! The realm's public keys (RFC 7517), for those who verify its tokens.

use super::{cors, cors::Exposed};
use crate::{
    Result,
    cx::Cx,
    keys::{Material, RealmKey},
    route::Routes,
};
use aws_lc_rs::digest;
use cloakroom_api::{
    endpoint::Endpoint,
    oidc::certs::{KeySet, PublicKey, get},
};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use http::Method;

/// The key endpoint.
pub fn routes() -> Routes {
    let path = get::Request::PATH;
    Routes::new().at(certs).page(Method::OPTIONS, path, |cx, _, _| Ok(cors::preflight(&cx.parts.headers, "GET")))
}

fn certs(cx: &mut Cx, request: get::Request) -> Result<KeySet> {
    let realm = cx.realm(&request.realm)?;
    cors::any(cx, Exposed::Nothing);
    // a key that no longer signs still verifies what it signed
    let keys = realm.keys.iter().filter(|key| key.enabled).filter_map(published).collect();
    Ok(KeySet { keys: Some(keys) })
}

fn published(key: &RealmKey) -> Option<PublicKey> {
    let Material::Pair { private, certificate } = &key.material else { return None };
    let jwk = private.public().to_jwk();
    let chain = certificate.as_ref().map(|c| c.split_whitespace().collect::<String>());
    let der = chain.as_ref().and_then(|c| BASE64.decode(c.as_bytes()).ok());
    let print = |algorithm| der.as_ref().map(|der| BASE64URL_NOPAD.encode(digest::digest(algorithm, der).as_ref()));
    Some(PublicKey {
        kid: Some(key.kid.clone()),
        kty: Some(jwk.kty),
        alg: Some(key.algorithm.clone()),
        r#use: Some(if key.signs { "sig" } else { "enc" }.to_owned()),
        x5t: print(&digest::SHA1_FOR_LEGACY_USE_ONLY),
        x5t_s256: print(&digest::SHA256),
        x5c: chain.map(|c| vec![c]),
        n: jwk.n,
        e: jwk.e,
        crv: jwk.crv,
        x: jwk.x,
        y: jwk.y,
    })
}
