//! What a new client is where its representation does not say: for the Admin API and for imports alike.

use cloakroom_api::admin::clients::Client;

/// The protocol of a client that does not name one.
pub const OPENID_CONNECT: &str = "openid-connect";

/// Length of a generated client secret.
pub const SECRET: usize = 86;

/// The attribute that tells the clients of other realms' administration from all others.
pub const REALM_CLIENT: &str = "realm_client";

/// Fills in what is not set. Scopes, secret and protocol mappers are the caller's.
pub fn with_defaults(client: &mut Client) {
    client.surrogate_auth_required.get_or_insert(false);
    client.enabled.get_or_insert(true);
    client.always_display_in_console.get_or_insert(false);
    client.client_authenticator_type.get_or_insert_with(|| "client-secret".to_owned());
    client.not_before.get_or_insert(0);
    client.bearer_only.get_or_insert(false);
    let consent = *client.consent_required.get_or_insert(false);
    client.standard_flow_enabled.get_or_insert(true);
    client.implicit_flow_enabled.get_or_insert(false);
    client.direct_access_grants_enabled.get_or_insert(false);
    client.service_accounts_enabled.get_or_insert(false);
    client.public_client.get_or_insert(false);
    client.frontchannel_logout.get_or_insert(false);
    client.full_scope_allowed.get_or_insert(!consent);
    client.node_re_registration_timeout.get_or_insert(-1);
    client.protocol.get_or_insert_with(|| OPENID_CONNECT.to_owned());
    client.authentication_flow_binding_overrides.get_or_insert_default();
    let redirects = client.redirect_uris.get_or_insert_default();
    let mut origins: Vec<String> = redirects.iter().filter_map(|uri| origin(uri)).collect();
    origins.sort();
    origins.dedup();
    client.web_origins.get_or_insert(origins);
    let attributes = client.attributes.get_or_insert_default();
    if !attributes.contains_key(REALM_CLIENT) {
        attributes.insert(REALM_CLIENT, "false");
    }
    client.access = None;
}

/// The origin of an absolute redirect URI, which browsers may then call from.
pub fn origin(uri: &str) -> Option<String> {
    let url = url::Url::parse(uri).ok().filter(|u| matches!(u.scheme(), "http" | "https"))?;
    Some(url.origin().ascii_serialization())
}
