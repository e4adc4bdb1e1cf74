//! How clients get tokens, and what is in them.

use cloakroom::api::admin::clients::Client;

use crate::doctor::check::{Check, Found, Severity};
use crate::doctor::facts::Facts;
use crate::doctor::redirects::object;

/// What 128 bits are in letters and digits.
const SECRET_LENGTH: usize = 22;
const YEAR: i64 = 365 * 24 * 3600;
const HOUR: i64 = 3600;

pub(super) const CHECKS: &[Check] = &[
    Check {
        code: "implicit-flow",
        severity: Severity::High,
        why: "Access tokens come by the address of a page, where histories, logs and scripts find them",
        source: "RFC 9700, 2.1.2",
        look: |facts| {
            flagged(facts, |c| c.implicit_flow_enabled, "the implicit flow is on", "implicitFlowEnabled=false")
        },
    },
    Check {
        code: "password-grant",
        severity: Severity::High,
        why: "Users give their passwords to the application; neither a second factor nor a passkey can be asked for",
        source: "RFC 9700, 2.4",
        look: |facts| {
            let set = "directAccessGrantsEnabled=false";
            flagged(facts, |c| c.direct_access_grants_enabled, "direct access grants are on", set)
        },
    },
    Check {
        code: "pkce-public",
        severity: Severity::High,
        why: "Whoever catches a code can redeem it",
        source: "RFC 9700, 2.1.1; RFC 8252, 8.1",
        look: |facts| pkce(facts, true),
    },
    Check {
        code: "pkce-confidential",
        severity: Severity::Low,
        why: "A code that was injected into another user's session would be redeemed",
        source: "RFC 9700, 2.1.1",
        look: |facts| pkce(facts, false),
    },
    Check {
        code: "full-scope",
        severity: Severity::Medium,
        why: "Tokens carry every role of their user, those of other applications too",
        source: "RFC 9700, 2.3",
        look: |facts| flagged(facts, |c| c.full_scope_allowed, "full scope is allowed", "fullScopeAllowed=false"),
    },
    Check {
        code: "secret-short",
        severity: Severity::High,
        why: "A short secret can be guessed, and more so where JWTs are signed with it",
        source: "RFC 6819, 5.1.4.2.2",
        look: short_secret,
    },
    Check {
        code: "secret-old",
        severity: Severity::Low,
        why: "A secret that is never changed is known to all who ever saw it",
        source: "RFC 6819, 5.1.4.1",
        look: old_secret,
    },
    Check {
        code: "client-token-lifespan",
        severity: Severity::Medium,
        why: "A stolen access token is good for long",
        source: "RFC 6819, 5.1.5.3",
        look: lifespan,
    },
    Check {
        code: "offline-by-default",
        severity: Severity::Medium,
        why: "Each login leaves a token that outlives it, whether the application asked for one or not",
        source: "RFC 6819, 5.1.5.1",
        look: offline,
    },
    Check {
        code: "client-disabled",
        severity: Severity::Low,
        why: "What nobody uses is looked after by nobody",
        source: "",
        look: disabled,
    },
    Check {
        code: "master-application",
        severity: Severity::Medium,
        why: "Users of the application are in the realm of the server's administrators",
        source: "",
        look: in_master,
    },
];

fn oidc(client: &Client) -> bool {
    client.protocol.as_deref().unwrap_or("openid-connect") == "openid-connect" && client.bearer_only != Some(true)
}

pub(super) fn attribute<'c>(client: &'c Client, name: &str) -> Option<&'c str> {
    client.attributes.as_ref()?.get(name)
}

pub(super) fn found(facts: &Facts, client: &Client, what: impl Into<String>, set: &str) -> Found {
    Found { object: object(client), what: what.into(), fix: facts.set_client(client, set) }
}

fn flagged(facts: &Facts, flag: fn(&Client) -> Option<bool>, what: &str, set: &str) -> Vec<Found> {
    let on = facts.applications().filter(|c| oidc(c) && flag(c) == Some(true));
    on.map(|client| found(facts, client, what, set)).collect()
}

fn pkce(facts: &Facts, public: bool) -> Vec<Found> {
    let sends = |c: &&Client| oidc(c) && c.standard_flow_enabled != Some(false);
    let wrong = facts.applications().filter(sends).filter(|c| (c.public_client == Some(true)) == public);
    let found = |client| {
        let what = match attribute(client, "pkce.code.challenge.method") {
            Some("S256") => return None,
            Some("plain") => "PKCE may be plain",
            _ => "PKCE is not required",
        };
        Some(found(facts, client, what, r#"attributes."pkce.code.challenge.method"=S256"#))
    };
    wrong.filter_map(found).collect()
}

fn by_secret(client: &Client) -> bool {
    oidc(client)
        && client.public_client != Some(true)
        && matches!(client.client_authenticator_type.as_deref(), None | Some("client-secret" | "client-secret-jwt"))
}

fn short_secret(facts: &Facts) -> Vec<Found> {
    let short = |client: &&Client| {
        let secret = client.secret.as_ref().map(cloakroom::Secret::expose).unwrap_or_default();
        by_secret(client) && !secret.is_empty() && secret.len() < SECRET_LENGTH && !secret.chars().all(|c| c == '*')
    };
    let found = |client: &Client| Found {
        object: object(client),
        what: format!("its secret has fewer than {SECRET_LENGTH} characters"),
        fix: new_secret(facts, client),
    };
    facts.applications().filter(short).map(found).collect()
}

fn new_secret(facts: &Facts, client: &Client) -> String {
    let id = client.id.as_deref().unwrap_or("ID");
    format!("cloakroom create clients/{id}/client-secret -r {}", crate::doctor::facts::quoted(facts.name()))
}

fn old_secret(facts: &Facts) -> Vec<Found> {
    let found = |client: &Client| {
        let made: i64 = attribute(client, "client.secret.creation.time")?.parse().ok()?;
        let years = (facts.now - made) / YEAR;
        let what = format!("its secret is {years} years old");
        (years >= 1).then(|| Found { object: object(client), what, fix: new_secret(facts, client) })
    };
    facts.applications().filter(|c| by_secret(c)).filter_map(found).collect()
}

fn lifespan(facts: &Facts) -> Vec<Found> {
    let found = |client| {
        let seconds: i64 = attribute(client, "access.token.lifespan")?.parse().ok()?;
        let what = format!("its access tokens are good for {} hours", seconds / HOUR);
        (seconds > HOUR).then(|| found(facts, client, what, r#"attributes."access.token.lifespan"=300"#))
    };
    facts.applications().filter_map(found).collect()
}

fn offline(facts: &Facts) -> Vec<Found> {
    let has = |c: &&Client| c.default_client_scopes.iter().flatten().any(|scope| scope == "offline_access");
    let found = |client: &Client| Found {
        object: object(client),
        what: "offline_access is one of its default client scopes".to_owned(),
        fix: "make it an optional client scope of the client".to_owned(),
    };
    facts.applications().filter(has).map(found).collect()
}

fn disabled(facts: &Facts) -> Vec<Found> {
    let off = facts.clients.iter().filter(|client| client.enabled == Some(false) && !facts.is_built_in(client));
    let found = |client: &Client| {
        let (id, realm) = (client.id.as_deref().unwrap_or("ID"), crate::doctor::facts::quoted(facts.name()));
        let fix = format!("cloakroom delete clients/{id} -r {realm}");
        Found { object: object(client), what: "it is disabled".to_owned(), fix }
    };
    off.map(found).collect()
}

fn in_master(facts: &Facts) -> Vec<Found> {
    if facts.name() != "master" {
        return Vec::new();
    }
    let found = |client: &Client| Found {
        object: object(client),
        what: "an application in the realm master".to_owned(),
        fix: "make a realm for applications and their users, and move it there".to_owned(),
    };
    facts.applications().filter(|client| client.standard_flow_enabled == Some(true)).map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::fixtures::{fires, of_client};
    use serde_json::json;

    #[test]
    fn each_check_fires_where_it_should_and_not_beside() {
        let secret = |text: &str| json!({ "secret": text });
        let aged = |made: i64| json!({ "attributes": { "client.secret.creation.time": made.to_string() } });
        let pkce = |public: bool, how: &str| json!({ "publicClient": public, "attributes": { "pkce.code.challenge.method": how } });
        let life = |seconds: i64| json!({ "attributes": { "access.token.lifespan": seconds.to_string() } });
        for (code, wrong, right) in [
            ("implicit-flow", json!({ "implicitFlowEnabled": true }), json!({ "implicitFlowEnabled": false })),
            ("password-grant", json!({ "directAccessGrantsEnabled": true }), json!({})),
            ("pkce-public", json!({ "publicClient": true }), pkce(true, "S256")),
            ("pkce-public", pkce(true, "plain"), json!({ "publicClient": true, "standardFlowEnabled": false })),
            ("pkce-confidential", json!({}), pkce(false, "S256")),
            ("full-scope", json!({ "fullScopeAllowed": true }), json!({ "fullScopeAllowed": false })),
            ("secret-short", secret("secret"), secret("s3cret-s3cret-s3cret-22")),
            ("secret-short", secret("hunter22"), secret("**********")),
            ("secret-old", aged(0), aged(2 * YEAR - 10)),
            ("client-token-lifespan", life(7200), life(3600)),
            (
                "offline-by-default",
                json!({ "defaultClientScopes": ["offline_access"] }),
                json!({ "optionalClientScopes": ["offline_access"] }),
            ),
            ("client-disabled", json!({ "enabled": false }), json!({ "enabled": true })),
        ] {
            let at = |client| Facts { now: 2 * YEAR, ..of_client(client) };
            assert!(fires(CHECKS, code, &at(wrong)), "{code} does not fire");
            assert!(!fires(CHECKS, code, &at(right)), "{code} fires");
        }
    }

    #[test]
    fn applications_belong_in_a_realm_of_their_own() {
        let in_realm = |name: &str| {
            let mut facts = of_client(json!({ "standardFlowEnabled": true }));
            facts.realm.realm = Some(name.to_owned());
            facts
        };
        assert!(fires(CHECKS, "master-application", &in_realm("master")));
        assert!(!fires(CHECKS, "master-application", &in_realm("acme")));
    }

    #[test]
    fn a_secret_is_never_told() {
        let found = short_secret(&of_client(json!({ "secret": "hunter22" })));
        assert!(!format!("{found:?}").contains("hunter22"));
    }
}
