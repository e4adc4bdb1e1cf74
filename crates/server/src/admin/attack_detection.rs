//! Brute-force detection as administrators see it: what is counted of wrong passwords, and forgetting it.

use super::access::AdminRole::*;
use crate::{Result, cx::Cx, password::brute_force, route::Routes};
use cloakroom_api::admin::attack_detection::{self, BruteForceStatus};
use cloakroom_store::{login_failures, users};

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::new().at(get).at(clear).at(clear_all)
}

/// Of an unknown user nothing was counted: that is no error.
fn get(cx: &mut Cx, req: attack_detection::get::Request) -> Result<BruteForceStatus> {
    let realm = cx.admin_with(&[ViewUsers, ManageUsers])?.realm;
    let counts = realm.settings.brute_force_protected == Some(true);
    let row = login_failures::get(cx.read()?, &realm.id, &req.user)?.filter(|row| counts && row.last_failure > 0);
    let Some(row) = row else {
        return Ok(BruteForceStatus {
            num_failures: Some(0),
            num_secondary_auth_failures: Some(0),
            num_temporary_lockouts: Some(0),
            disabled: Some(false),
            last_failure: Some(0),
            last_ip_failure: Some("n/a".to_owned()),
            failed_login_not_before: Some(0),
        });
    };
    let locked = match users::by_id(cx.read()?, &realm.id, &req.user)? {
        Some(user) => brute_force::is_locked(cx, &realm, &user)?,
        None => false,
    };
    // a lock for good has no end
    let until = if locked && row.locked_until <= cx.now() { i64::MAX } else { row.locked_until / 1000 };
    let count = |n: i64| Some(i32::try_from(n).unwrap_or(i32::MAX));
    Ok(BruteForceStatus {
        num_failures: count(row.failures),
        num_secondary_auth_failures: Some(0),
        num_temporary_lockouts: count(row.temporary_lockouts),
        disabled: Some(locked),
        last_failure: Some(row.last_failure),
        last_ip_failure: Some(row.last_address),
        failed_login_not_before: Some(until),
    })
}

fn clear(cx: &mut Cx, req: attack_detection::clear::Request) -> Result<()> {
    let realm = cx.admin_with(&[ManageUsers])?.realm;
    Ok(login_failures::clear(cx.write()?, &realm.id, &req.user)?)
}

fn clear_all(cx: &mut Cx, _: attack_detection::clear_all::Request) -> Result<()> {
    let realm = cx.admin_with(&[ManageUsers])?.realm;
    Ok(login_failures::clear_all(cx.write()?, &realm.id)?)
}
