//! The realm's own settings: passwords, sessions, events, pages.

use crate::doctor::check::{Check, Found, Severity};
use crate::doctor::facts::Facts;

const MINUTE: i32 = 60;
const DAY: i32 = 24 * 3600;

pub(super) const CHECKS: &[Check] = &[
    Check {
        code: "tls-not-required",
        severity: Severity::High,
        why: "Passwords and tokens may travel in the open",
        source: "RFC 6749, 1.6; RFC 9700, 2.6",
        look: |f| {
            when(f, f.realm.ssl_required.as_deref() == Some("none"), "TLS is not required", "sslRequired=external")
        },
    },
    Check {
        code: "brute-force",
        severity: Severity::High,
        why: "Passwords can be tried as fast as the server answers",
        source: "RFC 6819, 4.4.3.6 and 5.1.4.2.3",
        look: |f| {
            let off = f.realm.brute_force_protected != Some(true);
            when(f, off, "nothing slows down who tries passwords", "bruteForceProtected=true")
        },
    },
    Check {
        code: "password-policy",
        severity: Severity::Medium,
        why: "Users choose what is guessed first",
        source: "RFC 6819, 5.1.4.2.1; NIST SP 800-63B, 3.1.1",
        look: password_policy,
    },
    Check {
        code: "password-hash",
        severity: Severity::Medium,
        why: "Who copies the database finds out passwords sooner",
        source: "RFC 6819, 5.1.4.1.3",
        look: password_hash,
    },
    Check {
        code: "password-expiry",
        severity: Severity::Low,
        why: "Passwords that must be changed by the calendar become weaker, not stronger",
        source: "NIST SP 800-63B, 3.1.1",
        look: |f| {
            let forced = policy(f, "forceExpiredPasswordChange").is_some();
            noted(forced, "passwords expire", "take forceExpiredPasswordChange out of the password policy")
        },
    },
    Check {
        code: "otp-reusable",
        severity: Severity::Medium,
        why: "A one-time code that was watched is good once more",
        source: "RFC 6238, 5.2",
        look: |f| {
            when(
                f,
                f.realm.otp_policy_code_reusable == Some(true),
                "one-time codes are good twice",
                "otpPolicyCodeReusable=false",
            )
        },
    },
    Check {
        code: "registration-unverified",
        severity: Severity::Medium,
        why: "Anybody can register with somebody else's address",
        source: "",
        look: |f| {
            let open = f.open() && f.realm.verify_email != Some(true);
            when(f, open, "whoever registers need not own the address", "verifyEmail=true")
        },
    },
    Check {
        code: "registration-captcha",
        severity: Severity::Low,
        why: "Programs register as many users as they like",
        source: "",
        look: |f| {
            let open = f.open() && f.captcha == Some(false);
            noted(
                open,
                "the registration form has no captcha",
                "require the step reCAPTCHA in the realm's registration flow",
            )
        },
    },
    Check {
        code: "duplicate-emails",
        severity: Severity::Low,
        why: "An address does not say which user it is, where applications think so",
        source: "",
        look: |f| {
            let twice = f.realm.duplicate_emails_allowed == Some(true);
            when(f, twice, "several users may have one address", "duplicateEmailsAllowed=false")
        },
    },
    Check {
        code: "unmanaged-attributes",
        severity: Severity::Medium,
        why: "Users can give themselves attributes that applications trust",
        source: "",
        look: unmanaged,
    },
    Check {
        code: "events-off",
        severity: Severity::Medium,
        why: "What was done with a stolen password cannot be seen afterwards",
        source: "RFC 6819, 5.1.4.1.2",
        look: |f| when(f, f.realm.events_enabled != Some(true), "logins are not kept", "eventsEnabled=true"),
    },
    Check {
        code: "events-forever",
        severity: Severity::Medium,
        why: "The database grows for ever, and with it what is known about people",
        source: "",
        look: |f| {
            let kept = f.realm.events_enabled == Some(true) && f.realm.events_expiration.unwrap_or(0) <= 0;
            when(f, kept, "events are never deleted", "eventsExpiration=7776000")
        },
    },
    Check {
        code: "admin-events-off",
        severity: Severity::Medium,
        why: "Nobody can tell who changed what",
        source: "",
        look: |f| {
            when(
                f,
                f.realm.admin_events_enabled != Some(true),
                "what administrators do is not kept",
                "adminEventsEnabled=true",
            )
        },
    },
    Check {
        code: "admin-events-forever",
        severity: Severity::Low,
        why: "The database grows for ever",
        source: "",
        look: |f| {
            let expiry = f.attribute("adminEventsExpiration").and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
            let kept = f.realm.admin_events_enabled == Some(true) && expiry <= 0;
            when(f, kept, "events of administrators are never deleted", "attributes.adminEventsExpiration=31536000")
        },
    },
    Check {
        code: "browser-headers",
        severity: Severity::Medium,
        why: "Login pages can be framed by other sites, or be read as something else",
        source: "RFC 9700, 4.16; RFC 6819, 5.2.2.6",
        look: headers,
    },
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

fn when(facts: &Facts, so: bool, what: &str, set: &str) -> Vec<Found> {
    noted(so, what, &facts.set(set))
}

fn noted(so: bool, what: &str, fix: &str) -> Vec<Found> {
    let found = || Found { object: "realm".to_owned(), what: what.to_owned(), fix: fix.to_owned() };
    so.then(found).into_iter().collect()
}

/// The value of one part of the password policy: `length(8) and notUsername` has `length` with `8`.
fn policy<'f>(facts: &'f Facts, name: &str) -> Option<&'f str> {
    let parts = facts.realm.password_policy.as_deref()?.split(" and ");
    parts
        .filter_map(|part| part.trim().split_once('('))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.trim_end_matches(')'))
}

fn password_policy(facts: &Facts) -> Vec<Found> {
    let set = r#"passwordPolicy="length(12) and notUsername and notEmail""#;
    let length = policy(facts, "length").map(|text| text.parse().unwrap_or(8));
    match length {
        None => when(facts, true, "passwords may have any length", set),
        Some(length) => when(facts, length < 8, &format!("passwords may have {length} characters"), set),
    }
}

fn password_hash(facts: &Facts) -> Vec<Found> {
    let weak = match policy(facts, "hashAlgorithm") {
        Some("pbkdf2") => Some("passwords are hashed with PBKDF2 and SHA-1".to_owned()),
        Some(name @ ("pbkdf2-sha256" | "pbkdf2-sha512")) => {
            let least = if name.ends_with("256") { 600_000 } else { 210_000 };
            let given = policy(facts, "hashIterations").and_then(|text| text.parse::<i64>().ok());
            given.filter(|n| (0..least).contains(n)).map(|n| format!("{name} with {n} rounds, where {least} are usual"))
        }
        _ => None,
    };
    let fix = "take hashAlgorithm and hashIterations out of the password policy: the default is Argon2";
    weak.map(|what| noted(true, &what, fix)).unwrap_or_default()
}

fn unmanaged(facts: &Facts) -> Vec<Found> {
    use cloakroom::api::admin::profile::UnmanagedAttributePolicy::Enabled;
    let fix = facts.set_at("users/profile", "unmanagedAttributePolicy=ADMIN_EDIT");
    noted(facts.unmanaged == Some(Enabled), "users may set attributes that the user profile does not know", &fix)
}

fn headers(facts: &Facts) -> Vec<Found> {
    let Some(headers) = &facts.realm.browser_security_headers else { return Vec::new() };
    let value = |name: &str| headers.get(name).unwrap_or_default();
    let framed = || {
        let ancestors =
            value("contentSecurityPolicy").split(';').find_map(|d| d.trim().strip_prefix("frame-ancestors"));
        ancestors.is_none_or(|who| who.contains('*'))
    };
    let wrong = [
        ("contentSecurityPolicy", framed(), "frame-src 'self'; frame-ancestors 'self'; object-src 'none';"),
        ("xContentTypeOptions", value("xContentTypeOptions") != "nosniff", "nosniff"),
        ("strictTransportSecurity", hsts_off(value("strictTransportSecurity")), "max-age=31536000; includeSubDomains"),
        ("referrerPolicy", matches!(value("referrerPolicy"), "" | "unsafe-url"), "no-referrer"),
    ];
    let found = |(name, _, better): &(&str, bool, &str)| Found {
        object: "realm".to_owned(),
        what: format!("the header {name} is \"{}\"", value(name)),
        fix: facts.set(&format!("browserSecurityHeaders.{name}=\"{better}\"")),
    };
    wrong.iter().filter(|(_, wrong, _)| *wrong).map(found).collect()
}

fn hsts_off(value: &str) -> bool {
    let age = value.split(';').find_map(|part| part.trim().strip_prefix("max-age="));
    age.and_then(|age| age.parse::<u64>().ok()).is_none_or(|age| age == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::fixtures::{client, fires, of_realm};
    use serde_json::json;

    #[test]
    fn each_check_fires_where_it_should_and_not_beside() {
        let policy = |text: &str| json!({ "passwordPolicy": text });
        for (code, wrong, right) in [
            ("tls-not-required", json!({ "sslRequired": "none" }), json!({ "sslRequired": "external" })),
            ("brute-force", json!({}), json!({ "bruteForceProtected": true })),
            ("password-policy", json!({}), policy("length(12)")),
            ("password-policy", policy("length(6) and notUsername"), policy("upperCase(1) and length(8)")),
            ("password-hash", policy("hashAlgorithm(pbkdf2)"), policy("hashAlgorithm(argon2)")),
            (
                "password-hash",
                policy("hashAlgorithm(pbkdf2-sha512) and hashIterations(1000)"),
                policy("hashAlgorithm(pbkdf2-sha512) and hashIterations(210000)"),
            ),
            ("password-expiry", policy("forceExpiredPasswordChange(90)"), policy("length(8)")),
            ("otp-reusable", json!({ "otpPolicyCodeReusable": true }), json!({ "otpPolicyCodeReusable": false })),
            (
                "registration-unverified",
                json!({ "registrationAllowed": true }),
                json!({ "registrationAllowed": true, "verifyEmail": true }),
            ),
            ("duplicate-emails", json!({ "duplicateEmailsAllowed": true }), json!({})),
            ("events-off", json!({ "eventsEnabled": false }), json!({ "eventsEnabled": true })),
            (
                "events-forever",
                json!({ "eventsEnabled": true }),
                json!({ "eventsEnabled": true, "eventsExpiration": 60 }),
            ),
            (
                "events-forever",
                json!({ "eventsEnabled": true, "eventsExpiration": 0 }),
                json!({ "eventsEnabled": false }),
            ),
            ("admin-events-off", json!({}), json!({ "adminEventsEnabled": true })),
            (
                "admin-events-forever",
                json!({ "adminEventsEnabled": true }),
                json!({ "adminEventsEnabled": true, "attributes": { "adminEventsExpiration": "60" } }),
            ),
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

    #[test]
    fn a_captcha_is_missed_where_anybody_may_register() {
        let with = |open: bool, captcha| Facts { captcha, ..of_realm(json!({ "registrationAllowed": open })) };
        assert!(fires(CHECKS, "registration-captcha", &with(true, Some(false))));
        for (open, captcha) in [(true, Some(true)), (true, None), (false, Some(false))] {
            assert!(!fires(CHECKS, "registration-captcha", &with(open, captcha)));
        }
    }

    #[test]
    fn attributes_that_users_may_make_up_are_found() {
        use cloakroom::api::admin::profile::UnmanagedAttributePolicy as Policy;
        let with = |unmanaged| Facts { unmanaged, ..Facts::default() };
        assert!(fires(CHECKS, "unmanaged-attributes", &with(Some(Policy::Enabled))));
        assert!(!fires(CHECKS, "unmanaged-attributes", &with(Some(Policy::AdminEdit))));
        assert!(!fires(CHECKS, "unmanaged-attributes", &with(None)));
    }

    #[test]
    fn headers_that_were_relaxed_are_named() {
        let usual = json!({ "contentSecurityPolicy": "frame-src 'self'; frame-ancestors 'self'; object-src 'none';",
            "xContentTypeOptions": "nosniff", "referrerPolicy": "no-referrer",
            "strictTransportSecurity": "max-age=31536000; includeSubDomains" });
        let with = |name: &str, value: &str| {
            let mut headers = usual.clone();
            headers[name] = value.into();
            headers_of(headers)
        };
        fn headers_of(headers: serde_json::Value) -> Vec<String> {
            let facts = of_realm(json!({ "browserSecurityHeaders": headers }));
            super::headers(&facts).into_iter().map(|found| found.what).collect()
        }
        assert_eq!(headers_of(usual.clone()), Vec::<String>::new());
        for (name, value) in [
            ("contentSecurityPolicy", ""),
            ("contentSecurityPolicy", "frame-ancestors *"),
            ("xContentTypeOptions", ""),
            ("strictTransportSecurity", "max-age=0"),
            ("referrerPolicy", "unsafe-url"),
        ] {
            assert_eq!(with(name, value), [format!("the header {name} is \"{value}\"")]);
        }
        assert!(with("contentSecurityPolicy", "frame-ancestors 'self' https://portal.example.com").is_empty());
    }
}
