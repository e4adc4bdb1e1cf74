//! The realm's own settings: TLS, who may register, events, pages.

use crate::doctor::check::{Check, Found, Severity};
use crate::doctor::facts::Facts;

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
];

pub(super) fn when(facts: &Facts, so: bool, what: &str, set: &str) -> Vec<Found> {
    noted(so, what, &facts.set(set))
}

pub(super) fn noted(so: bool, what: &str, fix: &str) -> Vec<Found> {
    let found = || Found { object: "realm".to_owned(), what: what.to_owned(), fix: fix.to_owned() };
    so.then(found).into_iter().collect()
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
    use crate::doctor::fixtures::{fires, of_realm};
    use serde_json::json;

    #[test]
    fn each_check_fires_where_it_should_and_not_beside() {
        for (code, wrong, right) in [
            ("tls-not-required", json!({ "sslRequired": "none" }), json!({ "sslRequired": "external" })),
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
        ] {
            assert!(fires(CHECKS, code, &of_realm(wrong)), "{code} does not fire");
            assert!(!fires(CHECKS, code, &of_realm(right)), "{code} fires");
        }
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
