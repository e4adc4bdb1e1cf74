//! Access tokens that were revoked before their time: kept by `jti` until they would be over anyway.

use crate::{Result, cx::Cx, realm_view::RealmView};
use cloakroom_store::single_use;

const KIND: &str = "revoked";

/// Whether a token was revoked.
pub fn is_revoked(cx: &mut Cx, realm: &RealmView, jti: &str) -> Result<bool> {
    let now = cx.now();
    Ok(single_use::exists(cx.read()?, KIND, &realm.id, jti, now)?)
}

/// Revokes a token that is over at `exp` (seconds).
pub fn revoke(cx: &mut Cx, realm: &RealmView, jti: &str, exp: i64) -> Result<()> {
    single_use::put(cx.write()?, KIND, &realm.id, jti, exp.saturating_mul(1000), &())?;
    Ok(())
}
