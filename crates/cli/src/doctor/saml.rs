//! Applications that speak SAML.

use cloakroom::api::admin::clients::Client;

use crate::doctor::check::{Check, Found, Severity};
use crate::doctor::clients::{attribute, found};
use crate::doctor::facts::Facts;

pub(super) const CHECKS: &[Check] = &[
    Check {
        code: "saml-unsigned",
        severity: Severity::High,
        why: "Anybody can write an assertion that the application believes",
        source: "SAML 2.0 Security, 6.2",
        look: saml_unsigned,
    },
    Check {
        code: "saml-requests-unsigned",
        severity: Severity::Low,
        why: "Anybody can ask for a login in the application's name",
        source: "SAML 2.0 Security, 7.1.1",
        look: saml_requests,
    },
    Check { code: "saml-sha1", severity: Severity::High, why: "SHA-1 collides", source: "", look: saml_sha1 },
];

fn saml(facts: &Facts) -> impl Iterator<Item = &Client> {
    facts.applications().filter(|client| client.protocol.as_deref() == Some("saml"))
}

fn saml_unsigned(facts: &Facts) -> Vec<Found> {
    let signed = |client: &Client, name| attribute(client, name) == Some("true");
    let bare = |c: &&Client| !signed(c, "saml.server.signature") && !signed(c, "saml.assertion.signature");
    let set = r#"attributes."saml.assertion.signature"=true"#;
    let found = |client| found(facts, client, "neither documents nor assertions are signed", set);
    saml(facts).filter(bare).map(found).collect()
}

fn saml_requests(facts: &Facts) -> Vec<Found> {
    let unsigned = |c: &&Client| attribute(c, "saml.client.signature") == Some("false");
    let set = r#"attributes."saml.client.signature"=true"#;
    let found = |client| found(facts, client, "requests need no signature", set);
    saml(facts).filter(unsigned).map(found).collect()
}

fn saml_sha1(facts: &Facts) -> Vec<Found> {
    let weak = |c: &&Client| attribute(c, "saml.signature.algorithm").is_some_and(|alg| alg.ends_with("SHA1"));
    let set = r#"attributes."saml.signature.algorithm"=RSA_SHA256"#;
    saml(facts).filter(weak).map(|client| found(facts, client, "signatures with SHA-1", set)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::fixtures::{fires, of_client};
    use serde_json::json;

    #[test]
    fn each_check_fires_where_it_should_and_not_beside() {
        let of_saml = |name: &str, value: &str| json!({ "protocol": "saml", "attributes": { name: value } });
        for (code, wrong, right) in [
            ("saml-unsigned", json!({ "protocol": "saml" }), of_saml("saml.assertion.signature", "true")),
            (
                "saml-requests-unsigned",
                of_saml("saml.client.signature", "false"),
                of_saml("saml.client.signature", "true"),
            ),
            (
                "saml-sha1",
                of_saml("saml.signature.algorithm", "RSA_SHA1"),
                of_saml("saml.signature.algorithm", "RSA_SHA256"),
            ),
        ] {
            assert!(fires(CHECKS, code, &of_client(wrong)), "{code} does not fire");
            assert!(!fires(CHECKS, code, &of_client(right)), "{code} fires");
        }
    }
}
