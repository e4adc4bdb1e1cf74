//! Whether a login's password is right: the one place that the password grant and the login form both ask.

use super::{brute_force, hash::Hash, policy::Policy, verify};
use crate::{Result, cx::Cx, realm_view::RealmView};
use cloakroom_store::users::{self, UserRow};

/// What came of a login name and a password. All but `Ok` and `Disabled` must look alike from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The user's password, and the user may log in as far as that goes.
    Ok,
    /// There is no such user.
    Unknown,
    /// Not the user's password. It was counted.
    Wrong,
    /// Too many wrong passwords; this one was neither checked nor counted.
    Locked,
    /// The right password of a disabled user.
    Disabled,
}

/// The user that a login name means: an e-mail address where the realm allows that, else a username.
pub fn find(cx: &mut Cx, realm: &RealmView, login: &str) -> Result<Option<UserRow>> {
    let login = login.trim();
    if login.contains('\0') {
        return Ok(None);
    }
    let by_email = realm.settings.login_with_email_allowed == Some(true) && login.contains('@');
    if by_email && let Some(user) = users::by_email(cx.read()?, &realm.id, login)? {
        return Ok(Some(user));
    }
    Ok(users::by_username(cx.read()?, &realm.id, login)?)
}

/// Checks a password and counts a wrong one. To be called before the request writes; afterwards it has written: answer an
/// error with [`Cx::refuse`], so that the count is kept.
pub fn check(cx: &mut Cx, realm: &RealmView, user: Option<&UserRow>, password: &str) -> Result<Outcome> {
    let Some(user) = user else {
        // takes as long as for a user who exists
        let dummy = Hash::dummy(Policy::of(realm).algorithm());
        cx.hash(|memory| dummy.verify(memory, password))?;
        return Ok(Outcome::Unknown);
    };
    let claim = match brute_force::claim(cx, realm, user)? {
        brute_force::Claimed::Locked => return Ok(Outcome::Locked),
        brute_force::Claimed::Yes(claim) => Some(claim),
        brute_force::Claimed::Unguarded => None,
    };
    let right = match verify(cx, realm, &user.id, password) {
        Ok(right) => right,
        Err(error) => {
            if let Some(claim) = claim {
                claim.given_up(cx, realm, &user.id)?;
                cx.commit()?;
            }
            return Err(error);
        }
    };
    // read again: while the hash was computed, others may have locked the user out
    let enabled = match &claim {
        Some(_) => users::by_id(cx.read()?, &realm.id, &user.id)?.is_some_and(|u| u.enabled),
        None => user.enabled,
    };
    match (right, enabled, claim) {
        (true, true, Some(claim)) => claim.passed(cx, realm, &user.id)?,
        (true, false, Some(claim)) => claim.given_up(cx, realm, &user.id)?,
        (false, _, Some(claim)) => claim.failed(cx, realm, user)?,
        (_, _, None) => {}
    }
    Ok(match (right, enabled) {
        (true, true) => Outcome::Ok,
        (true, false) => Outcome::Disabled,
        (false, _) => Outcome::Wrong,
    })
}
