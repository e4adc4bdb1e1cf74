//! For how long tokens and sessions are good.

use crate::doctor::check::{Check, Severity};
use crate::doctor::realm::when;

const MINUTE: i32 = 60;
const DAY: i32 = 24 * 3600;

pub(super) const CHECKS: &[Check] = &[
    Check {
        code: "access-token-lifespan",
        severity: Severity::Medium,
        why: "A stolen access token is good for long, whatever is revoked",
        source: "RFC 6819, 5.1.5.3",
        look: |f| {
            let span = f.realm.access_token_lifespan.unwrap_or(0);
            let what = format!("access tokens are good for {} minutes", span / MINUTE);
            when(f, span > 30 * MINUTE, &what, "accessTokenLifespan=300")
        },
    },
    Check {
        code: "session-idle",
        severity: Severity::Low,
        why: "A session that was left behind can be picked up",
        source: "RFC 6819, 5.1.5.3",
        look: |f| {
            let span = f.realm.sso_session_idle_timeout.unwrap_or(0);
            let what = format!("sessions end after {} hours without use", span / 3600);
            when(f, span > DAY, &what, "ssoSessionIdleTimeout=1800")
        },
    },
    Check {
        code: "session-lifespan",
        severity: Severity::Low,
        why: "A stolen session is good for long",
        source: "RFC 6819, 5.1.5.3",
        look: |f| {
            let span = f.realm.sso_session_max_lifespan.unwrap_or(0);
            let what = format!("sessions last {} days", span / DAY);
            when(f, span > 30 * DAY, &what, "ssoSessionMaxLifespan=36000")
        },
    },
    Check {
        code: "offline-unlimited",
        severity: Severity::Low,
        why: "An offline token that is used now and then is good for ever",
        source: "RFC 6819, 5.1.5.3",
        look: |f| {
            let unlimited = f.realm.offline_session_max_lifespan_enabled != Some(true);
            when(f, unlimited, "offline sessions have no end", "offlineSessionMaxLifespanEnabled=true")
        },
    },
    Check {
        code: "refresh-rotation",
        severity: Severity::Medium,
        why: "A refresh token that was copied from a public client works beside the real one, unseen",
        source: "RFC 9700, 2.2.2 and 4.14.2",
        look: |f| {
            let public =
                f.applications().any(|c| c.public_client == Some(true) && c.standard_flow_enabled != Some(false));
            let kept = f.realm.revoke_refresh_token != Some(true);
            when(f, kept && public, "refresh tokens of public clients can be used again", "revokeRefreshToken=true")
        },
    },
    Check {
        code: "refresh-reuse",
        severity: Severity::Medium,
        why: "Reuse is what tells that a refresh token was copied",
        source: "RFC 9700, 4.14.2",
        look: |f| {
            let rotated = f.realm.revoke_refresh_token == Some(true);
            let reused = rotated && f.realm.refresh_token_max_reuse.unwrap_or(0) > 0;
            when(f, reused, "refresh tokens may be used again after they were replaced", "refreshTokenMaxReuse=0")
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::facts::Facts;
    use crate::doctor::fixtures::{client, fires, of_realm};
    use serde_json::json;

    #[test]
    fn each_check_fires_where_it_should_and_not_beside() {
        for (code, wrong, right) in [
            ("access-token-lifespan", json!({ "accessTokenLifespan": 3600 }), json!({ "accessTokenLifespan": 1800 })),
            ("session-idle", json!({ "ssoSessionIdleTimeout": 86401 }), json!({ "ssoSessionIdleTimeout": 86400 })),
            (
                "session-lifespan",
                json!({ "ssoSessionMaxLifespan": 2592001 }),
                json!({ "ssoSessionMaxLifespan": 36000 }),
            ),
            ("offline-unlimited", json!({}), json!({ "offlineSessionMaxLifespanEnabled": true })),
            (
                "refresh-reuse",
                json!({ "revokeRefreshToken": true, "refreshTokenMaxReuse": 1 }),
                json!({ "refreshTokenMaxReuse": 1 }),
            ),
        ] {
            assert!(fires(CHECKS, code, &of_realm(wrong)), "{code} does not fire");
            assert!(!fires(CHECKS, code, &of_realm(right)), "{code} fires");
        }
    }

    #[test]
    fn refresh_tokens_of_public_clients_rotate() {
        let with = |public: bool, rotated: bool| {
            let facts = of_realm(json!({ "revokeRefreshToken": rotated }));
            Facts { clients: vec![client(json!({ "publicClient": public }))], ..facts }
        };
        assert!(fires(CHECKS, "refresh-rotation", &with(true, false)));
        assert!(!fires(CHECKS, "refresh-rotation", &with(true, true)));
        assert!(!fires(CHECKS, "refresh-rotation", &with(false, false)));
    }
}
