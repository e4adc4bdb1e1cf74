//! A realm's settings as they are changed: what is refused, what follows from what, and what is kept.

use super::{import::merged, lists::Lists, show::SMTP_SECRETS};
use crate::{Error, Result, error::bad_request, password::Policy};
use cloakroom_api::{admin::realms::Realm, fields::StringMap, secrets::MASK};

/// Attributes that a change of attributes leaves alone: they are settings of their own.
const KEPT: [&str; 7] = [
    "cibaAuthRequestedUserHint",
    "cibaBackchannelTokenDeliveryMode",
    "cibaExpiresIn",
    "cibaInterval",
    "oauth2DeviceCodeLifespan",
    "oauth2DevicePollingInterval",
    "parRequestUriLifespan",
];

/// Whether one-time codes may be used again: a field of the representation, and an attribute.
const REUSABLE_CODE: &str = "realmReusableOtpCode";

/// A realm's settings with what an administrator changed: the fields that are set. Only settings are taken over.
pub fn change(stored: &Realm, mut changes: Realm) -> Result<Realm> {
    changes = super::import::split(changes).0;
    Lists::take(&mut changes);
    complete_otp_policy(&mut changes);
    if let Some(own) = changes.browser_security_headers.take() {
        let mut headers = stored.browser_security_headers.clone().unwrap_or_default();
        headers.extend(own);
        changes.browser_security_headers = Some(headers);
    }
    if let Some(smtp) = &mut changes.smtp_server {
        keep_masked(smtp, stored.smtp_server.as_ref());
    }
    changes.attributes = changes.attributes.take().map(|own| attributes(stored, own));
    let mut realm = merged(stored, &changes)?;
    mirror(&mut realm, &changes);
    check(&realm)?;
    Ok(realm)
}

/// A policy of one-time codes counts as a whole: without its type the rest of it is passed over.
pub fn complete_otp_policy(realm: &mut Realm) {
    if realm.otp_policy_type.is_none() {
        realm.otp_policy_algorithm = None;
        realm.otp_policy_digits = None;
        realm.otp_policy_period = None;
        realm.otp_policy_initial_counter = None;
        realm.otp_policy_look_ahead_window = None;
        realm.otp_policy_code_reusable = None;
    }
}

/// Attributes are replaced by those given; settings that are attributes too stay.
fn attributes(stored: &Realm, own: StringMap) -> StringMap {
    let mut all = StringMap::new();
    for (name, value) in stored.attributes.iter().flat_map(StringMap::iter).filter(|(name, _)| KEPT.contains(name)) {
        all.insert(name, value);
    }
    all.merge(own);
    all
}

/// Fields that are attributes too say the same in both places: the field where it was set, else the attribute.
fn mirror(realm: &mut Realm, changes: &Realm) {
    let attributes = realm.attributes.get_or_insert_default();
    for (name, field, changed) in [
        ("oauth2DeviceCodeLifespan", &mut realm.oauth2_device_code_lifespan, changes.oauth2_device_code_lifespan),
        (
            "oauth2DevicePollingInterval",
            &mut realm.oauth2_device_polling_interval,
            changes.oauth2_device_polling_interval,
        ),
    ] {
        let given = attributes.get(name).and_then(|v| v.parse().ok());
        let value = changed.or(given).or(*field);
        *field = value;
        if let Some(value) = value {
            attributes.insert(name, value.to_string());
        }
    }
    match changes.otp_policy_code_reusable {
        Some(value) => attributes.insert(REUSABLE_CODE, value.to_string()),
        None => realm.otp_policy_code_reusable = Some(attributes.get(REUSABLE_CODE) == Some("true")),
    }
}

/// Ten stars in a password field stand for the stored password.
fn keep_masked(smtp: &mut StringMap, stored: Option<&StringMap>) {
    for name in SMTP_SECRETS {
        if smtp.get(name) == Some(MASK) {
            smtp.remove(name);
            if let Some(kept) = stored.and_then(|s| s.get(name)) {
                smtp.insert(name, kept);
            }
        }
    }
}

/// Refuses settings that cannot be meant, in Keycloak's words. Returns the password policy that they name.
pub fn check(realm: &Realm) -> Result<Policy> {
    let policy = realm.password_policy.as_deref().unwrap_or_default();
    let policy = Policy::parse(policy).map_err(|wrong| bad_request(wrong.to_string()))?;
    let above = |client: Option<i32>, limit: Option<i32>| match (client, limit) {
        (Some(client), Some(limit)) => client > 0 && limit > 0 && client > limit,
        _ => false,
    };
    if above(realm.client_session_idle_timeout, realm.sso_session_idle_timeout) {
        return Err(bad_request("Client Session Idle Timeout cannot be greater than Realm SSO Idle Timeout."));
    }
    if above(realm.client_session_max_lifespan, realm.sso_session_max_lifespan) {
        return Err(bad_request("Client session max lifespan cannot exceed realm SSO session max lifespan."));
    }
    for (name, what) in [("from", "sender"), ("replyTo", "reply-to"), ("envelopeFrom", "envelope sender")] {
        let address = realm.smtp_server.as_ref().and_then(|s| s.get(name)).filter(|a| !a.is_empty());
        if let Some(address) = address.filter(|a| !is_address(a, allows_utf8(realm))) {
            return Err(bad_request(format!(
                "Invalid {what} address '{address}'. If the address contains UTF-8 characters in the local part please \
                 ensure the SMTP server supports the SMTPUTF8 extension and enable 'Allow UTF-8' in the email realm \
                 configuration."
            )));
        }
    }
    let known = |value: Option<&String>| value.is_none_or(|v| matches!(v.as_str(), "all" | "external" | "none"));
    if !known(realm.ssl_required.as_ref()) {
        return Err(bad_request("sslRequired is 'all', 'external' or 'none'"));
    }
    for locale in realm.supported_locales.iter().flatten().chain(&realm.default_locale) {
        reserved(locale)?;
    }
    flows(realm)?;
    Ok(policy)
}

/// The aliases of the flows that a realm uses.
pub fn bound_flows(realm: &Realm) -> [Option<&String>; 7] {
    [
        realm.browser_flow.as_ref(),
        realm.registration_flow.as_ref(),
        realm.direct_grant_flow.as_ref(),
        realm.reset_credentials_flow.as_ref(),
        realm.client_authentication_flow.as_ref(),
        realm.docker_authentication_flow.as_ref(),
        realm.first_broker_login_flow.as_ref(),
    ]
}

/// Every flow that is bound must be there.
fn flows(realm: &Realm) -> Result<()> {
    let there = |alias: &str| {
        let listed = realm.authentication_flows.iter().flatten();
        listed.into_iter().any(|f| f.alias.as_deref() == Some(alias))
    };
    match bound_flows(realm).into_iter().flatten().find(|alias| !there(alias)) {
        Some(alias) => Err(bad_request(format!("There is no flow with the alias '{alias}'"))),
        None => Ok(()),
    }
}

fn allows_utf8(realm: &Realm) -> bool {
    realm.smtp_server.as_ref().and_then(|s| s.get("allowutf8")) == Some("true")
}

/// Whether this can be an e-mail address: one `@` with a local part and a host around it, nothing that breaks a header.
fn is_address(text: &str, utf8: bool) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let fits = |part: &str, ascii: bool| {
        let stays = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '@' | '<' | '>' | ',' | ';' | '"');
        !part.is_empty() && part.chars().all(stays) && (!ascii || part.is_ascii())
    };
    fits(local, !utf8) && fits(host, false)
}

/// Refuses a name with a character that would mean something in a URL. The words are Keycloak's; the shape is the
/// caller's choice.
pub fn reserved(name: &str) -> Result<()> {
    reserved_as(name, bad_request)
}

/// As [`reserved`], with the error made by the caller.
pub fn reserved_as(name: &str, error: impl Fn(String) -> Error) -> Result<()> {
    let wrong = |c: &char| ":/?#@!$&()*+,;=[]\\".contains(*c) || c.is_control();
    match name.chars().find(wrong) {
        Some(c) => Err(error(format!("Character '{c}' not allowed."))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_at_sign_and_no_spaces() {
        for (text, good) in
            [("a@b", true), ("a b@c", false), ("a@b@c", false), ("@b", false), ("bad from", false), ("é@b", false)]
        {
            assert_eq!(is_address(text, false), good, "{text}");
        }
        assert!(is_address("é@b", true));
    }

    #[test]
    fn ten_stars_keep_the_stored_password() {
        let with = |password: &str| Some(StringMap::from([("host", "mail"), ("password", password)]));
        let stored = Realm { smtp_server: with("s3cret"), ..Realm::default() };
        let masked = change(&stored, Realm { smtp_server: with(MASK), ..Realm::default() }).unwrap();
        assert_eq!(masked.smtp_server, with("s3cret"));
        let new = change(&stored, Realm { smtp_server: with("other"), ..Realm::default() }).unwrap();
        assert_eq!(new.smtp_server, with("other"));
    }
}
