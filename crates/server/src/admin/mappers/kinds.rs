//! The kinds of protocol mappers that there are, and what a configuration means where it says nothing.

use cloakroom_api::{admin::mappers::ProtocolMapper, fields::StringMap};

pub(crate) const ACCESS: &str = "access.token.claim";
pub(crate) const ID: &str = "id.token.claim";
pub(crate) const USERINFO: &str = "userinfo.token.claim";
pub(crate) const INTROSPECTION: &str = "introspection.token.claim";

/// What a kind adds to a configuration that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Defaults {
    /// Userinfo has what the ID token has, introspection what the access token has.
    Follow,
    /// The access token and introspection, unless they are switched off.
    AccessToken,
    /// The claim of organizations.
    Organization,
    /// Nothing.
    None,
}

/// Every kind, with its defaults.
const KINDS: &[(&str, Defaults)] = &[
    ("docker-v2-allow-all-mapper", Defaults::None),
    ("oidc-acr-mapper", Defaults::Follow),
    ("oidc-address-mapper", Defaults::Follow),
    ("oidc-allowed-origins-mapper", Defaults::AccessToken),
    ("oidc-amr-mapper", Defaults::Follow),
    ("oidc-audience-mapper", Defaults::Follow),
    ("oidc-audience-resolve-mapper", Defaults::AccessToken),
    ("oidc-claims-param-token-mapper", Defaults::Follow),
    ("oidc-claims-param-value-idtoken-mapper", Defaults::Follow),
    ("oidc-full-name-mapper", Defaults::Follow),
    ("oidc-group-membership-mapper", Defaults::Follow),
    ("oidc-hardcoded-claim-mapper", Defaults::Follow),
    ("oidc-hardcoded-role-mapper", Defaults::Follow),
    ("oidc-nonce-backwards-compatible-mapper", Defaults::None),
    ("oidc-organization-group-membership-mapper", Defaults::None),
    ("oidc-organization-membership-mapper", Defaults::Organization),
    ("oidc-role-name-mapper", Defaults::Follow),
    ("oidc-session-state-mapper", Defaults::Follow),
    ("oidc-sha256-pairwise-sub-mapper", Defaults::None),
    ("oidc-sub-mapper", Defaults::Follow),
    ("oidc-usermodel-attribute-mapper", Defaults::Follow),
    ("oidc-usermodel-client-role-mapper", Defaults::Follow),
    ("oidc-usermodel-property-mapper", Defaults::Follow),
    ("oidc-usermodel-realm-role-mapper", Defaults::Follow),
    ("oidc-usersessionmodel-note-mapper", Defaults::Follow),
    ("saml-audience-mapper", Defaults::None),
    ("saml-audience-resolve-mapper", Defaults::None),
    ("saml-authn-context-class-ref-mapper", Defaults::None),
    ("saml-group-membership-mapper", Defaults::None),
    ("saml-hardcode-attribute-mapper", Defaults::None),
    ("saml-hardcode-role-mapper", Defaults::None),
    ("saml-organization-group-membership-mapper", Defaults::None),
    ("saml-organization-membership-mapper", Defaults::None),
    ("saml-role-list-mapper", Defaults::None),
    ("saml-role-name-mapper", Defaults::None),
    ("saml-user-attribute-mapper", Defaults::None),
    ("saml-user-attribute-nameid-mapper", Defaults::None),
    ("saml-user-property-mapper", Defaults::None),
    ("saml-user-session-note-mapper", Defaults::None),
];

fn defaults(kind: &str) -> Option<Defaults> {
    KINDS.iter().find(|(name, _)| *name == kind).map(|(_, defaults)| *defaults)
}

/// Whether there is such a kind.
pub(crate) fn is_known(kind: &str) -> bool {
    defaults(kind).is_some()
}

/// A mapper as its own operations show it: with what its configuration means where it says nothing.
pub(crate) fn effective(mut mapper: ProtocolMapper) -> ProtocolMapper {
    let kind = mapper.protocol_mapper.as_deref().and_then(defaults).unwrap_or(Defaults::None);
    let config = mapper.config.get_or_insert_default();
    match kind {
        Defaults::Follow => {
            follow(config, USERINFO, ID);
            follow(config, INTROSPECTION, ACCESS);
        }
        Defaults::AccessToken => [ACCESS, INTROSPECTION].into_iter().for_each(|name| usually(config, name, "true")),
        Defaults::Organization => {
            let usual = [
                ("addOrganizationAttributes", "false"),
                ("addOrganizationId", "false"),
                ("claim.name", "organization"),
                ("jsonType.label", "String"),
                ("multivalued", "true"),
            ];
            usual.into_iter().for_each(|(name, value)| usually(config, name, value));
        }
        Defaults::None => {}
    }
    mapper
}

fn follow(config: &mut StringMap, name: &str, leader: &str) {
    if let Some(value) = config.get(leader).map(str::to_owned) {
        usually(config, name, &value);
    }
}

fn usually(config: &mut StringMap, name: &str, value: &str) {
    if !config.contains_key(name) {
        config.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(kind: &str, config: StringMap) -> Vec<String> {
        let mapper = ProtocolMapper {
            protocol_mapper: Some(kind.to_owned()),
            config: Some(config),
            ..ProtocolMapper::default()
        };
        effective(mapper).config.unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    #[test]
    fn userinfo_follows_the_id_token_and_introspection_the_access_token() {
        let on = shown("oidc-full-name-mapper", StringMap::from([(ID, "true"), (ACCESS, "false")]));
        assert_eq!(
            on,
            [
                "access.token.claim=false",
                "id.token.claim=true",
                "introspection.token.claim=false",
                "userinfo.token.claim=true"
            ]
        );
        assert!(shown("oidc-full-name-mapper", StringMap::new()).is_empty());
        assert!(shown("saml-role-list-mapper", StringMap::from([(ID, "true")])).len() == 1);
    }

    #[test]
    fn audiences_are_resolved_in_access_tokens_unless_switched_off() {
        assert_eq!(
            shown("oidc-audience-resolve-mapper", StringMap::from([(ACCESS, "false")])),
            ["access.token.claim=false", "introspection.token.claim=true"]
        );
    }
}
