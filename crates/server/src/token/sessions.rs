//! When a session is over: idle too long, or simply too old.

use cloakroom_api::admin::realms::Realm;
use cloakroom_store::sessions::SessionRow;

/// How long a session may live, in milliseconds; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifespan {
    /// Since its last use.
    pub idle: Option<i64>,
    /// Since its beginning.
    pub max: Option<i64>,
}

/// The realm's limits for a session of this kind.
pub fn lifespan(settings: &Realm, offline: bool, remember_me: bool) -> Lifespan {
    let millis = |seconds: Option<i32>| seconds.filter(|s| *s > 0).map(|s| i64::from(s) * 1000);
    if offline {
        let limited = settings.offline_session_max_lifespan_enabled == Some(true);
        return Lifespan {
            idle: millis(settings.offline_session_idle_timeout),
            max: millis(settings.offline_session_max_lifespan).filter(|_| limited),
        };
    }
    let remembered =
        |longer: Option<i32>, usual: Option<i32>| millis(longer).filter(|_| remember_me).or_else(|| millis(usual));
    Lifespan {
        idle: remembered(settings.sso_session_idle_timeout_remember_me, settings.sso_session_idle_timeout),
        max: remembered(settings.sso_session_max_lifespan_remember_me, settings.sso_session_max_lifespan),
    }
}

impl Lifespan {
    /// When a session that began and was last used then is over.
    pub fn ends(&self, started: i64, last_refresh: i64) -> i64 {
        let idle = self.idle.map_or(i64::MAX, |idle| last_refresh.saturating_add(idle));
        let max = self.max.map_or(i64::MAX, |max| started.saturating_add(max));
        idle.min(max)
    }
}

/// Whether the session is still good at `now` (milliseconds).
pub fn is_alive(settings: &Realm, session: &SessionRow, now: i64) -> bool {
    lifespan(settings, session.offline, session.remember_me).ends(session.started, session.last_refresh) > now
}
