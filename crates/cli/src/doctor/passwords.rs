//! How hard it is to guess a user's password.

use crate::doctor::check::{Check, Found, Severity};
use crate::doctor::facts::Facts;
use crate::doctor::realm::{noted, when};

pub(super) const CHECKS: &[Check] = &[
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
];

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::fixtures::{fires, of_realm};
    use serde_json::json;

    #[test]
    fn each_check_fires_where_it_should_and_not_beside() {
        let policy = |text: &str| json!({ "passwordPolicy": text });
        for (code, wrong, right) in [
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
        ] {
            assert!(fires(CHECKS, code, &of_realm(wrong)), "{code} does not fire");
            assert!(!fires(CHECKS, code, &of_realm(right)), "{code} fires");
        }
    }
}
