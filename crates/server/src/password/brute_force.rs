//! Brute-force detection: who may have a password checked, and what a wrong one leads to.
//!
//! A check is claimed in the database before the password is hashed, so that many at once, on many nodes, get no more tries
//! than one after the other would.

use crate::{Result, cx::Cx, realm_view::RealmView};
use cloakroom_api::admin::realms::{BruteForceStrategy, Realm};
use cloakroom_store::{
    login_failures::{self, FailureRow},
    users::{self, UserRow},
};

/// The user attribute that says why a user is disabled.
pub const DISABLED_REASON: &str = "disabledReason";
/// Its value for users that brute-force detection disabled.
pub const PERMANENT_LOCKOUT: &str = "permanentLockout";

/// The realm's settings, with Keycloak's defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Settings {
    /// Lock for good: at once, or after this many temporary lockouts.
    permanent: Option<i64>,
    factor: i64,
    linear: bool,
    increment: i64,
    max_wait: i64,
    max_delta: i64,
    quick_check_millis: i64,
    quick_wait: i64,
}

impl Settings {
    fn of(realm: &Realm) -> Option<Self> {
        (realm.brute_force_protected == Some(true)).then(|| {
            let or = |value: Option<i32>, usual| i64::from(value.unwrap_or(usual)).max(0);
            Settings {
                permanent: (realm.permanent_lockout == Some(true)).then(|| or(realm.max_temporary_lockouts, 0)),
                factor: or(realm.failure_factor, 30).max(1),
                linear: realm.brute_force_strategy == Some(BruteForceStrategy::Linear),
                increment: or(realm.wait_increment_seconds, 60),
                max_wait: or(realm.max_failure_wait_seconds, 900),
                max_delta: or(realm.max_delta_time_seconds, 43200),
                quick_check_millis: realm.quick_login_check_milli_seconds.unwrap_or(1000),
                quick_wait: or(realm.minimum_quick_login_wait_seconds, 60),
            }
        })
    }

    /// Failures before this time are forgotten with the next one.
    fn counted_from(&self, now: i64) -> i64 {
        if self.permanent == Some(0) { 0 } else { now.saturating_sub(self.max_delta * 1000) }
    }

    /// What is counted after one more wrong password, and whether the user is to be disabled.
    fn after(&self, mut counted: FailureRow, now: i64, address: String) -> (FailureRow, bool) {
        let last = counted.last_failure;
        if last > 0 && last < self.counted_from(now) {
            counted.failures = 0;
        }
        counted.failures += 1;
        counted.last_failure = now;
        counted.last_address = address;
        let over = counted.failures - self.factor;
        if self.permanent == Some(0) {
            return (counted, over >= 0);
        }
        let steps = match over {
            ..0 => 0,
            _ if self.linear => 1 + over,
            _ => counted.failures / self.factor,
        };
        let wait = self.increment.saturating_mul(steps);
        let quick = wait == 0 && last > 0 && now - last < self.quick_check_millis;
        if wait > 0 {
            counted.temporary_lockouts += 1;
        }
        let for_good = self.permanent.is_some_and(|most| wait > 0 && counted.temporary_lockouts > most);
        let wait = if quick { self.quick_wait } else { wait }.min(self.max_wait);
        if wait > 0 && !for_good {
            // whole seconds, as the status shows it
            counted.locked_until = (now / 1000 + wait) * 1000;
        }
        (counted, for_good)
    }
}

/// Whether the user cannot log in because of wrong passwords: for some time, or until somebody enables the user again.
pub fn is_locked(cx: &mut Cx, realm: &RealmView, user: &UserRow) -> Result<bool> {
    if realm.settings.brute_force_protected != Some(true) {
        return Ok(false);
    }
    let now = cx.now();
    let counted = login_failures::get(cx.read()?, &realm.id, &user.id)?;
    Ok(counted.is_some_and(|c| c.locked_until > now) || is_locked_for_good(cx, user)?)
}

fn is_locked_for_good(cx: &mut Cx, user: &UserRow) -> Result<bool> {
    if user.enabled {
        return Ok(false);
    }
    Ok(users::attributes(cx.read()?, &user.id)?.first(DISABLED_REASON) == Some(PERMANENT_LOCKOUT))
}

/// The right to check one password; to be given back by [`Claim::passed`], [`Claim::failed`] or [`Claim::given_up`].
pub(super) struct Claim(Settings);

/// What a claim was answered.
pub(super) enum Claimed {
    /// The realm does not count.
    Unguarded,
    /// The password may be checked.
    Yes(Claim),
    /// The user is locked out.
    Locked,
}

/// Claims a check. Committed at once: others shall see it while the password is hashed.
pub(super) fn claim(cx: &mut Cx, realm: &RealmView, user: &UserRow) -> Result<Claimed> {
    let Some(settings) = Settings::of(&realm.settings) else { return Ok(Claimed::Unguarded) };
    if is_locked(cx, realm, user)? {
        return Ok(Claimed::Locked);
    }
    let now = cx.now();
    let from = settings.counted_from(now);
    let claimed = login_failures::reserve(cx.write()?, &realm.id, &user.id, now, settings.factor, from)?;
    cx.commit()?;
    Ok(if claimed { Claimed::Yes(Claim(settings)) } else { Claimed::Locked })
}

impl Claim {
    /// The password was right: failures are forgotten.
    pub(super) fn passed(self, cx: &mut Cx, realm: &RealmView, user: &str) -> Result<()> {
        Ok(login_failures::forgive(cx.write()?, &realm.id, user)?)
    }

    /// No password was checked, or nothing is to be counted.
    pub(super) fn given_up(self, cx: &mut Cx, realm: &RealmView, user: &str) -> Result<()> {
        login_failures::release(cx.write()?, &realm.id, user)?;
        Ok(())
    }

    /// The password was wrong: it is counted, and the user locked out or disabled where the realm says so.
    pub(super) fn failed(self, cx: &mut Cx, realm: &RealmView, user: &UserRow) -> Result<()> {
        let (now, address) = (cx.now(), cx.address.to_string());
        let db = cx.write()?;
        let counted = login_failures::release(db, &realm.id, &user.id)?.unwrap_or_default();
        let (counted, for_good) = self.0.after(counted, now, address);
        login_failures::put(db, &realm.id, &user.id, &counted)?;
        if for_good {
            users::disable(db, &realm.id, &user.id)?;
            users::set_attribute(db, &user.id, DISABLED_REASON, PERMANENT_LOCKOUT)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000;
    const USUAL: Settings = Settings {
        permanent: None,
        factor: 3,
        linear: false,
        increment: 60,
        max_wait: 150,
        max_delta: 1000,
        quick_check_millis: 1000,
        quick_wait: 30,
    };

    /// How long each of several failures, `gap` milliseconds apart, locks the user out, in seconds; `None`: for good.
    fn waits(settings: Settings, gap: i64, failures: i64) -> Vec<Option<i64>> {
        let mut counted = FailureRow::default();
        let wait = |n| {
            let now = NOW + n * gap;
            let (next, for_good) = settings.after(std::mem::take(&mut counted), now, String::new());
            counted = next;
            (!for_good).then(|| (counted.locked_until - now).max(0) / 1000)
        };
        (0..failures).map(wait).collect()
    }

    #[test]
    fn waiting_grows_with_each_multiple_of_the_factor_up_to_the_longest() {
        let expected = [0, 0, 60, 60, 60, 120, 120, 120, 150, 150].map(Some);
        assert_eq!(waits(Settings { max_delta: 100_000, ..USUAL }, 200_000, 10), expected);
    }

    #[test]
    fn linear_waiting_grows_with_each_failure() {
        let linear = Settings { linear: true, max_delta: 100_000, ..USUAL };
        assert_eq!(waits(linear, 200_000, 6), [0, 0, 60, 120, 150, 150].map(Some));
    }

    #[test]
    fn two_failures_in_quick_succession_lock_for_a_moment() {
        assert_eq!(waits(Settings { quick_check_millis: 1001, ..USUAL }, 1000, 2), [0, 30].map(Some));
        assert_eq!(waits(Settings { quick_check_millis: 0, ..USUAL }, 500, 2), [0, 0].map(Some));
    }

    #[test]
    fn old_failures_are_forgotten() {
        assert_eq!(waits(USUAL, 1_001_000, 6), [0; 6].map(Some));
    }

    #[test]
    fn a_permanent_lockout_comes_at_once_or_after_temporary_ones() {
        let permanent = Settings { permanent: Some(0), ..USUAL };
        assert_eq!(waits(permanent, 2_000_000, 3), [Some(0), Some(0), None]);
        let later = Settings { permanent: Some(1), ..USUAL };
        assert_eq!(waits(later, 200_000, 4), [Some(0), Some(0), Some(60), None]);
    }
}
