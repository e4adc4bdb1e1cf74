//! When a session is over: idle too long, or simply too old. And when the tokens of a client in it are.

use crate::realm_view::ClientView;
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

fn millis(seconds: Option<i64>) -> Option<i64> {
    seconds.filter(|s| *s > 0).map(|s| s.saturating_mul(1000))
}

/// The realm's limits for a session of this kind.
pub fn lifespan(settings: &Realm, offline: bool, remember_me: bool) -> Lifespan {
    let millis = |seconds: Option<i32>| millis(seconds.map(i64::from));
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

/// The limits of a client's part of a session: the client's own, else the realm's for clients, else those of the session.
pub fn client_lifespan(settings: &Realm, client: &ClientView, offline: bool, remember_me: bool) -> Lifespan {
    let session = lifespan(settings, offline, remember_me);
    let of_realm = |seconds: Option<i32>| seconds.map(i64::from).filter(|s| *s > 0);
    let tokens = &client.tokens;
    let (idle, max) = if offline {
        (
            tokens.offline_idle.or_else(|| of_realm(settings.client_offline_session_idle_timeout)),
            tokens.offline_max.or_else(|| of_realm(settings.client_offline_session_max_lifespan)),
        )
    } else {
        (
            tokens.session_idle.or_else(|| of_realm(settings.client_session_idle_timeout)),
            tokens.session_max.or_else(|| of_realm(settings.client_session_max_lifespan)),
        )
    };
    // without the switch offline sessions have no end, whatever the client says
    let unlimited = offline && settings.offline_session_max_lifespan_enabled != Some(true);
    Lifespan { idle: shorter(millis(idle), session.idle), max: millis(max).filter(|_| !unlimited) }
}

fn shorter(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

impl Lifespan {
    /// When a session that began and was last used then is over.
    pub fn ends(&self, started: i64, last_refresh: i64) -> i64 {
        let idle = self.idle.map_or(i64::MAX, |idle| last_refresh.saturating_add(idle));
        idle.min(self.latest(started))
    }

    /// When a session that began then is over however much it is used.
    pub fn latest(&self, started: i64) -> i64 {
        self.max.map_or(i64::MAX, |max| started.saturating_add(max))
    }
}

/// When the tokens of a client in a session are over, in seconds; `None` is never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    /// Of access and ID tokens.
    pub access: i64,
    /// Of the refresh token.
    pub refresh: Option<i64>,
}

/// A session's times, as the expiry of tokens depends on them; in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Whether it is an offline session.
    pub offline: bool,
    /// Whether the longer lifespans of "remember me" hold.
    pub remember_me: bool,
    /// When the session began.
    pub started: i64,
    /// When the client joined it.
    pub client_started: i64,
}

/// When tokens made at `now` (milliseconds) are over.
pub fn expiry(settings: &Realm, client: &ClientView, times: Times, now: i64) -> Expiry {
    let Times { offline, remember_me, started, client_started } = times;
    let session = lifespan(settings, offline, remember_me);
    let of_client = client_lifespan(settings, client, offline, remember_me);
    let latest = session.latest(started).min(of_client.latest(client_started));
    let lifespan = client.tokens.access_lifespan.or_else(|| settings.access_token_lifespan.map(i64::from));
    let access = match lifespan {
        Some(-1) => self::lifespan(settings, false, remember_me).latest(started),
        lifespan => now.saturating_add(millis(lifespan).unwrap_or(300_000)),
    };
    let idle = of_client.idle.map_or(i64::MAX, |idle| now.saturating_add(idle)).min(latest);
    // an offline token has no date unless offline sessions have an end
    let dated = !offline || settings.offline_session_max_lifespan_enabled == Some(true);
    Expiry { access: access.min(latest) / 1000, refresh: Some(idle / 1000).filter(|_| dated && idle != i64::MAX) }
}

/// Whether the session is still good at `now` (milliseconds).
pub fn is_alive(settings: &Realm, session: &SessionRow, now: i64) -> bool {
    lifespan(settings, session.offline, session.remember_me).ends(session.started, session.last_refresh) > now
}

#[cfg(test)]
mod tests {
    use super::*;
    use cloakroom_api::admin::clients::Client;

    fn realm() -> Realm {
        Realm {
            access_token_lifespan: Some(77),
            sso_session_idle_timeout: Some(700),
            sso_session_max_lifespan: Some(7000),
            offline_session_idle_timeout: Some(5000),
            offline_session_max_lifespan: Some(4000),
            ..Realm::default()
        }
    }

    fn client(attributes: &[(&str, &str)]) -> ClientView {
        let attributes = attributes.iter().copied().collect();
        ClientView::bare(Client { attributes: Some(attributes), ..Client::default() })
    }

    fn ask(realm: &Realm, attributes: &[(&str, &str)], offline: bool) -> (i64, Option<i64>) {
        let now = 1_000_000;
        let times = Times { offline, remember_me: false, started: now, client_started: now };
        let Expiry { access, refresh } = expiry(realm, &client(attributes), times, now);
        (access - 1000, refresh.map(|r| r - 1000))
    }

    #[test]
    fn the_realm_decides_and_a_client_may_override() {
        assert_eq!(ask(&realm(), &[], false), (77, Some(700)));
        assert_eq!(ask(&realm(), &[("access.token.lifespan", "33")], false), (33, Some(700)));
        assert_eq!(ask(&realm(), &[("access.token.lifespan", "-1")], false), (7000, Some(700)));
        assert_eq!(ask(&realm(), &[("access.token.lifespan", "")], false), (77, Some(700)));
        assert_eq!(ask(&realm(), &[("client.session.idle.timeout", "400")], false), (77, Some(400)));
        assert_eq!(ask(&realm(), &[("client.session.max.lifespan", "60")], false), (60, Some(60)));
    }

    #[test]
    fn the_end_of_the_session_caps_both_tokens() {
        let short = Realm { sso_session_max_lifespan: Some(45), ..realm() };
        assert_eq!(ask(&short, &[], false), (45, Some(45)));
        let clients = Realm { client_session_max_lifespan: Some(50), ..realm() };
        assert_eq!(ask(&clients, &[], false), (50, Some(50)));
        let idle = Realm { client_session_idle_timeout: Some(300), ..realm() };
        assert_eq!(ask(&idle, &[], false), (77, Some(300)));
    }

    #[test]
    fn offline_tokens_are_dated_only_where_offline_sessions_end() {
        assert_eq!(ask(&realm(), &[], true), (77, None));
        let limited = Realm { offline_session_max_lifespan_enabled: Some(true), ..realm() };
        assert_eq!(ask(&limited, &[], true), (77, Some(4000)));
        assert_eq!(ask(&limited, &[("client.offline.session.idle.timeout", "600")], true), (77, Some(600)));
        assert_eq!(ask(&limited, &[("client.offline.session.max.lifespan", "70")], true), (70, Some(70)));
    }

    #[test]
    fn remember_me_lengthens_a_session() {
        let long = Realm { sso_session_idle_timeout_remember_me: Some(9000), ..realm() };
        assert_eq!(lifespan(&long, false, true), Lifespan { idle: Some(9_000_000), max: Some(7_000_000) });
        assert_eq!(lifespan(&long, false, false), Lifespan { idle: Some(700_000), max: Some(7_000_000) });
    }
}
