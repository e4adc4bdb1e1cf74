//! What the realm signs with.

use cloakroom::api::admin::components::Component;
use cloakroom::api::admin::keys::Key;

use crate::doctor::check::{Check, Found, Severity};
use crate::doctor::facts::Facts;

const DAY: i64 = 24 * 3600;

/// The length of a public key in base64 (SubjectPublicKeyInfo): one of RSA with 2048 bits has 392, one with 1024 has 216.
const RSA_2048: usize = 380;

pub(super) const CHECKS: &[Check] = &[
    Check {
        code: "key-expiring",
        severity: Severity::Medium,
        why: "Applications that look at certificates refuse what is signed with it",
        source: "",
        look: expiring,
    },
    Check {
        code: "key-weak",
        severity: Severity::High,
        why: "Who factors the key signs tokens of their own",
        source: "RFC 7518, 3.3",
        look: weak,
    },
];

fn expiring(facts: &Facts) -> Vec<Found> {
    let found = |key: &Key| {
        let left = (key.valid_to? / 1000 - facts.now) / DAY;
        let what = match left {
            30.. => return None,
            0.. => format!("its certificate is good for {left} days yet"),
            _ => "its certificate has expired".to_owned(),
        };
        let fix =
            "add a key provider with a higher priority; keep this one until the tokens it signed are over".to_owned();
        Some(Found { object: object(key), what, fix })
    };
    facts.keys.iter().filter(|key| key.status.as_deref() == Some("ACTIVE")).filter_map(found).collect()
}

fn weak(facts: &Facts) -> Vec<Found> {
    let short = |key: &&Key| {
        let public = key.public_key.as_deref().unwrap_or_default();
        key.r#type.as_deref() == Some("RSA") && !public.is_empty() && public.len() < RSA_2048
    };
    let used = facts.keys.iter().filter(|key| key.status.as_deref() != Some("DISABLED"));
    let found = |key: &Key| Found {
        object: object(key),
        what: "an RSA key of fewer than 2048 bits".to_owned(),
        fix: "add a key provider with 2048 bits or more and a higher priority, then disable this one".to_owned(),
    };
    used.filter(short).map(found).chain(facts.components.iter().filter_map(small)).collect()
}

/// One that is configured to make weak keys.
fn small(component: &Component) -> Option<Found> {
    let size: u32 = component.config.as_ref()?.first("keySize")?.parse().ok()?;
    let rsa = component.provider_id.as_deref()?.starts_with("rsa");
    (rsa && size < 2048).then(|| Found {
        object: format!("key provider {}", component.name.as_deref().unwrap_or_default()),
        what: format!("it makes RSA keys of {size} bits"),
        fix: "set keySize to 2048 or more".to_owned(),
    })
}

fn object(key: &Key) -> String {
    format!("key {} ({})", key.kid.as_deref().unwrap_or_default(), key.algorithm.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::fixtures::fires;
    use serde_json::{Value, json};

    fn key(more: Value) -> Facts {
        let mut key = json!({ "kid": "k", "status": "ACTIVE", "type": "RSA", "algorithm": "RS256" });
        for (name, value) in more.as_object().unwrap() {
            key[name] = value.clone();
        }
        Facts { keys: vec![serde_json::from_value(key).unwrap()], ..Facts::default() }
    }

    fn components(components: Value) -> Facts {
        Facts { components: serde_json::from_value(components).unwrap(), ..Facts::default() }
    }

    #[test]
    fn keys_are_renewed_in_time_and_long_enough() {
        let until = |days: i64| key(json!({ "validTo": days * DAY * 1000 }));
        assert!(fires(CHECKS, "key-expiring", &until(10)) && fires(CHECKS, "key-expiring", &until(-1)));
        assert!(!fires(CHECKS, "key-expiring", &until(40)) && !fires(CHECKS, "key-expiring", &key(json!({}))));
        assert!(!fires(CHECKS, "key-expiring", &key(json!({ "status": "PASSIVE", "validTo": 1 }))));
        let of_length = |base64: usize| key(json!({ "publicKey": "A".repeat(base64) }));
        assert!(fires(CHECKS, "key-weak", &of_length(216)) && !fires(CHECKS, "key-weak", &of_length(392)));
        let made = |size: &str| components(json!([{ "providerId": "rsa-generated", "config": { "keySize": [size] } }]));
        assert!(fires(CHECKS, "key-weak", &made("1024")) && !fires(CHECKS, "key-weak", &made("2048")));
    }
}
