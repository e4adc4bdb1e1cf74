//! `oidc-usermodel-realm-role-mapper`: the roles of the realm.

use super::{Claim, Claims, Input, Map, write_roles};
use cloakroom_api::fields::StringMap;

#[derive(Debug)]
pub(super) struct RealmRole {
    claim: Claim,
    prefix: String,
}

impl RealmRole {
    pub(super) fn read(config: &StringMap) -> Option<Self> {
        let prefix = config.get("usermodel.realmRoleMapping.rolePrefix").unwrap_or_default().to_owned();
        Some(RealmRole { claim: Claim::read(config)?, prefix })
    }
}

impl Map for RealmRole {
    fn claims(&self, input: &Input<'_>, claims: &mut Claims) {
        let roles = input.roles.realm.iter().map(String::as_str);
        write_roles(&self.claim.path, self.claim.many, &self.prefix, roles, claims);
    }
}
