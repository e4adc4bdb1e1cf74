//! What lies behind the realm: directories, identity providers, mail, registration of clients.

use cloakroom::api::admin::components::Component;
use cloakroom::api::admin::idps::IdentityProvider;

use crate::doctor::check::{Check, Found, Severity};
use crate::doctor::facts::Facts;
use crate::doctor::redirects::in_the_open;

pub(super) const CHECKS: &[Check] = &[
    Check {
        code: "smtp-tls",
        severity: Severity::Medium,
        why: "Links that reset passwords travel in the open",
        source: "",
        look: smtp,
    },
    Check {
        code: "ldap-tls",
        severity: Severity::High,
        why: "Every password that is checked travels in the open",
        source: "RFC 4513, 5.1.2",
        look: ldap,
    },
    Check {
        code: "idp-signature",
        severity: Severity::High,
        why: "Whoever gets between can log in as anybody",
        source: "OpenID Connect Core, 3.1.3.7",
        look: unverified,
    },
    Check {
        code: "idp-trust-email",
        severity: Severity::Medium,
        why: "Whoever can choose an address there takes over the user who has it here",
        source: "",
        look: |f| flagged(f, |idp| idp.trust_email, "its addresses are taken as verified", "trustEmail=false"),
    },
    Check {
        code: "idp-store-token",
        severity: Severity::Low,
        why: "Tokens of another provider lie in the database, for nothing unless an application reads them",
        source: "",
        look: |f| flagged(f, |idp| idp.store_token, "its tokens are stored", "storeToken=false"),
    },
    Check {
        code: "idp-pkce",
        severity: Severity::Low,
        why: "A code that was injected into another user's login would be redeemed",
        source: "RFC 9700, 2.1.1",
        look: |f| {
            let bare = |idp: &IdentityProvider| Some(is_oidc(idp) && config(idp, "pkceEnabled") != "true");
            flagged(f, bare, "logins there go without PKCE", "config.pkceEnabled=true")
        },
    },
    Check {
        code: "idp-http",
        severity: Severity::High,
        why: "Codes, tokens or assertions travel in the open",
        source: "RFC 9700, 2.6",
        look: idp_http,
    },
    Check {
        code: "anonymous-registration",
        severity: Severity::High,
        why: "Anybody, anywhere, can register clients",
        source: "RFC 7591, 5",
        look: anonymous,
    },
];

fn smtp(facts: &Facts) -> Vec<Found> {
    let Some(smtp) = &facts.realm.smtp_server else { return Vec::new() };
    let on = |name: &str| smtp.get(name) == Some("true");
    let host = smtp.get("host").unwrap_or_default();
    let here = matches!(host, "" | "localhost" | "127.0.0.1" | "::1");
    let found = Found {
        object: "realm".to_owned(),
        what: format!("mail goes to {host} without TLS"),
        fix: facts.set("smtpServer.starttls=true"),
    };
    (!here && !on("ssl") && !on("starttls")).then_some(found).into_iter().collect()
}

fn ldap(facts: &Facts) -> Vec<Found> {
    let open = |component: &&Component| {
        let Some(config) = component.config.as_ref().filter(|_| component.provider_id.as_deref() == Some("ldap"))
        else {
            return false;
        };
        let on = |name: &str| config.first(name) == Some("true");
        let urls = config.first("connectionUrl").unwrap_or_default();
        let off = config.first("enabled") == Some("false");
        !off && !on("startTls") && urls.split_whitespace().any(|url| url.to_ascii_lowercase().starts_with("ldap://"))
    };
    let found = |component: &Component| Found {
        object: format!("user federation {}", component.name.as_deref().unwrap_or_default()),
        what: "the directory is asked without TLS".to_owned(),
        fix: facts
            .set_at(&format!("components/{}", component.id.as_deref().unwrap_or("ID")), r#"config.startTls=["true"]"#),
    };
    facts.components.iter().filter(open).map(found).collect()
}

fn config<'i>(idp: &'i IdentityProvider, name: &str) -> &'i str {
    idp.config.as_ref().and_then(|config| config.get(name)).unwrap_or_default()
}

fn is_oidc(idp: &IdentityProvider) -> bool {
    matches!(idp.provider_id.as_deref(), Some("oidc" | "keycloak-oidc"))
}

fn enabled(facts: &Facts) -> impl Iterator<Item = &IdentityProvider> {
    facts.idps.iter().filter(|idp| idp.enabled != Some(false))
}

fn of_idp(facts: &Facts, idp: &IdentityProvider, what: String, set: &str) -> Found {
    let alias = idp.alias.as_deref().unwrap_or_default();
    let fix = facts.set_at(&format!("identity-provider/instances/{alias}"), set);
    Found { object: format!("identity provider {alias}"), what, fix }
}

fn flagged(facts: &Facts, flag: impl Fn(&IdentityProvider) -> Option<bool>, what: &str, set: &str) -> Vec<Found> {
    enabled(facts).filter(|idp| flag(idp) == Some(true)).map(|idp| of_idp(facts, idp, what.to_owned(), set)).collect()
}

fn unverified(facts: &Facts) -> Vec<Found> {
    let found = |idp: &IdentityProvider| {
        let signed = |name: &str| config(idp, name) == "true";
        let (what, set) = match idp.provider_id.as_deref() {
            _ if is_oidc(idp) && !signed("validateSignature") => {
                ("signatures of its tokens are not checked", "config.validateSignature=true")
            }
            Some("saml") if !signed("validateSignature") => {
                ("signatures of its assertions are not checked", "config.validateSignature=true")
            }
            Some("saml") if !signed("wantAssertionsSigned") => {
                ("its assertions need no signature of their own", "config.wantAssertionsSigned=true")
            }
            _ => return None,
        };
        Some(of_idp(facts, idp, what.to_owned(), set))
    };
    enabled(facts).filter_map(found).collect()
}

fn idp_http(facts: &Facts) -> Vec<Found> {
    const URLS: [&str; 6] =
        ["authorizationUrl", "tokenUrl", "userInfoUrl", "jwksUrl", "singleSignOnServiceUrl", "singleLogoutServiceUrl"];
    let found = |idp: &IdentityProvider| {
        let name = URLS.into_iter().find(|name| in_the_open(config(idp, name)))?;
        let what = format!("{name} is {}: without TLS", config(idp, name));
        Some(of_idp(facts, idp, what, &format!("config.{name}=https://…")))
    };
    enabled(facts).filter_map(found).collect()
}

fn anonymous(facts: &Facts) -> Vec<Found> {
    let policies = || {
        let kind = "org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy";
        let all = facts.components.iter().filter(move |c| c.provider_type.as_deref() == Some(kind));
        all.filter(|c| c.sub_type.as_deref() == Some("anonymous"))
    };
    let guarded = |c: &Component| {
        let needed = ["host-sending-registration-request-must-match", "client-uris-must-match"];
        let config = c.config.as_ref();
        match c.provider_id.as_deref() {
            Some("trusted-hosts") => needed.iter().all(|n| config.and_then(|config| config.first(n)) != Some("false")),
            // none may be registered at all
            Some("max-clients") => config.and_then(|config| config.first("max-clients")) == Some("0"),
            _ => false,
        }
    };
    let open = policies().next().is_some() && !policies().any(guarded);
    let found = Found {
        object: "realm".to_owned(),
        what: "clients are registered without a token from any host".to_owned(),
        fix: "give the anonymous registration policies a \"trusted-hosts\" with both of its checks on".to_owned(),
    };
    open.then_some(found).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::fixtures::{fires, of_realm};
    use serde_json::{Value, json};

    fn components(components: Value) -> Facts {
        Facts { components: serde_json::from_value(components).unwrap(), ..Facts::default() }
    }

    fn idp(idp: Value) -> Facts {
        Facts { idps: vec![serde_json::from_value(idp).unwrap()], ..Facts::default() }
    }

    fn oidc(config: Value) -> Value {
        json!({ "alias": "x", "providerId": "oidc", "config": config })
    }

    #[test]
    fn each_check_fires_where_it_should_and_not_beside() {
        let smtp = |more: Value| of_realm(json!({ "smtpServer": more }));
        let ldap = |url: &str, tls: &str| {
            components(json!([{ "providerId": "ldap", "config": { "connectionUrl": [url], "startTls": [tls] } }]))
        };
        let saml = |config: Value| idp(json!({ "alias": "x", "providerId": "saml", "config": config }));
        let policy = |id: &str, config: Value| {
            components(
                json!([{ "providerType": "org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy",
                "subType": "anonymous", "providerId": id, "config": config }]),
            )
        };
        for (code, wrong, right) in [
            (
                "smtp-tls",
                smtp(json!({ "host": "mail.example.com" })),
                smtp(json!({ "host": "mail.example.com", "starttls": "true" })),
            ),
            (
                "smtp-tls",
                smtp(json!({ "host": "mail.example.com", "ssl": "false" })),
                smtp(json!({ "host": "localhost" })),
            ),
            ("smtp-tls", smtp(json!({ "host": "10.0.0.1" })), smtp(json!({}))),
            ("ldap-tls", ldap("ldap://d", "false"), ldap("ldaps://d", "false")),
            ("ldap-tls", ldap("ldaps://a ldap://b", ""), ldap("ldap://d", "true")),
            ("idp-signature", idp(oidc(json!({}))), idp(oidc(json!({ "validateSignature": "true" })))),
            ("idp-signature", saml(json!({})), idp(json!({ "alias": "g", "providerId": "github" }))),
            (
                "idp-signature",
                saml(json!({ "validateSignature": "true" })),
                saml(json!({ "validateSignature": "true", "wantAssertionsSigned": "true" })),
            ),
            (
                "idp-trust-email",
                idp(json!({ "trustEmail": true })),
                idp(json!({ "trustEmail": true, "enabled": false })),
            ),
            ("idp-store-token", idp(json!({ "storeToken": true })), idp(json!({ "storeToken": false }))),
            ("idp-pkce", idp(oidc(json!({}))), idp(oidc(json!({ "pkceEnabled": "true" })))),
            (
                "idp-http",
                idp(oidc(json!({ "tokenUrl": "http://x/t" }))),
                idp(oidc(json!({ "tokenUrl": "https://x/t" }))),
            ),
            ("anonymous-registration", policy("scope", json!({})), policy("trusted-hosts", json!({}))),
            (
                "anonymous-registration",
                policy("trusted-hosts", json!({ "client-uris-must-match": ["false"] })),
                Facts::default(),
            ),
        ] {
            assert!(fires(CHECKS, code, &wrong), "{code} does not fire");
            assert!(!fires(CHECKS, code, &right), "{code} fires");
        }
    }
}
